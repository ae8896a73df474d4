"""Scoring a table in parts: read ahead, scored, written behind; memory is bounded by the part, not by the table."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import OUTPUTS, flag_columns
from hrdd.errors import NoTransactions
from hrdd.intake import Mask, repeated_ids
from hrdd.packs import Catalogue, load_catalogue
from hrdd_cli.books import How, read_book
from hrdd_cli.datasets import Chunk, Dataset, Framed, Text
from hrdd_cli.fingerprints import of_file
from hrdd_cli.naming import Names, name_results
from hrdd_cli.outcome import Outcome, Tally
from hrdd_cli.pieces import ROWS_AT_ONCE, Piece, score_part
from hrdd_cli.sinks import Put, file_sink, opened
from hrdd_cli.targets import Job
from hrdd_workbook.atomic import Stamp, refuse_open, stamp
from hrdd_workbook.convert import rows_as_xlsx, sheet_values
from hrdd_workbook.outputs import scored_on
from hrdd_workbook.pipeline import read_ahead, write_behind
from hrdd_workbook.rows import filled, totals


def score_table(job: Job, how: How) -> Outcome:
    """Score a table of any kind into one of any kind."""
    started, source = time.perf_counter(), Path(job.source)
    read = stamp(source) if job.kind != "query" else None
    if job.target is not None and how.into is None:
        refuse_open(Path(job.target))
    with dataset(job, how) as data:
        scoring = Scoring(data, how)
        with _sink(job, how, data, read) as put:
            scoring.run(put)
    return scoring.tally.outcome(
        job, data.name, scoring.last, notes=list(data.notes), changed=job.target is not None,
        seconds=time.perf_counter() - started, read_print=of_file(source) if job.kind != "query" else "",
    )  # fmt: skip


def table_as_book(job: Job, book: Path, how: How) -> None:
    """Write a table's own columns into a new workbook, which results can be written into."""
    with dataset(job, how) as data:
        names = name_results(data.names, data.match, load_catalogue())
        own = names.kept(len(data.names))

        def rows() -> Iterator[Sequence[Any]]:
            yield [data.names[at] for at in own]
            for chunk in data.chunks():
                yield from zip(*(cells_as_values(chunk, at, data) for at in own), strict=True)

        rows_as_xlsx(data.name, "Transactions", rows(), book)


def cells_as_values(chunk: Chunk, at: int, data: Dataset) -> list[Any]:
    """A column as cells of a workbook: numbers and dates where they were read as such, blanks None."""
    key = next((key for key, place in data.match.keys.items() if place == at), None)
    column = chunk.cells[key] if key is not None else chunk.given[at]
    values = column.astype(object)
    return values.where(values.notna() & (values != ""), None).tolist()


@contextlib.contextmanager
def dataset(job: Job, how: How) -> Iterator[Dataset]:
    """The table of a file or of a query."""
    path = Path(job.source)
    if job.kind == "query":
        from hrdd_cli.database import queried

        with queried(*how.query) as found:
            yield found
    elif job.kind == "text":
        yield Text(path)
    elif job.kind == "arrow":
        from hrdd_cli.columnar import columnar

        yield columnar(path)
    else:
        yield _sheet(job, how)


def _sheet(job: Job, how: How) -> Framed:
    """The cells of a workbook's sheet below its header, for results in another format."""
    read = read_book(Job(job.source, job.kind, None), how).read
    columns = sheet_values(read.path, read.sheet, how.password)
    names = ["" if column[read.header_row - 1] is None else str(column[read.header_row - 1]) for column in columns]
    rows = read.row_numbers - 1
    frame = pd.DataFrame({at: column[rows] for at, column in enumerate(columns)}, dtype=object)
    starts = range(0, len(frame), ROWS_AT_ONCE)
    whole = list(range(len(names)))

    def parts(_places: Any) -> Iterator[pd.DataFrame]:
        yield from (frame.iloc[start : start + ROWS_AT_ONCE, whole] for start in starts)

    return Framed(read.path.name, names, parts, first_row=read.first_row, notes=list(read.notes))


def _sink(job: Job, how: How, data: Dataset, read: Stamp | None) -> contextlib.AbstractContextManager[Put]:
    """Where the scored rows go."""
    if job.target is None:
        return contextlib.nullcontext(lambda _rows: None)
    if how.into is not None:
        from hrdd_cli.database import table_sink

        return table_sink(*how.into, source=job.source)
    target, source = Path(job.target), None if job.kind == "query" else Path(job.source)
    if not isinstance(data, Text):
        return file_sink(source, target, opened(target), read)
    encoding = data.file.encoding if data.file.encoding == "utf-8" else "utf-8-sig"
    how_written = opened(target, data.file.delimiter, data.file.decimal or ".", encoding)
    return file_sink(source, target, how_written, read)


