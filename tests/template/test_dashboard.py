"""The dashboard: its formulas give the scorer's own figures, follow filters, and are known to old programs."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from hrdd_workbook import layout
from hrdd_workbook.choice_lists import currencies
from hrdd_workbook.sheets.charts import RATING_ORDER
from hrdd_workbook.template import new_template

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    # A print area of whole columns is right in Excel and LibreOffice; openpyxl says that it cannot keep it.
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]

#: What Excel 2016 and LibreOffice 7.4 both compute, and nothing that spills.
KNOWN = frozenset(
    ["IF", "IFERROR", "SUM", "SUMIFS", "SUMPRODUCT", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "INDEX", "MATCH",
     "LARGE", "MAX", "INT", "DATE", "YEAR", "MONTH", "EDATE", "EXACT", "CONCATENATE", "ISNUMBER", "ISLOGICAL", "N",
     "TEXT", "ROUND", "_XLFN.AGGREGATE", "AND", "LEN", "TRIM"]
)  # fmt: skip
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


@pytest.fixture(scope="module")
def book(scored_book: Any, computed: Callable[[Path], Any]) -> Any:
    """The scored workbook as LibreOffice computes it."""
    return computed(scored_book.path)


def test_every_figure_is_the_scorers_own(book: Any, scored_book: Any) -> None:
    """Quarters, categories, severity by likelihood, money, dispositions, open questions: nothing is added or lost."""
    results = scored_book.scores.columns
    seen = np.ones(len(results), dtype=bool)
    check_figures(figures(book), scored_book.frame, results, seen)
    told = tiles(book)
    graves = results["rating"].isin(["HIGH", "CRITICAL"]).sum()
    held = results["disposition"].isin(["HOLD", "STOP"]).to_numpy()
    rules = scored_book.scores.trace.catalogue.red_flags
    assert told["orders in sight"] == 300
    assert told["HIGH or CRITICAL"] == graves
    assert told["HOLD or STOP"] == held.sum()
    assert told["of these without a decision"] == (held & scored_book.frame["decision"].isna().to_numpy()).sum()
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


def test_no_cell_shows_an_error(book: Any, computed: Callable[[Path], Any], tmp_path: Path) -> None:
    """Neither in a scored workbook nor in an empty one."""
    assert list(errors(book)) == []
    empty = computed(new_template(tmp_path / "empty.xlsx"))
    assert list(errors(empty)) == []
    assert set(tiles(empty).values()) - {tiles(empty)["of the rules are unverified"]} == {0}
    assert empty[layout.DASHBOARD_SHEET]["B3"].value.startswith("Nothing is scored yet")


def test_the_figures_follow_filters_and_edits(
    scored_book: Any, computed: Callable[[Path], Any], tmp_path: Path
) -> None:
    """Rows that a filter hides are out of every figure; an edited row is counted as such."""
    path = Path(shutil.copy(scored_book.path, tmp_path / "filtered.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book[layout.TRANSACTIONS_SHEET]
    seen = np.ones(300, dtype=bool)
    for row in range(layout.FIRST_ROW, layout.FIRST_ROW + 300, 3):
        sheet.row_dimensions[row].hidden = True
        seen[row - layout.FIRST_ROW] = False
    product = [field.key for field in layout.FIELDS].index("product") + 1
    for row in (layout.FIRST_ROW, layout.FIRST_ROW + 1, layout.FIRST_ROW + 2):
        sheet.cell(row, product).value = "another product"
    book.save(path)
    made = computed(path)
    check_figures(figures(made), scored_book.frame, scored_book.scores.columns, seen)
    assert (tiles(made)["orders in sight"], tiles(made)["edited since scoring"]) == (200, 2)
    assert made[layout.DASHBOARD_SHEET]["B3"].value.startswith("200 orders in sight")


def test_a_deleted_column_leaves_noughts_and_no_errors(
    scored_book: Any, computed: Callable[[Path], Any], tmp_path: Path
) -> None:
    """Where a name leads nowhere any more, as after a column was deleted, its figures are noughts."""
    path = Path(shutil.copy(scored_book.path, tmp_path / "fewer.xlsx"))
    book = openpyxl.load_workbook(path)
    for name in ("orders_amount", "orders_currency", "orders_decision"):
        book.defined_names[name].attr_text = "#REF!"
    book.save(path)
    made = computed(path)
    assert [e for e in errors(made) if e.startswith(layout.DASHBOARD_SHEET)] == []
    assert tiles(made)["orders in sight"] == 300


def formulas(path: Path) -> Iterator[str]:
    """Every formula of cells, formats, drop-downs and names, as it stands in the file."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith(("xl/worksheets/sheet", "xl/workbook.xml")):
                tags = r"<(f|formula|formula1|formula2|definedName)(?: [^>]*)?>([^<]*)</"
                yield from (text for _, text in re.findall(tags, package.read(name).decode()))


def test_only_functions_that_old_programs_know(scored_book: Any) -> None:
    """Nothing that came after Excel 2016, and no array that spills."""
    used = {name.upper() for formula in formulas(scored_book.path) for name in re.findall(r"([\w.]+)\(", formula)}
    assert used <= KNOWN
    assert len(used) > 15
