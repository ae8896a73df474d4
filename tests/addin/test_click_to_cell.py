"""From a click to the cells: the built add-in's macros run, and what they start runs too, with a shell between."""

from __future__ import annotations

import re
import shlex
import site
import subprocess
import venv
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import macros
import openpyxl
import pytest
import xlwings as xw
from hypothesis import given, settings
from hypothesis import strategies as st

import hrdd
import hrdd_addin
import hrdd_workbook
from hrdd.engine import score
from hrdd_addin import record
from hrdd_addin.__main__ import SCORED, spelled_out
from hrdd_addin.actions import ACTIONS
from hrdd_addin.addin_file import Settings, addin_file
from hrdd_addin.scoring import score_sheet
from hrdd_workbook import read_transactions, write_columns
from hrdd_workbook.outputs import result_columns

Make = Callable[..., Path]
#: File names that a shell, or `cmd`, would make something else of.
HOSTILE = (
    "$(touch pwned).xlsx",
    "`touch pwned`.xlsx",
    "a & touch pwned.xlsx",
    "%PATH%!x!.xlsx",
    "a'b;touch pwned.xlsx",
    "\u6ce8\u6587.xlsx",
    "--book=other.xlsx",
)
WINDOWS = r"C:\Users\Ann Lee\hrdd\Scripts\pythonw.exe"


@pytest.fixture
def started() -> list[tuple[str, str]]:
    """What the macros started: the command line (on a Mac the text for the script), and the folder."""
    return []


@pytest.fixture
def pressing(tmp_path: Path, started: list[tuple[str, str]]) -> Callable[..., macros.Macros]:
    """Open the built add-in and a workbook in the interpreter, and press a button."""

    def press(book: Path, button: str = "score_sheet", interpreter: str = WINDOWS, **how: Any) -> macros.Macros:
        addin = tmp_path / "hrdd.xlam"
        addin.write_bytes(addin_file(Settings.here(interpreter)))

        def start(command: str, folder: str) -> int:
            started.append((command, folder))
            return int(how.get("run", lambda _: 0)(command))

        app = macros.Macros.of(addin, start, on_a_mac=how.get("on_a_mac", False))
        app.activate_workbook(app.open_workbook(book))
        app.press(button)
        return app

    return press


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A Python environment of its own, with a space in its path, in which an Excel runs that is none."""
    home = tmp_path / "Ann Lee" / "hrdd"
    venv.create(home, with_pip=False, symlinks=True)
    sources = [Path(package.__file__ or "").parents[1] for package in (hrdd, hrdd_workbook, hrdd_addin)]
    double = Path(macros.__file__).parent
    folder = next((home / "lib").glob("python*")) / "site-packages"
    lines = [*map(str, sources), *site.getsitepackages(), str(double), "import running"]
    (folder / "excel.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home / "bin" / "python"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("on_a_mac", [False, True])
def test_no_name_of_a_workbook_reaches_a_shell(
    name: str, on_a_mac: bool, make: Make, pressing: Any, started: list[tuple[str, str]]
) -> None:
    """The command line is the add-in's own words and hexadecimal digits, whatever the workbook is called."""
    pressing(make(file=name), interpreter="/Users/ann/hrdd/bin/python" if on_a_mac else WINDOWS, on_a_mac=on_a_mac)
    digits = name.encode("utf-16-be").hex().upper()
    if on_a_mac:
        assert started == [(f"/Users/ann/hrdd/bin/python\nscore_sheet\n--book={digits}", "")]
    else:
        line = f'"{WINDOWS}" -E -P -B -m hrdd_addin score_sheet --book={digits} --hwnd={macros.HWND}'
        assert started == [(line, "C:\\Users\\Ann Lee\\hrdd\\Scripts\\")]


def test_the_script_of_a_mac_quotes_every_word() -> None:
    """Nothing but the script's own words reaches the shell without `quoted form of`."""
    script = files("hrdd_addin").joinpath("hrdd.applescript").read_text(encoding="utf-8")
    code = [line.strip() for line in script.splitlines() if not line.strip().startswith("--")]
    built = [line for line in code if line.startswith(("set command", "do shell script"))]
    own = r'"[^"]*"|command'
    for line in built:
        line = line.removeprefix("set command to ").removeprefix("do shell script ")  # noqa: PLW2901
        assert all(re.fullmatch(rf"{own}|quoted form of \(word_ as text\)", part) for part in line.split(" & "))
    assert len(built) == 4


