"""The example workbooks: as built, as documented, and as messy as promised."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from hrdd.columns import CATEGORY_BY_ID, INPUTS, match_headers
from hrdd_workbook import layout

FOLDER = Path(__file__).parents[2] / "examples"
CASES, ORDERS = FOLDER / "documented-cases.xlsx", FOLDER / "orders-2026q3.xlsx"
ORDERS_SHEET, ORDERS_HEADER = "Orders 2026-Q3", 5
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both workbooks, built anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        builder: Any = import_module("build_examples")
        return {path.name: path for path in builder.build(tmp_path_factory.mktemp("built"))}


@pytest.fixture(scope="module")
def cases() -> list[dict[str, str]]:
    """The documented cases as they ship."""
    text = (files("hrdd") / "data" / "reference" / "cases.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def cases_book() -> Iterator[Workbook]:
    """The workbook of documented cases, opened."""
    book = load_workbook(CASES)
    yield book
    book.close()


@pytest.fixture(scope="module")
def orders() -> Iterator[Workbook]:
    """The quarter, opened with its formulas."""
    book = load_workbook(ORDERS)
    yield book
    book.close()


@pytest.fixture
def sheet(orders: Workbook) -> Worksheet:
    """The sheet of orders."""
    return orders[ORDERS_SHEET]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """The orders as a reader of values gets them: header -> value."""
    lines = CalamineWorkbook.from_path(str(ORDERS)).get_sheet_by_name(ORDERS_SHEET).to_python(skip_empty_area=False)
    headers = [str(header) for header in lines[ORDERS_HEADER - 1]]
    return [dict(zip(headers, line, strict=True)) for line in lines[ORDERS_HEADER:]]


def parts(path: Path) -> dict[str, bytes]:
    """The members of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("path", [CASES, ORDERS], ids=lambda path: path.name)
def test_committed_file_is_what_the_builder_builds(path: Path, built: dict[str, Path]) -> None:
    """Part by part, in order: run `python examples/build_examples.py` when this fails."""
    ours, fresh = parts(path), parts(built[path.name])
    assert list(ours) == list(fresh)
    assert [name for name in ours if ours[name] != fresh[name]] == []


@pytest.mark.parametrize("path", [CASES, ORDERS], ids=lambda path: path.name)
def test_examples_are_small(path: Path) -> None:
    """They travel with the source, so they stay under 300 KB."""
    assert path.stat().st_size < 300_000


def test_every_case_stands_in_the_template(cases: list[dict[str, str]], cases_book: Workbook) -> None:
    """Each cell is the cell of the shipped cases: dates as dates, numbers as numbers, categories by label."""
    sheet = cases_book[layout.TRANSACTIONS_SHEET]
    headers = [cell.value for cell in sheet[layout.HEADER_ROW]]
    assert sheet.max_row == layout.HEADER_ROW + len(cases)
    for number, case in enumerate(cases, start=layout.FIRST_ROW):
        cells = dict(zip(headers, (cell.value for cell in sheet[number]), strict=True))
        for column in INPUTS:
            assert cells[column.header] == expected(column.key, column.kind, case[column.key]), column.key


def expected(key: str, kind: str, text: str) -> object:
    """What a text of the cases is in a typed cell."""
    if not text:
        return None
    if kind == "date":
        return dt.datetime.fromisoformat(text)
    if kind == "number":
        return float(text)
    return CATEGORY_BY_ID[text].label if key == "product_category" else text


def test_the_sheet_of_cases_gives_no_answers_away(cases_book: Workbook) -> None:
    """Only template columns stand beside the facts: nothing of what is expected or came out later."""
    headers = [cell.value for cell in cases_book[layout.TRANSACTIONS_SHEET][layout.HEADER_ROW]]
    assert headers == [field.header for field in layout.FIELDS]


