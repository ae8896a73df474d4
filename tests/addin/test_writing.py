"""Writing into an open sheet: few accesses, whole or not at all, and no value changes its type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import scores

from hrdd_addin import record
from hrdd_addin.excel import ExcelIsBusy, Protected
from hrdd_addin.live import read_sheet
from hrdd_addin.writing import HalfWritten, NotWritten, write_results
from hrdd_workbook.outputs import result_columns
from hrdd_workbook.results import ResultColumn

TODAY = date(2026, 11, 24)
Make = Callable[..., Path]
#: Workbooks that between them have every kind of target: new beside and inside a table, ours, and adopted.
KINDS = ("plain", "a_table", "the_template", "scored_before", "our_headers_over_empty_columns")


def write(book: Any, day: date = TODAY, only: Any = None) -> None:
    """Score the sheet of the transactions in an open workbook."""
    write_results(read_sheet(sheet_of(book)), results(book, day), only)


def results(book: Any, day: date = TODAY) -> list[ResultColumn]:
    """The columns to write into that sheet."""
    read = read_sheet(sheet_of(book)).transactions
    return result_columns(scores(read.frame, day), read.previous)


def sheet_of(book: Any) -> Any:
    """The sheet of the transactions."""
    return book.sheets["Transactions" if "Transactions" in [s.name for s in book.sheets] else 0]


def everything(book: Any) -> dict[tuple[int, int], Any]:
    """All values of that sheet."""
    cells = sheet_of(book).impl.grid.ws._cells
    return {at: cell.value for at, cell in cells.items() if cell.value is not None}


@pytest.mark.parametrize("name", ["plain", "the_template"])
def test_accesses_do_not_grow_with_the_rows(name: str, make: Make, excel: Any, second_excel: Any) -> None:
    """Three rows and nine hundred cost the same."""

    def grow(_book: Any, sheet: Any) -> None:
        for row in range(sheet.max_row + 1, 900):
            sheet.cell(row, 5, "Orion")
            sheet.cell(row, 6, "Norway")

    write(excel.open(make(name)))
    write(second_excel.open(make(name, grow, file="many.xlsx")))
    assert (second_excel.log.reads, second_excel.log.writes) == (excel.log.reads, excel.log.writes)


@pytest.mark.parametrize("rows", [8, 900])
def test_merged_rows_cost_no_reads(rows: int, make: Make, excel: Any) -> None:
    """However many orders take two rows each: at most a dozen reads and a dozen writes."""

    def merge(_book: Any, sheet: Any) -> None:
        for row in range(8, rows, 2):
            sheet.cell(row, 5, "Orion")
            sheet.cell(row, 6, "Norway")
            sheet.merge_cells(f"A{row}:A{row + 1}")

    write(excel.open(make("orders_of_two_merged_rows", merge)))
    assert excel.log.reads <= 12
    assert excel.log.writes <= 12


def test_merged_cells_in_a_result_column_are_said_before_anything_is_written(make: Make, excel: Any) -> None:
    """With the columns and what to do, as the file door does."""
    from hrdd_workbook.errors import Declined

    book = excel.open(make("scored_before", lambda _, sheet: sheet.merge_cells("J3:J4")))
    before = everything(book)
    with pytest.raises(Declined, match=r"merged in the result columns I1:\w+6; unmerge them"):
        write(book)
    assert everything(book) == before
    assert excel.log.writes == 0


@pytest.mark.parametrize("name", ["results_among_the_users_columns", "our_headers_among_the_users_columns"])
def test_results_that_are_too_far_apart_are_said_before_anything_is_written(name: str, make: Make, excel: Any) -> None:
    """Cells of the user's between are never rewritten, and blocks stay few: the sentence says what to do."""
    from hrdd_workbook.errors import Declined

    def apart(_book: Any, sheet: Any) -> None:
        if name.startswith("our"):
            sheet["T1"] = "Judged on"
        else:
            sheet.insert_cols(10)
            sheet["J1"], sheet["J2"] = "Mine", "=LEN(A2)"

    book = excel.open(make(name, apart))
    before = everything(book)
    with pytest.raises(Declined, match=r"stand in 7 places \(I, \w+, \w+, \w+, \w+, \w+ \.\.\.\), more than the 6 "):
        write(book)
    assert everything(book) == before
    assert excel.log.writes == 0
    assert excel.log.reads <= 12


