"""Where results go, what they look like, and what stays as it is."""

# dates in cells have no zone

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdd_workbook import ExtraSheet, Formula, Link, ResultColumn, write_columns
from hrdd_workbook.compare import Expected, compare
from hrdd_workbook.errors import Declined
from hrdd_workbook.styles import MARK

Build = Callable[[str], Path]
ROWS = list(range(2, 8))


def ratings(values: Any = None, header: str = "HRDD rating", **options: Any) -> ResultColumn:
    """A column of ratings for the six rows of the small workbooks."""
    return ResultColumn("rating", header, ["HIGH"] * 6 if values is None else values, **options)


def column(path: Path, letter: str, sheet: str = "Orders") -> list[Any]:
    """What openpyxl reads in a column."""
    book = openpyxl.load_workbook(path)
    return [cell.value for cell in book[sheet][letter]]


def part(path: Path, name: str) -> str:
    """A part as text."""
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def plain(build: Build) -> Path:
    """Six transactions without a table."""
    return build("no-declaration.xlsx")


@pytest.fixture
def table(build: Build) -> Path:
    """Six transactions in a table."""
    return build("table.xlsx")


def test_a_new_column_stands_right_of_the_used_range(plain: Path) -> None:
    """With its header in the header row, marked as ours."""
    report = write_columns(plain, "orders", 1, [ratings()], ROWS)
    assert report.columns == {"rating": "D"}
    assert (report.sheet, report.rows, report.new, report.table) == ("Orders", 6, ("rating",), None)
    assert column(plain, "D") == ["HRDD rating", *["HIGH"] * 6]
    assert openpyxl.load_workbook(plain)["Orders"]["D1"].style == MARK


def test_a_new_column_joins_the_table(table: Path) -> None:
    """The table's area, filter and list of columns grow, under a name that matches the header cell."""
    report = write_columns(table, "Orders", 1, [ratings(), ResultColumn("n", "Count", range(6), kind="number")], ROWS)
    assert report.table == "Orders1"
    found = openpyxl.load_workbook(table)["Orders"].tables["Orders1"]
    assert (found.ref, found.autoFilter.ref) == ("A1:E7", "A1:E7")
    assert [c.name for c in found.tableColumns][3:] == ["HRDD rating", "Count"]
    assert [c.id for c in found.tableColumns] == [1, 2, 3, 4, 5]


def test_a_totals_row_is_left_alone(build: Build) -> None:
    """The table grows to the right, its totals row stays the last."""
    path = build("table-with-totals.xlsx")
    write_columns(path, "Orders", 1, [ratings(["LOW"] * 5)], ROWS[:5])
    assert openpyxl.load_workbook(path)["Orders"].tables["Orders1"].ref == "A1:D7"
    assert column(path, "D")[-1] is None


@pytest.mark.parametrize(
    "name", ["table-with-data-beside.xlsx", "table-from-a-query.xlsx", "table-without-header.xlsx"]
)
def test_a_table_that_cannot_grow_keeps_its_place(build: Build, name: str) -> None:
    """Data beside it, a query behind it or no header: the results stand right of everything, and say so."""
    path = build(name)
    before = part(path, "xl/tables/table1.xml")
    report = write_columns(path, "Orders", 1, [ratings()], ROWS, table="Orders1")
    assert report.table is None
    assert any("beside it" in note for note in report.notes)
    assert part(path, "xl/tables/table1.xml") == before


def test_our_own_column_is_overwritten_and_nothing_else_changes(table: Path, tmp_path: Path) -> None:
    """The second write changes values only: same styles, widths, formats, table and parts."""
    write_columns(table, "Orders", 1, [ratings(family="rating", width=13, group=1)], ROWS)
    again = tmp_path / "again.xlsx"
    report = write_columns(table, "Orders", 1, [ratings(["LOW"] * 6, family="rating", width=99)], ROWS, out=again)
    assert (report.new, report.columns) == ((), {"rating": "D"})
    expected = Expected(SHEET, {(row, 4): "LOW" for row in ROWS}, frozenset({4}))
    assert compare(table, again, expected) == []


