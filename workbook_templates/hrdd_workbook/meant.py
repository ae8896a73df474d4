"""What a write is meant to leave in the sheet, spelled out apart from the code that writes it."""

from __future__ import annotations

import datetime as dt
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import repeat
from typing import Any
from xml.sax.saxutils import escape

from hrdd_workbook.refs import letters
from hrdd_workbook.results import Kind

_TEXT_LIMIT = 32_767
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)<")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)<")
_TYPE = re.compile(rb"\st=\"(\w+)\"")
_STYLE = re.compile(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNTEXT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
Cells = dict[tuple[int, int], Any]


@dataclass(frozen=True)
class MeantColumn:
    """One result column as it should be read back. `header` is None where the header cell must not change."""

    column: int
    kind: Kind
    values: Sequence[Any]
    style: int
    header: str | None
    header_style: int = 0
    date1904: bool = False


@dataclass
class Meant:
    """All result cells of a write, settled from the first row to the last."""

    prefix: str
    header_row: int
    rows: list[int]
    columns: Sequence[MeantColumn]
    clear_to: int = 0
    _known: list[dict[Any, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = [{} for _ in self.columns]
        self.row_start = f'<{self.prefix}row r="'.encode()
        p = re.escape(self.prefix)
        names = "|".join(letters(column.column) for column in self.columns)
        pattern = rf'<{p}c r="({names})(\d+)"((?:[^<>"/]|"[^"]*")*)(?:/>|>(.*?)</{p}c>)'
        self._cell = re.compile(pattern.encode(), re.DOTALL)
        self._by_name = {letters(column.column).encode(): column for column in self.columns}

    def all_new(self) -> bool:
        """Whether no result column was there before."""
        return all(column.header is not None for column in self.columns)

    # ---- whole runs of rows, as bytes

    def wanted(self, first: int, last: int) -> list[int]:
        """The rows to fill that lie between two rows; the header row counts when its cells are meant."""
        return self.rows[bisect_left(self.rows, first) : bisect_right(self.rows, last)]

    def cells(self, first: int, texts: list[bytes]) -> list[Iterable[bytes]]:
        """The cells that rows should have gained, from value `first` on, as runs to be joined row by row."""
        runs: list[Iterable[bytes]] = []
        for at, column in enumerate(self.columns):
            start = f'<{self.prefix}c r="{letters(column.column)}'.encode()
            runs += [repeat(start), texts]
            runs += self._spelled(at, column, column.values[first : first + len(texts)])
        return runs

    def header_cells(self) -> bytes:
        """The cells that the header row should have gained, when all columns are new."""
        return b"".join(
            f'<{self.prefix}c r="{letters(column.column)}{self.header_row}'.encode() + self._header(column)
            for column in self.columns
        )

    def _header(self, column: MeantColumn) -> bytes:
        return self._made(replace(column, kind="text", style=column.header_style), column.header)

    def _spelled(self, at: int, column: MeantColumn, values: Sequence[Any]) -> list[Iterable[bytes]]:
        if column.kind in ("number", "percent"):
            return self._numbers(column, values)
        if column.kind == "text" and not set(map(type, values)) <= {str, type(None)}:
            return [[self._made(column, value) for value in values]]
        known = self._known[at]
        known.update({value: self._made(column, value) for value in set(values) - known.keys()})
        return [[known[value] for value in values]]

    def _numbers(self, column: MeantColumn, values: Sequence[Any]) -> list[Iterable[bytes]]:
        p = self.prefix
        if not all(type(value) is float for value in values):
            return [[self._made(column, value) for value in values]]
        texts = str(list(values))[1:-1].encode().split(b", ")
        if len(texts) != len(values) or b"n" in b"".join(texts):
            return [[self._made(column, value) for value in values]]
        lead = f'" s="{column.style}"><{p}v>'.encode()
        return [repeat(lead), texts, repeat(f"</{p}v></{p}c>".encode())]

    def _made(self, column: MeantColumn, value: Any) -> bytes:
        p, meaning = self.prefix, meaning_of(column, value)
        lead = f'" s="{column.style}"'
        if meaning is None:
            return f"{lead}/>".encode()
        if isinstance(meaning, bool):
            return f'{lead} t="b"><{p}v>{meaning:d}</{p}v></{p}c>'.encode()
        if isinstance(meaning, float):
            text = repr(value if type(value) is int else meaning)
            return f"{lead}><{p}v>{text}</{p}v></{p}c>".encode()
        blank = meaning[:1].isspace() or meaning[-1:].isspace() or "\n" in meaning
        space = ' xml:space="preserve"' if blank else ""
        text = escape(_UNTEXT.sub(_coded, meaning))
        return f'{lead} t="inlineStr"><{p}is><{p}t{space}>{text}</{p}t></{p}is></{p}c>'.encode()

    # ---- single rows, cell by cell

    def apart(self, row: bytes) -> tuple[bytes, dict[int, dict[int, tuple[bytes, bytes]]]]:
        """A row without the cells of result columns, and those cells by row and column."""
        found: dict[int, dict[int, tuple[bytes, bytes]]] = {}

        def take(match: re.Match[bytes]) -> bytes:
            column, number = self._by_name[match[1]], int(match[2])
            found.setdefault(number, {})[column.column] = (match[3], match[4] or b"")
            return b""

        return self._cell.sub(take, row), found

    def says(self, number: int, cells: dict[int, Any], old: dict[int, Any]) -> bool:
        """Whether the result cells of a row say what is meant; `old` holds those of the source."""
        if number == self.header_row:
            return all(self._header_says(column, cells, old) for column in self.columns)
        place = bisect_left(self.rows, number)
        if place == len(self.rows) or self.rows[place] != number:
            return self._left_or_cleared(number, cells, old)
        return all(
            content_of(*cells[column.column]) == meaning_of(column, column.values[place])
            if column.column in cells
            else False
            for column in self.columns
        )

    def _header_says(self, column: MeantColumn, cells: dict[int, Any], old: dict[int, Any]) -> bool:
        new, before = cells.get(column.column), old.get(column.column)
        if column.header is not None:
            return new is not None and content_of(*new) == column.header
        if new is None or before is None:
            return new == before
        return _STYLE.sub(b"", new[0]) == _STYLE.sub(b"", before[0]) and new[1] == before[1]

    def _left_or_cleared(self, number: int, cells: dict[int, Any], old: dict[int, Any]) -> bool:
        if self.header_row < number <= self.clear_to:
            return cells.keys() == old.keys() and all(content_of(*cell) is None for cell in cells.values())
        return cells == old


def meaning_of(column: MeantColumn, value: Any) -> Any:
    """What a reader should get for a value: text, float, bool or None."""
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    if column.kind == "text":
        return _fitted(str(value)) or None
    if column.kind == "bool":
        return bool(value)
    number = _serial(value, date1904=column.date1904) if column.kind == "date" else float(value)
    return number if math.isfinite(number) else None


def _fitted(text: str) -> str:
    """A text as long as a cell can hold, counted in UTF-16 units, with an ellipsis where it was cut."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _TEXT_LIMIT:
        return text
    return units[: 2 * _TEXT_LIMIT - 2].decode("utf-16-le", "ignore") + "…"


def _serial(value: dt.date, *, date1904: bool) -> float:
    if isinstance(value, dt.datetime):
        clock = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    else:
        clock = 0.0
    days = value.toordinal() - (dt.date(1904, 1, 1) if date1904 else dt.date(1899, 12, 30)).toordinal()
    if not date1904 and days < 61:
        days -= 1
    return days + clock / 86_400 if days >= 0 else math.nan


def content_of(attributes: bytes, inner: bytes) -> Any:
    """What a written cell says, from its attributes and its inner XML."""
    kind = _TYPE.search(attributes)
    if kind is not None and kind[1] == b"inlineStr":
        text = "".join(unescape(match.decode()) for match in _TEXT.findall(inner))
        return _CODED.sub(lambda match: chr(int(match[1], 16)), text) or None
    value = _VALUE.search(inner)
    if value is None or not value[1]:
        return None
    if kind is not None and kind[1] == b"b":
        return value[1] == b"1"
    return float(value[1]) if kind is None or kind[1] == b"n" else value[1].decode()


def _coded(match: re.Match[str]) -> str:
    """The _xHHHH_ spelling of a character that XML cannot hold, and of a text that looks so spelled."""
    text = match[0]
    if len(text) > 1:
        return "_x005F" + text
    return "\ufffd" if "\ud800" <= text <= "\udfff" else f"_x{ord(text):04X}_"
