"""Checking rows while they are written: every result cell must say what is meant, all else must be as it was.

Nothing of the writer's own reading of rows is used. Rows that got their results in bulk are compared as bytes with what
they should have become: texts are spelled here a second time, by other code, and every spelling is read back. Any
other rows are parsed before and after, and compared cell by cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from hrdd.counting import counted
from hrdd_workbook.check_among import AmongCheck
from hrdd_workbook.check_ends import EndCheck
from hrdd_workbook.cuts import Cut
from hrdd_workbook.errors import NotAsIntended
from hrdd_workbook.fill import Edit, Fill
from hrdd_workbook.meaning import MeantColumn, cell_meaning, content_of
from hrdd_workbook.refs import Area, area, letters
from hrdd_workbook.sheet import Head, rows_open, start_tag

_Row = tuple[dict[str, str], dict[int, Any]]
_STYLE = re.compile(rb"\ss=\"(\d+)\"")
_BARE = {"": ""}
_NUMBER = re.compile(rb"([1-9]\d*)\"")


class RowCheck:
    """Follows the edits of one sheet, in order; `end` after the last. Raises `NotAsIntended` on any difference."""

    def __init__(self, head: Head, fill: Fill, columns: Sequence[MeantColumn], where: str) -> None:
        self.where, self.fill, self.columns = where, fill, columns
        self._ends, self._among = EndCheck(columns, head.prefix), AmongCheck(columns, head.prefix)
        self._before = start_tag(head) + rows_open(head)
        self._after = f"</{head.prefix}sheetData></{head.root}>".encode()
        self._row_start, self._row_end = f'<{head.prefix}row r="'.encode(), f"</{head.prefix}row>".encode()
        self._seen, self._headed = 0, False
        self._last = {"old": 0, "new": 0}

    def block(self, block: bytes, edits: Sequence[Edit]) -> None:
        """Compare the edits of a block with it and with what was meant; together they must be made of all of it."""
        whole = edits[0].old if len(edits) == 1 else b"".join(edit.old for edit in edits)
        if whole != block or not all(map(self._is_meant, edits)):
            seen = counted(self._seen, "row")
            raise NotAsIntended(f"{self.where}: the file was not replaced, since after {seen} one was not as meant.")

    def end(self) -> None:
        """Every row that was to get results must have been seen with them, and the header with its own."""
        headless = not self._headed and any(column.header_style is not None for column in self.columns)
        if headless or self._seen != len(self.fill.rows):
            raise NotAsIntended(f"{self.where}: the file was not replaced, since not every row got its results.")

    def _is_meant(self, edit: Edit) -> bool:
        if edit.cut is None:
            return self._stays(edit) or self._parsed(edit.old, edit.new)
        start, self._seen = self._seen, self._seen + len(edit.cut.rows.rows)
        numbers = self.fill.rows[start : self._seen]
        self._last = dict.fromkeys(self._last, numbers[-1] if numbers else 0)
        if len(numbers) != len(edit.cut.rows.rows) or self._together(edit.cut) != edit.old:
            return False
        whole = edit, edit.cut, numbers, slice(start, self._seen)
        at_ends = not any(map(any, edit.cut.kept[1:])) and self._ends.are_meant(*whole)
        return at_ends or self._among.are_meant(*whole)

    def _together(self, cut: Cut) -> bytes:
        """The rows that the writer took apart, put together again."""
        between = self._row_end + self._row_start
        return b"".join((self._row_start, between.join(cut.rows.rows), self._row_end))

    def _stays(self, edit: Edit) -> bool:
        """Whether the rows are the same bytes, and are none of those to fill, to clear or to head."""
        first, last = self._number(edit.old, 0), self._number(edit.old, edit.old.rfind(self._row_start[:-4]))
        if not first or not last or edit.new != edit.old or self._touches(first, last):
            return False
        self._last = dict.fromkeys(self._last, last)
        return True

    def _number(self, rows: bytes, at: int) -> int:
        """The number of the row that starts here; 0 where it is spelled in an unusual way."""
        match = _NUMBER.match(rows, at + len(self._row_start)) if rows.startswith(self._row_start, at) else None
        return int(match[1]) if match else 0

    def _touches(self, first: int, last: int) -> bool:
        """Whether any row between these two is the header, gets values or is to be cleared."""
        fill = self.fill
        gets_values = bisect_left(fill.rows, first) < bisect_right(fill.rows, last)
        return gets_values or (first <= max(fill.clear_to, fill.header_row) and last >= fill.header_row)

    def _parsed(self, old: bytes, new: bytes) -> bool:
        """Whether all cells but results are the same, and those say what is meant."""
        try:
            before, after = dict(self._rows(old, "old")), list(self._rows(new, "new"))
        except (etree.XMLSyntaxError, ValueError):
            return False
        rows = [number for number, _ in after]
        if rows != sorted(set(rows)) or not before.keys() <= set(rows):
            return False
        return all(self._row(number, before.get(number, ({}, {})), row) for number, row in after)

    def _row(self, number: int, old: _Row, new: _Row) -> bool:
        ours = {column.column for column in self.columns}
        before = {column: cell for column, cell in old[1].items() if column not in ours}
        after = {column: cell for column, cell in new[1].items() if column not in ours}
        return (old[0] or _BARE) == new[0] and before == after and self._says(number, new[1], old[1])

    def _says(self, number: int, cells: dict[int, Any], old: dict[int, Any]) -> bool:
        """Whether the result cells of a row say what is meant."""
        if number == self.fill.header_row:
            self._headed = True
            return all(_header_says(column, cells, old) for column in self.columns)
        place = bisect_left(self.fill.rows, number)
        if place == len(self.fill.rows) or self.fill.rows[place] != number:
            return self._left_or_cleared(number, cells, old)
        self._seen += 1
        return all(_cell_says(column, cells, old, column.values[place], number) for column in self.columns)

    def _left_or_cleared(self, number: int, cells: dict[int, Any], old: dict[int, Any]) -> bool:
        ours = [column.column for column in self.columns]
        if self.fill.header_row < number <= self.fill.clear_to:
            return all(
                (column in cells) == (column in old) and (column not in cells or content_of(*cells[column][1:]) is None)
                for column in ours
            )
        return all(cells.get(column) == old.get(column) for column in ours)

    def _rows(self, block: bytes, which: str) -> Iterator[tuple[int, _Row]]:
        """Rows by number; one without r follows the one before, which may have come in an earlier stretch."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        for row in etree.fromstring(self._before + block + self._after, parser).iterfind("{*}sheetData/{*}row"):
            number = self._last[which] = int(row.get("r") or self._last[which] + 1)
            yield number, (_told(row), _cells(row, number))