def test_equal_values_leave_the_file_untouched(table: Path) -> None:
    """Not even its time changes, so a run over a folder twice writes once."""
    write_columns(table, "Orders", 1, [ratings()], ROWS)
    before, moment = table.read_bytes(), table.stat().st_mtime_ns
    assert not write_columns(table, "Orders", 1, [ratings()], ROWS).changed
    assert (table.read_bytes(), table.stat().st_mtime_ns) == (before, moment)


def test_rows_that_are_no_transactions_any_more_lose_their_old_results(plain: Path) -> None:
    """A result of yesterday never stands beside a row of today."""
    write_columns(plain, "Orders", 1, [ratings()], ROWS)
    write_columns(plain, "Orders", 1, [ratings(["LOW"] * 4)], [2, 3, 5, 7])
    assert column(plain, "D") == ["HRDD rating", "LOW", "LOW", None, "LOW", None, "LOW"]


def test_a_users_column_of_the_same_header_is_never_touched(plain: Path) -> None:
    """Ours stands beside it under another header, is known again next time, and the report says so."""
    mine = [ResultColumn("user", "End user", ["x"] * 6)]
    report = write_columns(plain, "Orders", 1, mine, ROWS)
    assert report.headers == {"user": "End user (HRDD)"}
    assert any('"End user" is yours' in note for note in report.notes)
    assert column(plain, "B")[1:] == column(plain, "B")[1:]
    assert column(plain, "B")[1] == "Ministry of Interior"
    again = write_columns(plain, "Orders", 1, mine, ROWS)
    assert (again.changed, again.new, again.columns) == (False, (), {"user": "D"})


def test_an_empty_column_with_our_header_is_filled(plain: Path) -> None:
    """As in a template; its cells keep their style, its header its look, and it is ours from then on."""
    book = openpyxl.load_workbook(plain)
    sheet = book["Orders"]
    sheet["E1"] = "HRDD rating"
    sheet["E1"].font = openpyxl.styles.Font(italic=True)
    for row in ROWS:
        sheet.cell(row, 5).number_format = "@"
    book.save(plain)
    report = write_columns(plain, "Orders", 1, [ratings()], ROWS)
    assert (report.columns, report.new) == ({"rating": "E"}, ())
    sheet = openpyxl.load_workbook(plain)["Orders"]
    assert [sheet["E1"].style, sheet["E1"].font.i, sheet["E2"].number_format] == [MARK, True, "@"]
    assert write_columns(plain, "Orders", 1, [ratings(["LOW"] * 6)], ROWS).columns == {"rating": "E"}


def three(*values: Any) -> list[ResultColumn]:
    """Three result columns in our order."""
    names = ("HRDD rating", "Rating at best", "Rating at worst")
    return [ResultColumn(name, name, [value] * 6) for name, value in zip(names, values, strict=True)]


@pytest.mark.parametrize("name", ["table.xlsx", "no-declaration.xlsx"])
def test_a_renamed_result_column_is_filled_under_its_new_name(build: Build, name: str) -> None:
    """It is told by its mark and its neighbours; the note says both names, and no second column appears."""
    path = build(name)
    write_columns(path, "Orders", 1, three("LOW", "LOW", "LOW"), ROWS)
    book = openpyxl.load_workbook(path)
    sheet = book["Orders"]
    sheet["E1"] = "Our best case"
    for table in sheet.tables.values():
        table.tableColumns[4].name = "Our best case"
    book.save(path)
    report = write_columns(path, "Orders", 1, three("HIGH", "MEDIUM", "CRITICAL"), ROWS)
    assert (report.new, report.columns["Rating at best"]) == ((), "E")
    assert report.headers["Rating at best"] == "Our best case"
    assert any('"Our best case" was "Rating at best" before' in note for note in report.notes)
    assert column(path, "E") == ["Our best case", *["MEDIUM"] * 6]
    assert not write_columns(path, "Orders", 1, three("HIGH", "MEDIUM", "CRITICAL"), ROWS).changed


