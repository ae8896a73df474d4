"""Transactions as they were read: values as they stand, and where each of them stands.

A blank is None, an error cell is a `CellError`, a formula without a stored result `NoCachedValue`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.counting import counted
from hrdd_workbook.rows import Objects, sums_at_the_foot

if TYPE_CHECKING:
    import pandas as pd

#: The results of an earlier run that a later one looks at.
RECALLED = ("verdict_id", "scored_on")
Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class CellError:
    """An error that a cell shows, such as #N/A; the fact behind it is unknown."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class NoCachedValue:
    """A formula that was never computed, so its value is unknown until Excel has opened the file."""

    def __str__(self) -> str:
        return "formula without a stored result"


@dataclass(frozen=True)
class Transactions:
    """Transactions of one sheet or text file.

    `frame` has one object column per recognised input key, in the order of the contract; `row_numbers` gives
    the sheet row of each of its rows, `columns` the letter of each key. `owned` maps output keys to column
    numbers (from one) where a header of ours stands; whether such a column is ours is the writer's to judge.
    `previous` has what stands under those of RECALLED, by output key, so that a verdict may keep its day.
    `table` is the name of the table that holds the rows, or None. `notes` are sentences for the report.
    """

    path: Path
    frame: pd.DataFrame
    sheet: str
    table: str | None
    header_row: int
    row_numbers: Rows
    columns: dict[str, str]
    owned: dict[str, int] = field(default_factory=dict)
    previous: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    writable: bool = True

    @property
    def first_row(self) -> int:
        """The sheet row of the first transaction, or the one below the header when there is none."""
        return int(self.row_numbers[0]) if len(self.row_numbers) else self.header_row + 1

    def where(self, row_index: int, key: str) -> str:
        """Where a cell stands, as Excel says it: "Orders!F17"."""
        sheet = self.sheet if self.sheet.isalnum() else "'" + self.sheet.replace("'", "''") + "'"
        if key not in self.columns:
            return f"{sheet} row {self.row_numbers[row_index]} (no column {INPUT_BY_KEY[key].header})"
        return f"{sheet}!{self.columns[key]}{self.row_numbers[row_index]}"


def frame_of(columns: dict[str, Objects], rows: int) -> pd.DataFrame:
    """An object frame over these arrays, with no guess at their types."""
    import pandas as pd

    return pd.DataFrame(columns, index=pd.RangeIndex(rows), dtype=object, copy=False)


def missing_notes(columns: dict[str, Any]) -> list[str]:
    """A sentence for each required column that the file does not have."""
    return [
        f'There is no column "{column.header}"; it is unknown for every row.'
        for column in INPUT_BY_KEY.values()
        if column.required and column.key not in columns
    ]


def error_note(cells: int) -> str:
    """What is said of cells that show an error."""
    return f"Unknown, since an error such as #N/A stands there: {counted(cells, 'cell')}."


def below_note(rows: int, table: str) -> str:
    """What is said of rows below a table."""
    told = f"Not read: {counted(rows, 'row')} below the table {table}"
    return f"{told}; drag the table's corner over those that are transactions."


def sums_notes(columns: dict[str, Objects]) -> list[str]:
    """What is said of rows that were taken for sums, although no word for total stands there."""
    rows = int(sums_at_the_foot(columns).sum())
    told = f"Not read: {counted(rows, 'row')} at the foot with numbers alone, as sums are; give an order there its id."
    return [told] if rows else []
