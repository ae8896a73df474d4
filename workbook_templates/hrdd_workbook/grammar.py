"""The grammar of rows and cells: the usual spelling quickly and in bulk, any legal spelling slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import lt
from typing import NamedTuple

from hrdd_workbook.errors import Declined
from hrdd_workbook.refs import LAST_ROW, column_number
from hrdd_workbook.sheet import Spelling, attributes

_ROW_START = re.compile(rb"(\d+)\"((?: [\w:.-]+=\"[^\"<>]*\")*)>")
_LETTERS = re.compile(rb"[A-Z]{1,3}\Z")
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class UsualRows(NamedTuple):
    """Rows in the usual spelling: their numbers as spelled and as ints, and each row from its number to its end tag.

    `attributes` are those after r, which comes first; `lasts` is the start of the last cell up to its row number.
    Nothing else is looked at inside the rows.
    """

    texts: list[bytes]
    numbers: list[int]
    attributes: list[bytes]
    lasts: list[bytes]
    rows: list[bytes]

    def part(self, start: int, stop: int) -> UsualRows:
        """Some of the rows."""
        return UsualRows(*(held[start:stop] for held in self))  # type: ignore[arg-type]  # five lists

    def last_column(self, spelling: Spelling) -> int:
        """The column that no row goes beyond."""
        return max(column_number(last[len(spelling.cell) :].decode()) for last in set(self.lasts))


class Cell(NamedTuple):
    """Where a cell stands inside its row, its column and its attributes as spelled."""

    start: int
    end: int
    column: int
    attributes: bytes
    content: int


def has_content(inner: bytes, cell: Cell) -> bool:
    """Whether a cell of a row holds anything but a style."""
    return cell.content < cell.end and not inner.startswith(b"</", cell.content)


@dataclass
class Row:
    """One row in any spelling: `open` is its start tag, `inner` is None for an empty element."""

    number: int
    open: bytes
    inner: bytes | None
    close: bytes
    before: bytes = b""


def usual_rows(block: bytes, spelling: Spelling) -> UsualRows | None:
    """Split a block in the usual spelling, or say None when a row of it is spelled otherwise."""
    start, close = spelling.row, spelling.row_close
    if not block.startswith(start) or not block.endswith(close):
        return None
    rows = block[len(start) : -len(close)].split(close + start)
    starts = _starts(rows)
    if starts is None:
        return None
    texts, attrs = starts
    lasts = _lasts(rows, texts, spelling)
    return None if lasts is None else UsualRows(texts, list(map(int, texts)), attrs, lasts, rows)


def _starts(rows: list[bytes]) -> tuple[list[bytes], list[bytes]] | None:
    """The number of each row as spelled, and its other attributes; None where a row starts otherwise.

    Most sheets count without a gap and give all rows the same attributes, which is quickly confirmed.
    """
    first = _ROW_START.match(rows[0])
    if first is not None and not first[1].startswith(b"0"):
        texts = [b"%d" % number for number in range(int(first[1]), int(first[1]) + len(rows))]
        after = b'"' + first[2] + b">"
        if all(map(bytes.startswith, rows, [text + after for text in texts])):
            return texts, [first[2]] * len(rows)
    found = [_ROW_START.match(row) for row in rows]
    if None in found:
        return None
    return [match[1] for match in found if match], [match[2] for match in found if match]


def _lasts(rows: list[bytes], texts: list[bytes], spelling: Spelling) -> list[bytes] | None:
    """The start of each row's last cell up to its row number; None when a row does not end with a usual cell.

    That the cell is of this row also tells that no second row hides behind the first.
    """
    close = b"</" + spelling.prefix + b"c>"
    ats = list(map(bytes.rfind, rows, repeat(b"<" + spelling.prefix + b"c")))
    closed = all(map(bytes.endswith, rows, repeat(close)))  # else an extension or an empty row may follow
    odd = (b"extLst", spelling.row_close)
    if not closed and not all(row.endswith((b"/>", close)) and not any(map(row.__contains__, odd)) for row in rows):
        return None
    first = rows[0][ats[0] : rows[0].find(texts[0] + b'"', ats[0])]
    lasts = [first] * len(rows)
    if not all(map(bytes.startswith, rows, [first + text + b'"' for text in texts], ats)):
        lasts = [row[at : row.find(text + b'"', at)] for row, text, at in zip(rows, texts, ats, strict=True)]
    skip = len(spelling.cell)
    usual = all(last.startswith(spelling.cell) and _LETTERS.match(last, skip) for last in set(lasts))
    return lasts if usual else None


def in_order(numbers: Sequence[int]) -> bool:
    """Whether every row number is larger than the one before."""
    return all(map(lt, numbers, numbers[1:]))


def without_spans(block: UsualRows) -> list[bytes]:
    """The rows without their `spans`, a hint of the used columns that would no longer hold."""
    found = {text: match[0] for text in set(block.attributes) if (match := _SPANS.search(text))}
    if not found:
        return block.rows
    spans = map(found.get, block.attributes)  # they stand before anything else that could look like them
    return [row.replace(text, b"", 1) if text else row for row, text in zip(block.rows, spans, strict=True)]


def drop_spans(tag: bytes) -> bytes:
    """A row's start tag without its `spans`."""
    return _SPANS.sub(b"", tag)


def apart(tails: list[bytes], texts: list[bytes], starts: Sequence[bytes]) -> list[tuple[bytes, ...]] | None:
    """Take apart ends of rows that hold one cell of each column, in order, and nothing else.

    `starts` are the starts of the cells up to the row number. For each column: what follows its references, up to
    and with the start of the next cell. None when a row is made otherwise.
    """
    parts = list(map(bytes.split, tails, [text + b'"' for text in texts]))
    width = len(starts) + 1
    if set(map(len, parts)) != {width}:  # a style or a text says the row number too
        whole = zip(parts, tails, texts, strict=True)
        parts = [found if len(found) == width else _apart(tail, text, starts) for found, tail, text in whole]
    if set(map(len, parts)) != {width}:
        return None
    firsts, *columns = zip(*parts, strict=True)
    return columns if set(firsts) == {starts[0]} else None


def _apart(tail: bytes, text: bytes, starts: Sequence[bytes]) -> list[bytes]:
    found, rest = [b""], tail
    for start in starts:
        before, ref, rest = rest.partition(start + text + b'"')
        found[-1] += before + (start if ref else b"")
        found.append(b"")
    return [*found[:-1], rest]


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
