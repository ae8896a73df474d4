"""The scorer takes any table: it never raises on data, gives every output of every row, and refuses two of a kind."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.columns import INPUTS, OUTPUTS
from hrdd.engine import Scores
from hrdd.errors import HrddError
from hrdd.explanation import explain
from hrdd.packs import load_catalogue
from hrdd.signals import SIGNALS

KEYS = [column.key for column in INPUTS]
CLASSES = {"LOW", "MEDIUM", "HIGH", "CRITICAL"}
tables = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
patient = settings(max_examples=10, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])

JUNK: tuple[object, ...] = (
    # texts
    "", " \n\t", "?", "-", "N/A", "Probably", "yes ", "NO", "true", "#REF!", "#N/A", "=1+1", "a" * 40_000, "\x00",
    "\ud800", "\u202eevil", "\U0001f600", "İstanbul", "ﷺ", "中国 新疆", "Ⅳ", "１２", "٣", "e\u0301" * 30, "50 %", "1,5",
    "31.02.2024", "2024-13-01", "13/12/2024", "Georgia", "Congo", "Korea",
    # numbers
    True, False, 0, 1, -1, 1.0, 0.5, 10**30, 10**400, -(10**5000), 1e308, -0.0, math.inf, -math.inf, math.nan, 44197,
    Decimal("12.5"), Decimal("NaN"), 1 + 2j, np.int64(7), np.float32(2.5), np.bool_(False),
    # dates
    dt.date(1, 1, 1), dt.date(2024, 2, 29), dt.time(1, 2), dt.timedelta(days=3),
    dt.datetime(9999, 12, 31, 23, 59),  # cells have no zone
    dt.datetime(2024, 1, 1, tzinfo=dt.UTC), pd.Timestamp("2024-05-05"), pd.Timestamp("2024-05-05", tz="Asia/Tokyo"),
    np.datetime64("2024-01-01"),
    # nothing, and what is no cell
    None, pd.NA, pd.NaT, b"bytes", [1, [2]], {"a": {"b": None}}, (1, 2), frozenset({1}), np.array([1, 2]),
    range(3), ..., ValueError(),
)  # fmt: skip


def _is_complete(scores: Scores, rows: int) -> None:
    """Every output of every row is there, in the words it may be in."""
    columns, catalogue = scores.columns, load_catalogue()
    assert list(columns.columns) == [column.key for column in OUTPUTS]
    assert list(scores.flags.columns) == [rule.id for rule in catalogue.red_flags]
    assert list(scores.signals.columns) == [signal.id for signal in SIGNALS]
    assert len(columns) == len(scores.flags) == len(scores.signals) == rows
    assert not columns.isna().any(axis=None)
    assert set(columns["rating"]) <= CLASSES | {"UNRATED"}
    for key in ("rating_best", "rating_worst", "inherent", "residual"):
        assert set(columns[key]) <= CLASSES, key
    assert set(columns["disposition"]) <= {"NONE", "CONDITIONS", "HOLD", "STOP"}
    assert columns["severity"].between(0, 4).all()
    assert columns["likelihood"].between(0, 4).all()
    assert columns["completeness"].between(0, 1).all()
    assert set(np.unique(scores.flags.to_numpy(dtype=str))) <= {"YES", "NO", "UNKNOWN", "N/A"}
    assert all(((problem.rows >= 0) & (problem.rows < rows)).all() and len(problem.rows) for problem in scores.problems)


def _littered(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The rows, with one cell in six replaced by something odd."""
    rng = np.random.default_rng(seed)
    rows = rows.reindex(columns=KEYS).astype(object)
    for key in rows.columns:
        cells = rows[key].to_list()
        for at in np.flatnonzero(rng.random(len(rows)) < 1 / 6):
            cells[at] = JUNK[rng.integers(len(JUNK))]
        rows[key] = pd.Series([*cells, None], dtype=object).iloc[:-1]
    return rows


@tables
@given(seed=st.integers(0, 2**32 - 1))
def test_odd_cells_anywhere_are_scored_and_told(seed: int, random_rows: Any, scored: Any) -> None:
    """Whatever stands in whichever cell, every row comes out, and the doubtful cells are reported."""
    scores = scored(_littered(random_rows(seed, 100), seed))
    _is_complete(scores, 100)
    assert scores.columns["problems"].ne("").any()


