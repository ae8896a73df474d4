"""Workbooks scored as files notice edits by formulas of ours; scoring them in Excel keeps that right."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from workbooks import built, scores

from hrdd_addin import record
from hrdd_addin.scoring import score_sheet
from hrdd_addin.writing import NotWritten
from hrdd_workbook import read_transactions, write_columns
from hrdd_workbook.outputs import result_columns
from hrdd_workbook.staleness import EDITED, NOW, check

TODAY = date(2026, 11, 24)
Make = Callable[..., Path]
SHEETS = {"plain": "Orders", "a_table": "Orders", "the_template": "Transactions"}


def as_file(path: Path, out: Path) -> Path:
    """Score as `hrdd score` does, formulas and all."""
    read = read_transactions(path)
    live = check(read.frame, read.columns)
    columns = result_columns(scores(read.frame, TODAY), read.previous, live)
    rows = read.row_numbers.tolist()
    names = {NOW: live.now}
    write_columns(path, read.sheet, read.header_row, columns, rows, out=out, table=read.table, names=names)
    return out


@cache
def edited(name: str) -> bytes:
    """A workbook that was scored as a file, and one of whose countries was changed since."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.xlsx"
        path.write_bytes(built(name))
        book = openpyxl.load_workbook(as_file(path, path.with_stem("scored")))
        cell = next(cell for row in book[SHEETS[name]] for cell in row if cell.value == "Norway")
        cell.value = "Myanmar"
        book.save(path)
        return path.read_bytes()


