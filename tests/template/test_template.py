"""The empty workbook: right for Excel and LibreOffice, the same bytes every time, never over another file."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from hrdd.columns import INPUTS, OUTPUTS, WORKBOOK_OUTPUTS, match_headers
from hrdd.packs.loading import load_catalogue
from hrdd_workbook import layout, palette
from hrdd_workbook.choice_lists import LISTS
from hrdd_workbook.design import design
from hrdd_workbook.errors import WorkbookError
from hrdd_workbook.sheets.pages import HEADER_ROW
from hrdd_workbook.template import TemplateExists, new_template, transactions_workbook

COMMITTED = Path(__file__).parents[2] / "workbook_templates" / "hrdd-transactions.xltx"
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
HEADERS = [field.header for field in layout.FIELDS]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty template as it is written by default."""
    return new_template(tmp_path_factory.mktemp("template") / "orders.xlsx")


@pytest.fixture(scope="module")
def book(path: Path) -> Iterator[Workbook]:
    """The template, opened."""
    loaded = load_workbook(path)
    yield loaded
    loaded.close()


@pytest.fixture
def sheet(book: Workbook) -> Worksheet:
    """The sheet of transactions."""
    return book[layout.TRANSACTIONS_SHEET]


def parts(path: Path) -> dict[str, bytes]:
    """The members of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def rule_of(sheet: Worksheet, key: str) -> DataValidation:
    """The one validation of the first cell of a column."""
    index = [field.key for field in layout.FIELDS].index(key) + 1
    cell = f"{get_column_letter(index)}{layout.FIRST_ROW}"
    rule: DataValidation
    (rule,) = [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
    return rule


def test_the_sheets_stand_in_the_order_of_work(book: Workbook) -> None:
    """Guide first, then the transactions; the lists are there but out of sight."""
    assert tuple(book.sheetnames) == layout.SHEETS
    assert [s.title for s in book if s.sheet_state != "visible"] == [layout.LISTS_SHEET]


def test_the_table_has_the_header_texts_as_column_names(sheet: Worksheet) -> None:
    """Excel repairs a file whose table columns are not called like the header cells."""
    table = sheet.tables[layout.TABLE_NAME]
    left, top, right, bottom = range_boundaries(table.ref)
    assert [column.name for column in table.tableColumns] == HEADERS
    assert [cell.value for cell in sheet[layout.HEADER_ROW]] == HEADERS
    assert (left, right, top, bottom) == (1, len(HEADERS), layout.HEADER_ROW, layout.HEADER_ROW + layout.ROWS)


@pytest.mark.parametrize("rows", [1, 20, 20_000])
def test_the_table_has_as_many_empty_rows_as_asked(rows: int) -> None:
    """The room is as large as the user said."""
    sheet = transactions_workbook(design(), rows)[layout.TRANSACTIONS_SHEET]
    assert range_boundaries(sheet.tables[layout.TABLE_NAME].ref)[3] == layout.HEADER_ROW + rows


def test_the_header_row_is_recognised_without_a_doubt(sheet: Worksheet) -> None:
    """The product's own header matching finds every input and every prepared result, with nothing to report."""
    match = match_headers([cell.value for cell in sheet[layout.HEADER_ROW]])
    assert set(match.keys) == {column.key for column in INPUTS}
    assert set(match.owned) == {column.key for column in (*OUTPUTS, *WORKBOOK_OUTPUTS)}
    assert match.notes == []


def test_prepared_result_columns_carry_the_writers_mark(sheet: Worksheet) -> None:
    """The writer fills them in place, since it knows them as its own; no input carries the mark."""
    from hrdd_workbook.styles import MARK

    marked = [cell.value for cell in sheet[layout.HEADER_ROW] if cell.style == MARK]
    assert marked == [field.header for field in layout.FIELDS if field.band.tone == "result"]


def test_same_bytes_on_every_run(path: Path, tmp_path: Path) -> None:
    """Two builds are equal, also in another process with another hash seed."""
    code = "import sys; from hrdd_workbook.template import new_template; new_template(sys.argv[1])"
    for seed in ("1", "2"):
        other = tmp_path / f"{seed}.xlsx"
        subprocess.run([sys.executable, "-c", code, str(other)], check=True, env=os.environ | {"PYTHONHASHSEED": seed})
        assert other.read_bytes() == path.read_bytes()