@pytest.mark.parametrize("button", sorted(ACTIONS))
def test_every_button_starts_its_action(button: str, make: Make, pressing: Any, started: list[tuple[str, str]]) -> None:
    """And after a scoring, Ctrl+Z takes it back; after one that was declined, Ctrl+Z is still the user's own."""
    code = SCORED if button == "score_sheet" else 0
    app = pressing(make(), button, run=lambda _: code)
    assert f" -m hrdd_addin {button} --book=" in started[0][0]
    assert app.application.undo == (("Undo last scoring", "HrddUndo") if code else None)
    app.run("HrddUndo")
    assert " -m hrdd_addin undo " in started[-1][0]


def test_no_workbook_decides_what_is_started(tmp_path: Path, make: Make, pressing: Any, started: Any) -> None:
    """Not by a sheet of the add-in's name, not by the sheet or the file that xlwings would ask."""

    def plant(book: Any, _sheet: Any) -> None:
        for name in ("hrdd", "hrdd.conf", "xlwings.conf"):
            for row in (("interpreter", "/evil"), ("INTERPRETER_WIN", "/evil"), ("PYTHONPATH", "/evil")):
                (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)

    for name in ("hrdd.conf", "xlwings.conf"):
        (tmp_path / name).write_text('"INTERPRETER_WIN","/evil"\n', encoding="utf-8")
    pressing(make(change=plant))
    assert started[0][0].startswith(f'"{WINDOWS}" ')
    assert "evil" not in started[0][0]


@pytest.mark.parametrize(
    ("code", "says"), [(1, "hrdd stopped before it could answer"), (None, "hrdd could not be started")]
)
def test_what_cannot_be_started_is_said(code: int | None, says: str, make: Make, pressing: Any) -> None:
    """One box that names what to run; the second one where child processes are forbidden."""

    def run(_command: str) -> int:
        if code is None:
            from pyopenvba.interpreter import VBARuntimeError

            raise VBARuntimeError(70, "Permission denied")
        return code

    (said,) = pressing(make(), run=run).boxes
    assert said.startswith(says)
    assert "hrdd addin doctor" in said
    assert code is not None or ("Permission denied" in said and "hrdd attach" in said)


ASK = """
Public Function IsEnabled(control As IRibbonControl) As Boolean
    Dim answer
    HrddEnabled control, answer
    IsEnabled = answer
End Function
"""


def test_help_needs_no_python_and_no_workbook(make: Make, pressing: Any, started: Any) -> None:
    """What the buttons do stands in the add-in itself, short enough for a box."""
    app = pressing(make(), "help")
    for book in app.workbooks():
        book.Close(SaveChanges=False)
    app.press("help")
    assert started == []
    assert app.boxes[0] == app.boxes[1]
    assert app.boxes[0].startswith("Score sheet: rates every transaction")
    assert 300 < len(app.boxes[0]) < 1000


@pytest.mark.parametrize("button", ["new_template", "self_test"])
def test_without_a_workbook_python_gets_a_spare_one(button: str, make: Make, pressing: Any, started: Any) -> None:
    """An Excel without a workbook is found by nobody; the spare one goes again."""
    app = pressing(make(), "help")
    for book in app.workbooks():
        book.Close(SaveChanges=False)
    app.press(button)
    digits = re.search(r"--book=([0-9A-F]+) ", started[0][0])
    assert digits is not None
    assert spelled_out(digits[1]).startswith("Book")
    assert [book.Name for book in app.workbooks()] == []


