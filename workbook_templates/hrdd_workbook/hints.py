"""The words of input messages: what belongs into a cell and what a blank there means.

Every text keeps Excel's limits: 32 characters for a title, 255 for a message.
"""

from __future__ import annotations

from hrdd.columns import Column

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


def _words_for_blank(column: Column) -> str:
    """Say in one sentence what a blank means, from the contract's `when_blank`."""
    meaning = column.when_blank
    if column.kind == "verified_no_unknown":
        return "Blank: not in place, as far as is known."
    if meaning in BLANK_MEANS:
        return BLANK_MEANS[meaning]
    if meaning in column.choices:
        return f"Blank: read as {meaning}."
    return f"Blank: {meaning}."


def shorten(text: str, limit: int) -> str:
    """Cut `text` at a word so that it fits `limit` characters, with an ellipsis where it was cut."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def hint(column: Column) -> str:
    """Say what belongs into a cell of an input column, and what a blank means."""
    said = f"{column.help.rstrip('.;')}.\n" if column.help else ""
    return shorten(said + _words_for_blank(column), MAX_TEXT)


def hint_title(header: str) -> str:
    """Bring a header to the length that a message's title may have."""
    return shorten(header, MAX_TITLE)


def result_hint(help_text: str) -> str:
    """Say what a result column tells, and that it is not for typing."""
    said = f"{help_text}.\n" if help_text else ""
    return shorten(f"{said}Written by hrdd when the workbook is scored; leave it blank.", MAX_TEXT)


def not_listed(kind: str) -> str:
    """Ask back about a value that the list of a column of this kind does not have."""
    if kind == "country":
        return "This name is not in the list. Other spellings are often understood; it is reported if not. Keep it?"
    return "This is not in the list. It will be read as unknown, and reported. Keep it?"
