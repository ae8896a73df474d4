"""M4: a verified safeguard touches the residual class alone, by one class at most, and never the gravest rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.columns import INPUTS
from hrdd.engine import Scores
from hrdd.method.levels import CHANNELS, load_levels
from hrdd.method.rating import State, judge, residual
from hrdd.signals import SIGNALS

tables = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
seeds = st.integers(0, 2**32 - 1)
SIZE = 150
CLASSES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
SAFEGUARDS = [column.key for column in INPUTS if column.kind == "verified_no_unknown"]


def _all_safeguards(rows: pd.DataFrame, says: str | None) -> pd.DataFrame:
    return rows.assign(**{key: np.array([says] * len(rows), dtype=object) for key in SAFEGUARDS})


def _rank(scores: Scores, key: str) -> Any:
    return scores.columns[key].map(CLASSES.index).to_numpy()


@tables
@given(seed=seeds)
def test_safeguards_touch_the_residual_class_alone(seed: int, random_rows: Any, scored: Any, rated: list[str]) -> None:
    """All verified or none: severity, likelihood, class, gates, interval, flags and their reasons stay."""
    rows = random_rows(seed, SIZE)
    without, verified = scored(_all_safeguards(rows, None)), scored(_all_safeguards(rows, "Verified"))
    kept = [key for key in rated if key != "residual"]
    assert verified.columns[kept].equals(without.columns[kept])
    assert verified.columns["red_flags"].equals(without.columns["red_flags"])


@tables
@given(seed=seeds)
def test_the_residual_class_is_at_most_one_below_the_inherent(seed: int, random_rows: Any, scored: Any) -> None:
    """One class lower at most; never below HIGH at severity 4 and likelihood 3; never below the gate's floor."""
    scores = scored(random_rows(seed, 4 * SIZE))
    inherent, left = _rank(scores, "inherent"), _rank(scores, "residual")
    floor = scores.columns["disposition"].map({"NONE": 0, "CONDITIONS": 0, "HOLD": 1, "STOP": 3}).to_numpy()
    assert (left >= inherent - 1).all()
    assert (left <= inherent).all()
    assert (left >= np.minimum(inherent, floor)).all()
    gravest = (scores.columns["severity"] == 4) & (scores.columns["likelihood"] >= 3)
    assert (left[gravest] >= CLASSES.index("HIGH")).all()


@tables
@given(seed=seeds)
def test_a_claim_without_evidence_is_worth_nothing(seed: int, random_rows: Any, scored: Any, rated: list[str]) -> None:
    """Yes and Unknown in a safeguard's cell leave every class where No has it."""
    rows = random_rows(seed, SIZE)
    no = scored(_all_safeguards(rows, "No")).columns
    for claim in ("Yes", "Unknown", None):
        claimed = scored(_all_safeguards(rows, claim)).columns
        assert claimed[rated].equals(no[rated])


def _states(seed: int, rows: int) -> tuple[State, dict[str, Any]]:
    rng = np.random.default_rng(seed)
    channels = rng.integers(0, 5, size=(len(CHANNELS), rows)) * (rng.random((len(CHANNELS), rows)) < 0.5)
    gates = (rng.random((3, rows)) < 0.1).astype(bool)
    state = State(rng.integers(0, 5, size=rows).astype(np.int8), channels.astype(np.int8), *gates)
    return state, {signal.id: rng.random(rows) < 0.4 for signal in SIGNALS}


@tables
@given(seed=seeds)
def test_one_more_safeguard_never_raises_the_residual_class(seed: int) -> None:
    """In any state, one more verified safeguard lowers the residual class or leaves it, within the same bounds."""
    levels = load_levels()
    state, true = _states(seed, 2000)
    verdict = judge(state, levels)
    before = residual(state, verdict, true, levels)
    assert ((verdict.class_ - before >= 0) & (verdict.class_ - before <= 1)).all()
    for safeguard in sorted({name for names in levels.safeguards.values() for name in names}):
        after = residual(state, verdict, {**true, safeguard: np.ones(2000, dtype=bool)}, levels)
        assert (after <= before).all(), safeguard
        grave = (verdict.severity == 4) & (verdict.likelihood >= 3)
        assert (after[grave] >= CLASSES.index("HIGH")).all(), safeguard


def _row_on(channel: str) -> dict[str, str]:
    """A row of severity 3 whose likelihood one channel alone drives, at level 3."""
    return {
        "COUNTRY": {"destination_country": "Egypt", "q_law_lacks_safeguards": "No"},
        "END USER": {"q_reexports": "Yes"},
        "USE": {"q_end_use_inconsistent": "Yes"},
        "DIVERSION": {"q_opaque_chain": "Yes"},
    }[channel]


@pytest.mark.parametrize(
    ("channel", "answers", "is_no_answer"),
    [
        ("COUNTRY", "s_audit_log", "s_misuse_alerting"),
        ("END USER", "s_misuse_alerting", "s_reseller_diligence"),
        ("USE", "s_data_clause", "s_audit_log"),
        ("DIVERSION", "s_reseller_diligence", "s_data_clause"),
    ],
)
def test_only_a_safeguard_that_answers_the_driving_channel_counts(
    channel: str, answers: str, is_no_answer: str, benign: dict[str, object], scored: Any
) -> None:
    """HIGH falls to MEDIUM with the safeguard of the channel that drives likelihood, and with no other."""
    row = {**benign, "product_category": "facial_recognition", **_row_on(channel)}
    found = scored(
        [{**row, answers: "Verified"}, {**row, is_no_answer: "Verified"}, {**row, "evidence": "x.pdf"}]
    ).columns
    assert found["likelihood"].tolist() == [3, 3, 3]
    assert found["inherent"].tolist() == ["HIGH"] * 3
    assert found["residual"].tolist() == ["MEDIUM", "HIGH", "HIGH"]


def test_no_safeguard_answers_a_missing_licence(benign: dict[str, object], scored: Any) -> None:
    """All safeguards together leave a row without its licence where it is."""
    row = {**benign, "product_category": "facial_recognition", "licence_status": "Refused by another authority"}
    everything = dict.fromkeys(SAFEGUARDS, "Verified")
    found = scored([row, {**row, **everything}]).columns
    assert found["residual"].tolist() == ["HIGH", "HIGH"]


def test_an_adverse_signal_never_lowers_the_residual_class(benign: dict[str, object], scored: Any) -> None:
    """A reseller's diligence answers an opaque chain, and not the misfit that stood there before."""
    row = {
        **benign,
        "product_category": "facial_recognition",
        "q_product_misfit": "Yes",
        "s_reseller_diligence": "Verified",
    }
    before, after = scored([row, {**row, "q_opaque_chain": "Yes"}]).columns["residual"]
    assert load_levels().classes.index(after) >= load_levels().classes.index(before)
