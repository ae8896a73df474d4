"""Marks on cells that decided: a conditional format, so that the cell's own look is never touched."""

from __future__ import annotations

import re
from collections.abc import Sequence

import xlwings as xw

from hrdd_addin import excel
from hrdd_workbook.refs import Area

_FILL, _INK = "#FFE699", "#3D1A00"
#: True in every language of Excel: no function and no separator. The number says which row was explained.
_FORMULA = re.compile(r'="hrdd why (\d+)"<>""')


def put(sheet: xw.Sheet, row: int, cells: Sequence[Area]) -> None:
    """Mark cells as those that decided the rating of a row."""
    for marked in excel.cells(sheet, cells):
        marked.conditional_formats.add_custom(f'="hrdd why {row}"<>""', fill_color=_FILL, font_color=_INK)


def clear(sheet: xw.Sheet) -> set[int]:
    """Take all marks of a sheet away; the rows that they explained."""
    if excel.is_protected(sheet):
        return set()
    found = [(rule, _FORMULA.fullmatch(rule.formula or "")) for rule in sheet.cells.conditional_formats]
    ours = [(rule, match) for rule, match in found if match]
    for rule, _ in reversed(ours):  # from the last on, since the others move up
        rule.delete()
    return {int(match[1]) for _, match in ours}
