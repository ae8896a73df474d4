"""The buttons, pressed in an Excel that is none: what the user sees, and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from grid import Refused
from openpyxl import load_workbook

from hrdd import explain, score
from hrdd.errors import HrddError, NoTransactions
from hrdd_addin import actions, record
from hrdd_addin.actions import ACTIONS, Desk
from hrdd_addin.excel import NoCells, NoExcel
from hrdd_workbook import read_transactions

TODAY = date(2026, 11, 24)
Make = Callable[..., Path]


@dataclass
class Told:
    """Remembers what the user was told, and answers questions."""

    said: list[str] = field(default_factory=list)
    answer: bool = False

    def say(self, text: str) -> None:
        self.said.append(text)

    def ask(self, text: str) -> bool:
        self.said.append(text)
        return self.answer


@pytest.fixture
def told() -> Told:
    """What the user was told."""
    return Told()


@pytest.fixture
def press(excel: Any, told: Told) -> Callable[..., Any]:
    """Press a button while a sheet and cells of it are in front; returns the workbook's double."""

    def pressed(action: str, sheet: str | None = None, cells: str | None = None) -> Any:
        book = excel.books[0]
        book.active = book.sheet(sheet) if sheet else book.active
        book.selection = cells or book.selection
        ACTIONS[action](Desk(_front(excel), TODAY, told))
        assert excel.is_as_before
        return excel.books[0]

    return pressed


def _front(excel: Any) -> Any:
    import xlwings as xw

    return xw.apps.active.books.active if excel.books else None


def lines(book: Any, name: str) -> list[tuple[Any, Any]]:
    """What stands on one of our sheets."""
    return [(row[0], row[1]) for row in book.sheet(name).ws.iter_rows(values_only=True)]


def test_scoring_is_summed_up_in_words(excel: Any, make: Make, press: Any, told: Told) -> None:
    """Counts of ratings and dispositions, and that cells could not be read."""
    excel.open(make())
    press("score_sheet")
    assert told.said[0].startswith("5 rows of sheet Orders scored.\nRatings: 2 CRITICAL, 1 HIGH, 1 LOW, 1 UNRATED.\n")
    assert "May it ship: 4 HOLD, 1 NONE." in told.said[0]
    assert "Cells that could not be read as they stand: in 1 row." in told.said[0]


def test_problems_are_listed_with_links_for_who_wants_them(excel: Any, make: Make, press: Any, told: Told) -> None:
    """Each line leads to its cell; the sheet comes last and is in front."""
    told.answer = True
    excel.open(make())
    book = press("score_sheet")
    assert [sheet.name for sheet in book.sheets] == ["Orders", "hrdd problems"]
    assert book.active.name == "hrdd problems"
    listed = dict(lines(book, "hrdd problems"))
    assert "Atlantis" in listed['=HYPERLINK("#Orders!F6","Orders!F6")']


def test_links_look_like_links_and_titles_like_titles(excel: Any, make: Make, press: Any) -> None:
    """Excel gives links that are formulas no look of their own."""
    excel.open(make())
    sheet = press("check_data").sheet("hrdd problems").ws
    assert (sheet["A1"].font.b, sheet["A2"].font.b) == (True, False)
    assert sheet["A2"].font.color.rgb.endswith("0B5394")
    assert sheet["A2"].alignment.vertical == "top"


def test_checking_data_writes_no_results(excel: Any, make: Make, press: Any) -> None:
    """The same list without a scoring."""
    excel.open(make())
    book = press("check_data")
    assert book.sheet("Orders").used.right == 8
    assert len(lines(book, "hrdd problems")) > 1


def test_clean_data_are_said_to_be_clean(excel: Any, make: Make, press: Any, told: Told) -> None:
    """No empty list is opened."""
    excel.open(make(change=lambda _, sheet: sheet.delete_rows(4, 3)))
    book = press("check_data")
    assert told.said == ["Every cell could be read as it stands."]
    assert [sheet.name for sheet in book.sheets] == ["Orders"]


