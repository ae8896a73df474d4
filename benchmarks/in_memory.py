"""hrdd.score in memory beside the other engines, on one set of rows and one core: run as a fresh process.

    python benchmarks/in_memory.py quarter --rows 100000 --others 1000 --repeat 2

Prints one line of JSON, for `run.py`. In every round all engines take their turn, so that a busy minute hits all
of them; the best round of each counts. Times are CPU seconds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import machine

DAY = date(2026, 11, 24)
_WARM = 50


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("quarter", "distinct"))
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--others", type=int, required=True)
    parser.add_argument("--repeat", type=int, required=True)
    asked = parser.parse_args()
    machine.pin_to_one_core()
    print(json.dumps(measure(asked.kind, asked.rows, asked.others, asked.repeat)))


def measure(kind: str, rows: int, others: int, repeat: int) -> dict[str, Any]:
    """Seconds per row of each engine, peak memory, and on how many rows each agrees with hrdd."""
    import rows as generated

    from hrdd.engine import score

    frame = getattr(generated, kind)(rows)
    before = machine.peak_megabytes()
    score(frame.head(_WARM), today=DAY)  # data files are read once per process
    first = machine.cpu_seconds(lambda: score(frame, today=DAY))
    peak = machine.peak_megabytes()
    scores = score(frame, today=DAY)
    sample = range(0, rows, max(1, rows // others))
    works, agreed = _works(scores, sample)
    works["hrdd"] = (rows, lambda: score(frame, today=DAY))
    works["additions"] = (machine.ADDITIONS, machine.additions)
    found = {"hrdd": first / rows}
    for _ in range(repeat):
        for name, (count, work) in works.items():
            found[name] = min(machine.cpu_seconds(work) / count, found.get(name, float("inf")))
    return {
        "kind": kind, "rows": rows, "compared": len(sample), "seconds_per_row": found, "peak_mb": peak,
        "input_mb": before, "agreed": agreed,
    }  # fmt: skip


Work = Callable[[], object]


def _works(scores: Any, sample: range) -> tuple[dict[str, tuple[int, Work]], dict[str, int]]:
    """What the other engines do on how many rows, and how many of these they answer as hrdd does."""
    import prepared
    from row_by_row import RowByRow

    facts, expected = prepared.facts_of(scores, sample), prepared.answers_of(scores, sample)
    python = RowByRow(scores.trace.levels, scores.trace.catalogue)
    works: dict[str, tuple[int, Work]] = {
        "core": (len(scores.columns), prepared.core_of(scores)),
        "python": (len(facts), lambda: [python.rate(row) for row in facts]),
    }
    agreed = {"python": _agreed(expected, [python.rate(row) for row in facts])}
    zen = _zen(scores)
    if zen is not None:
        works["zen_trace"] = (len(facts), lambda: [zen.evaluate(row, trace=True) for row in facts])
        works["zen"] = (len(facts), lambda: [zen.evaluate(row, trace=False) for row in facts])
        agreed["zen"] = _agreed(expected, [zen.rate(row) for row in facts])
    return works, agreed


def _zen(scores: Any) -> Any:
    from hrdd.columns import INPUT_BY_KEY

    try:
        from zen_rules import ZenRules

        return ZenRules(scores.trace.levels, scores.trace.catalogue, list(INPUT_BY_KEY))
    except ModuleNotFoundError:
        return None


def _agreed(expected: list[Any], found: list[Any]) -> int:
    return sum(ours == theirs for ours, theirs in zip(expected, found, strict=True))


if __name__ == "__main__":
    main()
