"""M1: an adverse signal never lowers class, disposition or overall, at best or at worst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.columns import INPUTS
from hrdd.method.levels import CHANNELS, SEVERITY, load_levels
from hrdd.method.rating import Doubt, Rating, feared, known, rate
from hrdd.signals import SIGNALS

Cells: TypeAlias = Mapping[str, object]
Truths: TypeAlias = dict[str, Any]

tables = settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
seeds = st.integers(0, 2**32 - 1)
SIZE = 100
MEASURES = ("class_", "disposition", "overall")

#: Questions whose Yes finds nothing by itself: a to-do, and the advice.
_SILENT = {"q_legal_review", "relationship_crucial", "exit_harms_rights"}
#: Questions whose No is the adverse answer.
_REASSURING = {"q_end_user_verified", "q_limited_use"}
#: Questions whose blank is a decisive unknown, with a plausible worst of its own (see test_blanks).
_DECISIVE = {"us_content", "q_agency_misuse", "q_government_ties", "q_end_user_verified", "q_hidden_remote_user"}
QUESTIONS = [c.key for c in INPUTS if c.kind == "yes_no_unknown" and c.key not in _SILENT]


def _answers() -> Iterator[tuple[Cells, Cells]]:
    for key in QUESTIONS:
        good, bad = ("Yes", "No") if key in _REASSURING else ("No", "Yes")
        yield {key: good}, {key: bad}


def _choices() -> Iterator[tuple[Cells, Cells]]:
    for status in ("Applied for", "Required and not held", "Refused", "Refused by another authority"):
        yield {"licence_status": "Not required"}, {"licence_status": status}
    for letter in ("Is-informed letter", "Red-flag letter", "Supplier-list letter", "Request to pause the shipment"):
        yield {"government_notice": "None"}, {"government_notice": letter}
    for result in ("Not screened", "Possible match", "Confirmed match"):
        yield {"screening_result": "Clear"}, {"screening_result": result}
    yield {"screening_result": "Possible match"}, {"screening_result": "Confirmed match"}
    yield {"transaction_type": "New sale"}, {"transaction_type": "Technical assistance"}
    company = {"end_user_type": "Private company", "q_government_ties": "No"}
    for kind in ("Police or law enforcement", "Military", "State-owned telecom", "Freight forwarder"):
        yield company, {**company, "end_user_type": kind}
    direct = {"intermediary": None, "intermediary_role": None, "intermediary_country": None}
    through = {"intermediary": "Nordic AS", "intermediary_role": "Reseller", "intermediary_country": "Norway"}
    yield direct, through
    yield through, {**through, "intermediary_country": "AE"}


def _categories_and_countries() -> Iterator[tuple[Cells, Cells]]:
    ladder = ("general_it", "body_worn", "component", "cyber_testing", "facial_recognition", "dpi_ip_surveillance")
    for mild, grave in pairwise(ladder):
        unlimited = {"q_limited_use": "No"}
        yield {**unlimited, "product_category": mild}, {**unlimited, "product_category": grave}
    for better, poorer in (("Norway", "Brazil"), ("Brazil", "Egypt"), ("Egypt", "China")):
        yield {"destination_country": better}, {"destination_country": poorer}
    china = {"destination_country": "China", "as_of_date": "2021-06-01"}
    yield {**china, "destination_region": "Guangdong"}, {**china, "destination_region": "Xinjiang"}
    yield {**china, "destination_region": "Guangdong"}, china | {"destination_region": None}


def _parties_and_words() -> Iterator[tuple[Cells, Cells]]:
    named = {"end_user_type": "Private company", "as_of_date": "2022-06-01"}
    yield {**named, "end_user": "Orion"}, {**named, "end_user": "Dahua Technology"}
    yield {**named, "end_user": "Orion"}, {**named, "end_user": "Orion, owned 60% by a listed party"}
    yield {**named, "end_user": "Orion"}, {**named, "end_user": None}
    yield {"owner": None, "owner_share": 60}, {"owner": "an Entity List party", "owner_share": 60}
    for lower, higher in ((10, 50), (None, 75)):
        listed = {"owner": "an Entity List party"}
        yield {**listed, "owner_share": lower}, {**listed, "owner_share": higher}
    for words in ("national security", "to be decided", "identify protesters", None, "n/a"):
        yield {"end_use": "traffic planning on the ring road"}, {"end_use": words}
    for words in ("recognises ethnicity", "covert, without the person knowing"):
        chosen = {"product_category": "facial_recognition"}
        yield {**chosen, "product_description": None}, {**chosen, "product_description": words}


STEPS = [*_answers(), *_choices(), *_categories_and_countries(), *_parties_and_words()]


def _with_cells(rows: pd.DataFrame, cells: Cells) -> pd.DataFrame:
    return rows.assign(**{key: np.array([value] * len(rows), dtype=object) for key, value in cells.items()})


def _falls(rating: Rating, before: slice, after: slice, end: str) -> Any:
    verdict = getattr(rating, end)
    return np.logical_or.reduce([getattr(verdict, name)[after] < getattr(verdict, name)[before] for name in MEASURES])


def _hold_to(
    steps: Sequence[tuple[Cells, Cells]], rows: pd.DataFrame, ends: Sequence[str], scored: Any, smallest: Any
) -> None:
    """Every step raises, or leaves, both ends of every row; else the smallest row that falls is named."""
    parts = [_with_cells(rows, cells) for step in steps for cells in step]
    rating, size = scored(pd.concat(parts)).trace.rating, len(rows)
    for at, (before, after) in enumerate(steps):
        start = 2 * size * at
        milder, worse = slice(start, start + size), slice(start + size, start + 2 * size)
        for end in ends:
            fallen = np.flatnonzero(_falls(rating, milder, worse, end))
            if len(fallen):
                row = smallest(rows.iloc[int(fallen[0])].to_dict(), partial(_alone, before, after, end, scored))
                raise AssertionError(f"at {end}, {before} -> {after} lowers {len(fallen)} rows, as {row}")


def _alone(before: Cells, after: Cells, end: str, scored: Any, rows: pd.DataFrame) -> Any:
    pair = pd.concat([_with_cells(rows, before), _with_cells(rows, after)]).drop(columns="transaction_id")
    return _falls(scored(pair).trace.rating, slice(len(rows)), slice(len(rows), None), end)


@tables
@given(seed=seeds)
def test_an_adverse_cell_never_lowers_a_row(seed: int, random_rows: Any, scored: Any, smallest: Any) -> None:
    """A worse answer, choice, party, country, product or wording raises a row or leaves it, at both ends."""
    _hold_to(STEPS, random_rows(seed, SIZE), ("best", "worst"), scored, smallest)


@tables
@given(seed=seeds)
def test_an_adverse_answer_to_an_open_question_never_lowers_a_row(
    seed: int, random_rows: Any, scored: Any, smallest: Any
) -> None:
    """Where a blank means No or what the data say, an adverse answer raises the row or leaves it, at both ends."""
    blank = [({key: None}, after) for before, after in _answers() for key in before]
    ordinary = [(before, after) for before, after in blank if not before.keys() & _DECISIVE]
    _hold_to(ordinary, random_rows(seed, SIZE), ("best", "worst"), scored, smallest)
    decisive = [(before, after) for before, after in blank if before.keys() & _DECISIVE]
    _hold_to(decisive, random_rows(seed, SIZE), ("best",), scored, smallest)


def _matrix(seed: int, rows: int) -> tuple[Truths, list[Doubt]]:
    """Random signals, few or many of them true, and random open questions."""
    rng = np.random.default_rng(seed)
    share = rng.choice([0.02, 0.1, 0.4], size=rows)
    true = {signal.id: rng.random(rows) < share for signal in SIGNALS}
    doubts = [_doubt(axis, rng, rows) for axis in (SEVERITY, *CHANNELS) for _ in range(2)]
    return true, doubts


def _doubt(axis: str, rng: np.random.Generator, rows: int) -> Doubt:
    level = (rng.integers(0, 5, size=rows) * (rng.random(rows) < 0.2)).astype(np.int8)
    return Doubt(f"question on {axis}", axis, level, (rng.random(rows) < 0.3) & (level > 0))


def _rated(true: Truths, doubts: Sequence[Doubt]) -> Rating:
    levels, rows = load_levels(), len(next(iter(true.values())))
    best = known(true, levels, rows)
    return rate(best, feared(best, doubts, levels), true, levels)


def _none_falls(before: Rating, after: Rating) -> bool:
    pairs = [(getattr(before, end), getattr(after, end)) for end in ("best", "worst")]
    return all((getattr(b, name) <= getattr(a, name)).all() for b, a in pairs for name in MEASURES)


@tables
@given(seed=seeds)
def test_no_true_signal_lowers_any_state(seed: int) -> None:
    """Whatever else is true or open, one more true signal never lowers class, disposition or overall."""
    true, doubts = _matrix(seed, 1500)
    before = _rated(true, doubts)
    for signal in true:
        after = _rated({**true, signal: np.ones(1500, dtype=bool)}, doubts)
        assert _none_falls(before, after), signal


@tables
@given(seed=seeds)
def test_no_open_question_lowers_any_state(seed: int) -> None:
    """One more open question, or one that may hide something worse, never lowers class, disposition or overall."""
    true, doubts = _matrix(seed, 1500)
    for at, doubt in enumerate(doubts):
        fewer = _rated(true, [*doubts[:at], *doubts[at + 1 :]])
        graver = Doubt(doubt.question, doubt.axis, np.minimum(doubt.level + 1, 4).astype(np.int8), doubt.hold | True)
        assert _none_falls(fewer, _rated(true, doubts)), doubt.axis
        assert _none_falls(_rated(true, doubts), _rated(true, [*doubts[:at], graver, *doubts[at + 1 :]])), doubt.axis


@tables
@given(seed=seeds)
def test_the_high_end_is_never_below_the_low_end(seed: int) -> None:
    """What is feared is never rated below what is known."""
    rating = _rated(*_matrix(seed, 1500))
    for name in (*MEASURES, "severity", "likelihood"):
        assert (getattr(rating.worst, name) >= getattr(rating.best, name)).all(), name