def test_a_list_is_made_anew_and_not_piled_up(excel: Any, make: Make, press: Any) -> None:
    """Pressing twice leaves one sheet."""
    excel.open(make())
    press("check_data")
    book = press("check_data", "Orders")
    assert [sheet.name for sheet in book.sheets] == ["Orders", "hrdd problems"]


def test_a_sheet_of_the_users_with_our_name_is_left_alone(excel: Any, make: Make, press: Any) -> None:
    """Ours gets another name, and is the one that is replaced."""

    def theirs(book: Any, _sheet: Any) -> None:
        book.create_sheet("hrdd problems")["A1"] = "mine"

    excel.open(make(change=theirs))
    press("check_data", "Orders")
    book = press("check_data", "Orders")
    assert [sheet.name for sheet in book.sheets] == ["Orders", "hrdd problems", "hrdd problems 2"]
    assert book.sheet("hrdd problems").ws["A1"].value == "mine"


def test_why_says_what_explain_says_and_marks_the_cells_it_names(excel: Any, make: Make, press: Any) -> None:
    """The words are those of `hrdd explain`; the marks are on the cells of that row alone."""
    path = make()
    excel.open(path)
    book = press("why", cells="$C$2")
    read = read_transactions(path)
    words = explain(score(read.frame, today=TODAY), 0, lambda key: read.where(0, key))
    said = [text for _, text in lines(book, "hrdd why") if text]
    assert said == [words.headline, *(line for section in words.sections for line in section.lines)]
    assert lines(book, "hrdd why")[1][0] == '=HYPERLINK("#Orders!A2","Orders!A2")'
    marked = book.sheet("Orders").rules[0].area.split(",")
    assert {"C2", "E2", "F2"} <= set(marked)
    assert all(place.endswith("2") for place in marked)


def test_a_row_is_explained_as_if_all_had_been_scored(excel: Any, make: Make, press: Any) -> None:
    """Only that row is scored, which is quicker; the words are the same."""
    path = make()
    excel.open(path)
    book = press("why", cells="$C$4")
    read = read_transactions(path)
    words = explain(score(read.frame, today=TODAY), 2, lambda key: read.where(2, key))
    said = [text for _, text in lines(book, "hrdd why") if text]
    assert said == [words.headline, *(line for section in words.sections for line in section.lines)]


def test_a_second_press_takes_words_and_marks_away(excel: Any, make: Make, press: Any) -> None:
    """From the row itself, or from the explanation."""
    excel.open(make())
    for sheet in ("Orders", "hrdd why"):
        press("why", "Orders", "$C$2")
        book = press("why", sheet, "$C$2")
        assert book.sheet("Orders").rules == []
        assert [sheet.name for sheet in book.sheets] == ["Orders"]


def test_another_row_is_explained_in_place_of_the_first(excel: Any, make: Make, press: Any) -> None:
    """The old marks go, the new ones come."""
    excel.open(make())
    press("why", cells="$C$2")
    book = press("why", "Orders", "$A$4")
    assert len(book.sheet("Orders").rules) == 1
    assert all(place.endswith("4") for place in book.sheet("Orders").rules[0].area.split(","))
    assert lines(book, "hrdd why")[1][1].startswith("T3")


def test_marks_change_no_cell(excel: Any, make: Make, press: Any) -> None:
    """Not its fill, not its format, not its value."""
    excel.open(make())
    grid = excel.books[0].sheet("Orders")
    before = {at: (cell.value, cell.fill.fgColor.rgb, cell.number_format) for at, cell in grid.ws._cells.items()}
    press("why", cells="$C$2")
    assert {at: (c.value, c.fill.fgColor.rgb, c.number_format) for at, c in grid.ws._cells.items()} == before


@pytest.mark.parametrize("cells", ["$A$1", "$A$40"])
def test_why_of_no_transaction_is_one_sentence(cells: str, excel: Any, make: Make, press: Any) -> None:
    """The header and the empty rows have no rating."""
    excel.open(make())
    with pytest.raises(NoTransactions, match="is no transaction; select a cell in one"):
        press("why", cells=cells)