def test_the_committed_template_is_the_built_one(tmp_path: Path) -> None:
    """Part by part, the file that is handed out is what the code draws; it is a template, and has no macros."""
    built, committed = parts(new_template(tmp_path / COMMITTED.name)), parts(COMMITTED)
    assert list(built) == list(committed)
    changed = [name for name in built if built[name] != committed[name]]
    assert changed == [], f"renew it: hrdd template new workbook_templates/{COMMITTED.name} --overwrite"
    assert b"spreadsheetml.template.main+xml" in built["[Content_Types].xml"]
    assert [name for name in built if not name.endswith((".xml", ".rels"))] == []


def test_no_clock_and_no_machine_in_the_file(path: Path) -> None:
    """Every time stamp is the fixed one, and no library signs the file."""
    with zipfile.ZipFile(path) as package:
        assert {member.date_time for member in package.infolist()} == {(2020, 9, 30, 0, 0, 0)}
    contents = parts(path)
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", contents["docProps/core.xml"])) == {b"2020-09-30T00:00:00Z"}
    assert b"openpyxl" not in b"".join(contents.values()).lower()


def test_every_part_is_well_formed(path: Path) -> None:
    """Each member of the package parses as XML."""
    for content in parts(path).values():
        ET.fromstring(content)


def test_every_drop_down_warns_and_lets_blanks_be(sheet: Worksheet) -> None:
    """A list suggests: another value raises a question, a blank raises nothing."""
    for field in layout.FIELDS:
        rule = rule_of(sheet, field.key)
        assert rule.allow_blank
        assert (rule.type == "list") == (field.choices is not None)
        assert rule.type is None or (rule.errorStyle == "warning" and rule.showErrorMessage)
        assert not rule.showDropDown  # in the file format, true hides the arrow


def test_every_hint_is_within_excels_limits(sheet: Worksheet) -> None:
    """Excel repairs a file with longer texts: 32 for titles, 255 for messages, 225 for warnings."""
    rules = sheet.data_validations.dataValidation
    assert len(rules) == len(layout.FIELDS)
    for rule in rules:
        assert rule.showInputMessage
        assert len(rule.promptTitle) <= 32
        assert len(rule.prompt) <= 255
        assert len(rule.errorTitle or "") <= 32
        assert len(rule.error or "") <= 225
        assert len(rule.formula1 or "") <= 255


def test_named_ranges_hold_just_the_choices(book: Workbook) -> None:
    """Each name that a drop-down uses points at its values on the hidden sheet, all of them and no blank."""
    for choices in LISTS:
        (place,) = book.defined_names[choices.defined_name].destinations
        cells = book[place[0]][place[1]]
        assert tuple(row[0].value for row in cells) == choices.values


def test_every_list_is_used(sheet: Worksheet) -> None:
    """No list is kept that no column offers."""
    used = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert used == {choices.defined_name for choices in LISTS}


def test_the_empty_template_has_no_row_of_data(book: Workbook, sheet: Worksheet) -> None:
    """No cell stands below the header, so that nothing can be taken for a transaction; formulas are elsewhere."""
    assert sheet.max_row == layout.HEADER_ROW
    with_formulas = {other.title for other in book for row in other.iter_rows() for c in row if c.data_type == "f"}
    assert with_formulas == {layout.DASHBOARD_SHEET, layout.LISTS_SHEET}


def test_folds_frozen_panes_and_print(sheet: Worksheet) -> None:
    """Id, result and header stay in sight; the rest is folded by step; it prints one page wide."""
    assert sheet.freeze_panes == f"{get_column_letter(layout.FROZEN_COLUMNS + 1)}{layout.FIRST_ROW}"
    assert sheet.sheet_properties.outlinePr is not None
    assert sheet.sheet_properties.outlinePr.summaryRight is False
    for index, field in enumerate(layout.FIELDS, start=1):
        column = sheet.column_dimensions[get_column_letter(index)]
        assert (column.outlineLevel, column.hidden) == (field.level, field.hidden)
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${layout.BAND_ROW}:${layout.HEADER_ROW}"


def test_columns_keep_text_as_text_below_the_header(sheet: Worksheet) -> None:
    """A cell that is typed into takes the format of its column, however far down."""
    for index, field in enumerate(layout.FIELDS, start=1):
        assert sheet.column_dimensions[get_column_letter(index)].number_format == field.number_format


def test_words_are_tinted_by_conditional_formats(sheet: Worksheet) -> None:
    """Every word of ratings and answers has its rule, also for rows added below."""
    rules = [(area, rule) for area in sheet.conditional_formatting for rule in area.rules]
    words = {rule.formula[0].strip('"') for _, rule in rules if rule.type == "cellIs"}
    families = {field.family for field in layout.FIELDS} & set(palette.TINTS)
    assert words == {t.word for family in families for t in palette.TINTS[family]}
    assert all(r.max_row == layout.LAST_SHEET_ROW for area, _ in rules for r in area.cells.ranges)


