"""The grammar of rows and cells: the usual spelling quickly, any legal spelling slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

from hrdd_workbook.errors import Declined
from hrdd_workbook.refs import LAST_ROW, column_number
from hrdd_workbook.sheet import Spelling, attributes

_DIGITS = b"0123456789"
_USUAL = re.compile(rb"(?: [\w:.-]+=\"[^\"<>]*\")*\Z")
_LETTERS = re.compile(rb"([A-Z]{1,3})(?:\d.*)?\Z", re.DOTALL)
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")


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


def regular(block: bytes, spelling: Spelling) -> RegularBlock | None:
    """Split a block in the usual spelling, or say None when a row of it is spelled otherwise.

    The inside of rows is not looked at here; cells must come before an extension, so a block with one is not usual.
    """
    parts = spelling.row_open.split(block)
    texts, attrs, bodies = parts[1::3], parts[2::3], parts[3::3]
    end = b"</" + spelling.prefix + b"row>"
    bodies_end = all(map(bytes.endswith, bodies, repeat(end)))
    if not texts or parts[0] or not bodies_end or not all(map(_USUAL.match, set(attrs))):
        return None
    if block.count(b"<" + spelling.prefix + b"row") != len(texts) or b"extLst" in block:
        return None
    return RegularBlock(texts, list(map(int, texts)), attrs, bodies)


def last_columns(block: RegularBlock, spelling: Spelling) -> set[int] | None:
    """The column numbers at which the rows of a block end; None when one cannot be told."""
    start, some = spelling.cell, b"<" + spelling.prefix + b"c"
    width = len(start)
    heads = {body[(at := body.rfind(some)) : at + width + 4].rstrip(_DIGITS) for body in block.bodies}
    found = set()
    for head in heads:
        match = _LETTERS.match(head, width)
        if head in (b"", b">"):
            found.add(0)
        elif head.startswith(start) and match:
            found.add(column_number(match[1].decode()))
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
