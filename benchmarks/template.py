"""A large workbook from the template in LibreOffice: how soon it shows its figures, and whether they are right.

    python benchmarks/template.py [--rows 20000] [--orders distinct]

Orders over three years, those of `rows.quarter` or of `rows.distinct`, where no text stands twice, are poured into the
template and scored by `hrdd score --in-place`. LibreOffice then opens the workbook, computes every formula anew, and
writes all sheets as text, which is read back: no cell may show an error, and every figure of the dashboard must be the
scorer's own. Exits with 1 where one is not.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import machine
import numpy as np
import rows

from hrdd import score
from hrdd_workbook import layout
from hrdd_workbook.read import read_transactions
from hrdd_workbook.template import new_template

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "template"))

import figures

DAY = dt.date(2026, 11, 24)
MOST_SECONDS, MOST_MEGABYTES = 30, 12
_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@dataclass(frozen=True)
class Text:
    """A sheet that was written as text: numbers as they are, shares with their sign."""

    path: Path

    @cached_property
    def lines(self) -> list[list[str]]:
        """Its cells, as text."""
        with self.path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    @property
    def max_row(self) -> int:
        """Its last row."""
        return len(self.lines)

    def cell(self, row: int, column: int) -> Any:
        """A cell with its value, as openpyxl gives it."""
        line = self.lines[row - 1] if row <= len(self.lines) else []
        return SimpleNamespace(value=_value(line[column - 1] if column <= len(line) else ""))


def _value(text: str) -> float | str | None:
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return text or None


def build(path: Path, count: int, kind: str = "quarter") -> None:
    """A workbook of so many orders, scored."""
    frame = {"quarter": rows.quarter, "distinct": rows.distinct}[kind](count)
    frame["as_of_date"] = [dt.date(2023, 10, 1) + dt.timedelta(days=at * 37 % 1100) for at in range(count)]
    columns = {key: [None if value != value else value for value in frame[key]] for key in frame}
    new_template(path, rows=count, columns=columns)
    command = [sys.executable, "-c", "from hrdd_cli.main import cli; cli()", "score", path, "--in-place"]
    subprocess.run([*command, "--date", str(DAY)], check=True, capture_output=True)


def opened(path: Path, profile: Path) -> tuple[dict[str, Text], float, float]:
    """The sheets as LibreOffice computes them, and what that took in wall and CPU seconds."""
    folder, before, start = path.parent / path.stem, _child_seconds(), time.perf_counter()
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", _TEXT]
    subprocess.run([*command, "--outdir", folder, path], check=True, capture_output=True)
    taken = time.perf_counter() - start, _child_seconds() - before
    return {sheet: Text(folder / f"{path.stem}-{sheet}.csv") for sheet in layout.SHEETS}, *taken


def _child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def check(book: dict[str, Text], path: Path) -> None:
    """Raise AssertionError where a cell shows an error, or a figure is not the scorer's."""
    frame = read_transactions(path).frame
    scores = score(frame, today=DAY)
    wrong = [cell for sheet in book.values() for line in sheet.lines for cell in line if cell.startswith(("#", "Err:"))]
    assert wrong == [], wrong[:3]
    figures.check_figures(figures.figures(book), frame, scores.columns, np.ones(len(frame), dtype=bool))
    figures.check_tiles(book, frame, scores)


def main() -> None:
    """Build, open, compare, and print what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000, help="orders in the workbook (default: %(default)s)")
    parser.add_argument("--orders", choices=("quarter", "distinct"), default="quarter", help="which (default: quarter)")
    asked = parser.parse_args()
    count = asked.rows
    if shutil.which("soffice") is None:
        sys.exit("LibreOffice is not installed, so nothing was measured.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(figures.ALWAYS, encoding="utf-8")
        opened(new_template(folder / "empty.xlsx"), folder / "profile")
        path = folder / "orders.xlsx"
        build(path, count, asked.orders)
        book, wall, cpu = opened(path, folder / "profile")
        print("\n".join(machine.described()))
        print(f"\nThe template with {count:,} orders ({asked.orders}), scored")
        print(f"  file                              {path.stat().st_size / 1e6:6.1f} MB  (bar: under {MOST_MEGABYTES})")
        print(f"  LibreOffice opens and recalculates {wall:5.1f} s, {cpu:.1f} s of CPU  (bar: under {MOST_SECONDS} s)")
        check(book, path)
        print("  every figure of the dashboard is the scorer's own; no cell shows an error")


if __name__ == "__main__":
    main()
