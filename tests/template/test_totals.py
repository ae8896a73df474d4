"""A totals row below the table: it stays as it is, and is counted nowhere as an order."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from figures import errors, tiles
from openpyxl.utils import get_column_letter

from hrdd_cli.main import cli
from hrdd_workbook import layout
from hrdd_workbook.design import design
from hrdd_workbook.issues import issues
from hrdd_workbook.read import read_transactions
from hrdd_workbook.rows import is_total
from hrdd_workbook.template import new_template

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]
ROWS = 6
TOTALS = layout.FIRST_ROW + ROWS
SUMS = {"rating": 103, "amount": 109, "in_sight": 109}


def with_totals(source: Path, target: Path) -> Path:
    """The workbook after somebody switched the totals row of its table on, as Excel writes it."""
    book = openpyxl.load_workbook(source)
    sheet = book[layout.TRANSACTIONS_SHEET]
    table, headers = sheet.tables[layout.TABLE_NAME], {f.key: f.header for f in layout.FIELDS}
    right = get_column_letter(len(table.tableColumns))
    table.autoFilter.ref, table.ref = f"A2:{right}{TOTALS - 1}", f"A2:{right}{TOTALS}"
    table.totalsRowCount = 1
    places = {column.name: at for at, column in enumerate(table.tableColumns, start=1)}
    sheet.cell(TOTALS, 1).value = "Total"
    for key, function in SUMS.items():
        place = sheet.cell(TOTALS, places[headers[key]])
        place.value = f"=SUBTOTAL({function},{layout.TABLE_NAME}[{headers[key]}])"
    book.save(target)
    return target


def totals_row(path: Path) -> list[Any]:
    """What stands in the totals row."""
    return [cell.value for cell in openpyxl.load_workbook(path)[layout.TRANSACTIONS_SHEET][TOTALS]]


def test_a_totals_row_is_no_order_and_stays(few: Path, rescore: Callable[[Path], Any], tmp_path: Path) -> None:
    """The orders score as before, however often; the totals row keeps its cells, and nothing is said of it."""
    path = with_totals(few, tmp_path / "totals.xlsx")
    stood = totals_row(path)
    for _ in range(2):
        assert rescore(path).frame["transaction_id"].tolist() == read_transactions(few).frame["transaction_id"].tolist()
        assert totals_row(path) == stood
    read = read_transactions(path)
    assert [note for note in read.notes if "stored result" in note or "below" in note] == []
    assert all(row < ROWS for issue in issues(read, []) for row in issue.rows)


def test_a_totals_row_comes_before_the_first_scoring_too(tmp_path: Path, rescore: Callable[[Path], Any]) -> None:
    """Result columns join a table that has a totals row, and the totals row has none of their values."""
    orders = {"transaction_id": [f"A{at}" for at in range(ROWS)], "product": ["Body-worn camera"] * ROWS}
    path = with_totals(new_template(tmp_path / "new.xlsx", rows=ROWS, columns=orders), tmp_path / "totals.xlsx")
    stood = totals_row(path)
    assert len(rescore(path).frame) == ROWS
    assert totals_row(path)[: len(stood)] == stood
    assert not any(totals_row(path)[len(stood) :])


@pytest.fixture(scope="module")
def saved(few: Path, office: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored workbook with a totals row, as LibreOffice computes and saves it; not to be changed."""
    return office(with_totals(few, tmp_path_factory.mktemp("totals") / "totals.xlsx"))


def test_the_dashboard_does_not_count_the_totals_row(
    few: Path, saved: Path, rescore: Callable[[Path], Any], tmp_path: Path
) -> None:
    """Whatever is added up there, LibreOffice shows as many orders as there are; what it saves scores the same."""
    path, again = with_totals(few, tmp_path / "totals.xlsx"), Path(shutil.copy(saved, tmp_path / "saved.xlsx"))
    book = openpyxl.load_workbook(saved, data_only=True)
    assert list(errors(book)) == []
    assert tiles(book)["orders in sight"] == ROWS
    assert book[layout.DASHBOARD_SHEET]["B3"].value.startswith(f"Orders in sight: {ROWS}.")
    assert book[layout.TRANSACTIONS_SHEET].cell(TOTALS, 2).value == ROWS
    assert rescore(again).scores.columns.equals(rescore(path).scores.columns)


def test_the_table_can_be_seen_without_its_table_style(few: Path, saved: Path) -> None:
    """Headers have their paper and every cell a line below it as formats of their own, which every program draws."""
    for path in (few, saved):
        sheet = openpyxl.load_workbook(path)[layout.TRANSACTIONS_SHEET]
        heads = sheet[layout.HEADER_ROW][: len(layout.FIELDS)]
        assert {head.fill.fill_type for head in heads} == {"solid"}
        orders = sheet.iter_rows(min_row=layout.FIRST_ROW, max_row=TOTALS - 1, max_col=len(layout.FIELDS))
        written = [cell for row in orders for cell in row if cell.value is not None]
        assert len(written) > 100
        assert {cell.border.bottom.style for cell in written} == {"thin"}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_a_totals_row_that_is_switched_on_has_a_name_that_is_read(tmp_path: Path, language: str) -> None:
    """The table knows what to put there: a word for total under the id, a count of ratings, no sum of currencies."""
    path = new_template(tmp_path / "new.xlsx", rows=3, wanted=design(language=language))
    columns = openpyxl.load_workbook(path).worksheets[1].tables[layout.TABLE_NAME].tableColumns
    assert is_total(columns[0].totalsRowLabel)
    assert [column.totalsRowFunction for column in columns if column.totalsRowFunction] == ["count"]


def test_one_row_is_a_row(tmp_path: Path) -> None:
    """Sentences with a count of one are in the singular."""
    path = new_template(tmp_path / "one.xlsx", columns={"transaction_id": ["A1"], "product": ["Body-worn camera"]})
    told = CliRunner().invoke(cli, ["score", str(path), "--dry-run"]).output
    assert "1 row\n" in told
    assert "1 rows" not in told


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_sums_under_a_word_that_is_in_no_column_of_ours(tmp_path: Path, suffix: str) -> None:
    """A range that somebody summed, with the word for it in a column of their own: told, and not read as an order."""
    rows = [("Pos", "Order no", "Product", "End user", "Country", "Amount"), (1, "A1", "Camera", "Bank", "Norway", 5)]
    rows += [(2, "A2", "Camera", "Bank", "Norway", None), ("Total EUR", None, None, None, None, 5)]
    path = tmp_path / f"summed.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows))
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    read = read_transactions(path)
    assert read.frame["transaction_id"].tolist() == ["A1", "A2"]
    assert [note for note in read.notes if note.startswith("Not read: 1 row at the foot with numbers alone")]


def test_a_row_of_numbers_between_orders_is_an_order(tmp_path: Path) -> None:
    """It is no sum of all others; what it does not say is unknown."""
    path = tmp_path / "between.csv"
    path.write_text(
        "Order no,Product,End user,Country,Amount\nA1,Camera,Bank,Norway,5\n,,,,5\nA2,Camera,Bank,Norway,5\n"
    )
    assert len(read_transactions(path).frame) == 3
