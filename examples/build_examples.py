"""Builds the example workbooks beside this file: the same bytes on every run.

    python examples/build_examples.py [FOLDER]

`documented-cases.xlsx` holds the documented cases that ship with hrdd, in the layout of the template;
`orders-2026q3.xlsx` holds an invented quarter of an invented exporter, in the shape a finance system gives.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border
from orders_book import build_orders

from hrdd.columns import CATEGORY_BY_ID, INPUTS
from hrdd_workbook import layout, palette
from hrdd_workbook.design import design
from hrdd_workbook.looks import HAIR, fit_row, paint, set_print
from hrdd_workbook.template import transactions_workbook, write_book

if TYPE_CHECKING:
    from openpyxl import Workbook

HERE = Path(__file__).parent
CASES_FILE = "documented-cases.xlsx"
ORDERS_FILE = "orders-2026q3.xlsx"
SOURCES_SHEET = "Sources"

_SOURCE_COLUMNS = (
    ("Transaction ID", "transaction_id", 16),
    ("Case", "title", 46),
    ("Known at the time", "known_then", 54),
    ("Status", "allegation_status", 24),
    ("Source", "source_url", 60),
    ("Source text", "source_status", 30),
)
#: The words of the two status columns, in plain English and without a verdict.
_STATUS_WORDS = {
    "SYNTHETIC": "invented",
    "SETTLED": "settled",
    "LISTED": "listed",
    "LISTED_THEN_REMOVED": "listed, then removed",
    "REPORTED": "reported",
    "REPORTED_DENIED": "reported, denied",
    "COMPANY_CONFIRMED": "confirmed by the company",
    "OFFICIAL_FINDING": "official finding",
    "CHARGED_THEN_SET_ASIDE": "charged, then set aside",
}
_SOURCE_WORDS = {
    "SYNTHETIC": "invented, no source",
    "CONFIRMED": "read",
    "PARTLY_CONFIRMED": "read in part",
    "RECALLED": "not read; from general knowledge",
}
_NOTE = (
    "What the public record said, in the status word of the record. Rows marked 'invented' are made up. "
    "Nothing here is a finding of this product about anybody."
)


def cases() -> list[dict[str, str]]:
    """Read the documented cases that ship with hrdd, every column as text."""
    text = (files("hrdd") / "data" / "reference" / "cases.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _typed(key: str, kind: str, text: str) -> object:
    """Give a cell of the cases its Excel type: real dates and numbers, the label of a category."""
    if kind == "date" and text:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time())
    if kind == "number" and text:
        return float(text)
    if key == "product_category" and text:
        return CATEGORY_BY_ID[text].label
    return text or None


def build_cases(target: Path) -> Path:
    """Write the documented cases into the template's layout, with their sources on a second sheet."""
    rows = cases()
    columns = {c.key: [_typed(c.key, c.kind, row[c.key]) for row in rows] for c in INPUTS}
    wanted = design()
    book = transactions_workbook(wanted, len(rows))
    _add_sources(book, rows)
    book.active = book[layout.TRANSACTIONS_SHEET]
    return write_book(target, book, wanted, columns)


def _add_sources(book: Workbook, rows: list[dict[str, str]]) -> None:
    sheet = book.create_sheet(SOURCES_SHEET, index=2)
    paint(sheet.cell(1, 1, _NOTE), palette.QUIET)
    for index, (header, _, width) in enumerate(_SOURCE_COLUMNS, start=1):
        cell = sheet.cell(2, index, header)
        paint(cell, palette.BAND_STYLES["input"])
        sheet.column_dimensions[cell.column_letter].width = width
    for number, row in enumerate(rows, start=3):
        texts = [_plain(key, row[key]) for _, key, _ in _SOURCE_COLUMNS]
        for index, text in enumerate(texts, start=1):
            cell = sheet.cell(number, index, text or None)
            paint(cell, palette.BODY)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = Border(bottom=HAIR)
        lines = (-(-len(text) // width) for text, (_, _, width) in zip(texts, _SOURCE_COLUMNS, strict=True))
        fit_row(sheet, number, layout.LINE_HEIGHT * max(lines))
    sheet.freeze_panes = "B3"
    sheet.print_title_rows = "2:2"
    set_print(sheet, landscape=True)


def _plain(key: str, text: str) -> str:
    if key == "allegation_status":
        return _STATUS_WORDS[text]
    return _SOURCE_WORDS[text] if key == "source_status" else text


def build(folder: Path) -> tuple[Path, Path]:
    """Write both example workbooks into `folder` and return their paths."""
    return build_cases(folder / CASES_FILE), build_orders(folder / ORDERS_FILE, HERE / "sources")


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        sys.stdout.write(f"{path}\n")
