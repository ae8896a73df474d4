"""Putting result cells into rows, block by block, without touching any other cell.

Rows in the usual spelling get new ends, all at once; anything else is read cell by cell with the full grammar.
Both ways give the same cells. Every edit says what it was made of, so that it can be checked.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from hrdd_workbook.cells import Computed, Content
from hrdd_workbook.errors import Declined
from hrdd_workbook.grammar import (
    Cell,
    Row,
    UsualRows,
    apart,
    cells,
    drop_spans,
    has_content,
    in_order,
    usual_rows,
    walk,
    without_spans,
)
from hrdd_workbook.refs import LAST_ROW, letters, pattern_from
from hrdd_workbook.sheet import Spelling, attributes


class InTheWay(Declined):
    """A cell in a new column has content although the sheet's own dimension ends before it."""


@dataclass(frozen=True)
class Target:
    """A column to fill: its number, its contents and, for a new one, its header.

    `fresh` columns give every cell the style of `content`; others keep the style that a cell already has.
    `header` is the whole rest of the header cell, or None where the header stays as it is; `restyle` gives
    the header cell that stays another style.
    """

    column: int
    values: Sequence[object]
    content: Content | Computed
    style: int
    fresh: bool
    header: bytes | None = None
    restyle: int | None = None

    @property
    def start(self) -> bytes:
        """The letters of the column."""
        return letters(self.column).encode()

    @property
    def is_live(self) -> bool:
        """Whether its cells compute, so that formulas may stand there."""
        return isinstance(self.content, Computed)

    def cell(self, index: int | None, number: int) -> bytes:
        """The rest of the cell in a row, with the value of this index; empty where there is none."""
        return self.content.lead + b"/>" if index is None else self.content.cell(self.values[index], number)


@dataclass(frozen=True)
class Fill:
    """What to put where: targets by column, the sheet rows of the values, and the rows to clear up to."""

    targets: tuple[Target, ...]
    rows: list[int]
    header_row: int
    clear_to: int = 0


class Ends(NamedTuple):
    """Rows that got new ends: each as it stood, from its number to its end tag, and what is kept of it.

    `leads` end the references of the result cells and give their styles, by column.
    """

    rows: UsualRows
    kept: list[bytes]
    leads: list[bytes]


class Edit(NamedTuple):
    """A stretch of whole rows before and after; `ends` where they got new ends in bulk."""

    old: bytes
    new: bytes
    ends: Ends | None = None


@dataclass
class Filler:
    """Carries a fill over the blocks of one sheet, in order."""

    fill: Fill
    spelling: Spelling
    where: str
    careful: bool = False
    last: int = 0
    _next: int = 0
    _starts: list[bytes] = field(init=False)
    _beyond: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        columns = [target.column for target in self.fill.targets]
        self._beyond = re.compile(re.escape(self.spelling.cell) + pattern_from(min(columns, default=1)) + rb"\d")
        self._starts = [self.spelling.cell + target.start for target in self.fill.targets]

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
        ends = self._ends(old, rows) if bulk else None
        if ends is None:
            return self._by_cell(old)
        self._next += len(rows.numbers)
        return Edit(old, b"".join(self._grown(ends)), ends)

    def _grown(self, ends: Ends) -> list[bytes]:
        """The pieces of the rows: what was kept, then by turns the row's number and what stands between two of them."""
        texts = ends.rows.texts
        count = len(texts)
        values = slice(self._next - count, self._next)
        runs: list[Iterable[bytes]] = [[self.spelling.row] * count, ends.kept, [self._starts[0]] * count]
        afters = [*self._starts[1:], self.spelling.row_close]
        for target, lead, after in zip(self.fill.targets, ends.leads, afters, strict=True):
            runs += [texts, *target.content.like(lead, after).runs(target.values[values], texts)]
        pieces = [b""] * (count * len(runs))
        for at, run in enumerate(runs):
            pieces[at :: len(runs)] = run
        return pieces

    def _ends(self, old: bytes, rows: UsualRows) -> Ends | None:
        """New ends for rows that lie left of the results, or end with the results that stand there already."""
        targets = self.fill.targets
        leads = [target.content.lead for target in targets]
        if not self._beyond.search(old):  # the last cell alone does not tell: a row may be out of order
            return Ends(rows, without_spans(rows), leads)
        count = sum(not target.fresh for target in targets)
        cut = self._cut(rows, count) if not any(target.fresh for target in targets[:count]) else None
        if cut is None:
            return None
        kept, leads[:count] = cut
        return Ends(rows, kept, leads)

    def _cut(self, rows: UsualRows, count: int) -> tuple[list[bytes], list[bytes]] | None:
        """Cut the standing results off; what stays of each row, and the lead that the cells of a column share."""
        kept = rows.rows if count == len(self._starts) else without_spans(rows)
        ats = [row.find(self._starts[0]) for row in kept]
        if not count or min(ats) < 0:
            return None
        columns = apart([row[at:] for row, at in zip(kept, ats, strict=True)], rows.texts, self._starts[:count])
        if columns is None:
            return None
        leads = [
            _shared_lead(set(pieces), after, self.spelling.prefix, live=target.is_live)
            for pieces, after, target in zip(columns, [*self._starts[1:count], b""], self.fill.targets, strict=False)
        ]
        rest = [row[:at] for row, at in zip(kept, ats, strict=True)]
        if None in leads or not all(row.endswith(b">") for row in rest):
            return None
        ours = (target.content.lead for target in self.fill.targets)
        return rest, [lead if lead != b'"' else own for lead, own in zip(leads, ours, strict=False) if lead is not None]

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


def _shared_lead(pieces: set[bytes], after: bytes, prefix: bytes, *, live: bool) -> bytes | None:
    """The lead of standing cells of one column, when all have the same one and hold plain values.

    `live` cells may compute theirs.
    """
    p = re.escape(prefix)
    text = rb"<%bis>(?:<%bt(?: xml:space=\"preserve\")?>[^<]*</%bt>|<%bt/>)</%bis>" % (p, p, p, p, p)
    formula = rb"(?:<%bf(?: aca=\"\w+\")?>[^<]*</%bf>)?" % (p, p) if live else b""
    value = formula + rb"(?:%b|<%bv>[^<]*</%bv>|<%bv/>)?" % (text, p, p, p)
    cell = re.compile(rb"((?: s=\"\d+\")?)(?: t=\"\w+\")?(?:/>|>%b</%bc>)" % (value, p) + re.escape(after))
    matches = [cell.fullmatch(piece) for piece in pieces]
    if None in matches:
        return None
    leads = {b'"' + match[1] for match in matches if match}
    return leads.pop() if len(leads) == 1 else None
