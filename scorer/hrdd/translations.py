"""The words of a workbook in other languages: headers, choices and the guide, each known by its English text.

`translations.csv` has a column for each language and a row for each text; `languages.csv` says which of them
somebody has reviewed. What scoring writes (ratings, reasons, problems) is English in every workbook.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639 code and its own name; `reviewed` by somebody who knows it and the field."""

    code: str
    name: str
    reviewed: bool


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("hrdd") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def languages() -> dict[str, Language]:
    """The languages that a workbook may be in, by code, English first."""
    return {row["code"]: Language(row["code"], row["name"], row["reviewed"] == "yes") for row in _rows("languages.csv")}


@cache
def _translations() -> dict[str, dict[str, str]]:
    return {row[ENGLISH]: row for row in _rows("translations.csv")}


@cache
def say_in(code: str) -> Callable[[str], str]:
    """What turns an English text into a language; a text that has no translation stays as it is."""
    if code not in languages() or code == ENGLISH:
        return str
    known = {english: row[code] for english, row in _translations().items()}
    return lambda text: known.get(text, text)


def in_other_languages(english: str) -> tuple[str, ...]:
    """A text in every language but English; none where it is not translated."""
    row = _translations().get(english, {})
    return tuple(text for code, text in row.items() if code != ENGLISH)