@pytest.fixture(params=SHEETS)
def scored(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Such a workbook."""
    path = tmp_path / "scored.xlsx"
    path.write_bytes(edited(request.param))
    return path


def sheet_of(book: Any) -> Any:
    """The sheet of the transactions."""
    return next(sheet for sheet in book.sheets if sheet.name in ("Transactions", "Orders"))


def column(path: Path, header: str) -> list[Any]:
    """A column of the transactions, below its header."""
    book = openpyxl.load_workbook(path)
    sheet = next(book[name] for name in ("Transactions", "Orders") if name in book.sheetnames)
    head = next(cell for row in sheet.iter_rows(max_row=9) for cell in row if cell.value == header)
    cells = [sheet.cell(row, head.column).value for row in range(head.row + 1, sheet.max_row + 1)]
    return [value for value in cells if value is not None]


def test_scoring_in_excel_leaves_what_scoring_the_file_leaves(scored: Path, excel: Any, tmp_path: Path) -> None:
    """Cell for cell, what the rows said and the formulas that compare with it too."""
    score_sheet(sheet_of(excel.open(scored)), TODAY)
    assert excel.log.reads <= 12
    assert excel.log.writes <= 12
    excel.books[0].save(str(tmp_path / "excel.xlsx"))
    as_file(scored, tmp_path / "file.xlsx")
    for header in ("HRDD rating", "Since scoring", "In sight", "Row as scored"):
        assert column(tmp_path / "excel.xlsx", header) == column(tmp_path / "file.xlsx", header)
    assert any("Myanmar" in said for said in column(tmp_path / "excel.xlsx", "Row as scored"))


def test_scattered_results_that_notice_edits_cost_no_more(make: Make, excel: Any, tmp_path: Path) -> None:
    """Columns of the user's among ours, formulas among those: a dozen reads and writes, and the user's stay."""
    path = as_file(make(), tmp_path / "scored.xlsx")
    book = openpyxl.load_workbook(path)
    for at in (12, 15, 18, 21, 24):
        book["Orders"].insert_cols(at)
        book["Orders"].cell(1, at, f"Mine {at}")
        book["Orders"].cell(2, at, "=LEN(A2)")
    book.save(path)
    sheet = sheet_of(excel.open(path))
    score_sheet(sheet, TODAY)
    assert excel.log.reads <= 12
    assert excel.log.writes <= 12
    assert [sheet.range((2, at)).formula for at in (12, 15, 18, 21, 24)] == ["=LEN(A2)"] * 5


def test_a_spreadsheet_finds_no_row_edited_after_it(excel: Any, office: Any, tmp_path: Path) -> None:
    """LibreOffice computes the formulas: the edited row is told before the scoring, and no longer after it."""
    paths = []
    for name in SHEETS:
        before, after = (tmp_path / f"{name} {when}.xlsx" for when in ("before", "after"))
        before.write_bytes(edited(name))
        score_sheet(sheet_of(excel.open(before)), TODAY)
        excel.books[0].save(str(after))
        paths += [_first(before), _first(after)]
    said = {
        path.stem: sum(row.count(EDITED) for row in csv.reader(path.read_text(encoding="utf-8").splitlines()))
        for path in office("csv", *paths)
    }
    assert said == {f"{name} {when}": found for name in SHEETS for when, found in (("before", 1), ("after", 0))}


def _first(path: Path) -> Path:
    """The same workbook with the transactions in front, for a converter that takes one sheet."""
    book = openpyxl.load_workbook(path)
    name = next(name for name in ("Transactions", "Orders") if name in book.sheetnames)
    book.move_sheet(name, -book.sheetnames.index(name))
    book.active = 0
    book.save(path)
    return path


def test_undo_puts_formulas_back_as_formulas(scored: Path, excel: Any) -> None:
    """And it does so although a filter, or an edit, changed what they come to."""
    book = excel.open(scored)
    sheet = sheet_of(book)
    cells = sheet.impl.grid.ws._cells
    before = {at: cell.value for at, cell in cells.items() if cell.value is not None}
    score_sheet(sheet, TODAY)
    sheet.impl.grid.answers = {"=_xlfn.AGGREGATE": 0.0, "=IF(EXACT": EDITED}
    record.undo(book)
    assert {at: cell.value for at, cell in cells.items() if cell.value is not None} == before


def test_a_refused_write_leaves_formulas_and_values_as_they_were(scored: Path, excel: Any) -> None:
    """Whichever write it is."""
    score_sheet(sheet_of(excel.open(scored)), TODAY)
    for fails in range(1, excel.log.writes + 1):
        sheet = sheet_of(excel.open(scored))
        before = {at: cell.value for at, cell in sheet.impl.grid.ws._cells.items()}
        excel.log.writes, excel.log.fail_at = 0, fails
        with pytest.raises(NotWritten):
            score_sheet(sheet, TODAY)
        excel.log.fail_at = None
        assert {at: cell.value for at, cell in sheet.impl.grid.ws._cells.items() if at in before} == before
        assert excel.is_as_before


def test_formulas_that_would_tell_of_edits_that_were_none_are_taken_away(scored: Path, excel: Any) -> None:
    """Where columns came in since, the workbook's formula spells other cells; then no row says anything."""
    sheet = sheet_of(excel.open(scored))
    sheet.impl.grid.answers = {"=IF(EXACT": EDITED}
    _, outcome = score_sheet(sheet, TODAY)
    assert any('"Since scoring" is blank' in note for note in outcome.notes)
    assert not any("EXACT" in str(cell.value) for cell in sheet.impl.grid.ws._cells.values())


def test_rows_that_are_not_selected_go_on_saying_that_they_were_edited(scored: Path, excel: Any) -> None:
    """What they said when they were scored stays, and so do their formulas."""
    sheet = sheet_of(excel.open(scored))
    grid = sheet.impl.grid
    before = {at: cell.value for at, cell in grid.ws._cells.items()}
    norway = next(at[0] for at, value in before.items() if value == "Myanmar")
    first = norway - 1
    score_sheet(sheet, TODAY, {first})
    assert {at: grid.ws._cells[at].value for at in before if at[0] == norway} == {
        at: value for at, value in before.items() if at[0] == norway
    }


def test_a_sheet_that_was_never_scored_as_a_file_gets_no_formulas(make: Make, excel: Any) -> None:
    """The name that they need is not there."""
    sheet = excel.open(make()).sheets[0]
    score_sheet(sheet, TODAY)
    score_sheet(sheet, TODAY)
    values = [str(cell.value) for cell in sheet.impl.grid.ws._cells.values()]
    assert not any(value.startswith("=") for value in values)
    assert "Since scoring" not in values
