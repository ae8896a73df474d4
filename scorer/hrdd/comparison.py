"""The method held against simpler ones, and against itself with every level one step off."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from hrdd.backtest import Backtest, backtest
from hrdd.method.levels import Levels
from hrdd.method.rating import top
from hrdd.vocabulary import certainly


def compare_methods(result: Backtest, *, essentials: bool = False) -> list[str]:
    """Sentences: how well each method tells grave from benign cases, and which rows change class one step off."""
    grave, benign = _groups(result)
    methods = {
        "hrdd overall": np.array([_rank(row, result) for row in result.rows]),
        "count of red flags": result.scores.columns["flag_count"].to_numpy(),
        "country record alone": _country_level(result),
    }
    pairs = len(grave) * len(benign)
    lines = [
        f"{name}: {_told_apart(values, grave, benign)} of {pairs} pairs of a grave and a benign case told apart"
        for name, values in methods.items()
    ]
    return [*lines, *_sensitivity(result, essentials=essentials)]


def _groups(result: Backtest) -> tuple[list[int], list[int]]:
    classes = result.scores.trace.levels.classes
    high = classes.index("HIGH")
    grave = [at for at, row in enumerate(result.rows) if classes.index(row["expected_min"]) >= high]
    kinds = result.cases["kind"].astype(str) if "kind" in result.cases.columns else None
    benign = [] if kinds is None else [at for at, kind in enumerate(kinds) if kind.startswith("BENIGN")]
    return grave, benign


def _rank(row: dict[str, Any], result: Backtest) -> int:
    return result.scores.trace.levels.classes.index(row["overall"])


def _country_level(result: Backtest) -> Any:
    """The COUNTRY channel of each row, and nothing else."""
    levels = result.scores.trace.levels
    true = {name: certainly(result.scores.signals[name]).to_numpy(dtype=bool) for name in levels.axes["COUNTRY"]}
    return top(true, levels.axes["COUNTRY"], len(result.rows))


def _told_apart(values: Any, grave: Sequence[int], benign: Sequence[int]) -> int:
    """Pairs in which the grave case stands strictly above the benign one."""
    return int(sum((values[worse] > values[milder]) for worse in grave for milder in benign))


def _sensitivity(result: Backtest, *, essentials: bool) -> Iterator[str]:
    """Which cases change class when one signal's level moves one step, signal by signal."""
    before = [row["overall"] for row in result.rows]
    moved: dict[str, set[str]] = {}
    for name, levels in _one_step_off(result.scores.trace.levels):
        after = backtest(result.cases, essentials=essentials, levels=levels).rows
        changed = {row["transaction_id"] for row, old in zip(after, before, strict=True) if row["overall"] != old}
        if changed:
            moved[name] = changed
    rows = sorted(set().union(*moved.values())) if moved else []
    yield f"levels one step off: {len(moved)} moves change a class, in {len(rows)} of {len(before)} cases"
    for name, changed in moved.items():
        yield f"  {name}: {', '.join(sorted(changed))}"


def _one_step_off(levels: Levels) -> Iterator[tuple[str, Levels]]:
    for axis, signals in levels.axes.items():
        for name, level in signals.items():
            for step in (-1, 1):
                if 0 < level + step <= 4:
                    axes = {**levels.axes, axis: {**signals, name: level + step}}
                    yield f"{name} at {level + step}", dataclasses.replace(levels, axes=axes)
