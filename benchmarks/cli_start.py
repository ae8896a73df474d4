"""How long a command takes from the prompt, beside a Python that does nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROWS = 100
_IMPORTS = "import hrdd_cli.score, hrdd.engine, hrdd_workbook.read, hrdd_workbook.write, hrdd_workbook.outputs"


class Taken(NamedTuple):
    """Seconds that a command took: by the clock, and of processor time with its children."""

    wall: float
    cpu: float


def measure(folder: Path, repeat: int) -> dict[str, Taken]:
    """What each command took, the best of several turns: `python`, `help`, `imports`, `score`."""
    book = build(folder / "orders.xlsx")
    out = folder / "out"
    hrdd = [sys.executable, "-c", "import sys; from hrdd_cli.main import main; sys.argv[0] = 'hrdd'; main()"]
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "help": [*hrdd, "--help"],
        "imports": [sys.executable, "-c", _IMPORTS],
        "score": [*hrdd, "score", str(book), "--out", str(out), "--date", "2026-11-24"],
    }
    turns: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            turns[name].append(_run(command))
    return {name: Taken(*map(min, zip(*taken, strict=True))) for name, taken in turns.items()}


def build(path: Path) -> Path:
    """A workbook of a hundred orders, as somebody's export would be: one sheet, headers in the first row."""
    import rows
    from openpyxl import Workbook

    from hrdd.columns import INPUT_BY_KEY

    orders = rows.quarter(ROWS).dropna(axis="columns", how="all")
    book = Workbook()
    book.active.append([INPUT_BY_KEY[key].header for key in orders.columns])
    for order in orders.itertuples(index=False):
        book.active.append(list(order))
    book.save(path)
    return path


def _run(command: Sequence[str]) -> Taken:
    cpu, start = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    taken = Taken(time.perf_counter() - start, _cpu_of_children() - cpu)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return taken


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
