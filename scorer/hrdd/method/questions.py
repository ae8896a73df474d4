"""Ask first, and what would lower a rating: both computed for all rows at once, from the same two states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import CHANNELS, SEVERITY, Levels
from hrdd.method.policy import rank
from hrdd.method.rating import NO_DATA, STOP, Doubt, Ints, Mask, Rating, State, Verdict, feared, judge

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
    questions = tuple(sorted({doubt.question for doubt in doubts} & INPUT_BY_KEY.keys(), key=rank))
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
    """One thing that could be otherwise: a true signal or an open question, with its level on an axis.

    `proportionate` marks a question that counts only from the proportionate severity upwards.
    """

    name: str
    axis: str
    level: Ints
    hold: Mask
    stop: Mask
    conditions: Mask
    proportionate: bool = False

    @property
    def is_question(self) -> bool:
        """Whether it is an open question and not a signal."""
        return self.name in INPUT_BY_KEY or self.name == NO_DATA


@dataclass(frozen=True)
class Lowering:
    """Per row the smallest change found: which items (items x rows) go, and the overall that follows.

    Rows that a STOP gate decides have none: `gated` marks them.
    """

    items: tuple[Item, ...]
    removed: Mask
    overall: Ints
    gated: Mask


def items_of(true: Mapping[str, Mask], doubts: Sequence[Doubt], levels: Levels) -> tuple[Item, ...]:
    """Everything that speaks for a row's rating, in a fixed order: questions first, they cost least."""
    return (*_questions(doubts), *_signals(true, levels))


def counted(items: Sequence[Item], levels: Levels) -> tuple[Item, ...]:
    """The items as they count in the worst state, those that do not at level 0."""
    if not items:
        return ()
    counts = counting(items, np.ones((len(items), len(items[0].level)), dtype=bool), levels)
    return tuple(
        replace(item, level=item.level * on, hold=item.hold & on) for item, on in zip(items, counts, strict=True)
    )


def counting(items: Sequence[Item], active: Mask, levels: Levels) -> Mask:
    """Of the active items those that count at the severity which the active ones amount to."""
    severity = _highest(items, active, SEVERITY)
    waits = np.array([item.proportionate for item in items], dtype=bool)
    return active & ~(waits[:, None] & (severity < levels.proportionate))


def _highest(items: Sequence[Item], active: Mask, axis: str) -> Ints:
    highest = np.zeros(active.shape[1], dtype=np.int8)
    for item, on in zip(items, active, strict=True):
        if item.axis == axis:
            np.maximum(highest, item.level * on, out=highest)
    return highest


def _questions(doubts: Sequence[Doubt]) -> Iterator[Item]:
    for doubt in doubts:
        never = np.zeros(len(doubt.level), dtype=bool)
        yield Item(doubt.question, doubt.axis, doubt.level, doubt.hold, never, never, doubt.proportionate)


def _signals(true: Mapping[str, Mask], levels: Levels) -> Iterator[Item]:
    gates = levels.gates
    for axis in AXES:
        for name, level in levels.axes[axis].items():
            if true[name].any():
                hold, stop, conditions = (true[name] & (name in gates[gate]) for gate in ("HOLD", "STOP", "CONDITIONS"))
                yield Item(name, axis, (true[name] * level).astype(np.int8), hold, stop, conditions)


def lower(items: Sequence[Item], rating: Rating, levels: Levels) -> Lowering:
    """Find, for every row above the lowest class, a small set of items without which overall falls, none of it idle.

    Greedy: of each axis the items at its top, or all that hold the row, whichever lowers overall at the least cost;
    repeated until overall falls. Ends: every round takes something away, or the row is done.
    """
    gated = rating.worst.disposition == STOP
    overall = rating.worst.overall.copy()
    active = np.ones((len(items), len(overall)), dtype=bool)
    if not items:
        return Lowering((), ~active, overall, gated)
    at = np.flatnonzero((overall > 0) & ~gated)
    while len(at):
        here = [_at(item, at) for item in items]
        left = _without_one_group(here, active[:, at], levels)
        now, stuck = _judged(here, left, levels).overall, (left == active[:, at]).all(axis=0)
        active[:, at] = left | stuck
        overall[at] = np.minimum(overall[at], now)
        at = at[(now >= rating.worst.overall[at]) & ~stuck]
    removed = ~active & np.stack([item.level > 0 for item in items])
    return Lowering(tuple(items), *_without_idle(items, removed, overall, rating, levels), gated)


