"""What the ribbon starts: one action, told in a box whatever happens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from hypothesis import given
from hypothesis import strategies as st

from hrdd_addin import __main__ as start
from hrdd_addin.actions import ACTIONS, Desk

Make = Callable[..., Path]


def digits(name: str) -> str:
    """A name as the add-in's VBA spells it."""
    return name.encode("utf-16-be").hex().upper()


@given(st.text(st.characters(codec="utf-8")))
def test_any_name_survives_the_way_through_a_shell(name: str) -> None:
    """Digits in, the same name out."""
    assert start.spelled_out(digits(name)) == name


def test_an_action_runs_on_the_named_workbook(excel: Any, make: Make) -> None:
    """The user is told in a box, and the exit code says so."""
    excel.open(make(file="a & b $(x).xlsx"))
    assert start.main(["score_sheet", f"--book={digits('a & b $(x).xlsx')}", f"--hwnd={id(excel)}"]) == start.SCORED
    assert excel.alerts[0].startswith("5 rows of sheet Orders scored.")


def test_an_expected_error_is_its_sentence(excel: Any, make: Make) -> None:
    """No traceback, exit code 0: the user knows."""
    excel.open(make("the_template"))
    excel.books[0].active = excel.books[0].sheet("Start here")
    assert start.main(["score_sheet", "--book="]) == 0
    assert "go to the sheet that has them" in excel.alerts[0]


def test_an_unexpected_error_is_a_sentence_with_a_file(
    excel: Any, make: Make, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traceback stands in the file, for the report."""

    def fails(_desk: Desk) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setitem(ACTIONS, "why", fails)  # type: ignore[arg-type]
    excel.open(make())
    assert start.main(["why", "--book="]) == 0
    assert "ZeroDivisionError: by nought" in excel.alerts[0]
    assert "fails" in (home / "last-error.txt").read_text(encoding="utf-8")


def test_a_box_never_gets_more_than_it_can_show(excel: Any, make: Make) -> None:
    """Long texts end in an ellipsis."""
    book = excel.open(make())
    start.Boxes(book.app).say("x" * 5000)
    assert len(excel.alerts[0]) == 1000
    excel.answers.append("yes")
    assert start.Boxes(book.app).ask("Shall I?")


def test_without_excel_the_exit_code_says_that_nobody_was_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The add-in then shows its own sentence."""
    monkeypatch.setattr(xw.engines, "active", None)
    assert start.main(["score_sheet", "--book=0041"]) == 1
    assert "No workbook is open" in capsys.readouterr().err


def test_a_file_beside_the_workbook_is_never_imported(tmp_path: Path) -> None:
    """The flags that the add-in gives Python keep the current folder and PYTHONPATH off its path."""
    (tmp_path / "pandas.py").write_text("raise SystemExit('the workbook folder was imported')", encoding="utf-8")
    (tmp_path / "hrdd_addin.py").write_text("raise SystemExit('the workbook folder was imported')", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-E", "-P", "-B", "-c", "import pandas, hrdd_addin, sys; print(sys.path)"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stdout


def test_the_day_is_the_users(excel: Any, make: Make) -> None:
    """Scored on says today, as the wall calendar does."""
    excel.open(make())
    start.main(["score_sheet", "--book="])
    row = [cell.value for cell in excel.books[0].sheet("Orders").ws[2]]
    today = date.today()  # noqa: DTZ011  # the wall calendar
    assert today in {value.date() for value in row if hasattr(value, "date")}


def test_a_click_loads_nothing_that_only_templates_need() -> None:
    """Every button starts a Python of its own, so what it loads is what the user waits for."""
    code = "import hrdd_addin.__main__, sys; print('openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
