"""Null-aware questions that signals are written in. A blank never answers; Kleene logic does the rest.

pandas answers `blank != "AE"` with True and `blank.isin(...)` with False on ordinary dtypes; signals therefore
ask only through this vocabulary, over nullable columns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Answer: TypeAlias = "pd.Series[Any]"  # of dtype "boolean": True, False or NA
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Rows:
    """Typed facts of many transactions: `rows["end_use"]` is a column; `doubt` marks cells that say UNKNOWN.

    `misread` marks those of the doubted that say something nobody can read, as opposed to "Unknown".
    """

    facts: Mapping[str, Answer]
    doubt: Mapping[str, Mask]
    thresholds: Mapping[str, float]
    misread: Mapping[str, Mask] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.facts["transaction_id"])

    def __getitem__(self, key: str) -> Answer:
        return self.facts[key]

    def alone(self, position: int) -> Rows:
        """One row by itself, with the facts that it would have in a table of its own."""
        own = {name: _own(column.array[position : position + 1]) for name, column in self.facts.items()}
        doubt, misread = (
            {key: mask[[position]] for key, mask in masks.items()} for masks in (self.doubt, self.misread)
        )
        return Rows(own, doubt, self.thresholds, misread)

    def threshold(self, name: str) -> float:
        """A dated number of the policy file."""
        return self.thresholds[name]

    def doubtful(self, key: str) -> Mask:
        """Where the column's cell says UNKNOWN, as opposed to being blank."""
        return self.doubt.get(key, np.zeros(len(self), dtype=bool))

    def was_misread(self, key: str) -> Mask:
        """Where the column's cell says something that cannot be read: a typo, an error, no choice."""
        return self.misread.get(key, np.zeros(len(self), dtype=bool))


def _own(cell: Any) -> Answer:
    return pd.Series(cell.remove_unused_categories() if isinstance(cell.dtype, pd.CategoricalDtype) else cell)


def yes_no(known_true: Any, known_false: Any) -> Answer:
    """An answer from two masks: True, False, and NA where neither holds.

    >>> yes_no(np.array([True, False, False]), np.array([False, True, False])).tolist()
    [True, False, <NA>]
    """
    true, false = np.asarray(known_true, dtype=bool), np.asarray(known_false, dtype=bool)
    return pd.Series(pd.arrays.BooleanArray(true, ~(true | false)))


def is_blank(values: Any) -> Answer:
    """Whether the cell is empty; itself never unknown."""
    return pd.Series(values.isna().to_numpy(dtype=bool), dtype="boolean")


def is_one_of(values: Any, wanted: Collection[str]) -> Answer:
    """Whether a text or choice is among `wanted`; NA where it is blank.

    >>> is_one_of(pd.Series(["AE", None, "IR"], dtype="category"), {"AE"}).tolist()
    [True, <NA>, False]
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        choices = values.array
        among = np.array([*(category in wanted for category in choices.categories.tolist()), False])
        codes = choices.codes
        return pd.Series(pd.arrays.BooleanArray(among[codes], codes == -1))
    blank = values.isna().to_numpy(dtype=bool)
    return pd.Series(pd.arrays.BooleanArray(values.isin(list(wanted)).to_numpy(dtype=bool) & ~blank, blank))


def exceeds(values: Any, limit: float) -> Answer:
    """Whether a number is the limit or more; NA where there is none.

    >>> exceeds(pd.Series([49.9, 50, None], dtype="Float64"), 50).tolist()
    [False, True, <NA>]
    """
    return pd.Series((values >= limit).astype("boolean").array)


def is_below(values: Any, limit: float) -> Answer:
    """Whether a number is under the limit; NA where there is none.

    >>> is_below(pd.Series([49.9, 50, None], dtype="Float64"), 50).tolist()
    [True, False, <NA>]
    """
    return pd.Series((values < limit).astype("boolean").array)


def answered(rows: Rows, key: str, otherwise: Answer) -> Answer:
    """The cell's own Yes or No; where it is blank, what the data say; where it says UNKNOWN, unknown."""
    own = rows[key]
    return own.where(own.notna() | rows.doubtful(key), otherwise)


def blank_is_no(rows: Rows, key: str, answer: Answer) -> Answer:
    """The answer that a cell gives, with a blank read as No; where the cell says UNKNOWN, unknown."""
    return answer.mask((rows[key].isna() & ~rows.doubtful(key)).to_numpy(dtype=bool), other=False)


def certainly(answer: Answer) -> Answer:
    """True where the answer is True; False elsewhere, unknown included. For notes, never for a 'No'."""
    return answer.fillna(value=False)


def as_masks(answer: Answer) -> tuple[Mask, Mask]:
    """An answer as two masks: known true, known false."""
    true = answer.to_numpy(dtype=bool, na_value=False)
    return true, ~answer.to_numpy(dtype=bool, na_value=True)
