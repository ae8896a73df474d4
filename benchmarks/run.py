"""How fast hrdd is, as ratios measured side by side in one run. `make bench` runs this.

    python benchmarks/run.py [--rows 100000] [--others 1000] [--repeat 2]

hrdd scores all rows; the other engines run on an even sample of them and are scaled per row. Exits with 1 where an
engine answers otherwise than hrdd: then it is not the same rules that were timed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cli_start
import machine
from cli_start import Taken

_HERE = Path(__file__).parent
_KINDS = ("quarter", "distinct")
_ENGINES = {
    "hrdd": "hrdd.score(frame), cells to all outputs",
    "core": "its own part from facts to flags",
    "python": "plain Python, RowByRow().rate(row)",
    "zen_trace": 'zen-engine, evaluate(row, {"trace": True})',
    "zen": 'zen-engine, evaluate(row, {"trace": False})',
}
_COMMANDS = {
    "python": "python -c pass",
    "help": "hrdd --help",
    "imports": "python -c 'import ...', what hrdd score imports",
    "score": f"hrdd score orders.xlsx --out DIR, {cli_start.ROWS} rows",
}
_ROWS_A_SECOND, _TIMES_ZEN, _PEAK_MB, _HELP, _SCORE = 20_000, 5, 1500, 0.2, 2.5
_NOTES = """\
hrdd.score reads cells, countries, words and lists and explains every row. The other engines are handed the typed
facts of {compared:,} of these rows and stop at class, disposition, interval and red flags; they are scaled per row.
Time per row; "x whole": in times of hrdd.score's, "x part": in times of what the same part takes in hrdd.
CPU time of one core, best of {rounds} rounds, all engines taking turns in one process; from the prompt, best turn."""

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
    print(_text(sets, commands, asked.repeat + 1))
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


def _text(sets: dict[str, dict[str, Any]], commands: dict[str, Taken], rounds: int) -> str:
    rows = f"{sets['quarter']['rows']:,} rows"
    lines = [
        (f"IN MEMORY, {rows}", "a quarter: 5 orders a customer", "hard case: every text distinct"),
        *_engine_lines(sets),
        ("", "", ""),
        ("FROM THE PROMPT", "times python -c pass, by CPU", "seconds (indicative)"),
        *(_command_line(name, commands) for name in _COMMANDS),
    ]
    notes = _NOTES.format(compared=sets["quarter"]["compared"], rounds=rounds)
    return "\n".join(["", *_aligned(lines), "", notes, "", *_verdicts(sets, commands)])


def _command_line(name: str, commands: dict[str, Taken]) -> Line:
    cpu = {other: taken.cpu for other, taken in commands.items()}
    share = f", {cpu['imports'] / cpu['score']:.0%} of hrdd score" if name == "imports" else ""
    seconds = f"{commands[name].wall:.2f} wall, {cpu[name]:.2f} CPU"
    return (_COMMANDS[name], f"{_times(cpu[name] / cpu['python'])}{share}", seconds)


def _engine_lines(sets: dict[str, dict[str, Any]]) -> list[Line]:
    def line(label: str, cell: Callable[[dict[str, Any]], str]) -> Line:
        return (label, *(cell(sets[kind]) for kind in _KINDS))

    lines = [line("hrdd.score, rows a second", lambda found: f"{1 / found['seconds_per_row']['hrdd']:,.0f}")]
    for name, label in _ENGINES.items():
        if name in sets["quarter"]["seconds_per_row"]:
            lines.append(line(label, lambda found, name=name: _beside(found["seconds_per_row"], name)))
    for name in sets["quarter"]["agreed"]:
        label = f"  {name} answers as hrdd does"
        lines.append(line(label, lambda found, name=name: f"{found['agreed'][name]:,} of {found['compared']:,} rows"))
    lines.append(line("peak memory, of that before scoring", _memory))
    lines.append(line("20 million additions in Python", lambda found: f"{_additions(found):.2f} s"))
    return lines


def _beside(seconds: dict[str, float], name: str) -> str:
    """Microseconds a row, how many times hrdd's whole way that is, and how many times the same part of it."""
    taken = seconds[name]
    whole = f"{taken * 1e6:6,.1f} us, {_times(taken / seconds['hrdd'])} x whole"
    return f"{whole}, {_times(taken / seconds['core'])} x part"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def _memory(found: dict[str, Any]) -> str:
    return f"{found['peak_mb']:,.0f} MB, {found['input_mb']:,.0f} MB"


def _additions(found: dict[str, Any]) -> float:
    seconds: float = found["seconds_per_row"]["additions"] * machine.ADDITIONS
    return seconds


def _aligned(lines: Sequence[Line]) -> list[str]:
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _verdicts(sets: dict[str, dict[str, Any]], commands: dict[str, Taken]) -> list[str]:
    """Each target, and whether this run met it."""
    bars = [bar for kind, found in sets.items() for bar in _bars(kind, found)]
    bars.append((f"hrdd --help under {_HELP} s of CPU time", commands["help"].cpu < _HELP))
    bars.append((f"hrdd score on {cli_start.ROWS} rows under {_SCORE} s of CPU time", commands["score"].cpu < _SCORE))
    lines = [f"{'met    ' if met else 'NOT MET'}  {bar}" for bar, met in bars]
    if "zen" not in sets["quarter"]["agreed"]:
        lines.append("NOT MEASURED  zen-engine, which is not installed: pip install zen-engine")
    return lines


def _bars(kind: str, found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    seconds = found["seconds_per_row"]
    yield f"{kind}: at least {_ROWS_A_SECOND:,} rows a second", 1 / seconds["hrdd"] >= _ROWS_A_SECOND
    yield f"{kind}: under {_PEAK_MB:,} MB", found["peak_mb"] < _PEAK_MB
    yield f"{kind}: all engines agree on every row compared", not _disagreements(found)
    if "zen_trace" in seconds:
        times = seconds["zen_trace"] / seconds["hrdd"]
        yield f"{kind}: at least {_TIMES_ZEN} times faster than zen-engine with trace", times >= _TIMES_ZEN


if __name__ == "__main__":
    main()
