"""Makers of workbooks as openpyxl, XlsxWriter and pandas write them, for the loss test."""

# dates in cells have no zone

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

HEADERS = ("Product", "End user", "Destination country", "Date", "Amount")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MAKERS: dict[str, Callable[[Path], object]] = {}


def rows(count: int = 9) -> list[tuple[Any, ...]]:
    """Transactions of several kinds of values."""
    return [
        ("Face recognition", f"Ministry {n}", "Kenya", dt.datetime(2024, 1, 1 + n), n * 1.5 if n % 3 else None)
        for n in range(count)
    ]


def _openpyxl(name: str) -> Callable[[Callable[[Any, Any], object]], None]:
    def register(change: Callable[[Any, Any], object]) -> None:
        def make(path: Path) -> None:
            book = openpyxl.Workbook()
            sheet = book.active
            sheet.title = "Orders"
            sheet.append(HEADERS)
            for row in rows():
                sheet.append(row)
            change(book, sheet)
            book.save(path)

        MAKERS[f"openpyxl-{name}.xlsx"] = make

    return register


def _xlsxwriter(name: str, **options: Any) -> Callable[[Callable[[Any, Any], object]], None]:
    def register(change: Callable[[Any, Any], object]) -> None:
        def make(path: Path) -> None:
            book = xlsxwriter.Workbook(str(path), options)
            sheet = book.add_worksheet("Orders")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, HEADERS)
            for number, row in enumerate(rows(), 1):
                sheet.write_row(number, 0, row[:3])
                sheet.write_datetime(number, 3, row[3], day)
                sheet.write(number, 4, row[4])
            change(book, sheet)
            book.close()

        MAKERS[f"xlsxwriter-{name}"] = make

    return register


@_openpyxl("plain")
def _plain(_book: Any, _sheet: Any) -> None:
    pass


@_openpyxl("formulas")
def _formulas(book: Any, sheet: Any) -> None:
    sheet["F1"] = "Twice"
    for number in range(2, 11):
        sheet[f"F{number}"] = f"=E{number}*2"
    book.create_sheet("Sum")["A1"] = "=SUM(Orders!E2:E10)"


@_openpyxl("styled")
def _styled(_book: Any, sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFDDDDDD")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = "A1:E10"
    sheet.column_dimensions["A"].width = 30
    sheet.row_dimensions[3].height = 40
    sheet.column_dimensions.group("F", "XFD", hidden=True)


@_openpyxl("chart-and-picture")
def _chart(_book: Any, sheet: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=1, max_row=10), titles_from_data=True)
    sheet.add_chart(chart, "G2")


@_openpyxl("comments")
def _comments(_book: Any, sheet: Any) -> None:
    sheet["A2"].comment = Comment("check this", "reviewer")
    sheet["B2"].hyperlink = "https://example.org/"


@_openpyxl("rules")
def _rules(_book: Any, sheet: Any) -> None:
    rule = ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="FF0000")
    sheet.conditional_formatting.add("E2:E10", rule)
    validation = DataValidation(type="list", formula1='"Kenya,Brazil"')
    sheet.add_data_validation(validation)
    validation.add("C2:C10")


@_openpyxl("protected")
def _protected(book: Any, sheet: Any) -> None:
    sheet.protection.set_password("secret")
    sheet.protection.enable()
    book.security.lockStructure = True


@_openpyxl("merged")
def _merged(_book: Any, sheet: Any) -> None:
    sheet.merge_cells("A12:E13")
    sheet["A12"] = "A remark over many cells"


@_openpyxl("names-and-printing")
def _names(book: Any, sheet: Any) -> None:
    book.defined_names["amounts"] = DefinedName("amounts", attr_text="Orders!$E$2:$E$10")
    sheet.print_title_rows, sheet.print_area = "1:1", "A1:E10"
    sheet.oddHeader.left.text = "Page &P"


@_openpyxl("table")
def _table(_book: Any, sheet: Any) -> None:
    sheet.add_table(Table(displayName="Transactions", ref="A1:E10"))


@_openpyxl("many-sheets")
def _sheets(book: Any, _sheet: Any) -> None:
    for number in range(12):
        book.create_sheet(f"More {number}").append([number])
    book["More 3"].sheet_state = "veryHidden"


@_openpyxl("from-1904")
def _from_1904(book: Any, _sheet: Any) -> None:
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904


