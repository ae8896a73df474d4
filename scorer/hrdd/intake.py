"""From messy cells to typed facts: every value is read, or is UNKNOWN and reported. Never raises on data.

Work is done once per distinct value of a column, then spread over the rows, so that a hundred thousand rows
with a few hundred spellings cost a few hundred readings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hrdd import readings
from hrdd.columns import INPUT_BY_KEY, INPUTS, Column
from hrdd.errors import RepeatedColumn

if TYPE_CHECKING:
    from hrdd.readings import Reading

Frame = pd.DataFrame
Mask = np.ndarray[Any, np.dtype[np.bool_]]

#: How the values of a kind are held; the others are texts of which few are distinct.
_TYPES: dict[str, tuple[str, Any]] = {
    "yes_no_unknown": ("bool", pd.arrays.BooleanArray),
    "verified_no_unknown": ("bool", pd.arrays.BooleanArray),
    "number": ("float64", pd.arrays.FloatingArray),
    "date": ("datetime64[s]", None),
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong or doubtful in one column: the sentence, and the 0-based rows it is true of.

    `grave` is false for what was read after all, and only not as it stood.
    """

    key: str
    message: str
    rows: np.ndarray[Any, np.dtype[np.int64]]
    grave: bool = True

    @property
    def text(self) -> str:
        """The sentence as a row shows it, after the header of its column."""
        return f"{INPUT_BY_KEY[self.key].header}: {self.message}"


@dataclass(frozen=True)
class Intake:
    """Typed rows: `cells` has one NA-backed column per input; `doubt[key]` marks cells that say UNKNOWN.

    A blank cell is NA without doubt; "Unknown", a typo or an unreadable cell is NA with doubt. `misread[key]`
    marks those of the doubted that say something nobody can read, as opposed to "Unknown" or "TBC". `words[key]`
    has the texts of cells that are no choice and are read for what they say. `undated` marks the rows whose date is
    that of the scoring, since their cell gives none.
    """

    cells: Frame
    doubt: dict[str, Mask]
    undated: Mask
    problems: list[Problem] = field(default_factory=list)
    words: dict[str, Any] = field(default_factory=dict)
    misread: dict[str, Mask] = field(default_factory=dict)

    def doubtful(self, key: str) -> Mask:
        """Where the cell of a column says UNKNOWN, as opposed to saying nothing."""
        return self.doubt.get(key, np.zeros(len(self.cells), dtype=bool))


def take_in(frame: Frame, today: date, repeated: Mask | None = None) -> Intake:
    """Read a frame whose columns are input keys; blank dates become `today`, absent columns become NA.

    `repeated` marks the rows whose id another row bears, where the frame is a part of a larger table or holds
    several tables (`repeated_ids` tells it for a whole column); by default it is looked for in the frame.

    Raises RepeatedColumn where one key stands over two columns, since either could be meant.
    """
    _refuse_repeats(frame.columns)
    frame = frame.reset_index(drop=True)
    taken = _Taking(len(frame))
    for column in INPUTS:
        taken.read(column, frame[column.key] if column.key in frame.columns else None)
    dates = taken.cells["as_of_date"]
    taken.cells["as_of_date"] = dates.where(dates.notna(), pd.Timestamp(today).as_unit("s"))
    ids = taken.cells["transaction_id"]
    taken.problems.extend(_identity_problems(ids, _repeats(ids) if repeated is None else repeated))
    cells = pd.DataFrame(taken.cells, copy=False)
    return Intake(cells, taken.doubt, dates.isna().to_numpy(), taken.problems, taken.words, taken.misread)


def _refuse_repeats(names: pd.Index[Any]) -> None:
    twice = set(names[names.duplicated()])
    repeated = [key for key in INPUT_BY_KEY if key in twice]
    if repeated:
        headers = ", ".join(INPUT_BY_KEY[key].header for key in repeated)
        raise RepeatedColumn(f"The table has more than one column for {headers}; keep one of each.")


class _Taking:
    """The columns read so far."""

    def __init__(self, rows: int) -> None:
        self.blank = np.full(rows, -1)
        self.cells: dict[str, Any] = {}
        self.doubt: dict[str, Mask] = {}
        self.misread: dict[str, Mask] = {}
        self.problems: list[Problem] = []
        self.words: dict[str, Any] = {}

    def read(self, column: Column, values: pd.Series[Any] | None) -> None:
        codes, distinct = _distinct(values) if values is not None else (self.blank, [])
        found, told = readings.read_all(distinct, column)
        self.cells[column.key] = _spread(column, codes, found)
        if told:
            self._words(
                column.key, codes, [told[code].words if code in told else None for code in range(len(distinct))]
            )
            _mark(self.doubt, column.key, codes, [code for code, reading in told.items() if reading.doubt])
            _mark(self.misread, column.key, codes, [code for code, reading in told.items() if reading.misread])
            messages = {code: reading for code, reading in told.items() if reading.message}
            if messages:
                self._report(column.key, codes, messages)

    def _words(self, key: str, codes: np.ndarray[Any, Any], said: list[str | None]) -> None:
        if any(said):
            self.words[key] = _categories(codes, said)

    def _report(self, key: str, codes: np.ndarray[Any, Any], told: dict[int, Reading]) -> None:
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], list(told), side="left")
        ends = np.searchsorted(codes[order], list(told), side="right")
        for reading, start, end in zip(told.values(), starts, ends, strict=True):
            self.problems.append(Problem(key, str(reading.message), order[start:end], grave=reading.doubt))


