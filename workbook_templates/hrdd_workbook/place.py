"""Where each result column goes: into a column that is ours, into an empty one with our header, or anew.

A column is ours when its header cell carries the named style `styles.MARK`, which the writer sets. A column
with one of our headers but without the mark is taken over only while it has no content below its header (so
a template's prepared columns are); otherwise it is the user's, stays as it is, and our column stands under
"<header> (HRDD)".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from hrdd.columns import fold
from hrdd_workbook.errors import Declined
from hrdd_workbook.refs import LAST_COLUMN, Area, letters
from hrdd_workbook.results import ResultColumn
from hrdd_workbook.table import Table

State = Literal["ours", "adopted", "new"]


@dataclass(frozen=True)
class Placed:
    """A result column with its place. `header` is what its header cell says or will say."""

    result: ResultColumn
    column: int
    state: State
    header: str


@dataclass(frozen=True)
class Placement:
    """All places, whether the new ones join the table, and sentences for the report."""

    columns: tuple[Placed, ...]
    joins_table: bool
    notes: tuple[str, ...] = ()


class Reach(Protocol):
    """How far a sheet is in use: what `survey` learns of a file, and the add-in of an open workbook."""

    @property
    def last_column(self) -> int:
        """The rightmost column with content, or 0."""

    @property
    def filled(self) -> Mapping[int, int]:
        """The columns of interest that have content below the header, with its last row."""

    @property
    def formula_areas(self) -> list[Area]:
        """The areas of array formulas."""

    def merges(self) -> list[Area]:
        """The merged areas."""


@dataclass(frozen=True)
class Ground:
    """What is known of the sheet before columns are placed."""

    survey: Reach
    texts: dict[int, str]
    marked: set[int]
    table: Table | None
    others: tuple[Table, ...]
    header_row: int
    last_row: int


def candidates(columns: Sequence[ResultColumn], texts: dict[int, str]) -> dict[str, list[int]]:
    """For each key, the columns whose header is ours or ours with the suffix, left to right."""
    standing: dict[str, list[int]] = {}
    for at, text in sorted(texts.items()):
        standing.setdefault(fold(text), []).append(at)
    return {
        column.key: sorted(at for name in _names(column.header) for at in standing.get(name, ())) for column in columns
    }


@cache
def _names(header: str) -> set[str]:
    return {fold(header), fold(f"{header} (HRDD)")}


def to_watch(columns: Sequence[ResultColumn], texts: dict[int, str], marked: set[int], table: Table | None) -> set[int]:
    """The columns whose content decides: unmarked ones with our header, and those right of the table."""
    found = {at for ats in candidates(columns, texts).values() for at in ats} - marked
    if table is not None:
        found |= set(range(table.area.right + 1, table.area.right + len(columns) + 1))
    return found


def place(columns: Sequence[ResultColumn], ground: Ground) -> Placement:
    """Give every result column its place, or decline with a reason."""
    found: dict[str, Placed] = {}
    notes: list[str] = []
    named = candidates(columns, ground.texts)
    taken: set[int] = set()
    for column in columns:
        kept = _known(column, [at for at in named[column.key] if at not in taken], ground)
        if kept is not None:
            found[column.key] = kept
            taken.add(kept.column)
    fresh = [column for column in columns if column.key not in found]
    start, joins = _room(len(fresh), ground) if fresh else (0, False)
    for offset, column in enumerate(fresh):
        header = _free_header(column.header, ground)
        if header != column.header:
            notes.append(f'The column "{column.header}" is yours and was left alone; results stand in "{header}".')
        found[column.key] = Placed(column, start + offset, "new", header)
    placed = tuple(sorted(found.values(), key=lambda item: item.column))
    _refuse_merges(placed, ground)
    if fresh and ground.table is not None and not joins:
        notes.append(f"The cells right of table {ground.table.name} are in use, so the results stand beside it.")
    return Placement(placed, joins, tuple(notes))


def _known(column: ResultColumn, ats: list[int], ground: Ground) -> Placed | None:
    ordered = sorted(ats, key=lambda at: at not in ground.marked)
    for at in ordered:
        if at in ground.marked:
            return Placed(column, at, "ours", ground.texts[at])
        if at not in ground.survey.filled:
            return Placed(column, at, "adopted", ground.texts[at])
    return None


def _free_header(header: str, ground: Ground) -> str:
    used = {text.casefold().strip() for text in ground.texts.values()}
    if ground.table is not None:
        used |= {name.casefold().strip() for name in ground.table.columns}
    names = [header, f"{header} (HRDD)", *(f"{header} (HRDD {n})" for n in range(2, 100))]
    return next(name for name in names if name.casefold() not in used)


def _room(count: int, ground: Ground) -> tuple[int, bool]:
    """The first of `count` free columns, and whether they join the table."""
    survey, table = ground.survey, ground.table
    if table is not None and _adjoins(count, ground):
        return table.area.right + 1, True
    edges = [survey.last_column]
    rows = Area(ground.header_row, 1, ground.last_row, LAST_COLUMN)
    edges += [area.right for area in survey.merges() + survey.formula_areas if area.meets(rows)]
    edges += [other.area.right for other in ground.others]
    edges += [] if table is None else [table.area.right]
    start = max(edges) + 1
    if start + count - 1 > LAST_COLUMN:
        raise Declined(f"{count} result columns do not fit: the sheet is in use up to column {letters(max(edges))}.")
    return start, False


def _adjoins(count: int, ground: Ground) -> bool:
    table = ground.table
    if table is None or table.linked or table.header_rows != 1 or not table.columns:
        return False
    area = Area(table.area.top, table.area.right + 1, ground.last_row, table.area.right + count)
    if area.right > LAST_COLUMN:
        return False
    columns = range(area.left, area.right + 1)
    if any(at in ground.survey.filled or ground.texts.get(at) for at in columns):
        return False
    blocks = ground.survey.merges() + ground.survey.formula_areas + [other.area for other in ground.others]
    return not any(area.meets(block) for block in blocks)


def _refuse_merges(placed: tuple[Placed, ...], ground: Ground) -> None:
    for item in placed:
        area = Area(ground.header_row, item.column, ground.last_row, item.column)
        for block in ground.survey.merges():
            if block.meets(area):
                raise Declined(
                    f'The merged cells {block} lie in the result column "{item.header}"; unmerge them and run again.'
                )
        for block in ground.survey.formula_areas:
            if block.meets(area):
                raise Declined(
                    f'The array formula over {block} reaches into the result column "{item.header}"; '
                    "move it and run again."
                )
