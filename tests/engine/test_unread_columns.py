"""What must not decide: money, codes, reviews, the holder of a licence, and columns of the user's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

tables = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
seeds = st.integers(0, 2**32 - 1)
SIZE = 150

#: Cells that no signal, gate or date reads.
NEVER_READ: dict[str, tuple[object, ...]] = {
    "amount": (1, -5, 10**9, "1.234,50", "a lot"),
    "currency": ("EUR", "USD", "beads"),
    "control_code": ("EAR99", "5A001.f", "none"),
    "quantity": (1, 10_000, "many"),
    "screening_date": ("2024-01-01", "never"),
    "decision": ("Proceed", "Hold", "Decline", "Probably"),
    "decision_reason": ("because",),
    "reviewer": ("A. Reviewer",),
    "approver": ("A. Reviewer", "B. Approver"),
    "decision_date": ("2024-01-01", "yesterday"),
}
#: Said of a row because of its reviews, and not of its rating.
_REVIEWED = ("problems", "todos")


def _filled(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    drawn = {key: np.array([*pool, None], dtype=object)[rng.integers(len(pool) + 1, size=len(rows))]
             for key, pool in NEVER_READ.items()}  # fmt: skip
    return rows.assign(**drawn)


@tables
@given(seed=seeds)
def test_money_codes_and_reviews_change_no_rating(seed: int, random_rows: Any, scored: Any) -> None:
    """Amounts, currencies, control codes, quantities and decisions leave ratings, flags, words and verdict ids."""
    rows = random_rows(seed, SIZE).drop(columns=list(NEVER_READ), errors="ignore")
    bare, filled = scored(rows), scored(_filled(rows, seed))
    said = [key for key in bare.columns.columns if key not in _REVIEWED]
    pd.testing.assert_frame_equal(filled.columns[said], bare.columns[said])
    assert filled.flags.equals(bare.flags)
    assert filled.signals.equals(bare.signals)


@tables
@given(seed=seeds)
def test_a_granted_licence_lowers_nothing(seed: int, random_rows: Any, scored: Any, rated: list[str]) -> None:
    """Obtained is shown as a signal, and leaves every rating where Not required and a blank leave it."""
    rows = random_rows(seed, SIZE)
    parts = [
        rows.assign(licence_status=np.array([says] * SIZE, dtype=object)) for says in ("Obtained", "Not required", None)
    ]
    scores = scored(pd.concat(parts))
    granted, not_required, blank = (
        scores.columns[rated].iloc[at * SIZE : (at + 1) * SIZE].to_numpy() for at in range(3)
    )
    assert (granted == not_required).all()
    assert (granted == blank).all()
    assert scores.signals["L-AUTHOK"].iloc[:SIZE].all()


@tables
@given(seed=seeds)
def test_leverage_and_what_ending_would_do_shape_the_advice_alone(
    seed: int, random_rows: Any, scored: Any, rated: list[str]
) -> None:
    """UN Guiding Principle 19 decides words, and no class."""
    rows = random_rows(seed, SIZE)
    some = scored(rows.assign(leverage="High", relationship_crucial="Yes", exit_harms_rights="Yes")).columns
    none = scored(rows.assign(leverage="None", relationship_crucial="No", exit_harms_rights="No")).columns
    assert some[rated].equals(none[rated])
    assert (some["advice"] != none["advice"]).any()


def test_the_seller_and_the_value_of_the_deal_do_not_enter_the_verdict(benign: dict[str, object], scored: Any) -> None:
    """A verdict id tells facts apart: it changes with any fact that is read and with none that is not."""
    rows = [benign, {**benign, "amount": 5}, {**benign, "decision": "Hold"}, {**benign, "q_secrecy": "Yes"},
            {**benign, "q_secrecy": "Probably"}, {**benign, "q_secrecy": None}]  # fmt: skip
    same, money, decided, secret, doubtful, blank = scored([{**row, "transaction_id": "T"} for row in rows]).columns[
        "verdict_id"
    ]
    assert same == money == decided
    assert len({same, secret, doubtful, blank}) == 4
