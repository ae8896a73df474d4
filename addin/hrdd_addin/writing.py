"""Writing result columns into an open sheet: one block each, and old or new as a whole.

Before the first cell changes, what stands there is put on record on disk. Whatever fails then, the record is put
back; where Excel does not even answer to that, "Undo last scoring" finds the record later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import xlwings as xw

from hrdd.counting import counted
from hrdd.errors import HrddError
from hrdd_addin import blocks, excel
from hrdd_addin.blocks import Rows
from hrdd_addin.live import Grid, LiveSheet
from hrdd_addin.placing import Target, placed, targets
from hrdd_addin.record import Record, Written, digest, put_back
from hrdd_workbook.cells import TEXT_LIMIT, formula_pieces, plain
from hrdd_workbook.meaning import MeantColumn, meaning_of
from hrdd_workbook.palette import DISPOSITION_TINTS, HEADER_STYLES, RATING_TINTS, Tint
from hrdd_workbook.place import Placed, Placement
from hrdd_workbook.refs import Area, letters
from hrdd_workbook.results import Kind, ResultColumn
from hrdd_workbook.styles import LOOKS

#: Text first, so that a value that looks like a number, a date or a formula stays what it is.
FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": LOOKS["number"].number_format,
    "percent": LOOKS["percent"].number_format,
    "date": LOOKS["date"].number_format,
}
_TO_WATCH = ("STOP", "CRITICAL", "HOLD")
#: So often at most is a sheet written to, whatever its size; a look comes only out of what is left.
WRITES = 12


class NotWritten(HrddError):
    """Excel refused a cell; what stood in the result columns before stands there again."""


class HalfWritten(HrddError):
    """Excel stopped answering in the midst; the former values are on record."""


@dataclass(frozen=True)
class Outcome:
    """Where the results stand, and what the user should know."""

    rows: int
    notes: tuple[str, ...]


def write_results(live: LiveSheet, columns: Sequence[ResultColumn], only: Collection[int] | None = None) -> Outcome:
    """Write result columns; with `only`, just for these sheet rows. Raises NotWritten; then nothing changed."""
    excel.refuse_protected(live.sheet)
    placement = placed(live, columns)
    writing = _Writing(live, placement, only)
    record = writing.record()
    record.save()
    with excel.calm(live.sheet.book.app, f"hrdd: writing {counted(len(live.transactions.frame), 'row')} ..."):
        try:
            record = writing.run(record)
        except (Exception, KeyboardInterrupt) as error:
            raise _taken_back(live, record, error) from error
    record.save()
    return Outcome(writing.count, (*placement.notes, *writing.notes))


def _taken_back(live: LiveSheet, record: Record, error: BaseException) -> HrddError:
    excel.restore(lambda: live.sheet.used_range, times=excel.INSIST)  # until a cell is no longer edited
    if put_back(live.sheet, record):
        record.remove()
        return NotWritten(
            f"Excel did not take the results ({_said(error)}); the sheet {live.sheet.name} stands as it was before."
        )
    return HalfWritten(
        f"Excel stopped answering while results were written ({_said(error)}); results on sheet {live.sheet.name} are "
        "old in part and new in part. Their former values are kept: press Undo last scoring, then score again."
    )


def _said(error: BaseException) -> str:
    """What an error says, in a few words."""
    if isinstance(error, HrddError):
        return str(error).rstrip(".")
    details = [part for part in getattr(error, "excepinfo", None) or () if isinstance(part, str) and part.strip()]
    return (details or [str(error) or type(error).__name__])[-1].strip().rstrip(".")[:120]


class _Writing:
    def __init__(self, live: LiveSheet, placement: Placement, only: Collection[int] | None) -> None:
        self.live, self.placement = live, placement
        self.sheet, self.header = live.sheet, live.transactions.header_row
        self.targets = targets(placement)
        self.notes: list[str] = []
        self.left = WRITES
        self.meant: list[Rows] = []
        rows = live.transactions.row_numbers
        self.chosen = np.ones(len(rows), bool) if only is None else np.isin(rows, list(only))
        self.count = int(self.chosen.sum())
        self.first, self.last = self._span(rows[self.chosen], everything=only is None)

    def _span(self, rows: Any, *, everything: bool) -> tuple[int, int]:
        """The rows that are written; all of them down to the table's end, so that no older result is left."""
        if not everything:
            return int(rows[0]), int(rows[-1])
        is_old = any(not target.is_new for target in self.targets)
        bottom = self.live.table.data_bottom if self.live.table is not None and is_old else 0
        return self.header + 1, max(self.header, bottom, int(rows[-1]) if len(rows) else 0)

    def record(self) -> Record:
        """What stands in the columns now, and what is about to."""
        table = self.live.table if self.placement.joins_table else None
        return Record(
            book=self.sheet.book.name,
            sheet=self.sheet.name,
            table=table.name if table else None,
            table_area=str(table.area) if table else None,
            written=tuple(self._before(target) for target in self.targets),
        )

    def _before(self, target: Target) -> Written:
        computed = tuple(at for at, item in enumerate(target.columns) if item.result.formula)
        before = None if target.is_new else self._old(target, computed).tolist()
        headers = tuple(item.header for item in target.columns)
        made = Written(str(self._area(target)), before, headers, computed=computed)
        self.meant.append(self._meant(target, before))
        return replace(made, after=digest(made.entered(self.meant[-1])))

    def _area(self, target: Target) -> Area:
        return target.area(self.header if target.is_new else self.first, self.last)

    def _old(self, target: Target, computed: Collection[int]) -> Grid:
        """What was entered into the columns before: values, and formulas where ours compute."""
        made = np.empty((self.last - self.first + 1, len(target.columns)), dtype=object)
        for at, item in enumerate(target.columns):
            if at in computed:
                made[:, at] = [row[0] or None for row in excel.formulas(self._cells(item.column))]
            else:
                made[:, at] = self.live.column(item.column, self.first, self.last)
        return made

    def _cells(self, column: int) -> xw.Range:
        return self.sheet.range(str(Area(self.first, column, self.last, column)))

    def run(self, record: Record) -> Record:
        """Write; what Excel made of it is read back and must be what was meant."""
        if self.last < self.first:
            return record
        self._join_table()
        self._format()
        for written, rows in zip(record.written, self.meant, strict=True):
            self._enter(self.sheet.range(written.area), rows)
        for target, written, rows, got in zip(self.targets, record.written, self.meant, self._entered(), strict=True):
            self._compare(target, written.entered(rows), written.entered(got))
        self._trust_edits()
        self._mark()
        self._dress()
        return replace(record, is_done=True)

    def _enter(self, cells: xw.Range, rows: Rows) -> None:
        blocks.enter(cells, rows)
        self.left -= 1

    def _entered(self) -> Iterator[Rows]:
        """What Excel holds in every block now, read as one piece."""
        areas = [self._area(target) for target in self.targets]
        top, left = min(area.top for area in areas), areas[0].left
        rows = blocks.read(self.sheet.range(str(Area(top, left, self.last, areas[-1].right))))
        for area in areas:
            yield [row[area.left - left : area.right - left + 1] for row in rows[area.top - top :]]

    def _trust_edits(self) -> None:
        """No row was edited yet. Where the sheet says so all the same, its formulas are of other columns: they go."""
        for item in self.placement.columns:
            if item.result.key != "edited" or item.result.formula is None:
                continue
            cells = self._cells(item.column)
            excel.compute(cells)
            said = blocks.read(cells)
            if any(said[row][0] is not None for row in self._chosen_rows()):
                self._enter(cells, [[None]] * len(said))
                self.notes.append(
                    f'"{item.header}" is blank: columns were added since the workbook was scored as a file; '
                    "hrdd score on the file brings it back."
                )

    def _chosen_rows(self) -> list[int]:
        """The chosen rows of transactions, counted from the first row that is written."""
        found: list[int] = (self.live.transactions.row_numbers[self.chosen] - self.first).tolist()
        return found

    def _join_table(self) -> None:
        table = self.live.table
        if self.placement.joins_table and table is not None:
            fresh = sum(len(target.columns) for target in self.targets if target.is_new)
            wider = Area(table.area.top, table.area.left, table.area.bottom, table.area.right + fresh)
            self.sheet.tables[table.name].resize(self.sheet.range(str(wider)))
            self.left -= 1

    def _format(self) -> None:
        for kind, code in FORMATS.items():
            areas = list(_areas(self.placement.columns, kind, self.first, self.last))
            for cells in excel.cells(self.sheet, areas):
                cells.number_format = code
                self.left -= 1

    def _meant(self, target: Target, before: Rows | None) -> Rows:
        """The block as it is entered: old values in rows that are not chosen, header on top where new."""
        body = np.empty((self.last - self.first + 1, len(target.columns)), dtype=object)
        if before is not None and not self.chosen.all():
            body[:] = before
        for at, item in enumerate(target.columns):
            values = self._computing(item) or readable(item.result)
            body[self._chosen_rows(), at] = np.array(values, dtype=object)[self.chosen]
        head: Rows = [[item.header for item in target.columns]] if target.is_new else []
        if target.is_new and self.first > self.header + 1:
            head += [[None] * len(target.columns)] * (self.first - self.header - 1)
        return head + body.tolist()

    def _computing(self, item: Placed) -> list[str] | None:
        """The formulas of a column that computes, as one enters them; in a file newer functions have a prefix."""
        if item.result.formula is None:
            return None
        at = {other.result.key: letters(other.column) for other in self.placement.columns}
        pieces = formula_pieces(item.result.formula.replace("_xlfn.", ""), at)
        return [f"={str(row).join(pieces)}" for row in self.live.transactions.row_numbers.tolist()]

    def _compare(self, target: Target, meant: Rows, got: Rows) -> None:
        if got == meant:
            return
        at = next(c for wanted, line in zip(meant, got, strict=True) for c, v in enumerate(wanted) if line[c] != v)
        raise NotWritten(f'Excel kept another value in the column "{target.columns[at].header}" than it was given')

    def _mark(self) -> None:
        """Mark the headers as ours, so that every door knows them again."""
        unmarked = [item.column for item in self.placement.columns if item.state != "ours"]
        heads = [Area(self.header, run.left, self.header, run.right) for run in _across(unmarked)]
        for cells in excel.cells(self.sheet, heads):
            excel.mark(self.sheet.book, cells)
            self.left -= 1

    def _dress(self) -> None:
        """Give new columns what look they get; a look that fails costs nothing."""
        steps = [step for target in self.targets if target.is_new for step in self._looks(target)]
        for step in steps[: max(self.left, 0)]:
            excel.restore(step, times=1)

    def _looks(self, target: Target) -> Iterator[Callable[[], object]]:
        """The look of new columns step by step, what helps most first."""
        judged = [item.column for item in target.columns if item.result.key in ("rating", "disposition")]
        areas = [Area(self.header + 1, run.left, self.last, run.right) for run in _across(judged)]
        for cells in excel.cells(self.sheet, areas):
            for tint in (*DISPOSITION_TINTS, *RATING_TINTS):
                if tint.word in _TO_WATCH:
                    yield partial(_tint, cells, tint)
        for run in _across([item.column for item in target.columns if item.result.group]):
            yield partial(excel.fold, self.sheet.range(str(Area(1, run.left, 1, run.right))))
        if not self.placement.joins_table:
            heads = self.sheet.range(str(target.area(self.header, self.header)))
            yield partial(setattr, heads, "color", f"#{HEADER_STYLES['result'].fill}")
            yield partial(setattr, heads.font, "bold", True)


