"""The read-back of sheets in unusual spellings: both versions are parsed and compared cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from hrdd_workbook.meant import Meant
from hrdd_workbook.refs import area

_Row = tuple[dict[str, str], dict[int, Any]]


class _File:
    """Pieces of bytes as something to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, _size: int = -1) -> bytes:
        return next(self._pieces, b"")


def compare_parsed(old: Iterator[bytes], new: Iterator[bytes], meant: Meant) -> bool:
    """Whether every cell but the meant ones is the same, and those say what was meant."""
    before, after = _rows(old), _rows(new)
    left, right = next(before, None), next(after, None)
    while right is not None:
        number, made = right
        if left is not None and left[0] < number:
            return False
        kept: _Row = left[1] if left is not None and left[0] == number else ({}, {})
        if not _same(number, kept, made, meant):
            return False
        if left is not None and left[0] == number:
            left = next(before, None)
        right = next(after, None)
    return left is None


def _same(number: int, old: _Row, new: _Row, meant: Meant) -> bool:
    ours = {column.column for column in meant.columns}
    before = {column: cell for column, cell in old[1].items() if column not in ours}
    after = {column: cell for column, cell in new[1].items() if column not in ours}
    if old[0] != new[0] or before != after:
        return False
    return meant.says(number, _spelled(new[1], ours), _spelled(old[1], ours))


def _spelled(cells: dict[int, Any], ours: set[int]) -> dict[int, tuple[bytes, bytes]]:
    """Result cells as the attributes and inner XML that `Meant` looks at."""
    return {column: (cell[1], cell[2]) for column, cell in cells.items() if column in ours}


def _rows(pieces: Iterator[bytes]) -> Iterator[tuple[int, _Row]]:
    number = 0
    events = etree.iterparse(
        _File(pieces), events=("end",), tag="{*}row", resolve_entities=False, no_network=True, huge_tree=True
    )
    for _, row in events:
        number = int(row.get("r") or number + 1)
        told = {str(name): str(value) for name, value in row.attrib.items() if name not in ("r", "spans")}
        yield number, (told, _cells(row))
        row.clear(keep_tail=False)
        while row.getprevious() is not None:
            parent = row.getparent()
            assert parent is not None  # noqa: S101  # it has a sibling
            del parent[0]


def _cells(row: etree._Element) -> dict[int, Any]:
    cells: dict[int, Any] = {}
    column = 0
    for cell in row.iterfind("{*}c"):
        where = area(cell.get("r", ""))
        column = where.left if where is not None else column + 1
        inner = b"".join(etree.tostring(child, with_tail=False) for child in cell)
        told = "".join(f' {name!s}="{value!s}"' for name, value in sorted(cell.attrib.items()) if name != "r")
        cells[column] = (etree.tostring(cell, method="c14n", with_tail=False), told.encode(), inner)
    return cells
