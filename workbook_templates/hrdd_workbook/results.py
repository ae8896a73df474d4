"""What is written, result columns and extra sheets, and what a write reports, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
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
    hides it there until it is opened. With a `formula` (without its equals sign) every cell computes, and `values`
    are the results it has for now; in it `{B}` is the cell of the same row in column B, and `{=rating}` that in the
    result column of this key. A column that is not `ours` is an empty one for the user to fill: its header carries
    no mark, and later writes leave it alone.
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
    formula: str | None = None
    ours: bool = True

    @property
    def head(self) -> str:
        """The look of a new header."""
        return "header" if self.ours else "asked"


@dataclass(frozen=True)
class Link:
    """A cell of an extra sheet that leads to a place in the workbook, such as `Orders!F17`."""

    text: str
    place: str
    look: str = "link"


@dataclass(frozen=True)
class Formula:
    """A formula of ours in an extra sheet, without its equals sign. `value` is its stored result, if known.

    The only way to a formula: text from anywhere else stays text. `look` is a name of `styles.LOOKS`.
    """

    text: str
    value: float | str | None = None
    look: str = "number"


@dataclass(frozen=True)
class Shown:
    """A value of an extra sheet in a look of its own, by its name in `styles.LOOKS`."""

    value: float | str | None
    look: str


@dataclass(frozen=True)
class ExtraSheet:
    """A sheet that is ours as a whole; `write_columns(..., extra_sheets=[...])` adds it or replaces it.

    `rows` are plain cells (text, number, bool, date, None), a `Link`, a `Formula` or `Shown` in another look; the
    row `header_row` is their header, rows above it are titles, and all down to it are frozen, with the first
    `frozen` columns. `widths` are those of the columns, `heights` those of some rows. `families` colours the words
    of a column (counted from one) as result columns of that family are. `filtered` puts a filter on the header,
    `tab` colours the sheet's tab (RRGGBB). An `optional` sheet is refreshed where a workbook has it, and not added.

    The first write puts the sheet last in the workbook. Later writes replace its whole part, whatever a user
    put there; a sheet is ours when its name stands in our custom property, or when the first cell of its
    header row carries the named style `styles.MARK` (so a template may carry the sheet already, in the place
    and with the name that it should keep). A user's own sheet of the same name is left alone, and ours is then
    named "<name> (hrdd)". Formulas elsewhere may refer to the sheet: its name and place stay.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float] = ()
    header_row: int = 1
    families: Mapping[int, Family] = field(default_factory=dict)
    filtered: bool = False
    tab: str | None = None
    heights: Mapping[int, float] = field(default_factory=dict)
    frozen: int = 0
    optional: bool = False


@dataclass(frozen=True)
class WriteReport:
    """What a write did: where the columns stand, and what the user should know.

    `changed` is False when the file already held these very values; it was then not touched. `columns` maps
    the key of each result column to its letters, `headers` to what its header cell says. `table` names the
    table that the columns are part of. After a rewrite, `lost` lists what openpyxl did not keep.
    """

    path: Path
    sheet: str
    rows: int
    changed: bool
    columns: dict[str, str]
    headers: dict[str, str]
    new: tuple[str, ...]
    table: str | None
    notes: tuple[str, ...]
    lost: tuple[str, ...] = ()
