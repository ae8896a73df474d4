"""Draws the invented quarter as a finance team would have it: titles, formulas, a chart, rates, a comment."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from orders_rows import RATES, Row, order_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

STAMP = dt.datetime(2026, 10, 2, 8, 0, 0)  # noqa: DTZ001  # the file format knows no time zone
TITLE = "Halden Sensor & Network Systems: order intake 2026-Q3"
SUBTITLE = "ERP extract 02.10.2026. Example data: the exporter, its orders and its customers are invented."
ABOUT = (
    "Example data for hrdd",
    "",
    "The exporter, its customers, resellers, orders, prices and people are invented. Any likeness is chance.",
    "Official bodies appear under generic names. No order here was ever placed, offered or considered.",
    "One customer name is that of a company on a published list (U.S. Entity List), to show the match.",
    "",
    "The troubles of a real extract are here on purpose: country names in several languages, typing errors,",
    "blanks, three ways to write a date, numbers as text, a number that occurs twice, unrelated columns.",
)

HEADERS = (
    ("Order no", 12),
    ("Posting date", 12),
    ("Customer no", 11),
    ("Customer", 36),
    ("City", 18),
    ("Ship-to country", 17),
    ("Material no.", 13),
    ("Material description", 42),
    ("Qty", 8),
    ("Net value", 14),
    ("Curr.", 7),
    ("Net value EUR", 15),
    ("Margin", 9),
    ("ECCN", 12),
    ("Selling entitiy", 21),
    ("Sales rep", 14),
    ("Cost centre", 11),
    ("Incoterm", 10),
    ("Reseller", 28),
    ("Reseller country", 16),
    ("Intended use", 38),
    ("End user verified?", 18),
    ("Remarks", 44),
)
ORDERS_SHEET = "Orders 2026-Q3"
HEADER_ROW = 4  # rows and columns count from 0 in XlsxWriter
FIRST_ROW = HEADER_ROW + 1
AT = {header: column for column, (header, _) in enumerate(HEADERS)}
Formats = dict[str, Any]


def build_orders(target: Path, sources: Path) -> Path:
    """Write the quarter to `target` from the tables in `sources`, and return its path."""
    rows = order_rows(sources)
    with xlsxwriter.Workbook(str(target)) as book:
        book.set_properties({"title": TITLE, "author": "Finance", "created": STAMP})
        formats = _formats(book)
        sheet = book.add_worksheet(ORDERS_SHEET)
        _write_titles(sheet, formats, rows)
        _write_rows(sheet, formats, rows)
        _add_extras(sheet, formats, rows)
        _write_rates(book, formats)
        _write_summary(book, formats, rows)
        _write_about(book, formats)
    return target


def _formats(book: Any) -> Formats:
    head = {"bold": True, "bg_color": "#DDE6DD", "border": 1, "border_color": "#9FB29F", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 15, "font_color": "#24452B"}),
        "quiet": book.add_format({"italic": True, "font_color": "#5A5A5A"}),
        "head": book.add_format(head | {"valign": "top"}),
        "date": book.add_format({"num_format": "dd.mm.yyyy", "align": "left"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "percent": book.add_format({"num_format": "0%"}),
        "rate": book.add_format({"num_format": "0.0000"}),
        "total": book.add_format({"num_format": "#,##0.00", "bold": True, "top": 1}),
        "bold": book.add_format({"bold": True}),
        "low": book.add_format({"font_color": "#9C0006", "bg_color": "#FFE4E1"}),
    }


def _last_row(rows: list[Row]) -> int:
    return FIRST_ROW + len(rows) - 1


def euro(row: Row) -> float | str | None:
    """Work out what the formula of the euro column shows: blank in a blank row, `check` for text."""
    value = row.get("Net value")
    if value is None:
        return None
    return round(value * RATES[str(row["Curr."])], 2) if isinstance(value, float) else "check"


def _write_titles(sheet: Any, formats: Formats, rows: list[Row]) -> None:
    sheet.merge_range(0, 0, 0, AT["Material description"], TITLE, formats["title"])
    sheet.write(1, 0, SUBTITLE, formats["quiet"])
    total = sum(value for row in rows if isinstance(value := euro(row), float))
    sheet.write(2, AT["Net value"], "Total EUR (visible rows)", formats["bold"])
    formula = f"=SUBTOTAL(109,L{FIRST_ROW + 1}:L{_last_row(rows) + 1})"
    sheet.write_formula(2, AT["Net value EUR"], formula, formats["total"], round(total, 2))
    for header, width in HEADERS:
        sheet.write_string(HEADER_ROW, AT[header], header, formats["head"])
        sheet.set_column(AT[header], AT[header], width, None, {"hidden": header == "Customer no"})


def _write_rows(sheet: Any, formats: Formats, rows: list[Row]) -> None:
    looks = {"Posting date": "date", "Net value": "money", "Margin": "percent"}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for header, value in row.items():
            _write_cell(sheet, number, AT[header], value, formats.get(looks.get(header, "")))
        if row:
            formula = _euro_formula(number + 1)
            sheet.write_formula(number, AT["Net value EUR"], formula, formats["money"], euro(row))


def _euro_formula(row: int) -> str:
    rate = f"VLOOKUP(K{row},FX_table,2,FALSE)"
    return f'=IF(ISNUMBER(J{row}),ROUND(J{row}*{rate},2),"check")'


def _write_cell(sheet: Any, row: int, column: int, value: object, look: Any) -> None:
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), look)
    else:
        sheet.write_number(row, column, value, look)


def _add_extras(sheet: Any, formats: Formats, rows: list[Row]) -> None:
    last = _last_row(rows)
    sheet.autofilter(HEADER_ROW, 0, last, len(HEADERS) - 1)
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.set_row(HEADER_ROW, 32)
    rule = {"type": "cell", "criteria": "<", "value": 0.15, "format": formats["low"]}
    sheet.conditional_format(FIRST_ROW, AT["Margin"], last, AT["Margin"], rule)
    bar = {"type": "data_bar", "bar_color": "#A9C5A0", "bar_solid": True, "data_bar_2010": True}
    sheet.conditional_format(FIRST_ROW, AT["Net value EUR"], last, AT["Net value EUR"], bar)
    terms = {"validate": "list", "source": ["DAP", "DDP", "FCA", "EXW", "CIP"]}
    sheet.data_validation(FIRST_ROW, AT["Incoterm"], last, AT["Incoterm"], terms)
    noted = next(i for i, row in enumerate(rows) if "Freight" in str(row.get("Customer")))
    comment = {"author": "E. Whitlock", "x_scale": 1.6}
    sheet.write_comment(
        FIRST_ROW + noted,
        AT["Customer"],
        "Who is the end user? Asked by mail on 10.07., no answer yet.",
        comment,
    )
    sheet.set_landscape()
    sheet.repeat_rows(HEADER_ROW)
    sheet.fit_to_pages(1, 0)


def _write_rates(book: Any, formats: Formats) -> None:
    sheet = book.add_worksheet("FX rates")
    sheet.set_column(0, 1, 16)
    sheet.write(0, 0, "Group rates, September 2026 (invented)", formats["title"])
    sheet.write_row(2, 0, ("Currency", "EUR for one"), formats["head"])
    for row, (currency, rate) in enumerate(RATES.items(), start=3):
        sheet.write(row, 0, currency)
        sheet.write_number(row, 1, rate, formats["rate"])
    book.define_name("FX_table", f"='FX rates'!$A$4:$B${3 + len(RATES)}")


def _by_entity(rows: list[Row]) -> Mapping[str, tuple[int, float]]:
    sums: dict[str, tuple[int, float]] = {}
    for row in rows:
        if not row:
            continue
        value = euro(row)
        count, amount = sums.get(str(row["Selling entitiy"]), (0, 0.0))
        sums[str(row["Selling entitiy"])] = count + 1, amount + (value if isinstance(value, float) else 0.0)
    return dict(sorted(sums.items()))


def _write_summary(book: Any, formats: Formats, rows: list[Row]) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 16)
    sheet.write(0, 0, "Order intake by selling entity", formats["title"])
    sheet.write_row(2, 0, ("Selling entity", "Orders", "EUR"), formats["head"])
    entity, amount = (f"'{ORDERS_SHEET}'!${c}${FIRST_ROW + 1}:${c}${_last_row(rows) + 1}" for c in "OL")
    by_entity = _by_entity(rows)
    for row, (name, (count, total)) in enumerate(by_entity.items(), start=3):
        sheet.write(row, 0, name)
        sheet.write_formula(row, 1, f"=COUNTIF({entity},A{row + 1})", None, count)
        sheet.write_formula(row, 2, f"=SUMIF({entity},A{row + 1},{amount})", formats["money"], round(total, 2))
    _add_chart(book, sheet, 3 + len(by_entity) - 1)


def _add_chart(book: Any, sheet: Any, last: int) -> None:
    chart = book.add_chart({"type": "column"})
    series = {"categories": ["Summary", 3, 0, last, 0], "values": ["Summary", 3, 2, last, 2]}
    chart.add_series(series | {"name": "EUR", "fill": {"color": "#6F9A76"}})
    chart.set_title({"name": "Order intake, EUR"})
    chart.set_legend({"none": True})
    options = {"description": "Columns: order intake in euro by selling entity"}
    sheet.insert_chart(last + 2, 0, chart, options)


def _write_about(book: Any, formats: Formats) -> None:
    sheet = book.add_worksheet("About this file")
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(ABOUT):
        sheet.write_string(row, 0, line, formats["title"] if row == 0 else None)
