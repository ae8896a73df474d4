"""Severity and likelihood to class, gates to disposition, both to overall; at best and at plausible worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hrdd.method.levels import CHANNELS, DISPOSITIONS, SEVERITY, Levels

Ints = np.ndarray[Any, np.dtype[np.int8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
NONE, CONDITIONS, HOLD, STOP = range(len(DISPOSITIONS))
#: The question that no cell answers: there are no data on the record of a country that is named.
NO_DATA = "country_record"


@dataclass(frozen=True)
class Doubt:
    """What an open question may hide: its plausible worst `level` on an axis, and whether it may hold a row.

    `question` is the input column whose answer settles it, or NO_DATA; `level` is 0 where it is not open. `always`
    marks what somebody wrote and nobody can read, and what a sanction hangs on: it counts whatever the severity.
    """

    question: str
    axis: str
    level: Ints
    hold: Mask
    always: bool = False

    @property
    def proportionate(self) -> bool:
        """Whether it counts only where severity reaches the policy's proportionate level."""
        return not self.always and self.axis != SEVERITY

    def counts(self, severity: Ints, levels: Levels) -> Mask:
        """Where the question may count: not below the proportionate severity, unless it always does."""
        return np.asarray((severity >= levels.proportionate) | (not self.proportionate))


@dataclass(frozen=True)
class State:
    """What is taken to be true of each row: severity, channels (6 x rows) and the gates that are shut."""

    severity: Ints
    channels: Ints
    stop: Mask
    hold: Mask
    conditions: Mask


@dataclass(frozen=True)
class Verdict:
    """What follows from a state; arrays over rows, classes and dispositions as indices."""

    severity: Ints
    likelihood: Ints
    class_: Ints
    disposition: Ints
    overall: Ints


@dataclass(frozen=True)
class Rating:
    """The interval: the verdict at best and at plausible worst, and which rows it is too wide to rate."""

    best: Verdict
    worst: Verdict
    unrated: Mask
    residual: Ints


def top(true: Mapping[str, Mask], levels: Mapping[str, int], rows: int) -> Ints:
    """The highest level of the signals that are true."""
    highest = np.zeros(rows, dtype=np.int8)
    for name, level in levels.items():
        np.maximum(highest, true[name] * np.int8(level), out=highest)
    return highest


def any_of(true: Mapping[str, Mask], names: Sequence[str], rows: int) -> Mask:
    """Whether at least one of the signals is true."""
    found = np.zeros(rows, dtype=bool)
    for name in names:
        found |= true[name]
    return found


def known(true: Mapping[str, Mask], levels: Levels, rows: int) -> State:
    """The state in which only what is known to be true counts."""
    return State(
        severity=top(true, levels.axes[SEVERITY], rows),
        channels=np.stack([top(true, levels.axes[channel], rows) for channel in CHANNELS]),
        stop=any_of(true, levels.gates["STOP"], rows),
        hold=any_of(true, levels.gates["HOLD"], rows),
        conditions=any_of(true, levels.gates["CONDITIONS"], rows),
    )


def feared(base: State, doubts: Sequence[Doubt], levels: Levels, without: str | None = None) -> State:
    """The state in which every open question has its plausible worst answer; `without` leaves one question out.

    An open question may raise and hold a row but never stop it, and counts only where severity reaches
    `levels.proportionate`.
    """
    counted = [doubt for doubt in doubts if doubt.question != without]
    severity = base.severity.copy()
    for doubt in counted:
        if doubt.axis == SEVERITY:
            np.maximum(severity, doubt.level, out=severity)
    channels, hold = base.channels.copy(), base.hold.copy()
    for doubt in counted:
        if doubt.axis != SEVERITY:
            row, counts = channels[CHANNELS.index(doubt.axis)], doubt.counts(severity, levels)
            np.maximum(row, doubt.level * counts, out=row)
            hold |= doubt.hold & counts
    return State(severity, channels, base.stop, hold, base.conditions)


def likelihood(channels: Ints, levels: Levels) -> Ints:
    """The highest channel, one more (at most 4) where enough other channels stand high."""
    highest = channels.max(axis=0)
    high = (channels >= levels.bump_level).sum(axis=0)
    others = high - (highest >= levels.bump_level)
    bumped = np.minimum(highest + (others >= levels.bump_channels), 4)
    return np.asarray(bumped, dtype=np.int8)


def judge(state: State, levels: Levels) -> Verdict:
    """Class, disposition and overall of a state. Overall is the worse of class and gate floor."""
    like = likelihood(state.channels, levels)
    class_ = levels.table[state.severity, like]
    disposition = np.zeros(len(class_), dtype=np.int8)
    conditions = state.conditions | (state.severity >= levels.condition_severity)
    disposition[conditions | np.isin(class_, levels.condition_classes)] = CONDITIONS
    disposition[state.hold | np.isin(class_, levels.hold_classes)] = HOLD
    disposition[state.stop] = STOP
    floors = np.array(levels.floors, dtype=np.int8)
    return Verdict(state.severity, like, class_, disposition, np.maximum(class_, floors[disposition]))


def rate(best: State, worst: State, true: Mapping[str, Mask], levels: Levels) -> Rating:
    """The interval of each row. A span of `levels.unrated_span` classes or more is UNRATED and held."""
    low, high = judge(best, levels), judge(worst, levels)
    unrated = (high.overall - low.overall) >= levels.unrated_span
    disposition = np.where(unrated, np.maximum(high.disposition, HOLD), high.disposition).astype(np.int8)
    overall = np.maximum(high.overall, np.array(levels.floors, dtype=np.int8)[disposition])
    high = Verdict(high.severity, high.likelihood, high.class_, disposition, overall)
    return Rating(low, high, unrated, residual(worst, high, true, levels))


def residual(state: State, verdict: Verdict, true: Mapping[str, Mask], levels: Levels) -> Ints:
    """The class after verified safeguards, from the channels that they leave unanswered.

    At most one class lower, never below the floor for the gravest rows, and never below the gate's floor.
    """
    rows = len(verdict.class_)
    answered = np.stack([any_of(true, levels.safeguards[channel], rows) for channel in CHANNELS])
    unanswered = likelihood(state.channels * ~answered, levels)
    lowered = np.maximum(levels.table[state.severity, unanswered], verdict.class_ - 1)
    severity, like, floor = levels.residual_floor
    grave = (verdict.severity >= severity) & (verdict.likelihood >= like)
    lowered = np.where(grave, np.maximum(lowered, floor), lowered)
    lowered = np.maximum(lowered, np.array(levels.floors, dtype=np.int8)[verdict.disposition])
    return np.asarray(np.minimum(lowered, verdict.class_), dtype=np.int8)