def test_results_that_are_no_longer_made_are_named(plain: Path) -> None:
    """A column of an earlier version, or a copy that the user kept, stays and is said to be old."""
    write_columns(plain, "Orders", 1, three("LOW", "LOW", "LOW"), ROWS)
    report = write_columns(plain, "Orders", 1, three("HIGH", "HIGH", "HIGH")[:2], ROWS)
    assert any('earlier run stand in "Rating at worst" (F)' in note for note in report.notes)
    assert column(plain, "F")[1:] == ["LOW"] * 6


def with_properties(path: Path) -> Path:
    """A workbook that has a custom property of its user."""
    from openpyxl.packaging.custom import StringProperty

    book = openpyxl.load_workbook(path)
    book.custom_doc_props.append(StringProperty(name="Client", value="Acme & Sons"))
    book.save(path)
    return path


def test_the_custom_property_tells_our_columns_without_their_mark(table: Path) -> None:
    """A workbook with custom properties lists our headers and sheets there; the user's own property stays."""
    path = with_properties(table)
    columns = [ResultColumn(f"k{n}", f"Result number {n} of a long list", ["LOW"] * 6) for n in range(30)]
    sheets = [ExtraSheet("Questions", [["Ask"], ["who?"]])]
    write_columns(path, "Orders", 1, columns, ROWS, extra_sheets=sheets)
    book = openpyxl.load_workbook(path)
    told = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert told.pop("Client") == "Acme & Sons"
    assert len(told) > 1
    assert all(len(value) <= 255 for value in told.values())
    for cell in book["Orders"][1]:
        cell.style = "Normal"
    book["Questions"]["A1"].style = "Normal"
    book.save(path)
    columns = [replace(result, values=["HIGH"] * 6) for result in columns]
    report = write_columns(path, "Orders", 1, columns, ROWS, extra_sheets=sheets)
    assert (report.new, report.columns["k0"]) == ((), "D")
    assert openpyxl.load_workbook(path).sheetnames == ["Orders", "Questions"]
    assert not write_columns(path, "Orders", 1, columns, ROWS, extra_sheets=sheets).changed


def test_a_workbook_without_custom_properties_gets_none(table: Path) -> None:
    """No part is added beside the five that a write may touch."""
    before = zipfile.ZipFile(table).namelist()
    write_columns(table, "Orders", 1, [ratings()], ROWS)
    assert zipfile.ZipFile(table).namelist() == before


def test_a_formula_in_a_result_column_is_declined(plain: Path) -> None:
    """It may be part of something larger; the sentence names the cell, and the file stays as it was."""
    write_columns(plain, "Orders", 1, [ratings()], ROWS)
    book = openpyxl.load_workbook(plain)
    book["Orders"]["D4"] = "=A1"
    book.save(plain)
    before = plain.read_bytes()
    with pytest.raises(Declined, match=r"result column D has a formula in row 4"):
        write_columns(plain, "Orders", 1, [ratings()], ROWS)
    assert plain.read_bytes() == before


def test_merged_cells_in_a_result_column_are_declined(plain: Path) -> None:
    """The sentence names them."""
    write_columns(plain, "Orders", 1, [ratings()], ROWS)
    book = openpyxl.load_workbook(plain)
    book["Orders"].merge_cells("D4:E5")
    book.save(plain)
    with pytest.raises(Declined, match=r"D4:E5 lie in the result column"):
        write_columns(plain, "Orders", 1, [ratings()], ROWS)


