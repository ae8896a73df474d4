"""Forty workbooks that a door has to get right: what analysts do to a list of transactions, one thing each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from hrdd import Scores, score
from hrdd_workbook import read_transactions, write_columns
from hrdd_workbook.outputs import result_columns
from hrdd_workbook.template import new_template

HEADERS = (
    "Transaction ID",
    "Date",
    "Product",
    "Product category",
    "End user",
    "Destination country",
    "End use",
    "Amount",
)
ROWS = (
    ("T1", datetime(2024, 3, 1), "Face recognition server", "Facial recognition", "Ministry of Interior", "Kenya",
     "public safety", 120000),
    ("T2", datetime(2024, 3, 2), "Office laptop", None, "St Mary Hospital", "Norway", "billing", 900.5),
    ("T3", None, "Phone extraction kit", None, "City Police", "Myanmar", None, None),
    ("T4", datetime(2025, 10, 1), "Deep packet inspection", None, "Telecom Egypt", "Egypt", "traffic planning", 55000),
    ("T5", datetime(2021, 1, 1), "Body camera", "Body-worn cameras", "Orion", "Atlantis", "n/a", 1),
)  # fmt: skip
Change = Callable[[Any, Any], object]
MAKERS: dict[str, Callable[[Path], object]] = {}
_JUDGED: dict[str, Scores] = {}


@cache
def built(name: str) -> bytes:
    """One of the workbooks, made once a run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.xlsx"
        MAKERS[name](path)
        return path.read_bytes()


def scores(frame: pd.DataFrame, today: date) -> Scores:
    """What `hrdd.score` says of rows, asked once a run for the same rows: here it matters where results go."""
    said = [[(type(value), value) for value in frame[key].tolist()] for key in frame.columns]
    told = repr((today, [*frame.columns], [*frame.dtypes], said))
    if told not in _JUDGED:
        _JUDGED[told] = score(frame, today=today)
    return _JUDGED[told]