def test_sources_are_named_in_plain_words(cases: list[dict[str, str]], cases_book: Workbook) -> None:
    """Each case has its status word and where it was read, and no word that judges."""
    sheet = cases_book["Sources"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [line[0] for line in lines] == [case["transaction_id"] for case in cases]
    assert [line[4] or "" for line in lines] == [case["source_url"] for case in cases]
    words = {str(line[i]) for line in lines for i in (3, 5)}
    assert not [word for word in words if "_" in word or word.isupper() or word == "None"]
    assert not [word for word in words if re.search(r"violat|guilt|approved|cleared", word)]
    invented = {line[0] for line in lines if line[3] == "invented"}
    assert invented == {case["transaction_id"] for case in cases if "SYNTHETIC" in case["kind"]}


def test_the_quarter_is_recognised_under_its_own_headers(sheet: Worksheet) -> None:
    """The words of a finance system lead to the columns of the contract, one of them through a typing error."""
    match = match_headers([cell.value for cell in sheet[ORDERS_HEADER]])
    assert {
        *("transaction_id", "as_of_date", "product", "amount", "currency", "exporter", "end_user", "end_use"),
        *("destination_country", "intermediary", "intermediary_country", "control_code", "quantity"),
        *("q_end_user_verified",),
    } == set(match.keys)
    assert any("near spelling" in note for note in match.notes)


def test_the_quarter_has_about_three_hundred_orders(rows: list[dict[str, Any]]) -> None:
    """It is a quarter of a mid-size exporter, with one blank row in between."""
    blank = [row for row in rows if not any(value not in ("", None) for value in row.values())]
    assert len(blank) == 1
    assert 280 <= len(rows) - len(blank) <= 320


def test_the_quarter_has_the_mess_that_is_promised(rows: list[dict[str, Any]]) -> None:
    """Every trouble is there: dates in three forms, text amounts, a number twice and none, N/A, Probably."""
    dates = [row["Posting date"] for row in rows]
    assert any(isinstance(value, (dt.date, dt.datetime)) for value in dates)
    assert any(re.fullmatch(r"\d\d\.\d\d\.\d{4}", str(value)) for value in dates)
    assert any(isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in dates)
    numbers = Counter(str(row["Order no"]).removesuffix(".0") for row in rows if row["Customer"])
    assert [number for number, times in numbers.items() if times > 1] != []
    assert numbers[""] == 1
    amounts = {value for row in rows if isinstance(value := row["Net value"], str) and value}
    assert any("," in value and value.index(",") > value.index(".") for value in amounts if "." in value)
    assert {"Probably", "N/A", "yes", "YES"} <= {row["End user verified?"] for row in rows}
    countries = {row["Ship-to country"] for row in rows}
    assert {"Germnay", "日本", "Brasilien", "Great Britain", "N/A", "Congo", ""} <= countries
    assert len(countries) > 90


def test_customer_numbers_and_cost_centres_keep_their_zeros(rows: list[dict[str, Any]]) -> None:
    """Codes are text with leading zeros, as a careful extract has them."""
    full = [row for row in rows if row["Customer no"]]
    assert all(isinstance(row["Customer no"], str) and row["Customer no"].startswith("00") for row in full)
    assert "0410" in {row["Cost centre"] for row in full}


def test_the_quarter_is_a_lived_in_workbook(orders: Workbook, sheet: Worksheet) -> None:
    """It has what a tool must not lose: sheets, chart, formulas, formats, comment, filter, names, merges."""
    assert orders.sheetnames == [ORDERS_SHEET, "FX rates", "Summary", "About this file"]
    assert "FX_table" in orders.defined_names
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:H1"]
    assert sheet.freeze_panes == "B6"
    assert sheet.auto_filter.ref
    assert sheet.column_dimensions["C"].hidden
    assert {rule.type for area in sheet.conditional_formatting for rule in area.rules} == {"cellIs", "dataBar"}
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] != []
    assert sheet.data_validations.dataValidation
    contents = parts(ORDERS)
    assert "xl/charts/chart1.xml" in contents


def test_formulas_carry_their_results(sheet: Worksheet) -> None:
    """Every formula has a stored value, so that readers of values see numbers."""
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    values = load_workbook(ORDERS, data_only=True)[ORDERS_SHEET]
    assert len(formulas) > 300
    assert [at for at in formulas if values[at].value is None] == []


def test_the_quarter_says_that_it_is_invented(orders: Workbook, sheet: Worksheet) -> None:
    """Nobody can take the example for real orders: the first screen and a sheet of its own say so."""
    assert "invented" in str(sheet["A2"].value)
    about = " ".join(str(row[0].value) for row in orders["About this file"].iter_rows())
    assert "customers, resellers, orders, prices and people are invented" in about
    assert "published list" in about


def test_what_must_stand_out_is_there(rows: list[dict[str, Any]]) -> None:
    """The quarter holds the orders that a triage has to find among the ordinary ones."""
    text = [" | ".join(str(value) for value in row.values()) for row in rows]
    for needed in (
        r"Special Police.*Belarus",
        r"Intellexa",
        r"Freight Forwarding.*Free Zone",
        r"Ministry of Communications.*gateway",
        r"as discussed",
        r"National security",
        r"Public Security Bureau.*Urumqi",
        r"Crimea",
        r"Iran",
    ):
        assert sum(bool(re.search(needed, line)) for line in text) == 1, needed
