"""Unknown is never low: blanks, typos and N/A are counted at their worst and reported, never read as No."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.columns import INPUT_BY_KEY, INPUTS

CLASSES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
tables = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
QUESTIONS = [column.key for column in INPUTS if column.kind == "yes_no_unknown"]
DECISIVE = (
    "product_category",
    "end_user",
    "end_user_type",
    "destination_country",
    "end_use",
    "q_end_user_verified",
    "screening_result",
)


def test_a_blank_row_is_held_and_unrated(scored: Any) -> None:
    """Nothing said is nothing known: held, unrated, from at least MEDIUM up to CRITICAL, with a question to ask."""
    said = scored([{}]).columns.iloc[0]
    assert (said.rating, said.disposition) == ("UNRATED", "HOLD")
    assert CLASSES.index(said.rating_worst) - CLASSES.index(said.rating_best) >= 2
    assert said.rating_worst == "CRITICAL"
    assert said.ask_first
    assert said.completeness <= 0.25


@pytest.mark.parametrize("word", ["Unknown", "N/A", "Probably", "tbd", "?", "#REF!"])
def test_a_row_of_one_word_is_held_and_rated_no_lower_than_a_blank_one(word: str, scored: Any) -> None:
    """Cells that say nothing are worth no more than blank ones, whatever they say."""
    said = scored([{column.key: word for column in INPUTS if column.key != "transaction_id"}]).columns.iloc[0]
    assert said.disposition == "HOLD"
    assert said.rating == "UNRATED"
    assert said.rating_worst == "CRITICAL"


@pytest.mark.parametrize("key", DECISIVE)
def test_a_decisive_blank_is_seen_in_every_grave_row(key: str, benign: dict[str, object], scored: Any) -> None:
    """Blank one decisive cell of a grave row to a poor record: its high end rises and the cell is asked for."""
    row = {
        **benign, "product_category": "facial_recognition", "product": None, "end_user_type": "Other civil government",
        "destination_country": "Egypt", "q_law_lacks_safeguards": "No",
    }  # fmt: skip
    full, lacking = scored([row, {**row, key: None}]).columns.itertuples()
    assert (lacking.likelihood, lacking.severity) >= (full.likelihood, full.severity)
    assert CLASSES.index(lacking.rating_worst) >= CLASSES.index(full.rating_worst)
    assert lacking.completeness < full.completeness
    assert lacking.ask_first, key


@pytest.mark.parametrize("key", QUESTIONS)
@pytest.mark.parametrize("word", ["N/A", "Probably", "not applicable", "No?", "maybe"])
def test_what_is_neither_yes_nor_no_is_unknown_and_reported(
    key: str, word: str, benign: dict[str, object], scored: Any, cells: Any
) -> None:
    """N/A is not No, and Probably is not Yes: the cell is unknown, and its problem names the header and the word."""
    assert cells(key, word) == (True, True, word)


@pytest.fixture(scope="module")
def cells(benign: dict[str, object], scored: Any) -> Any:
    """For each question and word: whether the cell is unknown, doubted, and the word its problem quotes."""
    words = ["N/A", "Probably", "not applicable", "No?", "maybe"]
    rows = [{**benign, key: word} for key in QUESTIONS for word in words]
    scores = scored(rows)
    at = {(key, word): position for position, (key, word) in enumerate((k, w) for k in QUESTIONS for w in words)}

    def look(key: str, word: str) -> tuple[bool, bool, str]:
        row = at[key, word]
        problem = scores.columns["problems"][row]
        quoted = word if f'{INPUT_BY_KEY[key].header}: "{word}"' in problem else problem
        taken = scores.trace.taken
        return bool(pd.isna(taken.cells[key][row])), bool(taken.doubtful(key)[row]), quoted

    return look


@tables
@given(seed=st.integers(0, 2**32 - 1))
def test_an_unknown_answer_is_rated_between_no_and_yes(seed: int, random_rows: Any, scored: Any) -> None:
    """The low end of an unknown answer is that of No or lower, the high end that of No or higher."""
    rows = random_rows(seed, 60)
    keys = [key for key in QUESTIONS if key not in ("q_end_user_verified", "q_limited_use")]
    parts = [_with_cell(rows, key, word) for key in keys for word in ("No", "Probably")]
    rating = scored(pd.concat(parts)).trace.rating
    for measure in ("class_", "disposition", "overall"):
        low = getattr(rating.best, measure).reshape(len(keys), 2, 60)
        high = getattr(rating.worst, measure).reshape(len(keys), 2, 60)
        assert (low[:, 1] <= low[:, 0]).all(), measure
        assert (high[:, 1] >= high[:, 0]).all(), measure


def _with_cell(rows: pd.DataFrame, key: str, value: object) -> pd.DataFrame:
    return rows.assign(**{key: np.array([value] * len(rows), dtype=object)})


def test_no_and_not_applicable_are_told_apart_in_the_flags(benign: dict[str, object], scored: Any) -> None:
    """Outside the guidance's scope its flags are N/A; inside, what nobody answered is UNKNOWN and never NO."""
    police = {**benign, "product_category": "facial_recognition", "end_user_type": "Police or law enforcement"}
    inside, blank, outside = (scored([row]).flags.iloc[0] for row in (police, {}, benign))
    assert set(outside) == {"N/A"}
    assert "NO" in set(inside)
    assert "NO" not in set(blank)


