"""LibreOffice opens what was written and computes the same values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hrdd_workbook import ExtraSheet, ResultColumn, write_columns

ROWS = list(range(2, 8))
NAMES = [
    "table.xlsx",
    "formulas.xlsx",
    "everything-around-rows.xlsx",
    "cells-without-r.xlsx",
    "prefixed.xlsx",
    "strict.xlsx",
    "no-styles.xlsx",
    "xlsxwriter-sparklines.xlsx",
    "xlsxwriter-objects.xlsx",
]


def lines(path: Path) -> list[list[str]]:
    """The cells of a delimited file."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", NAMES)
def test_an_output_opens_with_its_results(
    build: Callable[[str], Path], office: Callable[[Path, str], Path], name: str
) -> None:
    """All cells of before, then the results, text and numbers alike."""
    path = build(name)
    before = lines(office(path, "csv"))
    columns = [
        ResultColumn("rating", "HRDD rating", ["HIGH", "LOW", None, "a & b", "=1+1", "MEDIUM"], family="rating"),
        ResultColumn("share", "Share", [0.5, 1, 2, None, 4, 5], kind="number", group=1),
    ]
    report = write_columns(
        path, "Orders", 1, columns, ROWS, extra_sheets=[ExtraSheet("Questions", [["Ask"], ["who?"]])]
    )
    after = lines(office(path, "csv"))
    width = openpyxl.utils.column_index_from_string(report.columns["rating"]) - 1
    assert [line[:width] for line in after[:7]] == [[*line, *[""] * width][:width] for line in before[:7]]
    assert [line[width : width + 2] for line in after[:4]] == [
        ["HRDD rating", "Share"],
        ["HIGH", "0.5"],
        ["LOW", "1"],
        ["", "2"],
    ]


def test_a_summary_of_results_is_computed(build: Callable[[str], Path], office: Callable[[Path, str], Path]) -> None:
    """A formula over the new column, with an old stored result, is computed anew on opening."""
    path = build("openpyxl-plain.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Sum", 0)["A1"] = '=COUNTIF(Orders!F2:F10,"HIGH")'
    book.save(path)
    write_columns(path, "Orders", 1, [ResultColumn("rating", "HRDD rating", ["HIGH"] * 9)], range(2, 11))
    assert office(path, "csv").read_text().strip() == "9"
