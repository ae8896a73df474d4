"""The figures of a computed dashboard, held against those that pandas works out from the scorer's own results.

A book is anything that gives a sheet by its name, whose `cell(row, column).value` and `max_row` are as openpyxl has
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hrdd_workbook import layout
from hrdd_workbook.choice_lists import currencies
from hrdd_workbook.sheets.charts import RATING_ORDER

#: Settings of LibreOffice by which it computes every formula anew when it opens a workbook.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
Numbers = dict[str, list[float]]


def table(sheet: Any, heading: str, column: int = 2) -> dict[str, list[Any]]:
    """The lines of the table under a heading: label -> the cells right of it."""
    top = next(row for row in range(1, sheet.max_row) if sheet.cell(row, column).value == heading)
    lines = {}
    for row in range(top + 2, sheet.max_row + 1):
        label = sheet.cell(row, column).value
        if label is None and sheet.cell(row, column + 1).value is None:
            break
        if label:
            lines[str(label)] = [sheet.cell(row, at).value for at in range(column + 1, column + 7)]
    return lines


def by_rating(ratings: Any, mask: Any) -> list[int]:
    """How many rows of each rating there are under a mask, and how many in all."""
    return [*(int((mask & (ratings == word)).sum()) for word in RATING_ORDER), int(mask.sum())]


def figures(book: Any) -> dict[str, dict[str, list[Any]]]:
    """Every table of the computed dashboard."""
    sheet = book[layout.DASHBOARD_SHEET]
    names = ("Ratings by quarter", "Ratings by product category", "Severity and likelihood")
    left = {name: table(sheet, name) for name in (*names, "Amount by currency and rating")}
    return {**left, "Dispositions and decisions": table(sheet, "Dispositions and decisions", 10)}


def expected_quarters(results: pd.DataFrame, seen: Any) -> dict[str, list[int]]:
    """Ratings by quarter, worked out by pandas."""
    quarters = results["judged_on"].dt.to_period("Q")
    last = quarters.max()
    shown = [last - back for back in range(7, -1, -1)]
    ratings = results["rating"].to_numpy()
    lines = {"Earlier": by_rating(ratings, seen & (quarters < shown[0]).to_numpy())}
    lines |= {f"{q.year} Q{q.quarter}": by_rating(ratings, seen & (quarters == q).to_numpy()) for q in shown}
    return {**lines, "All in sight": by_rating(ratings, seen)}


def expected_money(frame: pd.DataFrame, results: pd.DataFrame, seen: Any) -> tuple[Numbers, int]:
    """Amounts by currency and rating of the six commonest currencies, and how many orders are in none of them."""
    codes = frame["currency"].fillna("").to_numpy()
    amounts = pd.to_numeric(frame["amount"]).fillna(0).to_numpy(dtype=float)
    given = frame["amount"].notna().to_numpy()
    counts = {code: int((seen & (codes == code)).sum()) for code in currencies()}
    common = sorted((code for code in counts if counts[code]), key=lambda code: (-counts[code], code))[:6]
    ratings = results["rating"].to_numpy()
    sums = {
        code: [float(amounts[seen & (codes == code) & (ratings == word)].sum()) for word in RATING_ORDER]
        for code in common
    }
    return sums, int((seen & ~(np.isin(codes, common) & given)).sum())


def check_figures(tables: Any, frame: pd.DataFrame, results: pd.DataFrame, seen: Any) -> None:
    """Every figure of the dashboard is the scorer's own, over the rows that are in sight."""
    ratings, dispositions = results["rating"].to_numpy(), results["disposition"].to_numpy()
    assert tables["Ratings by quarter"] == expected_quarters(results, seen)
    categories = results["category_read"].to_numpy()
    lines = tables["Ratings by product category"]
    named = [label for label in lines if label in set(categories)]
    for label in named:
        assert lines[label] == by_rating(ratings, seen & (categories == label))
    rest = seen & ~np.isin(categories, named)
    assert lines["Other or unknown category"] == by_rating(ratings, rest)
    assert lines["All in sight"] == by_rating(ratings, seen)
    sizes = [lines[label][-1] for label in named]
    assert sizes == sorted(sizes, reverse=True)
    for severity in range(5):
        cells = [seen & (results["severity"] == severity) & (results["likelihood"] == step) for step in range(5)]
        counts = [int(cell.sum()) for cell in cells]
        assert tables["Severity and likelihood"][f"Severity {severity}"] == [*counts, sum(counts)]
    sums, left_out = expected_money(frame, results, seen)
    money = tables["Amount by currency and rating"]
    for code, wanted in sums.items():
        assert money[code] == pytest.approx([*wanted, sum(wanted)])
    assert money["Orders that are not in these sums"][-1] == left_out
    decided = frame["decision"].notna().to_numpy()
    asking = (results["ask_first"] != "").to_numpy()
    for word in ("STOP", "HOLD", "CONDITIONS", "NONE"):
        of_word = seen & (dispositions == word)
        wanted = [of_word, of_word & decided, of_word & ~decided, of_word & asking]
        assert tables["Dispositions and decisions"][word][2:] == [int(mask.sum()) for mask in wanted]


def tiles(book: Any) -> dict[str, float]:
    """The large figures by the words below them."""
    sheet = book[layout.DASHBOARD_SHEET]
    return {sheet.cell(6, c).value: sheet.cell(5, c).value for c in range(2, 17) if sheet.cell(6, c).value}


def check_tiles(book: Any, frame: pd.DataFrame, scores: Any) -> None:
    """The large figures are the scorer's own, when all rows are in sight."""
    told, results, rules = tiles(book), scores.columns, scores.trace.catalogue.red_flags
    held = results["disposition"].isin(["HOLD", "STOP"]).to_numpy()
    assert told["orders in sight"] == len(results)
    assert told["HIGH or CRITICAL"] == results["rating"].isin(["HIGH", "CRITICAL"]).sum()
    assert told["HOLD or STOP"] == held.sum()
    assert told["of these without a decision"] == (held & frame["decision"].isna().to_numpy()).sum()
    assert told["with an open question"] == (results["ask_first"] != "").sum()
    assert told["edited since scoring"] == 0
    assert told["of the rules are unverified"] == pytest.approx(sum(not rule.verified for rule in rules) / len(rules))


def errors(book: Any) -> Iterator[str]:
    """Cells that show an error."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "e" or (isinstance(cell.value, str) and cell.value.startswith(("#", "Err:"))):
                    yield f"{sheet.title}!{cell.coordinate} {cell.value}"
