"""Builds the empty transactions workbook from `hrdd_workbook.layout` and `hrdd_workbook.guide`.

The same call gives the same bytes: nothing is read from the clock, the machine or the order of a set.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import IntProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from hrdd.errors import HrddError

from . import guide, layout
from .layout import FIELDS, Field, Style, Tint

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: A row to pour in: column key -> value.
Record = Mapping[str, object]

#: Every time stamp inside the file: the day of the guidance. Zip cannot express a missing time.
_STAMP = dt.datetime(2020, 9, 30, tzinfo=dt.UTC)
_HAIR = Side(style="thin", color=layout.RULE_COLOUR)
_WHITE_SIDE = Side(style="thin", color="FFFFFF")


class TemplateExists(HrddError):
    """The file that a template was to be written to is there already."""


def new_template(path: str | os.PathLike[str], *, rows: int = layout.ROWS, overwrite: bool = False) -> Path:
    """Write an empty transactions workbook with room for `rows` orders, and return its path.

    The file appears whole or not at all. Raises TemplateExists when `path` is taken, unless `overwrite`.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        raise TemplateExists(
            f"{target} exists already; choose another name, or say that it may be overwritten."
        )
    return write_workbook(target, transactions_workbook(rows=rows))


def transactions_workbook(*, rows: int = layout.ROWS, records: Sequence[Record] = ()) -> Workbook:
    """Build the workbook in memory: guide, transactions (with `records` poured in) and hidden lists."""
    book = Workbook()
    start = book.active
    assert start is not None  # noqa: S101  # a new openpyxl workbook always has one sheet
    _draw_guide(start)
    sheet = book.create_sheet(layout.TRANSACTIONS_SHEET)
    _draw_transactions(sheet, max(rows, len(records), 1))
    _pour(sheet, records)
    _draw_lists(book)
    _describe(book)
    return book


