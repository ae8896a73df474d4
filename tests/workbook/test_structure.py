"""Outputs are put together as ISO 29500 asks, by our own checker of references and by a validator of the schema."""

from __future__ import annotations

import random
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import python_calamine
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

from hrdd_workbook import ExtraSheet, Formula, Link, ResultColumn, write_columns
from hrdd_workbook.errors import Declined
from hrdd_workbook.losstest import Where, first_rows
from hrdd_workbook.structure import faults

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
TABLE, TYPES, LINKS = "xl/tables/table1.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
SHEETS_PER_SEED = 6


def invalid(path: Path) -> Counter[str]:
    """What the validator says against the schema of Microsoft 365."""
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)
    errors = [error for error in validator.validate(path).errors if error.severity is ValidationSeverity.ERROR]
    return Counter(f"{error.part_uri}: {error.description}" for error in errors)


def results(rows: int) -> list[ResultColumn]:
    """One column of every kind, in the looks and groups of the scorer's."""
    return [
        ResultColumn("rating", "HRDD rating", ["HIGH", "a & b"] * (rows // 2) + ["LOW"] * (rows % 2), family="rating"),
        ResultColumn("share", "Share", [0.5] * rows, kind="percent", group=1, collapsed=True, width=9),
        ResultColumn("flag", "Flag", [True] * rows, kind="bool"),
        ResultColumn("twice", "Twice", [2.0] * rows, kind="number", formula="2*{share}"),
    ]


EXTRA = ExtraSheet(
    "Questions",
    [["About", "Where", "Sum"], ["who?", Link("Orders", "Orders!A1"), Formula("1+1", 2)]],
    widths=(20, 30),
    families={1: "rating"},
    filtered=True,
)


def scored(path: Path, out: Path, rows: int = 6) -> Path:
    """A workbook with results, an extra sheet and formulas."""
    return scored_at(path, out, first_rows(path), rows)


def scored_at(path: Path, out: Path, where: Where, rows: int) -> Path:
    """The same, with the header at a place that is known."""
    numbers = range(where.header_row + 1, where.header_row + 1 + rows)
    write_columns(path, where.sheet, where.header_row, results(rows), numbers, extra_sheets=[EXTRA], out=out)
    return out


def by_openpyxl(path: Path, sheet: str) -> list[list[object]]:
    """The values of a sheet."""
    with path.open("rb") as file:  # where it raises, it closes no file that it opened
        return [list(row) for row in openpyxl.load_workbook(file)[sheet].iter_rows(values_only=True)]


def by_calamine(path: Path, sheet: str) -> list[list[object]]:
    """The values of a sheet."""
    return list(python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python())


def by_pandas(path: Path, sheet: str) -> list[list[object]]:
    """The values of a sheet."""
    with path.open("rb") as file:
        return list(pd.read_excel(file, sheet_name=sheet, header=None, engine="calamine").to_numpy().tolist())


def cells(read: Callable[[Path, str], list[list[object]]], path: Path, sheet: str) -> list[object]:
    """What a reader finds; nothing where it raises whatever its parsers meet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [cell for row in read(path, sheet) for cell in row]
    except Exception:  # noqa: BLE001
        return []


def read_by_others(out: Path, source: Path) -> bool:
    """Whether each reader that reads the source finds the results in the output."""
    sheet = first_rows(source).sheet
    able = [read for read in (by_calamine, by_pandas, by_openpyxl) if cells(read, source, sheet)]
    return all("HRDD rating" in cells(read, out, sheet) for read in able)


def test_a_write_adds_no_fault(workbook: Path, workbook_name: str, declined: dict[str, str], tmp_path: Path) -> None:
    """Whatever faults a workbook has of its own: none of ours is added, and other readers find the results."""
    out = tmp_path / f"scored-{workbook_name}"
    try:
        scored(workbook, out)
    except Declined:
        assert workbook_name in declined
        return
    assert faults(out) - faults(workbook) == Counter()
    assert invalid(out) - invalid(workbook) == Counter()
    assert read_by_others(out, workbook)
    again = scored(out, tmp_path / f"again-{workbook_name}")
    assert faults(again) - faults(workbook) == Counter()


@pytest.mark.parametrize("seed", range(3))
def test_no_spelling_of_a_sheet_leads_to_a_fault(
    seed: int, tmp_path: Path, xml: Any, spelled: Callable[[random.Random], Any]
) -> None:
    """Random sheets in odd but legal spellings, as whole workbooks."""
    rng = random.Random(3000 + seed)
    for number in range(SHEETS_PER_SEED):
        path, out = tmp_path / f"{number}.xlsx", tmp_path / f"out{number}.xlsx"
        xml.book(spelled(rng).sheet()).write(path)
        try:
            scored_at(path, out, Where("Orders", SHEET, 1, []), rng.randrange(1, 9))
        except Declined:
            continue
        assert faults(out) - faults(path) == Counter(), path.read_bytes()


Change = tuple[str, str, str, str]
DAMAGE: dict[str, Change] = {
    "elements out of order": (SHEET, r"(<conditionalFormatting.*</conditionalFormatting>)(.*)(?=</work)", r"\2\1", "order"),
    "a format that is not there": (SHEET, r' s="\d+"', ' s="999"', "a format that is not there"),
    "a string that is not there": (SHEET, r't="s"><v>\d+', 't="s"><v>999', "a shared string"),
    "a look that is not there": (SHEET, r'dxfId="\d+"', 'dxfId="99"', "a look that is not there"),
    "no priority": (SHEET, r'priority="1"', 'priority="0"', "has no priority"),
    "one priority twice": (SHEET, r'priority="1"', 'priority="2"', "have one priority"),
    "a cell twice": (SHEET, r'(<c r="A2".*?</c>)', r"\1\1", "cells are out of order"),
    "a row twice": (SHEET, r'<row r="3"', '<row r="2"', "out of order"),
    "spans": (SHEET, r'<row r="2"', '<row spans="1:2" r="2"', "outside of the spans"),
    "columns overlap": (SHEET, r"(<col [^>]*>)", r"\1\1", "overlap"),
    "a narrow dimension": (SHEET, r"<sheetData>", '<dimension ref="A1:B2"/><sheetData>', "outside of the dimension"),
    "a header of another name": (SHEET, r"<t>HRDD rating</t>", "<t>HRDD</t>", "differs from the name"),
    "a table of fewer columns": (TABLE, r'(<tableColumns count=)"\d+"', r'\1"2"', "as many columns as it says"),
    "a narrow table": (TABLE, r' ref="A1:\w+"', ' ref="A1:B7"', "as wide as it has columns"),
    "a narrow filter": (TABLE, r'<autoFilter ref="A1:\w+"', '<autoFilter ref="A1:B7"', "the filter of the table"),
    "a name twice": (TABLE, r'id="2" name="[^"]*"', 'id="2" name="HRDD rating"', "share a name"),
    "a number twice": (TABLE, r'id="2"', 'id="1"', "share a number"),
    "a font that is not there": (STYLES, r'(<cellXfs.*?)fontId="\d+"', r'\1fontId="55"', "an entry of fonts"),
    "a number format that is not there": (STYLES, r'(<cellXfs.*?)numFmtId="\d+"', r'\1numFmtId="999"', "a number format"),
    "a wrong count": (STYLES, r'<cellXfs count="\d+"', '<cellXfs count="1"', "as many entries"),
    "no type": (TYPES, r'<Default Extension="xml".*?/>(.*?)<Override PartName="/xl/styles.xml".*?/>', r"\1", "no content"),
    "a type of another kind": (TYPES, r"\.styles\+xml", ".sheet+xml", "of another type than its relation"),
    "a type of nothing": (TYPES, r"/xl/styles.xml", "/xl/style.xml", "which is no part"),
    "a dead relation": (LINKS, r"worksheets/hrdd1.xml", "worksheets/none.xml", "is no part"),
    "a relation twice": (LINKS, r"rIdHrdd1", "rId1", "two relations"),
    "a sheet of no relation": (BOOK, r'r:id="rIdHrdd1"', 'r:id="rId77"', "which is no relation"),
    "a sheet twice": (BOOK, r'name="Questions"', 'name="Orders"', "two sheets are named"),
    "a sheet of a long name": (BOOK, r'name="Questions"', f'name="{"Q" * 32}"', "cannot be named"),
    "a number of two sheets": (BOOK, r'sheetId="2"', 'sheetId="1"', "have the number"),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(DAMAGE))
def test_the_checker_sees_every_kind_of_fault(what: str, build: Callable[[str], Path], tmp_path: Path) -> None:
    """So that its silence on outputs means something."""
    path = scored(build("table.xlsx"), tmp_path / "scored.xlsx")
    part, old, new, said = DAMAGE[what]
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(damaged, "w") as target:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == part:
                data = re.sub(old, new, data.decode(), count=1, flags=re.DOTALL).encode()
                assert data != source.read(member), "the test does not damage what it names"
            target.writestr(member, data)
    assert any(said in fault for fault in faults(damaged) - faults(path)), faults(damaged)