def _tint(cells: xw.Range, tint: Tint) -> None:
    cells.conditional_formats.add_cell_value(
        "equal_to", f'="{tint.word}"', fill_color=f"#{tint.style.fill}", font_color=f"#{tint.style.ink}"
    )


def _across(columns: Sequence[int]) -> Iterator[Area]:
    """Neighbouring column numbers as areas of one row."""
    for run in excel.runs(sorted(columns)):
        yield Area(1, run.start, 1, run.stop - 1)


def _areas(columns: Sequence[Placed], kind: Kind, first: int, last: int) -> Iterator[Area]:
    """The cells of one kind; those that compute are no text, or their formulas would be."""
    kinds = {item.column: "number" if item.result.formula else item.result.kind for item in columns}
    for run in _across([column for column, found in kinds.items() if found == kind]):
        yield Area(first, run.left, last, run.right)


def readable(column: ResultColumn) -> list[Any]:
    """The values of a column as Excel gives them back: float for numbers, datetime for days, None for nothing."""
    values = plain(column.values)
    if column.kind == "text":
        return [_text(value) for value in values]
    if column.kind == "date":
        return [None if value is None or value != value else _day(value) for value in values]
    return [None if value is None or value != value else float(value) for value in values]


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and len(value) * 2 <= TEXT_LIMIT):
        return value or None
    found: str | None = meaning_of(_TEXT, value)
    return found


def _day(value: Any) -> datetime:
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # a cell has no zone


_TEXT = MeantColumn(column=1, kind="text", values=(), style=0, fresh=False)