def _mark(marks: dict[str, Mask], key: str, codes: np.ndarray[Any, Any], marked: list[int]) -> None:
    """Mark the rows of the codes named, where there are any."""
    if marked:
        marks[key] = np.isin(codes, marked)


def _distinct(values: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """A code per row, -1 for blanks, and the distinct cells that the codes count."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, distinct = values.array.codes, values.array.categories
        used = np.bincount(codes.astype(np.int64) + 1, minlength=len(distinct) + 1)[1:] > 0
        if not used.all():
            codes, distinct = np.append(np.cumsum(used) - 1, -1)[codes], distinct[used]
        return codes, distinct.to_numpy(dtype=object).tolist()
    cells = values.to_numpy(dtype=object)
    try:
        codes, found = pd.factorize(cells, use_na_sentinel=True)
    except TypeError:  # a list, or another cell without a hash, which no reading accepts
        cells = np.fromiter(map(_hashable, cells), dtype=object, count=len(cells))
        codes, found = pd.factorize(cells, use_na_sentinel=True)
    distinct = list(found)
    if pd.api.types.infer_dtype(found, skipna=False) != "string":
        _tell_apart(cells, codes, distinct)
    return codes, distinct


@dataclass(frozen=True)
class _NoCell:
    """Stands for an object that no cell can hold; read as unreadable, and quoted as it was."""

    text: str

    def __str__(self) -> str:
        return self.text


def _hashable(cell: Any) -> Any:
    try:
        hash(cell)
    except TypeError:
        return _NoCell(str(cell))
    return cell


_BOOLS = (bool, np.bool_)


def _tell_apart(cells: Any, codes: Any, distinct: list[Any]) -> None:
    """True equals 1 and False equals 0 when counted, and not when read: give each its own code."""
    for code, first in list(enumerate(distinct)):
        if isinstance(first, (*_BOOLS, int, float, np.number)) and first in (0, 1):
            others = [
                row
                for row in np.flatnonzero(codes == code)
                if isinstance(cells[row], _BOOLS) != isinstance(first, _BOOLS)
            ]
            if others:
                codes[others] = len(distinct)
                distinct.append(cells[others[0]])


def _spread(column: Column, codes: np.ndarray[Any, Any], values: list[Any]) -> Any:
    """The column's typed values, row by row, NA where the code is -1 or the reading is None."""
    if column.kind not in _TYPES:
        return _categories(codes, values)
    values = [*values, None]  # code -1 takes the last, which is NA
    dtype, masked = _TYPES[column.kind]
    if masked is None:
        return pd.Series(np.array(values, dtype=dtype)[codes])
    held, blank = np.array([value or 0 for value in values], dtype), np.array([value is None for value in values])
    return pd.Series(masked(held[codes], blank[codes]))


def _categories(codes: np.ndarray[Any, Any], values: list[Any]) -> pd.Series[Any]:
    known = pd.Index(values, dtype=object)
    if known.hasnans or not known.is_unique:
        recode, known = pd.factorize(pd.Index([*values, None], dtype=object))  # the last place is that of blanks
        codes = recode[codes]
    return pd.Series(pd.Categorical.from_codes(codes, categories=known))


def repeated_ids(values: pd.Series[Any]) -> Mask:
    """Which cells of a table's column of transaction ids say what another cell of it says, blanks apart."""
    column = INPUT_BY_KEY["transaction_id"]
    codes, distinct = _distinct(values)
    return _repeats(_spread(column, codes, readings.read_all(distinct, column)[0]))


def _repeats(ids: pd.Series[Any]) -> Mask:
    return np.asarray((ids.duplicated(keep=False) & ids.notna()).to_numpy(dtype=bool))


def _identity_problems(ids: pd.Series[Any], repeated: Mask) -> list[Problem]:
    empty = np.flatnonzero(ids.isna().to_numpy())
    twice = np.flatnonzero(repeated)
    found = []
    if len(empty):
        found.append(Problem("transaction_id", "empty; give each row its own number", empty))
    if len(twice):
        found.append(Problem("transaction_id", "used by more than one row; give each row its own number", twice))
    return found
