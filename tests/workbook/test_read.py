"""Reading transactions: values as they stand, with the place of each."""

# dates in cells have no zone

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table

from hrdd_workbook import CellError, NoCachedValue, read_transactions
from hrdd_workbook.errors import NotAWorkbook, NoTransactions, WorkbookError

HEADERS = ("Transaction ID", "Product", "End user", "Destination country", "Date", "Amount")
KEYS = ["transaction_id", "product", "end_user", "destination_country", "as_of_date", "amount"]
Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Save rows below our headers, after a change to the sheet."""

    def saved(rows: list[tuple[Any, ...]], change: Any = None, headers: tuple[Any, ...] = HEADERS) -> Path:
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = "Orders"
        sheet.append(headers)
        for row in rows:
            sheet.append(row)
        if change:
            change(book, sheet)
        path = tmp_path / "orders.xlsx"
        book.save(path)
        return path

    return saved


def row(name: str = "T1", **cells: Any) -> tuple[Any, ...]:
    """One transaction."""
    values = {"id": name, "product": "camera", "user": "Orion", "country": "Kenya", "date": None, "amount": 1} | cells
    return tuple(values.values())


def test_values_come_as_they_stand(save: Save) -> None:
    """Codes keep their zeros, "NA" and "n/a" stay texts, dates are dates, blanks are None."""
    day = dt.datetime(2024, 2, 29, 10, 30)
    read = read_transactions(
        save([row("00123", user="n/a", country="NA", date=day, amount=0.1), row("T2", product=None, amount=True)])
    )
    assert list(read.frame.columns) == [
        "transaction_id",
        "as_of_date",
        "amount",
        "product",
        "end_user",
        "destination_country",
    ]
    assert {str(dtype) for dtype in read.frame.dtypes} == {"object"}
    first, second = read.frame[KEYS].to_numpy().tolist()
    assert first == ["00123", "camera", "n/a", "NA", day, 0.1]
    assert second[1] is None
    assert second[5] is True


def test_every_cell_knows_its_place(save: Save) -> None:
    """Sheet, column letter and row, also below blank rows; a sheet name with blanks is quoted."""
    path = save([row("A"), (), (None,) * 6, row("B")])
    read = read_transactions(path)
    assert (read.sheet, read.header_row, read.first_row, read.row_numbers.tolist()) == ("Orders", 1, 2, [2, 5])
    assert read.where(1, "end_user") == "Orders!C5"
    book = openpyxl.load_workbook(path)
    book["Orders"].title = "Our 'own' orders"
    book.save(path)
    assert read_transactions(path).where(0, "product") == "'Our ''own'' orders'!B2"


def test_the_header_is_found_by_its_words(save: Save) -> None:
    """Below titles, on any sheet, in any spelling; what was read under another name is said."""

    def change(book: Any, sheet: Any) -> None:
        sheet.insert_rows(1, 7)
        sheet["A1"] = "Orders of the third quarter"
        cover = book.create_sheet("Cover", 0)
        cover["A1"], cover["B1"], cover["C1"] = "Prepared", "by", "finance"

    headers = ("Order no", "Item", "Customer", "Ship to country", "Date", "Amount")
    read = read_transactions(save([row()], change, headers))
    assert (read.sheet, read.header_row) == ("Orders", 8)
    assert {"transaction_id", "end_user"} & set(read.columns)
    assert any('was read as "' in note for note in read.notes)


def test_a_header_merged_over_two_rows(save: Save) -> None:
    """Its lower row is the header: what is merged down into it counts there."""

    def change(_book: Any, sheet: Any) -> None:
        sheet.insert_rows(1)
        for column in "ABCD":
            sheet[f"{column}1"] = sheet[f"{column}2"].value
            sheet[f"{column}2"] = None
            sheet.merge_cells(f"{column}1:{column}2")
        sheet["E1"] = "Money and time"
        sheet.merge_cells("E1:F1")

    read = read_transactions(save([row()], change))
    assert read.header_row == 2
    assert set(read.columns) == set(KEYS)
    assert read.frame["amount"].tolist() == [1]


def test_the_table_of_that_name_is_taken(save: Save) -> None:
    """Even where another sheet reads more like transactions; its totals row is none of them."""

    def change(book: Any, sheet: Any) -> None:
        other = book.create_sheet("Data")
        for values in (
            ("Product", "End user", "Destination country"),
            ("laptop", "Orion", "Norway"),
            ("Total", None, None),
        ):
            other.append(values)
        other.add_table(Table(displayName="Transactions", ref="A1:C3", totalsRowCount=1))
        other["A5"], other["B5"] = "pasted", "below"

    read = read_transactions(save([row()], change))
    assert (read.sheet, read.table) == ("Data", "Transactions")
    assert read.frame["product"].tolist() == ["laptop"]
    assert any("Not read: 1 row below the table Transactions;" in note for note in read.notes)
    assert read_transactions(read.path, sheet="orders").frame["product"].tolist() == ["camera"]


def test_error_cells_and_formulas_without_results_are_unknown_and_said(
    build: Callable[[str], Path], tmp_path: Path
) -> None:
    """They are values of their own, in place, and never blanks."""
    path = tmp_path / "errors.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, HEADERS)
    for number in range(1, 4):
        sheet.write_row(number, 0, row(f"T{number}"))
    sheet.write_formula("C3", "=NA()", None, "#N/A")
    sheet.write_formula("D4", '="Ken"&"ya"', None, "Kenya")
    sheet.write_formula("F4", "=1+1", None, "")
    book.close()
    read = read_transactions(path)
    assert read.frame["end_user"].tolist() == ["Orion", CellError("#N/A"), "Orion"]
    assert str(read.frame["end_user"][1]) == "#N/A"
    assert read.frame["destination_country"][2] == "Kenya"
    assert any("such as #N/A stands there: 1 cell." in note for note in read.notes)


def test_a_formula_that_was_never_computed(save: Save) -> None:
    """As openpyxl writes them: unknown, and the note says what to do."""
    read = read_transactions(save([row("T1", amount="=1+1"), row("T2", user='="Ori"&"on"')]))
    assert read.frame["amount"][0] == NoCachedValue()
    assert read.frame["end_user"][1] == NoCachedValue()
    assert any("stored result: 2 formulas;" in note for note in read.notes)


def test_hidden_rows_and_columns_are_read_and_mentioned(save: Save) -> None:
    """A filter must not hide a transaction from the scorer."""

    def change(_book: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    read = read_transactions(save([row("T1"), row("T2")], change))
    assert len(read.frame) == 2
    assert "Hidden rows (1) were read like all others." in read.notes
    assert "Hidden columns were read like all others." in read.notes


def test_dates_of_either_system(save: Save) -> None:
    """A workbook that counts from 1904 gives the same days."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def change(book: Any, _sheet: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    for how in (None, change):
        read = read_transactions(save([row(date=dt.date(2024, 2, 29))], how))
        assert read.frame["as_of_date"].tolist() == [dt.date(2024, 2, 29)]


