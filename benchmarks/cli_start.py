"""How long a command takes from the prompt, beside a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROWS = 100
_IMPORTS = "import hrdd_cli.score, hrdd.engine, hrdd_workbook.read, hrdd_workbook.write, hrdd_workbook.outputs"


def measure(folder: Path, repeat: int) -> dict[str, float]:
    """Wall seconds of each command, the best of several turns: `python`, `help`, `imports`, `score`."""
    book = build(folder / "orders.xlsx")
    out = folder / "out"
    hrdd = [sys.executable, "-c", "import sys; from hrdd_cli.main import main; sys.argv[0] = 'hrdd'; main()"]
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "help": [*hrdd, "--help"],
        "imports": [sys.executable, "-c", _IMPORTS],
        "score": [*hrdd, "score", str(book), "--out", str(out), "--date", "2026-11-24"],
    }
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(repeat + 1):  # the first turn fills the file cache and is seldom the best
        for name, command in commands.items():
            best[name] = min(best[name], _wall(command))
    return best


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


def _wall(command: Sequence[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return taken
