"""A first walk over the sheet: how far it reaches, what its header says, what stands in columns of interest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

from hrdd_workbook.errors import Declined
from hrdd_workbook.grammar import Cell, cells, has_content, in_order, usual_rows, walk
from hrdd_workbook.refs import LAST_ROW, Area, area, column_number
from hrdd_workbook.sheet import Element, Head, SheetStream, Spelling, attributes, dimension, spelling, tail_elements

_FORMULA_AREA = re.compile(
    rb"<[\w:.-]*\bf\s(?=[^<>]*\bt\s*=\s*[\"'](?:array|dataTable))[^<>]*\bref\s*=\s*[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']"
)


@dataclass(frozen=True)
class HeaderCell:
    """A cell of the header row: its style, and its raw content for the shared strings to resolve."""

    column: int
    style: int
    kind: str
    raw: bytes


@dataclass
class Survey:
    """What one walk over a worksheet part learned."""

    head: Head
    spelling: Spelling
    tail: bytes = b""
    tail_elements: tuple[Element, ...] = ()
    last_column: int = 0
    last_row: int = 0
    first_row: int = 0
    header: list[HeaderCell] = field(default_factory=list)
    filled: dict[int, int] = field(default_factory=dict)
    formula_areas: list[Area] = field(default_factory=list)
    has_formulas: bool = False
    complete: bool = False

    def merges(self) -> list[Area]:
        """The merged ranges of the sheet."""
        return [
            found
            for element in self.tail_elements
            if element.name == "mergeCells"
            for ref in re.findall(rb"\bref\s*=\s*[\"']([^\"']+)", self.tail[element.start : element.end])
            if (found := area(ref.decode("ascii", "replace"))) is not None
        ]

    def tail_element(self, name: str) -> Element | None:
        """The first element of this name after the rows."""
        return next((element for element in self.tail_elements if element.name == name), None)


Watch = Callable[[list[HeaderCell]], set[int]]


def survey(stream: SheetStream, header_row: int, watch: Watch, *, brief: bool = False) -> Survey:
    """Walk over a sheet; `watch` is told the header cells and names the columns whose content matters.

    A brief walk stops behind the header when the declared dimension answers all that is asked; `complete` is
    then False, and the writer must be ready to find the dimension wrong.
    """
    return _Surveyor(stream, header_row, watch, brief=brief).walk()


class _Surveyor:
    def __init__(self, stream: SheetStream, header_row: int, watch: Watch, *, brief: bool) -> None:
        self.brief = brief
        self.stream, self.header_row, self.watch = stream, header_row, watch
        self.found = Survey(stream.head, spelling(stream.head.prefix))
        self._watched: set[int] = set()
        p = re.escape(self.found.spelling.prefix)
        self._formula = b"<" + self.found.spelling.prefix + b"f"
        self._filled = re.compile(rb"<" + p + rb'c r="([A-Z]+)(\d+)"[^<>]*(?<!/)>(?!</)')

    def walk(self) -> Survey:
        for block in chain.from_iterable(map(self._cut, self.stream.blocks())):
            usual = usual_rows(block, self.found.spelling)
            if usual is None or self._holds_header(usual.numbers):
                self._by_cell(block)
            else:
                self._usual(block, usual.numbers, usual.last_column(self.found.spelling))
            self._formulas(block)
            if self.brief and self.found.header:
                return self.found
        self.found.complete = True
        self.found.tail = self.stream.tail
        self.found.tail_elements = tail_elements(self.found.head, self.found.tail, self.stream.where)
        return self.found

    def _cut(self, block: bytes) -> tuple[bytes, ...]:
        """The block, cut behind the header where it holds it: only the first part need be walked cell by cell."""
        usual = None if self.brief or self.found.header else usual_rows(block, self.found.spelling)
        later = [] if usual is None else [text for text in usual.texts if int(text) > self.header_row]
        if usual is None or not later or not self._holds_header(usual.numbers):
            return (block,)
        at = block.index(b"<" + self.found.spelling.prefix + b'row r="' + later[0] + b'"')
        return block[:at], block[at:]

    def _dimension_answers(self) -> bool:
        told = dimension(self.found.head)
        if told is None or self.found.last_column > told[0].right or self.found.has_formulas:
            return False
        if any(column <= told[0].right for column in self._watched):
            return False
        self.found.last_column, self.found.last_row = told[0].right, max(told[0].bottom, self.found.last_row)
        return True

    def _holds_header(self, numbers: list[int]) -> bool:
        return numbers[0] <= self.header_row <= numbers[-1]

    def _usual(self, block: bytes, numbers: list[int], last_column: int) -> None:
        if not in_order(numbers):
            raise Declined(f"{self.stream.where}: the rows after row {numbers[0]} are not in order.")
        self._reach(numbers[0])
        self._reach(numbers[-1])
        if last_column > self.found.last_column or (self._watched and last_column >= min(self._watched)):
            for text, row in dict(self._filled.findall(block)).items():  # the last of each column
                column = column_number(text.decode())
                self._fill_in(column, int(row))
                self.found.last_column = max(self.found.last_column, column)

    def _reach(self, row: int) -> None:
        if row < self.found.last_row or row > LAST_ROW:
            raise Declined(f"{self.stream.where}: row {row} follows row {self.found.last_row}; rows must be in order.")
        self.found.first_row = self.found.first_row or row
        self.found.last_row = row

    def _fill_in(self, column: int, row: int) -> None:
        if column in self._watched and row > self.header_row:
            self.found.filled[column] = max(row, self.found.filled.get(column, 0))

    def _by_cell(self, block: bytes) -> None:
        for row in walk(block, self.found.spelling, self.found.last_row, self.stream.where):
            self._reach(row.number)
            inner = row.inner or b""
            found = list(cells(inner, row.number, self.found.spelling, self.stream.where))
            if row.number == self.header_row:
                self._header(inner, found)
            for cell in found:
                if has_content(inner, cell):
                    self._fill_in(cell.column, row.number)
                    self.found.last_column = max(self.found.last_column, cell.column)
            if self.brief and row.number == self.header_row:
                self.brief = self._dimension_answers()
                if self.brief:
                    return

    def _header(self, inner: bytes, found: list[Cell]) -> None:
        for cell in found:
            told = attributes(cell.attributes)
            style = told.get("s", "0")
            self.found.header.append(
                HeaderCell(
                    cell.column,
                    int(style) if style.isdigit() else 0,
                    told.get("t", "n"),
                    inner[cell.content : cell.end],
                )
            )
        self._watched = self.watch(self.found.header)

    def _formulas(self, block: bytes) -> None:
        if self._formula not in block or not self.found.spelling.formula.search(block):
            return
        self.found.has_formulas = True
        for ref in _FORMULA_AREA.findall(block):
            found = area(ref.decode())
            if found is not None:
                self.found.formula_areas.append(found)