def plain(top: int = 1, left: int = 1, rows: Any = ROWS) -> tuple[Any, Any]:
    """A list of transactions with its header at a place."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Orders"
    for offset, row in enumerate((HEADERS, *rows)):
        for at, value in enumerate(row):
            if value is not None:
                sheet.cell(top + offset, left + at, value)
    return book, sheet


def _list(**place: Any) -> Callable[[Change], Change]:
    """Register a workbook that is a plain list with one change."""

    def register(change: Change) -> Change:
        def make(path: Path) -> None:
            book, sheet = plain(**place)
            change(book, sheet)
            book.save(path)

        MAKERS[change.__name__.strip("_")] = make
        return change

    return register


def _template(change: Change) -> Change:
    """Register a workbook that began as our template."""

    def make(path: Path) -> None:
        keys = dict.fromkeys(key for record in RECORDS for key in record)
        new_template(path, rows=20, columns={key: [record.get(key) for record in RECORDS] for key in keys})
        if change.__name__ != "_the_template":
            book = openpyxl.load_workbook(path)
            change(book, book["Transactions"])
            book.save(path)

    MAKERS[change.__name__.strip("_")] = make
    return change


RECORDS: list[dict[str, object]] = [
    {"transaction_id": "T1", "as_of_date": date(2024, 3, 1), "product": "Face recognition server",
     "end_user": "Ministry of Interior", "destination_country": "Kenya", "amount": 120000},
    {"transaction_id": "T2", "product": "Office laptop", "end_user": "St Mary Hospital",
     "destination_country": "Norway"},
    {"transaction_id": "T3", "product": "Phone extraction kit", "end_user": "City Police",
     "destination_country": "Myanmar", "q_repressive_use": "Yes", "owner_share": 49.9},
]  # fmt: skip


def table(sheet: Any, ref: str = "A1:H6", name: str = "Transactions", totals: int | None = None) -> None:
    """Make an area a table."""
    made = Table(displayName=name, ref=ref)
    made._initialise_columns()
    for column, cell in zip(made.tableColumns, sheet[ref][0], strict=True):
        column.name = str(cell.value)
    if totals:
        made.totalsRowCount = totals
    sheet.add_table(made)


@_list()
def _plain(_book: Any, _sheet: Any) -> None: ...


@_list(top=7, left=3)
def _away_from_the_corner(_book: Any, _sheet: Any) -> None: ...


@_list(rows=ROWS[:1])
def _one_row(_book: Any, _sheet: Any) -> None: ...


@_list(rows=ROWS * 12)
def _sixty_rows(_book: Any, _sheet: Any) -> None: ...


@_list(top=3)
def _a_merged_title(_book: Any, sheet: Any) -> None:
    sheet["A1"] = "Orders of the quarter"
    sheet.merge_cells("A1:H1")


@_list(top=2)
def _headers_merged_over_two_rows(_book: Any, sheet: Any) -> None:
    for column in "AB":
        sheet[f"{column}1"], sheet[f"{column}2"] = sheet[f"{column}2"].value, None
        sheet.merge_cells(f"{column}1:{column}2")
    sheet["C1"] = "What and to whom"


@_list(top=2)
def _headers_merged_beside_a_group(_book: Any, sheet: Any) -> None:
    for column in "ABEFGH":
        sheet[f"{column}1"], sheet[f"{column}2"] = sheet[f"{column}2"].value, None
        sheet.merge_cells(f"{column}1:{column}2")
    sheet["C1"] = "What"
    sheet.merge_cells("C1:D1")


@_list()
def _orders_of_two_merged_rows(_book: Any, sheet: Any) -> None:
    for row in (3, 5):
        sheet[f"A{row}"] = None
        sheet.merge_cells(f"A{row - 1}:A{row}")


@_list(top=3)
def _merged_blanks_right_of_the_list(_book: Any, sheet: Any) -> None:
    sheet["A1"] = "Orders"
    sheet.merge_cells("A1:M1")
    sheet.merge_cells("K5:L6")


@_list()
def _a_table_beside_merged_cells(_book: Any, sheet: Any) -> None:
    table(sheet)
    sheet.merge_cells("K3:L3")


@_list()
def _renamed_headers(_book: Any, sheet: Any) -> None:
    sheet["C1"], sheet["E1"], sheet["F1"] = "Item", "Customer", "Ship to country"


@_list()
def _misspelt_headers(_book: Any, sheet: Any) -> None:
    sheet["E1"], sheet["F1"] = "End uzer", "Destination  countrry "


@_list()
def _columns_of_the_users_own(_book: Any, sheet: Any) -> None:
    for row in range(1, 7):
        sheet.cell(row, 9, "Notes" if row == 1 else f"=LEN(C{row})")
        sheet.cell(row, 12, "Far right" if row == 1 else row)


@_list()
def _blank_rows_between(_book: Any, sheet: Any) -> None:
    sheet.insert_rows(3)
    sheet.insert_rows(5, 2)


@_list()
def _a_row_that_adds_up(_book: Any, sheet: Any) -> None:
    sheet["A7"], sheet["H7"] = "Total", "=SUM(H2:H6)"


@_list()
def _ids_that_look_like_numbers(_book: Any, sheet: Any) -> None:
    for row, name in enumerate(("00123", "1E5", "0102", "12/3", "TRUE"), start=2):
        sheet.cell(row, 1, name)


@_list()
def _texts_that_look_like_formulas(_book: Any, sheet: Any) -> None:
    for row, text in enumerate(("=cmd|' /C calc'!A0", "+49 30 1234", "-x", "@SUM(A1)", "'quoted"), start=2):
        for column in (3, 5):
            cell = sheet.cell(row, column, text)
            cell.data_type = "s"


@_list()
def _numeric_ids(_book: Any, sheet: Any) -> None:
    for row in range(2, 7):
        sheet.cell(row, 1, 4500000 + row)


@_list()
def _dates_as_text(_book: Any, sheet: Any) -> None:
    for row, text in enumerate(("2024-03-01", "1.3.2024", "03/01/2024", "soon", "31 Dec 2023"), start=2):
        sheet.cell(row, 2, text)


@_list()
def _numbers_as_text(_book: Any, sheet: Any) -> None:
    for row, text in enumerate(("1,200.50", "1.200,50", "1 200", "EUR 5", "many"), start=2):
        sheet.cell(row, 8, text)


@_list()
def _error_cells(_book: Any, sheet: Any) -> None:
    for place, error in (("C3", "#N/A"), ("F4", "#REF!"), ("B5", "#VALUE!")):
        sheet[place] = error


@_list()
def _truths_and_times(_book: Any, sheet: Any) -> None:
    sheet["G2"], sheet["G3"], sheet["I1"], sheet["I2"] = True, False, "Called at", time(13, 30)


@_list()
def _words_of_many_scripts(_book: Any, sheet: Any) -> None:
    for row, text in enumerate(
        ("内政部", "وزارة الداخلية", "Министерство", "Ministère de l’Intérieur", "\U0001f4f7 GmbH"), 2
    ):
        sheet.cell(row, 5, text)


@_list()
def _rich_text(_book: Any, sheet: Any) -> None:
    sheet["C2"] = CellRichText("Face ", TextBlock(InlineFont(b=True), "recognition"), " server")


@_list()
def _long_texts(_book: Any, sheet: Any) -> None:
    sheet["G2"] = "surveillance " * 2000


@_list()
def _line_breaks_and_spaces(_book: Any, sheet: Any) -> None:
    sheet["C2"], sheet["E2"], sheet["F2"] = "Face\nrecognition", "  Ministry of Interior  ", "\tKenya"


@_list()
def _hidden_rows_and_columns(_book: Any, sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["G"].hidden = True


@_list()
def _a_filter(_book: Any, sheet: Any) -> None:
    sheet.auto_filter.ref = "A1:H6"
    sheet.auto_filter.add_filter_column(5, ["Kenya"])
    for row in range(3, 7):
        sheet.row_dimensions[row].hidden = True


@_list()
def _notes_and_links(_book: Any, sheet: Any) -> None:
    sheet["C2"].comment = Comment("Ask the desk", "Ann")
    sheet["E2"].hyperlink = "#Orders!A1"


@_list()
def _formats_below_the_data(_book: Any, sheet: Any) -> None:
    for row in range(7, 40):
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor="EEEEEE")


@_list()
def _our_header_over_the_users_content(_book: Any, sheet: Any) -> None:
    for row, value in enumerate(("HRDD rating", "mine", "mine too"), start=1):
        sheet.cell(row, 9, value)


@_list()
def _our_headers_over_empty_columns(_book: Any, sheet: Any) -> None:
    for column, header in enumerate(("HRDD rating", "Why this rating", "Scored on"), start=9):
        sheet.cell(1, column, header)


@_list()
def _our_headers_among_the_users_columns(_book: Any, sheet: Any) -> None:
    for column, header in enumerate(("HRDD rating", "Why this rating", "Scored on", "Ask first", "Severity (0-4)")):
        sheet.cell(1, 9 + 2 * column, header)
        _notes(sheet, 10 + 2 * column)


def _notes(sheet: Any, column: int) -> None:
    """A column of the user's own: text, numbers as text, formulas."""
    for row, value in enumerate((f"Note {column}", "call", "=LEN(C3)", "00123", None, "=A6"), start=1):
        sheet.cell(row, column, value)


