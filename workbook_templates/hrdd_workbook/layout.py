"""What a transactions workbook looks like, as data: sheets, columns, widths, groups, lists, hints, colours.

The template builder, the reader, the writer and the add-in take every name, width and colour from here, so
that a workbook looks the same whoever touched it last. This module imports no Excel library and no pandas.

Columns stand in this order: the id, the two results a reader looks for first, the essentials of an order, the
two results in words, then one group for each due-diligence step. A group shows its first question; the others
are folded behind it (`level` is the outline level: 0 always shown, 1 first question of a step, 2 folded).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from hrdd.columns import INPUT_BY_KEY, INPUTS, OUTPUTS, VERIFIED_NO_UNKNOWN, YES_NO_UNKNOWN, Column, fold

from .hints import hint, hint_title, result_hint

#: Raised by one when a change of the layout needs `template upgrade`; written into every workbook.
LAYOUT_VERSION = 1

START_SHEET = "Start here"
TRANSACTIONS_SHEET = "Transactions"
FLAGS_SHEET = "About the flags"
LISTS_SHEET = "Lists"
TABLE_NAME = "Transactions"
#: Subtle stripes that Excel and Google Sheets draw; the header's own fill also shows in LibreOffice.
TABLE_STYLE = "TableStyleLight1"
LIST_NAME_PREFIX = "hrdd_"
#: The named cell style on the header of a result column: by it the writer knows the column as its own.
RESULT_MARK = "HRDD result"

BAND_ROW = 1
HEADER_ROW = 2
FIRST_ROW = 3
LAST_SHEET_ROW = 1_048_576
BAND_HEIGHT = 20.0
HEADER_HEIGHT = 50.0
LINE_HEIGHT = 15.0
#: Room for the reasons that scoring will write into a row that is already filled in.
LEAST_LINES = 3
#: Where a family's cells stand in their column; the others stand where the program puts them.
SIDES = {"date": "left", "rating": "center", "disposition": "center"}
ROWS = 500

FONT = "Calibri"
FONT_SIZE = 11
DATE_FORMAT = "yyyy-mm-dd"
TEXT_FORMAT = "@"

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


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A drop-down's values, kept on the hidden sheet under a workbook-wide name."""

    name: str
    title: str
    values: tuple[str, ...]

    @property
    def defined_name(self) -> str:
        """The name that data validations refer to."""
        return LIST_NAME_PREFIX + self.name


@dataclass(frozen=True, slots=True)
class Band:
    """A group of neighbouring columns: the title above them, their tone, and their keys in order."""

    title: str
    tone: Tone
    keys: tuple[str, ...]
    folded: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the sheet, with everything that a builder needs to draw it."""

    key: str
    header: str
    band: Band
    family: str
    width: float
    number_format: str
    wrap: bool
    level: int
    required: bool
    choices: ChoiceList | None
    hint_title: str
    hint: str

    @property
    def hidden(self) -> bool:
        """Whether the column is folded away until its group is opened."""
        return self.level == 2


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
RULE_COLOUR = "C9D1D9"

#: Number formats of results, by family; inputs have theirs in `Field.number_format`.
NUMBER_FORMATS = {
    "rating": "General",
    "disposition": "General",
    "answer": "General",
    "text": TEXT_FORMAT,
    "number": "0",
    "percent": "0%",
    "date": DATE_FORMAT,
}


def _step(title: str, group: str, in_sight: str, tone: Tone = "input") -> Band:
    """Make a band of a whole group of `columns.csv`, the question that stays in sight first."""
    rest = tuple(c.key for c in INPUTS if c.group == group and c.key != in_sight)
    return Band(title, tone, (in_sight, *rest))


BANDS: tuple[Band, ...] = (
    Band("Order", "input", ("transaction_id",), folded=False),
    Band("Result, by hrdd", "result", ("rating", "disposition"), folded=False),
    Band(
        "Essentials",
        "input",
        (
            "as_of_date",
            "product",
            "product_description",
            "product_category",
            "amount",
            "currency",
            "exporter",
            "end_user",
            "end_user_type",
            "destination_country",
            "end_use",
            "intermediary",
            "intermediary_country",
        ),
        folded=False,
    ),
    Band("Result in words, by hrdd", "result", ("why", "ask_first"), folded=False),
    Band(
        "Deal and parties",
        "input",
        (
            "transaction_type",
            "control_code",
            "quantity",
            "exporter_country",
            "us_content",
            "destination_region",
            "intermediary_role",
            "owner",
            "owner_share",
        ),
    ),
    _step("Licence and lists", "Licence and lists", "screening_result"),
    _step("1 Capabilities", "Capabilities", "q_similar_misused"),
    _step("2 End user, country", "End user and country", "q_agency_misuse"),
    _step("3 Laws, practices", "Laws and practices", "q_law_lacks_safeguards"),
    _step("4 Parties, trade", "Parties and trade", "q_end_user_verified"),
    _step("5-8 Safeguards", "Safeguards", "s_capabilities_limited"),
    _step("Relationship", "Relationship", "leverage"),
    _step("Your decision", "Review", "decision", "review"),
)

_WIDTHS = {
    "transaction_id": 15.0,
    "rating": 13.0,
    "disposition": 13.0,
    "product": 24.0,
    "product_description": 26.0,
    "product_category": 25.0,
    "currency": 9.5,
    "exporter": 20.0,
    "end_user": 26.0,
    "end_user_type": 19.0,
    "destination_country": 16.0,
    "end_use": 28.0,
    "intermediary": 22.0,
    "intermediary_country": 14.0,
    "why": 64.0,
    "ask_first": 38.0,
    "transaction_type": 17.0,
    "quantity": 11.0,
    "owner_share": 11.0,
    "evidence": 30.0,
    "decision_reason": 36.0,
}
_KIND_WIDTHS = {"date": 12.0, "number": 13.0, "choice": 19.0, "country": 16.0, "text": 20.0}
#: Questions are long; their headers wrap into three lines at this width.
_QUESTION_WIDTH = 20.0
_WRAPPED = frozenset(
    {
        *("product", "product_description", "product_category", "exporter", "end_user", "end_user_type"),
        *("destination_country", "end_use", "intermediary", "evidence", "decision_reason"),
        *("why", "ask_first"),
    }
)


def _lists() -> tuple[ChoiceList, ...]:
    answers = (
        ChoiceList("yes_no_unknown", "Yes, no, unknown", YES_NO_UNKNOWN),
        ChoiceList("verified_no_unknown", "Safeguards", VERIFIED_NO_UNKNOWN),
    )
    columns = (c for c in INPUTS if c.kind in ("choice", "category"))
    chosen = (ChoiceList(c.key, c.header, c.choices) for c in columns)
    return (*answers, ChoiceList("country", "Countries", _country_names()), *chosen)


#: Names that two territories share; the list offers one that says which.
_UNCLEAR_NAMES = {"St. Martin": "St. Martin (French part)"}


def _country_names() -> tuple[str, ...]:
    """The names that the reference data give countries, in the order of a reader's alphabet."""
    text = (files("hrdd") / "data" / "reference" / "countries.csv").read_text(encoding="utf-8")
    names = {_UNCLEAR_NAMES.get(row["name"], row["name"]) for row in csv.DictReader(text.splitlines())}
    return tuple(sorted(names, key=lambda name: (fold(name), name)))