def test_an_array_formula_is_not_cut(build: Build) -> None:
    """New columns stand right of its area; a standing result column inside it is declined."""
    path = build("array-formula.xlsx")
    report = write_columns(path, "Orders", 1, [ratings()], ROWS)
    assert report.columns == {"rating": "E"}


def test_colours_come_once_and_after_the_users_own(build: Build) -> None:
    """One rule set per family over all its new columns, below every priority that is there, also in extensions."""
    path = build("everything-around-rows.xlsx")
    columns = [ratings(family="rating"), ResultColumn("worst", "Rating at worst", ["LOW"] * 6, family="rating")]
    columns.append(ResultColumn("what", "Disposition", ["STOP"] * 6, family="disposition"))
    write_columns(path, "Orders", 1, columns, ROWS)
    xml = part(path, SHEET)
    assert xml.count("<conditionalFormatting") == 3
    assert 'sqref="D2:E1048576"' in xml
    assert 'priority="13"' in xml
    write_columns(path, "Orders", 1, [ratings(["LOW"] * 6, family="rating")], ROWS)
    assert part(path, SHEET).count("<conditionalFormatting") == 3


def test_widths_and_outline_of_new_columns(build: Build) -> None:
    """A width and an outline level, split out of a wider range of columns whose style stays."""
    path = build("everything-around-rows.xlsx")
    write_columns(path, "Orders", 1, [ratings(width=17, group=1, collapsed=True)], ROWS)
    xml = part(path, SHEET)
    assert '<col min="4" max="4" width="17" customWidth="1" outlineLevel="1" hidden="1" style="1"/>' in xml
    assert '<col min="3" max="3" width="9" style="1"/>' in xml
    assert '<col min="5" max="16384" width="9" style="1"/>' in xml
    assert 'outlineLevelCol="2"' in xml


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("date", dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
        ("date", dt.datetime(2024, 2, 29, 12, 30), dt.datetime(2024, 2, 29, 12, 30)),
        ("date", pd.Timestamp("2024-02-29"), dt.datetime(2024, 2, 29)),
        ("date", pd.NaT, None),
        ("number", 3, 3),
        ("number", 0.1, 0.1),
        ("number", math.nan, None),
        ("number", math.inf, None),
        ("number", None, None),
        ("percent", 0.25, 0.25),
        ("bool", True, True),
        ("bool", False, False),
        ("text", "=1+1", "=1+1"),
        ("text", "", None),
        ("text", 7, "7"),
    ],
)
@pytest.mark.parametrize("name", ["no-declaration.xlsx", "dates-from-1904.xlsx"])
def test_a_value_of_each_kind(build: Build, name: str, kind: Any, value: Any, said: Any) -> None:
    """Is read back by openpyxl as what it was; what a cell cannot hold is blank."""
    path = build(name)
    write_columns(path, "Orders", 1, [ResultColumn("k", "Result", [value] * 6, kind=kind)], ROWS)
    assert column(path, "D")[1:] == [said] * 6


@pytest.mark.parametrize(
    "values",
    [
        np.array(["a", "b", None, "d", "e", "f"], dtype=object),
        pd.Series(["a", "b", None, "d", "e", "f"], dtype="string"),
        pd.Series(pd.Categorical(["a", "b", None, "d", "e", "f"])),
        ["a", "b", None, "d", "e", "f"],
    ],
    ids=["array", "string", "categorical", "list"],
)
def test_values_may_come_in_any_column(plain: Path, values: Any) -> None:
    """Lists, arrays and Series of any type; missing is blank."""
    write_columns(plain, "Orders", 1, [ratings(values)], ROWS)
    assert column(plain, "D")[1:] == ["a", "b", None, "d", "e", "f"]


