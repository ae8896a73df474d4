"""Where result columns go on an open sheet: by the rules of the file door, with a few questions to Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlwings as xw

from hrdd_addin import excel
from hrdd_addin.live import LiveSheet
from hrdd_addin.merges import last_merged_column
from hrdd_workbook.errors import Declined
from hrdd_workbook.place import Ground, Placed, Placement, candidates, place, to_watch
from hrdd_workbook.refs import LAST_COLUMN, Area, letters
from hrdd_workbook.results import ResultColumn
from hrdd_workbook.styles import MARK

#: Result columns may stand in so many places, each written as one block: few enough to be old or new as a whole.
PLACES = 6
_QUESTIONS = 8  # about the marks of headers
_Style = Callable[[int, int], str | None]


@dataclass(frozen=True)
class Target:
    """Neighbouring result columns that are written as one block; all of them new, or none."""

    columns: tuple[Placed, ...]
    is_new: bool

    @property
    def left(self) -> int:
        """The number of the first column."""
        return self.columns[0].column

    def area(self, top: int, bottom: int) -> Area:
        """The cells of the block between two rows."""
        return Area(top, self.left, bottom, self.left + len(self.columns) - 1)


@dataclass(frozen=True)
class _Reach:
    """How far the open sheet is in use, in the words of the file door."""

    last_column: int
    filled: Mapping[int, int]
    blocked: tuple[Area, ...]

    @property
    def formula_areas(self) -> list[Area]:
        """None: Excel itself refuses to write into an array formula, and says so."""
        return []

    def merges(self) -> list[Area]:
        """Where merged cells are in the way of new columns."""
        return list(self.blocked)


def placed(live: LiveSheet, columns: Sequence[ResultColumn]) -> Placement:
    """Give every result column its place; cells that look empty and hold formulas count as in use."""
    header, last_row = live.transactions.header_row, _last_row(live)
    texts = _header_texts(live)
    named = sorted({at for ats in candidates(columns, texts).values() for at in ats})
    _refuse_scattered(live, [run.start for run in excel.runs(named)])
    marked = set(_marked(live.sheet, header, named))
    watched = to_watch(columns, texts, marked, live.table)
    full = {at: last_row for at in watched if any(v is not None for v in live.column(at, header + 1, live.used.bottom))}
    hidden = dict.fromkeys(_with_formulas(live, sorted((watched - full.keys()) & texts.keys())), last_row)
    blocked = _merged_right_of_table(live, len(columns)) if live.has_merges else ()
    others = tuple(table for table in live.tables.values() if table is not live.table)

    def tried(edge: int, in_use: Mapping[int, int]) -> Placement:
        reach = _Reach(edge, in_use, blocked)
        return place(columns, Ground(reach, texts, marked, live.table, others, header, last_row))

    found = tried(_last_in_use(live, last_row), full | hidden)
    _refuse_scattered(live, [target.left for target in targets(found)])
    _refuse_merged(live, found, last_row)
    fresh = [target.area(header, live.used.bottom) for target in targets(found) if target.is_new]
    if any(_holds_anything(live.sheet, area) for area in fresh):
        taken = {at: last_row for area in fresh for at in range(area.left, area.right + 1)}
        return tried(live.used.right, full | hidden | taken)
    return found


def targets(placement: Placement) -> list[Target]:
    """The placed columns as few blocks, left to right."""
    runs: list[list[Placed]] = []
    for item in placement.columns:
        last = runs[-1][-1] if runs else None
        if last is None or item.column != last.column + 1 or (item.state == "new") != (last.state == "new"):
            runs.append([])
        runs[-1].append(item)
    return [Target(tuple(run), run[0].state == "new") for run in runs]


def _last_row(live: LiveSheet) -> int:
    rows, header = live.transactions.row_numbers, live.transactions.header_row
    bottom = live.table.area.bottom if live.table is not None else live.used.bottom
    return max(header, bottom, int(rows[-1]) if len(rows) else 0)


def _header_texts(live: LiveSheet) -> dict[int, str]:
    row = live.values[live.transactions.header_row - live.used.top].tolist()
    return {at: str(value) for at, value in enumerate(row, start=live.used.left) if value is not None}


def _last_content(live: LiveSheet) -> int:
    """The rightmost column in which any cell shows a value."""
    shown = [at for at in range(live.values.shape[1]) if any(v is not None for v in live.values[:, at].tolist())]
    return live.used.left + shown[-1] if shown else 0


def _last_in_use(live: LiveSheet, last_row: int) -> int:
    """The rightmost column in which any cell shows a value, or is merged beside the rows of transactions."""
    last, header = _last_content(live), live.transactions.header_row
    if not live.has_merges:
        return last
    return max(last, last_merged_column(live.sheet, Area(header, last + 1, last_row, live.used.right)))


def _merged_right_of_table(live: LiveSheet, count: int) -> tuple[Area, ...]:
    """The column beside the table, where merged cells keep it from growing by so many columns."""
    if live.table is None:
        return ()
    top, right, bottom = live.table.area.top, live.table.area.right, _last_row(live)
    is_free = not excel.any_merged(live.sheet, Area(top, right + 1, bottom, min(right + count, LAST_COLUMN)))
    return () if is_free else (Area(top, right + 1, bottom, right + 1),)


def _refuse_scattered(live: LiveSheet, places: Sequence[int]) -> None:
    """Say before anything is written that the columns are too far apart; nobody's own cells between are rewritten."""
    if len(places) > PLACES:
        raise Declined(
            f"Sheet {live.sheet.name}: result columns stand in {len(places)} places "
            f"({', '.join(map(letters, places[:PLACES]))} ...), more than the {PLACES} that can be written as a whole "
            "in Excel; drag them together with Shift held down, or score the saved file with hrdd score.",
            rewritable=False,
        )


