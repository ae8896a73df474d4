"""Pours orders into a freshly drawn workbook: rows spelled at once, each cell in the look of its column.

Only for workbooks that `hrdd_workbook.template` has just drawn, whose spelling is known; into a user's workbook
nothing is poured.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import layout
from .cells import Content, plain
from .design import Design
from .layout import Field
from .refs import letters
from .results import Kind

Columns = Mapping[str, Sequence[Any]]


def rows_of(columns: Columns) -> int:
    """How many orders there are."""
    return max((len(values) for values in columns.values()), default=0)


def poured(sheet: bytes, columns: Columns, design: Design) -> bytes:
    """The worksheet part with these orders below the header; `columns` are values by column key."""
    styles = _styles(sheet)
    keys = [field for field in design.fields if field.key in columns]
    cells = [_cells(design.column(field.key), plain(columns[field.key]), styles) for field in keys]
    first, rows = layout.FIRST_ROW, rows_of(columns)
    heights = _heights(keys, columns, rows)
    made = (
        b'<row r="%d" ht="%g">%b</row>' % (first + at, heights[at], b"".join(column[at] for column in cells))
        for at in range(rows)
    )
    head, tail = sheet.split(b"</sheetData>")
    return head + b"".join(made) + b"</sheetData>" + tail


def _styles(sheet: bytes) -> dict[int, bytes]:
    """The cell format of each column, as the drawn sheet has it."""
    found: dict[int, bytes] = {}
    for tag in re.findall(rb"<col [^>]*>", sheet):
        told: dict[bytes, bytes] = dict(re.findall(rb' (\w+)="([^"]*)"', tag))
        found.update(dict.fromkeys(range(int(told[b"min"]), int(told[b"max"]) + 1), told.get(b"style", b"0")))
    return found


def _cells(at: int, values: Sequence[Any], styles: Mapping[int, bytes]) -> list[bytes]:
    lead = b'" s="%b' % styles[at] + b'"'
    kinds: tuple[Kind, ...] = ("text", "number", "bool", "date")
    contents: dict[str, Content] = {kind: Content(kind, "", lead) for kind in kinds}
    start, rows = f'<c r="{letters(at)}'.encode(), range(layout.FIRST_ROW, layout.FIRST_ROW + len(values))
    return [
        b"" if value is None else b"%b%d%b" % (start, row, contents[_kind(value)][value])
        for row, value in zip(rows, values, strict=True)
    ]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "date" if isinstance(value, dt.date) else "text"


def _heights(fields: Sequence[Field], columns: Columns, rows: int) -> list[float]:
    """How high each row has to be for its wrapped texts to show; programs fit it anew."""
    wrapped = [field for field in fields if field.wrap]
    if not wrapped:
        return [layout.LINE_HEIGHT * layout.LEAST_LINES] * rows
    return [layout.row_height({f.key: str(columns[f.key][at] or "") for f in wrapped}) for at in range(rows)]
