"""The XML of one cell's content, from a value of a known kind. A value never becomes a formula."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import Any

import msgspec

from hrdd_workbook.results import Kind

TEXT_LIMIT = 32_767
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EMPTY = b"/>"


class Content(dict[Any, bytes]):
    """Value -> the rest of a cell after its reference, and what follows the cell; each value is written once.

    `lead` ends the reference and gives the style. Only values of one kind go through one instance, so that equal
    keys of different types cannot meet. `shortened` holds the texts that were too long for a cell.
    """

    def __init__(self, kind: Kind, prefix: str, lead: bytes, *, date1904: bool = False) -> None:
        self.lead, self.after = lead, b""
        self.kind = kind
        self.prefix = prefix
        self.date1904 = date1904
        self.shortened: set[str] = set()
        self._family: dict[tuple[bytes, bytes], Content] = {(lead, b""): self}

    def like(self, lead: bytes, after: bytes = b"") -> Content:
        """The same kind of content in another style, with something after each cell."""
        if (lead, after) not in self._family:
            made = Content(self.kind, self.prefix, lead, date1904=self.date1904)
            made.after, made.shortened, made._family = after, self.shortened, self._family  # of the same family
            self._family[lead, after] = made
        return self._family[lead, after]

    def __missing__(self, value: Any) -> bytes:
        made = self.lead + self._made(value) + self.after
        if len(self) > 65_536:
            self.clear()
        if is_key(self.kind, value):
            self[value] = made
        return made

    def cell(self, value: Any, _number: int) -> bytes:
        """The rest of a cell with this value in some row."""
        return self[value]

    def runs(self, values: Sequence[Any], _texts: Sequence[bytes]) -> Iterator[Iterable[bytes]]:
        """What `cell` gives for the rows of these numbers, as runs of pieces to be joined row by row."""
        yield self.many(values)

    def many(self, values: Sequence[Any]) -> Iterable[bytes]:
        """What `self[value]` gives for each value; floats, which rarely repeat, are spelled all at once."""
        if self.kind in ("number", "percent") and set(map(type, values)) == {float}:
            digits = numbers_text(values)
            if b"n" not in digits:
                start = self.lead + f"><{self.prefix}v>".encode()
                end = f"</{self.prefix}v></{self.prefix}c>".encode() + self.after
                return (start + digits.replace(b",", end + b"\n" + start) + end).split(b"\n")
        return map(self.__getitem__, values)

    def _made(self, value: Any) -> bytes:
        if value is None or value != value:  # NaN and NaT differ from themselves
            return _EMPTY
        p = self.prefix
        if self.kind == "text":
            return self._text(str(value))
        if self.kind == "bool":
            return f' t="b"><{p}v>{int(bool(value))}</{p}v></{p}c>'.encode()
        number = date_serial(value, date1904=self.date1904) if self.kind == "date" else value
        text = number_text(number)
        return f"><{p}v>{text}</{p}v></{p}c>".encode() if text else _EMPTY

    def _text(self, value: str) -> bytes:
        if len(value) * 2 > TEXT_LIMIT:
            value = self._fitted(value)
        return inline_text(value, self.prefix)

    def _fitted(self, value: str) -> str:
        """Excel counts UTF-16 units; a longer text would be repaired away, so it ends in an ellipsis."""
        units = value.encode("utf-16-le", "replace")
        if len(units) <= 2 * TEXT_LIMIT:
            return value
        self.shortened.add(value)
        return units[: 2 * (TEXT_LIMIT - 1)].decode("utf-16-le", "ignore") + "…"


class Computed:
    """Cells that compute: one formula for every row, and beside it the result that it has for now.

    `formula` is cut where the number of its row goes, as `formula_pieces` does. Results are texts or numbers.
    """

    shortened: frozenset[str] = frozenset()

    def __init__(self, kind: Kind, prefix: str, lead: bytes, formula: Sequence[str], after: bytes = b"") -> None:
        self.kind, self.prefix, self.lead, self.formula = kind, prefix, lead, formula
        self._pieces = [escape(piece).encode() for piece in formula]
        self._pieces[0] = (
            lead + (' t="str"' if kind == "text" else "").encode() + f"><{prefix}f>".encode() + self._pieces[0]
        )
        self._pieces[-1] += f"</{prefix}f>".encode()
        self._result = lru_cache(65_536)(partial(_result, kind, prefix, after))

    def like(self, lead: bytes, after: bytes = b"") -> Computed:
        """The same formula in another style, with something after each cell."""
        return Computed(self.kind, self.prefix, lead, self.formula, after)

    def cell(self, value: Any, number: int) -> bytes:
        """The rest of a cell in this row."""
        return b"".join(chain.from_iterable(self.runs([value], [b"%d" % number])))

    def runs(self, values: Sequence[Any], texts: Sequence[bytes]) -> Iterator[Iterable[bytes]]:
        """What `cell` gives for the rows of these numbers, as runs of pieces to be joined row by row."""
        yield repeat(self._pieces[0], len(texts))
        for piece in self._pieces[1:]:
            yield texts
            yield repeat(piece, len(texts))
        yield map(self._result, values)


def _result(kind: Kind, p: str, after: bytes, value: Any) -> bytes:
    """The result of a formula and the end of its cell."""
    text = "" if value is None else escape(value) if kind == "text" else number_text(value)
    return f"<{p}v>{text}</{p}v></{p}c>".encode() + after


def formula_pieces(formula: str, at: Mapping[str, str], lead: str = "") -> tuple[str, ...]:
    """A formula of a result column, cut where the number of its row goes; `at` has the letters of our columns.

    `lead` goes before all letters, such as the sheet that they are of.

    >>> formula_pieces("IF({B}={=rating},1,0)", {"rating": "F"})
    ('IF(B', '=F', ',1,0)')
    """
    pieces = [""]
    for place, text in enumerate(re.split(r"\{(=?\w+)\}", formula)):
        if place % 2:
            pieces[-1] += lead + (at[text[1:]] if text.startswith("=") else text)
            pieces.append("")
        else:
            pieces[-1] += text
    return tuple(pieces)


def is_key(kind: Kind, value: Any) -> bool:
    """Whether equal values of this type are spelled alike, so that one spelling serves them all."""
    if value is None:
        return True
    if kind == "text":
        return type(value) is str
    if kind == "date":
        return isinstance(value, dt.date) and getattr(value, "tzinfo", None) is None
    return type(value) is bool if kind == "bool" else type(value) in (int, float)


def inline_text(value: str, prefix: str = "") -> bytes:
    """The rest of a cell that holds this text in place; an empty text is an empty cell."""
    if not value:
        return _EMPTY
    p = prefix
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f' t="inlineStr"><{p}is><{p}t{space}>{escape(value)}</{p}t></{p}is></{p}c>'.encode()


def escape(value: str) -> str:
    """Text as XML text: markup escaped, control characters as _xHHHH_, and what looks so escaped itself."""
    if "_x" in value:
        value = _ESCAPED.sub("_x005F_", value)
    if not value.isprintable():
        value = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
        value = _SURROGATE.sub("\ufffd", value)
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number_text(value: Any) -> str:
    """A number in the shortest form that reads back the same; empty for NaN and infinities."""
    number = float(value)
    return numbers_text([number]).decode() if math.isfinite(number) else ""


def numbers_text(values: Sequence[float]) -> bytes:
    """Many numbers with commas between, 3.0 as 3; "null" for NaN and infinities. msgspec does it in one go."""
    return (msgspec.json.encode(values)[1:-1] + b",").replace(b".0,", b",")[:-1]


def date_serial(value: dt.date, *, date1904: bool = False) -> float:
    """Days since the workbook's epoch, with the leap day of 1900 that Excel believes in."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    value = value.replace(tzinfo=None)
    epoch = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001  # a wall clock
    serial = (value - epoch) / dt.timedelta(days=1)
    if not date1904 and serial < 61:
        serial -= 1
    return serial if serial >= 0 else math.nan


def plain(values: Any) -> list[Any]:
    """Values as a list of Python objects with None for missing, from a list, an array or a Series."""
    if hasattr(values, "to_numpy"):
        values = values.to_numpy(dtype=object, na_value=None)
    if hasattr(values, "tolist"):
        values = values.tolist()
    return values if type(values) is list else list(values)
