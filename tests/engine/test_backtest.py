"""The backtest: its output for programs, its rule of what is within, and what a finance export is worth."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hrdd.backtest import BadCases, backtest, load_cases
from hrdd.columns import ESSENTIALS, INPUT_BY_KEY
from hrdd.signals import BY_ID

CLASSES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
RECORD = {
    "transaction_id",
    "overall",
    "overall_low",
    "unrated",
    "disposition",
    "class",
    "severity",
    "likelihood",
    "signals",
    "expected_min",
    "expected_max",
    "expected_disposition",
    "within",
}
EXPECTED = {"expected_min": "LOW", "expected_max": "LOW", "expected_disposition": "NONE"}


@pytest.fixture(scope="module")
def shipped() -> Any:
    """The shipped cases, run once."""
    return backtest(load_cases())


def _run(*rows: dict[str, object], **options: Any) -> Any:
    cases = pd.DataFrame([{**EXPECTED, **row} for row in rows], dtype=object)
    return backtest(cases.where(cases.notna(), None), **options)


def test_every_record_has_the_agreed_fields(shipped: Any) -> None:
    """One record per case, in order, with every field and every signal, ready for JSON."""
    assert [row["transaction_id"] for row in shipped.rows] == shipped.cases["transaction_id"].tolist()
    for row in shipped.rows:
        assert set(row) == RECORD
        assert set(row["signals"]) == set(BY_ID)
        assert all(answer in (True, False, None) for answer in row["signals"].values())
        assert row["overall"] in CLASSES
        assert row["overall_low"] in CLASSES
        assert row["class"] in CLASSES
        assert type(row["unrated"]) is type(row["within"]) is bool
        assert type(row["severity"]) is type(row["likelihood"]) is int
    again = json.loads(json.dumps({"summary": shipped.summary, "rows": shipped.rows}))
    assert again == {"summary": shipped.summary, "rows": shipped.rows}


def test_all_shipped_cases_are_within(shipped: Any) -> None:
    """Every documented case comes out in its range, pairs in order, and no invented benign row above its own."""
    assert shipped.summary["outside"] == []
    assert shipped.summary["pairs_out_of_order"] == []
    assert shipped.summary["benign_rated_high_or_above"] == []
    assert shipped.summary["stop_found"] == shipped.summary["stop_cases"]


def _within(row: dict[str, Any]) -> bool:
    """The rule in its own words: headline in range and disposition as expected; unrated, the interval meets it."""
    low, high, least, most = (
        CLASSES.index(row[key]) for key in ("overall_low", "overall", "expected_min", "expected_max")
    )
    if row["unrated"]:
        return low <= most and least <= high and row["disposition"] in ("HOLD", "STOP")
    return least <= high <= most and row["disposition"] == row["expected_disposition"]


@pytest.mark.parametrize("essentials", [False, True])
def test_within_is_what_the_rule_says(essentials: bool) -> None:
    """Recomputed from the record alone, within and the summary's counts come out the same."""
    result = backtest(load_cases(), essentials=essentials)
    assert [row["within"] for row in result.rows] == [_within(row) for row in result.rows]
    summary = result.summary
    assert summary["cases"] == len(result.rows) == summary["within"] + len(summary["outside"])
    assert summary["unrated"] == sum(row["unrated"] for row in result.rows)
    grave = [row for row in result.rows if row["expected_min"] in ("HIGH", "CRITICAL")]
    assert summary["grave_cases"] == len(grave)
    assert summary["grave_rated_high_or_above"] == sum(row["overall"] in ("HIGH", "CRITICAL") for row in grave)


@pytest.mark.parametrize(
    ("expected", "within"),
    [
        ({"expected_min": "LOW", "expected_max": "LOW", "expected_disposition": "NONE"}, True),
        ({"expected_min": "LOW", "expected_max": "CRITICAL", "expected_disposition": "NONE"}, True),
        ({"expected_min": "MEDIUM", "expected_max": "HIGH", "expected_disposition": "NONE"}, False),
        ({"expected_min": "LOW", "expected_max": "LOW", "expected_disposition": "HOLD"}, False),
    ],
)
def test_a_rated_row_needs_its_range_and_its_disposition(
    expected: dict[str, object], within: bool, benign: dict[str, object]
) -> None:
    """Range and disposition both count, and the range includes its ends."""
    (row,) = _run({**benign, **expected, "transaction_id": "A"}).rows
    assert (row["overall"], row["disposition"], row["unrated"]) == ("LOW", "NONE", False)
    assert row["within"] is within