@_openpyxl("starts-lower")
def _lower(_book: Any, sheet: Any) -> None:
    sheet.insert_rows(1, 4)
    sheet.insert_cols(1, 2)


@_xlsxwriter("plain.xlsx")
def _x_plain(_book: Any, _sheet: Any) -> None:
    pass


@_xlsxwriter("constant-memory.xlsx", constant_memory=True)
def _x_constant(_book: Any, _sheet: Any) -> None:
    pass


@_xlsxwriter("table.xlsx")
def _x_table(_book: Any, sheet: Any) -> None:
    sheet.add_table(0, 0, 9, 4, {"columns": [{"header": header} for header in HEADERS], "name": "Orders1"})


@_xlsxwriter("table-totals.xlsx")
def _x_totals(_book: Any, sheet: Any) -> None:
    columns: list[dict[str, Any]] = [{"header": header} for header in HEADERS]
    columns[4]["total_function"] = "sum"
    sheet.add_table(0, 0, 10, 4, {"columns": columns, "total_row": True})


@_xlsxwriter("sparklines.xlsx")
def _x_sparklines(_book: Any, sheet: Any) -> None:
    sheet.add_sparkline("F2", {"range": "Orders!E2:E10"})
    sheet.conditional_format("E2:E10", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("E2:E10", {"type": "icon_set", "icon_style": "3_traffic_lights"})


@_xlsxwriter("objects.xlsx")
def _x_objects(book: Any, sheet: Any) -> None:
    sheet.insert_image("G1", "picture.png", {"image_data": io.BytesIO(PICTURE)})
    sheet.insert_textbox("G5", "a box")
    sheet.insert_button("G9", {"caption": "press"})
    sheet.write_comment("A2", "a note")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Orders!$E$2:$E$10"})
    sheet.insert_chart("J2", chart)


@_xlsxwriter("chart-sheet.xlsx")
def _x_chart_sheet(book: Any, _sheet: Any) -> None:
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "=Orders!$E$2:$E$10"})
    book.add_chartsheet("Chart").set_chart(chart)


@_xlsxwriter("arrays.xlsx")
def _x_arrays(_book: Any, sheet: Any) -> None:
    sheet.write_dynamic_array_formula("F2:F4", "=SORT(E2:E4)", None, 1)
    sheet.write_array_formula("G2:G4", "{=E2:E4*2}", None, 2)


@_xlsxwriter("rich.xlsx")
def _x_rich(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True})
    sheet.write_rich_string("F2", "some ", bold, "bold", " text")
    sheet.write_url("F3", "https://example.org/", string="link")
    sheet.write_boolean("F4", True)
    sheet.write_formula("F5", "=1/0", None, "#DIV/0!")


@_xlsxwriter("outline.xlsx")
def _x_outline(_book: Any, sheet: Any) -> None:
    sheet.set_column("B:D", 12, None, {"level": 1, "collapsed": True, "hidden": True})
    for number in range(2, 6):
        sheet.set_row(number, 18, None, {"level": 2, "hidden": number == 3})
    sheet.autofilter(0, 0, 9, 4)
    sheet.filter_column("C", "x == Kenya")


@_xlsxwriter("protected.xlsx")
def _x_protected(book: Any, sheet: Any) -> None:
    sheet.protect("secret", {"sort": True})
    sheet.unprotect_range("A2:C5")
    book.set_properties({"title": "Orders"})
    book.set_custom_property("Checked", True)


@_xlsxwriter("background.xlsx")
def _x_background(_book: Any, sheet: Any) -> None:
    sheet.set_background(io.BytesIO(PICTURE))
    sheet.set_header("&C&[Page]")
    sheet.embed_image("H2", "picture.png", {"image_data": io.BytesIO(PICTURE)})


def _pandas(name: str, engine: Any, **options: Any) -> None:
    def make(path: Path) -> None:
        frame = pd.DataFrame(rows(), columns=list(HEADERS))
        frame.to_excel(path, engine=engine, **options)

    MAKERS[name] = make


_pandas("pandas-openpyxl.xlsx", "openpyxl", index=False)
_pandas("pandas-xlsxwriter.xlsx", "xlsxwriter", index=False)
_pandas("pandas-with-index.xlsx", "openpyxl", freeze_panes=(1, 1))
_pandas("pandas-lower.xlsx", "xlsxwriter", index=False, startrow=3, startcol=2)