def test_problems_stand_at_their_rows_and_no_others(benign: dict[str, object], scored: Any) -> None:
    """Each problem lists the rows it is true of, and only these rows show its sentence."""
    rows = [dict(benign) for _ in range(6)]
    rows[1]["q_secrecy"] = rows[4]["q_secrecy"] = "Probably"
    rows[2]["owner_share"] = 200
    rows[3]["destination_country"] = "Atlantis"
    rows[5]["as_of_date"] = "32.13.2024"
    scores = scored(rows)
    found = {problem.key: problem.rows.tolist() for problem in scores.problems}
    assert found == {"q_secrecy": [1, 4], "owner_share": [2], "destination_country": [3], "as_of_date": [5]}
    said = scores.columns["problems"]
    assert said[0] == ""
    for key, at in found.items():
        header = INPUT_BY_KEY[key].header
        assert np.flatnonzero(said.str.contains(f"{header}: ", regex=False)).tolist() == at


def test_a_row_with_a_problem_is_still_rated(benign: dict[str, object], scored: Any) -> None:
    """An unreadable cell costs the row its certainty, and not its rating."""
    said = scored([{**benign, "q_secrecy": "Probably"}, {**benign, "owner_share": "lots"}]).columns
    assert (said["rating"].isin([*CLASSES, "UNRATED"])).all()
    assert (said["problems"] != "").all()


def test_an_empty_or_repeated_id_is_reported_and_changes_no_rating(benign: dict[str, object], scored: Any) -> None:
    """Rows without a number of their own are rated alike, and told."""
    rows = [{**benign, "transaction_id": number} for number in ("A", None, "B", "B")]
    scores = scored(rows)
    assert scores.columns["rating"].nunique() == 1
    assert [(p.key, p.rows.tolist()) for p in scores.problems] == [("transaction_id", [1]), ("transaction_id", [2, 3])]


def test_a_lone_unanswered_trade_question_is_not_observed(benign: dict[str, object], scored: Any) -> None:
    """A blank where a blank means No holds nothing: an ordinary row with its trade questions blank is as before."""
    trade = ["q_odd_route", "q_order_timing", "q_secrecy", "q_unusual_payment", "q_false_documents", "q_opaque_chain"]
    full, lacking = scored([benign, {**benign, **dict.fromkeys(trade)}]).columns["rating_worst"]
    assert full == lacking


def test_below_severity_two_no_blank_holds_a_row(benign: dict[str, object], scored: Any) -> None:
    """An ordinary product to a named buyer needs no answers: its open questions raise nothing."""
    quarter = {key: benign[key] for key in ("product", "end_user", "destination_country")}
    rows = [{**quarter, "product_category": category} for category in ("general_it", "body_worn", "network_management")]
    assert scored(rows).columns["disposition"].tolist() == ["NONE"] * 3
