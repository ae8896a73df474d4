"""Turns the styles of `hrdd_workbook.layout` into those of openpyxl, and sets pages up for print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties

from . import palette
from .palette import Style, Tint

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HAIR = Side(style="thin", color=palette.RULE_COLOUR)
WHITE_LINE = Side(style="thin", color="FFFFFF")
_A3, _A4 = 8, 9


def font(style: Style, size: float = palette.FONT_SIZE) -> Font:
    """The font of a style; sizes are in points."""
    return Font(name=palette.FONT, size=size, bold=style.bold, italic=style.italic, color=style.ink)


def paint(cell: Any, style: Style) -> None:
    """Give a cell the ink and the paper of a style. `Any`: openpyxl has two classes of cells."""
    cell.font = font(style)
    if style.fill is not None:
        cell.fill = PatternFill("solid", fgColor=style.fill)


def word_rule(tint: Tint, word: str | None = None) -> Rule:
    """A conditional format for the cells that hold just this word, or the word that stands for it."""
    return Rule(type="cellIs", operator="equal", formula=[f'"{word or tint.word}"'], dxf=_overlay(tint.style))


def formula_rule(formula: str, style: Style, *, alone: bool = False, edged: bool = False) -> Rule:
    """A conditional format for the cells for which `formula`, written for the first of them, is true.

    With `alone` no later rule adds anything to such a cell; with `edged` a frame shows it without colour.
    """
    look = _overlay(style)
    if edged:
        side = Side(style="dashed", color=style.ink)
        look.border = Border(left=side, right=side, top=side, bottom=side)
    return Rule(type="expression", formula=[formula], dxf=look, stopIfTrue=alone or None)


def duplicate_rule(style: Style) -> Rule:
    """A conditional format for values that occur more than once."""
    return Rule(type="duplicateValues", dxf=_overlay(style))


def _overlay(style: Style) -> DifferentialStyle:
    """The look that a conditional format lays over a cell; there, a fill's colour is its background."""
    ink = Font(bold=style.bold, italic=style.italic, color=style.ink)
    return DifferentialStyle(font=ink, fill=PatternFill(bgColor=style.fill, fill_type="solid") if style.fill else None)


def set_print(sheet: Worksheet, *, landscape: bool, large: bool = False) -> None:
    """Print on A4 (or A3 when `large`), as wide as the page, with the sheet's name and page numbers below."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = _A3 if large else _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text="&A"), right=_HeaderFooterPart(text="&P / &N")
    )


class _FittedRow(RowDimension):
    """A row whose height is a first guess: Excel and LibreOffice fit it anew when its text changes."""

    @property
    def customHeight(self) -> bool:  # noqa: N802  # openpyxl's name
        return False


def fit_row(sheet: Worksheet, row: int, height: float) -> None:
    """Give a row a height in points that stays automatic."""
    sheet.row_dimensions[row] = _FittedRow(sheet, index=row, ht=height)
