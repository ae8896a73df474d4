"""The Excel that runs: how it is found, kept calm while cells are written, and asked what xlwings has no word for.

Only attaches; never starts, quits or kills an Excel that belongs to a user.
"""

from __future__ import annotations

import atexit
import gc
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import xlwings as xw
from xlwings.main import Table

from hrdd.errors import HrddError
from hrdd_workbook.refs import LAST_ROW, Area, area
from hrdd_workbook.styles import MARK

ON_MAC = sys.platform == "darwin"

_RETRIES, _PATIENCE, _PAUSE = 50, 8.0, 0.25
#: How often a step is tried again that must be done, such as letting Excel redraw again: with pauses about ten seconds.
INSIST = 40
_CALM = {"screen_updating": False, "enable_events": False, "calculation": "manual"}
_LONGEST_ADDRESS = 250


class NoExcel(HrddError):
    """No Excel that can be reached, or not the workbook in it."""


class ExcelIsBusy(HrddError):
    """An Excel that answers to nobody: a cell is being edited, or a dialog is open."""


class NoCells(HrddError):
    """A sheet in front that has no cells, such as a chart."""


class Protected(HrddError):
    """A sheet whose cells may not be changed."""


def tame() -> None:
    """Take xlwings' hooks at the end of Python and of an Excel away, and bound its retries.

    They would end every Excel process that xlwings cannot see (Windows), or run whatever macro of the user's is
    called CleanUp (Mac); and a busy Excel would be asked again for ever.
    """
    for name in ("xlwings._xlwindows", "xlwings._xlmac"):
        native = sys.modules.get(name)
        if native is not None:
            atexit.unregister(native.cleanup)
            native.Apps.cleanup = staticmethod(lambda: None)
            native.N_COM_ATTEMPTS = _RETRIES  # type: ignore[attr-defined]


def open_book(name: str = "", hwnd: int = 0) -> xw.Book:
    """The open workbook of this name, in the Excel with this window where several have one; else the active one."""
    tame()
    books: list[xw.Book] = patiently(_books) if xw.engines.active else []
    open_ones = books if name else [book for book in [_front(books)] if book is not None]
    if not open_ones:
        raise NoExcel("No workbook is open in an Excel that hrdd can reach; open one, enable editing and try again.")
    named = [book for book in open_ones if not name or book.name.casefold() == name.casefold()]
    if not named:
        raise NoExcel(f"{name} is not open for editing; press Enable Editing, or save it once, and try again.")
    here = [book for book in named if len(named) == 1 or book.app.api.Hwnd == hwnd]
    return (here or named)[0]


def _books() -> list[xw.Book]:
    return [book for app in xw.apps for book in app.books]


def _front(books: list[xw.Book]) -> xw.Book | None:
    """The workbook in front, of the Excel in front; none where all that is open is hidden, as personal macros are."""
    app = xw.apps.active if books else None
    front: xw.Book | None = app.books.active if app is not None else None
    return front if ON_MAC or front is None or front.api is not None else None


def front_sheet(book: xw.Book) -> xw.Sheet:
    """The sheet in front. Raises NoCells where it has none."""
    sheet: xw.Sheet = book.sheets.active
    if sheet.name not in [other.name for other in book.sheets]:
        raise NoCells(
            f"{sheet.name} is no sheet of cells, but a chart or the like; go to the sheet with the transactions and "
            "try again."
        )
    return sheet


def patiently(ask: Callable[[], Any], patience: float = _PATIENCE) -> Any:
    """Ask Excel, again and again for a while where it is busy. Raises ExcelIsBusy."""
    until = time.monotonic() + patience
    while True:
        try:
            return ask()
        except HrddError:
            raise
        except Exception as error:
            found = meaning(error)
            if isinstance(found, NoExcel) or time.monotonic() >= until:
                raise (found or ExcelIsBusy(_BUSY)) from error
            time.sleep(_PAUSE)


def meaning(error: BaseException) -> HrddError | None:
    """What an error of Windows or macOS says of Excel, as ours; None where it says something else."""
    code = getattr(error, "hresult", getattr(error, "errornumber", None))
    if code in _CLOSED:
        return NoExcel(
            "Excel was closed, or stopped, while hrdd was at work; open the workbook again, and press Undo last "
            "scoring if results stand there in part."
        )
    if code == _NOT_ALLOWED:
        return NoExcel(
            "macOS does not let Python control Microsoft Excel; allow it in System Settings > Privacy & Security > "
            "Automation, and press again."
        )
    return ExcelIsBusy(_BUSY) if code in _REJECTED or type(error).__name__ == "ExcelBusyError" else None


_BUSY = "Excel does not answer: a cell is being edited or a dialog is open; press Esc there and try again."
#: Of COM: rejected by callee, retry later, and Excel's own "not now". Of Apple events: timed out.
_REJECTED = frozenset({-2147418111, -2147417846, -2146777998, -1712})
#: Of COM: server unavailable, call failed, disconnected. Of Apple events: not running, connection invalid.
_CLOSED = frozenset({-2147023174, -2147023170, -2147417848, -600, -609})
_NOT_ALLOWED = -1743  # of Apple events


@contextmanager
def calm(app: xw.App, message: str) -> Iterator[None]:
    """Keep Excel from redrawing, calculating and running event macros; all of it comes back, whatever happens.

    And Python from looking for cycles, which cells do not make and which costs a third of the time.
    """
    before: dict[str, Any] = {}
    looks = gc.isenabled()
    gc.disable()
    try:
        app.status_bar = message
        for name, value in _CALM.items():
            before[name] = getattr(app, name)
            setattr(app, name, value)
        yield
    finally:
        for name, value in {**before, "status_bar": False}.items():
            restore(lambda name=name, value=value: setattr(app, name, value), times=INSIST)  # type: ignore[misc]
        if looks:
            gc.enable()