@_list()
def _a_second_sheet(book: Any, _sheet: Any) -> None:
    other = book.create_sheet("Prices")
    for row in range(1, 20):
        other.append([f"P{row}", row * 1.5, f"=B{row}*2"])


@_list()
def _a_table(_book: Any, sheet: Any) -> None:
    table(sheet)


@_list()
def _a_table_of_another_name(_book: Any, sheet: Any) -> None:
    table(sheet, name="Quarter3")


@_list()
def _a_table_with_totals(_book: Any, sheet: Any) -> None:
    sheet["A7"], sheet["H7"] = "Total", "=SUBTOTAL(109,H2:H6)"
    table(sheet, "A1:H7", totals=1)


@_list()
def _a_table_with_notes_on_its_right(_book: Any, sheet: Any) -> None:
    table(sheet)
    sheet["J4"] = "call them"


@_list()
def _rows_below_the_table(_book: Any, sheet: Any) -> None:
    table(sheet, "A1:H5")


@_list()
def _two_tables(_book: Any, sheet: Any) -> None:
    table(sheet)
    for row in range(1, 4):
        for column in (11, 12):
            sheet.cell(row, column, f"{'Rate' if row == 1 else row}{column}")
    table(sheet, "K1:L3", "Rates")


@_list()
def _an_array_formula_elsewhere(_book: Any, sheet: Any) -> None:
    sheet["J2"] = ArrayFormula("J2:J4", "=TRANSPOSE(A1:C1)")


@_template
def _the_template(_book: Any, _sheet: Any) -> None: ...


@_template
def _the_template_with_columns_moved(_book: Any, sheet: Any) -> None:
    header = {cell.value: cell.column for cell in sheet[2]}
    one, other = header["Product"], header["End user"]
    for row in range(2, 6):
        first, second = sheet.cell(row, one), sheet.cell(row, other)
        first.value, second.value = second.value, first.value
    names = {column.name: column for column in sheet.tables["Transactions"].tableColumns}
    names["Product"].name, names["End user"].name = "End user", "Product"


def _scored(change: Change) -> Change:
    """Register a workbook that was scored before, and changed since."""

    def make(path: Path) -> None:
        path.write_bytes(built("the_template" if "template" in change.__name__ else "plain"))
        read = read_transactions(path)
        columns = result_columns(scores(read.frame, today=date(2026, 11, 1)), read.previous)
        write_columns(path, read.sheet, read.header_row, columns, read.row_numbers.tolist(), table=read.table)
        book = openpyxl.load_workbook(path)
        change(book, book[read.sheet])
        book.save(path)

    MAKERS[change.__name__.strip("_")] = make
    return change


@_scored
def _scored_before(_book: Any, sheet: Any) -> None:
    sheet["F2"] = "Norway"


@_scored
def _scored_before_and_rows_gone(_book: Any, sheet: Any) -> None:
    for column in range(1, 9):
        sheet.cell(6, column).value = None


@_scored
def _the_template_scored_before(_book: Any, sheet: Any) -> None:
    header = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(3, header["Destination country"], "Norway")


@_scored
def _results_among_the_users_columns(_book: Any, sheet: Any) -> None:
    for column in (12, 15, 18, 21, 24):
        sheet.insert_cols(column)
        _notes(sheet, column)
