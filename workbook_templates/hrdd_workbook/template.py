"""Builds the transactions workbook from `hrdd_workbook.layout` and the sheets in `hrdd_workbook.sheets`.

The same call gives the same bytes: nothing is read from the clock, the machine or the order of a set.

The result columns stand in the empty template already: rating and disposition beside the id, where a reader looks
first, the reasons right of the essentials, the details behind the last group. Scoring fills them in place; a writer
that does not rewrite the sheet could only add them at the far right, as it adds the single flags.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.workbook.defined_name import DefinedName

from hrdd.errors import HrddError

from . import guide, layout
from .design import Design, design
from .errors import CannotWriteHere
from .own_words import LANGUAGE
from .pour import Columns, poured, rows_of
from .put import put_extra_sheets
from .sheets.dashboard import draw_dashboard
from .sheets.lists import draw_lists
from .sheets.pages import HEADER_ROW, empty_pages
from .sheets.start import draw_start
from .sheets.transactions import draw_transactions, mark_as_ours
from .timeless import Edit, put, write_workbook

#: Excel opens a file of this kind as a new workbook.
_TEMPLATE = ".xltx"


class TemplateExists(HrddError):
    """The file that a template was to be written to is there already."""


def new_template(
    path: str | os.PathLike[str],
    *,
    rows: int = layout.ROWS,
    overwrite: bool = False,
    wanted: Design | None = None,
    columns: Columns | None = None,
) -> Path:
    """Write a transactions workbook with room for `rows` orders, and return its path.

    `columns` are values by column key to pour in; `wanted` is the design, by default all columns in English. The
    file appears whole or not at all. Raises TemplateExists when `path` is taken, unless `overwrite`.
    """
    target, wanted = Path(path), wanted or design()
    refuse_target(target, overwrite=overwrite)
    orders = columns or {}
    return write_book(target, transactions_workbook(wanted, max(rows, rows_of(orders), 1)), wanted, orders)


def refuse_target(target: Path, *, overwrite: bool) -> None:
    """Raise TemplateExists where there is a file already, CannotWriteHere where the name is no workbook's."""
    if target.suffix.lower() not in (".xlsx", _TEMPLATE):
        raise CannotWriteHere(f"{target} is no name of an Excel workbook; let it end in .xlsx, or in .xltx.")
    if target.is_dir():
        raise CannotWriteHere(f"{target} is a folder; give the name of a file to write.")
    if target.exists() and not overwrite:
        raise TemplateExists(f"{target} exists already; choose another name, or replace it with --overwrite.")


def write_book(target: Path, book: Workbook, wanted: Design, columns: Columns) -> Path:
    """Write a workbook of `transactions_workbook` with orders and the sheets that scoring fills."""
    edits: dict[str, Edit] = {"xl/worksheets/sheet2.xml": lambda sheet: poured(sheet, columns, wanted)}
    if target.suffix.lower() == _TEMPLATE:
        edits["[Content_Types].xml"] = lambda types: types.replace(b".sheet.main+xml", b".template.main+xml")
    with TemporaryDirectory() as folder:
        drawn, done = Path(folder) / "drawn.xlsx", Path(folder) / "done.xlsx"
        write_workbook(drawn, book, edits)
        put_extra_sheets(drawn, empty_pages(wanted.say), out=done)
        return put(done.read_bytes(), target)


def transactions_workbook(wanted: Design, rows: int) -> Workbook:
    """Draw the workbook in memory, but for the sheets that scoring fills."""
    book = Workbook()
    draw_start(book, wanted)
    draw_transactions(book, wanted, rows)
    for name in layout.SHEETS[2:]:
        _DRAWN.get(name, _place)(book, wanted, name)
    book.properties.creator = "hrdd"
    book.properties.title = wanted.say(guide.TITLE)
    version = IntProperty(name="hrdd_layout", value=layout.LAYOUT_VERSION)
    language = StringProperty(name=LANGUAGE, value=wanted.language)
    for told in (version, language):
        book.custom_doc_props.append(told)  # type: ignore[attr-defined]  # newer than the stubs
    return book


_DRAWN = {
    layout.DASHBOARD_SHEET: lambda book, wanted, _: draw_dashboard(book, wanted),
    layout.LISTS_SHEET: lambda book, wanted, _: draw_lists(book, wanted),
}


def _place(book: Workbook, wanted: Design, name: str) -> None:
    """An empty sheet where one of `pages` will stand, with the mark by which the writer knows it, and its print."""
    sheet = book.create_sheet(wanted.say(name))
    mark_as_ours(sheet.cell(HEADER_ROW, 1, name))
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    if name == layout.FLAGS_SHEET:
        where = f"'{sheet.title}'!$F${HEADER_ROW + 1}:$F${HEADER_ROW + 500}"
        book.defined_names["rules_verified"] = DefinedName("rules_verified", attr_text=where)