def _refuse_merged(live: LiveSheet, placement: Placement, last_row: int) -> None:
    """Say before anything is written that a result column has merged cells."""
    old = [target for target in targets(placement) if not target.is_new] if live.has_merges else []
    areas = [target.area(live.transactions.header_row, last_row) for target in old]
    if areas and excel.any_merged(live.sheet, *areas):
        raise Declined(
            f"Sheet {live.sheet.name}: cells are merged in the result columns {', '.join(map(str, areas))}; unmerge "
            "them (Home > Merge & Center) and press again.",
            rewritable=False,
        )


def _marked(sheet: xw.Sheet, row: int, columns: Sequence[int]) -> Iterator[int]:
    """Which header cells carry our named style; asked run by run, and by halves where a run is mixed.

    What a few questions do not settle counts as the user's, which is never written over.
    """
    questions = iter(range(_QUESTIONS))

    def style(first: int, last: int) -> str | None:
        cells = sheet.range(str(Area(row, first, row, last)))
        return excel.style_of(cells) if next(questions, None) is not None else ""

    for run in excel.runs(columns):
        yield from _marked_within(style, run.start, run.stop - 1)


def _marked_within(style: _Style, first: int, last: int, *, is_mixed: bool = False) -> Iterator[int]:
    said = None if is_mixed else style(first, last)
    if said == MARK:
        yield from range(first, last + 1)
    elif said is None and first < last:
        middle = (first + last) // 2
        right = set(_marked_within(style, middle + 1, last))
        yield from right
        yield from _marked_within(style, first, middle, is_mixed=len(right) == last - middle)


def _with_formulas(live: LiveSheet, columns: Sequence[int]) -> Iterator[int]:
    """Those columns whose cells look empty and hold formulas."""
    if columns:
        top = live.transactions.header_row + 1
        span = Area(top, columns[0], max(live.used.bottom, top), columns[-1])
        rows = excel.formulas(live.sheet.range(str(span)))
        yield from (at for at in columns if any(row[at - span.left] for row in rows))


def _holds_anything(sheet: xw.Sheet, area: Area) -> bool:
    """Whether any cell holds a value or a formula, also one that shows nothing."""
    return any(any(row) for row in excel.formulas(sheet.range(str(area))))
