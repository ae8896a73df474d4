"""A scored row says so when any of its inputs was changed, and says nothing when none was."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.columns import INPUTS
from hrdd_workbook import layout
from hrdd_workbook.read import CellError
from hrdd_workbook.staleness import EDITED, UNSPELLED, _spelled, _way, check

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]
COLUMN = {field.key: at for at, field in enumerate(layout.FIELDS, start=1)}
DECISION = {column.key for column in INPUTS if column.group == "Review"}


def states(book: Any, rows: int) -> list[str]:
    """What the check column shows, row by row."""
    sheet = book[layout.TRANSACTIONS_SHEET]
    return [sheet.cell(layout.FIRST_ROW + at, COLUMN["edited"]).value or "" for at in range(rows)]


def edited(path: Path, target: Path, edits: dict[tuple[int, str], Any]) -> Path:
    """A copy with some cells changed: (row from nought, column key) -> value."""
    book = openpyxl.load_workbook(path)
    for (at, key), value in edits.items():
        book[layout.TRANSACTIONS_SHEET].cell(layout.FIRST_ROW + at, COLUMN[key]).value = value
    book.save(target)
    return target


def changed(value: Any) -> Any:
    """Nearly the same value: another day, another cent, another letter, or something where nothing was."""
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(days=1)
    if isinstance(value, float):
        return value + 0.01
    return value[:-1] + ("x" if value[-1] != "x" else "y") if isinstance(value, str) and value else "new"


def test_every_single_change_is_noticed_and_nothing_else(
    scored_book: Any, computed: Callable[[Path], Any], tmp_path: Path
) -> None:
    """One cell of one column in each row: every input counts, and a decision does not."""
    keys = [column.key for column in INPUTS]
    values = {key: scored_book.frame[key].tolist() if key in scored_book.frame else [None] * 300 for key in keys}
    edits = {(at, key): changed(values[key][at]) for at, key in enumerate(keys)}
    blanked = {(at + 100, key): None for at, key in enumerate(keys) if values[key][at + 100] is not None}
    book = computed(edited(scored_book.path, tmp_path / "edited.xlsx", edits | blanked))
    touched = {at for at, key in edits | blanked if key not in DECISION}
    assert [at for at, state in enumerate(states(book, 300)) if state] == sorted(touched)
    assert set(states(book, 300)) == {"", EDITED}


def test_scoring_again_settles_it(
    scored_book: Any, computed: Callable[[Path], Any], rescore: Callable[[Path], Any], tmp_path: Path
) -> None:
    """After the edited row was scored anew nothing is stale, also in a file that another program saved."""
    path = edited(scored_book.path, tmp_path / "edited.xlsx", {(0, "end_use"): "something else"})
    rescore(path)
    assert set(states(computed(path), 300)) == {""}


def test_odd_cells_compare_equal_to_themselves(
    rescore: Callable[[Path], Any], computed: Callable[[Path], Any], tmp_path: Path, office: Callable[[Path], Path]
) -> None:
    """Numbers as text, truth values, fractions, long numbers, quotes, line breaks and formulas are no edits."""
    from hrdd_workbook.template import new_template

    odd: dict[str, list[Any]] = {
        "transaction_id": ["0102", 450001, 7.5, 123456789012345, "a|b", '"q"', "é — 漢 😀", " blank "],
        "as_of_date": [
            dt.datetime(2026, 7, 31),
            dt.datetime(1999, 2, 3, 18, 30),
            "31.07.2026",
            46000,
            None,
            "",
            "x",
            1,
        ],
        "amount": [0.1 + 0.2, 1e15, -0.0004, 19.99, "1.234,50", None, 2.675, 1e-9],
        "q_reexports": [True, False, "Yes", None, "No", 1, 0, "?"],
        "end_use": ["two\nlines", "=1+1", "'", "#N/A", "TRUE", "x" * 9000, "tab\there", "a & b < c"],
        "product": ["camera"] * 8,
        "end_user": ["Police"] * 8,
        "destination_country": ["Kenya"] * 8,
    }
    path = new_template(tmp_path / "odd.xlsx", rows=8, columns=odd)
    book = openpyxl.load_workbook(path)
    book[layout.TRANSACTIONS_SHEET].cell(layout.FIRST_ROW, COLUMN["exporter"]).value = '=CONCATENATE("A","B")'
    book.save(path)
    stored = Path(shutil.copy(office(path), tmp_path / "stored.xlsx"))
    rescore(stored)
    assert states(computed(stored), 8) == [""] * 8


def test_an_error_cell_is_compared_as_such() -> None:
    """A row with an error, or with more text than a cell can hold, has a sign of its own."""
    frame = pd.DataFrame({"product": [CellError("#N/A"), "x" * 40_000, "x"]}, dtype=object)
    assert check(frame, {"product": "B"}).said == [UNSPELLED, UNSPELLED, "x"]


CELLS = st.one_of(
    st.none(), st.text(max_size=5), st.booleans(), st.integers(-10, 10**13), st.dates(), st.floats(-1e12, 1e12)
)  # fmt: skip


@given(st.lists(CELLS, min_size=1, max_size=5), st.text(max_size=5) | st.integers(-10, 10**9))
def test_another_value_is_another_text(values: list[Any], new: Any) -> None:
    """Whatever else a column holds, another text or number is spelled otherwise."""
    way = _way(values, set(map(type, values)))
    before, after = _spelled([*values, new], way)[:-1], _spelled([new], way)[0]
    for value, text in zip(values, before, strict=True):
        if type(value) is type(new) and value != new:
            assert text != after


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_rows_are_spelled_one_by_one(rows: list[list[Any]]) -> None:
    """What a row says depends on it alone, but for the way in which whole columns are spelled."""
    frame = pd.DataFrame(rows, columns=["product", "amount", "decision"], dtype=object)
    found = check(frame, {"product": "A", "amount": "B", "decision": "C"})
    doubled = check(pd.concat([frame, frame], ignore_index=True), {"product": "A", "amount": "B", "decision": "C"})
    assert doubled.said == found.said * 2
    assert doubled.formula == found.formula
    assert "{C}" not in found.formula
