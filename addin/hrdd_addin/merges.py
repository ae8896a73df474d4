"""Merged cells of an open sheet: Excel tells only whether an area has any, so few questions have to do.

They matter twice. A header that is merged over two rows stands in the upper one; and results must not be written
into merged cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import xlwings as xw

from hrdd_addin import excel
from hrdd_workbook.find import Found, best_header
from hrdd_workbook.refs import Area

_MOST = 4  # questions about a header


def merged_header(sheet: xw.Sheet, head: Sequence[Sequence[Any]]) -> Found | None:
    """The best header where texts may be merged downwards.

    First as if every text were merged with the blank cells below it. Which ones the row found this way really has is
    then asked, since a blank header cell is more often just blank.
    """
    maybe = dict(_blanks_below(head))
    best = best_header(0, head, [((top, at), (bottom, at)) for (bottom, at), top in maybe.items()])
    if best is None:
        return None
    row = best.row - 1
    columns = [at + 1 for bottom, at in maybe if bottom == row]
    merged = [at - 1 for at in _merged_columns(sheet, best.row, columns)] if columns else []
    return best_header(0, head, [((maybe[row, at], at), (row, at)) for at in merged])


def _blanks_below(head: Sequence[Sequence[Any]]) -> Iterator[tuple[tuple[int, int], int]]:
    """Each blank cell with a text above it, and the row of that text; all counted from zero."""
    for at in range(max(map(len, head), default=0)):
        text: int | None = None
        for row, cells in enumerate(head):
            if cells[at] is not None:
                text = row
            elif text is not None:
                yield (row, at), text


def _merged_columns(sheet: xw.Sheet, row: int, columns: Sequence[int]) -> Iterator[int]:
    """Which of these blank cells are merged. What the questions do not settle counts as merged: under a text, beside
    headers that are, a blank cell is read as its header by people too.
    """
    waiting = [Area(row, run.start, row, run.stop - 1) for run in excel.runs(columns)]
    for _ in range(min(_MOST, len(columns))):
        if not waiting:
            return
        part = waiting.pop(0)
        said = sheet.range(str(part)).merge_cells
        if said is True:
            yield from range(part.left, part.right + 1)
        elif said is not False:
            middle = (part.left + part.right) // 2
            waiting += [Area(row, part.left, row, middle), Area(row, middle + 1, row, part.right)]
    for part in waiting:
        yield from range(part.left, part.right + 1)


def last_merged_column(sheet: xw.Sheet, part: Area) -> int:
    """The rightmost column of an area that has merged cells; 0 for none."""
    if part.right < part.left or not excel.any_merged(sheet, part):
        return 0
    first, last = part.left, part.right
    while first < last:
        middle = (first + last + 1) // 2
        right = Area(part.top, middle, part.bottom, last)
        first, last = (middle, last) if excel.any_merged(sheet, right) else (first, middle - 1)
    return first
