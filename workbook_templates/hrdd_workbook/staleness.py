"""How a scored row notices that one of its inputs was changed, without hrdd: what it said is kept beside it.

Scoring writes the inputs of a row, one after the other, into one text; a formula makes that text anew from the
cells and compares. Both sides spell a cell alike in every language of Excel and LibreOffice, where a decimal comma
or another calendar would else be taken for an edit: fractions are counted in thousandths, dates in days since 2000.
Decisions are no inputs: recording one does not make a row stale.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any

from hrdd.columns import INPUT_BY_KEY

from .cells import TEXT_LIMIT, date_serial

if TYPE_CHECKING:
    import pandas as pd

EDITED = "edited since scoring"
#: The name, of the sheet of transactions alone, by which a row spells what it says.
NOW = "hrdd_row_now"
#: What stands for a row that cannot be spelled: an error among its cells, or more text than a cell can hold.
UNSPELLED = "#"
_ERROR = "\0"
_DECISION = frozenset(key for key, column in INPUT_BY_KEY.items() if column.group == "Review")
#: 2000-01-01 as spreadsheets number the days.
_START = 36_526
#: From here on programs may write a number with an exponent.
_LONG = 1e11
_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)  # as many as Excel computes with


@dataclass(frozen=True)
class Check:
    """What every row said, and how the workbook tells that it says something else now.

    `now` is the formula of the name `NOW`, which spells the row that uses it; `formula` compares the two. Both
    are written as `ResultColumn.formula` is. The name keeps the cells short: the spelling would not fit a screen.
    """

    said: list[str]
    now: str
    formula: str


def check(frame: pd.DataFrame, columns: Mapping[str, str], words: str = EDITED) -> Check:
    """Spell the rows of a frame of raw cells; `columns` are the letters of its keys in the sheet."""
    kept = [key for key in frame.columns if key not in _DECISION]
    spelled, pieces = [], []
    for key in kept:
        values = frame[key].tolist()
        kinds = set(map(type, values))
        way = _way(values, kinds)
        spelled.append(_spelled(values, way) if kinds - {str, type(None)} else [value or "" for value in values])
        pieces.append(_piece("{" + columns[key] + "}", way))
    whole = ',"|",'.join(pieces) or '""'
    said = list(map(_fitting, map("|".join, zip(*spelled, strict=True)))) if kept else [""] * len(frame)
    formula = f'IF(EXACT(IFERROR({NOW},"{UNSPELLED}"),{{=row_as_scored}}),"","{words}")'
    return Check(said, f"CONCATENATE({whole})", formula)


def _fitting(text: str) -> str:
    return UNSPELLED if _ERROR in text or (len(text) * 2 > TEXT_LIMIT and _units(text) > TEXT_LIMIT) else text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


@dataclass(frozen=True)
class _Way:
    """How the cells of a column are spelled, as far as its values need more than their own text."""

    dates: bool = False
    fractions: bool = False
    truths: bool = False


def _way(values: Sequence[Any], kinds: set[type]) -> _Way:
    dates = any(issubclass(kind, dt.date | dt.time | dt.timedelta) for kind in kinds)
    counted = set[type]() if dates else {kind for kind in kinds if issubclass(kind, int | float)} - {bool}
    numbers = {value for value in values if type(value) in counted} if counted else set[float]()
    fractions = any(abs(number) >= _LONG or number != int(number) for number in numbers)
    return _Way(dates, fractions, bool in kinds)


def _piece(cell: str, way: _Way) -> str:
    """The part of the formula that spells a cell."""
    piece = cell
    if way.dates:
        piece = f"IF(ISNUMBER({cell}),INT({cell})-DATE(2000,1,1),{cell})"
    if way.fractions:
        piece = f'IF(ISNUMBER({cell}),TEXT(ROUND({cell}*1000,0),"0"),{cell})'
    return f"IF(ISLOGICAL({cell}),N({cell}),{piece})" if way.truths else piece


def _spelled(values: Sequence[Any], way: _Way) -> list[str]:
    """The cells of a column as their part of the formula spells them."""
    told = list(zip(map(type, values), values, strict=True))
    known = {each: _text(each[1], way) for each in set(told)}
    return [known[each] for each in told]


def _text(value: Any, way: _Way) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, dt.date):
        value = date_serial(value)
    if isinstance(value, dt.time | dt.timedelta):
        value = value / dt.timedelta(days=1) if isinstance(value, dt.timedelta) else 0.0
    if not isinstance(value, int | float) or not math.isfinite(value):
        return _ERROR
    if way.dates and not isinstance(value, bool):
        return str(math.floor(value) - _START)
    if way.fractions and not isinstance(value, bool):
        whole, _, part = repr(value).partition(".")
        if len(part) <= 3 and len(whole) <= 12 and (whole + part).isdigit():
            return str(int(whole + part.ljust(3, "0")))  # the same, and ten times faster
        exact = _DIGITS.multiply(_DIGITS.create_decimal(value), Decimal(1000))
        return f"{exact.quantize(Decimal(1), ROUND_HALF_UP, Context(prec=400)) + 0:f}"
    return str(int(value))
