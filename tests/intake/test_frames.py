"""Whole frames: odd objects, identities, places of problems, and what holds for any cells at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd.columns import INPUT_BY_KEY, INPUTS
from hrdd.intake import Intake, take_in
from hrdd.readings import WORDED

TODAY = dt.date(2026, 11, 24)


class ErrorCell:
    """What a workbook reader hands over for a cell that shows an error."""

    def __str__(self) -> str:
        return "#N/A"


def frame(**columns: Sequence[object]) -> pd.DataFrame:
    """A frame of object columns."""
    return pd.DataFrame({key: pd.Series(list(cells), dtype=object) for key, cells in columns.items()})


def told(taken: Intake, key: str) -> list[list[str]]:
    """Per row, what is reported of a column."""
    found: list[list[str]] = [[] for _ in range(len(taken.cells))]
    for problem in taken.problems:
        if problem.key == key:
            for row in problem.rows:
                found[row].append(problem.message)
    return [sorted(messages) for messages in found]


# Objects that are no values

ODD = [
    ErrorCell(),
    b"Yes",
    ["Yes"],
    ("Germany",),
    {"Yes"},
    {"a": 1},
    [["Clear"]],
    dt.time(3, 4),
    dt.timedelta(3),
    1j,
    object,
]


def test_an_object_that_is_no_value_is_unknown_and_told() -> None:
    """Errors, bytes, lists and other objects are UNKNOWN in every column, whatever they would look like as text."""
    taken = take_in(frame(**{column.key: [*ODD, None] for column in INPUTS}), TODAY)
    for column in INPUTS:
        assert taken.doubtful(column.key).tolist() == [True] * len(ODD) + [False], column.key
        assert taken.cells[column.key].isna().all() or column.key == "as_of_date"
        for cell, messages in zip(ODD, told(taken, column.key), strict=False):
            assert f'"{cell}" cannot be read and counts as unknown; enter a value' in messages


# Identities


def test_empty_ids_and_repeated_ids_are_told_with_their_rows() -> None:
    """Every row needs a number of its own; 7 and "7" are one number, case and all else counts."""
    taken = take_in(frame(transaction_id=[7, "7", None, "  ", "A", "a", 7.0]), TODAY)
    assert told(taken, "transaction_id") == [
        ["used by more than one row; give each row its own number"],
        ["used by more than one row; give each row its own number"],
        ["empty; give each row its own number"],
        ["empty; give each row its own number"],
        [],
        [],
        ["used by more than one row; give each row its own number"],
    ]


def test_a_table_without_ids_is_told_so_on_every_row() -> None:
    """An absent id column is an empty one."""
    assert told(take_in(frame(product=["Axon", "Bolt"]), TODAY), "transaction_id") == [
        ["empty; give each row its own number"],
        ["empty; give each row its own number"],
    ]


def test_an_unreadable_id_is_told_and_missing() -> None:
    """An error in the id column leaves the row without a number."""
    messages = told(take_in(frame(transaction_id=["#REF!", "A"]), TODAY), "transaction_id")
    assert [len(found) for found in messages] == [2, 0]


# Sentences


def test_a_problem_names_its_column_its_value_and_what_is_expected() -> None:
    """The row's sentence begins with the header, quotes the cell, and says what counts."""
    taken = take_in(
        frame(transaction_id=["1"], q_agency_misuse=["Probably"], owner_share=[200], as_of_date=["soon"]), TODAY
    )
    assert sorted(problem.text for problem in taken.problems) == [
        'Credible reports of abuse by this end user?: "Probably" is not Yes, No or Unknown and counts as unknown',
        'Date: "soon" is not a date that can be read; write it as YYYY-MM-DD',
        'Owner share %: "200" is not a percentage from 0 to 100 and counts as unknown',
    ]


def test_a_long_cell_is_quoted_in_part() -> None:
    """A novel in a choice cell does not become a novel in the report."""
    taken = take_in(frame(transaction_id=["1"], screening_result=["x" * 5000]), TODAY)
    assert max(len(problem.text) for problem in taken.problems) < 250


