"""The example workbooks' header rows, as people find them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hrdd.columns import ESSENTIALS, INPUT_BY_KEY, HeaderMatch, match_headers

EXAMPLES = Path(__file__).parents[2] / "examples"


def best(name: str) -> dict[str, tuple[int, HeaderMatch]]:
    """For each sheet of an example, the row (from 1) among the first that reads most like a header."""
    path = EXAMPLES / name
    if not path.exists():
        pytest.skip(f"examples/{name} is not here; `make demo` needs it")
    book: Any = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = {sheet.title: list(sheet.iter_rows(max_row=12, values_only=True)) for sheet in book}
    finally:
        book.close()
    matches = {title: [match_headers(row) for row in heads] for title, heads in rows.items()}
    return {
        title: max(enumerate(found, 1), key=lambda pair: pair[1].score) for title, found in matches.items() if found
    }


def test_the_documented_cases_carry_the_whole_contract() -> None:
    """The workbook of documented cases has every input column under its own header."""
    row, found = best("documented-cases.xlsx")["Transactions"]
    assert row == 2
    assert set(found.keys) == set(INPUT_BY_KEY)
    assert found.notes == []


def test_the_quarters_orders_are_recognised_under_other_names() -> None:
    """A finance extract is read under its own headers, each renaming reported."""
    row, found = best("orders-2026q3.xlsx")["Orders 2026-Q3"]
    assert row == 5
    assert set(ESSENTIALS) - set(found.keys) == {"product_description"}
    assert 'Header "Ship-to country" was read as "Destination country".' in found.notes
    assert 'Header "Selling entitiy" was read as "Exporter" (near spelling).' in found.notes


@pytest.mark.parametrize("name", ["documented-cases.xlsx", "orders-2026q3.xlsx"])
def test_no_other_sheet_reads_like_transactions(name: str) -> None:
    """Rates, summaries, sources and lists are passed over."""
    convincing = [title for title, (_, found) in best(name).items() if found.score > 0]
    assert len(convincing) == 1
