"""What calamine does not tell: error cells, formulas without a stored result, odd encodings.

One pass over the inflated rows, by searching bytes; cells are looked at only in blocks that have such cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from hrdd_workbook.errors import Declined
from hrdd_workbook.grammar import cells, walk
from hrdd_workbook.sheet import SheetStream, Spelling, attributes, spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

_ERROR = re.compile(rb"\bt\s*=\s*(?:\"e\"|'e')")
#: What one of is in every block with an error cell; the last three only where a byte stands that is quickly missed.
_ERROR_SIGNS = (b' t="e"', b" t =", b" t= ")
_RARE_SIGNS = ((b"'", b" t='e'"), (b"\t", b"\tt="), (b"\n", b"\nt="))
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)<")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
#: A hidden range of columns; not one that is folded into an outline: that shows its plus sign.
_HIDDEN_COLUMNS = re.compile(
    rb"<(?:[\w.-]+:)?col\s(?![^<>]*outlineLevel=.[1-9])[^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"']"
)


@dataclass
class Scan:
    """Cells by (row, column), both from one: `errors` with their text, and `uncached` formulas."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: int = 0
    hidden_columns: int = 0
    unclear: bool = False


def scan(pieces: Iterator[bytes], where: str) -> Scan:
    """Walk over a worksheet part once."""
    stream = SheetStream(pieces, where, tolerant=True)
    found = Scan()
    columns = stream.head.element("cols")
    if columns is not None:
        found.hidden_columns = len(_HIDDEN_COLUMNS.findall(stream.head.data[columns.start : columns.end]))
    _Scanner(stream, found).run()
    return found


def _may_have_error(block: bytes) -> bool:
    common = any(sign in block for sign in _ERROR_SIGNS)
    return common or any(byte in block and sign in block for byte, sign in _RARE_SIGNS)


class _Scanner:
    def __init__(self, stream: SheetStream, found: Scan) -> None:
        self.stream, self.found = stream, found
        self.spelled: Spelling = spelling(stream.head.prefix)
        p = re.escape(self.spelled.prefix)
        self._formula = b"<" + self.spelled.prefix + b"f"
        self._without = re.compile(rb"(?:</" + p + rb"f>|<" + p + rb"f[^<>]*/>)(?!<" + p + rb"v>[^<])")
        self._counting = False
        self._last = 0

    def run(self) -> None:
        first = True
        for block in self.stream.blocks():
            if first:
                match = self.spelled.any_row.search(block)
                self._counting = match is not None and "r" not in attributes(match[1])
                first = False
            if b"hidden" in block:
                self.found.hidden_rows += len(_HIDDEN.findall(block))
            odd = _may_have_error(block) and _ERROR.search(block)
            if self._counting or odd or (self._formula in block and self._without.search(block)):
                self._look(block)

    def _look(self, block: bytes) -> None:
        last = self._last if self._counting else 0
        try:
            for row in walk(block, self.spelled, last, self.stream.where):
                self._last = row.number
                self._row(row.number, row.inner or b"")
        except Declined:
            self.found.unclear = True

    def _row(self, number: int, inner: bytes) -> None:
        for cell in cells(inner, number, self.spelled, self.stream.where):
            raw = inner[cell.content : cell.end]
            kind = attributes(cell.attributes).get("t") if raw else None
            if kind == "e":
                match = _VALUE.search(raw)
                text = unescape(match[1].decode("utf-8", "replace")) if match else ""
                self.found.errors[number, cell.column] = text or "#N/A"
            elif self._formula in raw and kind != "str":
                match = _VALUE.search(raw)
                if match is None or not match[1].strip():
                    self.found.uncached.add((number, cell.column))
