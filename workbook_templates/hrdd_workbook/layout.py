"""What a transactions workbook looks like, as data: sheets, columns, widths, groups, lists and hints.

The template builder, the reader, the writer and the add-in take every name and width from here (and every colour
from `hrdd_workbook.palette`), so that a workbook looks the same whoever touched it last. This module imports no
Excel library and no pandas.

Columns stand in this order: the id, the two results a reader looks for first, the essentials of an order, the
results in words, then one group for each due-diligence step, and the results in detail. A group shows its first
column; the others are folded behind it (`level` is the outline level: 0 always shown, 1 first of a group, 2 folded).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from hrdd.columns import (
    INPUT_BY_KEY,
    INPUTS,
    OUTPUTS,
    WORKBOOK_OUTPUTS,
    Column,
    OutputColumn,
)

from .choice_lists import LISTS, ChoiceList
from .hints import hint, hint_title, result_hint
from .palette import Tone

#: Raised by one when a change of the layout needs `template upgrade`; written into every workbook.
LAYOUT_VERSION = 2

START_SHEET = "Start here"
TRANSACTIONS_SHEET = "Transactions"
RED_FLAGS_SHEET = "Red flags"
QUESTIONS_SHEET = "Questions"
DASHBOARD_SHEET = "Dashboard"
REVIEW_SHEET = "Review"
FLAGS_SHEET = "About the flags"
LISTS_SHEET = "Lists"
ISSUES_SHEET = "Issues"
#: The sheets in their order; `Issues` is added by a check that finds any.
SHEETS = (
    START_SHEET,
    TRANSACTIONS_SHEET,
    RED_FLAGS_SHEET,
    QUESTIONS_SHEET,
    DASHBOARD_SHEET,
    REVIEW_SHEET,
    FLAGS_SHEET,
    LISTS_SHEET,
)
TABLE_NAME = "Transactions"
#: Subtle stripes that Excel and Google Sheets draw; the header's own fill also shows in LibreOffice.
TABLE_STYLE = "TableStyleLight1"
#: Before the names of whole columns, by which the formulas of other sheets count: `orders_rating`.
COLUMN_NAME_PREFIX = "orders_"
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
LEAST_LINES = 4
#: Where cells stand in their column, by key or family; all others stand left.
SIDES = {"rating": "center", "disposition": "center", "currency": "center", "number": "right", "percent": "right"}
ROWS = 500

DATE_FORMAT = "yyyy-mm-dd"
TEXT_FORMAT = "@"
#: A text in the language of a workbook.
Say = Callable[[str], str]


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
    Band("Result in words, by hrdd", "result", ("why", "ask_first", "edited"), folded=False),
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
    Band(
        "Result in detail, by hrdd",
        "result",
        (
            *("red_flags", "rating_best", "rating_worst", "severity", "likelihood", "inherent", "residual"),
            *("flag_count", "unknown_count", "lowered_by", "advice", "todos", "problems", "category_read"),
            *("judged_on", "completeness", "evidence_grade", "scored_on", "versions", "verdict_id"),
            *("row_as_scored", "in_sight"),
        ),
    ),
)

_WIDTHS = {
    "transaction_id": 15.0,
    "rating": 13.0,
    "disposition": 13.0,
    "product": 24.0,
    "product_description": 26.0,
    "product_category": 25.0,
    "currency": 11.0,
    "exporter": 20.0,
    "end_user": 26.0,
    "end_user_type": 19.0,
    "destination_country": 16.0,
    "end_use": 28.0,
    "intermediary": 22.0,
    "intermediary_country": 14.0,
    "why": 80.0,
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
        *("why", "ask_first", "edited"),
    }
)


def _roomy(width: float, header: str) -> float:
    """At least the width that the longest word of the header takes in bold; East Asian words break anywhere."""
    return max(width, *(len(word) + 2.0 for word in re.split(r"[\s-]", header) if word[-1:] < "\u2e80"), 0.0)


def _level(band: Band, key: str) -> int:
    if not band.folded:
        return 0
    return 1 if key == band.keys[0] else 2


def _input_format(kind: str) -> str:
    formats = {"text": TEXT_FORMAT, "country": TEXT_FORMAT, "date": DATE_FORMAT, "number": "#,##0.##"}
    return formats.get(kind, "General")


def _input_field(band: Band, column: Column, lists: Mapping[str, ChoiceList], say: Say) -> Field:
    return Field(
        key=column.key,
        header=say(column.header),
        band=band,
        family=column.kind,
        width=_roomy(_WIDTHS.get(column.key, _KIND_WIDTHS.get(column.kind, _QUESTION_WIDTH)), say(column.header)),
        number_format="#,##0.00" if column.key == "amount" else _input_format(column.kind),
        wrap=column.key in _WRAPPED,
        level=_level(band, column.key),
        required=column.required,
        choices=lists.get(column.key) or lists.get(column.kind),
        hint_title=hint_title(say(column.header)),
        hint=hint(column, say),
    )


_OUTPUT_BY_KEY: dict[str, OutputColumn] = {column.key: column for column in (*OUTPUTS, *WORKBOOK_OUTPUTS)}


def _result_field(band: Band, key: str, say: Say) -> Field:
    column = _OUTPUT_BY_KEY[key]
    return Field(
        key=key,
        header=say(column.header),
        band=band,
        family=column.family,
        width=_roomy(_WIDTHS.get(key, float(column.width)), say(column.header)),
        number_format=NUMBER_FORMATS[column.family],
        wrap=key in _WRAPPED,
        level=_level(band, key),
        required=False,
        choices=None,
        hint_title=hint_title(say(column.header)),
        hint=result_hint(column, say),
    )


def fields(lists: tuple[ChoiceList, ...] = LISTS, say: Say = str) -> tuple[Field, ...]:
    """Every column of the sheet in its order, its words in the language of `say`."""
    by_name = {choices.name: choices for choices in lists}
    made = []
    for band in BANDS:
        named = replace(band, title=say(band.title))
        for key in band.keys:
            is_input = key in INPUT_BY_KEY
            made.append(
                _input_field(named, INPUT_BY_KEY[key], by_name, say) if is_input else _result_field(named, key, say)
            )
    return tuple(made)


FIELDS: tuple[Field, ...] = fields()
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
