"""Whether `hrdd watch` stays as it is while thousands of files land: its memory, its open handles.

    python benchmarks/soak.py [--files 5000] [--workers 1] [--folder DIR]

Files land in the watched folder in ten batches; after each the processes are measured when all of it is scored. Exits
with 1 where a file was left out or scored twice, handles leak, or memory after the last batch is more than a tenth
above that after the second.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import bulk_data
from processes import HRDD, handles, resident, tree

_BATCHES = 10
_GROWTH = 1.1


def main() -> None:
    """Watch, let files land, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5000, help="how many land (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="of hrdd watch (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where the files are meanwhile (default: a temporary folder)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as home:
        sys.exit(0 if _soaked(Path(home), asked.files, asked.workers) else 1)


def _soaked(home: Path, files: int, workers: int) -> bool:
    given, at, log = home / "given", home / "at", home / "log"
    bulk_data.books(given, 20, 20)
    at.mkdir()
    options = ["--in-place", "--journal", home / "journal", "--log", log, "--settle", "0.2", "--every", "0.2"]
    run = subprocess.Popen(list(map(str, [*HRDD, "watch", at, "--workers", workers, *options])))
    rows = []
    try:
        for batch in range(_BATCHES):
            _land(given, at, range(files * batch // _BATCHES, files * (batch + 1) // _BATCHES))
            _until_scored(run, log, files * (batch + 1) // _BATCHES)
            rows.append((resident(run.pid), sum(map(handles, tree(run.pid)))))
            print(
                f"{files * (batch + 1) // _BATCHES:6,} files   {rows[-1][0]:8,.1f} MB   {rows[-1][1]:4} handles",
                flush=True,
            )
    finally:
        run.send_signal(signal.SIGTERM)
    ended = run.wait(timeout=60) == 0
    events = Counter(line.split('"event": "')[1].split('"')[0] for line in log.read_text("utf-8").splitlines())
    print(f"ended {'well' if ended else 'badly'}; events: {dict(events)}")
    once = events["scored"] == files and not events["failed"]
    flat = rows[-1][0] <= rows[1][0] * _GROWTH and rows[-1][1] <= rows[1][1]
    print(f"{'met    ' if once else 'NOT MET'}  every file scored once")
    print(f"{'met    ' if flat else 'NOT MET'}  flat memory, no leaked handles")
    return ended and once and flat


def _land(given: Path, at: Path, numbers: range) -> None:
    for number in numbers:
        part = at / f".{number}.part"
        shutil.copyfile(given / f"{number % 20}.xlsx", part)
        part.rename(at / f"{number:05d}.xlsx")


def _until_scored(run: subprocess.Popen[bytes], log: Path, count: int) -> None:
    while run.poll() is None:
        if log.exists() and log.read_text("utf-8").count('"event": "scored"') >= count:
            time.sleep(1)
            return
        time.sleep(0.5)
    sys.exit("hrdd watch ended by itself")


if __name__ == "__main__":
    main()
