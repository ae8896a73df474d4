"""Putting result cells into rows, block by block, without touching any other cell.

A block in the usual spelling, whose rows end left of the results, is rebuilt by a few calls in C; anything
else is read cell by cell with the full grammar. Both ways give the same cells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import lt
from typing import NamedTuple

from hrdd_workbook.cells import Content
from hrdd_workbook.errors import Declined
from hrdd_workbook.refs import LAST_ROW, column_number, letters
from hrdd_workbook.sheet import Spelling, attributes

_DIGITS = b"0123456789"
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_USUAL = re.compile(rb"(?: [\w:.-]+=\"[^\"<>]*\")*\Z")
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")


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


class RegularBlock(NamedTuple):
    """Rows in the usual spelling: numbers as bytes and ints, the attributes after r, the rest of each row."""

    texts: list[bytes]
    numbers: list[int]
    attributes: list[bytes]
    bodies: list[bytes]


class Cell(NamedTuple):
    """Where a cell stands inside its row, its column and its attributes as spelled."""

    start: int
    end: int
    column: int
    attributes: bytes
    content: int


@dataclass
class Row:
    """One row in any spelling: `open` is its start tag, `inner` is None for an empty element."""

    number: int
    open: bytes
    inner: bytes | None
    close: bytes
    before: bytes = b""


def regular(block: bytes, spelling: Spelling) -> RegularBlock | None:
    """Split a block in the usual spelling, or say None when any of it is spelled otherwise."""
    parts = spelling.row_open.split(block)
    texts, attrs, bodies = parts[1::3], parts[2::3], parts[3::3]
    end = b"</" + spelling.prefix + b"row>"
    bodies_end = all(map(bytes.endswith, bodies, repeat(end)))
    if not texts or parts[0] or not bodies_end or not all(map(_USUAL.match, set(attrs))):
        return None
    row, cell = b"<" + spelling.prefix + b"row", b"<" + spelling.prefix + b"c"
    if block.count(row) != len(texts) or block.count(b"</" + spelling.prefix + b"row") != len(texts):
        return None
    if block.count(cell) != block.count(cell + b' r="'):
        return None
    return RegularBlock(texts, list(map(int, texts)), attrs, bodies)


def last_columns(block: RegularBlock, spelling: Spelling) -> set[int] | None:
    """The column numbers at which the rows of a block end; None when one cannot be told."""
    start = spelling.cell
    width = len(start)
    heads = {body[(at := body.rfind(start)) : at + width + 4].rstrip(_DIGITS) for body in block.bodies}
    found = set()
    for head in heads:
        text = head[width:]
        if head in (b"", b">"):
            found.add(0)
        elif head.startswith(start) and text.isalpha() and len(text) <= 3:
            found.add(column_number(text.decode()))
        else:
            return None
    return found


def walk(block: bytes, spelling: Spelling, last: int, where: str) -> Iterator[Row]:
    """The rows of a block in any spelling; a row without r follows the one before."""
    at = 0
    while at < len(block):
        match = spelling.any_row.search(block, at)
        if match is None or block[at : match.start()].strip():
            break
        before, number = block[at : match.start()], _row_number(match[1], last, where)
        last = number
        if match[2]:
            yield Row(number, match.group(), None, b"", before)
            at = match.end()
            continue
        end = spelling.row_end.search(block, match.end())
        if end is None:
            break
        yield Row(number, match.group(), block[match.end() : end.start()], end.group(), before)
        at = end.end()
    if block[at:].strip():
        raise Declined(f"{where}: what stands after row {last} is not spelled as rows are.")


def _row_number(text: bytes, last: int, where: str) -> int:
    told = attributes(text).get("r")
    if told is None:
        return last + 1
    number = int(told) if told.strip().isdigit() else 0
    if not last < number <= LAST_ROW:
        raise Declined(f"{where}: row {told} follows row {last}; rows must be in order.")
    return number


def cells(inner: bytes, number: int, spelling: Spelling, where: str) -> Iterator[Cell]:
    """The cells of a row in any spelling; a cell without r stands right of the one before."""
    at, column = 0, 0
    while match := spelling.any_cell.search(inner, at):
        if inner[at : match.start()].strip():
            break
        ref = attributes(match[1]).get("r")
        if ref is None:
            column += 1
        else:
            column = _column(ref, number, column, where)
        if match[2]:
            end = match.end()
        else:
            closing = spelling.cell_end.search(inner, match.end())
            if closing is None:
                raise Declined(f"{where}: the cell {ref} in row {number} does not end.")
            end = closing.end()
        yield Cell(match.start(), end, column, match[1], match.end())
        at = end


def _column(ref: str, number: int, last: int, where: str) -> int:
    match = _REF.match(ref.strip())
    if match and int(match[2]) == number and column_number(match[1]) > last:
        return column_number(match[1])
    raise Declined(f"{where}: the cell {ref} in row {number} is out of place; cells must be in order.")


@dataclass
class Filler:
    """Carries a fill over the blocks of one sheet, in order."""

    fill: Fill
    spelling: Spelling
    where: str
    last: int = 0
    written: int = 0
    _next: int = 0
    _attributes: dict[bytes, bytes] = field(default_factory=dict)

    def block(self, block: bytes) -> bytes:
        """The block with the result cells in it."""
        usual = regular(block, self.spelling)
        if usual is not None and self._in_order(usual.numbers):
            ends = last_columns(usual, self.spelling)
            if ends is not None and self._complete(usual.numbers):
                return self._append(usual) if max(ends) < self.fill.targets[0].column else self._mixed(usual)
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
        if wanted == numbers:
            picked: list[int] | None = None
            texts = block.texts
        else:
            place = {number: index for index, number in enumerate(numbers)}
            picked = [place[number] for number in wanted]
            texts = [block.texts[index] for index in picked]
        tails = self._tails(texts, start)
        end = b"</" + self.spelling.prefix + b"row>"
        cut = -len(end)
        if picked is None:
            rows = self._rows(block.texts, block.attributes, [body[:cut] for body in block.bodies], tails)
            self.written += len(numbers)
            return b"".join(rows)
        return self._join_some(block, picked, tails, cut)

    def _rows(self, texts: list[bytes], attrs: list[bytes], bodies: list[bytes], tails: list[bytes]) -> Iterator[bytes]:
        start, end = b"<" + self.spelling.prefix + b'row r="', b"</" + self.spelling.prefix + b"row>"
        kept = [self._without_spans(text) for text in attrs]
        return map(
            b"".join,
            zip(repeat(start), texts, repeat(b'"'), kept, repeat(b">"), bodies, tails, repeat(end)),
        )

    def _join_some(self, block: RegularBlock, picked: list[int], tails: list[bytes], cut: int) -> bytes:
        start, end = b"<" + self.spelling.prefix + b'row r="', b"</" + self.spelling.prefix + b"row>"
        texts, attrs, bodies = block.texts, block.attributes, block.bodies
        rows = [
            b"".join((start, text, b'"', attr, b">", body))
            for text, attr, body in zip(texts, attrs, bodies, strict=True)
        ]
        for index, tail in zip(picked, tails, strict=True):
            kept = self._without_spans(attrs[index])
            rows[index] = b"".join((start, texts[index], b'"', kept, b">", bodies[index][:cut], tail, end))
        self.written += len(picked)
        if self.fill.header_row in block.numbers:
            index = block.numbers.index(self.fill.header_row)
            rows[index] = self._header(rows[index])
        return b"".join(rows)

    def _header(self, row: bytes) -> bytes:
        (parsed,) = walk(row, self.spelling, self.fill.header_row - 1, self.where)
        return self._edited(parsed)

    def _tails(self, texts: list[bytes], start: int) -> list[bytes]:
        """The new cells of consecutive values, row by row."""
        columns: list[Iterator[bytes] | list[bytes]] = []
        for target in self.fill.targets:
            values = target.values[start : start + len(texts)]
            columns.append(repeat(self.spelling.cell + target.start))
            columns.append(texts)
            columns.append(target.content.column(values))
        return list(map(b"".join, zip(*columns, strict=False)))

    def _without_spans(self, text: bytes) -> bytes:
        kept = self._attributes.get(text)
        if kept is None:
            kept = self._attributes[text] = _SPANS.sub(b"", text)
            if len(self._attributes) > 10_000:
                self._attributes.clear()
        return kept

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
            made.extend(self._missing(row.number))
            made.append(row.before)
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
        made, at = [], 0
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
        if b"<" + self.spelling.prefix + b"f" in old:
            raise Declined(
                f"{self.where}: the result column {letters(target.column)} has a formula in row {number}; "
                "remove the formula, or rename the column's header."
            )
        lead = target.content.lead
        rest = target.header if heading else target.content[None if index is None else target.values[index]]
        assert rest is not None  # noqa: S101  # a header that is None was returned above
        style = attributes(cell.attributes).get("s")
        if style is not None and not target.fresh and not heading:
            rest = b'" s="%d"' % int(style) + rest[len(lead) :]
        return b"".join((self.spelling.cell, target.start, str(number).encode(), rest))

    def _restyled(self, old: bytes, cell: Cell, style: int) -> bytes:
        start = len(self.spelling.prefix) + 2
        kept = re.sub(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", cell.attributes)
        return old[:start] + kept.rstrip() + b' s="%d"' % style + old[start + len(cell.attributes) :]
