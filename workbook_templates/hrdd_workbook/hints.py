"""The words of input messages: what belongs into a cell and what a blank there means.

Every text keeps Excel's limits: 32 characters for a title, 255 for a message.
"""

from __future__ import annotations

from collections.abc import Callable

from hrdd.columns import Column, OutputColumn

MAX_TITLE = 32
MAX_TEXT = 255

BLANK_MEANS = {
    "problem": "Needed: a blank is reported as a problem.",
    "today": "Blank: the day of scoring.",
    "ignored": "May stay blank.",
    "no": "Blank: not observed.",
    "none": "Blank: nobody stands between.",
    "unknown": "Blank: unknown, which is never low.",
    "inferred": "Blank: inferred from the text, and marked so.",
    "from category": "Blank: taken from the product category.",
    "from reference data": "Blank: taken from the reference data.",
    "from country data": "Blank: taken from the country data of the date.",
    "worst region of the country": "Blank: the region with the worst record counts.",
    "unknown if there is an intermediary": "Blank: unknown where somebody stands between.",
    "unknown if the owner is listed": "Blank: unknown where the owner is listed.",
    "problem if there is a decision": "Needed once there is a decision.",
    "problem if a HIGH or CRITICAL row proceeds": "Needed where a HIGH or CRITICAL order proceeds.",
    "decisive unknown for security end users": "Blank: unknown, and decisive for security end users.",
    "decisive unknown for private end users in poor-record countries": (
        "Blank: unknown, and decisive for private end users in countries with a poor record."
    ),
}


def _words_for_blank(column: Column, say: Callable[[str], str]) -> str:
    """Say in one sentence what a blank means, from the contract's `when_blank`."""
    meaning = column.when_blank
    if column.kind == "verified_no_unknown":
        return say("Blank: not in place, as far as is known.")
    if meaning in BLANK_MEANS:
        return say(BLANK_MEANS[meaning])
    return say("Blank: read as {}.").format(say(meaning))


def shorten(text: str, limit: int) -> str:
    """Cut `text` at a word so that it fits `limit` characters, with an ellipsis where it was cut."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def hint(column: Column, say: Callable[[str], str] = str) -> str:
    """Say what belongs into a cell of an input column, and what a blank means."""
    said = f"{say(column.help).rstrip('.;')}.\n" if column.help else ""
    return shorten(said + _words_for_blank(column, say), MAX_TEXT)


def hint_title(header: str) -> str:
    """Bring a header to the length that a message's title may have."""
    return shorten(header, MAX_TITLE)


def result_hint(column: OutputColumn, say: Callable[[str], str] = str) -> str:
    """Say what a result column tells, and that it is not for typing."""
    said = f"{say(column.help)}.\n" if column.help else ""
    return shorten(f"{said}{say('Written by hrdd when the workbook is scored; leave it blank.')}", MAX_TEXT)


#: What is asked back about a value that is not in the list of a column, by its kind.
NOT_LISTED = {
    "country": "This name is not in the list. Other spellings are often understood; it is reported if not. Keep it?",
    "text": "This code is not in the list of currencies. Keep it?",
    "": "This is not in the list. It will be read as unknown, and reported. Keep it?",
}


def not_listed(kind: str, say: Callable[[str], str] = str) -> str:
    """Ask back about a value that the list of a column of this kind does not have."""
    return say(NOT_LISTED.get(kind, NOT_LISTED[""]))