def test_nullable_numbers_and_booleans(plain: Path) -> None:
    """NA is blank, integers stay whole."""
    numbers = pd.Series([1, None, 3, 4, 5, 6], dtype="Int64")
    flags = pd.Series([True, False, None, True, True, True], dtype="boolean")
    columns = [ResultColumn("n", "N", numbers, kind="number"), ResultColumn("b", "B", flags, kind="bool")]
    write_columns(plain, "Orders", 1, columns, ROWS)
    assert column(plain, "D")[1:] == [1, None, 3, 4, 5, 6]
    assert column(plain, "E")[1:4] == [True, False, None]


def test_a_text_longer_than_a_cell_ends_in_an_ellipsis(plain: Path) -> None:
    """Cut by UTF-16 units as Excel counts, never inside a character, and said."""
    report = write_columns(plain, "Orders", 1, [ratings(["😀" * 20_000, *["x"] * 5])], ROWS)
    said = column(plain, "D")[1]
    assert said == "😀" * 16_383 + "…"
    assert any("ellipsis" in note for note in report.notes)


def test_a_blank_cell_between_transactions_keeps_its_spelling(xml: Any, tmp_path: Path) -> None:
    """A second write of equal values changes nothing, also where a result column has blank cells in an odd spelling."""
    rows = xml.ROWS.replace("<v>44004</v></c></row>", '<v>44004</v></c><c s="1" t="inlineStr"/></row>')
    path, column = xml.book(xml.sheet_xml(rows)).write(tmp_path / "gap.xlsx"), ResultColumn("r", "Rating", ["LOW"] * 5)
    assert write_columns(path, "Orders", 1, [column], [2, 3, 5, 6, 7]).changed
    assert not write_columns(path, "Orders", 1, [column], [2, 3, 5, 6, 7]).changed


def test_cells_out_of_order_are_seen_before_anything_is_written(build: Build) -> None:
    """A last cell left of the results hides none that stands where they should: no cell is ever there twice."""
    path = build("cells-out-of-order.xlsx")
    before = path.read_bytes()
    with pytest.raises(Declined, match="cells must be in order"):
        write_columns(path, "Orders", 1, [ResultColumn("rating", "HRDD rating", ["HIGH"] * 6)], range(2, 8))
    assert path.read_bytes() == before


def test_rows_may_come_in_any_order(plain: Path) -> None:
    """Values follow their rows."""
    write_columns(plain, "Orders", 1, [ratings(["b", "a"])], [5, 3])
    assert column(plain, "D") == ["HRDD rating", None, "a", None, "b", None, None]


def test_rows_that_the_sheet_does_not_have_are_made(plain: Path) -> None:
    """Between its rows and after its last one."""
    write_columns(plain, "Orders", 1, [ratings(["a", "b"])], [7, 12])
    assert column(plain, "D")[6:] == ["a", None, None, None, None, "b"]


def test_formulas_are_computed_anew_on_opening(build: Build) -> None:
    """The workbook asks for it once, and keeps its other settings; without formulas nothing is asked."""
    path = build("formulas.xlsx")
    write_columns(path, "Orders", 1, [ratings()], ROWS)
    assert '<calcPr calcId="191029" iterate="1" fullCalcOnLoad="1"/>' in part(path, "xl/workbook.xml")
    other = build("no-declaration.xlsx")
    before = part(other, "xl/workbook.xml")
    write_columns(other, "Orders", 1, [ratings()], ROWS)
    assert part(other, "xl/workbook.xml") == before


def test_a_protected_sheet_stays_protected(build: Build) -> None:
    """Protection is against slips of the hand; it is kept and mentioned."""
    path = build("openpyxl-protected.xlsx")
    report = write_columns(path, "Orders", 1, [ratings()], ROWS)
    assert any("protected" in note for note in report.notes)
    assert openpyxl.load_workbook(path)["Orders"].protection.sheet


@pytest.mark.parametrize(("sheet", "said"), [("Chart", "is a chartsheet"), ("Nowhere", "has no sheet Nowhere; it has")])
def test_a_sheet_that_cannot_hold_results(build: Build, sheet: str, said: str) -> None:
    """Is declined by name, with the sheets that there are."""
    with pytest.raises(Declined, match=said):
        write_columns(build("chart-sheet-first.xlsx"), sheet, 1, [ratings()], ROWS)


