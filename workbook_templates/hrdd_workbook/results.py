"""What is written: result columns and extra sheets, as plain frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "percent", "date", "bool"]
Family = Literal["rating", "disposition", "answer"]


@dataclass(frozen=True)
class ResultColumn:
    """One column of results.

    `values` stands in the order of the row numbers that are given beside the columns; a list, a NumPy array
    or a pandas Series (also Categorical). None, NaN and NA leave the cell empty. `style` is a name of
    `hrdd_workbook.styles.LOOKS`, or None for the one that goes with `kind`. `family` names the colours that
    a new column gets once; `group` 1 or more puts a new column into an outline of that level, `collapsed`
    hides it there until it is opened.
    """

    key: str
    header: str
    values: Sequence[Any]
    kind: Kind = "text"
    style: str | None = None
    width: float | None = None
    family: Family | None = None
    group: int = 0
    collapsed: bool = False


@dataclass(frozen=True)
class ExtraSheet:
    """A sheet that is ours as a whole: the first row is its header; it is replaced whole next time."""

    name: str
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float] = ()
