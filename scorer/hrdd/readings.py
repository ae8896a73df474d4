"""How one cell is read: a value, or UNKNOWN with a sentence that says what was expected."""

from __future__ import annotations

import csv
import math
import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from hrdd import dates
from hrdd.columns import CATEGORIES, Column, fold
from hrdd.translations import in_other_languages

#: Choices whose other words still say something: they are read like the product's or the end user's own text.
WORDED = frozenset({"product_category", "end_user_type"})
#: Texts in which "to be decided" is itself an answer, that nothing is stated, and is read as such.
READ_ON = frozenset({"end_use"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as, where that is not plain. `doubt` marks an UNKNOWN that the cell itself says.

    `misread` marks the doubt of a cell that says something which cannot be read, as opposed to one that says
    "Unknown". `words` is a text that is no choice and is left to be read for what it says. A reader returns the
    bare value of a plain cell, and a Reading where there is more to tell.
    """

    value: Any = None
    doubt: bool = False
    message: str | None = None
    words: str | None = None
    misread: bool = False


def _misread(message: str) -> Reading:
    return Reading(doubt=True, misread=True, message=message)


def _answers() -> dict[str, frozenset[str]]:
    """What whole cells say in many languages (yes, no, unknown, ...), and the folded words that say it."""
    found: dict[str, set[str]] = defaultdict(set)
    text = (files("hrdd") / "data" / "answers.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found[row["says"]].update(fold(word) or word for word in row["words"].split("|"))
    for says, english in (("yes", "Yes"), ("no", "No"), ("verified", "Verified"), ("unknown", "Unknown")):
        found[says].update(map(fold, in_other_languages(english)))
    return {says: frozenset(words) for says, words in found.items()}


_SAID = _answers()
_YES, _NO, _EITHER, _VERIFIED = _SAID["yes"], _SAID["no"], _SAID["either"], _SAID["verified"]
_NOT_APPLICABLE = _SAID["not_applicable"]
_AS_GOOD_AS_BLANK = _NOT_APPLICABLE | _SAID["none"]
_PROMISES = _SAID["promise"]
_UNKNOWN = {"", *_SAID["unknown"], *_AS_GOOD_AS_BLANK}
_NOTHING = _UNKNOWN | _SAID["unsaid"]
_NO_DOCUMENT = _NOTHING | _YES | _NO | _EITHER
_LONG = max(map(len, _NOTHING)) + 4  # no placeholder is longer, with a few signs around it
_BITS = 1024  # no float is longer
_PLAIN_SIGNS = string.ascii_letters + string.digits
_OPENINGS = frozenset(name[:2] for name in _NOTHING)
#: A text that begins with one of these is no placeholder: what it folds to begins with it too.
_TELLING = frozenset(
    first + second for first in _PLAIN_SIGNS for second in _PLAIN_SIGNS if (first + second).lower() not in _OPENINGS
)
#: What an error cell shows; a file of plain text carries it as text.
_ERRORS = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
     "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA")
)  # fmt: skip
_NUMBERS = (int, float, np.integer, np.floating)
#: What a cell can hold; anything else (an error, bytes, a list) cannot be read.
_CELLS = (str, *_NUMBERS, date, Decimal, np.bool_, np.datetime64)


def read_all(cells: Sequence[Any], column: Column) -> tuple[list[Any], dict[int, Reading]]:
    """Read a column's distinct cells: their values, and the readings that have something to say, by position."""
    cells = [cell if type(cell) is str and cell.isascii() else _mended(cell) for cell in cells]
    if column.kind == "country":
        read: Sequence[Any] = _countries(cells)
    else:
        telling = _TELLING if column.kind == "text" and column.key not in _BY_KEY else frozenset()
        read = [
            cell.strip() if isinstance(cell, str) and cell[:2] in telling else _read(cell, column) for cell in cells
        ]
    values, told = list(read), {}
    for position, found in enumerate(read):
        if type(found) is Reading:
            values[position] = found.value
            if found.doubt or found.message:
                told[position] = found
    return values, told


def _mended(cell: Any) -> Any:
    """The cell, without halves of characters and integers of thousands of digits, which cannot be written down."""
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode("utf-8")
    return (math.inf if cell > 0 else -math.inf) if isinstance(cell, int) and cell.bit_length() > _BITS else cell


def _read(cell: Any, column: Column) -> Any:
    if _is_blank(cell):
        return None
    reader = _BY_KEY.get(column.key) or _BY_KIND[column.kind]
    return reader(cell, column) if _is_plain(cell) else _unreadable(cell)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _is_plain(cell: Any) -> bool:
    return isinstance(cell, _CELLS) and not (isinstance(cell, str) and cell[:1] == "#" and cell.strip() in _ERRORS)


def _quoted(cell: Any) -> str:
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
    return f'"{text[:57]}..."' if len(text) > 60 else f'"{text}"'


def _text(cell: Any, column: Column) -> Any:
    if isinstance(cell, str) and len(cell) > _LONG:
        return cell.strip()
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    return text if column.when_blank == "problem" else _named(text, column)


def _named(text: str, column: Column) -> Any:
    """The text, unless it is a placeholder: unknown, or as good as blank where a blank is not unknown.

    Where a blank is ignored, an owner who is "unknown" says no more than a blank, and no doubt comes of it.
    """
    folded = fold(text)
    if folded not in (_UNKNOWN if column.key in READ_ON else _NOTHING):
        return text
    if not column.blank_is_unknown and (folded in _AS_GOOD_AS_BLANK or (not folded and "?" not in text)):
        return None
    return Reading(doubt=column.when_blank != "ignored", message=f"{_quoted(text)} is read as unknown")


_APART = re.compile(r"[;\n]")


def _evidence(cell: Any, column: Column) -> Any:
    """The text, where some part of it names a document: "to follow", "yes" and "see above" name none."""
    read = _text(cell, column)
    if not isinstance(read, str) or any(_names_something(part) for part in _APART.split(read)):
        return read
    message = f"{_quoted(cell)} names no document and counts as no evidence; give a link or a file name"
    return Reading(message=message)


def _names_something(part: str) -> bool:
    """Whether a part of the evidence holds more than a placeholder, an answer, or the promise of a document."""
    folded = fold(part)
    if folded in _NO_DOCUMENT:
        return False
    words = {word for word in folded.split() if not word.isdigit()}
    return not words or not words <= _PROMISES


def _says_nothing(cell: Any) -> bool:
    """Whether a cell says "Unknown", "TBC", "n/a" or the like, and nothing beside it."""
    return isinstance(cell, str) and _answer(cell) in _NOTHING


def _unreadable(cell: Any) -> Reading:
    return _misread(f"{_quoted(cell)} cannot be read and counts as unknown; enter a value")


@cache
def _also_said() -> list[tuple[str, str, str]]:
    """Words that stand for a choice and for nothing else: column, choice, what is written instead."""
    text = (files("hrdd") / "data" / "choices.csv").read_text(encoding="utf-8")
    return [(row["column"], row["choice"], row["said"]) for row in csv.DictReader(text.splitlines())]


@cache
def _choices(column: Column) -> dict[str, str]:
    """Folded label, id or other word for it -> the label."""
    found = {fold(said): choice for key, choice, said in _also_said() if key == column.key}
    if column.kind == "category":
        found = {fold(category.id): category.id for category in CATEGORIES}
    labels = {category.label: category.id for category in CATEGORIES} if column.kind == "category" else {}
    for choice in column.choices:
        found.update({fold(said): labels.get(choice, choice) for said in (*in_other_languages(choice), choice)})
    return found


def _answer(cell: Any) -> str:
    """The folded cell; a question mark behind it is kept, since "No?" is no No, and a lone sign says something."""
    folded, text = fold(cell), str(cell)
    if folded:
        return f"{folded} ?" if "?" in text else folded
    return "" if all(unicodedata.category(sign)[0] in "PZC" for sign in text) else text.strip()


def _choice(cell: Any, column: Column) -> Reading:
    folded, accepted = _answer(cell), _choices(column)
    if folded in accepted:
        value = accepted[folded]
        return Reading(doubt=not column.blank_is_unknown) if value == "Unknown" else Reading(value)
    if folded in _UNKNOWN:  # "pending" beside a licence is not among these: it may be the choice that holds the row
        return Reading(doubt=True, message=f"{_quoted(cell)} is read as unknown")
    hint, worded = _hint(folded, column), column.key in WORDED
    message = f"{_quoted(cell)} is not one of the choices and counts as unknown{hint}"
    misread = bool(hint) or not worded
    return Reading(None, misread, message, words=str(cell).strip() if worded else None, misread=misread)


def _hint(folded: str, column: Column) -> str:
    """The one choice that has all the words of the cell, else the one that is spelt nearly like it."""
    from rapidfuzz import fuzz, process

    accepted, words = _choices(column), set(folded.split()) - {"?"}
    meant = {value for name, value in accepted.items() if words <= set(name.split())}
    if len(meant) != 1:
        near = process.extractOne(folded, accepted.keys(), scorer=fuzz.ratio, score_cutoff=75)
        meant = {accepted[near[0]]} if near else set()
    if not meant:
        return "" if len(column.choices) > 8 else f"; choose from {', '.join(column.choices)}"
    label = next((c.label for c in CATEGORIES if c.id in meant), *meant)
    return f'; did you mean "{label}"?'


def _yes_no(cell: Any, _column: Column) -> Reading:
    folded = _answer(cell)
    if folded in _YES:
        return Reading(value=True)
    if folded in _NO:
        return Reading(value=False)
    if folded in _NOT_APPLICABLE:
        return Reading(
            doubt=True, message=f"{_quoted(cell)} is not No and counts as unknown; answer Yes, No or Unknown"
        )
    if folded in _NOTHING:
        return Reading(doubt=True)
    if folded in _EITHER:
        return _misread(f"{_quoted(cell)} may mean Yes or No and counts as unknown; answer Yes, No or Unknown")
    return _misread(f"{_quoted(cell)} is not Yes, No or Unknown and counts as unknown")


def _verified(cell: Any, _column: Column) -> Reading:
    folded = _answer(cell)
    if folded in _VERIFIED:
        return Reading(value=True)
    if folded in _NO:
        return Reading(value=False)
    if folded in _YES:
        return _misread(f"{_quoted(cell)} is a claim; only Verified, with evidence attached, counts")
    if folded in _NOTHING:
        return Reading(doubt=True)
    return _misread(f"{_quoted(cell)} is not Verified, No or Unknown and counts as unknown")


_RANGES = {"owner_share": (0.0, 100.0, "a percentage from 0 to 100")}


def _number(cell: Any, column: Column) -> Any:
    value = _number_in(cell)
    if value is None or not math.isfinite(value):
        message = f"{_quoted(cell)} is not a number and counts as unknown"
        return Reading(doubt=True, misread=not _says_nothing(cell), message=message)
    low, high, expected = _RANGES.get(column.key, (-math.inf, math.inf, ""))
    if not low <= value <= high:
        return _misread(f"{_quoted(cell)} is not {expected} and counts as unknown")
    if isinstance(cell, str) and _MAY_BE_THOUSANDS.fullmatch(cell.strip()) and value * 1000 <= high:
        return _misread(f"{_quoted(cell)} may be {value:g} or {value * 1000:.15g} and counts as unknown")
    if column.key == "owner_share" and 0 < value <= 1 and "%" not in str(cell):
        return Reading(value * 100, message=f"{_quoted(cell)} was read as {value * 100:g} %")
    if not isinstance(cell, str):
        return value
    return Reading(value, message=f"{_quoted(cell)} is text and was read as {value:.15g}")


_PLAIN = re.compile(r"^[+-]?\d+(\.\d+)?$")
_MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[\s'](?=\d{3}(?!\d))")


def _number_in(cell: Any) -> float | None:
    if isinstance(cell, _NUMBERS) and not isinstance(cell, bool):
        try:
            return float(cell)
        except OverflowError:
            return None
    return _number_in_text(str(cell))


def _number_in_text(text: str) -> float | None:
    """The number that a text means, in English or continental writing, with or without a percent sign."""
    text = _BETWEEN_THOUSANDS.sub("", text.strip().strip("%").strip())
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text) or re.fullmatch(r"[+-]?\d+,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    return float(text) if _PLAIN.match(text) else None


def _date(cell: Any, _column: Column) -> Any:
    days = dates.days_in(cell)
    if len(days) == 1:
        form = dates.read_into(cell)
        return Reading(days[0], message=f"{_quoted(cell)} is {form} and was read as {days[0]}") if form else days[0]
    if days:
        either = " or ".join(map(str, days))
        return _misread(f"{_quoted(cell)} may be {either} and counts as unknown; write it as YYYY-MM-DD")
    message = f"{_quoted(cell)} is not a date that can be read; write it as YYYY-MM-DD"
    return Reading(doubt=True, misread=not _says_nothing(cell), message=message)


def _countries(cells: Sequence[Any]) -> list[Reading | None]:
    from hrdd.reference.countries import resolve_countries

    texts = [_country_text(cell) if _is_plain(cell) and not _is_blank(cell) else None for cell in cells]
    return [
        _country(text, found) if text is not None else None if _is_blank(cell) else _unreadable(cell)
        for cell, text, found in zip(cells, texts, resolve_countries(texts), strict=True)
    ]


def _country_text(cell: Any) -> str:
    if isinstance(cell, _NUMBERS) and not isinstance(cell, bool) and float(cell).is_integer():
        return f"{int(cell):03d}"
    return str(cell).strip()


def _country(text: str, found: Any) -> Reading:
    if found.iso3 is not None and "?" in text:
        return _misread(f'"{text[:60]}" counts as unknown: is {found.iso3} meant?')
    if found.iso3 is None:
        why = found.note or "is not a country that can be read"
        message = f'"{text[:60]}" counts as unknown: {why}'
        return Reading(doubt=True, misread=not _says_nothing(text), message=message)
    near = f'"{text[:60]}" was read as {found.iso3}' if found.how == "near" else None
    return Reading(found.iso3, message=near)


_BY_KIND: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text,
    "date": _date,
    "number": _number,
    "choice": _choice,
    "category": _choice,
    "yes_no_unknown": _yes_no,
    "verified_no_unknown": _verified,
}
_BY_KEY: dict[str, Callable[[Any, Column], Any]] = {"evidence": _evidence}