def test_extra_sheets_are_added_and_replaced_whole(build: Build) -> None:
    """Added at the end once; next time the same part has the new rows."""
    path = build("table.xlsx")
    day = dt.date(2026, 11, 24)
    extra = ExtraSheet("Questions", [["Row", "Ask", "On", "Open"], [2, "Who <owns> & why?", day, True]], (8, 40))
    write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[extra])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Orders", "Questions"]
    values = list(book["Questions"].values)
    assert values == [("Row", "Ask", "On", "Open"), (2, "Who <owns> & why?", dt.datetime(2026, 11, 24), True)]
    names = zipfile.ZipFile(path).namelist()
    assert not write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[extra]).changed
    write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[ExtraSheet("Questions", [["Row"], [3]])])
    assert zipfile.ZipFile(path).namelist() == names
    assert list(openpyxl.load_workbook(path)["Questions"].values) == [("Row",), (3,)]


def test_an_extra_sheet_has_titles_links_formulas_colours_and_a_filter(build: Build) -> None:
    """As openpyxl reads them: the header is frozen and filtered, a link leads to a row, words have their colours."""
    path = build("table.xlsx")
    rows = [
        ["What to look at"],
        [],
        ["Row", "Rating", "Share"],
        [Link("TX & 1", "Orders!A2"), "HIGH", Formula('COUNTIF(Orders!A:A,"<"&1)/6', 0.5, look="percent")],
        [Link("TX 2", "Orders!A3"), "=1+1", Formula("Orders!A1", "a & b", look="wrapped")],
        ["none", "LOW", Formula("1/3")],
    ]
    extra = ExtraSheet("Red flags", rows, (9, 12), header_row=3, families={2: "rating"}, filtered=True, tab="AA3355")
    write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[extra])
    sheet = openpyxl.load_workbook(path)["Red flags"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.sheet_properties.tabColor.rgb) == (
        "A4",
        "A3:C6",
        "FFAA3355",
    )
    assert (sheet["A4"].value, sheet["A4"].hyperlink.location) == ("TX & 1", "Orders!A2")
    assert (sheet["C4"].value, sheet["C4"].number_format) == ('=COUNTIF(Orders!A:A,"<"&1)/6', "0%")
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=1+1", "s")
    assert [str(area) for area in sheet.conditional_formatting] == ["<ConditionalFormatting B4:B6>"]
    stored = openpyxl.load_workbook(path, data_only=True)["Red flags"]
    assert [stored[at].value for at in ("C4", "C5", "C6")] == [0.5, "a & b", None]
    assert not write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[extra]).changed
    assert openpyxl.load_workbook(path).sheetnames == ["Orders", "Red flags"]


def test_a_prepared_sheet_is_filled_in_its_place(build: Build) -> None:
    """A template carries the sheet, marked as ours by the style of its first header cell."""
    path = build("table.xlsx")
    write_columns(path, "Orders", 1, [ratings()], ROWS)
    book = openpyxl.load_workbook(path)
    prepared = book.create_sheet("Questions", 0)
    prepared["A1"] = "Row"
    prepared["A1"].style = MARK
    book.save(path)
    write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[ExtraSheet("Questions", [["Row"], [9]])])
    book = openpyxl.load_workbook(path)
    assert (book.sheetnames, book["Questions"]["A2"].value) == (["Questions", "Orders"], 9)


def test_a_users_sheet_of_the_same_name_stays(build: Build) -> None:
    """Ours gets another name, and is found again under it."""
    path = build("openpyxl-many-sheets.xlsx")
    extra = ExtraSheet("More 1", [["Row"], [9]])
    for _ in range(2):
        write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[extra])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-2:] == ["More 11", "More 1 (hrdd)"]
    assert book["More 1"]["A1"].value == 1