@pytest.mark.parametrize(
    ("least", "most", "within"), [("LOW", "LOW", False), ("LOW", "MEDIUM", True), ("CRITICAL", "CRITICAL", True)]
)
def test_an_unrated_row_needs_an_interval_that_meets_the_range(least: str, most: str, within: bool) -> None:
    """A blank case spans MEDIUM to CRITICAL and is held: within wherever that touches the range."""
    (row,) = _run(
        {"transaction_id": "A", "expected_min": least, "expected_max": most, "expected_disposition": "NONE"}
    ).rows
    assert (row["unrated"], row["overall_low"], row["overall"], row["disposition"]) == (
        True,
        "MEDIUM",
        "CRITICAL",
        "HOLD",
    )
    assert row["within"] is within


def test_essentials_are_what_a_finance_export_has(benign: dict[str, object]) -> None:
    """In essentials mode every other cell is blank: a false paper or a confirmed match is not seen."""
    case = {**benign, "transaction_id": "A", "q_false_documents": "Yes", "screening_result": "Confirmed match"}
    whole, bare = _run(case), _run(case, essentials=True)
    assert whole.rows[0]["disposition"] == "STOP"
    assert bare.rows[0]["signals"]["I-FALSEDOC"] is None
    assert bare.rows[0]["signals"]["E-LISTED"] is None
    known = bare.scores.trace.taken.cells.dropna(axis="columns").columns
    assert set(known) <= set(ESSENTIALS)


def test_expectations_and_stories_never_reach_the_scorer(benign: dict[str, object]) -> None:
    """What a case expects, and what became known later, changes nothing of its rating."""
    plain = _run({**benign, "transaction_id": "A"})
    told = {
        "kind": "DOCUMENTED",
        "title": "Spyware",
        "outcome": "prison",
        "why": "abuse",
        "allegation_status": "SETTLED",
    }
    other = {"expected_min": "CRITICAL", "expected_max": "CRITICAL", "expected_disposition": "STOP"}
    more = _run({**benign, **told, **other, "transaction_id": "A"})
    said = RECORD - set(EXPECTED) - {"within"}
    assert {key: plain.rows[0][key] for key in said} == {key: more.rows[0][key] for key in said}


def test_pairs_are_held_to_their_expected_order(benign: dict[str, object]) -> None:
    """Of two cases with a pair's name, the one expected to be worse must come out worse."""
    worse = {
        "q_repressive_use": "Yes",
        "expected_disposition": "STOP",
        "expected_min": "CRITICAL",
        "expected_max": "CRITICAL",
    }
    milder = {**benign, "transaction_id": "A", "pair": "P1"}
    right = _run(milder, {**benign, **worse, "transaction_id": "B", "pair": "P1"})
    assert (right.summary["pairs"], right.summary["pairs_in_order"]) == (1, 1)
    wrong = _run(milder, {**benign, **worse, "q_repressive_use": "No", "transaction_id": "B", "pair": "P1"})
    assert wrong.summary["pairs_out_of_order"] == ["P1: B over A"]


def test_cases_without_pairs_or_kinds_can_be_run(benign: dict[str, object]) -> None:
    """Only ids and expectations are needed beside the cells."""
    summary = _run({**benign, "transaction_id": "A"}).summary
    assert (summary["pairs"], summary["benign_cases"], summary["cases"]) == (0, 0, 1)


def test_the_shipped_cases_use_the_words_of_the_template(shipped: Any) -> None:
    """Countries, choices and dates of the shipped cases are all read: no case costs itself its own certainty."""
    told = Counter(problem.key for problem in shipped.scores.problems if problem.grave)
    assert not told, [f"{problem.text}: {problem.rows}" for problem in shipped.scores.problems if problem.grave]
    assert set(shipped.cases.columns) >= set(INPUT_BY_KEY)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("transaction_id,product\nA,x\n", "expected_disposition"),
        ("", "cases.csv"),
        ('transaction_id,"\n', "cases.csv"),
    ],
)
def test_a_file_that_is_no_list_of_cases_is_refused(text: str, named: str, tmp_path: Path) -> None:
    """A file that cannot be read, or lacks what a backtest needs, is refused by name."""
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCases, match=named):
        load_cases(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing file is told by its path."""
    with pytest.raises(BadCases, match=r"nowhere\.csv"):
        load_cases(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(("key", "word"), [("expected_min", "GRAVE"), ("expected_max", None)])
def test_a_range_in_other_words_is_refused(key: str, word: object, benign: dict[str, object]) -> None:
    """The ends of a range must be classes; the case and the column are named."""
    with pytest.raises(BadCases, match=f"A-7.*{key}"):
        _run({**benign, "transaction_id": "A-7", key: word})
