"""Checking rows while they are written: every result cell must say what is meant, all else must be as it was.

Texts are spelled here a second time, by other code, and every spelling is read back. Rows that got new ends in
bulk are compared as bytes; any other rows are parsed before and after, and compared cell by cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from lxml import etree

from hrdd_workbook.cells import is_key, number_text, numbers_text
from hrdd_workbook.errors import NotAsIntended
from hrdd_workbook.fill import Edit, Ends, Fill
from hrdd_workbook.meaning import MeantColumn, cell_meaning, content_of
from hrdd_workbook.refs import area, letters
from hrdd_workbook.sheet import Head, rows_open, start_tag

_Row = tuple[dict[str, str], dict[int, Any]]
_UNTEXT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_ROW = "\0"
_STYLE = re.compile(rb"\ss=\"(\d+)\"")


class RowCheck:
    """Follows the edits of one sheet, in order; `end` after the last. Raises `NotAsIntended` on any difference."""

    def __init__(self, head: Head, fill: Fill, columns: Sequence[MeantColumn], where: str) -> None:
        self.where, self.fill, self.columns = where, fill, columns
        self._close = f"</{head.prefix}row>".encode()
        self._starts = [f'<{head.prefix}c r="{letters(column.column)}'.encode() for column in columns]
        afters = [*self._starts[1:], self._close]
        self._spelled = [_Spelled(*pair, head.prefix) for pair in zip(columns, afters, strict=True)]
        root = start_tag(head)
        self._before = root + rows_open(head)
        self._after = f"</{head.prefix}sheetData></{head.root}>".encode()
        self._seen = 0
        self._last = {"old": 0, "new": 0}

    def edit(self, edit: Edit) -> None:
        """Compare one stretch of rows with what was meant."""
        if not (self._parsed(edit.old, edit.new) if edit.ends is None else self._bulk(edit.new, edit.ends)):
            raise NotAsIntended(
                f"{self.where}: the file was not replaced, since a row was not as meant after {self._seen} rows."
            )

    def end(self) -> None:
        """Every row that was to get results must have been seen with them."""
        if self._seen != len(self.fill.rows):
            raise NotAsIntended(f"{self.where}: the file was not replaced, since not every row got its results.")

    def _bulk(self, new: bytes, ends: Ends) -> bool:
        """Whether the stretch is the rows that were kept, each with an end, and the ends say what is meant."""
        numbers = list(map(int, ends.texts))
        self._last = {"old": numbers[-1], "new": numbers[-1]}
        if ends.leads is None:
            return new == self._close.join([*ends.kept, b""]) and not self._touches(numbers)
        start, stop = self._seen, self._seen + len(numbers)
        self._seen = stop
        return self.fill.rows[start:stop] == numbers and new == self._meant(ends, ends.leads, start)

    def _meant(self, ends: Ends, leads: list[bytes], start: int) -> bytes:
        """What rows with new ends should have become."""
        runs: list[Iterable[bytes]] = [ends.kept, repeat(self._starts[0])]
        for lead, spelled in zip(leads, self._spelled, strict=True):
            runs += [ends.texts, *spelled.many(lead, start, ends.texts)]
        return b"".join(chain.from_iterable(zip(*runs)))  # noqa: B905  # one of them repeats

    def _touches(self, numbers: list[int]) -> bool:
        """Whether any of these rows is the header, gets values or is to be cleared."""
        fill = self.fill
        wanted = {
            fill.header_row,
            *fill.rows[bisect_left(fill.rows, numbers[0]) : bisect_right(fill.rows, numbers[-1])],
        }
        return any(number in wanted or fill.header_row < number <= fill.clear_to for number in numbers)

    def _parsed(self, old: bytes, new: bytes) -> bool:
        """Whether all cells but results are the same, and those say what is meant."""
        before, after = dict(self._rows(old, "old")), list(self._rows(new, "new"))
        rows = [number for number, _ in after]
        if rows != sorted(set(rows)) or not before.keys() <= set(rows):
            return False
        return all(self._row(number, before.get(number, ({}, {})), row) for number, row in after)

    def _row(self, number: int, old: _Row, new: _Row) -> bool:
        ours = {column.column for column in self.columns}
        before = {column: cell for column, cell in old[1].items() if column not in ours}
        after = {column: cell for column, cell in new[1].items() if column not in ours}
        return old[0] == new[0] and before == after and self._says(number, new[1], old[1])

    def _says(self, number: int, cells: dict[int, Any], old: dict[int, Any]) -> bool:
        """Whether the result cells of a row say what is meant."""
        if number == self.fill.header_row:
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
            told = {str(name): str(value) for name, value in row.attrib.items() if name not in ("r", "spans")}
            yield number, (told, _cells(row))


def _cells(row: etree._Element) -> dict[int, Any]:
    """The cells of a row by column: their canonical XML, their attributes and their inner XML."""
    cells: dict[int, Any] = {}
    column = 0
    for cell in row.iterfind("{*}c"):
        where = area(cell.get("r", ""))
        column = where.left if where is not None else column + 1
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
    style = column.style if column.style is not None or before is None else _style(before[1])
    return content_of(*cell[1:]) == cell_meaning(column, value, row) and style in (None, _style(cell[1]))


def _header_says(column: MeantColumn, cells: dict[int, Any], old: dict[int, Any]) -> bool:
    new, before = cells.get(column.column), old.get(column.column)
    if column.header is not None:
        return new is not None and content_of(*new[1:]) == column.header
    if new is None or before is None:
        return new == before
    return _STYLE.sub(b"", new[1]) == _STYLE.sub(b"", before[1]) and new[2] == before[2]


class _Spelled(dict[Any, bytes]):
    """What follows the references of one column, up to the next cell, by value; each spelling is read back once.

    The formula of a column that computes has `_ROW` where the number of its row goes.
    """

    def __init__(self, column: MeantColumn, after: bytes, prefix: str) -> None:
        self.column, self.after, self.prefix = column, after, prefix
        self.lead = b""

    def many(self, lead: bytes, start: int, texts: Sequence[bytes]) -> list[Iterable[bytes]]:
        """The cells of consecutive values from their references on, as runs to be joined row by row.

        `texts` are the numbers of their rows.
        """
        if self.column.lead not in (None, lead):
            raise NotAsIntended("A new column is not in the style that was meant for it; the file was not replaced.")
        if lead != self.lead or len(self) > 65_536:
            self.clear()
        self.lead = lead
        values = self.column.values[start : start + len(texts)]
        if self.column.formula:
            return [map(bytes.replace, map(self.__getitem__, values), repeat(_ROW.encode()), texts)]
        if self.column.kind in ("number", "percent") and set(map(type, values)) == {float}:
            digits = numbers_text(values)
            if b"n" not in digits and msgspec.json.decode(b"[%b]" % digits, type=list[float]) == values:
                p = self.prefix
                begin, end = lead + f"><{p}v>".encode(), f"</{p}v></{p}c>".encode() + self.after
                return [repeat(begin), digits.split(b","), repeat(end)]
        return [map(self.__getitem__, values)]

    def __missing__(self, value: Any) -> bytes:
        meaning = cell_meaning(self.column, value, _ROW)
        made = self._made(meaning)
        attributes, _, inner = made.partition(b">")
        if content_of(attributes, inner) != meaning:
            raise NotAsIntended(f"The value {value!r} cannot be spelled; the file was not replaced.")
        made = self.lead + made + self.after
        if is_key(self.column.kind, value):
            self[value] = made
        return made

    def _made(self, meaning: Any) -> bytes:
        p = self.prefix
        if isinstance(meaning, tuple):
            return self._computed(*meaning)
        if meaning is None:
            return b"/>"
        if isinstance(meaning, bool):
            return f' t="b"><{p}v>{meaning:d}</{p}v></{p}c>'.encode()
        if isinstance(meaning, float):
            return f"><{p}v>{number_text(meaning)}</{p}v></{p}c>".encode()
        blank = meaning[:1].isspace() or meaning[-1:].isspace() or "\n" in meaning
        space = ' xml:space="preserve"' if blank else ""
        text = escape(_UNTEXT.sub(_coded, meaning))
        return f' t="inlineStr"><{p}is><{p}t{space}>{text}</{p}t></{p}is></{p}c>'.encode()

    def _computed(self, formula: str, result: str | float | None) -> bytes:
        p, kind = self.prefix, ' t="str"' if self.column.kind == "text" else ""
        told = "" if result is None else number_text(result) if isinstance(result, float) else escape(result)
        return f"{kind}><{p}f>{escape(formula)}</{p}f><{p}v>{told}</{p}v></{p}c>".encode()


def _coded(match: re.Match[str]) -> str:
    """The _xHHHH_ spelling of a character that XML cannot hold, and of a text that looks so spelled."""
    text = match[0]
    if len(text) > 1:
        return "_x005F" + text
    return "\ufffd" if "\ud800" <= text <= "\udfff" else f"_x{ord(text):04X}_"
