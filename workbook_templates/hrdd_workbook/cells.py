"""The XML of one cell's content, from a value of a known kind. A value never becomes a formula."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from hrdd_workbook.results import Kind

TEXT_LIMIT = 32_767
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EMPTY = b"/>"


class Content(dict[Any, bytes]):
    """Value -> the rest of a cell after its reference and style; each distinct value is written once.

    Only values of one kind go through one instance, so that equal keys of different types cannot meet.
    """

    def __init__(self, kind: Kind, prefix: str, lead: bytes, *, date1904: bool = False) -> None:
        self.lead = lead
        self.kind = kind
        self.prefix = prefix
        self.date1904 = date1904
        self.shortened = 0
        self._likes: dict[bytes, Content] = {lead: self}

    def like(self, lead: bytes) -> Content:
        """The same kind of content under another lead, that is, in another style."""
        if lead not in self._likes:
            made = Content(self.kind, self.prefix, lead, date1904=self.date1904)
            made._likes = self._likes  # a sibling of the same family
            self._likes[lead] = made
        return self._likes[lead]

    def __missing__(self, value: Any) -> bytes:
        made = self.lead + self._made(value)
        if len(self) > 65_536:
            self.clear()
        if value is None or type(value) in _PLAIN[self.kind]:
            self[value] = made
        return made

    def runs(self, values: Sequence[Any]) -> list[Iterable[bytes]]:
        """The contents of many values as runs that are to be joined value by value.

        Finite floats, which rarely repeat, are spelled all at once: their lead, their digits and their end.
        """
        if self.kind in ("number", "percent") and set(map(type, values)) == {float}:
            digits = "\n".join(map(repr, values)).encode()
            if b"n" not in digits.replace(b"\n", b""):
                p = self.prefix
                lead = self.lead + f"><{p}v>".encode()
                return [repeat(lead), digits.split(b"\n"), repeat(f"</{p}v></{p}c>".encode())]
        return [list(map(self.__getitem__, values))]

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
        self.shortened += 1
        return units[: 2 * (TEXT_LIMIT - 1)].decode("utf-16-le", "ignore") + "…"


_PLAIN: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "bool": (bool,),
    "number": (int, float),
    "percent": (int, float),
    "date": (),
}


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
    value = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
    value = _SURROGATE.sub("\ufffd", value)
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number_text(value: Any) -> str:
    """A number in the shortest form that reads back the same; empty for NaN and infinities."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    number = float(value)
    return repr(number) if math.isfinite(number) else ""


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
    return list(values)
