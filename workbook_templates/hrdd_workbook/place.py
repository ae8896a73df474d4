"""Where each result column goes: into a column that is ours, into an empty one with our header, or anew.

A column is ours when its header cell carries the named style `styles.MARK`, which the writer sets, or when its
header stands in our custom property (`ownership`). One whose header was renamed is told by the style and by its
neighbours, and is filled under its new name; a marked column that is none of these is named as out of date. A column
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
from hrdd.translations import in_other_languages
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
    listed: frozenset[str] = frozenset()

    def is_ours(self, column: int) -> bool:
        """Whether the header cell carries our mark, or the workbook's own record names it."""
        return column in self.marked or fold(self.texts[column]) in self.listed


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
    return {fold(name) for said in (header, *in_other_languages(header)) for name in (said, f"{said} (HRDD)")}


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
    found |= _renamed(columns, found, ground)
    notes += _told(columns, found, ground)
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


def _renamed(columns: Sequence[ResultColumn], found: Mapping[str, Placed], ground: Ground) -> dict[str, Placed]:
    """Marked columns under foreign headers that stand where, in our order, just as many of ours are missing."""
    order = [column.key for column in columns]
    by_column = {item.column: key for key, item in found.items()}
    renamed: dict[str, Placed] = {}
    gap: list[int] = []
    before = -1
    for at in [*sorted(ground.marked | by_column.keys()), None]:
        if at is not None and at not in by_column:
            gap += [at] if ground.texts.get(at) else []
            continue
        after = len(order) if at is None else order.index(by_column[at])
        missing = [column for column in columns[before + 1 : after] if column.key not in found]
        if len(missing) == len(gap):
            pairs = zip(missing, gap, strict=True)
            renamed |= {column.key: Placed(column, place, "ours", ground.texts[place]) for column, place in pairs}
        before, gap = after, []
    return renamed if found else {}


def _told(columns: Sequence[ResultColumn], found: Mapping[str, Placed], ground: Ground) -> list[str]:
    """Sentences about columns that were renamed, and about marked ones that hold old values."""
    filled = {item.column for item in found.values()}
    notes = [
        f'The column "{item.header}" was "{item.result.header}" before; it was filled under its new name.'
        for column in columns
        if (item := found.get(column.key)) is not None
        and item.state == "ours"
        and fold(item.header) not in _names(column.header)
    ]
    old = [f'"{ground.texts[at]}" ({letters(at)})' for at in sorted(ground.marked - filled) if ground.texts.get(at)]
    if old:
        notes.append(
            f"Results of an earlier run stand in {', '.join(old)} and were left as they are: delete what is old."
        )
    return notes


def _known(column: ResultColumn, ats: list[int], ground: Ground) -> Placed | None:
    ordered = sorted(ats, key=lambda at: (at not in ground.marked, not ground.is_ours(at)))
    for at in ordered:
        if ground.is_ours(at):
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
        raise Declined(
            f"{count} result columns do not fit: the sheet is in use up to column {letters(max(edges))}; delete what "
            "stands at the far right.",
            rewritable=False,
        )
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
                    f'The merged cells {block} lie in the result column "{item.header}"; unmerge them and run again.',
                    rewritable=False,
                )
        for block in ground.survey.formula_areas:
            if block.meets(area):
                raise Declined(
                    f'The array formula over {block} reaches into the result column "{item.header}"; '
                    "move it and run again.",
                    rewritable=False,
                )
