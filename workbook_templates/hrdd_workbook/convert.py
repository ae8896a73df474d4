"""The values of a workbook in any format that can be read: all of its cells, or a new .xlsx that holds them.

Formats other than .xlsx and .xlsm are read and not written. Their values go into a new workbook, cell by cell at the
same places, into which results are then written like into any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from hrdd_workbook.child import Child, Objects, decoded
from hrdd_workbook.errors import CannotWriteHere, NoTransactions
from hrdd_workbook.refs import LAST_ROW
from hrdd_workbook.source import open_source

_ROWS_AT_ONCE = 20_000


def values_as_xlsx(path: Path, out: Path, password: str | None = None) -> None:
    """Write the values of every worksheet of a workbook into a new .xlsx file."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    with open_source(path, password) as source, Child(source.file, source.name, source.megabytes) as child:
        for index, (name, kind, _) in enumerate(child.ask("sheets")):
            if kind == "WorkSheet":
                _fill(book.create_sheet(name), _rows(child, index))
    book.save(out)


def rows_as_xlsx(name: str, sheet: str, rows: Iterable[Sequence[Any]], out: Path) -> None:
    """Write rows of values into the one sheet of a new .xlsx file; `name` is what they come from, for sentences."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    filled = _fill(book.create_sheet(sheet), islice(rows, LAST_ROW + 1))
    if filled > LAST_ROW:
        raise CannotWriteHere(f"{name} has more rows than a sheet can hold; write it as CSV or Parquet instead.")
    book.save(out)


def _fill(sheet: Any, rows: Iterable[Sequence[Any]]) -> int:
    """Append rows of values to a sheet; how many."""
    from openpyxl.cell import WriteOnlyCell

    number = 0
    for number, row in enumerate(rows, 1):
        if number <= LAST_ROW:
            sheet.append([_cell(WriteOnlyCell, sheet, value) for value in row])
    return number


def sheet_values(path: Path, sheet: str, password: str | None = None) -> list[Objects]:
    """Every column of a sheet, from its first row on, blanks None: an object array each, all of one length."""
    with open_source(path, password) as source, Child(source.file, source.name, source.megabytes) as child:
        names = [name for name, _, _ in child.ask("sheets")]
        if sheet not in names:
            raise NoTransactions(f"{path.name} has no sheet {sheet}.")
        index = names.index(sheet)
        head, height, _ = child.ask("head", index=index, count=1)
        return _columns(child, index, 0, height, len(head[0]) if head else 0)


def _columns(child: Child, index: int, start: int, stop: int, width: int) -> list[Objects]:
    told = child.ask("columns", index=index, start=start, stop=stop, places=list(range(width)))
    return [decoded(column) for column in told]


def _rows(child: Child, index: int) -> Iterator[tuple[Any, ...]]:
    head, height, _ = child.ask("head", index=index, count=1)
    width = len(head[0]) if head else 0
    for start in range(0, height, _ROWS_AT_ONCE):
        columns = _columns(child, index, start, min(start + _ROWS_AT_ONCE, height), width)
        yield from zip(*(column.tolist() for column in columns), strict=True)
    child.forget(index)


def _cell(make: Any, sheet: Any, value: Any) -> Any:
    """A cell of the new workbook: a text stays one although it begins with "=", a span keeps its hours."""
    if value is None or isinstance(value, bool | int | float):
        return value
    cell = make(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, dt.timedelta):
        cell.number_format = "[h]:mm:ss"
    return cell