@tables
@given(seed=st.integers(0, 2**32 - 1))
def test_odd_cells_of_one_row_change_no_other_row(seed: int, random_rows: Any, scored: Any) -> None:
    """What stands in other rows, and in which order, changes nothing of a row."""
    rows = _littered(random_rows(seed, 60), seed).assign(transaction_id=[f"T{at}" for at in range(60)])
    whole = scored(rows).columns
    order = np.random.default_rng(seed).permutation(60)
    turned = scored(rows.iloc[order]).columns
    pd.testing.assert_frame_equal(turned, whole.iloc[order].reset_index(drop=True))
    pd.testing.assert_frame_equal(scored(rows.iloc[20:40]).columns, whole.iloc[20:40].reset_index(drop=True))


_any_cell = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(exclude_categories=())), st.binary(),
    st.dates(), st.datetimes(), st.decimals(allow_nan=False), st.complex_numbers(),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
    st.sampled_from(JUNK),
)  # fmt: skip


@patient
@given(data=st.data())
def test_no_table_of_any_objects_raises(data: st.DataObject, scored: Any) -> None:
    """Any subset of columns with any objects, and columns of the user's own, come out complete."""
    rows = data.draw(st.integers(0, 5))
    keys = data.draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=25))
    cells = {key: data.draw(st.lists(_any_cell, min_size=rows, max_size=rows)) for key in keys}
    columns = {key: pd.Series([*values, None], dtype=object).iloc[:-1] for key, values in cells.items()}
    frame = pd.DataFrame(columns, index=range(rows), dtype=object).assign(**{"my own": "x"})
    _is_complete(scored(frame), rows)


@pytest.mark.parametrize("kind", ["category", "string", "object"])
def test_columns_of_any_dtype_may_be_wholly_blank(kind: str, scored: Any) -> None:
    """A column without a single value is a blank column, whatever its dtype."""
    frame = pd.DataFrame({key: pd.Series([None, None], dtype=kind) for key in KEYS if key != "transaction_id"})
    scores = scored(frame)
    _is_complete(scores, 2)
    assert scores.columns["rating"].tolist() == ["UNRATED", "UNRATED"]


@pytest.mark.parametrize("cell", [[], {}, set(), np.array([])])
def test_an_empty_container_is_no_cell(cell: object, scored: Any) -> None:
    """Even empty containers are read as something that cannot be read."""
    frame = pd.DataFrame({"product": pd.Series([cell, "x"], dtype=object)})
    assert "Product: " in scored(frame).columns["problems"][0]


def test_no_rows_give_no_rows_and_all_columns(scored: Any) -> None:
    """An empty table has empty results with every column; with no columns at all too."""
    _is_complete(scored(pd.DataFrame(columns=KEYS)), 0)
    _is_complete(scored(pd.DataFrame()), 0)


def test_rows_without_columns_are_blank_rows(scored: Any) -> None:
    """A table that has none of the input columns is rated as wholly unknown."""
    scores = scored(pd.DataFrame({"remarks": ["a", "b"], 7: [1, 2]}))
    _is_complete(scores, 2)
    assert set(scores.columns["rating"]) == {"UNRATED"}


def test_one_row_is_scored_and_explained(benign: dict[str, object], scored: Any) -> None:
    """A table of one row in which nothing is found is scored like any other."""
    scores = scored([{**benign, "product_category": "general_it"}])
    _is_complete(scores, 1)
    said = scores.columns.iloc[0]
    assert (said.rating, said.disposition, said.lowered_by, said.ask_first) == ("LOW", "NONE", "", "")
    assert "Nothing found in what was checked." in explain(scores, 0).text


def test_two_columns_of_one_key_are_refused_by_name(scored: Any) -> None:
    """Two columns that claim to be one input are refused with the header, for either could be meant."""
    frame = pd.DataFrame([["a", "b", "c"]], columns=["product", "product", "remarks"])
    with pytest.raises(HrddError, match=r"more than one column for Product; keep one"):
        scored(frame)


def test_two_columns_of_the_users_own_may_share_a_name(scored: Any) -> None:
    """Columns that are not inputs are the user's own business."""
    _is_complete(scored(pd.DataFrame([["a", "b", "c"]], columns=["x", "x", "product"])), 1)


def test_the_index_of_the_table_means_nothing(benign: dict[str, object], scored: Any) -> None:
    """A table with repeated or odd labels is scored by position."""
    frame = pd.DataFrame([benign, benign | {"q_false_documents": "Yes"}], index=[7, 7], dtype=object)
    assert scored(frame).columns["disposition"].tolist() == ["NONE", "HOLD"]


def test_scoring_leaves_the_table_as_it_was(random_rows: Any, scored: Any) -> None:
    """The caller's table is not changed."""
    rows = random_rows(1, 50).assign(transaction_id="same")
    before = rows.copy(deep=True)
    scored(rows)
    pd.testing.assert_frame_equal(rows, before)
