"""Builds the transactions workbook from `hrdd_workbook.layout` and `hrdd_workbook.guide`.

The same call gives the same bytes: nothing is read from the clock, the machine or the order of a set.

Four result columns stand in the empty template already: rating and disposition beside the id, where a reader
looks first, and the reasons right of the essentials. Scoring fills them in place; a writer that does not
rewrite the sheet could only add them at the far right. All other results are added there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.packaging.custom import IntProperty
from openpyxl.styles import Alignment, Border, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from hrdd.errors import HrddError

from . import guide, layout
from .guide_sheets import draw_flags, draw_guide, draw_lists
from .hints import not_listed
from .layout import FIELDS, Field
from .looks import HAIR, WHITE_LINE, duplicate_rule, fit_row, font, formula_rule, paint, set_print, word_rule
from .timeless import write_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: A row to pour in: column key -> value.
Record = Mapping[str, object]


class TemplateExists(HrddError):
    """The file that a template was to be written to is there already."""


def new_template(path: str | os.PathLike[str], *, rows: int = layout.ROWS, overwrite: bool = False) -> Path:
    """Write an empty transactions workbook with room for `rows` orders, and return its path.

    The file appears whole or not at all. Raises TemplateExists when `path` is taken, unless `overwrite`.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        raise TemplateExists(f"{target} exists already; choose another name, or say that it may be overwritten.")
    book = transactions_workbook(rows=rows)
    draw_flags(book)
    return write_workbook(target, book)


def transactions_workbook(*, rows: int = layout.ROWS, records: Sequence[Record] = ()) -> Workbook:
    """Build the workbook in memory: guide, transactions (with `records` poured in) and hidden lists."""
    book = Workbook()
    draw_guide(_first_sheet(book))
    _draw_transactions(book.create_sheet(layout.TRANSACTIONS_SHEET), max(rows, len(records), 1), records)
    draw_lists(book)
    book.properties.creator = "hrdd"
    book.properties.title = guide.TITLE
    version = IntProperty(name="hrdd_layout", value=layout.LAYOUT_VERSION)
    book.custom_doc_props.append(version)  # type: ignore[attr-defined]  # newer than the stubs
    return book


def _first_sheet(book: Workbook) -> Worksheet:
    sheet: Worksheet = book.worksheets[0]
    return sheet


def _draw_transactions(sheet: Worksheet, rows: int, records: Sequence[Record]) -> None:
    for index, field in enumerate(FIELDS, start=1):
        _draw_column(sheet, index, field)
        _draw_head(sheet, index, field)
        _add_hint(sheet, index, field)
    sheet.row_dimensions[layout.BAND_ROW].height = layout.BAND_HEIGHT
    sheet.row_dimensions[layout.HEADER_ROW].height = layout.HEADER_HEIGHT
    _pour(sheet, records)
    _add_table(sheet, layout.HEADER_ROW + rows)
    _add_tints(sheet)
    _set_view(sheet)


def _draw_column(sheet: Worksheet, index: int, field: Field) -> None:
    """Give a whole column its width, fold and look, so that every row below the header has them."""
    column = sheet.column_dimensions[get_column_letter(index)]
    column.width = field.width
    column.outlineLevel = field.level
    column.hidden = field.hidden
    following = FIELDS[index] if index < len(FIELDS) else None
    column.collapsed = bool(not field.hidden and following and following.hidden)
    _style(column, field)


def _style(target: Any, field: Field) -> None:
    """Give a column or a cell the look of its field. `Any`: both can be styled, but share no public class."""
    target.font = font(layout.BODY)
    side = layout.SIDES.get(field.family)
    target.alignment = Alignment(horizontal=side, vertical="top", wrap_text=field.wrap)
    target.border = Border(bottom=HAIR)
    target.number_format = field.number_format


def _draw_head(sheet: Worksheet, index: int, field: Field) -> None:
    first = field.key == field.band.keys[0]
    above = sheet.cell(layout.BAND_ROW, index, field.band.title if first else None)
    paint(above, layout.BAND_STYLES[field.band.tone])
    above.alignment = Alignment(vertical="center")
    above.border = Border(left=WHITE_LINE if first else None)
    head = sheet.cell(layout.HEADER_ROW, index, field.header)
    if field.band.tone == "result":
        _mark_as_ours(head)
    paint(head, layout.REQUIRED_HEADER if field.required else layout.HEADER_STYLES[field.band.tone])
    head.alignment = Alignment(vertical="top", wrap_text=True)
    head.border = Border(left=WHITE_LINE, bottom=HAIR)


