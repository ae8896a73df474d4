"""Pieces of work that `bulk.py` holds hrdd against, each run as a fresh process.

    python benchmarks/bulk_floor.py prepare BOOK KEPT    scores a workbook and keeps what would be written into it
    python benchmarks/bulk_floor.py floor BOOK KEPT      calamine reads it, our writer writes what was kept
    python benchmarks/bulk_floor.py openpyxl BOOK KEPT   pandas reads it by openpyxl, adds the columns, saves it
    python benchmarks/bulk_floor.py memory ROWS OF       hrdd.score on the first of so many; prints its CPU seconds

The two in the middle print their CPU seconds from when everything is loaded.
"""

from __future__ import annotations

import pickle
import sys
from datetime import date
from pathlib import Path
from typing import Any

import machine

DAY = date(2026, 11, 24)
_TURNS = 5


def prepare(path: Path, kept: Path) -> None:
    """Keep what scoring writes."""
    from hrdd_cli import books, work
    from hrdd_cli.targets import Job

    seen: list[Any] = []
    write = books.write_columns
    books.write_columns = lambda *given, **more: seen.append((given, more)) or write(*given, **more)
    job = Job(str(path), "book", str(path.with_name("prepared.xlsx")))
    list(work.score_files([job], books.How(DAY)))
    (_, *given), more = seen[0]
    kept.write_bytes(pickle.dumps((given, {**more, "out": None, "read": None})))


def floor(path: Path, kept: Path) -> None:
    """The same without scoring: calamine alone reads, and ready values are written."""
    import python_calamine

    from hrdd_workbook.write import write_columns

    given, more = pickle.loads(kept.read_bytes())

    def work() -> None:
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        write_columns(path, *given, **more)

    print(machine.cpu_seconds(work))


def openpyxl(path: Path, kept: Path) -> None:
    """The load, the same columns, the save, as most scripts do it."""
    import pandas as pd

    (_, _, columns, _), _ = pickle.loads(kept.read_bytes())

    def work() -> None:
        frame = pd.read_excel(path, engine="openpyxl")
        values = {column.header: pd.Series(column.values) for column in columns}
        pd.concat([frame, pd.DataFrame(values)], axis=1).to_excel(path, index=False, engine="openpyxl")

    print(machine.cpu_seconds(work))


def memory(count: str, of: str) -> None:
    """Rows in memory, scored in one call, the mean of some. Of a set: how alike rows are depends on their number."""
    import rows

    from hrdd.engine import score

    frame = rows.quarter(int(of)).head(int(count))
    score(frame.head(50), today=DAY)
    print(sum(machine.cpu_seconds(lambda: score(frame, today=DAY)) for _ in range(_TURNS)) / _TURNS)


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "memory":
        memory(*words)
    else:
        {"prepare": prepare, "floor": floor, "openpyxl": openpyxl}[what](*map(Path, words))