def write_workbook(target: Path, book: Workbook) -> Path:
    """Write `book` with fixed time stamps, beside the target first, then in its place."""
    raw = io.BytesIO()
    book.save(raw)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            _write_timeless(raw, out)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def _umask() -> int:
    """Read the mask for new files, which mkstemp overrides; the system offers no other way than to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_timeless(raw: io.BytesIO, out: io.BufferedWriter) -> None:
    """Copy a workbook, its members in their order, with one time stamp everywhere."""
    stamp = _STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            member = zipfile.ZipInfo(name, _STAMP.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            zipped.writestr(member, content)


def _describe(book: Workbook) -> None:
    about = book.properties
    about.creator = "hrdd"
    about.title = guide.TITLE
    about.created = about.modified = _STAMP.replace(tzinfo=None)
    book.custom_doc_props.append(  # type: ignore[attr-defined]  # newer than its stubs
        IntProperty(name="hrdd_layout", value=layout.LAYOUT_VERSION)
    )


# --- the sheet of transactions ------------------------------------------------------------------------------


def _draw_transactions(sheet: Worksheet, rows: int) -> None:
    last = layout.HEADER_ROW + rows
    for index, field in enumerate(FIELDS, start=1):
        _draw_column(sheet, index, field)
        _draw_head(sheet, index, field)
        _add_hint(sheet, index, field)
    sheet.row_dimensions[layout.BAND_ROW].height = layout.BAND_HEIGHT
    sheet.row_dimensions[layout.HEADER_ROW].height = layout.HEADER_HEIGHT
    _add_table(sheet, last)
    _add_tints(sheet)
    _set_view(sheet)
    _set_print(sheet, last)


def _draw_column(sheet: Worksheet, index: int, field: Field) -> None:
    """Give a whole column its width, fold and look, so that every row below the header has them."""
    column = sheet.column_dimensions[get_column_letter(index)]
    column.width = field.width
    column.outlineLevel = field.level
    column.hidden = field.hidden
    following = FIELDS[index] if index < len(FIELDS) else None
    column.collapsed = bool(not field.hidden and following and following.hidden)
    column.font = _font(layout.BODY)
    column.alignment = Alignment(vertical="top", wrap_text=field.wrap)
    column.number_format = field.number_format


def _draw_head(sheet: Worksheet, index: int, field: Field) -> None:
    first = field.key == field.band.keys[0]
    above = sheet.cell(layout.BAND_ROW, index, field.band.title if first else None)
    _paint(above, layout.BAND_STYLES[field.band.tone])
    above.alignment = Alignment(vertical="center")
    above.border = Border(left=_WHITE_SIDE if first else None)
    head = sheet.cell(layout.HEADER_ROW, index, field.header)
    _paint(head, layout.REQUIRED_HEADER if field.required else layout.HEADER_STYLES[field.band.tone])
    head.alignment = Alignment(vertical="top", wrap_text=True)
    head.border = Border(left=_WHITE_SIDE, bottom=_HAIR)


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
        return _warn(rule, "This is not in the list. It will be read as unknown, and reported. Keep it?")
    if field.key == "owner_share":
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
        return _warn(rule, "A share is a number from 0 to 100. Keep it?")
    if field.family == "number":
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
        return _warn(rule, "A number of 0 or more is expected. Keep it?")
    if field.family == "date" and field.band.tone != "result":
        rule = DataValidation(type="date", operator="between", formula1="32874", formula2="73051")
        return _warn(rule, "A date from 1990 on is expected, such as 2026-07-31. Keep it?")
    return DataValidation()


def _warn(rule: DataValidation, sentence: str) -> DataValidation:
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.errorTitle, rule.error = "Please check", sentence
    return rule


def _add_table(sheet: Worksheet, last: int) -> None:
    table = Table(
        displayName=layout.TABLE_NAME, ref=f"A{layout.HEADER_ROW}:{get_column_letter(len(FIELDS))}{last}"
    )
    table.tableStyleInfo = TableStyleInfo(name=layout.TABLE_STYLE, showRowStripes=True)
    sheet.add_table(table)


def _add_tints(sheet: Worksheet) -> None:
    first, last = layout.FIRST_ROW, layout.LAST_SHEET_ROW
    for family, tints in layout.TINTS.items():
        ranges = " ".join(_below_header(i) for i, f in enumerate(FIELDS, start=1) if f.family == family)
        for tint in tints if ranges else ():
            sheet.conditional_formatting.add(ranges, _tint_rule(tint))
    begun = f"COUNTA($A{first}:${get_column_letter(layout.PRINTED_COLUMNS)}{first})>0"
    for index, field in enumerate(FIELDS, start=1):
        if field.required:
            blank = f"LEN(TRIM({get_column_letter(index)}{first}))=0"
            sheet.conditional_formatting.add(
                _below_header(index), _formula_rule(f"AND({begun},{blank})", layout.MISSING)
            )
    twice = Rule(type="duplicateValues", dxf=_look(layout.DUPLICATE))
    sheet.conditional_formatting.add(f"A{first}:A{last}", twice)


def _tint_rule(tint: Tint) -> Rule:
    return Rule(type="cellIs", operator="equal", formula=[f'"{tint.word}"'], dxf=_look(tint.style))


def _formula_rule(formula: str, style: Style) -> Rule:
    return Rule(type="expression", formula=[formula], dxf=_look(style))


def _set_view(sheet: Worksheet) -> None:
    sheet.freeze_panes = f"{get_column_letter(layout.FROZEN_COLUMNS + 1)}{layout.FIRST_ROW}"
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    sheet.sheet_properties.tabColor = layout.BAND_STYLES["input"].fill
    sheet.sheet_view.zoomScale = 100


def _set_print(sheet: Worksheet, last: int) -> None:
    _landscape(sheet)
    sheet.print_title_rows = f"{layout.HEADER_ROW}:{layout.HEADER_ROW}"
    sheet.print_area = f"A{layout.BAND_ROW}:{get_column_letter(layout.PRINTED_COLUMNS)}{last}"


def _landscape(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text="&A"), right=_HeaderFooterPart(text="&P / &N")
    )


def _pour(sheet: Worksheet, records: Sequence[Record]) -> None:
    """Write records below the header, each cell in the look of its column."""
    for row, record in enumerate(records, start=layout.FIRST_ROW):
        for index, field in enumerate(FIELDS, start=1):
            value = record.get(field.key)
            if value is None or value == "":
                continue
            cell = sheet.cell(row, index)
            cell.value = value  # type: ignore[assignment]  # a scalar, by the caller's promise
            cell.font = _font(layout.BODY)
            cell.alignment = Alignment(vertical="top", wrap_text=field.wrap)
            cell.number_format = field.number_format


# --- lists and guide ----------------------------------------------------------------------------------------


def _draw_lists(book: Workbook) -> None:
    sheet = book.create_sheet(layout.LISTS_SHEET)
    sheet.sheet_state = "hidden"
    for index, choices in enumerate(layout.LISTS, start=1):
        letter = get_column_letter(index)
        _paint(sheet.cell(1, index, choices.title), layout.HEADER_STYLES["input"])
        for row, value in enumerate(choices.values, start=2):
            sheet.cell(row, index, value).number_format = layout.TEXT_FORMAT
        sheet.column_dimensions[letter].width = 28
        where = f"'{layout.LISTS_SHEET}'!${letter}$2:${letter}${len(choices.values) + 1}"
        book.defined_names[choices.defined_name] = DefinedName(choices.defined_name, attr_text=where)


def _draw_guide(sheet: Worksheet) -> None:
    sheet.title = layout.START_SHEET
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = layout.BAND_STYLES["review"].fill
    for letter, width in zip("ABCD", (3, 17, 96, 3), strict=True):
        sheet.column_dimensions[letter].width = width
    row = _title(sheet, 2)
    row = _steps(sheet, row + 1)
    for legend in guide.LEGENDS:
        row = _legend(sheet, legend, row + 1)
    _remarks(sheet, row + 1)
    _landscape(sheet)
    sheet.page_setup.orientation = "portrait"


def _line(sheet: Worksheet, row: int, left: str, right: str) -> None:
    _paint(sheet.cell(row, 2, left), Style(layout.BODY.ink, bold=True))
    _paint(sheet.cell(row, 3, right), layout.BODY)
    for column in (2, 3):
        sheet.cell(row, column).alignment = Alignment(vertical="top", wrap_text=True)
    lines = max(-(-len(right) // 98), -(-len(left) // 17))
    sheet.row_dimensions[row].height = 15.5 * lines + 4


def _heading(sheet: Worksheet, row: int, text: str) -> None:
    cell = sheet.cell(row, 2, text)
    cell.font = _font(layout.TITLE, 13)
    for column in (2, 3):
        sheet.cell(row, column).border = Border(bottom=_HAIR)
    sheet.row_dimensions[row].height = 22


def _title(sheet: Worksheet, row: int) -> int:
    sheet.cell(row, 2, guide.TITLE).font = _font(layout.TITLE, 20)
    sheet.row_dimensions[row].height = 30
    sheet.cell(row + 1, 2, guide.LEAD).font = _font(layout.QUIET, 12)
    return row + 2


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
        _paint(sheet.cell(row + offset, 2), tint.style)
        sheet.cell(row + offset, 2).alignment = Alignment(horizontal="center", vertical="center")
    return row + 1 + len(legend.meanings)


def _remarks(sheet: Worksheet, row: int) -> None:
    _heading(sheet, row, "Please note")
    for offset, remark in enumerate(guide.REMARKS, start=1):
        _line(sheet, row + offset, remark.title, remark.text)


# --- looks --------------------------------------------------------------------------------------------------


def _font(style: Style, size: float = layout.FONT_SIZE) -> Font:
    return Font(name=layout.FONT, size=size, bold=style.bold, italic=style.italic, color=style.ink)


def _paint(cell: object, style: Style) -> None:
    cell.font = _font(style)  # type: ignore[attr-defined]
    if style.fill is not None:
        cell.fill = PatternFill("solid", fgColor=style.fill)  # type: ignore[attr-defined]


def _look(style: Style) -> DifferentialStyle:
    """The look that a conditional format lays over a cell; there, a fill's colour is its background."""
    font = Font(bold=style.bold, italic=style.italic, color=style.ink)
    fill = PatternFill(bgColor=style.fill, fill_type="solid") if style.fill else None
    return DifferentialStyle(font=font, fill=fill)
