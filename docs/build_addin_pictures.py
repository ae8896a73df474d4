"""Render the pictures of the add-in's page: what its buttons leave in a workbook, as LibreOffice shows it.

The buttons are pressed in the double of Excel that the tests use, since there is no Excel where these are made. Needs
LibreOffice and poppler. Only copies are changed: columns are hidden and pages set up so that a sheet fits one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "addin" / "double"))

import engine  # noqa: E402
import xlwings as xw  # noqa: E402

from hrdd_addin.actions import Desk, act  # noqa: E402

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TODAY = date(2026, 11, 24)
SHOWN = {
    "Order no": 11, "Material description": 36, "Customer": 32, "Ship-to country": 15, "Intended use": 28,
    "HRDD rating": 12, "Disposition": 13, "Why this rating": 70,
}  # fmt: skip
HEADER, FIRST_ROW, ROW, LAST_ROW = 5, 15, 19, 21
_LINES = 30
Window = tuple[int, int, int, int]


class Yes:
    """A user who reads everything and wants to see the list."""

    def say(self, text: str) -> None:
        """Nothing to do."""

    def ask(self, text: str) -> bool:  # noqa: ARG002
        """Yes, please."""
        return True


def main() -> None:
    """Press the buttons, save, render."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        os.environ["HRDD_HOME"] = folder
        pressed(work / "orders.xlsx")
        render(work / "orders.xlsx", "addin-sheet", "Orders 2026-Q3", _orders, (75, 75, 1765, 440))
        render(work / "orders.xlsx", "addin-why", "hrdd why", _words, (75, 100, 1330, 940))
        render(work / "orders.xlsx", "addin-problems", "hrdd problems", _words, (75, 100, 1330, 320))


def pressed(path: Path) -> None:
    """The example quarter after Score sheet, with its problems shown, and after Why this rating? on one row."""
    session = engine.install().start()
    session.open(ROOT / "examples" / "orders-2026q3.xlsx")
    book = session.books[0]
    orders = book.active
    desk = Desk(xw.apps.active.books.active, TODAY, Yes())  # type: ignore[union-attr]
    act("score_sheet", desk)
    book.active, book.selection = orders, f"$A${ROW}"
    act("why", desk)
    book.save(str(path))


def render(path: Path, picture: str, name: str, prepare: Callable[[Worksheet], None], window: Window) -> None:
    """One sheet of the workbook as a picture beside this file."""
    book, copy = openpyxl.load_workbook(path), path.with_name(f"{picture}.xlsx")
    for other in book.worksheets:
        other.sheet_state = "visible" if other.title == name else "hidden"
    sheet = book[name]
    book.active = book.worksheets.index(sheet)
    prepare(sheet)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(copy)
    _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", copy.parent, copy)
    x, y, width, height = window
    cut = ("-x", x, "-y", y, "-W", width, "-H", height)
    page = ("-r", 115, "-f", 1, "-l", 1, "-singlefile", "-png")
    _run("pdftoppm", *page, *cut, copy.with_suffix(".pdf"), ROOT / "docs" / picture)


def _orders(sheet: Worksheet) -> None:
    for cell in sheet[HEADER]:
        dimension = sheet.column_dimensions[cell.column_letter]
        dimension.hidden, dimension.outlineLevel = cell.value not in SHOWN, 0
        dimension.width = SHOWN.get(str(cell.value), 8)
    for row in sheet.iter_rows(min_row=HEADER + 1, max_row=LAST_ROW):
        sheet.row_dimensions[row[0].row].height = 48
        sheet.row_dimensions[row[0].row].hidden = row[0].row < FIRST_ROW
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.print_area = f"A{HEADER}:{sheet.cell(1, sheet.max_column).column_letter}{LAST_ROW}"


def _words(sheet: Worksheet) -> None:
    """In Excel rows grow with their words; a file has to say how high they are."""
    for number, row in enumerate(sheet.iter_rows(max_row=_LINES, max_col=2), start=1):
        sheet.row_dimensions[number].height = 15 * max(1, *(len(textwrap.wrap(str(cell.value), 142)) for cell in row))
    sheet.print_area = f"A1:B{min(sheet.max_row, _LINES)}"


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