def test_questions_come_with_the_rows_that_they_settle(excel: Any, make: Make, press: Any) -> None:
    """Most rows first, each row a link."""
    excel.open(make("sixty_rows"))
    book = press("ask_first")
    said = lines(book, "hrdd questions")
    counts = [int(label.strip('="').split()[0]) for label, text in said if text]
    assert counts == sorted(counts, reverse=True)
    assert said[2][0].startswith("=HYPERLINK")


def test_undo_puts_former_results_back(excel: Any, make: Make, press: Any, told: Told) -> None:
    """Values that another scoring wrote before come back to the cell."""
    book = excel.open(make("scored_before"))
    before = {at: cell.value for at, cell in book.sheets[0].impl.grid.ws._cells.items()}
    press("score_sheet")
    press("undo")
    after = {at: cell.value for at, cell in book.sheets[0].impl.grid.ws._cells.items()}
    assert {at: value for at, value in after.items() if value is not None} == {
        at: value for at, value in before.items() if value is not None
    }
    assert told.said[-1] == "The result columns hold what they held before the last scoring."


def test_undo_takes_added_columns_out_of_the_table(excel: Any, make: Make, press: Any) -> None:
    """Nothing of ours is left."""
    book = excel.open(make("a_table"))
    press("score_sheet")
    press("undo")
    assert book.sheets[0].tables[0].range.address == "$A$1:$H$6"
    assert book.sheets[0].used_range.address == "$A$1:$H$6"


def test_undo_leaves_what_was_changed_since(excel: Any, make: Make, press: Any) -> None:
    """A note that the user wrote into a result is worth more than an undo."""
    book = excel.open(make())
    press("score_sheet")
    book.sheets[0].impl.grid.ws["I3"].value = "LOW, says Ann"
    with pytest.raises(record.ChangedSince, match="was changed after the last scoring"):
        press("undo")
    assert book.sheets[0].impl.grid.ws["I3"].value == "LOW, says Ann"


def test_there_is_one_undo(excel: Any, make: Make, press: Any) -> None:
    """The second press says that there is nothing."""
    excel.open(make())
    press("score_sheet")
    press("undo")
    with pytest.raises(record.NothingToUndo):
        press("undo")


def test_undo_where_the_sheet_is_gone_is_one_sentence(excel: Any, make: Make, press: Any) -> None:
    """A renamed or deleted sheet cannot be put back."""
    excel.open(make("a_second_sheet"))
    press("score_sheet", "Orders")
    book = excel.books[0]
    book.sheet("Orders").ws.title = "Orders 2026"
    with pytest.raises(record.ChangedSince, match="is not there any more"):
        press("undo")


def test_a_record_of_another_version_counts_as_none(excel: Any, make: Make, home: Path, press: Any) -> None:
    """A damaged file in the user's folder stops nothing."""
    excel.open(make())
    press("score_sheet")
    for path in home.glob("undo-*.json"):
        path.write_text("{", encoding="utf-8")
    with pytest.raises(record.NothingToUndo):
        press("undo")