@pytest.mark.parametrize("name", ["strict.xlsx", "backslashes.xlsx", "absolute-targets.xlsx", "no-styles.xlsx"])
def test_extra_sheets_in_unusual_packages(build: Build, name: str) -> None:
    """calamine, which reads them all, finds the sheet and the results."""
    path = build(name)
    write_columns(path, "Orders", 1, [ratings()], ROWS, extra_sheets=[ExtraSheet("Flags", [["Flag"], ["x"]])])
    if name == "backslashes.xlsx":
        return
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert book.get_sheet_by_name("Flags").to_python() == [["Flag"], ["x"]]
    assert [row[3] for row in book.get_sheet_by_name("Orders").to_python()] == ["HRDD rating", *["HIGH"] * 6]


def test_a_large_sheet_takes_the_quick_way_to_the_same_result(tmp_path: Path) -> None:
    """Checked in spots, with a dimension that is trusted: every cell is as meant, twice."""
    import xlsxwriter

    count = 13_000
    path = tmp_path / "large.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Orders")
    for row in range(count + 1):
        sheet.write_row(
            row, 0, [f"product {row % 7} of a long description " * 2, f"user {row}", row, row / 7, "Kenya"] * 2
        )
    book.close()
    rows = list(range(2, count + 2))
    columns = [
        ResultColumn(f"k{n}", f"Result {n}", [f"{n} & {row % 50}" for row in rows], family="rating") for n in range(18)
    ]
    columns += [
        ResultColumn("f", "Share", [row / 3 for row in rows], kind="number"),
        ResultColumn("i", "Rows", rows, kind="number"),
    ]
    write_columns(path, "Orders", 1, columns, rows)
    found = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    wanted = list(zip(*(c.values for c in columns), strict=True))
    assert [tuple(row[10:]) for row in found[1:]] == wanted
    assert not write_columns(path, "Orders", 1, columns, rows).changed


#: calamine leaves _xFFFE_ and _xFFFF_ as they are spelled.
_CHARACTERS = st.characters(codec="utf-8", exclude_characters="\ufffe\uffff")
_TEXTS = st.text(_CHARACTERS, max_size=40) | st.sampled_from(
    ["_x0041_", "_x005F_", " a ", "\ta\r\n", "]]>", "&amp;", "\x01", "=cmd|' /C calc'!A0", "a\u2028b"]
)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
_DAYS = st.dates(dt.date(1904, 1, 2), dt.date(2999, 12, 31))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.none() | _TEXTS, min_size=6, max_size=6),
    numbers=st.lists(st.none() | _NUMBERS, min_size=6, max_size=6),
    days=st.lists(st.none() | _DAYS, min_size=6, max_size=6),
    flags=st.lists(st.none() | st.booleans(), min_size=6, max_size=6),
)
def test_every_value_survives(
    build: Build, texts: list[Any], numbers: list[Any], days: list[Any], flags: list[Any]
) -> None:
    """Whatever is written is what calamine reads, twice with the same bytes."""
    path = build("no-declaration.xlsx")
    columns = [
        ResultColumn("t", "T", texts),
        ResultColumn("n", "N", numbers, kind="number"),
        ResultColumn("d", "D", days, kind="date"),
        ResultColumn("b", "B", flags, kind="bool"),
    ]
    write_columns(path, "Orders", 1, columns, ROWS)
    read = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    for values, said in zip(
        (texts, numbers, days, flags), zip(*[row[3:] for row in read[1:]], strict=True), strict=True
    ):
        assert [None if value == "" else value for value in said] == [None if v == "" else v for v in values]
    assert not write_columns(path, "Orders", 1, columns, ROWS).changed


