"""Draws the sheet that is filled in: headers, drop-downs, hints, folds, tints, the table, print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from .. import layout, palette
from ..design import Design
from ..hints import not_listed
from ..layout import Field
from ..looks import HAIR, WHITE_LINE, duplicate_rule, font, formula_rule, paint, set_print, word_rule

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def draw_transactions(book: Workbook, design: Design, rows: int) -> None:
    """Add the sheet with room for `rows` orders, and names for its columns."""
    sheet = book.create_sheet(design.transactions)
    for index, field in enumerate(design.fields, start=1):
        _draw_column(sheet, index, design)
        _draw_head(sheet, index, field)
        _add_hint(sheet, index, field, design)
        name = layout.COLUMN_NAME_PREFIX + field.key
        book.defined_names[name] = DefinedName(name, attr_text=design.whole(field.key))
    sheet.row_dimensions[layout.BAND_ROW].height = layout.BAND_HEIGHT
    sheet.row_dimensions[layout.HEADER_ROW].height = layout.HEADER_HEIGHT
    _add_table(sheet, design, layout.HEADER_ROW + rows)
    _add_tints(sheet, design)
    _set_view(sheet, design)


def _draw_column(sheet: Worksheet, index: int, design: Design) -> None:
    """Give a whole column its width, fold and look, so that every row below the header has them."""
    field = design.fields[index - 1]
    column = sheet.column_dimensions[get_column_letter(index)]
    column.width = field.width
    column.outlineLevel = field.level
    column.hidden = field.hidden
    following = design.fields[index] if index < len(design.fields) else None
    column.collapsed = bool(not field.hidden and following and following.hidden)
    column.font = font(palette.BODY)
    side = layout.SIDES.get(field.key) or layout.SIDES.get(field.family, "left")
    indent = 1 if side == "left" else 0
    column.alignment = Alignment(horizontal=side, vertical="top", wrap_text=field.wrap, indent=indent)
    column.border = Border(bottom=HAIR)
    column.number_format = field.number_format


def _draw_head(sheet: Worksheet, index: int, field: Field) -> None:
    first = field.key == field.band.keys[0]
    above = sheet.cell(layout.BAND_ROW, index, field.band.title if first else None)
    paint(above, palette.BAND_STYLES[field.band.tone])
    above.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    above.border = Border(left=WHITE_LINE if first else None)
    head = sheet.cell(layout.HEADER_ROW, index, field.header)
    if field.band.tone == "result":
        mark_as_ours(head)
    paint(head, palette.REQUIRED_HEADER if field.required else palette.HEADER_STYLES[field.band.tone])
    head.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    head.border = Border(left=WHITE_LINE, bottom=HAIR)


def mark_as_ours(head: Any) -> None:
    """Put the named style on a result header, by which the writer tells its columns from a user's."""
    book = head.parent.parent
    if layout.RESULT_MARK not in book.named_styles:
        book.add_named_style(NamedStyle(name=layout.RESULT_MARK))
    head.style = layout.RESULT_MARK


def _below_header(index: int) -> str:
    letter = get_column_letter(index)
    return f"{letter}{layout.FIRST_ROW}:{letter}{layout.LAST_SHEET_ROW}"


def _add_hint(sheet: Worksheet, index: int, field: Field, design: Design) -> None:
    """Attach the drop-down or the expected kind of value, which warn and never block, and the hint."""
    rule = _expected(field, design)
    rule.promptTitle, rule.prompt, rule.showInputMessage = field.hint_title, field.hint, True
    rule.allow_blank = True
    rule.add(_below_header(index))
    sheet.add_data_validation(rule)


#: The values that are expected where there is no list: kind of rule, its bounds, and what is asked otherwise.
_BOUNDS: dict[str, tuple[Any, Any, str, str | None, str]] = {
    "owner_share": ("decimal", "between", "0", "100", "A share is a number from 0 to 100. Keep it?"),
    "number": ("decimal", "greaterThanOrEqual", "0", None, "A number of 0 or more is expected. Keep it?"),
    "date": ("date", "between", "32874", "73051", "A date from 1990 on is expected, such as 2026-07-31. Keep it?"),
}


