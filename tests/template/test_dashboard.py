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
import pytest
from figures import check_figures, check_tiles, errors, figures, tiles

from hrdd_workbook import layout
from hrdd_workbook.own_words import question_of
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


@pytest.fixture(scope="module")
def book(scored_book: Any, computed: Callable[[Path], Any]) -> Any:
    """The scored workbook as LibreOffice computes it."""
    return computed(scored_book.path)


def test_every_figure_is_the_scorers_own(book: Any, scored_book: Any) -> None:
    """Quarters, categories, severity by likelihood, money, dispositions, open questions: nothing is added or lost."""
    results = scored_book.scores.columns
    seen = np.ones(len(results), dtype=bool)
    check_figures(figures(book), scored_book.frame, results, seen)
    check_tiles(book, scored_book.frame, scored_book.scores)


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
    assert made[layout.DASHBOARD_SHEET]["B3"].value.startswith("Orders in sight: 200.")


def answered(book: Any) -> dict[str, float]:
    """By question, how many of the orders that ask it have an answer by now."""
    sheet = book[layout.QUESTIONS_SHEET]
    return {sheet.cell(row, 2).value: sheet.cell(row, 5).value for row in range(5, sheet.max_row + 1)}


def test_only_an_answer_counts_as_one(
    few: Path, rescore: Callable[[Path], Any], computed: Callable[[Path], Any], tmp_path: Path
) -> None:
    """What stood there at the scoring is none, nor is the answer to a question whose words begin alike."""
    path = Path(shutil.copy(few, tmp_path / "answered.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet, at = book[layout.TRANSACTIONS_SHEET], {f.key: n for n, f in enumerate(layout.FIELDS, start=1)}
    for row in (layout.FIRST_ROW, layout.FIRST_ROW + 1):
        for key in ("end_user", "q_end_user_verified"):
            sheet.cell(row, at[key]).value = None
    sheet.cell(layout.FIRST_ROW + 1, at["end_user"]).value = "Ministry of Interior"
    book.save(path)
    asked = rescore(path).scores.columns["ask_first"].tolist()
    book = openpyxl.load_workbook(path)
    question = question_of(asked[0])
    key = next(field.key for field in layout.FIELDS if field.header == question)
    book[layout.TRANSACTIONS_SHEET].cell(layout.FIRST_ROW, at[key]).value = "Yes"
    book.save(path)
    told = answered(computed(path))
    assert {words: count for words, count in told.items() if count} == {question: 1}


def test_a_deleted_column_leaves_noughts_and_no_errors(
    few: Path, computed: Callable[[Path], Any], tmp_path: Path
) -> None:
    """Where a name leads nowhere any more, as after a column was deleted, its figures are noughts."""
    path = Path(shutil.copy(few, tmp_path / "fewer.xlsx"))
    book = openpyxl.load_workbook(path)
    for name in ("orders_amount", "orders_currency", "orders_decision"):
        book.defined_names[name].attr_text = "#REF!"
    book.save(path)
    made = computed(path)
    assert [e for e in errors(made) if e.startswith(layout.DASHBOARD_SHEET)] == []
    assert tiles(made)["orders in sight"] == 6


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


def test_charts_draw_the_tables_beside_them(few: Path) -> None:
    """Each has a bar for every rating, with its word, its labels and its figures from the sheet."""
    charts = openpyxl.load_workbook(few)[layout.DASHBOARD_SHEET]._charts
    assert len(charts) == 3
    for chart in charts:
        assert len(chart.series) == len(RATING_ORDER)
        for series in chart.series:
            places = (series.tx.strRef.f, series.cat.numRef.f, series.val.numRef.f)
            assert all(place.startswith("'Dashboard'!") for place in places)
