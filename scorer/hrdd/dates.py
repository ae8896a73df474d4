"""Which day a cell means: read where it can be one day only, in the ways in which the world's sheets write days."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from hrdd.columns import fold

_EPOCH = date(1899, 12, 30)  # Excel's day nought
_SERIALS = range(30000, 73051)  # 1982 to 2099
#: Days of our time. What lies outside is a slip: an empty cell's nought, a year with a digit too many.
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
_NUMBERS = (int, float, np.integer, np.floating)

_TIME = re.compile(r"[T ,]+\d{1,2}:\d{2}.*$")
_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|()(\d{2})(\d{2}))")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o|a)?")
#: Words that stand between day, month and year; days of the week, which are not checked.
_BESIDE = frozenset(["de", "del", "do", "of", "den", "der", "le", "el", "the"])
_WEEKDAYS = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
)


def days_in(cell: Any) -> tuple[date, ...]:
    """The days of our time that a cell may mean: one where it is clear, several where it is not, none otherwise.

    A two-digit year is read only behind a month in words ("1-Mar-26"), as one of this century up to 69.
    """
    found = {day for day in _days(cell) if EARLIEST <= day <= LATEST}
    return tuple(sorted(found))


def read_into(cell: Any) -> str | None:
    """What was read into a cell to find its day, to be told: "a serial number", "a two-digit year", or nothing."""
    if isinstance(cell, _NUMBERS):
        return "a serial number" if cell < _SERIALS.stop else "a number"
    short = isinstance(cell, str) and not re.search(r"\d{4}", cell)
    return "a date with a short year" if short else None


def _days(cell: Any) -> Iterator[date]:
    if isinstance(cell, datetime):
        return iter((cell.date(),))
    if isinstance(cell, date):
        return iter((cell,))
    if isinstance(cell, _NUMBERS) and not isinstance(cell, bool):
        return _in_number(float(cell))
    return _in_text(_TIME.sub("", str(cell).strip()))


def _in_number(number: float) -> Iterator[date]:
    """A serial number of Excel, or a day written as one number: 20260301."""
    if _SERIALS[0] <= number <= _SERIALS[-1]:
        yield _EPOCH + timedelta(days=int(number))
    elif number.is_integer() and 19900101 <= number <= 20991231:
        yield from _in_text(str(int(number)))


def _in_text(text: str) -> Iterator[date]:
    if parts := _YEAR_FIRST.fullmatch(text) or _EAST_ASIAN.fullmatch(text):
        yield from _day(*(int(part) for part in parts.groups() if part and part.isdigit()))
    elif parts := _YEAR_LAST.fullmatch(text):
        first, sign, second, year = parts.groups()
        yield from _day(int(year), int(second), int(first))
        if sign != "." or int(second) > 12:  # a dotted date has its day first, unless that is no day
            yield from _day(int(year), int(first), int(second))
    elif any(letter.isalpha() for letter in text):
        yield from _in_words(text)


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


@cache
def _months() -> dict[str, int]:
    """Folded names and short forms of the months; a name that is another month elsewhere is not among them."""
    text = (files("hrdd") / "data" / "months.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {fold(name): int(row["month"]) for row in rows for name in row["names"].split("|")}


def _in_words(text: str) -> Iterator[date]:
    """A day, a month in words and a year, in any order where the year has four digits."""
    words = [word for word in fold(text).split() if word not in _BESIDE and not _WEEKDAYS.fullmatch(word)]
    named = [at for at, word in enumerate(words) if word in _months()]
    if len(words) != 3 or len(named) != 1:
        return
    month = _months()[words.pop(named[0])]
    years = [word for word in words if re.fullmatch(r"\d{4}", word)]
    if years:
        words.remove(years[0])
        year = int(years[0])
    elif named == [1] and re.fullmatch(r"\d{2}", words[1]):
        year = int(words.pop())
        year += 2000 if year < 70 else 1900
    else:
        return
    if day := _DAY.fullmatch(words[0]):
        yield from _day(year, month, int(day[1]))