def test_only_selected_rows_are_scored(excel: Any, make: Make, press: Any, told: Told) -> None:
    """Also where the selection is in pieces, or whole rows."""
    excel.open(make())
    book = press("score_selection", cells="$A$3,$C$5:$D$5")
    assert told.said[0].startswith("2 rows of sheet Orders scored.\nRatings: 1 CRITICAL, 1 LOW.")
    assert [book.sheet("Orders").ws.cell(row, 9).value is None for row in range(2, 7)] == [
        True,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("cells", ["$4:$6", "$D:$D"])
def test_whole_rows_and_columns_can_be_selected(cells: str, excel: Any, make: Make, press: Any, told: Told) -> None:
    """Their addresses have no letters, or no numbers."""
    excel.open(make())
    press("score_selection", cells=cells)
    assert told.said[0].startswith(f"{3 if cells == '$4:$6' else 5} rows")


def test_a_selection_without_transactions_is_one_sentence(excel: Any, make: Make, press: Any) -> None:
    """Nothing is written."""
    excel.open(make())
    with pytest.raises(NoTransactions, match="No transaction is selected"):
        press("score_selection", cells="$A$1")
    assert excel.log.writes == 0


def test_no_cells_selected_is_one_sentence(excel: Any, make: Make, press: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart or a picture may be selected."""
    import xlwings as xw

    excel.open(make())
    monkeypatch.setattr(xw.App, "selection", None)
    with pytest.raises(NoExcel, match="click a cell in the row"):
        press("why")


@pytest.mark.parametrize(
    ("name", "sheet", "says"),
    [("the_template", "Start here", "go to the sheet that has them"), ("plain", None, "no row under it")],
)
def test_a_sheet_without_transactions_is_one_sentence(
    name: str, sheet: str | None, says: str, excel: Any, make: Make, press: Any
) -> None:
    """No header, or nothing under it."""
    excel.open(make(name, None if sheet else lambda _, orders: orders.delete_rows(2, 9)))
    with pytest.raises(NoTransactions, match=says):
        press("score_sheet", sheet)
    assert excel.log.writes == 0


def test_an_empty_template_is_one_sentence(excel: Any, tmp_path: Path, press: Any) -> None:
    """A table of 500 blank rows holds no transaction."""
    from hrdd_workbook.template import new_template

    excel.open(new_template(tmp_path / "new.xlsx"))
    with pytest.raises(NoTransactions, match="no row under it"):
        press("score_sheet", "Transactions")


def test_of_two_open_workbooks_the_one_in_front_is_scored(excel: Any, make: Make, press: Any) -> None:
    """The other is not even read."""
    other = excel.open(make(file="other.xlsx"))
    book = excel.open(make(file="mine.xlsx"))
    press("score_sheet")
    assert book.sheets[0].used_range.last_cell.column > 8
    assert other.sheets[0].used_range.last_cell.column == 8


def test_a_new_template_is_opened_and_never_replaces_a_file(
    excel: Any, make: Make, press: Any, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes to the documents folder under the next free name."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Documents").mkdir()
    excel.open(make())
    press("new_template")
    book = press("new_template")
    assert book.name == "hrdd orders 2.xlsx"
    assert load_workbook(tmp_path / "Documents" / "hrdd orders.xlsx").sheetnames[0] == "Start here"


def test_the_data_are_listed_and_those_due_are_said_first(excel: Any, make: Make, press: Any) -> None:
    """Every passport is there."""
    from hrdd import load_reference

    excel.open(make())
    book = press("lists_and_data")
    assert len(lines(book, "hrdd data")) == 1 + len(load_reference().passports)


def test_a_chart_in_front_is_one_sentence(excel: Any, make: Make, press: Any) -> None:
    """Also from a terminal, where no button is grey."""
    excel.open(make())
    excel.books[0].active = SimpleNamespace(name="Chart1")
    for action in ("score_sheet", "score_selection", "ask_first", "check_data"):
        with pytest.raises(NoCells, match="Chart1 is no sheet of cells"):
            press(action)
    assert excel.log.writes == 0


def test_the_self_test_passes_where_excel_behaves(excel: Any, make: Make, press: Any, told: Told) -> None:
    """All checks come out as expected, on a sheet of the test's own workbook."""
    mine = excel.open(make())
    before = mine.sheets[0].used_range.address
    book = press("self_test")
    assert told.said[0].startswith("Self-test: 6 of 6 checks came out as expected.")
    assert book.name == "hrdd self-test.xlsx"
    assert [label for label, _ in lines(book, "hrdd self-test")][1:7] == ['="as expected"'] * 6
    assert mine.sheets[0].used_range.address == before


def test_the_self_test_names_what_came_out_otherwise(
    excel: Any, make: Make, press: Any, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An Excel that turns ids into numbers is found out."""
    from hrdd_addin import writing

    monkeypatch.setitem(writing.FORMATS, "text", "General")
    monkeypatch.setattr(writing._Writing, "_compare", lambda *_: None)
    excel.open(make())
    book = press("self_test")
    assert told.said[0].startswith("Self-test: 4 of 6")
    otherwise = [text for label, text in lines(book, "hrdd self-test") if label == '="OTHERWISE"']
    assert otherwise[0] == "Text that looks like a number, a date or a formula stays text: some did not"
    assert "was changed after the last scoring" in otherwise[1]  # so it is not taken back


def test_words_are_shown_of_a_protected_sheet_too(excel: Any, make: Make, press: Any) -> None:
    """Its cells cannot be marked; why, what to ask and what to look at are said all the same."""
    excel.open(make(change=lambda _, sheet: setattr(sheet.protection, "sheet", True)))
    for action, name in (("why", "hrdd why"), ("ask_first", "hrdd questions"), ("check_data", "hrdd problems")):
        assert len(lines(press(action, "Orders", "$C$2"), name)) > 2
    assert excel.books[0].sheet("Orders").rules == []


@pytest.mark.parametrize("action", ["why", "ask_first", "check_data", "lists_and_data"])
def test_a_workbook_that_takes_no_sheet_is_one_sentence(action: str, excel: Any, make: Make, press: Any) -> None:
    """Said before anything is written; scoring goes on as ever."""
    from openpyxl.workbook.protection import WorkbookProtection

    from hrdd_addin.excel import Protected

    excel.open(make(change=lambda book, _: setattr(book, "security", WorkbookProtection(lockStructure=True))))
    with pytest.raises(Protected, match="protected against new sheets"):
        press(action, cells="$C$2")
    assert excel.log.writes == 0
    press("score_sheet")
    assert excel.log.writes > 0


@pytest.mark.parametrize("action", ["why", "ask_first", "check_data", "lists_and_data"])
def test_a_refused_write_leaves_no_half_sheet(action: str, excel: Any, make: Make, told: Told) -> None:
    """Whichever write Excel refuses: our sheet is there whole or not at all, and the user's cells are as they were."""
    book = excel.open(make())
    grid = excel.books[0].sheet("Orders")
    before = {at: cell.value for at, cell in grid.ws._cells.items()}
    excel.books[0].selection = "$C$2"
    ACTIONS[action](Desk(book, TODAY, told))
    count, name = excel.log.writes, excel.books[0].sheets[1].name
    whole = lines(excel.books[0], name)
    for fails in range(1, count + 1):
        excel.books[0].active = grid
        if len(excel.books[0].sheets) > 1:  # take the last one away, marks and all
            excel.books[0].delete_sheet(excel.books[0].sheets[1])
        grid.rules.clear()
        excel.books[0].active = grid
        excel.log.writes, excel.log.fail_at = 0, fails
        try:
            ACTIONS[action](Desk(book, TODAY, told))
        except Refused:
            assert [sheet.name for sheet in excel.books[0].sheets] == ["Orders"]
            assert grid.rules == []
        else:
            assert lines(excel.books[0], name) == whole
        excel.log.fail_at = None
        assert excel.is_as_before
        assert {at: cell.value for at, cell in grid.ws._cells.items()} == before


def test_every_action_is_documented_in_a_line() -> None:
    """The functions behind the buttons are a few lines each."""
    assert all(action.__doc__ for action in ACTIONS.values())
    assert set(ACTIONS) <= set(dir(actions))


def test_no_error_says_where_a_workbook_lies(excel: Any, make: Make, press: Any) -> None:
    """On OneDrive that is a web address; the double raises where anybody asks for it."""
    excel.open(make())
    for action in ("score_sheet", "why", "ask_first", "check_data", "lists_and_data"):
        excel.books[0].active = excel.books[0].sheet("Orders")
        press(action, cells="$A$2")
    with pytest.raises(HrddError):
        press("score_selection", "Orders", "$A$99")


def test_a_fingerprint_takes_half_a_character() -> None:
    """Excel lets the half of an emoji stand in a cell; and a number is no text."""
    assert record.digest([["\ud83d", None, 1.0]]) != record.digest([["\ud83e", None, 1.0]])
    assert record.digest([["1", date(2026, 1, 1)]]) != record.digest([[1.0, date(2026, 1, 1)]])
