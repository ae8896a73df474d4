"""xlwings' own Windows engine, run over a double of COM: what really goes to Excel, and how often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import com
import openpyxl
import pytest
import xlwings as xw
from workbooks import scores

from hrdd_addin import actions, excel, record
from hrdd_addin.live import read_sheet
from hrdd_addin.writing import NotWritten, write_results
from hrdd_workbook import read_transactions, write_columns
from hrdd_workbook.outputs import result_columns
from hrdd_workbook.read import CellError

TODAY = date(2026, 11, 24)
Make = Callable[..., Path]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """An Excel behind COM, and xlwings' Windows engine."""
    with com.windows(monkeypatch) as found:
        excel.tame()
        yield found


def write(sheet: Any) -> None:
    """Score a sheet."""
    live = read_sheet(sheet)
    write_results(live, result_columns(scores(live.transactions.frame, TODAY), live.transactions.previous))


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "the_template",
        "a_table_with_totals",
        "error_cells",
        "one_row",
        "scored_before",
        "headers_merged_over_two_rows",
        "orders_of_two_merged_rows",
        "a_table_beside_merged_cells",
        "ids_that_look_like_numbers",
        "texts_that_look_like_formulas",
        "truths_and_times",
        "a_filter",
        "hidden_rows_and_columns",
    ],
)
def test_the_windows_engine_leaves_the_cells_that_the_file_door_leaves(
    name: str, windows: Any, make: Make, tmp_path: Path
) -> None:
    """Dates with zones, errors as numbers, nothing as empty text: in the end the same cells."""
    session, _ = windows
    path = make(name)
    read = read_transactions(path)
    columns = result_columns(scores(read.frame, TODAY), read.previous)
    rows = read.row_numbers.tolist()
    write_columns(path, read.sheet, read.header_row, columns, rows, out=tmp_path / "file.xlsx", table=read.table)
    write(session.open(path).sheets[read.sheet])
    session.books[0].save(str(tmp_path / "excel.xlsx"))
    assert _cells(tmp_path / "excel.xlsx", read.sheet) == _cells(tmp_path / "file.xlsx", read.sheet)


def _cells(path: Path, sheet: str) -> dict[str, Any]:
    book = openpyxl.load_workbook(path)
    return {cell.coordinate: cell.value for row in book[sheet] for cell in row if cell.value is not None}


def test_calls_to_excel_do_not_grow_with_the_rows(windows: Any, make: Make) -> None:
    """Five rows and five hundred: the same number of accesses to COM, of any kind."""
    session, _ = windows

    def grow(_book: Any, sheet: Any) -> None:
        for row in range(7, 502):
            sheet.cell(row, 5, "Orion")
            sheet.cell(row, 6, "Norway")

    counts = []
    for change in (None, grow):
        session.accesses, session.asked = 0, {}
        write(session.open(make(change=change)).sheets[0])
        counts.append((session.accesses, session.asked["Value"]))
    assert counts[0] == counts[1]
    assert counts[0][1] == 3  # read, written, read back


def test_dates_errors_and_blanks_are_what_they_are(windows: Any, make: Make) -> None:
    """A date is a day, an error is no text, an empty cell is None."""
    session, _ = windows
    frame = read_sheet(session.open(make("error_cells")).sheets[0]).transactions.frame
    assert frame["as_of_date"][0] == date(2024, 3, 1)
    assert frame["product"][1] == CellError("#N/A")
    assert frame["end_use"][2] is None


def test_one_cell_and_one_row_keep_their_shape(windows: Any, make: Make) -> None:
    """COM hands one cell over as a scalar; a sheet of one row has to be a table of one row."""
    session, _ = windows
    book = session.open(make("one_row"))
    live = read_sheet(book.sheets[0])
    assert live.values.shape == (2, 8)
    write(book.sheets[0])
    assert read_sheet(book.sheets[0]).column(9, 2, 2) == ["HIGH"]