def test_marks_are_found_with_few_questions_where_a_header_of_the_users_is_among_ours(make: Make, excel: Any) -> None:
    """A column of the user's under our header, beside the columns of ours: it stays, and ours are known again."""

    def steal(_book: Any, sheet: Any) -> None:
        sheet["I1"].style = "Normal"

    book = excel.open(make("scored_before", steal))
    theirs, columns, live = book.sheets[0].range("I1:I6").value, results(book), read_sheet(book.sheets[0])
    before = excel.log.reads
    write_results(live, columns)
    assert excel.log.reads - before <= 10  # two more are the reading of the sheet
    assert excel.log.writes <= 12
    assert book.sheets[0].range("I1:I6").value == theirs
    headers = [value for value in book.sheets[0].range("I1:CZ1").value if value]
    assert headers.count("HRDD rating (HRDD)") == 1
    assert len(headers) == len(set(headers))


@pytest.mark.parametrize("name", KINDS)
def test_one_refused_write_leaves_everything_as_it_was(name: str, make: Make, excel: Any) -> None:
    """Whichever write Excel refuses: results are old or new as a whole, and Excel is as calm as before."""
    clean = excel.open(make(name))
    start, columns = everything(clean), results(clean)
    write_results(read_sheet(sheet_of(clean)), columns)
    count, end = excel.log.writes, everything(clean)
    for fails in range(1, count + 1):
        book = excel.open(make(name, file=f"{fails}.xlsx"))
        excel.log.writes, excel.log.fail_at = 0, fails
        try:
            write_results(read_sheet(sheet_of(book)), columns)
        except NotWritten as error:
            assert "stands as it was before" in str(error)
            assert everything(book) == start
        else:
            assert everything(book) == end
        assert excel.is_as_before


@pytest.mark.parametrize("name", KINDS)
def test_an_excel_that_stops_answering_is_told_and_can_be_mended_later(name: str, make: Make, excel: Any) -> None:
    """Where no cell can be written any more, the record is kept, and Undo puts the former values back."""
    clean = excel.open(make(name))
    start, columns = everything(clean), results(clean)
    write_results(read_sheet(sheet_of(clean)), columns)
    count = excel.log.writes
    for fails in range(1, count + 1):
        book = excel.open(make(name, file=f"{fails}.xlsx"))
        excel.log.writes, excel.log.fail_at, excel.log.fail_for = 0, fails, 10_000
        try:
            write_results(read_sheet(sheet_of(book)), columns)
        except HalfWritten as error:
            assert "Undo last scoring" in str(error)
            excel.log.fail_at = None
            record.undo(book)
            assert everything(book) == start
        except NotWritten:
            assert everything(book) == start
        excel.log.fail_at = None
        assert excel.is_as_before


def test_a_record_of_a_crash_never_touches_another_workbook_of_the_name(make: Make, excel: Any) -> None:
    """An Excel that ended in the midst leaves a record; cells that are neither old nor new by it are left alone."""
    crashed = excel.open(make("results_among_the_users_columns", _to_iran))
    excel.log.fail_at, excel.log.fail_for = 6, 10_000
    with pytest.raises(HalfWritten):
        write(crashed)
    excel.log.fail_at = None
    other = excel.open(make("plain", lambda _, sheet: sheet.__setitem__("I3", "mine")))
    before = everything(other)
    with pytest.raises(record.ChangedSince):
        record.undo(other)
    assert everything(other) == before
    record.undo(crashed)


def _to_iran(_book: Any, sheet: Any) -> None:
    for row in range(2, 7):
        sheet.cell(row, 6).value = "Iran"


@pytest.mark.parametrize("name", ["a_table", "results_among_the_users_columns"])
def test_an_undo_that_is_refused_in_the_midst_can_be_pressed_again(name: str, make: Make, excel: Any) -> None:
    """Whichever writes Excel refuses while results are taken back: state restored, and the next press ends it."""
    book = excel.open(make(name, _to_iran))
    start = everything(book)
    write(book)
    before = excel.log.writes
    record.undo(book)
    for fails in range(1, excel.log.writes - before + 1):
        write(book)
        excel.log.writes, excel.log.fail_at, excel.log.fail_for = 0, fails, 10_000
        with pytest.raises(ExcelIsBusy, match="undo again"):
            record.undo(book)
        excel.log.fail_at = None
        assert excel.is_as_before
        record.undo(book)
        assert everything(book) == start