def _judged(items: Sequence[Item], active: Mask, levels: Levels) -> Verdict:
    return judge(_state(items, counting(items, active, levels)), levels)


def _without_idle(
    items: Sequence[Item], removed: Mask, overall: Ints, rating: Rating, levels: Levels
) -> tuple[Mask, Ints]:
    """The change and what it brings, after everything is put back that overall falls without as well."""
    removed, overall = removed.copy(), overall.copy()
    several = removed.sum(axis=0) > 1
    for kin in _kin(items):
        at = np.flatnonzero(removed[kin].any(axis=0) & several)
        if len(at):
            fewer = removed[:, at]
            fewer[kin] = False
            verdict = _judged([_at(item, at) for item in items], ~fewer, levels)
            idle = verdict.overall < rating.worst.overall[at]
            for position in kin:
                removed[position, at[idle]] = False
            overall[at[idle]] = verdict.overall[idle]
    return removed, overall


def _kin(items: Sequence[Item]) -> list[list[int]]:
    """The positions of the items of each name: what is answered or gone on one axis is so on all of them."""
    kin: dict[str, list[int]] = {}
    for position, item in enumerate(items):
        kin.setdefault(item.name, []).append(position)
    return list(kin.values())


def _at(item: Item, at: Any) -> Item:
    taken = {name: getattr(item, name)[at] for name in ("level", "hold", "stop", "conditions")}
    return replace(item, **taken)


def _state(items: Sequence[Item], active: Mask) -> State:
    axes = np.stack([_highest(items, active, axis) for axis in AXES])
    stop, hold, conditions = (np.zeros(active.shape[1], dtype=bool) for _ in range(3))
    for item, on in zip(items, active, strict=True):
        stop |= item.stop & on
        hold |= item.hold & on
        conditions |= item.conditions & on
    return State(axes[0], axes[1:], stop, hold, conditions)


def _without_one_group(items: Sequence[Item], active: Mask, levels: Levels) -> Mask:
    """What stays active after one group is taken away: of those that lower overall the cheapest, else the best."""
    now = _judged(items, active, levels).overall
    kept, least = active.copy(), np.full(active.shape[1], np.iinfo(np.int64).max)
    costs = np.array([_cost(item) for item in items], dtype=np.int64)
    for group in _groups(items, active, levels):
        left = active & ~group
        verdict = _judged(items, left, levels)
        cost, distance = costs @ group, _distance(verdict)
        total = np.where(verdict.overall < now, cost * _FAR + distance, _FAR * (_FAR + distance) + cost)
        better = group.any(axis=0) & (total < least)
        least = np.where(better, total, least)
        kept[:, better] = left[:, better]
    return kept


def _cost(item: Item) -> int:
    """A question costs an answer; a finding a change; what the goods can do and where they go, another deal."""
    if item.is_question:
        return 1
    return 8 if item.axis in (SEVERITY, "COUNTRY") else 3


def _groups(items: Sequence[Item], active: Mask, levels: Levels) -> Iterator[Mask]:
    """Of each axis the items at its highest level, then all that hold the row; each with its kin on other axes."""
    counts = counting(items, active, levels)
    at_axis = np.stack([item.level for item in items]) * counts
    for axis in AXES:
        of_axis = at_axis * np.array([item.axis == axis for item in items])[:, None]
        highest = of_axis.max(axis=0)
        yield _with_kin(items, (of_axis == highest) & (highest > 0)) & active
    yield _with_kin(items, np.stack([item.hold for item in items]) & counts) & active


def _with_kin(items: Sequence[Item], group: Mask) -> Mask:
    for kin in _kin(items):
        if len(kin) > 1:
            group[kin] = group[kin].any(axis=0)
    return group