def test_an_unknown_error_number_is_an_error(windows: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newer errors, such as #SPILL!, come as numbers that xlwings does not know; no number cell is an int."""
    session, _ = windows
    monkeypatch.setitem(com.ERRORS, "#N/A", -2146826248)
    frame = read_sheet(session.open(make("error_cells")).sheets[0]).transactions.frame
    assert isinstance(frame["product"][1], CellError)


def test_what_excel_says_is_in_the_sentence(windows: Any, make: Make) -> None:
    """The words of Excel's own message, not a number of COM."""
    session, _ = windows
    book = session.open(make())
    live = read_sheet(book.sheets[0])
    session.log.fail_at = 2
    with pytest.raises(NotWritten, match=r"\(no format General in "):
        write_results(live, result_columns(scores(live.transactions.frame, TODAY)))
    assert book.sheets[0].used_range.address == "$A$1:$H$6"


def test_undo_works_through_com(windows: Any, make: Make) -> None:
    """Dates and blanks of the record included."""
    session, _ = windows
    book = session.open(make("scored_before"))
    before = [[cell.value for cell in row] for row in session.books[0].sheets[0].ws.iter_rows()]
    write(book.sheets[0])
    record.undo(book)
    assert [[cell.value for cell in row] for row in session.books[0].sheets[0].ws.iter_rows()] == before


def test_a_busy_excel_is_asked_again_and_not_for_ever(
    windows: Any, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rejected calls are repeated; an Excel that stays busy ends in a sentence."""
    session, _ = windows
    session.open(make())
    session.is_busy = 20
    assert excel.open_book("orders.xlsx").name == "orders.xlsx"
    session.is_busy = 10**9
    with pytest.raises(excel.ExcelIsBusy):
        excel.patiently(lambda: [book.name for app in xw.apps for book in app.books], 0.05)
    session.is_busy = 0


STATE = {"ScreenUpdating": True, "EnableEvents": True, "Calculation": -4135, "StatusBar": False}


@pytest.mark.parametrize("name", ["plain", "scored_before"])
def test_a_cell_that_is_edited_in_the_midst_leaves_no_half_results(name: str, windows: Any, make: Make) -> None:
    """Wherever Excel turns busy: results are old or new as a whole, the user is told, and Excel's state comes back."""
    session, _ = windows
    for key, value in STATE.items():
        object.__setattr__(session.app, key, value)
    clean = session.open(make(name))
    before, start = _values(session), session.accesses
    actions.act("score_sheet", actions.Desk(clean, TODAY, Told()))
    after, count = _values(session), session.accesses - start
    told_of = set()
    for at in range(0, count, 8):
        book = session.open(make(name, file=f"{at}.xlsx"))
        session.busy_at = {session.accesses + at: 200}  # more than xlwings tries at once, less than we do
        told = Told()
        try:
            actions.act("score_sheet", actions.Desk(book, TODAY, told))
        except (excel.ExcelIsBusy, NotWritten) as error:
            assert "press Esc there" in str(error) or "stands as it was before" in str(error)
            told_of.add(type(error))
            assert _values(session) == before
        else:
            assert _values(session) == after
        session.busy_at, session.is_busy = {}, 0
        assert {key: getattr(session.app, key) for key in STATE} == STATE
    assert told_of == {excel.ExcelIsBusy, NotWritten}


def test_an_excel_that_is_closed_in_the_midst_is_one_sentence(windows: Any, make: Make) -> None:
    """Nobody waits ten seconds for what is gone."""
    session, _ = windows
    book = session.open(make())
    session.is_closed = True
    with pytest.raises(excel.NoExcel, match="Excel was closed, or stopped"):
        actions.act("score_sheet", actions.Desk(book, TODAY, Told()))


def _values(session: Any) -> list[list[Any]]:
    return [[c.value for c in row if c.value is not None] for row in session.books[0].sheets[0].ws.iter_rows()]


class Told:
    def say(self, text: str) -> None: ...

    def ask(self, text: str) -> bool:
        return False


def test_no_excel_is_killed_when_python_ends(windows: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Xlwings' own hook runs taskkill on every Excel that it cannot see; after `tame` nothing does."""
    session, native = windows
    session.open(make())
    run: list[Any] = []
    native.Apps.cleanup = staticmethod(lambda: subprocess.run("taskkill"))
    monkeypatch.setattr(subprocess, "run", lambda *given, **_: run.append(given))
    excel.open_book()
    native.Apps.cleanup()
    native.cleanup()
    assert run == []


def test_boxes_are_message_boxes(windows: Any, make: Make) -> None:
    """Summary and question reach Windows."""
    from hrdd_addin.__main__ import Boxes

    session, _ = windows
    book = session.open(make())
    assert Boxes(book.app).ask("Show them?")
    assert session.boxes == ["Show them?"]


def test_selection_and_marks_work_through_com(windows: Any, make: Make) -> None:
    """Rows of a selection in pieces; marks as conditional formats that can be taken away."""
    from hrdd_addin import marks
    from hrdd_workbook.refs import Area

    session, _ = windows
    book = session.open(make())
    session.books[0].selection = "$A$3:$C$4,$B$6"
    assert excel.selected_rows(book.app) == {3, 4, 6}
    marks.put(book.sheets[0], 3, [Area(3, 1, 3, 1), Area(3, 5, 3, 5)])
    assert marks.clear(book.sheets[0]) == {3}
    assert session.books[0].sheets[0].rules == []


def test_a_selection_in_many_pieces_is_taken_whole(windows: Any, make: Make) -> None:
    """Excel cuts the address of many pieces off; rows beyond that would be left out in silence."""
    session, _ = windows
    book = session.open(make())
    session.books[0].selection = ",".join(f"$A${row}:$B${row}" for row in range(3, 203, 2))
    assert excel.selected_rows(book.app) == set(range(3, 203, 2))


def test_the_module_of_xlwings_is_the_installed_one(windows: Any) -> None:
    """Nothing here replaces a line of it."""
    _, native = windows
    assert Path(native.__file__).parent == Path(xw.__file__).parent
    assert sys.modules["xlwings._xlwindows"] is native
