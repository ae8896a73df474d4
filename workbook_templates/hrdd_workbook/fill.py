"""Putting result cells into rows, block by block, without touching any other cell.

Blocks in the usual spelling are rebuilt by a few calls in C: by new cells at the end of each row, or, when
the results stand there already, by new contents for them. Anything else is read cell by cell with the full
grammar. All ways give the same cells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from operator import lt

from hrdd_workbook.cells import Content
from hrdd_workbook.errors import Declined
from hrdd_workbook.grammar import (
    Cell,
    RegularBlock,
    Row,
    cells,
    has_content,
    last_columns,
    regular,
    walk,
)
from hrdd_workbook.refs import LAST_ROW, letters
from hrdd_workbook.replacing import standing_cells
from hrdd_workbook.sheet import Spelling, attributes

_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")


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
    content: Content
    style: int
    fresh: bool
    header: bytes | None = None
    restyle: int | None = None

    @property
    def start(self) -> bytes:
        """The letters of the column."""
        return letters(self.column).encode()


@dataclass(frozen=True)
class Fill:
    """What to put where: targets by column, the sheet rows of the values, and the rows to clear up to."""

    targets: tuple[Target, ...]
    rows: list[int]
    header_row: int
    clear_to: int = 0


@dataclass
class Filler:
    """Carries a fill over the blocks of one sheet, in order."""

    fill: Fill
    spelling: Spelling
    where: str
    careful: bool = False
    last: int = 0
    written: int = 0
    _next: int = 0
    _attributes: dict[bytes, bytes] = field(default_factory=dict)

    def block(self, block: bytes) -> bytes:
        """The block with the result cells in it."""
        usual = None if self.careful else regular(block, self.spelling)
        if usual is not None and self._in_order(usual.numbers):
            ends = last_columns(usual, self.spelling)
            if ends is not None and self._complete(usual.numbers):
                if max(ends) < self.fill.targets[0].column:
                    return self._append(usual)
                return self._replace(usual) or self._mixed(usual)
        return self._by_cell(block)

    def end(self) -> bytes:
        """Rows that the sheet does not have yet, after its last one."""
        return b"".join(self._missing(LAST_ROW + 1))

    def _in_order(self, numbers: list[int]) -> bool:
        if numbers[0] <= self.last or numbers[-1] > LAST_ROW or not all(map(lt, numbers, numbers[1:])):
            raise Declined(f"{self.where}: the rows after row {self.last} are not in order.")
        return True

    def _complete(self, numbers: list[int]) -> bool:
        """Whether every row to fill up to the end of this block is one of its rows."""
        stop = bisect_right(self.fill.rows, numbers[-1])
        wanted = self.fill.rows[self._next : stop]
        if self.last < self.fill.header_row <= numbers[-1]:
            wanted = [*wanted, self.fill.header_row]
        return wanted == numbers or set(wanted) <= set(numbers)

    def _append(self, block: RegularBlock) -> bytes:
        """All rows end left of the results: cells go before each end tag."""
        fill, numbers = self.fill, block.numbers
        start, self._next = self._next, bisect_right(fill.rows, numbers[-1])
        self.last = numbers[-1]
        wanted = fill.rows[start : self._next]
        self.written += len(wanted)
        if wanted == numbers:
            return b"".join(chain.from_iterable(zip(*self._whole(block, start), strict=False)))
        place = {number: index for index, number in enumerate(numbers)}
        picked = [place[number] for number in wanted]
        tails = map(b"".join, zip(*self._runs([block.texts[at] for at in picked], start), strict=False))
        return self._join_some(block, picked, list(tails))

    def _whole(self, block: RegularBlock, start: int) -> list[Iterable[bytes]]:
        """Every row of a block with its new cells, as runs to be joined row by row."""
        p = self.spelling.prefix
        end = b"</" + p + b"row>"
        cut = -len(end)
        return [
            repeat(b"<" + p + b'row r="'),
            block.texts,
            repeat(b'"'),
            [self._without_spans(text) for text in block.attributes],
            repeat(b">"),
            [body[:cut] for body in block.bodies],
            *self._runs(block.texts, start),
            repeat(end),
        ]

    def _join_some(self, block: RegularBlock, picked: list[int], tails: list[bytes]) -> bytes:
        """A block in which only some rows gain cells; the others keep every byte."""
        start, end = b"<" + self.spelling.prefix + b'row r="', b"</" + self.spelling.prefix + b"row>"
        texts, attrs, bodies = block.texts, block.attributes, block.bodies
        rows = [
            b"".join((start, text, b'"', attr, b">", body))
            for text, attr, body in zip(texts, attrs, bodies, strict=True)
        ]
        for at, tail in zip(picked, tails, strict=True):
            kept = self._without_spans(attrs[at])
            rows[at] = b"".join((start, texts[at], b'"', kept, b">", bodies[at][: -len(end)], tail, end))
        if self.fill.header_row in block.numbers:
            at = block.numbers.index(self.fill.header_row)
            rows[at] = self._header(rows[at])
        return b"".join(rows)

    def _header(self, row: bytes) -> bytes:
        (parsed,) = walk(row, self.spelling, self.fill.header_row - 1, self.where)
        return self._edited(parsed)

    def _runs(self, texts: list[bytes], start: int) -> list[Iterable[bytes]]:
        """The new cells of consecutive values, as runs to be joined row by row."""
        runs: list[Iterable[bytes]] = []
        for target in self.fill.targets:
            runs += [repeat(self.spelling.cell + target.start), texts]
            runs += target.content.runs(target.values[start : start + len(texts)])
        return runs

    def _without_spans(self, text: bytes) -> bytes:
        kept = self._attributes.get(text)
        if kept is None:
            kept = self._attributes[text] = _SPANS.sub(b"", text)
            if len(self._attributes) > 10_000:
                self._attributes.clear()
        return kept

    def _replace(self, block: RegularBlock) -> bytes | None:
        """Every row ends with all the result cells: only their contents change. None when it is not so."""
        fill, numbers = self.fill, block.numbers
        stop = self._next + len(numbers)
        fresh = any(target.fresh for target in fill.targets)
        if fresh or fill.rows[self._next : stop] != numbers:
            return None
        letters_ = [target.start for target in fill.targets]
        standing = standing_cells(block, self.spelling, letters_)
        if standing is None:
            return None
        p, texts = self.spelling.prefix, block.texts
        runs: list[Iterable[bytes]] = [repeat(b"<" + p + b'row r="'), texts, repeat(b'"')]
        runs += [[self._without_spans(text) for text in block.attributes], repeat(b">"), standing.befores]
        for target, lead in zip(fill.targets, standing.leads, strict=True):
            values = target.values[self._next : stop]
            runs += [repeat(self.spelling.cell + target.start), texts]
            runs += target.content.like(lead).runs(values)
        self._next, self.last = stop, numbers[-1]
        self.written += len(numbers)
        return b"".join(chain.from_iterable(zip(*runs, repeat(b"</" + p + b"row>"), strict=False)))

    def _mixed(self, block: RegularBlock) -> bytes:
        start = b"<" + self.spelling.prefix + b'row r="'
        end = b"</" + self.spelling.prefix + b"row>"
        rows = [
            self._edited(Row(number, b"".join((start, text, b'"', attr, b">")), body[: -len(end)], end))
            for number, text, attr, body in zip(block.numbers, block.texts, block.attributes, block.bodies, strict=True)
        ]
        return b"".join(rows)

    def _by_cell(self, block: bytes) -> bytes:
        made = []
        for row in walk(block, self.spelling, self.last, self.where):
            made.append(row.before)
            made.extend(self._missing(row.number))
            made.append(self._edited(row))
        made.append(block[len(block.rstrip()) :])
        return b"".join(made)

    def _missing(self, before: int) -> Iterator[bytes]:
        """Rows to fill that the sheet skips, up to but without row `before`."""
        p = self.spelling.prefix
        for number in self._rows_between(before):
            opening = b"<" + p + b'row r="%d">' % number
            yield self._edited(Row(number, opening, b"", b"</" + p + b"row>"))

    def _rows_between(self, before: int) -> list[int]:
        stop = bisect_right(self.fill.rows, before - 1)
        found = list(self.fill.rows[self._next : stop])
        if self.last < self.fill.header_row < before and any(target.header is not None for target in self.fill.targets):
            found.append(self.fill.header_row)
        return sorted(found)

    def _edited(self, row: Row) -> bytes:
        """One row with its cells in place."""
        index = self._index(row.number)
        self.last = max(self.last, row.number)
        heading = row.number == self.fill.header_row
        clearing = self.fill.header_row < row.number <= self.fill.clear_to
        if index is None and not heading and not clearing:
            return row.open + (row.inner or b"") + row.close
        inner = row.inner or b""
        made = self._cells(row.number, inner, index, heading=heading)
        if made == inner:
            return row.open + inner + row.close
        opening = _SPANS.sub(b"", row.open)
        if row.inner is None:
            return opening[:-2].rstrip() + b">" + made + b"</" + self.spelling.prefix + b"row>"
        return opening + made + row.close

    def _index(self, number: int) -> int | None:
        rows = self.fill.rows
        if self._next < len(rows) and rows[self._next] == number:
            self._next += 1
            self.written += 1
            return self._next - 1
        return None

    def _cells(self, number: int, inner: bytes, index: int | None, *, heading: bool) -> bytes:
        made: list[bytes] = []
        at = 0
        waiting = list(self.fill.targets)
        for cell in cells(inner, number, self.spelling, self.where):
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
        rest = target.header if heading else None if index is None else target.content[target.values[index]]
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
        if self.spelling.formula.search(old):
            raise Declined(
                f"{self.where}: the result column {letters(target.column)} has a formula in row {number}; "
                "remove the formula, or rename the column's header."
            )
        lead = target.content.lead
        rest = target.header if heading else target.content[None if index is None else target.values[index]]
        assert rest is not None  # noqa: S101  # a header that is None was returned above
        if target.fresh and has_content(inner, cell):
            raise InTheWay(f"{self.where}: {letters(target.column)}{number}, where results should stand, is in use.")
        style = attributes(cell.attributes).get("s")
        if style is not None and not target.fresh and not heading:
            rest = b'" s="%d"' % int(style) + rest[len(lead) :]
        return b"".join((self.spelling.cell, target.start, str(number).encode(), rest))

    def _restyled(self, old: bytes, cell: Cell, style: int) -> bytes:
        start = len(self.spelling.prefix) + 2
        kept = re.sub(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", cell.attributes)
        return old[:start] + kept.rstrip() + b' s="%d"' % style + old[start + len(cell.attributes) :]
