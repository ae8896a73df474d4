"""LibreOffice opens what was written and computes the same values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hrdd_workbook import ExtraSheet, ResultColumn, write_columns
from hrdd_workbook.refs import column_number

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


@pytest.fixture
def outputs(build: Callable[[str], Path], tmp_path: Path) -> dict[str, tuple[Path, Path, int]]:
    """Each workbook before and after writing, and the number of the first result column."""
    columns = [
        ResultColumn("rating", "HRDD rating", ["HIGH", "LOW", None, "a & b", "=1+1", "MEDIUM"], family="rating"),
        ResultColumn("share", "Share", [0.5, 1, 2, None, 4, 5], kind="number", group=1),
    ]
    extra = [ExtraSheet("Questions", [["Ask"], ["who?"]])]
    made = {}
    for name in NAMES:
        before = build(name)
        after = tmp_path / f"scored-{name}"
        report = write_columns(before, "Orders", 1, columns, ROWS, extra_sheets=extra, out=after)
        made[name] = (before, after, column_number(report.columns["rating"]) - 1)
    return made


def test_outputs_open_with_their_results(
    outputs: dict[str, tuple[Path, Path, int]], office: Callable[..., list[Path]]
) -> None:
    """All cells of before, then the results, text and numbers alike."""
    paths = [path for before, after, _ in outputs.values() for path in (before, after)]
    said = dict(zip(paths, map(lines, office("csv", *paths)), strict=True))
    for name, (before, after, width) in outputs.items():
        old = [[*line, *[""] * width][:width] for line in said[before][:7]]
        assert [line[:width] for line in said[after][:7]] == old, name
        new = [line[width : width + 2] for line in said[after][:4]]
        assert new == [["HRDD rating", "Share"], ["HIGH", "0.5"], ["LOW", "1"], ["", "2"]], name


def test_a_summary_of_results_is_computed(build: Callable[[str], Path], office: Callable[..., list[Path]]) -> None:
    """A formula over the new column, with an old stored result, is computed anew on opening."""
    path = build("openpyxl-plain.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Sum", 0)["A1"] = '=COUNTIF(Orders!F2:F10,"HIGH")'
    book.save(path)
    write_columns(path, "Orders", 1, [ResultColumn("rating", "HRDD rating", ["HIGH"] * 9)], range(2, 11))
    assert office("csv", path)[0].read_text().strip() == "9"