def restore(step: Callable[[], object], times: int = 3) -> bool:
    """Try a step of clearing up a few times; whether it was done."""
    for tried in range(times):
        if tried:
            time.sleep(_PAUSE)
        try:
            step()
        except Exception as error:  # noqa: BLE001  # whatever stood in the way, clearing up goes on
            if isinstance(meaning(error), NoExcel):
                return False
        else:
            return True
    return False


def is_protected(sheet: xw.Sheet) -> bool:
    """Whether cells of a sheet may not be changed."""
    api = sheet.api
    return bool(api.protect_contents.get() if ON_MAC else api.ProtectContents)


def refuse_fixed(book: xw.Book) -> None:
    """Say before anything is written that no sheet can be added to a workbook."""
    if not ON_MAC and book.api.ProtectStructure:
        raise Protected(
            f"{book.name} is protected against new sheets, so this cannot be shown in it; choose Review > Protect "
            "Workbook to lift that, or ask hrdd explain or hrdd check about the saved file."
        )


def refuse_protected(sheet: xw.Sheet) -> None:
    """Say before anything is written that a sheet is protected."""
    if is_protected(sheet):
        raise Protected(
            f"Sheet {sheet.name} is protected; choose Review > Unprotect Sheet, or score a copy with hrdd score."
        )


def cells(sheet: xw.Sheet, areas: Sequence[Area]) -> list[xw.Range]:
    """The areas as few ranges: as many in one as Excel takes in an address."""
    joined: list[str] = []
    for one in map(str, areas):
        if joined and not ON_MAC and len(joined[-1]) + len(one) < _LONGEST_ADDRESS:
            joined[-1] += "," + one
        else:
            joined.append(one)
    return [sheet.range(address) for address in joined]


def runs(numbers: Sequence[int]) -> Iterator[range]:
    """Ascending numbers as runs of neighbours."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield range(numbers[start], numbers[at - 1] + 1)
            start = at


def area_of(cells: xw.Range) -> Area:
    """The area of a range of one piece."""
    found = area(cells.address)
    if found is None:
        raise ValueError(f"{cells.address} is no single area")
    return found


def formulas(cells: xw.Range) -> list[list[str]]:
    """What was entered into each cell, formulas as such; "" where nothing was."""
    said: Any = cells.formula
    rows = said if isinstance(said, (tuple, list)) else ((said,),)
    return [[str(cell or "") for cell in (row if isinstance(row, (tuple, list)) else (row,))] for row in rows]


def compute(cells: xw.Range) -> None:
    """Compute cells now, in their order, since Excel was told not to."""
    if not ON_MAC:
        restore(cells.api.Calculate, times=1)


def any_merged(sheet: xw.Sheet, *parts: Area) -> bool:
    """Whether any cell of the areas is merged with another."""
    # Excel says nothing at all where some are and some are not
    return any(part.merge_cells is not False for part in cells(sheet, parts))


def style_of(cells: xw.Range) -> str | None:
    """The named style that all these cells have, or None where they differ."""
    if ON_MAC:
        with suppress(Exception):  # never run on a Mac; without it, columns of ours are only not known again
            name = cells.api.style_object.name.get()
            return name if isinstance(name, str) else None
        return None
    style = cells.api.Style
    return None if style is None else str(style.Name)


def mark(book: xw.Book, cells: xw.Range) -> None:
    """Give header cells the named style by which every door knows the columns of ours; their look stays."""
    if ON_MAC:
        restore(lambda: cells.api.style_object.set(_mac_mark(book)), times=1)
        return
    styles = book.api.Styles
    if not _is_known(styles):
        made = styles.Add(MARK)
        for part in ("Alignment", "Border", "Font", "Number", "Patterns", "Protection"):
            setattr(made, f"Include{part}", False)
    cells.api.Style = MARK


def _is_known(styles: Any) -> bool:
    """Whether a workbook has the named style; asked by its name, since workbooks may have tens of thousands."""
    try:
        return bool(styles(MARK).Name)
    except Exception as error:
        if meaning(error) is not None:
            raise
        return False


def _mac_mark(book: xw.Book) -> Any:
    """The named style in the words of AppleScript."""
    styles = book.api.styles
    if MARK not in styles.name.get():
        k = import_module("appscript").k
        book.api.make(new=k.style, at=book.api, with_properties={k.name: MARK})
    return styles[MARK]


def fold(cells: xw.Range) -> None:
    """Put columns into an outline, so that they can be folded away; xlwings' own `group` does not work in Excel."""
    if not ON_MAC:
        cells.api.EntireColumn.Group()


def is_linked(table: Table) -> bool:
    """Whether a table is fed by a query, which might take columns of ours away."""
    return not ON_MAC and table.api.SourceType == _FROM_A_QUERY


_FROM_A_QUERY = 3


def selected_rows(app: xw.App) -> set[int]:
    """The sheet rows that the selection touches. Raises NoExcel where something else than cells is selected."""
    selection = patiently(lambda: app.selection)
    if selection is None:
        raise NoExcel("No cells are selected; click a cell in the row and press again.")
    rows: set[int] = set()
    for part in _addresses(selection):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        rows |= set(range(min(ends), max(ends) + 1)) if ends else set(range(1, LAST_ROW + 1))
    return rows


def _addresses(cells: xw.Range) -> list[str]:
    """The areas of a range; one by one where there are many, since Excel cuts a long address off without a word."""
    said = cells.address
    if not ON_MAC and len(said) >= _CUT_OFF:
        return [area.Address.replace("$", "") for area in cells.api.Areas]
    return said.replace("$", "").split(",")


_CUT_OFF = 200