def _expected(field: Field, design: Design) -> DataValidation:
    if field.choices is not None:
        rule = DataValidation(type="list", formula1=field.choices.defined_name)
        return _warn(rule, not_listed(field.family, design.say), design)
    bounds = _BOUNDS.get(field.key) or _BOUNDS.get(field.family)
    if bounds is None or field.band.tone == "result":
        return DataValidation()
    kind, operator, lowest, highest, sentence = bounds
    rule = DataValidation(type=kind, operator=operator, formula1=lowest, formula2=highest)
    return _warn(rule, design.say(sentence), design)


def _warn(rule: DataValidation, sentence: str, design: Design) -> DataValidation:
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.errorTitle, rule.error = design.say("Please check"), sentence
    return rule


def _add_table(sheet: Worksheet, design: Design, last: int) -> None:
    """Make the rows a table. Its columns are named here: openpyxl would make a cell of every empty place."""
    area = f"A{layout.HEADER_ROW}:{get_column_letter(len(design.fields))}{last}"
    table = Table(displayName=layout.TABLE_NAME, ref=area)
    table.autoFilter = AutoFilter(ref=area)
    columns = enumerate(design.fields, start=1)
    table.tableColumns = [TableColumn(id=at, name=field.header, **_total(field, design)) for at, field in columns]
    table.tableStyleInfo = TableStyleInfo(name=layout.TABLE_STYLE, showRowStripes=True)
    sheet.add_table(table)


def _total(field: Field, design: Design) -> dict[str, Any]:
    """What stands in a totals row, once a user adds one: its name, and how many orders in sight are scored.

    Amounts are not added up, since those of several currencies would be.
    """
    told: dict[str, dict[str, Any]] = {
        "transaction_id": {"totalsRowLabel": design.say("Total")},
        "rating": {"totalsRowFunction": "count"},
    }
    return told.get(field.key, {})


def _add_tints(sheet: Worksheet, design: Design) -> None:
    """Colour words, stale results, what is missing and ids that occur twice; the first rule that fits wins."""
    first, edited = layout.FIRST_ROW, design.letter("edited")
    stale = formula_rule(f"LEN(${edited}{first})>0", palette.STALE, alone=True)
    sheet.conditional_formatting.add(_together(design, _is_result_in_sight), stale)
    for family, tints in palette.TINTS.items():
        ranges = _together(design, lambda field, family=family: field.family == family)
        for tint in tints if ranges else ():
            sheet.conditional_formatting.add(ranges, word_rule(tint, design.say(tint.word)))
    begun = f"COUNTA($A{first}:${get_column_letter(design.in_sight)}{first})>0"
    for index, field in enumerate(design.fields, start=1):
        if field.required:
            blank = f"LEN(TRIM({get_column_letter(index)}{first}))=0"
            missing = formula_rule(f"AND({begun},{blank})", palette.MISSING, edged=True)
            sheet.conditional_formatting.add(_below_header(index), missing)
    sheet.conditional_formatting.add(_below_header(1), duplicate_rule(palette.DUPLICATE))


def _is_result_in_sight(field: Field) -> bool:
    return field.band.tone == "result" and field.level == 0


def _together(design: Design, wanted: Any) -> str:
    """The columns that are `wanted`, as one range of several parts."""
    return " ".join(_ranges(design, wanted))


def _ranges(design: Design, wanted: Any) -> Iterator[str]:
    return (_below_header(index) for index, field in enumerate(design.fields, start=1) if wanted(field))


def _set_view(sheet: Worksheet, design: Design) -> None:
    """Freeze, fold and print: the columns that are always in sight, one page wide, the header on each page."""
    sheet.freeze_panes = f"{get_column_letter(layout.FROZEN_COLUMNS + 1)}{layout.FIRST_ROW}"
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    sheet.sheet_properties.tabColor = palette.BAND_STYLES["input"].fill
    sheet.print_title_rows = f"{layout.BAND_ROW}:{layout.HEADER_ROW}"
    sheet.print_area = f"A1:{get_column_letter(design.in_sight)}{layout.LAST_SHEET_ROW}"
    set_print(sheet, landscape=True, large=True)