def test_a_very_long_text(save: Save) -> None:
    """Comes whole."""
    text = "long " * 6000
    assert read_transactions(save([row(user=text)])).frame["end_user"].tolist() == [text]


def test_result_columns_that_are_there_are_told(save: Save) -> None:
    """By key and column number; they are no inputs."""
    read = read_transactions(save([(*row(), "HIGH")], headers=(*HEADERS, "HRDD rating")))
    assert read.owned == {"rating": 7}
    assert "rating" not in read.frame.columns


def test_a_column_that_is_missing_is_said(save: Save) -> None:
    """A required column that the file does not have is unknown for every row."""
    read = read_transactions(save([row()], headers=("Remark", *HEADERS[1:])))
    assert any('no column "Transaction ID"' in note for note in read.notes)


def test_a_table_without_rows(save: Save) -> None:
    """Is a workbook of no transactions, and no error."""
    read = read_transactions(save([]))
    assert (len(read.frame), read.first_row) == (0, 2)


@pytest.mark.parametrize(
    ("sheet", "said"),
    [(None, "no row among the first 50 of any sheet"), ("Nowhere", "has no sheet Nowhere; it has Orders")],
)
def test_no_transactions(save: Save, sheet: str | None, said: str) -> None:
    """One sentence says what was looked for and where."""
    path = save([("a", "b", "c")], headers=("Name", "Street", "Town"))
    with pytest.raises(NoTransactions, match=said):
        read_transactions(path, sheet=sheet)