def test_it_is_read_by_calamine(path: Path) -> None:
    """The fast reader sees the same header in the same place."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(layout.TRANSACTIONS_SHEET).to_python()
    assert rows[layout.HEADER_ROW - 1] == HEADERS
    assert len(rows) == layout.HEADER_ROW


def test_the_flags_sheet_lists_every_red_flag(book: Workbook) -> None:
    """Each red flag of the shipped rules has its line, with how well it is confirmed."""
    sheet = book[layout.FLAGS_SHEET]
    lines = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert [line[0] for line in lines] == [rule.id for rule in load_catalogue().red_flags]
    assert all(line[4] for line in lines)
    assert {line[5] for line in lines} <= {"yes", "no"}


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    """A name that is taken is refused with a sentence, and the file keeps its bytes."""
    taken = tmp_path / "mine.xlsx"
    taken.write_bytes(b"mine")
    with pytest.raises(TemplateExists, match=r"mine\.xlsx exists already; choose another name"):
        new_template(taken)
    assert taken.read_bytes() == b"mine"
    assert new_template(taken, overwrite=True).read_bytes()[:2] == b"PK"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.xlsx"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A place that cannot be written gives one sentence and no traceback."""
    with pytest.raises(WorkbookError, match="could not be written"):
        new_template(tmp_path / "nowhere" / "orders.xlsx")


def test_a_file_that_is_open_in_excel_is_not_replaced(tmp_path: Path) -> None:
    """The owner file beside an open workbook is respected, and nothing is left behind."""
    open_file = new_template(tmp_path / "orders.xlsx", rows=1)
    before = open_file.read_bytes()
    (tmp_path / "~$orders.xlsx").write_bytes(b"")
    with pytest.raises(WorkbookError, match="open in Excel"):
        new_template(open_file, overwrite=True)
    assert open_file.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["orders.xlsx", "~$orders.xlsx"]


def test_orders_are_poured_in_as_they_are(tmp_path: Path) -> None:
    """Values stand under their headers with the look of the column; text that looks like a number stays text."""
    orders = {"transaction_id": ["0102", "7"], "control_code": ["5A001.f", None], "amount": [12.5, None]}
    path = new_template(
        tmp_path / "orders.xlsx", rows=3, columns={**orders, "as_of_date": [dt.date(2026, 7, 31), None]}
    )
    sheet = load_workbook(path)[layout.TRANSACTIONS_SHEET]
    row = {field.key: sheet.cell(layout.FIRST_ROW, index) for index, field in enumerate(layout.FIELDS, start=1)}
    assert (row["transaction_id"].value, row["transaction_id"].number_format) == ("0102", "@")
    assert row["control_code"].value == "5A001.f"
    assert (row["amount"].value, row["amount"].number_format) == (12.5, "#,##0.00")
    assert row["as_of_date"].value == dt.datetime(2026, 7, 31)
    assert sum(cell.value is not None for cell in sheet[layout.FIRST_ROW]) == 4
    assert [cell.value for cell in sheet[layout.FIRST_ROW + 1] if cell.value is not None] == ["7"]
    assert sheet.tables[layout.TABLE_NAME].ref.endswith(str(layout.HEADER_ROW + 3))


def test_results_look_as_their_columns_do(few: Path) -> None:
    """Scoring fills prepared columns in their own look: wrapped reasons, centred ratings, real dates."""
    sheet = load_workbook(few)[layout.TRANSACTIONS_SHEET]
    for index, field in enumerate(layout.FIELDS, start=1):
        cell, column = sheet.cell(layout.FIRST_ROW, index), sheet.column_dimensions[get_column_letter(index)]
        if field.band.tone == "result":
            assert repr(cell.alignment) == repr(column.alignment), field.key
            assert cell.number_format == column.number_format, field.key


def test_sheets_that_wait_for_scoring_say_so(book: Workbook) -> None:
    """The three that scoring fills; the sheet about the flags is full already."""
    waiting = [layout.RED_FLAGS_SHEET, layout.QUESTIONS_SHEET, layout.REVIEW_SHEET]
    assert {book[name]["A3"].value for name in waiting} == {"Nothing is scored yet."}
    assert book[layout.FLAGS_SHEET]["A3"].value is None