def test_undo_is_grey_until_something_was_scored(make: Make, pressing: Any, excel: Any, home: Path) -> None:
    """It looks for the record of the workbook in front, by the name that Python gave it."""
    path = make(file="Aufträge \u6ce8\u6587 (2).xlsx")
    app = pressing(path, "help")
    app.add_module(ASK, name="Asking")
    undo = macros.Pressed("hrdd_undo")
    assert app.run("IsEnabled", undo) is False
    score_sheet(excel.open(path).sheets[0], date(2026, 11, 24))
    assert app.run("IsEnabled", undo) is True
    record.undo(xw.books.active)
    assert app.run("IsEnabled", undo) is False
    assert app.run("IsEnabled", macros.Pressed("hrdd_why")) is True


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=30)
def test_a_record_has_one_name_in_both_languages(name: str) -> None:
    """The number is what VBA reckons with its own numbers, exactly."""
    total = 0.0
    for unit in memoryview(name.encode("utf-16-le")).cast("H"):
        total = total * 31 + unit
        total -= int(total / 2**40) * 2.0**40
    assert f"{total:.0f}" == str(record.key(name))
    assert len(str(record.key(name))) <= 13


def test_buttons_are_grey_where_they_make_no_sense(make: Make, pressing: Any) -> None:
    """Without a worksheet in front, as on a chart sheet or in protected view, there is nothing to work on."""
    app = pressing(make(), "help")
    app.add_module(ASK, name="Asking")
    assert app.run("IsEnabled", macros.Pressed("hrdd_why")) is True
    for book in app.workbooks():
        book.Close(SaveChanges=False)
    assert app.run("IsEnabled", macros.Pressed("hrdd_why")) is False


def test_a_click_fills_the_cells_and_another_empties_them(
    tmp_path: Path, make: Make, pressing: Any, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Score sheet, through macro, shell and process, leaves what the file door leaves; Undo leaves what was before.

    Beside the workbook, with a name that is a command, lie a `pandas.py` and an `hrdd_addin.py`; none of it is run.
    """
    path = make(file=HOSTILE[0])
    before = cells(path)
    for name in ("pandas.py", "hrdd_addin.py", "sitecustomize.py"):
        (tmp_path / name).write_text("open('pwned', 'w')", encoding="utf-8")
    told = tmp_path / "told.txt"
    monkeypatch.setenv("HRDD_TEST_OPEN", str(path))
    monkeypatch.setenv("HRDD_TEST_TOLD", str(told))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def run(command: str) -> int:
        done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert done.stderr == ""
        return done.returncode

    assert pressing(path, interpreter=str(python), run=run).boxes == []
    assert told.read_text(encoding="utf-8").startswith("5 rows of sheet Orders scored.")
    assert str(tmp_path) not in told.read_text(encoding="utf-8").splitlines()
    assert cells(path) == scored_as_file(make(), tmp_path / "file.xlsx")
    pressing(path, "undo", str(python), run=run)
    assert "before the last scoring" in told.read_text(encoding="utf-8")
    assert cells(path) == before
    assert not (tmp_path / "pwned").exists()


def test_a_mac_starts_the_same_through_its_shell(
    tmp_path: Path, make: Make, pressing: Any, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words that the script gets, each quoted, are a command that scores the workbook."""
    path = make(file=HOSTILE[1])
    monkeypatch.setenv("HRDD_TEST_OPEN", str(path))
    monkeypatch.setenv("HRDD_TEST_TOLD", str(tmp_path / "told.txt"))

    def run(words: str) -> int:
        first, *rest = map(shlex.quote, words.split("\n"))
        return subprocess.run(" ".join([first, "-E -P -B -m hrdd_addin", *rest]), shell=True, cwd=tmp_path).returncode

    pressing(path, interpreter=str(python), run=run, on_a_mac=True)
    assert cells(path) == scored_as_file(make(), tmp_path / "file.xlsx")
    assert not (tmp_path / "pwned").exists()


def cells(path: Path) -> dict[str, Any]:
    """Every cell of the first sheet that holds anything."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}


def scored_as_file(path: Path, out: Path) -> dict[str, Any]:
    """The cells that the file door leaves, scored on the same day."""
    read = read_transactions(path)
    columns = result_columns(score(read.frame, today=date.today()), read.previous)  # noqa: DTZ011  # as the add-in
    write_columns(path, read.sheet, read.header_row, columns, read.row_numbers.tolist(), out=out, table=read.table)
    return cells(out)
