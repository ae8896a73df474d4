"""How fast hrdd is, as ratios measured side by side in one run. `make bench` runs this.

    python benchmarks/run.py [--rows 100000] [--others 1000] [--repeat 2]

hrdd scores all rows from their cells to all outputs, words included. The other engines are handed typed facts and
stop at rating and flags: class, disposition, interval, red flags. They run on an even sample of the same rows and
are scaled per row.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cli_start
import machine

_HERE = Path(__file__).parent
_KINDS = ("quarter", "distinct")
_ENGINES = {
    "hrdd": "hrdd.score: cells to rating, flags and words",
    "core": "hrdd, typed facts to rating and flags only",
    "python": "plain Python row by row, typed facts to rating and flags",
    "zen_trace": 'zen-engine decision.evaluate(row, {"trace": True}), typed facts to rating and flags',
    "zen": 'zen-engine decision.evaluate(row, {"trace": False}), the same',
}
_COMMANDS = {
    "python": "python -c pass",
    "help": "hrdd --help",
    "imports": "python -c 'import' of what hrdd score imports",
    "score": f"hrdd score orders.xlsx --out DIR, {cli_start.ROWS} rows",
}
_ROWS_A_SECOND, _TIMES_ZEN, _PEAK_MB, _HELP, _SCORE = 20_000, 5, 1500, 0.2, 2.5

Line = tuple[str, ...]


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000, help="rows that hrdd scores (default: %(default)s)")
    parser.add_argument("--others", type=int, default=1000, help="rows for the other engines (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=2, help="rounds, of which the best counts (default: %(default)s)")
    asked = parser.parse_args()
    print("\n".join(machine.described()), flush=True)
    sets = {kind: _in_memory(kind, asked) for kind in _KINDS}
    with tempfile.TemporaryDirectory() as folder:
        commands = cli_start.measure(Path(folder), asked.repeat + 1)
    print(_text(sets, commands))
    sys.exit(1 if any(_disagreements(found) for found in sets.values()) else 0)


def _in_memory(kind: str, asked: argparse.Namespace) -> dict[str, Any]:
    """One set of rows in a process of its own, so that its peak memory is its own."""
    options = [f"--rows={asked.rows}", f"--others={min(asked.others, asked.rows)}", f"--repeat={asked.repeat}"]
    command = [sys.executable, str(_HERE / "in_memory.py"), kind, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _disagreements(found: dict[str, Any]) -> int:
    return sum(found["compared"] - agreed for agreed in found["agreed"].values())


def _text(sets: dict[str, dict[str, Any]], commands: dict[str, float]) -> str:
    quarter = sets["quarter"]
    lines = [
        ("", f"a quarter: {quarter['rows']:,} orders,", "every text distinct,"),
        ("In memory, one core, CPU time", "a fifth as many customers", f"{sets['distinct']['rows']:,} rows"),
        *_engine_lines(sets),
        ("", "", ""),
        ("From the prompt, wall time", "times python -c pass", "seconds (indicative)"),
        *(
            (_COMMANDS[name], f"{seconds / commands['python']:.1f}", f"{seconds:.2f}")
            for name, seconds in commands.items()
        ),
        ("imports, as a share of hrdd score", f"{commands['imports'] / commands['score']:.0%}", ""),
    ]
    return "\n".join(["", *_aligned(lines), "", *_verdicts(sets, commands)])


def _engine_lines(sets: dict[str, dict[str, Any]]) -> list[Line]:
    def line(label: str, cell: Any) -> Line:
        return (label, *(cell(sets[kind]) for kind in _KINDS))

    measured = sets["quarter"]["seconds_per_row"]
    lines = [line("hrdd.score, rows a second", lambda found: f"{1 / found['seconds_per_row']['hrdd']:,.0f}")]
    for name, label in _ENGINES.items():
        if name in measured:
            lines.append(line(label, lambda found, name=name: _beside(found["seconds_per_row"], name)))
    lines += [
        line(
            f"rows on which {label} agrees with hrdd",
            lambda found, key=key: f"{found['agreed'][key]:,} of {found['compared']:,}",
        )
        for key, label in (("python", "plain Python"), ("zen", "zen-engine"))
        if key in sets["quarter"]["agreed"]
    ]
    lines.append(line("peak memory of the process, MB", lambda found: f"{found['peak_mb']:,.0f}"))
    lines.append(line("of that the input rows and Python, MB", lambda found: f"{found['input_mb']:,.0f}"))
    lines.append(
        line(
            "20 million additions in Python, CPU seconds",
            lambda found: f"{found['seconds_per_row']['additions'] * machine.ADDITIONS:.2f}",
        )
    )
    return lines


def _beside(seconds: dict[str, float], name: str) -> str:
    """Microseconds a row, and how many times hrdd's whole way that is."""
    return f"{seconds[name] * 1e6:,.1f} us a row, {seconds[name] / seconds['hrdd']:.2f} x hrdd.score"


def _aligned(lines: Sequence[Line]) -> list[str]:
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _verdicts(sets: dict[str, dict[str, Any]], commands: dict[str, float]) -> list[str]:
    """Each target, and whether this run met it."""
    bars = []
    for kind, found in sets.items():
        seconds = found["seconds_per_row"]
        bars.append((f"{kind}: at least {_ROWS_A_SECOND:,} rows a second", 1 / seconds["hrdd"] >= _ROWS_A_SECOND))
        bars.append((f"{kind}: under {_PEAK_MB:,} MB", found["peak_mb"] < _PEAK_MB))
        if "zen_trace" in seconds:
            times = seconds["zen_trace"] / seconds["hrdd"]
            bars.append((f"{kind}: at least {_TIMES_ZEN} times faster than zen-engine with trace", times >= _TIMES_ZEN))
        bars.append((f"{kind}: all engines agree", not _disagreements(found)))
    bars.append((f"hrdd --help under {_HELP} s", commands["help"] < _HELP))
    bars.append((f"hrdd score on {cli_start.ROWS} rows under {_SCORE} s", commands["score"] < _SCORE))
    zen = (
        []
        if "zen_trace" in sets["quarter"]["seconds_per_row"]
        else ["zen-engine is NOT installed and was not measured: pip install zen-engine"]
    )
    return [*(f"{'met    ' if met else 'NOT MET'}  {bar}" for bar, met in bars), *zen]


if __name__ == "__main__":
    main()