LISTS: tuple[ChoiceList, ...] = _lists()
_LIST_BY_NAME = {choices.name: choices for choices in LISTS}


def _level(band: Band, key: str) -> int:
    if not band.folded:
        return 0
    return 1 if key == band.keys[0] else 2


def _input_format(kind: str) -> str:
    formats = {"text": TEXT_FORMAT, "country": TEXT_FORMAT, "date": DATE_FORMAT, "number": "#,##0.##"}
    return formats.get(kind, "General")


def _input_field(band: Band, column: Column) -> Field:
    list_name = column.key if column.kind in ("choice", "category") else column.kind
    number_format = "#,##0.00" if column.key == "amount" else _input_format(column.kind)
    return Field(
        key=column.key,
        header=column.header,
        band=band,
        family=column.kind,
        width=_WIDTHS.get(column.key, _KIND_WIDTHS.get(column.kind, _QUESTION_WIDTH)),
        number_format=number_format,
        wrap=column.key in _WRAPPED,
        level=_level(band, column.key),
        required=column.required,
        choices=_LIST_BY_NAME.get(list_name),
        hint_title=hint_title(column.header),
        hint=hint(column),
    )


def _result_field(band: Band, key: str) -> Field:
    column = next(output for output in OUTPUTS if output.key == key)
    return Field(
        key=key,
        header=column.header,
        band=band,
        family=column.family,
        width=_WIDTHS.get(key, float(column.width)),
        number_format=NUMBER_FORMATS[column.family],
        wrap=key in _WRAPPED,
        level=0,
        required=False,
        choices=None,
        hint_title=hint_title(column.header),
        hint=result_hint(column.help),
    )


def _fields() -> tuple[Field, ...]:
    return tuple(
        _input_field(band, INPUT_BY_KEY[key]) if key in INPUT_BY_KEY else _result_field(band, key)
        for band in BANDS
        for key in band.keys
    )


FIELDS: tuple[Field, ...] = _fields()
FIELD_BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}
#: How many columns stay still when the sheet is scrolled: the id and what it came to.
FROZEN_COLUMNS = 3
#: What prints: the columns that are always in sight. The folded ones print when the print area is cleared.
PRINTED_COLUMNS = sum(field.level == 0 for field in FIELDS)


def row_height(texts: Mapping[str, str]) -> float:
    """Estimate the height in points of a row with these texts by column key, so that wrapped ones show."""
    wrapped = (FIELD_BY_KEY[key] for key in texts if FIELD_BY_KEY[key].wrap)
    lines = (-(-len(texts[field.key]) // int(field.width - 1)) for field in wrapped)
    return LINE_HEIGHT * max(LEAST_LINES, *lines, 0)
