"""Finding the Excel that runs, waiting for it within bounds, and never harming another."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings as xw

from hrdd_addin import excel as found
from hrdd_addin.excel import ExcelIsBusy, NoExcel

Make = Callable[..., Path]


def test_the_workbook_is_found_by_its_name(excel: Any, second_excel: Any, make: Make) -> None:
    """In whichever Excel it is open, in whatever case it is written."""
    excel.open(make(file="mine.xlsx"))
    second_excel.open(make(file="other.xlsx"))
    assert found.open_book("MINE.xlsx").name == "mine.xlsx"


def test_of_two_workbooks_of_one_name_the_window_decides(
    excel: Any, second_excel: Any, make: Make, tmp_path: Path
) -> None:
    """The button was pressed in one Excel; the other's workbook is left alone."""
    path = make()
    excel.open(path)
    second_excel.open(path)
    for session in (excel, second_excel):
        assert found.open_book("orders.xlsx", id(session)).app.pid == id(session)


def test_without_a_name_the_workbook_in_front_is_taken(excel: Any, make: Make) -> None:
    """As `hrdd attach` does."""
    excel.open(make(file="behind.xlsx"))
    excel.open(make(file="front.xlsx"))
    assert found.open_book().name == "front.xlsx"


def test_hidden_workbooks_are_no_workbook_in_front(excel: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Personal macros are open and hidden; Excel then names no active workbook."""
    excel.open(make(file="personal.xlsx"))
    monkeypatch.setattr(xw.Book, "api", None)
    with pytest.raises(NoExcel, match="No workbook is open"):
        found.open_book()


def test_a_workbook_that_is_not_open_is_one_sentence(excel: Any, make: Make) -> None:
    """Protected view hides a workbook from every program."""
    excel.open(make())
    with pytest.raises(NoExcel, match="press Enable Editing"):
        found.open_book("mail.xlsx")


def test_no_excel_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where xlwings has no engine at all, as here."""
    monkeypatch.setattr(xw.engines, "active", None)
    with pytest.raises(NoExcel, match="No workbook is open"):
        found.open_book()


def test_a_busy_excel_is_waited_for(excel: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell in edit mode rejects calls; a moment later it may not."""
    monkeypatch.setattr(found, "_PAUSE", 0)
    excel.open(make())
    excel.is_busy = 3
    assert found.open_book().name == "orders.xlsx"


def test_the_waiting_has_an_end(excel: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says what to do."""
    monkeypatch.setattr(found, "_PAUSE", 0.001)
    excel.open(make())
    excel.is_busy = 10**9
    with pytest.raises(ExcelIsBusy, match="press Esc there"):
        found.patiently(lambda: list(xw.apps.active.books), patience=0.05)


@pytest.mark.parametrize("name", ["xlwings._xlwindows", "xlwings._xlmac"])
def test_the_exit_hook_that_ends_excel_is_taken_away(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of Python no Excel is killed and no macro called CleanUp is run."""
    ended: list[str] = []
    native = SimpleNamespace(
        cleanup=lambda: ended.append("exit"),
        Apps=type("Apps", (), {"cleanup": staticmethod(lambda: ended.append("apps"))}),
        N_COM_ATTEMPTS=0,
    )
    monkeypatch.setitem(sys.modules, name, native)
    atexit.register(native.cleanup)
    found.tame()
    native.Apps.cleanup()
    assert native.N_COM_ATTEMPTS > 0
    assert ended == []
    before = atexit._ncallbacks()
    atexit.unregister(native.cleanup)
    assert atexit._ncallbacks() == before


def test_an_address_never_grows_longer_than_excel_takes(excel: Any, make: Make) -> None:
    """Excel refuses addresses of more than 255 characters."""
    from hrdd_workbook.refs import Area

    sheet = excel.open(make()).sheets[0]
    areas = [Area(2, column, 10_000, column) for column in range(1, 100, 2)]
    parts = found.cells(sheet, areas)
    assert sum(len(part.impl.areas) for part in parts) == len(areas)
    assert all(len(",".join(map(str, part.impl.areas))) <= 255 for part in parts)


def test_the_mark_is_made_once_and_says_nothing_of_looks(excel: Any, make: Make) -> None:
    """A style that includes nothing leaves the look of a user's header as it is."""
    book = excel.open(make())
    for cell in ("A1", "B1"):
        found.mark(book, book.sheets[0].range(cell))
    assert excel.books[0].style_names.count("HRDD result") == 1
    assert found.style_of(book.sheets[0].range("A1:B1")) == "HRDD result"
    assert found.style_of(book.sheets[0].range("A1:C1")) is None


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (-1743, NoExcel, "macOS does not let Python control Microsoft Excel"),
        (-600, NoExcel, "Excel was closed, or stopped"),
        (-1712, ExcelIsBusy, "press Esc there"),
    ],
)
def test_what_a_mac_says_is_told_in_words(code: int, kind: type[Exception], says: str) -> None:
    """Numbers of Apple events; what waiting does not mend is not waited for."""

    class CommandError(Exception):
        errornumber = code

    def fails() -> None:
        raise CommandError

    with pytest.raises(kind, match=says):
        found.patiently(fails, patience=0.01)
    assert found.meaning(ValueError()) is None
