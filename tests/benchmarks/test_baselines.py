"""The engines that benchmarks hold hrdd against answer as hrdd does; otherwise they would be straw men."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hrdd.backtest import load_cases
from hrdd.columns import ESSENTIALS, INPUT_BY_KEY
from hrdd.engine import Scores, score
from hrdd.method.levels import load_levels
from hrdd.packs import load_catalogue

FOLDER = Path(__file__).parents[2] / "benchmarks"
ROWS = 150
SETS = ("quarter", "distinct", "cases")


@pytest.fixture(scope="module", autouse=True)
def _benchmarks_on_path() -> Iterator[None]:
    """The folder of benchmarks, whose modules import each other by plain names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield


def _frame(name: str) -> pd.DataFrame:
    if name == "cases":
        cases = load_cases()
        return cases[[key for key in cases.columns if key in INPUT_BY_KEY]]
    frame: pd.DataFrame = getattr(_module("rows"), name)(ROWS)
    return frame


def _module(name: str) -> Any:
    return import_module(name)


@pytest.fixture(scope="module", params=SETS)
def scored(request: pytest.FixtureRequest) -> Scores:
    """Scores of one set of rows."""
    return score(_frame(request.param), today=date(2026, 11, 24))


def _expected(scores: Scores) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    positions = range(len(scores.columns))
    prepared = _module("prepared")
    return prepared.facts_of(scores, positions), prepared.answers_of(scores, positions)


def test_plain_python_answers_as_hrdd_does(scored: Scores) -> None:
    """Row by row in plain Python, class, disposition, interval and every flag come out the same."""
    facts, expected = _expected(scored)
    engine = _module("row_by_row").RowByRow()
    assert _module("prepared").differences(expected, [engine.rate(row) for row in facts]) == []


@pytest.mark.parametrize("trace", [True, False], ids=["with trace", "without trace"])
def test_zen_answers_as_hrdd_does(scored: Scores, *, trace: bool) -> None:
    """A decision of zen-engine, generated from the same policy and packs, gives the same answers."""
    pytest.importorskip("zen", reason="zen-engine is not installed, so it was NOT compared; install the extra `bench`")
    facts, expected = _expected(scored)
    engine = _module("zen_rules").ZenRules(load_levels(), load_catalogue(), list(INPUT_BY_KEY))
    assert _module("prepared").differences(expected, [engine.rate(row, trace=trace) for row in facts]) == []


def test_a_wrong_answer_is_noticed(scored: Scores) -> None:
    """The comparison that the other tests rest on names the row and what differs."""
    _, expected = _expected(scored)
    wrong = [{**expected[0], "disposition": "NEVER"}, *expected[1:]]
    assert _module("prepared").differences(expected, wrong) == [
        f"row 0: disposition is 'NEVER', hrdd says {expected[0]['disposition']!r}"
    ]


@pytest.mark.parametrize("name", ["quarter", "distinct"])
def test_rows_are_the_same_every_time(name: str) -> None:
    """Benchmarks of different days measure the same rows."""
    pd.testing.assert_frame_equal(_frame(name), _frame(name))


def test_the_quarter_repeats_customers_and_products() -> None:
    """A quarter has a fifth as many customers as orders and a twentieth as many products."""
    quarter = _module("rows").quarter(2000)
    assert quarter["product"].nunique() <= 100
    assert quarter["end_user"].nunique() <= 400


def test_no_text_of_the_hard_case_stands_twice() -> None:
    """Text cells of the hard case are all different, and filled on every row where orders have them."""
    rows = _module("rows").distinct(ROWS)
    for key, column in INPUT_BY_KEY.items():
        if column.kind == "text":
            assert rows[key].nunique() == rows[key].notna().sum() > 0
            assert key not in ESSENTIALS or rows[key].notna().all()


def test_rows_of_many_kinds_are_compared() -> None:
    """The generated rows reach every class, every disposition and every answer, so that agreeing means something."""
    scores = score(_module("rows").distinct(ROWS), today=date(2026, 11, 24))
    assert set(scores.columns["rating_worst"]) == set(load_levels().classes)
    assert set(scores.columns["disposition"]) == {"NONE", "CONDITIONS", "HOLD", "STOP"}
    assert set(scores.flags.to_numpy().ravel()) == {"YES", "UNKNOWN", "NO", "N/A"}
