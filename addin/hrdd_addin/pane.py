"""A sheet of ours beside the user's: words, each line with a link to the cell that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import xlwings as xw

from hrdd_addin import blocks, excel
from hrdd_workbook.palette import LINK, TITLE
from hrdd_workbook.refs import Area
from hrdd_workbook.styles import MARK

_MOST = 500
_WIDTHS = (26, 120)


@dataclass(frozen=True)
class Line:
    """One line: what it is about, its words, and whether what it is about is the place of a cell to go to."""

    label: str
    text: str = ""
    is_place: bool = False


def show(book: xw.Book, name: str, title: str, lines: Sequence[Line]) -> xw.Sheet:
    """Write lines on the sheet of this name, anew, as the last of the workbook, and go there; whole or not at all."""
    excel.refuse_fixed(book)
    remove(book, name)
    shown = [Line(title), *lines[:_MOST]]
    if len(lines) > _MOST:
        shown.append(Line("", f"and {len(lines) - _MOST} more"))
    with excel.calm(book.app, "hrdd: writing ..."):
        sheet = book.sheets.add(name=_free_name(book, name), after=book.sheets[-1])
        try:
            excel.mark(book, sheet.range("A1"))
            _write(sheet, shown)
        except BaseException:
            excel.restore(sheet.delete)
            raise
    sheet.activate()
    return sheet


def remove(book: xw.Book, name: str) -> bool:
    """Take our sheet of this name away; whether there was one."""
    ours = [sheet for sheet in book.sheets if _is_named(sheet.name, name) and is_ours(sheet)]
    for sheet in ours:
        sheet.delete()
    return bool(ours)


def is_ours(sheet: xw.Sheet) -> bool:
    """Whether a sheet was made here, and is not the user's of the same name."""
    return excel.style_of(sheet.range("A1")) == MARK


def _is_named(found: str, name: str) -> bool:
    return found == name or found.startswith(f"{name} ")


def _free_name(book: xw.Book, name: str) -> str:
    taken = {sheet.name.casefold() for sheet in book.sheets}
    return next(free for free in (name, *(f"{name} {n}" for n in range(2, 99))) if free.casefold() not in taken)


def _write(sheet: xw.Sheet, lines: Sequence[Line]) -> None:
    """Words as text, so that none becomes a formula; labels as formulas, so that they can be links."""
    words = sheet.range(str(Area(1, 2, len(lines), 2)))
    words.number_format = "@"
    blocks.enter(words, [[line.text or None] for line in lines])
    words.wrap_text = True
    labels = sheet.range(str(Area(1, 1, len(lines), 1)))
    labels.formula = [[_label(line)] for line in lines]
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.range(str(Area(1, column, 1, column))).column_width = width
    excel.restore(lambda: _dress(sheet, labels, lines), times=1)  # a look that fails costs nothing


def _dress(sheet: xw.Sheet, labels: xw.Range, lines: Sequence[Line]) -> None:
    sheet.range(str(Area(1, 1, len(lines), 2))).vertical_alignment = "top"
    labels.font.bold = True
    sheet.range("A1").font.color = f"#{TITLE.ink}"
    places = [number for number, line in enumerate(lines, start=1) if line.is_place]
    runs = [Area(run.start, 1, run.stop - 1, 1) for run in excel.runs(places)]
    for cells in excel.cells(sheet, runs):
        cells.font.color, cells.font.bold = f"#{LINK.ink}", False


def _label(line: Line) -> str:
    label = line.label.replace('"', '""')[:250]
    return f'=HYPERLINK("#{label}","{label}")' if line.is_place else f'="{label}"' if label else ""