def test_a_problem_marks_all_rows_it_is_true_of_and_no_others() -> None:
    """Work is done once per distinct value, and told on every row that has it."""
    taken = take_in(frame(transaction_id=range(5), us_content=["Perhaps", "Yes", None, "Perhaps", "So-so"]), TODAY)
    assert taken.doubtful("us_content").tolist() == [True, False, False, True, True]
    assert [len(found) for found in told(taken, "us_content")] == [1, 0, 0, 1, 1]
    assert taken.cells["us_content"].tolist() == [pd.NA, True, pd.NA, pd.NA, pd.NA]


# Shapes of frames


def test_an_empty_frame_has_no_rows_and_no_problems() -> None:
    """Nothing in, nothing out, with every column there."""
    taken = take_in(pd.DataFrame(), TODAY)
    assert (len(taken.cells), taken.problems) == (0, [])
    assert list(taken.cells.columns) == [column.key for column in INPUTS]


def test_columns_that_are_not_inputs_are_ignored() -> None:
    """The user's own columns travel past the scorer."""
    taken = take_in(frame(transaction_id=["1"], salesperson=["Ann"]), TODAY)
    assert "salesperson" not in taken.cells.columns
    assert "salesperson" not in taken.cells


def test_the_index_of_the_frame_means_nothing() -> None:
    """A filtered or renumbered frame is read by position."""
    plain = frame(transaction_id=["1", "2"], us_content=["Yes", "Perhaps"])
    odd = plain.set_axis(["b", "b"], axis=0)
    assert take_in(odd, TODAY).cells.equals(take_in(plain, TODAY).cells)


@pytest.mark.parametrize(
    ("key", "cells", "expected"),
    [
        ("q_agency_misuse", np.array([True, False]), [True, False]),
        ("q_agency_misuse", pd.array([True, None], dtype="boolean"), [True, None]),
        ("owner_share", np.array([49.9, np.nan]), [49.9, None]),
        ("owner_share", pd.array([50, None], dtype="Int64"), [50.0, None]),
        ("screening_date", np.array(["2026-01-02", "NaT"], dtype="datetime64[ns]"), [pd.Timestamp("2026-01-02"), None]),
        ("screening_date", np.array([45658]), [pd.Timestamp("2025-01-01")]),
        ("screening_result", pd.array(["clear", None], dtype="string"), ["Clear", None]),
        ("destination_country", np.array([276, 4]), ["DEU", "AFG"]),
        ("product", np.array([7, 8]), ["7", "8"]),
    ],
)
def test_typed_columns_are_read_like_cells(key: str, cells: Any, expected: list[object]) -> None:
    """A frame may hold numpy and pandas types of its own."""
    values = take_in(pd.DataFrame({key: cells}), TODAY).cells[key].tolist()
    assert [None if pd.isna(value) else value for value in values] == expected


# What always holds

typed = [
    "Yes", "no", "n/a", "Unknown", "?", "-", "tbd", "Probably", "No?", "Verified", "Clear", "Confirmed match", "✓", "0",
    "facial_recognition", "Police or law enforcement", "Germany", "CN", "Congo", "Xinjiang", "2026-01-02", "03/04/2026",
    "31.12.2026", "1,234.50", "1.234", "12,5 %", "200 %", "#N/A", "#REF!", "Acme Ltd", "x" * 80, "\u00a0", "1",
]  # fmt: skip
cells = st.one_of(
    st.none(),
    st.sampled_from(typed),
    st.text(max_size=12),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, 0.0, 1.0, 45658, 45658.5]),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=4),
    st.lists(st.sampled_from(["Yes", 1]), max_size=2),
    st.builds(ErrorCell),
)
tables = st.lists(st.lists(cells, min_size=4, max_size=4), min_size=1, max_size=8)
keys = st.lists(st.sampled_from([column.key for column in INPUTS]), min_size=4, max_size=4, unique=True)


def _values(taken: Intake, key: str) -> list[object]:
    return [None if pd.isna(value) else value for value in taken.cells[key]]