@pytest.mark.parametrize("state", ["screen_updating", "enable_events", "calculation", "status_bar"])
def test_the_state_of_excel_comes_back_even_where_setting_it_fails(state: str, make: Make, excel: Any) -> None:
    """One refusal while Excel is calmed or woken changes nothing in how it is left."""
    book = excel.open(make())
    excel.log.fail_state = state
    with pytest.raises(Exception, match=state):
        write(book)
    assert excel.is_as_before


def test_a_state_that_was_set_before_is_the_state_afterwards(make: Make, excel: Any) -> None:
    """Who calculates by hand goes on calculating by hand; who had switched events off has them off."""
    state = {"screen_updating": False, "enable_events": False, "calculation": "semiautomatic"}
    excel.state |= state
    book = excel.open(make())
    write(book)
    excel.log.writes, excel.log.fail_at = 0, 3
    with pytest.raises(NotWritten):
        write(book)
    assert {name: excel.state[name] for name in state} == state


HOSTILE = (
    "00123",
    "1E5",
    "0102",
    "12/3",
    "TRUE",
    "5%",
    "=1+1",
    "+49 30",
    "-x",
    "@SUM(A1)",
    "#N/A",
    "2024-01-01",
    " 7 ",
)


def test_no_text_changes_its_type_and_none_becomes_a_formula(make: Make, excel: Any) -> None:
    """Text is written into cells of the format Text, so Excel takes it as it stands."""
    book = excel.open(make(change=lambda _, sheet: _rows(sheet, len(HOSTILE))))
    live = read_sheet(book.sheets[0])
    write_results(live, [ResultColumn("why", "Why this rating", list(HOSTILE))])
    cells = [book.sheets[0].impl.grid.ws.cell(row, 9) for row in range(2, 2 + len(HOSTILE))]
    assert [cell.value for cell in cells] == list(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), max_size=30))
def test_any_text_survives(texts: list[str], make: Make, excel: Any) -> None:
    """Whatever the characters: what is read back is what was written."""
    book = excel.open(make(change=lambda _, sheet: _rows(sheet, len(texts))))
    live = read_sheet(book.sheets[0])
    column = [*texts, *[None] * (len(live.transactions.frame) - len(texts))]
    write_results(live, [ResultColumn("why", "Why this rating", column)])
    again = read_sheet(book.sheets[0])
    assert again.column(9, 2, 1 + len(texts)) == texts


def _rows(sheet: Any, count: int) -> None:
    for row in range(2, 2 + count):
        sheet.cell(row, 5, "Orion")
        sheet.cell(row, 6, "Norway")


