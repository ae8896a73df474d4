"""Draws the sheet that a reader meets first: three steps, the words, the sheets, what this is not, the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.hyperlink import Hyperlink

from hrdd.translations import languages

from .. import guide, layout, palette
from ..design import Design
from ..looks import HAIR, font, paint, set_print
from ..palette import Style

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Six equal columns: two for each step, three for each half.
_FIRST, _HALF, _END, _WIDTH = 2, 5, 7, 21.0
_BOLD = Style(palette.BODY.ink, bold=True)
_LINK = Style(palette.LINK.ink, bold=True)
_GAP = Side(style="thick", color="FFFFFF")
#: A label and what it says.
Line = tuple[str, str]
Finish = Callable[[int, int, str], None]


def draw_start(book: Workbook, design: Design) -> None:
    """Write the guide on the first sheet of a new workbook."""
    sheet: Worksheet = book.worksheets[0]
    sheet.title = design.say(layout.START_SHEET)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = palette.BAND_STYLES["review"].fill
    for column in range(1, _END + 2):
        sheet.column_dimensions["ABCDEFGH"[column - 1]].width = _WIDTH if _FIRST <= column <= _END else 2.5
    page = _Page(sheet, design)
    page.title(2)
    row = page.steps(5)
    below = [page.legend(row, _FIRST, guide.LEGENDS[0]), page.legend(row, _HALF, guide.LEGENDS[1])]
    row = max(below)
    row = max(page.legend(row, _FIRST, guide.LEGENDS[2]), page.sheets(row, _HALF))
    row = page.remarks(row)
    page.data(row)
    set_print(sheet, landscape=True)


class _Page:
    """The sheet while it is drawn, from top to bottom; each part returns the row below it."""

    def __init__(self, sheet: Worksheet, design: Design) -> None:
        self.sheet, self.design, self.say = sheet, design, design.say

    def put(
        self, row: int, left: int, right: int, text: str, style: Style, size: float = 11, side: str = "left"
    ) -> None:
        """Write a text over some columns of a row, wrapped, in the middle of its height."""
        for column in range(left, right + 1):
            paint(self.sheet.cell(row, column), style)
        cell = self.sheet.cell(row, left, text)
        cell.font = font(style, size)
        cell.alignment = Alignment(
            horizontal=side, vertical="center", wrap_text=True, indent=1 if side == "left" else 0
        )
        if right > left:
            self.sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=right)

    def high(self, row: int, lines: float, more: float = 8) -> None:
        """Make a row high enough for so many lines, if it is not already."""
        wanted, dimension = layout.LINE_HEIGHT * lines + more, self.sheet.row_dimensions[row]
        dimension.height = max(wanted, dimension.height or 0)

    def title(self, row: int) -> None:
        self.put(row, _FIRST, _END, self.say(guide.TITLE), palette.TITLE, 22)
        self.put(row + 1, _FIRST, _END, self.say(guide.LEAD), palette.QUIET, 12)
        self.high(row, 2, 4)
        self.high(row + 1, 1)

    def steps(self, row: int) -> int:
        """The three steps as cards beside each other."""
        head = Style(palette.BAND_STYLES["input"].ink, palette.BAND_STYLES["input"].fill, bold=True)
        body = Style(palette.BODY.ink, palette.HEADER_STYLES["input"].fill)
        for number, step in enumerate(guide.STEPS):
            left, text = _FIRST + 2 * number, self.say(step.text)
            self.put(row, left, left + 1, f"{number + 1}   {self.say(step.title)}", head, 13)
            self.put(row + 1, left, left + 1, text, body)
            self.sheet.cell(row + 1, left).alignment = Alignment(
                vertical="top", wrap_text=True, horizontal="left", indent=1
            )
            self.high(row + 1, lines_of(text, 2 * _WIDTH - 3), 14)
            for at in (row, row + 1):
                self.sheet.cell(at, left).border = Border(left=_GAP if number else None)
        self.high(row, 1, 12)
        return row + 3

    def heading(self, row: int, left: int, right: int, text: str) -> None:
        self.put(row, left, right, self.say(text), palette.TITLE, 13)
        for column in range(left, right + 1):
            self.sheet.cell(row, column).border = Border(bottom=HAIR)
        self.high(row, 1, 9)

    def lines(self, row: int, left: int, right: int, lines: Sequence[Line], finish: Finish) -> int:
        """Labels in the first column and texts over the others; `finish` gives each label its look."""
        for at, (label, text) in enumerate(lines, start=row):
            self.put(at, left, left, label, _BOLD)
            self.put(at, left + 1, right, text, palette.BODY)
            width = _WIDTH * (right - left)
            self.high(at, max(lines_of(text, width), lines_of(label, _WIDTH - 2)))
            finish(at, left, label)
        return row + len(lines)

    def legend(self, row: int, left: int, legend: guide.Legend) -> int:
        """The words of one kind of column, each in its look."""
        tints = {tint.word: tint.style for tint in palette.TINTS[legend.meanings[0].family]}

        def in_its_look(at: int, column: int, label: str) -> None:
            paint(self.sheet.cell(at, column), tints[label.rsplit("  ", maxsplit=1)[-1]])
            self.sheet.cell(at, column).alignment = Alignment(horizontal="center", vertical="center")
            self.sheet.cell(at, column).border = Border(top=_GAP, bottom=_GAP)

        self.heading(row, left, left + 2, legend.title)
        lines = [(f"{meaning.glyph}  {meaning.word}".strip(), self.say(meaning.text)) for meaning in legend.meanings]
        return self.lines(row + 1, left, left + 2, lines, in_its_look) + 1

    def sheets(self, row: int, left: int) -> int:
        """What each sheet is for, with a link to it."""

        def as_link(at: int, column: int, label: str) -> None:
            cell = self.sheet.cell(at, column)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{label}'!A1", display=label)
            cell.font = font(_LINK)

        self.heading(row, left, left + 2, "The sheets")
        lines = [(self.say(name), self.say(text)) for name, text in guide.SHEETS]
        return self.lines(row + 1, left, left + 2, lines, as_link) + 1

    def remarks(self, row: int) -> int:
        """What must be said of the rating and of this workbook."""
        self.heading(row, _FIRST, _END, "Please note")
        remarks = (*guide.REMARKS, *(() if languages()[self.design.language].reviewed else (guide.UNREVIEWED,)))
        lines = [(self.say(remark.title), self.say(remark.text)) for remark in remarks]
        return self.lines(row + 1, _FIRST, _END, lines, lambda *_: None) + 1

    def data(self, row: int) -> None:
        """The data that decided when this workbook was made, each with its date, in two halves."""
        from hrdd.reference import load_reference

        self.heading(row, _FIRST, _END, "The data and their dates")
        lines = [(f"{p.date:%Y-%m-%d}", f"{p.title} ({p.publisher})") for p in load_reference().passports]
        middle = -(-len(lines) // 2)
        self.lines(row + 1, _FIRST, _HALF - 1, lines[:middle], lambda *_: None)
        self.lines(row + 1, _HALF, _END, lines[middle:], lambda *_: None)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, wide letters counted twice."""
    wide = sum(ord(letter) > 0x2E7F for letter in text)
    return -(-int((len(text) + wide) * 0.88) // max(int(width), 1)) or 1
