"""Putting result cells into rows, block by block, without touching any other cell.

Rows in the usual spelling are cut and get their results all at once; anything else is read cell by cell with the
full grammar. Both ways give the same cells. Every edit says what it was made of, so that it can be checked.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, repeat
from typing import NamedTuple

from hrdd_workbook.cuts import Cut, Group, Target, cut, groups_of
from hrdd_workbook.errors import Declined
from hrdd_workbook.grammar import (
    Cell,
    Row,
    UsualRows,
    cells,
    drop_spans,
    has_content,
    in_order,
    usual_rows,
    walk,
)
from hrdd_workbook.refs import LAST_ROW, letters
from hrdd_workbook.sheet import Spelling, attributes


class InTheWay(Declined):
    """A cell in a new column has content although the sheet's own dimension ends before it."""


@dataclass(frozen=True)
class Fill:
    """What to put where: targets by column, the sheet rows of the values, and the rows to clear up to."""

    targets: tuple[Target, ...]
    rows: list[int]
    header_row: int
    clear_to: int = 0


class Edit(NamedTuple):
    """A stretch of whole rows before and after; `cut` where they got their results in bulk."""

    old: bytes
    new: bytes
    cut: Cut | None = None


@dataclass
class Filler:
    """Carries a fill over the blocks of one sheet, in order."""

    fill: Fill
    spelling: Spelling
    where: str
    careful: bool = False
    last: int = 0
    _next: int = 0
    _groups: list[Group] = field(init=False)

    def __post_init__(self) -> None:
        self._groups = groups_of(self.fill.targets, self.spelling)

    def block(self, block: bytes) -> Iterator[Edit]:
        """The edits that a block of whole rows needs, in order; what they are made of is the block."""
        usual = None if self.careful else usual_rows(block, self.spelling)
        if usual is None or not self._complete(usual.numbers):
            yield self._by_cell(block)
            return
        if usual.numbers[0] <= self.last or usual.numbers[-1] > LAST_ROW or not in_order(usual.numbers):
            raise Declined(f"{self.where}: the rows after row {self.last} are not in order.")
        for bulk, start, stop in self._runs(usual.numbers):
            whole = stop - start == len(usual.numbers)
            yield self._stretch(block, usual, bulk) if whole else self._part(usual.part(start, stop), bulk)
            self.last = usual.numbers[stop - 1]

    def end(self) -> Edit:
        """Rows that the sheet does not have yet, after its last one."""
        return Edit(b"", b"".join(self._missing(LAST_ROW + 1)))

    def _complete(self, numbers: list[int]) -> bool:
        """Whether every row to fill up to the end of this block is one of its rows."""
        wanted = self.fill.rows[self._next : bisect_right(self.fill.rows, numbers[-1])]
        if self.last < self.fill.header_row <= numbers[-1]:
            wanted = [*wanted, self.fill.header_row]
        return wanted == numbers or set(wanted) <= set(numbers)

    def _runs(self, numbers: list[int]) -> Iterator[tuple[bool | None, int, int]]:
        """Runs of rows that get values (True), stay as they are (None) or need a closer look (False)."""
        fill = self.fill
        wanted = fill.rows[self._next : bisect_right(fill.rows, numbers[-1])]
        if wanted == numbers:
            yield True, 0, len(numbers)
            return
        filled, at = set(wanted), 0
        looked_at = range(fill.header_row, max(fill.header_row, fill.clear_to) + 1)
        for bulk, run in groupby(numbers, lambda number: number in filled or (False if number in looked_at else None)):
            stop = at + len(list(run))
            yield bulk, at, stop
            at = stop

    def _part(self, rows: UsualRows, bulk: bool | None) -> Edit:
        start, close = self.spelling.row, self.spelling.row_close
        return self._stretch(b"".join((start, (close + start).join(rows.rows), close)), rows, bulk)

    def _stretch(self, old: bytes, rows: UsualRows, bulk: bool | None) -> Edit:
        if bulk is None:
            return Edit(old, old)
        made = cut(old, rows, self._groups, self.spelling) if bulk and self._groups else None
        if made is None:
            return self._by_cell(old)
        self._next += len(rows.numbers)
        return Edit(old, b"".join(self._grown(made)), made)

    def _grown(self, made: Cut) -> list[bytes]:
        """The pieces of the rows, by turns: what is kept, and the cells of a group of results."""
        texts = made.rows.texts
        count = len(texts)
        values, leads, start = slice(self._next - count, self._next), iter(made.leads), self.spelling.cell
        runs: list[Iterable[bytes]] = [repeat(self.spelling.row, count)]
        for kept, group in zip(made.kept, self._groups, strict=False):
            runs += [kept, repeat(start + group.targets[0].start, count)]
            close = b"" if group is not self._groups[-1] or any(made.kept[-1]) else self.spelling.row_close
            afters = [*(start + target.start for target in group.targets[1:]), close]
            for target, lead, after in zip(group.targets, leads, afters, strict=False):
                runs += [texts, *target.content.like(lead, after).runs(target.values[values], texts)]
        if any(made.kept[-1]):
            runs += [made.kept[-1], repeat(self.spelling.row_close, count)]
        pieces = [b""] * (count * len(runs))
        for at, run in enumerate(runs):
            pieces[at :: len(runs)] = run
        return pieces

    def _by_cell(self, block: bytes) -> Edit:
        made = []
        for row in walk(block, self.spelling, self.last, self.where):
            made.append(row.before)
            made.extend(self._missing(row.number))
            made.append(self._edited(row))
        made.append(block[len(block.rstrip()) :])
        return Edit(block, b"".join(made))

    def _missing(self, before: int) -> Iterator[bytes]:
        """Rows to fill that the sheet skips, up to but without row `before`."""
        p = self.spelling.prefix
        for number in self._rows_between(before):
            opening = b"<" + p + b'row r="%d">' % number
            yield self._edited(Row(number, opening, b"", self.spelling.row_close))

    def _rows_between(self, before: int) -> list[int]:
        found = self.fill.rows[self._next : bisect_left(self.fill.rows, before)]
        if self.last < self.fill.header_row < before and any(target.header is not None for target in self.fill.targets):
            found.append(self.fill.header_row)
        return sorted(found)

    def _edited(self, row: Row) -> bytes:
        """One row with its cells in place."""
        index = self._index(row.number)
        self.last = max(self.last, row.number)
        heading = row.number == self.fill.header_row
        clearing = self.fill.header_row < row.number <= self.fill.clear_to
        inner = row.inner or b""
        made = inner
        if index is not None or heading or clearing:
            made = self._cells(row.number, inner, index, heading=heading)
        if made == inner:
            return row.open + inner + row.close
        grown = made.count(self.spelling.cell) > inner.count(self.spelling.cell)
        opening = drop_spans(row.open) if grown else row.open
        if row.inner is None:
            return opening[:-2].rstrip() + b">" + made + self.spelling.row_close
        return opening + made + row.close

    def _index(self, number: int) -> int | None:
        rows = self.fill.rows
        if self._next < len(rows) and rows[self._next] == number:
            self._next += 1
            return self._next - 1
        return None

    def _cells(self, number: int, inner: bytes, index: int | None, *, heading: bool) -> bytes:
        made: list[bytes] = []
        at = 0
        waiting = list(self.fill.targets)
        for cell in list(cells(inner, number, self.spelling, self.where)):  # all of them, or a reason, before any edit
            made.append(inner[at : cell.start])
            while waiting and waiting[0].column < cell.column:
                made.append(self._new(waiting.pop(0), number, index, heading=heading))
            if waiting and waiting[0].column == cell.column:
                made.append(self._replaced(waiting.pop(0), number, index, inner, cell, heading=heading))
            else:
                made.append(inner[cell.start : cell.end])
            at = cell.end
        rest = inner[at:]
        blank = len(rest) - len(rest.lstrip())
        made.append(rest[:blank])
        made.extend(self._new(target, number, index, heading=heading) for target in waiting)
        made.append(rest[blank:])
        return b"".join(made)

    def _new(self, target: Target, number: int, index: int | None, *, heading: bool) -> bytes:
        rest = target.header if heading else None if index is None else target.cell(index, number)
        if rest is None:
            return b""
        return b"".join((self.spelling.cell, target.start, str(number).encode(), rest))

    def _replaced(
        self, target: Target, number: int, index: int | None, inner: bytes, cell: Cell, *, heading: bool
    ) -> bytes:
        """The cell that stands in a result column, with its new content and the style it keeps."""
        old = inner[cell.start : cell.end]
        if heading and target.header is None:
            return old if target.restyle is None else self._restyled(old, cell, target.restyle)
        if not target.is_live and self.spelling.formula.search(old):
            raise Declined(
                f"{self.where}: the result column {letters(target.column)} has a formula in row {number}; "
                "remove the formula, or rename the column's header.",
                rewritable=False,
            )
        if not heading and index is None and not has_content(inner, cell):
            return old  # blank already, however it is spelled
        rest = target.header if heading else target.cell(index, number)
        assert rest is not None  # noqa: S101  # a header that is None was returned above
        if target.fresh and has_content(inner, cell):
            raise InTheWay(f"{self.where}: {letters(target.column)}{number}, where results should stand, is in use.")
        style = attributes(cell.attributes).get("s")
        if style is not None and not target.fresh and not heading:
            rest = b'" s="%d"' % int(style) + rest[len(target.content.lead) :]
        return b"".join((self.spelling.cell, target.start, str(number).encode(), rest))

    def _restyled(self, old: bytes, cell: Cell, style: int) -> bytes:
        start = len(self.spelling.prefix) + 2
        kept = re.sub(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", cell.attributes)
        return old[:start] + kept.rstrip() + b' s="%d"' % style + old[start + len(cell.attributes) :]
