"""Does hrdd work in this Excel? A workbook is scored here and outside, and every cell compared.

Nothing of the user's is touched: the test makes its own workbook, in the add-in's own folder.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xlwings as xw

from hrdd import score
from hrdd.backtest import load_cases
from hrdd.columns import INPUT_BY_KEY
from hrdd.errors import HrddError
from hrdd_addin import excel, pane, record
from hrdd_addin.live import read_sheet
from hrdd_addin.pane import Line
from hrdd_addin.writing import readable, write_results
from hrdd_workbook.layout import TRANSACTIONS_SHEET
from hrdd_workbook.outputs import result_columns
from hrdd_workbook.read import read_transactions
from hrdd_workbook.results import ResultColumn
from hrdd_workbook.template import new_template
from hrdd_workbook.transactions import Transactions

RESULT = "hrdd self-test"
_AS_EXPECTED = "as expected"
_CASES = 20
_ID = "verdict_id"
_ODD_TEXTS = ("00123", "1E5", "12/3", "TRUE", "5%", "=1+1", "+49 30", "-x", "@SUM(A1)", "#N/A", "2024-01-01")
_STATE = ("screen_updating", "enable_events", "calculation", "status_bar")


class NotAsExpected(HrddError):
    """A check of the self-test that came out otherwise."""


@dataclass(frozen=True)
class Report:
    """How the checks came out, and on what."""

    lines: tuple[Line, ...]
    about: str
    path: Path

    @property
    def otherwise(self) -> list[str]:
        """The checks that came out otherwise, a sentence each."""
        return [line.text for line in self.lines if line.label != _AS_EXPECTED]

    @property
    def said(self) -> str:
        """All of it, short enough for a message box."""
        count = len(self.lines)
        passed = f"Self-test: {count - len(self.otherwise)} of {count} checks came out as expected. {self.about}."
        return f"{passed} They stand on sheet {RESULT} of {self.path}"


def run(app: xw.App, today: date) -> Report:
    """Run every check, and write them on a sheet of the test workbook."""
    path = _workbook()
    read = read_transactions(path)
    expected = result_columns(score(read.frame, today=today), read.previous)
    book = app.books.open(path)
    test = _Test(app, book.sheets[TRANSACTIONS_SHEET], read, expected)
    lines = [Line(_AS_EXPECTED if said is None else "OTHERWISE", f"{name}{said or ''}") for name, said in test.run()]
    about = f"Excel {app.version}, {platform.platform()}, hrdd {version('hrdd')}, xlwings {version('xlwings')}"
    pane.show(book, RESULT, "hrdd in this Excel", [*lines, Line("", about)])
    return Report(tuple(lines), about, path)


def _workbook() -> Path:
    """The template with documented cases, made anew."""
    cases = load_cases().head(_CASES)
    columns = {key: cases[key].tolist() for key in cases.columns if key in INPUT_BY_KEY}
    path = record.data_folder() / "hrdd self-test.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    return new_template(path, rows=_CASES + 10, columns=columns, overwrite=True)


@dataclass
class _Test:
    app: xw.App
    sheet: xw.Sheet
    read: Transactions
    expected: list[ResultColumn]
    before: dict[str, Any] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[str, str | None]]:
        """Each check with what came out otherwise, or None."""
        self.before = {name: getattr(self.app, name) for name in _STATE}
        for check in (self._reads, self._scores, self._marks, self._keeps, self._restores, self._undoes):
            yield (check.__doc__ or "").rstrip("."), _failure(check)

    def _reads(self) -> None:
        """Excel gives the same cells as the file."""
        live = read_sheet(self.sheet).transactions
        for key in self.read.frame.columns:
            if [*live.frame[key]] != [*self.read.frame[key]]:
                raise NotAsExpected(f'the column "{key}" differs')

    def _scores(self) -> None:
        """Every result cell holds what it holds when the file is scored outside Excel."""
        write_results(read_sheet(self.sheet), self.expected)
        for column in self.expected:
            if self._written(column.key) != readable(column):
                raise NotAsExpected(f'the column "{column.header}" differs')

    def _marks(self) -> None:
        """Result columns are known again, so a second scoring adds none."""
        before = read_sheet(self.sheet).used
        write_results(read_sheet(self.sheet), self.expected)
        if read_sheet(self.sheet).used.right != before.right:
            raise NotAsExpected("columns were added")

    def _keeps(self) -> None:
        """Text that looks like a number, a date or a formula stays text."""
        odd = [_ODD_TEXTS[at % len(_ODD_TEXTS)] for at in range(len(self.read.frame))]
        columns = [replace(c, values=odd) if c.key == _ID else c for c in self.expected]
        write_results(read_sheet(self.sheet), columns)
        if self._written(_ID) != odd:
            raise NotAsExpected("some did not")

    def _restores(self) -> None:
        """Redrawing, events, calculation and status bar are as they were."""
        for name, value in self.before.items():
            if getattr(self.app, name) != value:
                raise NotAsExpected(f"{name} is {getattr(self.app, name)} and was {value}")

    def _undoes(self) -> None:
        """The last scoring can be taken back."""
        record.undo(self.sheet.book)
        for column in self.expected:
            if self._written(column.key) != readable(column):
                raise NotAsExpected(f'the column "{column.header}" did not come back')

    def _written(self, key: str) -> list[Any] | None:
        """What the result column holds in the rows of transactions; None where it is not there."""
        live = read_sheet(self.sheet)
        at, rows = live.transactions.owned.get(key), live.transactions.row_numbers
        return None if at is None else live.column(at, int(rows[0]), int(rows[-1]))


def _failure(check: Callable[[], None]) -> str | None:
    """What a check found otherwise, as the end of a sentence."""
    try:
        check()
    except HrddError as error:
        return f": {error}"
    except Exception as error:  # noqa: BLE001  # a self-test tells everything and stops at nothing
        return f": {type(error).__name__}: {error}"
    return None


def in_new_excel(today: date) -> Report:
    """Run the test in an Excel of its own, which is closed again; its workbook is saved, with the sheet of results."""
    excel.tame()
    app = xw.App(visible=False, add_book=False)
    try:
        report = run(app, today)
        for book in app.books:
            book.save()
        return report
    finally:
        for book in list(app.books):
            book.close()
        app.quit()
