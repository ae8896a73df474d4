"""What a result cell is meant to say and what a written cell says, told apart from the code that writes."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from hrdd_workbook.results import Kind

_TEXT_LIMIT = 32_767
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)<")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)<")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^<>]*)?>([^<]*)<")
_TYPE = re.compile(rb"\st=\"(\w+)\"")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class MeantColumn:
    """One result column as it should be read back.

    Cells have `style`, but those that had one before keep it unless the column is `fresh`. `header` is None where the
    header cell stays, and `header_style` where that keeps its style too. `formula` is that of every cell, cut where its
    row goes; `values` are then the results that stand beside it.
    """

    column: int
    kind: Kind
    values: Sequence[Any]
    style: int
    fresh: bool
    header: str | None = None
    header_style: int | None = None
    date1904: bool = False
    formula: tuple[str, ...] = ()

    @property
    def lead(self) -> bytes:
        """How cells in the style of the column begin, after their reference."""
        return b'" s="%d"' % self.style


def cell_meaning(column: MeantColumn, value: Any, row: object) -> Any:
    """What a cell should say: the meaning of its value, and before it the formula of its row where it computes."""
    meaning = meaning_of(column, value)
    return (str(row).join(column.formula), meaning) if column.formula else meaning


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
    if len(text) * 2 <= _TEXT_LIMIT and text.isprintable():
        return text
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
    """What a written cell says, from its attributes and its inner XML; of one that computes, formula and result."""
    formula = _FORMULA.search(inner)
    said = _value_of(attributes, inner)
    return said if formula is None else (unescape(formula[1].decode()), said)


def _value_of(attributes: bytes, inner: bytes) -> Any:
    kind = _TYPE.search(attributes)
    if kind is not None and kind[1] == b"inlineStr":
        text = "".join(unescape(match.decode()) for match in _TEXT.findall(inner))
        return (_CODED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text) or None
    value = _VALUE.search(inner)
    if value is None or not value[1]:
        return None
    if kind is not None and kind[1] == b"b":
        return value[1] == b"1"
    return float(value[1]) if kind is None or kind[1] == b"n" else unescape(value[1].decode())
