"""Tables that are no workbook sheet: delimited text, Parquet, Feather, a workbook's cells, a query; read in parts.

A dataset is walked at least twice: once for its column of ids, so that an id borne twice is found wherever it
stands, and once for its rows. Its own columns pass through as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from hrdd.columns import INPUTS, HeaderMatch, match_headers
from hrdd.errors import HrddError, NoTransactions
from hrdd_cli.pieces import ROWS_AT_ONCE
from hrdd_workbook.text import TextFile, text_file
from hrdd_workbook.transactions import missing_notes


class ExtraMissing(HrddError):
    """A library that is installed with an extra, and is not there."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a dataset: its own columns by position, and cells by input key."""

    given: pd.DataFrame
    cells: pd.DataFrame


class Dataset(Protocol):
    """A table with named columns whose rows come in chunks, each time from the first."""

    name: str
    names: list[str]
    match: HeaderMatch
    first_row: int
    notes: list[str]

    def ids(self) -> pd.Series[Any] | None:
        """The whole column of transaction ids; None where there is none."""

    def chunks(self) -> Iterator[Chunk]:
        """The rows, at most ROWS_AT_ONCE at a time."""


def places(match: HeaderMatch) -> dict[str, int]:
    """The position of each recognised input column, in the order of the contract."""
    return {column.key: match.keys[column.key] for column in INPUTS if column.key in match.keys}


def recognised(name: str, names: Sequence[str]) -> HeaderMatch:
    """Which columns hold what; raises NoTransactions where they are none of transactions."""
    match = match_headers(names)
    if not match.score:
        raise NoTransactions(
            f"{name} has no columns of transactions; name them as in the template, at least product, end user and "
            f"destination. It has {', '.join(map(str, names[:8]))}."
        )
    return match


class Text:
    """A delimited text file; its cells stay as they are written."""

    def __init__(self, path: Path) -> None:
        self.file: TextFile = text_file(path)
        self.name, self.match, self.first_row = path.name, self.file.match, self.file.header_row + 1
        self.names = [*self.file.headers, *[""] * (self.file.width - len(self.file.headers))]
        self.notes = [*self.file.notes, *self.match.notes, *missing_notes(self.match.keys)]

    def ids(self) -> pd.Series[Any] | None:
        """The column of ids, by one more walk over the file."""
        place = self.match.keys.get("transaction_id")
        if place is None:
            return None
        cells = (record[place].strip() if place < len(record) else "" for record in self.file.records())
        return pd.Series([cell or None for cell in cells], dtype=object)

    def chunks(self) -> Iterator[Chunk]:
        """Records below the header."""
        records = self.file.records()
        while rows := list(islice(records, ROWS_AT_ONCE)):
            width = self.file.width
            padded = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
            given = {at: np.array(column, dtype=object) for at, column in enumerate(zip(*padded, strict=True))}
            yield Chunk(pd.DataFrame(given), pd.DataFrame(self.file.cells(rows)))


@dataclass
class Framed:
    """A table whose chunks are frames, from wherever `parts` takes them."""

    name: str
    names: list[str]
    parts: Any
    first_row: int = 1
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.match = recognised(self.name, self.names)
        self.notes = [*self.notes, *self.match.notes, *missing_notes(self.match.keys)]

    def ids(self) -> pd.Series[Any] | None:
        """The column of ids over all parts."""
        place = self.match.keys.get("transaction_id")
        if place is None:
            return None
        found = [part.iloc[:, place].astype(object) for part in self.parts([place])]
        return pd.concat(found, ignore_index=True) if found else pd.Series([], dtype=object)

    def chunks(self) -> Iterator[Chunk]:
        """The parts, with the recognised columns under their keys."""
        for part in self.parts(None):
            cells = {key: cells_of(part.iloc[:, place]) for key, place in places(self.match).items()}
            yield Chunk(part.set_axis(range(part.shape[1]), axis=1), pd.DataFrame(cells))


def cells_of(column: pd.Series[Any]) -> Any:
    """A column as the scorer takes it fastest: by its distinct values, but for measured numbers."""
    dtype = column.dtype
    if not isinstance(dtype, pd.ArrowDtype):
        return column.reset_index(drop=True)
    if dtype.kind == "f" or str(dtype).startswith("decimal"):
        return pd.Series(column.to_numpy(dtype=float, na_value=np.nan), dtype=object)
    if dtype.kind == "O":
        return column.astype(object).reset_index(drop=True)
    codes, distinct = pd.factorize(column)  # in order of appearance: to sort them would cost as much again
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(distinct)))
