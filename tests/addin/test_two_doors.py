"""One contract for both doors: a file and an open sheet give the same transactions and the same cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from workbooks import scores

from hrdd_addin.live import read_sheet
from hrdd_addin.writing import write_results
from hrdd_workbook import read_transactions, write_columns
from hrdd_workbook.outputs import result_columns

TODAY = date(2026, 11, 24)
Make = Callable[..., Path]


def by_file(path: Path, out: Path) -> Any:
    """Score through the file door."""
    read = read_transactions(path)
    columns = result_columns(scores(read.frame, TODAY), read.previous)
    write_columns(path, read.sheet, read.header_row, columns, read.row_numbers.tolist(), out=out, table=read.table)
    return read


def by_excel(excel: Any, path: Path, sheet: str) -> Any:
    """Score through the open sheet; the double's workbook can then be saved."""
    live = read_sheet(excel.open(path).sheets[sheet])
    read = live.transactions
    write_results(live, result_columns(scores(read.frame, TODAY), read.previous))
    return read


def cells(path: Path) -> dict[str, dict[str, Any]]:
    """Every cell that holds anything, sheet by sheet."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: {cell.coordinate: _said(cell.value) for row in sheet for cell in row if cell.value is not None}
        for sheet in book.worksheets
    }


def _said(value: Any) -> Any:
    return getattr(value, "text", value)


def test_there_are_forty(makers: dict[str, object]) -> None:
    """The suite below says forty, so forty there are."""
    assert len(makers) >= 40


def test_both_doors_leave_identical_cells(workbook_name: str, make: Make, excel: Any, tmp_path: Path) -> None:
    """The same workbook, scored as a file and in Excel, holds the same in every cell; a dozen blocks are enough."""
    path = make(workbook_name)
    read = by_file(path, tmp_path / "file.xlsx")
    live = by_excel(excel, path, read.sheet)
    assert excel.log.writes <= 12
    assert excel.log.reads <= 12
    pd.testing.assert_frame_equal(live.frame, read.frame)
    assert live.row_numbers.tolist() == read.row_numbers.tolist()
    excel.books[0].save(str(tmp_path / "excel.xlsx"))
    assert cells(tmp_path / "excel.xlsx") == cells(tmp_path / "file.xlsx")


@pytest.mark.parametrize("name", ["plain", "a_table_with_totals", "the_template", "two_tables", "away_from_the_corner"])
def test_either_door_knows_the_columns_of_the_other(name: str, make: Make, excel: Any, tmp_path: Path) -> None:
    """A workbook scored in Excel and then as a file gains no second set of columns, and the other way round."""
    path = make(name)
    sheet = by_file(path, tmp_path / "file.xlsx").sheet
    by_excel(excel, path, sheet)
    saved = tmp_path / "excel.xlsx"
    excel.books[0].save(str(saved))
    before = cells(saved)
    by_file(saved, tmp_path / "again.xlsx")
    assert cells(tmp_path / "again.xlsx") == before
    by_excel(excel, tmp_path / "file.xlsx", sheet)
    excel.books[0].save(str(tmp_path / "twice.xlsx"))
    assert cells(tmp_path / "twice.xlsx") == cells(tmp_path / "file.xlsx")
