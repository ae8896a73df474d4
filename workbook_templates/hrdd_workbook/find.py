"""Finding the transactions in a workbook: the table of that name, or the row that reads most like a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hrdd.columns import HeaderMatch, best_possible, match_headers

if TYPE_CHECKING:
    from hrdd_workbook.table import Table

HEADER_ROWS = 50
TABLE = "transactions"
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


@dataclass(frozen=True)
class Found:
    """A header: the sheet's index, the header's row (from one), and which column is what."""

    sheet: int
    row: int
    match: HeaderMatch
    headers: tuple[Any, ...] = field(default=())


def best_header(sheet: int, rows: Sequence[Sequence[Any]], merged: Merged) -> Found | None:
    """The row of a sheet's first rows that scores best; the upper one of equals. None when none does."""
    best: Found | None = None
    for number, row in enumerate(_spread(rows, merged), 1):
        texts = sum(isinstance(value, str) and bool(value.strip()) for value in row)
        if texts < 3 or (best is not None and best_possible(texts) <= best.match.score):
            continue
        match = match_headers(row)
        if match.score > 0 and (best is None or match.score > best.match.score):
            best = Found(sheet, number, match, tuple(row))
    return best


def header_at(sheet: int, row: int, rows: Sequence[Sequence[Any]], merged: Merged) -> Found | None:
    """The header at a row that is known, such as a table's."""
    if row > len(rows):
        return None
    headers = _spread(rows, merged)[row - 1]
    return Found(sheet, row, match_headers(headers), tuple(headers))


def within(found: Found, table: Table) -> Found:
    """Only the columns of the table count; what stands beside it is somebody else's."""
    match = found.match
    inside = range(table.area.left - 1, table.area.right)
    keys = {key: place for key, place in match.keys.items() if place in inside}
    return Found(found.sheet, found.row, type(match)(keys, match.owned, match.notes, match.score), found.headers)


def _spread(rows: Sequence[Sequence[Any]], merged: Merged) -> list[list[Any]]:
    """Rows with the value of a merged range in each of its rows (first column only)."""
    spread = [list(row) for row in rows]
    for (top, left), (bottom, _right) in merged:
        if top < len(spread) and bottom > top and left < len(spread[top]):
            for row in spread[top + 1 : bottom + 1]:
                if row[left] is None:
                    row[left] = spread[top][left]
    return spread
