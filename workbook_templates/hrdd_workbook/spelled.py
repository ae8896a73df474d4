"""The cells that result columns are meant to have, spelled a second time by other code, each spelling read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import repeat
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from hrdd_workbook.cells import is_key, number_text, numbers_text
from hrdd_workbook.errors import NotAsIntended
from hrdd_workbook.meaning import MeantColumn, cell_meaning, content_of

ROW = "\0"
_UNTEXT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")


class Spelled(dict[Any, bytes]):
    """What follows the references of one column, up to the next cell, by value; each spelling is read back once.

    The formula of a column that computes has `ROW` where the number of its row goes.
    """

    def __init__(self, column: MeantColumn, after: bytes, prefix: str) -> None:
        self.column, self.after, self.prefix = column, after, prefix
        self.lead = b""

    def many(self, lead: bytes, rows: slice, texts: list[bytes]) -> list[Iterable[bytes]]:
        """The cells of consecutive values from their references on, as runs to be joined row by row.

        `texts` are the numbers of their rows.
        """
        if self.column.fresh and self.column.lead != lead:
            raise NotAsIntended("A new column is not in the style that was meant for it; the file was not replaced.")
        if lead != self.lead or len(self) > 65_536:
            self.clear()
        self.lead = lead
        values = self.column.values[rows]
        if self.column.formula:
            return [map(bytes.replace, map(self.__getitem__, values), repeat(ROW.encode()), texts)]
        if self.column.kind in ("number", "percent") and set(map(type, values)) == {float}:
            digits = numbers_text(values)
            if b"n" not in digits and msgspec.json.decode(b"[%b]" % digits, type=list[float]) == values:
                p = self.prefix
                begin, end = lead + f"><{p}v>".encode(), f"</{p}v></{p}c>".encode() + self.after
                return [b"".join((begin, digits.replace(b",", end + b"," + begin), end)).split(b",")]
        return [map(self.__getitem__, values)]

    def __missing__(self, value: Any) -> bytes:
        meaning = cell_meaning(self.column, value, ROW)
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
        odd = "_x" in meaning or not meaning.isprintable()
        text = escape(_UNTEXT.sub(_coded, meaning) if odd else meaning)
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