def _mark_as_ours(head: Any) -> None:
    """Put the named style on a result header, by which the writer tells its columns from a user's."""
    book = head.parent.parent
    if layout.RESULT_MARK not in book.named_styles:
        book.add_named_style(NamedStyle(name=layout.RESULT_MARK))
    head.style = layout.RESULT_MARK


def _below_header(index: int) -> str:
    letter = get_column_letter(index)
    return f"{letter}{layout.FIRST_ROW}:{letter}{layout.LAST_SHEET_ROW}"


def _add_hint(sheet: Worksheet, index: int, field: Field) -> None:
    """Attach the drop-down or the expected kind of value, which warn and never block, and the hint."""
    rule = _expected(field)
    rule.promptTitle, rule.prompt, rule.showInputMessage = field.hint_title, field.hint, True
    rule.allow_blank = True
    rule.add(_below_header(index))
    sheet.add_data_validation(rule)


def _expected(field: Field) -> DataValidation:
    if field.choices is not None:
        rule = DataValidation(type="list", formula1=field.choices.defined_name)
        return _warn(rule, not_listed(field.family))
    if field.key == "owner_share":
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
        return _warn(rule, "A share is a number from 0 to 100. Keep it?")
    if field.family == "number":
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
        return _warn(rule, "A number of 0 or more is expected. Keep it?")
    if field.family == "date":
        rule = DataValidation(type="date", operator="between", formula1="32874", formula2="73051")
        return _warn(rule, "A date from 1990 on is expected, such as 2026-07-31. Keep it?")
    return DataValidation()


def _warn(rule: DataValidation, sentence: str) -> DataValidation:
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.errorTitle, rule.error = "Please check", sentence
    return rule


def _add_table(sheet: Worksheet, last: int) -> None:
    """Make the rows a table. Its columns are named here: openpyxl would make a cell of every empty place."""
    area = f"A{layout.HEADER_ROW}:{get_column_letter(len(FIELDS))}{last}"
    table = Table(displayName=layout.TABLE_NAME, ref=area)
    table.autoFilter = AutoFilter(ref=area)
    table.tableColumns = [TableColumn(id=index, name=field.header) for index, field in enumerate(FIELDS, start=1)]
    table.tableStyleInfo = TableStyleInfo(name=layout.TABLE_STYLE, showRowStripes=True)
    sheet.add_table(table)


def _add_tints(sheet: Worksheet) -> None:
    for family, tints in layout.TINTS.items():
        ranges = " ".join(_below_header(i) for i, f in enumerate(FIELDS, start=1) if f.family == family)
        for tint in tints if ranges else ():
            sheet.conditional_formatting.add(ranges, word_rule(tint))
    first = layout.FIRST_ROW
    begun = f"COUNTA($A{first}:${get_column_letter(layout.PRINTED_COLUMNS)}{first})>0"
    for index, field in enumerate(FIELDS, start=1):
        if field.required:
            blank = f"LEN(TRIM({get_column_letter(index)}{first}))=0"
            missing = formula_rule(f"AND({begun},{blank})", layout.MISSING)
            sheet.conditional_formatting.add(_below_header(index), missing)
    sheet.conditional_formatting.add(_below_header(1), duplicate_rule(layout.DUPLICATE))


def _set_view(sheet: Worksheet) -> None:
    """Freeze, fold and print: the columns that are always in sight, one page wide, the header on each page."""
    sheet.freeze_panes = f"{get_column_letter(layout.FROZEN_COLUMNS + 1)}{layout.FIRST_ROW}"
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    sheet.sheet_properties.tabColor = layout.BAND_STYLES["input"].fill
    sheet.print_title_rows = f"{layout.BAND_ROW}:{layout.HEADER_ROW}"
    sheet.print_area = f"A1:{get_column_letter(layout.PRINTED_COLUMNS)}{layout.LAST_SHEET_ROW}"
    set_print(sheet, landscape=True, large=True)


def _pour(sheet: Worksheet, records: Sequence[Record]) -> None:
    """Write records below the header, each cell in the look of its column, each row high enough."""
    for row, record in enumerate(records, start=layout.FIRST_ROW):
        values = {key: value for key, value in record.items() if value not in (None, "")}
        for index, field in enumerate(FIELDS, start=1):
            cell = sheet.cell(row, index)
            cell.value = values.get(field.key)  # type: ignore[assignment]  # a scalar, by the caller's promise
            _style(cell, field)
        fit_row(sheet, row, layout.row_height({key: str(value) for key, value in values.items()}))