def test_a_value_that_excel_makes_another_is_noticed(make: Make, excel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the text format an id would turn into a number; reading back sees it, and nothing stays."""
    from hrdd_addin import writing

    monkeypatch.setitem(writing.FORMATS, "text", "General")
    book = excel.open(make())
    before = everything(book)
    live = read_sheet(book.sheets[0])
    with pytest.raises(NotWritten, match="kept another value in the column"):
        write_results(live, [ResultColumn("verdict_id", "Verdict ID", ["00123"] * 5)])
    assert everything(book) == before


def test_numbers_dates_and_shares_are_numbers_and_dates(make: Make, excel: Any) -> None:
    """Only text is text."""
    book = excel.open(make())
    live = read_sheet(book.sheets[0])
    columns = [
        ResultColumn("severity", "Severity (0-4)", np.array([1, 2, 3, 4, 0], dtype=np.int8), "number"),
        ResultColumn("completeness", "Completeness", [0.5, None, float("nan"), 1, 0], "percent"),
        ResultColumn("scored_on", "Scored on", [TODAY, None, TODAY, TODAY, TODAY], "date"),
    ]
    write_results(live, columns)
    row = [book.sheets[0].impl.grid.ws.cell(2, column) for column in (9, 10, 11)]
    assert [cell.data_type for cell in row] == ["n", "n", "d"]
    assert [cell.number_format for cell in row] == ["General", "0%", "yyyy-mm-dd"]


def test_a_text_longer_than_a_cell_ends_in_an_ellipsis(make: Make, excel: Any) -> None:
    """As the file door does it."""
    book = excel.open(make())
    live = read_sheet(book.sheets[0])
    write_results(live, [ResultColumn("why", "Why this rating", ["x" * 40_000] * 5)])
    said = book.sheets[0].impl.grid.ws.cell(2, 9).value
    assert len(said) == 32_767
    assert said.endswith("…")


def test_selected_rows_alone_are_written(make: Make, excel: Any) -> None:
    """Results of other rows stay as they stand, also between the selected ones."""
    book = excel.open(make())
    write(book, date(2026, 1, 1))
    first = everything(book)
    grid = book.sheets[0].impl.grid
    for row in (3, 4, 5):
        grid.ws.cell(row, 6).value = "Iran"
    write(book, TODAY, only={3, 5})
    changed = {at[0] for at, value in everything(book).items() if first.get(at) != value and at[1] > 8}
    assert changed == {3, 5}


def test_selected_rows_of_a_sheet_without_results_leave_the_others_blank(make: Make, excel: Any) -> None:
    """The columns are added; only the selected rows have results."""
    book = excel.open(make())
    write(book, only={4})
    written = {at[0] for at in everything(book) if at[1] > 8}
    assert written == {1, 4}


def test_a_protected_sheet_is_said_before_anything_is_written(make: Make, excel: Any) -> None:
    """One sentence with what to do."""
    book = excel.open(make(change=lambda _, sheet: setattr(sheet.protection, "sheet", True)))
    with pytest.raises(Protected, match="Unprotect Sheet"):
        write(book)
    assert excel.log.writes == 0


def test_an_array_formula_in_our_column_is_refused_whole(make: Make, excel: Any) -> None:
    """Excel says what is in the way; nothing changed."""
    from openpyxl.worksheet.formula import ArrayFormula

    def spoil(_book: Any, sheet: Any) -> None:
        sheet["I2"] = ArrayFormula("I2:J9", "=TRANSPOSE(A1:C1)")

    book = excel.open(make("scored_before", spoil))
    before = everything(book)
    with pytest.raises(NotWritten, match="part of an array"):
        write(book)
    assert everything(book) == before


def test_hidden_formulas_right_of_the_list_are_never_overwritten(make: Make, excel: Any) -> None:
    """A formula that shows nothing looks empty; results stand beside it."""

    def hide(_book: Any, sheet: Any) -> None:
        sheet["J3"] = '=IF(1=1,"","x")'

    book = excel.open(make(change=hide))
    write(book)
    assert book.sheets[0].impl.grid.ws["J3"].value == '=IF(1=1,"","x")'
    assert book.sheets[0].impl.grid.ws["K1"].value == "HRDD rating"


def test_new_columns_get_their_looks(make: Make, excel: Any) -> None:
    """Header fill, colours for what must be looked at, and the trace in an outline."""
    book = excel.open(make())
    write(book)
    said = [what for kind, what in excel.log.effects if kind == "write"]
    assert said.count("colour") == 1
    assert said.count("conditional format") == 3
    assert said.count("outline") == 1


def test_a_query_table_is_not_widened(make: Make, excel: Any) -> None:
    """Its next refresh would take our columns away, so they stand beside it."""
    book = excel.open(make("a_table"))
    book.sheets[0].impl.grid.tables[0].tableType = "queryTable"
    write(book)
    assert book.sheets[0].tables[0].range.address == "$A$1:$H$6"


def test_progress_is_told_in_the_status_bar(make: Make, excel: Any) -> None:
    """The user sees what is going on, and the bar is Excel's again afterwards."""
    from hrdd_addin.scoring import score_sheet

    score_sheet(excel.open(make()).sheets[0], TODAY)
    said = [value for name, value in excel.log.effects if name == "status_bar"]
    assert said == [
        "hrdd: reading sheet Orders ...",
        "hrdd: scoring 5 rows ...",
        False,
        "hrdd: writing 5 rows ...",
        False,
    ]
