"""Ask first: the open question whose answer settles most, for all rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import Levels
from hrdd.method.policy import rank
from hrdd.method.rating import Doubt, Ints, Mask, Rating, State, feared, judge

_NOBODY = -1


@dataclass(frozen=True)
class Asking:
    """Per row the question to ask first, as a position in `questions` (-1: none), and the overall it could bring."""

    questions: tuple[str, ...]
    first: np.ndarray[Any, np.dtype[np.int64]]
    overall: Ints


def ask_first(best: State, doubts: Sequence[Doubt], rating: Rating, levels: Levels) -> Asking:
    """The one open question whose good answer shrinks the interval most; ties go to the earlier question."""
    rows = len(rating.unrated)
    questions = tuple(sorted({doubt.question for doubt in doubts} & INPUT_BY_KEY.keys(), key=rank))
    first, most = np.full(rows, _NOBODY), np.full(rows, -1, dtype=np.int64)
    overall = rating.worst.overall.copy()
    for position, question in enumerate(questions):
        answered = judge(feared(best, doubts, levels, without=question), levels)
        gain = distance(rating.worst) - distance(answered)
        better = _open(doubts, question, rating, levels) & (gain > most)
        first[better], most[better] = position, gain[better]
        overall[better] = answered.overall[better]
    return Asking(questions, first, overall)


def _open(doubts: Sequence[Doubt], question: str, rating: Rating, levels: Levels) -> Mask:
    """Where the question is open and counts."""
    severity = rating.worst.severity
    found = np.zeros(len(severity), dtype=bool)
    for doubt in doubts:
        if doubt.question == question:
            found |= (doubt.level > 0) & doubt.counts(severity, levels)
    return found


def distance(verdict: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """How bad a verdict is, overall before disposition before severity and likelihood."""
    fine = verdict.severity.astype(np.int64) + verdict.likelihood
    distance: np.ndarray[Any, np.dtype[np.int64]] = (
        10_000 * verdict.overall.astype(np.int64) + 100 * verdict.disposition.astype(np.int64) + fine
    )
    return distance