def _told(row: etree._Element) -> dict[str, str]:
    """What a row says beside its cells: its attributes but r and the hint of used columns, and any extension."""
    told = {str(name): str(value) for name, value in row.attrib.items() if name not in ("r", "spans")}
    others = (child for child in row if etree.QName(child).localname != "c")
    return told | {"": "".join(etree.tostring(child, method="c14n", with_tail=False).decode() for child in others)}


def _cells(row: etree._Element, number: int) -> dict[int, Any]:
    """The cells of a row by column: their canonical XML, their attributes and their inner XML.

    Raises `ValueError` where one is out of place.
    """
    cells: dict[int, Any] = {}
    column = 0
    for cell in row.iterfind("{*}c"):
        where = area(cell.get("r") or f"{letters(column + 1)}{number}")
        if where is None or where.left <= column or where != Area(number, where.left, number, where.left):
            raise ValueError(f"{cell.get('r')} in row {number}")
        column = where.left
        inner = b"".join(etree.tostring(child, with_tail=False) for child in cell)
        told = "".join(f' {name!s}="{value!s}"' for name, value in sorted(cell.attrib.items()) if name != "r")
        cells[column] = (etree.tostring(cell, method="c14n", with_tail=False), told.encode(), inner)
    return cells


def _style(attributes: bytes) -> int | None:
    match = _STYLE.search(attributes)
    return int(match[1]) if match else None


def _cell_says(column: MeantColumn, cells: dict[int, Any], old: dict[int, Any], value: Any, row: int) -> bool:
    """Whether a cell says what is meant, in our style where it is new, in its own where it had one."""
    cell, before = cells.get(column.column), old.get(column.column)
    if cell is None:
        return False
    own = None if before is None or column.fresh else _style(before[1])
    style = column.style if own is None else own
    return content_of(*cell[1:]) == cell_meaning(column, value, row) and _style(cell[1]) == style


def _header_says(column: MeantColumn, cells: dict[int, Any], old: dict[int, Any]) -> bool:
    new, before = cells.get(column.column), old.get(column.column)
    if new is None or column.header_style is None:
        return bool(new == before)
    if _style(new[1]) != column.header_style:
        return False
    if column.header is not None:
        return bool(content_of(*new[1:]) == column.header)
    return before is not None and _STYLE.sub(b"", new[1]) == _STYLE.sub(b"", before[1]) and new[2] == before[2]
