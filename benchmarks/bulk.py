"""Scoring in bulk, as ratios measured side by side in one run, each beside its bar.

    python benchmarks/bulk.py [large many largest cluster] [--folder DIR]

large     a workbook of 100,000 rows and 40 columns on one core, beside reading and writing alone, and openpyxl
many      1,000 workbooks of 200 rows on one worker process and on two
largest   the largest sheet that Excel allows, with 20 columns
cluster   10 million rows of Parquet on a local Dask cluster of two workers

Without a name: large and many; the other two take a quarter of an hour and some gigabytes of disk. Ratios are those of
CPU seconds, which a busy machine hardly changes, unless the clock is named. Memory is that of all processes together
unless said otherwise.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bulk_data
import machine
from processes import HRDD, Used, run

_DAY = ("--date", "2026-11-24", "--quiet")
_FLOOR = (sys.executable, str(Path(__file__).with_name("bulk_floor.py")))
_LARGEST = 1_048_575


def main() -> None:
    """Measure what is named and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", default=["large", "many"])
    parser.add_argument("--folder", type=Path, help="where the data go meanwhile (default: a temporary folder)")
    parser.add_argument("--share", type=float, default=1.0, help="of the rows and files, to try it out")
    asked = parser.parse_args()
    print("\n".join(machine.described()), flush=True)
    for part in asked.parts:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            PARTS[part](Path(folder), asked.share)


def large(folder: Path, share: float) -> None:
    """One large workbook on one core."""
    count = int(100_000 * share)
    given, at, kept = folder / "given.xlsx", folder / "orders.xlsx", folder / "kept"
    bulk_data.book(given, bulk_data.orders(count, 40))
    run([*_FLOOR, "prepare", given, kept])
    score = [*HRDD, "score", at, "--in-place", "--workers", "1", *_DAY]
    turns, floors = list[Used](), list[float]()
    for _ in range(3):
        shutil.copyfile(given, at)
        turns.append(run(score, cores=1))
        shutil.copyfile(given, at)
        floors.append(_told("floor", at, kept))
    ours, floor = min(turn.cpu for turn in turns), min(floors)
    shutil.copyfile(given, at)
    others = _told("openpyxl", at, kept)
    _head(f"{count:,} rows x 40 columns, read, scored, written in place, on one core")
    _line("hrdd score, CPU seconds", ours)
    _line("calamine reads + our writer writes ready values", floor)
    _bar("hrdd score / that", ours / floor, "at most 1.6", ours / floor <= 1.6)
    _bar("openpyxl + pandas / hrdd score", others / ours, "at least 6", others / ours >= 6)
    peak = max(turn.together for turn in turns)
    _bar("peak memory, MB", peak, "under 1,500", peak < 1500)


def many(folder: Path, share: float) -> None:
    """Many small workbooks on one process and on two."""
    count = int(1000 * share)
    given, at = folder / "given", folder / "at"
    bulk_data.books(given, count, 200)
    turns: dict[int, list[Used]] = {1: [], 2: []}
    for _ in range(2):
        for workers, found in turns.items():
            shutil.rmtree(at, ignore_errors=True)
            shutil.copytree(given, at)
            journal = ("--journal", folder / f"journal-{workers}-{len(found)}")
            found.append(run([*HRDD, "score", at, "--in-place", "--workers", str(workers), *journal, *_DAY]))
    one, two = (min(found, key=lambda used: used.wall) for found in turns.values())
    rate, scaling = count / two.wall, one.wall / two.wall / 2
    _head(f"{count:,} workbooks of 200 rows, from the prompt to its return")
    _line("CPU seconds a file, one worker", one.cpu / count)
    _line("CPU seconds a file, two workers", two.cpu / count)
    _bar("files a second on two cores, by the clock", rate, "at least 25", rate >= 25)
    _bar("scaling from one to two workers, by the clock", scaling, "at least 0.85", scaling >= 0.85)
    _line("the same by CPU seconds", one.cpu / two.cpu)


def largest(folder: Path, share: float) -> None:
    """The largest sheet that Excel allows."""
    count = int(_LARGEST * share)
    at = folder / "orders.xlsx"
    bulk_data.book(at, bulk_data.orders(count, 20))
    used = run([*HRDD, "score", at, "--in-place", *_DAY])
    _head(f"{count:,} rows x 20 columns, read, scored, written in place")
    _line("CPU seconds", used.cpu)
    _bar("peak memory, MB", used.together, "under 6,000", used.together < 6000)


def cluster(folder: Path, share: float) -> None:
    """Parquet on a local Dask cluster of two workers."""
    files, height = int(40 * share), 250_000
    bulk_data.parquet(folder / "given", files, height)
    memory = ("memory", "100000", str(height))
    alone = 100_000 / _told(*memory)
    with ThreadPoolExecutor(2) as pool:
        both = 200_000 / sum(pool.map(lambda _: _told(*memory), range(2)))
    words = ("--cluster", "local", "--workers", "2", "--to", "parquet", "--journal", folder / "journal")
    used = run([*HRDD, "score", folder / "given", "--out", folder / "out", *words, *_DAY])
    _head(f"{files * height:,} rows of Parquet on a local Dask cluster of two workers")
    each = files * height / used.cpu
    _line("rows a second of one core, in memory", alone)
    _line("the same while the other core does so too", both)
    _line("rows a second on the cluster, by the clock", files * height / used.wall)
    _line("rows a second of one core on it / of one core alone", each / alone)
    _bar("rows a second of one core on it / in memory, both busy", each / both, "at least 0.8", each / both >= 0.8)
    _bar("peak memory of the largest process, MB", used.largest, "under 3,000", used.largest < 3000)


def _told(*words: str | Path) -> float:
    """The figure that another piece of work prints, kept on one core."""
    done = subprocess.run(list(map(str, (*_FLOOR, *words))), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bulk_floor.py {' '.join(map(str, words))} failed:\n{done.stderr[-4000:]}")
    return float(done.stdout)


def _head(text: str) -> None:
    print(f"\n{text}")


def _line(name: str, value: float) -> None:
    print(f"         {name:52} {value:12,.3f}", flush=True)


def _bar(name: str, value: float, bar: str, met: bool) -> None:
    print(f"{'met    ' if met else 'NOT MET'}  {name:52} {value:12,.3f}   ({bar})", flush=True)


PARTS: dict[str, Callable[[Path, float], None]] = {
    "large": large, "many": many, "largest": largest, "cluster": cluster,
}  # fmt: skip

if __name__ == "__main__":
    main()