@pytest.mark.parametrize("name", ["signed.xlsx", "comment-among-rows.xlsx", "cdata-among-rows.xlsx"])
def test_what_is_declined_may_be_rewritten_with_a_list_of_losses(build: Build, name: str) -> None:
    """Only when asked; the report names the reason and the losses."""
    path = build(name)
    with pytest.raises(Declined):
        write_columns(path, "Orders", 1, [ratings()], ROWS)
    report = write_columns(path, "Orders", 1, [ratings()], ROWS, rewrite=True)
    assert report.notes[0].startswith("The whole workbook was rewritten, because: ")
    assert any(note.startswith(("Lost: ", "Of all that is counted nothing was lost")) for note in report.notes)
    assert column(path, "D") == ["HRDD rating", *["HIGH"] * 6]


def test_a_rewrite_grows_the_table_and_brings_the_extra_sheets(build: Build) -> None:
    """It ends like any other write: in the table, coloured, marked as ours, with the sheets."""
    path = build("comment-among-rows.xlsx")
    book = openpyxl.load_workbook(path)
    book["Orders"].add_table(openpyxl.worksheet.table.Table(displayName="Orders1", ref="A1:C7"))
    book.save(path)
    changed = {"xl/worksheets/sheet1.xml": (b"<sheetData>", b"<sheetData><!-- by hand -->")}
    replaced_in(path, changed)
    columns = [ratings(family="rating", width=20), ResultColumn("n", "Count", range(6), kind="number")]
    extra = [ExtraSheet("Questions", [["Ask"], ["who?"]])]
    report = write_columns(path, "Orders", 1, columns, ROWS, extra_sheets=extra, rewrite=True)
    assert (report.table, report.columns) == ("Orders1", {"rating": "D", "n": "E"})
    book = openpyxl.load_workbook(path)
    sheet = book["Orders"]
    assert (sheet.tables["Orders1"].ref, sheet["D1"].style, sheet.column_dimensions["D"].width) == ("A1:E7", MARK, 20)
    assert len(sheet.conditional_formatting) == 1
    assert book["Questions"]["A2"].value == "who?"
    again = write_columns(path, "Orders", 1, columns, ROWS, extra_sheets=extra)
    assert (again.changed, again.lost) == (False, ())


def test_a_rewrite_names_what_it_lost(build: Build) -> None:
    """Parts, elements and stored results of formulas, each counted; and digits beyond the sixteenth."""
    path = build("xlsxwriter-sparklines.xlsx")
    changed = {
        "xl/worksheets/sheet1.xml": (
            b"<sheetData>",
            b"<sheetData><!-- by hand -->",
        )
    }
    replaced_in(path, changed)
    report = write_columns(path, "Orders", 1, [ratings()], ROWS, rewrite=True)
    assert any("x sparkline" in lost for lost in report.lost)
    assert report.notes[0].startswith("The whole workbook was rewritten, because: ")


def replaced_in(path: Path, changes: dict[str, tuple[bytes, bytes]]) -> None:
    """Change some bytes of some parts of a workbook."""
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data.replace(*changes[name]) if name in changes else data)


@pytest.mark.parametrize("what", ["merge", "formula"])
def test_what_no_rewrite_can_settle_is_declined_all_the_same(plain: Path, what: str) -> None:
    """Merged cells or a formula in a result column are the user's to settle; nothing is changed."""
    write_columns(plain, "Orders", 1, [ratings()], ROWS)
    book = openpyxl.load_workbook(plain)
    if what == "merge":
        book["Orders"].merge_cells("D4:E5")
    else:
        book["Orders"]["D4"] = "=A1"
    book.save(plain)
    before = plain.read_bytes()
    with pytest.raises(Declined):
        write_columns(plain, "Orders", 1, [ratings()], ROWS, rewrite=True)
    assert plain.read_bytes() == before


def test_a_rewrite_is_not_taken_when_it_is_not_needed(plain: Path) -> None:
    """The byte path loses nothing, so it is always tried first."""
    assert write_columns(plain, "Orders", 1, [ratings()], ROWS, rewrite=True).lost == ()