class Scoring:
    """The scoring of one table: its counts so far, and the last part that was scored."""

    last: Piece

    def __init__(self, data: Dataset, how: How) -> None:
        self.data, self.how = data, how
        self.catalogue = load_catalogue()
        self.names = name_results(data.names, data.match, self.catalogue)
        self.tally = Tally()

    def run(self, put: Put) -> None:
        """Score all parts and hand each on; raises where there is none."""
        ids = self.data.ids()
        self._repeated = None if ids is None else repeated_ids(ids)
        del ids
        write_behind(self._parts(), put, depth=1)
        if not self.tally.rows:
            raise NoTransactions(f"{self.data.name} has columns of transactions and no row under them.")

    def _parts(self) -> Iterator[pd.DataFrame]:
        start = 0
        for chunk in read_ahead(self.data.chunks(), depth=1):
            yield self._part(chunk, start)
            start += len(chunk.given)

    def _part(self, chunk: Chunk, start: int) -> pd.DataFrame:
        """The table's own columns and the results; a row that says nothing, or adds up others, has none."""
        rows = len(chunk.given)
        kept = _transactions(chunk.cells, rows)
        repeated = np.zeros(rows, dtype=bool) if self._repeated is None else self._repeated[start : start + rows]
        whole = bool(kept.all())
        cells = chunk.cells if whole else chunk.cells[kept].reset_index(drop=True)
        piece = self.last = score_part(cells, self.how.day, repeated[kept])
        numbers = np.flatnonzero(kept) + start + self.data.first_row
        self.tally.add(piece, lambda row, key: self._where(int(numbers[row]), key))
        own = self.names.kept(chunk.given.shape[1])
        given = chunk.given.iloc[:, own].set_axis([self.data.names[at] for at in own], axis=1)
        results = named_results(piece, self.names, self._previous(chunk, kept))
        if not whole:
            results = results.set_axis(np.flatnonzero(kept)).reindex(range(rows))
        return pd.concat([given.reset_index(drop=True), results], axis=1)

    def _where(self, number: int, key: str) -> str:
        place = self.data.match.keys.get(key)
        return f"row {number}" if place is None else f"row {number}, {self.data.names[place]}"

    def _previous(self, chunk: Chunk, kept: Mask) -> pd.DataFrame | None:
        if not {"verdict_id", "scored_on"} <= self.names.owned.keys():
            return None
        found = {key: chunk.given.iloc[:, self.names.owned[key]] for key in ("verdict_id", "scored_on")}
        before = pd.DataFrame(found)
        return before.loc[kept].reset_index(drop=True)


def _transactions(cells: pd.DataFrame, rows: int) -> Any:
    """Which rows are transactions; looked at only where a first glance leaves a doubt."""
    if len(cells.columns) == 0:
        return np.zeros(rows, dtype=bool)
    sure = np.zeros(rows, dtype=bool)
    for key in cells.columns.intersection(["product", "end_user", "destination_country"]):
        sure |= cells[key].notna().to_numpy()
    unsure = np.flatnonzero(~sure)
    if len(unsure):
        some = cells.iloc[unsure].astype(object)
        left = {key: np.asarray(some[key].where(some[key].notna(), None), dtype=object) for key in some.columns}
        sure[unsure] = filled(list(left.values())) & ~totals(left)
    return sure


def named_results(piece: Piece, names: Names, previous: pd.DataFrame | None) -> pd.DataFrame:
    """The results under their names, empty texts as blanks."""
    found = {key: _blanks(piece.columns[key]) for key in piece.columns}
    found["scored_on"] = scored_on(piece.columns, previous)
    found |= {key: piece.flags[key] for key in piece.flags}
    return pd.DataFrame({names.results[key]: found[key] for key in result_keys(piece.catalogue)})


def result_keys(catalogue: Catalogue) -> list[str]:
    """The keys of all results, in their order."""
    return [column.key for column in (*OUTPUTS, *flag_columns(catalogue.red_flags))]


def _blanks(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column with room for blanks, so that its type is the same whether a part of a table has any or none."""
    if column.dtype.kind in "iu":
        return column.astype("Int16")
    return column.mask(column == "") if column.dtype.kind not in "fM" else column