@settings(max_examples=40)
@given(keys, tables)
def test_any_cells_at_all_are_read(names: list[str], rows: list[list[object]]) -> None:
    """Nothing raises; a cell that is not used is blank, or doubted, or told; a doubted cell is never a value."""
    taken = take_in(frame(**dict(zip(names, zip(*rows, strict=True), strict=True))), TODAY)
    assert len(taken.cells) == len(rows)
    for key, column in zip(names, zip(*rows, strict=True), strict=True):
        doubt, values = taken.doubtful(key), _values(taken, key)
        for row, cell in enumerate(column):
            if doubt[row]:
                assert values[row] is None or key == "as_of_date"
            elif values[row] is None and key not in WORDED:
                assert told(taken, key)[row] or not _says_something(key, cell)


def _says_something(key: str, cell: Any) -> bool:
    """Whether a cell says more than a blank, so that it may not be dropped without a doubt."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return False
    letters = "".join(filter(str.isalnum, str(cell))).casefold()
    if letters in ("", "na", "none", "nil", "null", "notapplicable", "unknown"):
        return letters == "" and any(sign in "?✓" for sign in str(cell)) and INPUT_BY_KEY[key].kind != "text"
    return True


@settings(max_examples=40)
@given(keys, tables)
def test_an_unreadable_cell_is_told(names: list[str], rows: list[list[object]]) -> None:
    """A doubted cell has a sentence, unless it says in its own words that the fact is unknown."""
    taken = take_in(frame(**dict(zip(names, zip(*rows, strict=True), strict=True))), TODAY)
    for key, column in zip(names, zip(*rows, strict=True), strict=True):
        sentences = told(taken, key)
        for row in np.flatnonzero(taken.doubtful(key)):
            folded = "".join(filter(str.isalnum, str(column[row]))).casefold()
            silent = folded in ("", "unknown", "unk", "tbd", "tba", "tbc", "na", "none", "nil", "null", "notknown")
            assert sentences[row] or silent, (key, column[row])


@settings(max_examples=40)
@given(keys, tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(names: list[str], rows: list[list[object]], random: Any) -> None:
    """Each row is read as it would be in any other place: value, doubt and sentences."""
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = [rows[place] for place in order]
    first = take_in(frame(**dict(zip(names, zip(*rows, strict=True), strict=True))), TODAY)
    second = take_in(frame(**dict(zip(names, zip(*shuffled, strict=True), strict=True))), TODAY)
    for key in names:
        assert [_values(first, key)[place] for place in order] == _values(second, key)
        assert [first.doubtful(key)[place] for place in order] == list(second.doubtful(key))
        assert [told(first, key)[place] for place in order] == told(second, key)


@settings(max_examples=4)
@given(st.permutations(typed))
def test_a_categorical_column_is_read_like_its_cells(texts: list[str]) -> None:
    """How the reader stores a column changes nothing."""
    plain = take_in(frame(**{column.key: texts for column in INPUTS}), TODAY)
    columns = {column.key: pd.Series(pd.Categorical(texts)) for column in INPUTS}
    stored = take_in(pd.DataFrame(columns), TODAY)
    for key in columns:
        assert _values(plain, key) == _values(stored, key)
        assert plain.doubtful(key).tolist() == stored.doubtful(key).tolist()
        assert told(plain, key) == told(stored, key)


@settings(max_examples=25)
@given(keys, tables)
def test_rows_taken_together_are_rows_taken_alone(names: list[str], rows: list[list[object]]) -> None:
    """A cell is never read in the light of another row; only repeated ids look across rows."""
    together = take_in(frame(**dict(zip(names, zip(*rows, strict=True), strict=True))), TODAY)
    row = len(rows) // 2
    alone = take_in(frame(**{name: [cell] for name, cell in zip(names, rows[row], strict=True)}), TODAY)
    for key in names:
        assert _values(together, key)[row] == _values(alone, key)[0]
        assert together.doubtful(key)[row] == alone.doubtful(key)[0]
        repeated = Counter(told(together, key)[row]) - Counter(told(alone, key)[0])
        assert all(key == "transaction_id" and "more than one row" in message for message in repeated)
