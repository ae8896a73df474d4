"""Draws the sheets that are read and not filled in: the guide, the list of flags, the hidden lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from . import guide, layout
from .layout import Style
from .looks import HAIR, font, paint, set_print

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LABEL, _TEXT = 2, 3
_LABEL_WIDTH, _TEXT_WIDTH = 18, 98
_BOLD = Style(layout.BODY.ink, bold=True)


def draw_guide(sheet: Worksheet) -> None:
    """Write the sheet that a reader meets first."""
    sheet.title = layout.START_SHEET
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = layout.BAND_STYLES["review"].fill
    for letter, width in zip("ABCD", (3, _LABEL_WIDTH, _TEXT_WIDTH, 3), strict=True):
        sheet.column_dimensions[letter].width = width
    row = _title(sheet, 2)
    row = _steps(sheet, row + 1)
    for legend in guide.LEGENDS:
        row = _legend(sheet, legend, row + 1)
    _remarks(sheet, row + 1)
    set_print(sheet, landscape=False)


def _title(sheet: Worksheet, row: int) -> int:
    sheet.cell(row, _LABEL, guide.TITLE).font = font(layout.TITLE, 20)
    sheet.row_dimensions[row].height = 30
    sheet.cell(row + 1, _LABEL, guide.LEAD).font = font(layout.QUIET, 12)
    return row + 2


def _heading(sheet: Worksheet, row: int, text: str) -> None:
    sheet.cell(row, _LABEL, text).font = font(layout.TITLE, 13)
    for column in (_LABEL, _TEXT):
        sheet.cell(row, column).border = Border(bottom=HAIR)
    sheet.row_dimensions[row].height = 24


def _line(sheet: Worksheet, row: int, label: str, text: str) -> None:
    """Write a label and its text, the row as high as the text needs at the width of its column."""
    paint(sheet.cell(row, _LABEL, label), _BOLD)
    paint(sheet.cell(row, _TEXT, text), layout.BODY)
    sheet.cell(row, _LABEL).alignment = Alignment(vertical="center", wrap_text=True)
    sheet.cell(row, _TEXT).alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    lines = max(-(-len(text) // (_TEXT_WIDTH + 6)), -(-len(label) // (_LABEL_WIDTH + 1)))
    sheet.row_dimensions[row].height = layout.LINE_HEIGHT * lines + 6


def _steps(sheet: Worksheet, row: int) -> int:
    _heading(sheet, row, "Three steps")
    for number, step in enumerate(guide.STEPS, start=1):
        _line(sheet, row + number, f"{number}  {step.title}", step.text)
    return row + 1 + len(guide.STEPS)


def _legend(sheet: Worksheet, legend: guide.Legend, row: int) -> int:
    _heading(sheet, row, legend.title)
    for offset, meaning in enumerate(legend.meanings, start=1):
        _line(sheet, row + offset, meaning.word, meaning.text)
        tint = next(t for t in layout.TINTS[meaning.family] if t.word == meaning.word)
        paint(sheet.cell(row + offset, _LABEL), tint.style)
        sheet.cell(row + offset, _LABEL).alignment = Alignment(horizontal="center", vertical="center")
    return row + 1 + len(legend.meanings)


def _remarks(sheet: Worksheet, row: int) -> None:
    _heading(sheet, row, "Please note")
    for offset, remark in enumerate(guide.REMARKS, start=1):
        _line(sheet, row + offset, remark.title, remark.text)


def draw_flags(book: Workbook) -> None:
    """Write one line for every red flag of the shipped rules: what it finds, and how well it is confirmed."""
    sheet = book.create_sheet(layout.FLAGS_SHEET)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = layout.BAND_STYLES["result"].fill
    paint(sheet.cell(1, 1, guide.FLAGS_NOTE), layout.QUIET)
    for index, (header, width) in enumerate(guide.FLAG_COLUMNS, start=1):
        head = sheet.cell(2, index, header)
        paint(head, layout.BAND_STYLES["input"])
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row, line in enumerate(guide.flag_lines(), start=3):
        for index, text in enumerate(line, start=1):
            cell = sheet.cell(row, index, text)
            paint(cell, layout.BODY)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = Border(bottom=HAIR)
        widths = (width for _, width in guide.FLAG_COLUMNS)
        lines = max(-(-len(text) // int(width + 2)) for text, width in zip(line, widths, strict=True))
        sheet.row_dimensions[row].height = layout.LINE_HEIGHT * lines + 3
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    set_print(sheet, landscape=True)


def draw_lists(book: Workbook) -> None:
    """Write the values of the drop-downs on a hidden sheet, each list under its workbook-wide name."""
    sheet = book.create_sheet(layout.LISTS_SHEET)
    sheet.sheet_state = "hidden"
    for index, choices in enumerate(layout.LISTS, start=1):
        letter = get_column_letter(index)
        paint(sheet.cell(1, index, choices.title), layout.HEADER_STYLES["input"])
        for row, value in enumerate(choices.values, start=2):
            sheet.cell(row, index, value).number_format = layout.TEXT_FORMAT
        sheet.column_dimensions[letter].width = 28
        where = f"'{layout.LISTS_SHEET}'!${letter}$2:${letter}${len(choices.values) + 1}"
        book.defined_names[choices.defined_name] = DefinedName(choices.defined_name, attr_text=where)
