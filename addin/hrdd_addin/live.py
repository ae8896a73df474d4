"""Reading transactions from an open worksheet: the same `Transactions` that a file gives.

A sheet is read once, as one block of values; everything else (header, table, rows, totals) is found in memory by
the rules that the file reader has. Merged cells are asked for only where they can matter: a sheet may have thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import xlwings as xw

from hrdd.columns import INPUTS
from hrdd_addin import blocks, excel
from hrdd_addin.merges import merged_header
from hrdd_workbook.errors import NoTransactions
from hrdd_workbook.find import HEADER_ROWS, TABLE, Found, best_header, header_at, within
from hrdd_workbook.refs import Area, letters
from hrdd_workbook.rows import filled, totals
from hrdd_workbook.table import Table
from hrdd_workbook.transactions import (
    RECALLED,
    CellError,
    Transactions,
    below_note,
    error_note,
    frame_of,
    missing_notes,
    sums_notes,
)

_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})
_CELLS_AT_ONCE, _READS = 4_000_000, 6
Grid = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class LiveSheet:
    """An open sheet as it was read: its values from `used` on, its tables, its transactions."""

    sheet: xw.Sheet
    used: Area
    values: Grid
    has_merges: bool
    tables: Mapping[str, Table]
    transactions: Transactions

    @property
    def table(self) -> Table | None:
        """The table that holds the transactions."""
        name = self.transactions.table
        return self.tables[name] if name is not None else None

    @property
    def notices_edits(self) -> bool:
        """Whether rows say when they were edited: a workbook scored as a file has what that takes, name and all."""
        at, rows = self.transactions.owned.get("row_as_scored"), self.transactions.row_numbers
        return at is not None and len(rows) > 0 and any(self.column(at, int(rows[0]), int(rows[-1])))

    def column(self, number: int, first: int, last: int) -> list[Any]:
        """The values of a column of the sheet between two rows; None outside the used range."""
        found = [None] * (last - first + 1)
        if self.used.left <= number <= self.used.right and last >= first:
            top, bottom = max(first, self.used.top), min(last, self.used.bottom)
            inside = self.values[top - self.used.top : bottom - self.used.top + 1, number - self.used.left]
            found[top - first : top - first + len(inside)] = inside.tolist()
        return found


def read_sheet(sheet: xw.Sheet) -> LiveSheet:
    """Read an open worksheet. Raises NoTransactions when nothing on it reads like a header of transactions."""
    used = excel.area_of(sheet.used_range)
    values = _values(sheet, used)
    has_merges = excel.any_merged(sheet, used)
    tables = {table.name: table for table in _tables(sheet, used, values)}
    found, table = _found(sheet, used, values, tables, has_merges=has_merges)
    transactions = _Making(sheet, used, values, found, table).transactions()
    return LiveSheet(sheet, used, values, has_merges, tables, transactions)


def _values(sheet: xw.Sheet, used: Area) -> Grid:
    """The used range as an array of objects, read in a handful of pieces whatever its size."""
    rows, columns = used.bottom - used.top + 1, used.right - used.left + 1
    step = max(_CELLS_AT_ONCE // columns, -(-rows // _READS))
    made = np.empty((rows, columns), dtype=object)
    for top in range(0, rows, step):
        bottom = min(top + step, rows)
        piece = Area(used.top + top, used.left, used.top + bottom - 1, used.right)
        made[top:bottom] = blocks.read(sheet.range(str(piece)))
    return made


def _tables(sheet: xw.Sheet, used: Area, values: Grid) -> Iterator[Table]:
    for table in sheet.tables:
        where = excel.area_of(table.range)
        names = values[where.top - used.top, where.left - used.left : where.right - used.left + 1].tolist()
        header, total = int(bool(table.show_headers)), int(bool(table.show_totals))
        yield Table("", table.name, where, header, total, tuple(_text(name) for name in names), excel.is_linked(table))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _found(
    sheet: xw.Sheet, used: Area, values: Grid, tables: Mapping[str, Table], *, has_merges: bool
) -> tuple[Found, Table | None]:
    """The header and the table around it, as the file reader finds them on one sheet."""
    named = next((table for name, table in tables.items() if name.casefold() == TABLE and table.header_rows), None)
    head = _head(used, values, max(HEADER_ROWS, named.area.top if named else 0))
    if named is not None:
        found = header_at(0, named.area.top, head, ())
        if found is not None and found.match.score > 0:
            return within(found, named), named
    best = merged_header(sheet, head[:HEADER_ROWS]) if has_merges else best_header(0, head[:HEADER_ROWS], ())
    if best is None:
        raise NoTransactions(
            f"Sheet {sheet.name}: no row among the first {HEADER_ROWS} reads like a header of transactions; go to the "
            "sheet that has them, or name the columns as in the template, at least product, end user and destination."
        )
    table = next((table for table in tables.values() if table.area.top == best.row and table.header_rows), None)
    return (best if table is None else within(best, table)), table


def _head(used: Area, values: Grid, rows: int) -> list[list[Any]]:
    """The first rows of the sheet, from its first row and column on."""
    width = used.right
    head = [[None] * width for _ in range(min(rows, used.bottom))]
    for row in range(used.top, min(rows, used.bottom) + 1):
        head[row - 1][used.left - 1 :] = values[row - used.top].tolist()
    return head


@dataclass
class _Making:
    sheet: xw.Sheet
    used: Area
    values: Grid
    found: Found
    table: Table | None
    notes: list[str] = field(default_factory=list)

    def transactions(self) -> Transactions:
        match = self.found.match
        columns = {c.key: self._cells(match.keys[c.key]) for c in INPUTS if c.key in match.keys}
        before = {key: self._cells(match.owned[key]) for key in RECALLED if key in match.owned}
        bottom = self.table.data_bottom if self.table else self.used.bottom
        inside = max(bottom - self.found.row, 0)
        some = filled(list(columns.values()))
        within_table = {key: cells[:inside] for key, cells in columns.items()}
        kept = np.flatnonzero(some[:inside] & ~totals(within_table))
        self._tell(columns, int(some[inside:].sum()))
        return Transactions(
            path=Path(self.sheet.book.name),
            frame=frame_of({key: values[kept] for key, values in columns.items()}, len(kept)),
            sheet=self.sheet.name,
            table=self.table.name if self.table else None,
            header_row=self.found.row,
            row_numbers=kept.astype(np.int64) + self.found.row + 1,
            columns={key: letters(match.keys[key] + 1) for key in columns},
            owned={key: place + 1 for key, place in match.owned.items()},
            previous=frame_of({key: values[kept] for key, values in before.items()}, len(kept)),
            notes=(*match.notes, *missing_notes(columns), *sums_notes(within_table), *self.notes),
        )

    def _cells(self, place: int) -> Grid:
        """The cells below the header in a column at a 0-based position, errors told apart from text."""
        start = max(self.found.row + 1 - self.used.top, 0)
        below = self.values[start:, place + 1 - self.used.left]
        values = below.tolist()
        if set(map(type, values)) <= _AS_THEY_ARE and _ERRORS.isdisjoint(values):
            return below.copy()
        made = np.empty(len(below), dtype=object)
        made[:] = [as_read(value) for value in values]
        return made

    def _tell(self, columns: Mapping[str, Grid], below: int) -> None:
        errors = sum(list(map(type, cells)).count(CellError) for cells in columns.values())
        if errors:
            self.notes.append(error_note(errors))
        if below and self.table is not None:
            self.notes.append(below_note(below, self.table.name))


def as_read(value: Any) -> Any:
    """A value as the file reader has it: errors apart from text, days as dates, money as a number."""
    if isinstance(value, str):
        return CellError(value) if value in _ERRORS else value
    if type(value) is int:  # numbers come as float; an int is an error that xlwings has no name for
        return CellError("#ERROR!")
    if isinstance(value, datetime):
        return value.date() if value.time() == _MIDNIGHT else value
    return float(value) if isinstance(value, Decimal) else value


_MIDNIGHT, _AS_THEY_ARE = time(), {str, float, bool, type(None)}
