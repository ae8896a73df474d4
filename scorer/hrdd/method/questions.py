"""Ask first, and what would lower a rating: both computed for all rows at once, from the same two states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import CHANNELS, SEVERITY, Levels
from hrdd.method.policy import rank
from hrdd.method.rating import STOP, Doubt, Ints, Mask, Rating, State, feared, judge

AXES = (SEVERITY, *CHANNELS)
_NOBODY = -1
_FAR = 1_000_000  # more than any distance, so that it orders by the first key before the second


@dataclass(frozen=True)
class Asking:
    """Per row the question to ask first, as a position in `questions` (-1: none), and the overall it could bring."""

    questions: tuple[str, ...]
    first: np.ndarray[Any, np.dtype[np.int64]]
    overall: Ints


def ask_first(best: State, doubts: Sequence[Doubt], rating: Rating, levels: Levels) -> Asking:
    """The one open question whose good answer shrinks the interval most; ties go to the earlier question."""
    rows = len(rating.unrated)
    questions = tuple(sorted({doubt.question for doubt in doubts}, key=rank))
    first, most = np.full(rows, _NOBODY), np.full(rows, -1, dtype=np.int64)
    overall = rating.worst.overall.copy()
    for position, question in enumerate(questions):
        answered = judge(feared(best, doubts, levels, without=question), levels)
        gain = _distance(rating.worst) - _distance(answered)
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


def _distance(verdict: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """How bad a verdict is, overall before disposition before severity and likelihood."""
    fine = verdict.severity.astype(np.int64) + verdict.likelihood
    distance: np.ndarray[Any, np.dtype[np.int64]] = (
        10_000 * verdict.overall.astype(np.int64) + 100 * verdict.disposition.astype(np.int64) + fine
    )
    return distance


@dataclass(frozen=True)
class Item:
    """One thing that could be otherwise: a true signal or an open question, with its level on an axis."""

    name: str
    axis: str
    level: Ints
    hold: Mask
    stop: Mask
    conditions: Mask

    @property
    def is_question(self) -> bool:
        """Whether it is an open question (named by its column) and not a signal."""
        return self.name in INPUT_BY_KEY


@dataclass(frozen=True)
class Lowering:
    """Per row the smallest change found: which items (items x rows) go, and the overall that follows.

    Rows that a STOP gate decides have none: `gated` marks them.
    """

    items: tuple[Item, ...]
    removed: Mask
    overall: Ints
    gated: Mask


def items_of(true: Mapping[str, Mask], doubts: Sequence[Doubt], worst: State, levels: Levels) -> tuple[Item, ...]:
    """Everything that speaks for a row's rating, in a fixed order: questions first, they cost least."""
    return (*_questions(doubts, worst, levels), *_signals(true, levels))


def _questions(doubts: Sequence[Doubt], worst: State, levels: Levels) -> Iterator[Item]:
    never = np.zeros(len(worst.severity), dtype=bool)
    for doubt in doubts:
        counts = doubt.counts(worst.severity, levels)
        yield Item(doubt.question, doubt.axis, doubt.level * counts, doubt.hold & counts, never, never)


def _signals(true: Mapping[str, Mask], levels: Levels) -> Iterator[Item]:
    gates = levels.gates
    for axis in AXES:
        for name, level in levels.axes[axis].items():
            if true[name].any():
                masks = (true[name] & (name in gates[gate]) for gate in ("HOLD", "STOP", "CONDITIONS"))
                yield Item(name, axis, (true[name] * level).astype(np.int8), *masks)


def lower(items: Sequence[Item], rating: Rating, levels: Levels) -> Lowering:
    """Find, for every row above the lowest class, a small set of items without which overall falls, none of it idle.

    Greedy: of each axis the items at its top, or all that hold the row, whichever lowers overall with the fewest
    items; repeated until overall falls. Ends, since every round takes the top of an axis away.
    """
    rows = len(rating.unrated)
    gated = rating.worst.disposition == STOP
    pending = (rating.worst.overall > 0) & ~gated
    active = np.ones((len(items), rows), dtype=bool)
    overall = rating.worst.overall.copy()
    while pending.any():
        at = np.flatnonzero(pending)
        here = [_at(item, at) for item in items]
        active[:, at] = _remove_one_group(here, active[:, at], levels)
        verdict = judge(_state(here, active[:, at]), levels)
        overall[at] = np.minimum(overall[at], verdict.overall)
        pending[at] = verdict.overall >= rating.worst.overall[at]
    if not items:
        return Lowering((), active, overall, gated)
    removed = ~active & np.stack([item.level > 0 for item in items])
    return Lowering(tuple(items), *_without_idle(items, removed, overall, rating, levels), gated)


def _without_idle(
    items: Sequence[Item], removed: Mask, overall: Ints, rating: Rating, levels: Levels
) -> tuple[Mask, Ints]:
    """The change and what it brings, after everything is put back that overall falls without as well."""
    removed, overall = removed.copy(), overall.copy()
    several = removed.sum(axis=0) > 1
    for position in range(len(items)):
        at = np.flatnonzero(removed[position] & several)
        if len(at):
            fewer = removed[:, at]
            fewer[position] = False
            verdict = judge(_state([_at(item, at) for item in items], ~fewer), levels)
            idle = verdict.overall < rating.worst.overall[at]
            removed[position, at[idle]] = False
            overall[at[idle]] = verdict.overall[idle]
    return removed, overall


def _at(item: Item, at: Any) -> Item:
    masks = (item.hold[at], item.stop[at], item.conditions[at])
    return Item(item.name, item.axis, item.level[at], *masks)


def _state(items: Sequence[Item], active: Mask) -> State:
    rows = active.shape[1]
    axes = np.zeros((len(AXES), rows), dtype=np.int8)
    stop, hold, conditions = (np.zeros(rows, dtype=bool) for _ in range(3))
    for item, on in zip(items, active, strict=True):
        row = axes[AXES.index(item.axis)]
        np.maximum(row, item.level * on, out=row)
        stop |= item.stop & on
        hold |= item.hold & on
        conditions |= item.conditions & on
    return State(axes[0], axes[1:], stop, hold, conditions)


def _remove_one_group(items: Sequence[Item], active: Mask, levels: Levels) -> Mask:
    """What stays active after one group is taken away: of those that lower overall the one with fewest items."""
    now = judge(_state(items, active), levels).overall
    best, kept = None, active.copy()
    for group in _groups(items, active):
        left = active & ~group
        verdict = judge(_state(items, left), levels)
        count, distance = group.sum(axis=0), _distance(verdict)
        cost = np.where(verdict.overall < now, count * _FAR + distance, _FAR * (_FAR + distance) + count)
        cost[~group.any(axis=0)] = np.iinfo(np.int64).max
        if best is None:
            best, kept = cost, left
            continue
        better = cost < best
        best = np.where(better, cost, best)
        kept[:, better] = left[:, better]
    return kept


def _groups(items: Sequence[Item], active: Mask) -> Iterator[Mask]:
    """Of each axis the active items at its highest level; and all active items that hold the row."""
    levels = np.stack([item.level for item in items]) * active
    for axis in AXES:
        of_axis = np.array([item.axis == axis for item in items])
        highest = (levels * of_axis[:, None]).max(axis=0)
        yield (levels == highest) & (highest > 0) & of_axis[:, None]
    yield np.stack([item.hold for item in items]) & active
