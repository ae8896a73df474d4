"""Draws the hidden sheet: the values of the drop-downs, and the counts that the dashboard ranks by.

A spreadsheet of 2016 cannot sort by a formula. So every category and every currency is counted here, each count
with a small share that settles ties, and the dashboard asks for the largest, the second largest and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from hrdd.columns import CATEGORIES

from .. import layout, palette
from ..design import Design
from ..looks import paint

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: How many quarters the dashboard shows, the last one being that of the latest order.
QUARTERS = 8


@dataclass(frozen=True)
class Ranking:
    """What is counted to be ranked: a column of Transactions, its possible values, and the words for them."""

    key: str
    values: tuple[str, ...]
    words: tuple[str, ...]
    places: int


def rankings(design: Design) -> tuple[Ranking, ...]:
    """The rankings that the dashboard shows, as far as their columns are there."""
    labels = tuple(category.label for category in CATEGORIES)
    currencies = next(choices.values for choices in design.lists if choices.name == "currency")
    return (
        Ranking("category_read", labels, tuple(map(design.say, labels)), 8),
        Ranking("currency", currencies, currencies, 6),
    )


def draw_lists(book: Workbook, design: Design) -> None:
    """Write each list under its workbook-wide name; right of them the counts, each column under a name too."""
    sheet = book.create_sheet(design.say(layout.LISTS_SHEET))
    sheet.sheet_state = "hidden"
    for at, choices in enumerate(design.lists, start=1):
        _column(book, sheet, at, choices.title, choices.values, choices.defined_name)
    at = len(design.lists) + 2
    for ranking in rankings(design):
        at = _rank(book, sheet, at, ranking)
    _quarters(book, sheet, at)


def _column(book: Workbook, sheet: Worksheet, at: int, title: str, values: Sequence[str], name: str) -> str:
    """Write a titled column and name its values; the reference to them."""
    letter = get_column_letter(at)
    paint(sheet.cell(1, at, title), palette.HEADER_STYLES["input"])
    for row, value in enumerate(values, start=2):
        cell = sheet.cell(row, at, value)
        if not value.startswith("="):
            cell.number_format = layout.TEXT_FORMAT
    sheet.column_dimensions[letter].width = 28
    where = f"'{sheet.title}'!${letter}$2:${letter}${len(values) + 1}"
    book.defined_names[name] = DefinedName(name, attr_text=where)
    return where


def _rank(book: Workbook, sheet: Worksheet, at: int, ranking: Ranking) -> int:
    """Values, words, counts, and the positions of the largest counts; the next free column."""
    value, count = get_column_letter(at), get_column_letter(at + 2)
    rows = range(2, len(ranking.values) + 2)
    counts = [
        f"=COUNTIFS({layout.COLUMN_NAME_PREFIX}{ranking.key},{value}{row},{layout.COLUMN_NAME_PREFIX}in_sight,1)"
        f"+{(rows.stop - row) / 1000:g}"
        for row in rows
    ]
    whole = f"{count}$2:{count}${rows.stop - 1}"
    places = [
        f'=IF(LARGE({whole},{place})<1,"",MATCH(LARGE({whole},{place}),{whole},0))'
        for place in range(1, ranking.places + 1)
    ]
    for offset, (part, values) in enumerate(
        (("values", ranking.values), ("words", ranking.words), ("counts", counts), ("places", places))
    ):
        _column(book, sheet, at + offset, f"{ranking.key}: {part}", values, f"rank_{ranking.key}_{part}")
    return at + 5


def _quarters(book: Workbook, sheet: Worksheet, at: int) -> None:
    """The first days of the last quarters, up to that of the latest order; blank while nothing is scored."""
    letter, last = get_column_letter(at), QUARTERS + 1
    latest = f"MAX({layout.COLUMN_NAME_PREFIX}judged_on)"
    starts = [f'=IF({letter}{row + 1}="","",EDATE({letter}{row + 1},-3))' for row in range(2, last)]
    starts.append(f'=IF({latest}=0,"",DATE(YEAR({latest}),3*INT((MONTH({latest})-1)/3)+1,1))')
    _column(book, sheet, at, "Quarters", starts, "quarter_starts")
    for row in range(2, last + 1):
        sheet.cell(row, at).number_format = layout.DATE_FORMAT
