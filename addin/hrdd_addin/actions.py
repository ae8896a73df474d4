"""The buttons of the ribbon: each is a few lines over a desk, on which the workbook lies that the user looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import xlwings as xw

from hrdd import explain
from hrdd.columns import INPUT_BY_KEY
from hrdd_addin import excel, marks, pane, record, words
from hrdd_addin.scoring import Judged, judge, judge_row
from hrdd_addin.scoring import score_sheet as score_and_write
from hrdd_workbook.refs import Area, column_number

PROBLEMS, QUESTIONS, WHY, DATA = "hrdd problems", "hrdd questions", "hrdd why", "hrdd data"


class Teller(Protocol):
    """How the user is spoken to: a message box in Excel, or a terminal."""

    def say(self, text: str) -> None:
        """Say something, and wait until it was read."""

    def ask(self, text: str) -> bool:
        """Say something that ends in a question, and get yes or no."""


@dataclass(frozen=True)
class Desk:
    """What an action works on: the workbook in front, the day, and a way to speak."""

    book: xw.Book
    today: date
    teller: Teller

    @property
    def sheet(self) -> xw.Sheet:
        """The sheet that the user looks at. Raises NoCells where that is a chart."""
        return excel.front_sheet(self.book)


def score_sheet(desk: Desk) -> None:
    """Score every transaction of the sheet."""
    judged, outcome = score_and_write(desk.sheet, desk.today)
    _tell_scored(desk, judged, words.summary(judged, outcome))


def score_selection(desk: Desk) -> None:
    """Score the selected rows."""
    judged, outcome = score_and_write(desk.sheet, desk.today, excel.selected_rows(desk.book.app))
    _tell_scored(desk, judged, words.summary(judged, outcome))


def undo(desk: Desk) -> None:
    """Take the last scoring back."""
    record.undo(desk.book)
    desk.teller.say("The result columns hold what they held before the last scoring.")


def why(desk: Desk) -> None:
    """Explain the row of the selected cell; a second press takes marks and explanation away."""
    row, sheet = min(excel.selected_rows(desk.book.app)), desk.sheet
    is_pane = pane.is_ours(sheet)
    explained = {row for other in desk.book.sheets for row in marks.clear(other)}
    pane.remove(desk.book, WHY)
    if not is_pane and row not in explained:
        _explain(desk, sheet, row)


def ask_first(desk: Desk) -> None:
    """List the questions that settle most rows."""
    judged = judge(desk.sheet, desk.today)
    pane.show(desk.book, QUESTIONS, "What to ask first", words.questions(judged))


def check_data(desk: Desk) -> None:
    """List the cells that could not be read as they stand."""
    lines = words.problems(judge(desk.sheet, desk.today))
    if lines:
        pane.show(desk.book, PROBLEMS, "Cells to look at", lines)
    else:
        desk.teller.say("Every cell could be read as it stands.")


def new_template(desk: Desk) -> None:
    """Make an empty workbook in the documents folder and open it."""
    from hrdd_workbook.template import new_template as write_template  # what it loads costs every click else

    path = write_template(_free_path())
    desk.book.app.books.open(path)
    desk.teller.say(f"A new workbook for transactions: {path}")


def lists_and_data(desk: Desk) -> None:
    """List the data that ratings stand on."""
    pane.show(desk.book, DATA, "What the ratings stand on", words.data(desk.today))


def self_test(desk: Desk) -> None:
    """Score a workbook here and outside Excel, and compare."""
    from hrdd_addin.selftest import run

    desk.teller.say(run(desk.book.app, desk.today).said)


#: By the id of its button, without "hrdd_"; the words behind Help stand in the add-in itself.
ACTIONS: Mapping[str, Callable[[Desk], None]] = {
    "score_sheet": score_sheet,
    "score_selection": score_selection,
    "undo": undo,
    "why": why,
    "ask_first": ask_first,
    "check_data": check_data,
    "new_template": new_template,
    "lists_and_data": lists_and_data,
    "self_test": self_test,
}


def act(name: str, desk: Desk) -> None:
    """Do what a button says. Raises an HrddError for all that is known to happen, such as a cell in edit mode."""
    try:
        ACTIONS[name](desk)
    except Exception as error:
        found = excel.meaning(error)
        if found is None:
            raise
        raise found from error


def _tell_scored(desk: Desk, judged: Judged, text: str) -> None:
    """The summary; where cells could not be read, the list of them with links for who wants it."""
    lines = words.problems(judged)
    if not lines:
        desk.teller.say(text)
    elif desk.teller.ask(f"{text}\n\nShow the cells that could not be read?"):
        pane.show(desk.book, PROBLEMS, "Cells to look at", lines)


def _explain(desk: Desk, sheet: xw.Sheet, row: int) -> None:
    excel.refuse_fixed(desk.book)
    live, position, scores = judge_row(sheet, desk.today, row)
    transactions, asked = live.transactions, set[str]()

    def where(key: str) -> str:
        asked.add(key)
        return transactions.where(position, key)

    told = explain(scores, 0, where)
    place = transactions.where(position, next(iter(transactions.columns)))
    try:
        if not excel.is_protected(sheet):  # else the words have to do
            marks.put(sheet, row, list(_cells(transactions.columns, row, asked)))
        pane.show(desk.book, WHY, "Why this rating", words.explanation(told, place))
    except BaseException:
        excel.restore(lambda: marks.clear(sheet))
        raise


def _cells(columns: Mapping[str, str], row: int, keys: set[str]) -> Iterator[Area]:
    """The cells of a row that the explanation names."""
    for key in INPUT_BY_KEY:
        if key in keys & columns.keys():
            number = column_number(columns[key])
            yield Area(row, number, row, number)


def _free_path() -> Path:
    documents = Path.home() / "Documents"
    folder = documents if documents.is_dir() else Path.home()
    names = ("hrdd orders.xlsx", *(f"hrdd orders {number}.xlsx" for number in range(2, 1000)))
    return next(folder / name for name in names if not (folder / name).exists())
