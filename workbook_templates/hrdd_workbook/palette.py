"""Colours and fonts: every word of the workbook has one look, whoever draws it.

A word carries the meaning and its colour repeats it; every pair of ink and paper keeps a contrast of 4.5 to 1
or more, and graver words stand on darker paper, so that grey print and eyes that see no red can tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FONT = "Calibri"
FONT_SIZE = 11

Tone = Literal["input", "result", "review"]


@dataclass(frozen=True, slots=True)
class Style:
    """Ink on fill, as RRGGBB; every pair keeps a contrast of at least 4.5 to 1. No fill means white paper."""

    ink: str
    fill: str | None = None
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Tint:
    """The look of a cell that holds `word`: the word carries the meaning, the colour repeats it."""

    word: str
    style: Style


# Colours: light to dark in the order of gravity, so that they also differ in grey print; blue, yellow, orange
# and dark red stay apart for people with red-green blindness. Answers of the analyst are neutral: a Yes may
# be good news (verified) or bad (misused before), so it is blue and never green or red.
_LOW = Style("1F3A57", "E6F0FA")
_MEDIUM = Style("4D3B00", "FFDF87")
_HIGH = Style("3D1A00", "F5A768", bold=True)
_CRITICAL = Style("FFFFFF", "8C1C28", bold=True)
_UNRATED = Style("2B2B2B", "D0D0D0", bold=True, italic=True)

RATING_TINTS = (
    Tint("LOW", _LOW),
    Tint("MEDIUM", _MEDIUM),
    Tint("HIGH", _HIGH),
    Tint("CRITICAL", _CRITICAL),
    Tint("UNRATED", _UNRATED),
)
DISPOSITION_TINTS = (
    Tint("NONE", _LOW),
    Tint("CONDITIONS", _MEDIUM),
    Tint("HOLD", _HIGH),
    Tint("STOP", _CRITICAL),
)
FLAG_TINTS = (
    Tint("YES", Style("FFFFFF", "A63D2F", bold=True)),
    Tint("UNKNOWN", Style("40305E", "E4DCF2", italic=True)),
    Tint("NO", Style("55606B")),
    Tint("N/A", Style("737373", italic=True)),
)
_YES = Style("12395C", "D3E5F5")
_NO = Style("3B3F44", "ECEEF0")
_NOT_KNOWN = Style("5A4300", "FFF2CC", italic=True)
ANSWER_TINTS = (
    Tint("Yes", _YES),
    Tint("Verified", Style("0B4A43", "CFEBE6")),
    Tint("No", _NO),
    Tint("Unknown", _NOT_KNOWN),
)
#: The look of a word, by the family of its column (families of `hrdd.columns` outputs, and `input`).
TINTS: dict[str, tuple[Tint, ...]] = {
    "rating": RATING_TINTS,
    "disposition": DISPOSITION_TINTS,
    "answer": FLAG_TINTS,
    "yes_no_unknown": ANSWER_TINTS,
    "verified_no_unknown": ANSWER_TINTS,
}
#: A result whose row was edited after it was scored.
STALE = Style("5A5F66", "EDEDED", italic=True)
#: A required cell that is still blank in a row that somebody has begun; and an id that occurs twice.
MISSING = Style("5A4300", "FFF2CC")
DUPLICATE = Style("8C1C28", "FBE3E1", bold=True)

BAND_STYLES: dict[Tone, Style] = {
    "input": Style("FFFFFF", "34536E", bold=True),
    "result": Style("FFFFFF", "5B4A7A", bold=True),
    "review": Style("FFFFFF", "4A6234", bold=True),
}
HEADER_STYLES: dict[Tone, Style] = {
    "input": Style("1F3A57", "E3EBF3"),
    "result": Style("3B2F55", "EAE6F2"),
    "review": Style("33451F", "E8EEDF"),
}
REQUIRED_HEADER = Style("10263B", "B9D0E6", bold=True)
BODY = Style("1E2328")
QUIET = Style("5A646E")
TITLE = Style("1F3A57", bold=True)
LINK = Style("0B5394")
RULE_COLOUR = "C9D1D9"

#: Charts: the same hues, stronger, since thin bars of a tint would be lost on white; from light to dark by gravity.
CHART_FILLS = {"LOW": "C9DDF0", "MEDIUM": "EDBB42", "HIGH": "E0803A", "CRITICAL": "8C1C28", "UNRATED": "9AA0A6"}
