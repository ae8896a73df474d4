"""Draws the sheet that a reader meets first: three steps, the words, the sheets, what this is not, the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from hrdd.translations import languages

from .. import guide, layout, palette
from ..design import Design
from ..looks import HAIR, font, paint, set_print
from ..palette import Style

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Three blocks beside each other, each of a label and a text, with a gutter after it; they begin in these columns.
_BLOCKS, _LABEL, _TEXT, _GUTTER = (2, 5, 8), 13.0, 36.0, 2.5
_FIRST, _END = _BLOCKS[0], _BLOCKS[-1] + 1
_BOLD = Style(palette.BODY.ink, bold=True)
_LINK = Style(palette.LINK.ink, bold=True)
_GAP = Side(style="thick", color="FFFFFF")
Finish = Callable[[int, str], None]


def draw_start(book: Workbook, design: Design) -> None:
    """Write the guide on the first sheet of a new workbook."""
    sheet: Worksheet = book.worksheets[0]
    sheet.title = design.say(layout.START_SHEET)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = palette.BAND_STYLES["review"].fill
    for column in range(1, _END + 2):
        sheet.column_dimensions[get_column_letter(column)].width = _width(column)
    page = _Page(sheet, design)
    page.title(2)
    row = page.steps(5)
    row = max(page.legend(row, left, legend) for left, legend in zip(_BLOCKS, guide.LEGENDS, strict=True))
    sheet.row_breaks.append(Break(id=row - 1))
    page.data(page.remarks(page.sheets(row)))
    set_print(sheet, landscape=True)


def _width(column: int, to: int | None = None) -> float:
    """How wide a column is, or those up to another one together."""
    if to is not None:
        return sum(map(_width, range(column, to + 1)))
    return _LABEL if column in _BLOCKS else _TEXT if column - 1 in _BLOCKS else _GUTTER


class _Page:
    """The sheet while it is drawn, from top to bottom; each part returns the row below it."""

    def __init__(self, sheet: Worksheet, design: Design) -> None:
        self.sheet, self.design, self.say = sheet, design, design.say

    def put(self, row: int, left: int, right: int, text: str, style: Style, size: float = 11, more: float = 6) -> None:
        """Write a text over some columns of a row, wrapped, in the middle of a row that is high enough for it."""
        for column in range(left, right + 1):
            paint(self.sheet.cell(row, column), style)
        cell = self.sheet.cell(row, left, text)
        cell.font = font(style, size)
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        if right > left:
            self.sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=right)
        self.high(row, lines_of(text, (_width(left, right) - 1) * 11 / size) * size / 11, more)

    def high(self, row: int, lines: float, more: float) -> None:
        """Make a row high enough for so many lines, if it is not already."""
        wanted, dimension = layout.LINE_HEIGHT * lines + more, self.sheet.row_dimensions[row]
        dimension.height = max(wanted, dimension.height or 0)

    def title(self, row: int) -> None:
        self.put(row, _FIRST, _END, self.say(guide.TITLE), palette.TITLE, 22)
        self.put(row + 1, _FIRST, _END, self.say(guide.LEAD), palette.QUIET, 12)

    def steps(self, row: int) -> int:
        """The three steps as cards beside each other; a low row keeps their texts from their heads."""
        head, body = palette.BAND_STYLES["input"], Style(palette.BODY.ink, palette.HEADER_STYLES["input"].fill)
        for number, (left, step) in enumerate(zip(_BLOCKS, guide.STEPS, strict=True), start=1):
            self.put(row, left, left + 1, f"{number}   {self.say(step.title)}", head, 13, more=12)
            for column in (left, left + 1):
                paint(self.sheet.cell(row + 1, column), body)
            self.put(row + 2, left, left + 1, self.say(step.text), body)
            self.sheet.cell(row + 2, left).alignment = Alignment(
                horizontal="left", vertical="top", wrap_text=True, indent=1
            )
        self.sheet.row_dimensions[row + 1].height = 6
        return row + 4

    def heading(self, row: int, left: int, right: int, text: str) -> None:
        self.put(row, left, right, self.say(text), palette.TITLE, 13, more=9)
        for column in range(left, right + 1):
            self.sheet.cell(row, column).border = Border(bottom=HAIR)

    def legend(self, row: int, left: int, legend: guide.Legend) -> int:
        """The words of one kind of column, each in its look."""
        tints = {tint.word: tint.style for tint in palette.TINTS[legend.meanings[0].family]}
        self.heading(row, left, left + 1, legend.title)
        for at, meaning in enumerate(legend.meanings, start=row + 1):
            self.put(at, left, left, f"{meaning.glyph}  {meaning.word}".strip(), tints[meaning.word])
            self.sheet.cell(at, left).alignment = Alignment(horizontal="center", vertical="center")
            self.sheet.cell(at, left).border = Border(bottom=_GAP)
            self.put(at, left + 1, left + 1, self.say(meaning.text), palette.BODY)
        return row + len(legend.meanings) + 2

    def lines(self, row: int, heading: str, lines: Iterable[tuple[str, str]], finish: Finish) -> int:
        """Under a heading, labels in the first block and texts over the others; `finish` gives a label its look."""
        self.heading(row, _FIRST, _END, heading)
        for label, text in lines:
            row += 1
            self.put(row, _FIRST, _FIRST + 1, label, _BOLD, more=4)
            self.put(row, _BLOCKS[1], _END, text, palette.BODY, more=4)
            finish(row, label)
        return row + 2

    def sheets(self, row: int) -> int:
        """What each sheet is for, with a link to it."""

        def as_link(at: int, label: str) -> None:
            cell = self.sheet.cell(at, _FIRST)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{label}'!A1", display=label)
            cell.font = font(_LINK)

        return self.lines(row, "The sheets", ((self.say(name), self.say(text)) for name, text in guide.SHEETS), as_link)

    def remarks(self, row: int) -> int:
        """What must be said of the rating and of this workbook."""
        remarks = (*guide.REMARKS, *(() if languages()[self.design.language].reviewed else (guide.UNREVIEWED,)))
        lines = ((self.say(remark.title), self.say(remark.text)) for remark in remarks)
        return self.lines(row, "Please note", lines, lambda *_: None)

    def data(self, row: int) -> None:
        """The data that decided when this workbook was made, each with its date and its publisher."""
        from hrdd.reference import load_reference

        self.heading(row, _FIRST, _END, "The data and their dates")
        for at, passport in enumerate(load_reference().passports, start=row + 1):
            self.put(at, _FIRST, _FIRST, f"{passport.date:%Y-%m-%d}", palette.BODY, more=3)
            self.put(at, _FIRST + 1, _BLOCKS[1] + 1, passport.title, palette.BODY, more=3)
            self.put(at, _BLOCKS[2], _END, passport.publisher, palette.QUIET, more=3)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, wide letters counted twice."""
    wide = sum(ord(letter) > 0x2E7F for letter in text)
    return -(-int((len(text) + wide) * 0.88) // max(int(width), 1)) or 1