@pytest.mark.parametrize(
    "name",
    ["strict.xlsx", "prefixed.xlsx", "rows-without-r.xlsx", "cells-without-r.xlsx", "wrong-dimension.xlsx", "no-styles.xlsx",
     "byte-order-mark.xlsx", "single-quotes.xlsx", "macros.xlsm", "template.xltx", "macro-template.xltm", "stored.xlsx",
     "streamed.xlsx", "windows-lines.xlsx", "table.xlsx", "comment-among-rows.xlsx"],
)  # fmt: skip
def test_unusual_workbooks_are_read_alike(build: Callable[[str], Path], name: str) -> None:
    """The same six transactions, whatever the spelling."""
    read = read_transactions(build(name))
    assert read.frame["product"].tolist() == ["Face recognition"] * 6
    assert read.frame["end_user"].tolist() == ["Ministry of Interior"] * 6
    assert read.row_numbers.tolist() == list(range(2, 8))


def test_errors_in_rows_without_numbers_are_placed(build: Callable[[str], Path], xml: Any, tmp_path: Path) -> None:
    """Cells are counted where they do not say where they stand."""
    rows = xml.ROWS.replace('<c r="B4" t="s"><v>4</v></c>', '<c t="e"><v>#REF!</v></c>')
    for number in range(1, 8):
        rows = (
            rows.replace(f'<row r="{number}">', "<row>").replace(f' r="A{number}"', "").replace(f' r="C{number}"', "")
        )
    path = xml.book(xml.sheet_xml(rows.replace(' r="B', ' y="'))).write(tmp_path / "counted.xlsx")
    assert read_transactions(path).frame["end_user"].tolist()[2] == CellError("#REF!")


def test_other_formats(save: Save, office: Callable[..., list[Path]]) -> None:
    """As LibreOffice writes them; only .xlsx can be written to."""
    source = save([row("T1", amount=2.5), row("T2")])
    for suffix in ("ods", "xls", "xlsx"):
        read = read_transactions(office(suffix, source)[0])
        assert read.frame["amount"].tolist() == [2.5, 1]
        assert read.writable == (suffix == "xlsx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_files(tmp_path: Path, delimiter: str, encoding: str) -> None:
    """Any usual delimiter and encoding, quoted line breaks, a title above; values are text, but for plain numbers."""
    path = tmp_path / "orders.csv"
    lines = [delimiter.join(HEADERS), delimiter.join(["007", "camera", '"Zoë\nLtd"', "NA", "", "1.50"]), ""]
    path.write_bytes("\n".join(["Orders", "", *lines]).encode(encoding))
    read = read_transactions(path)
    assert read.frame[KEYS].to_numpy().tolist() == [["007", "camera", "Zoë\nLtd", "NA", None, 1.5]]
    assert (read.sheet, read.where(0, "amount"), read.writable) == ("orders", "orders!F4", False)


def test_a_text_file_of_nothing(tmp_path: Path) -> None:
    """Is told like a workbook without transactions."""
    path = tmp_path / "notes.txt"
    path.write_text("just a remark\n")
    with pytest.raises(NoTransactions, match="no line among the first 50"):
        read_transactions(path)


def test_a_missing_file(tmp_path: Path) -> None:
    """One sentence."""
    with pytest.raises(NotAWorkbook, match="There is no file"):
        read_transactions(tmp_path / "none.xlsx")


_CELLS = (
    st.none()
    | st.booleans()
    | st.floats(-1e300, 1e300)
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=30,
    )
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=12))
def test_any_mix_of_cells_is_read_as_it_was_written(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Types and values are kept in every column, row by row; blank rows are skipped."""
    path = tmp_path / "mix.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Mix")
    sheet.write_row(0, 0, ["Product", "End user", "Destination country"])
    for number, cells in enumerate(rows, 1):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()
    read = read_transactions(path)
    wanted = [cells for cells in rows if any(value is not None for value in cells)]
    said = read.frame[["product", "end_user", "destination_country"]].to_numpy().tolist()
    assert len(said) == len(wanted)
    for got, meant in zip(said, wanted, strict=True):
        assert [type(value) is bool for value in got] == [type(value) is bool for value in meant]
        assert all(_alike(a, b) for a, b in zip(got, meant, strict=True)), (got, meant)


def _alike(got: Any, meant: Any) -> bool:
    if isinstance(meant, float):
        return math.isclose(got, meant, rel_tol=1e-14)
    return bool(got == meant)


def test_the_package_costs_nothing_to_import() -> None:
    """Neither pandas nor a workbook library is loaded before a name is used."""
    heavy = ("pandas", "openpyxl", "lxml", "python_calamine")
    code = f"import sys, hrdd_workbook; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_errors_are_one_family() -> None:
    """A door may catch them all."""
    from hrdd.errors import HrddError

    assert issubclass(WorkbookError, HrddError)
