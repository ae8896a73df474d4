"""What would lower a rating: the smallest change found, for all rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import CHANNELS, SEVERITY, Levels
from hrdd.method.questions import distance
from hrdd.method.rating import NO_DATA, STOP, Doubt, Ints, Mask, Rating, State, Verdict, judge
from hrdd.patterns import distinct

AXES = (SEVERITY, *CHANNELS)
_FAR = 1_000_000  # more than any distance, so that it orders by the first key before the second


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
    severity = np.max([item.level for item in items if item.axis == SEVERITY], axis=0, initial=0)
    early = severity < levels.proportionate
    return tuple(
        replace(item, level=item.level * ~early, hold=item.hold & ~early) if item.proportionate else item
        for item in items
    )


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


@dataclass(frozen=True)
class _Table:
    """The items as matrices (items x rows), those of an axis side by side."""

    level: Ints
    hold: Mask
    stop: Mask
    conditions: Mask
    waits: Mask
    cost: np.ndarray[Any, np.dtype[np.int64]]
    axes: tuple[slice, ...]
    kin: tuple[list[int], ...]

    @classmethod
    def of(cls, items: Sequence[Item]) -> _Table:
        """Stack items that are sorted by axis."""
        starts = np.searchsorted([AXES.index(item.axis) for item in items], range(len(AXES) + 1)).tolist()
        return cls(
            level=np.stack([item.level for item in items]),
            hold=np.stack([item.hold for item in items]),
            stop=np.stack([item.stop for item in items]),
            conditions=np.stack([item.conditions for item in items]),
            waits=np.array([[item.proportionate] for item in items]),
            cost=np.array([_cost(item) for item in items], dtype=np.int64),
            axes=tuple(slice(*ends) for ends in pairwise(starts)),
            kin=_kin(items),
        )

    def at(self, rows: Any) -> _Table:
        """The same items of some rows only."""
        taken = {name: getattr(self, name)[:, rows] for name in ("level", "hold", "stop", "conditions")}
        return replace(self, **taken)

    def counting(self, active: Mask, levels: Levels) -> Mask:
        """Of the active items those that count at the severity which the active ones amount to."""
        severity = _highest(self.level * active, self.axes[0])
        return active & ~(self.waits & (severity < levels.proportionate))

    def judged(self, active: Mask, levels: Levels) -> Verdict:
        """What follows from the active items."""
        on = self.counting(active, levels)
        level = self.level * on
        axes = np.stack([_highest(level, axis) for axis in self.axes])
        stop, hold, conditions = (
            np.asarray((gate & on).any(axis=0)) for gate in (self.stop, self.hold, self.conditions)
        )
        return judge(State(axes[0], axes[1:], stop, hold, conditions), levels)

    def with_kin(self, group: Mask) -> Mask:
        """A group of items with those of the same name on other axes: what is answered or gone is so on all."""
        for kin in self.kin:
            if len(kin) > 1:
                group[kin] = group[kin].any(axis=0)
        return group

    def groups(self, active: Mask, levels: Levels) -> Iterator[Mask]:
        """Of each axis the items at its highest level, then all that hold the row."""
        on = self.counting(active, levels)
        level = self.level * on
        for axis in self.axes:
            group = np.zeros_like(on)
            group[axis] = (level[axis] == _highest(level, axis)) & (level[axis] > 0)
            yield self.with_kin(group) & active
        yield self.with_kin(self.hold & on) & active


def _highest(level: Ints, axis: slice) -> Ints:
    highest: Ints = level[axis].max(axis=0, initial=0)
    return highest


def _kin(items: Sequence[Item]) -> tuple[list[int], ...]:
    """The positions of the items of each name."""
    kin: dict[str, list[int]] = {}
    for position, item in enumerate(items):
        kin.setdefault(item.name, []).append(position)
    return tuple(kin.values())


def _cost(item: Item) -> int:
    """A question costs an answer; a finding a change; what the goods can do and where they go, another deal."""
    if item.is_question:
        return 1
    return 8 if item.axis in (SEVERITY, "COUNTRY") else 3


def lower(items: Sequence[Item], rating: Rating, levels: Levels) -> Lowering:
    """Find, for every row above the lowest class, a small set of items without which overall falls, none of it idle.

    Greedy: of each axis the items at its top, or all that hold the row, whichever lowers overall at the least cost;
    repeated until overall falls. Ends: every round takes something away, or the row is done.
    """
    gated, overall = rating.worst.disposition == STOP, rating.worst.overall.copy()
    removed = np.zeros((len(items), len(overall)), dtype=bool)
    if items:
        order = np.argsort([AXES.index(item.axis) for item in items], kind="stable")
        table, places = _Table.of([items[position] for position in order]), np.argsort(order)
        pending = np.flatnonzero((overall > 0) & ~gated)
        codes, first = distinct(np.vstack([table.level, table.hold, overall])[:, pending])
        gone, then = _lower(table.at(pending[first]), overall[pending[first]], levels)
        removed[:, pending], overall[pending] = gone[places][:, codes], then[codes]
    return Lowering(tuple(items), removed, overall, gated)


def _lower(table: _Table, now: Ints, levels: Levels) -> tuple[Mask, Ints]:
    """The change and what it brings, for rows that all have an overall above the lowest."""
    present, overall, at = table.level > 0, now.copy(), np.arange(len(now))
    active = present.copy()
    while len(at):
        here = table.at(at)
        left = _without_one_group(here, active[:, at], levels)
        then, stuck = here.judged(left, levels).overall, (left == active[:, at]).all(axis=0)
        active[:, at] = np.where(stuck, present[:, at], left)
        overall[at] = np.minimum(overall[at], then)
        at = at[(then >= now[at]) & ~stuck]
    return _without_idle(table, present & ~active, overall, now, levels)


def _without_one_group(table: _Table, active: Mask, levels: Levels) -> Mask:
    """What stays active after one group is taken away: of those that lower overall the cheapest, else the best."""
    now = table.judged(active, levels).overall
    kept, least = active.copy(), np.full(active.shape[1], np.iinfo(np.int64).max)
    for group in table.groups(active, levels):
        left = active & ~group
        verdict = table.judged(left, levels)
        cost, far = table.cost @ group, distance(verdict)
        total = np.where(verdict.overall < now, cost * _FAR + far, _FAR * (_FAR + far) + cost)
        better = group.any(axis=0) & (total < least)
        least = np.where(better, total, least)
        kept[:, better] = left[:, better]
    return kept


def _without_idle(table: _Table, removed: Mask, overall: Ints, now: Ints, levels: Levels) -> tuple[Mask, Ints]:
    """The change and what it brings, after everything is put back that overall falls without as well."""
    several = removed.sum(axis=0) > 1
    for kin in table.kin:
        at = np.flatnonzero(removed[kin].any(axis=0) & several)
        if len(at):
            fewer = removed[:, at]
            fewer[kin] = False
            verdict = table.at(at).judged(~fewer, levels)
            idle = verdict.overall < now[at]
            removed[np.ix_(np.array(kin), at[idle])] = False
            overall[at[idle]] = verdict.overall[idle]
    return removed, overall
