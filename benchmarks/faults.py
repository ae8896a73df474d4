"""What becomes of a folder of workbooks when everything goes wrong: kills, full disks, files that come and go.

    python benchmarks/faults.py [--times 200] [--files 100] [--seed 1] [--folder DIR] [kills moved full clock]

kills   SIGKILL to the run or to one of its workers at random moments, so many times; every run takes up the last
moved   files are deleted and replaced while a run is at work
full    the disk fills up, then turns read-only (a small file system in memory; needs the rights to mount one)
clock   the clock jumps by years while a run is at work (needs the program faketime)

After each fault every workbook must be, byte for byte, as it was or as an undisturbed run makes it: nothing damaged,
no row lost or doubled. At the end a run with --resume must finish, leave no temporary file, and score nothing twice.
Exits with 1 where any of this does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bulk_data
import rows
from processes import HRDD, tree

_PATIENCE = 300
_HEIGHT = 4
_MOVED = 40


class Wrong(Exception):
    """A promise that was broken."""


class Folder:
    """Workbooks as they were given, as an undisturbed run leaves them, and the folder in which things go wrong."""

    def __init__(self, home: Path, at: Path, count: int) -> None:
        self.home, self.at = home, at
        self.journal, self.log = home / "journal", home / "log"
        self.given = _books(home / "given", count)
        self.restore()
        start = time.perf_counter()
        self.finish()
        self.seconds = time.perf_counter() - start
        self.scored = self.contents()
        self.restore()

    def restore(self) -> None:
        """Put everything back as it was given."""
        self.at.mkdir(exist_ok=True)
        for old in [*self.at.iterdir(), *self.home.glob("journal*"), *self.home.glob("log")]:
            old.unlink()
        for name, data in self.given.items():
            (self.at / name).write_bytes(data)

    def start(self, *before: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start, or take up, scoring the folder in place on two workers."""
        command = [*before, *HRDD, "score", self.at, "--in-place", "--resume", "--workers", "2", "--date", "2026-11-24",
                   "--journal", self.journal, "--log", self.log, "--quiet"]  # fmt: skip
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(list(map(str, command)), env={**os.environ, **environment}, **quiet)

    def finish(self) -> None:
        """Run to the end; it must end well, leave nothing behind, and deal with each file once."""
        seen = len(self.events())
        code = self.start().wait(timeout=_PATIENCE)
        events = self.events()[seen:]
        files = [event["file"] for event in events]
        _check(code == 0, f"a run ended with {code}")
        _check(sorted(files) == sorted(map(str, self.at.glob("*.xlsx"))), "a run left out a file, or took one twice")
        _check(not list(self.at.glob(".*")), "a temporary file was left behind")

    def events(self) -> list[dict[str, str]]:
        """What was logged so far; the last line may be cut off where the process was killed."""
        if not self.log.exists():
            return []
        lines = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.endswith("}") and line.startswith("{")]

    def contents(self) -> dict[str, bytes]:
        """The workbooks that are there now."""
        return {path.name: path.read_bytes() for path in self.at.glob("*.xlsx")}

    def check_whole(self) -> int:
        """Every workbook as given or as scored; how many are scored."""
        now = self.contents()
        _check(now.keys() == self.given.keys(), "a workbook is gone")
        odd = [name for name, data in now.items() if data not in (self.given[name], self.scored[name])]
        _check(not odd, f"neither as given nor as scored: {', '.join(odd[:3])}")
        return sum(now[name] == self.scored[name] for name in now)

    def check_scored(self) -> None:
        """Every workbook as an undisturbed run leaves it."""
        _check(self.contents() == self.scored, "a resumed run gave other results")


def kills(folder: Folder, times: int, dice: random.Random) -> str:
    """SIGKILL at random moments."""
    killed = {"the run": 0, "a worker": 0}
    resumed = 0
    while sum(killed.values()) < times:
        run = folder.start()
        while run.poll() is None and sum(killed.values()) < times:
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(dice.uniform(0, 0.4 * folder.seconds))
            killed_now = _kill_one(run, dice) if run.poll() is None else None
            if killed_now is not None:
                killed[killed_now] += 1
                folder.check_whole()
        if run.wait(timeout=_PATIENCE) == 0:
            folder.check_scored()
            folder.restore()
        else:
            _check(run.returncode in (-signal.SIGKILL, 3), f"a run ended with {run.returncode}")
        resumed += run.returncode != 0
    folder.finish()
    folder.check_scored()
    told = ", ".join(f"{name} {count} times" for name, count in killed.items())
    return f"killed {told}; {resumed} runs were taken up by the next"


def _kill_one(run: subprocess.Popen[bytes], dice: random.Random) -> str | None:
    """Kill the run, or one of the processes below it."""
    below = [process for process in tree(run.pid) if process != run.pid]
    if below and dice.random() < 0.5:
        with contextlib.suppress(ProcessLookupError):
            os.kill(dice.choice(below), signal.SIGKILL)
            return "a worker"
        return None
    run.kill()
    run.wait()
    return "the run"


def moved(folder: Folder, _times: int, dice: random.Random) -> str:
    """Files that are deleted, and replaced by others, while they are scored."""
    names = sorted(folder.given)
    gone, other = set[str](), dict[str, str]()
    run = folder.start()
    for _ in range(min(_MOVED, len(names))):
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(dice.uniform(0, 2 * folder.seconds / _MOVED))
        name, model = dice.sample(names, 2)
        if dice.random() < 0.3:
            gone.add(name)
            other.pop(name, None)
            (folder.at / name).unlink(missing_ok=True)
        else:
            gone.discard(name)
            other[name] = model
            part = folder.home / "part"
            part.write_bytes(folder.given[model])
            part.replace(folder.at / name)
    code = run.wait(timeout=_PATIENCE)
    _check(code in (0, 3), f"a run ended with {code}")
    now = folder.contents()
    _check(now.keys() == folder.given.keys() - gone, "a deleted workbook came back, or another is gone")
    models = {name: other.get(name, name) for name in now}
    odd = [name for name, data in now.items() if data not in (folder.given[models[name]], folder.scored[models[name]])]
    _check(not odd, f"results beside cells that they were not made from: {', '.join(odd[:3])}")
    folder.finish()
    wanted = {name: folder.scored[model] for name, model in models.items()}
    _check(folder.contents() == wanted, "a resumed run left a replaced workbook as it was")
    return f"{len(gone)} deleted, {len(other)} replaced"


def full(folder: Folder, _times: int, _dice: random.Random) -> str:
    """A disk that is full, then read-only, then as it should be."""
    place = folder.home / "disk"
    place.mkdir()
    size = sum(map(len, folder.given.values())) + sum(map(len, folder.scored.values()))
    if not _mounted(place, f"size={size * 2}"):
        return "NOT MEASURED: a file system cannot be mounted here"
    try:
        at = folder.at
        folder.at = place / "at"
        folder.restore()
        blocks = os.statvfs(place)
        (place / "ballast").write_bytes(b"\0" * (blocks.f_bavail * blocks.f_bsize - 8_192))
        failed = _failing(folder)
        _mounted(place, "remount,ro")
        failed_too = _failing(folder)
        _mounted(place, "remount,rw")
        (place / "ballast").unlink()
        folder.finish()
        folder.check_scored()
        folder.at = at
    finally:
        subprocess.run(["umount", str(place)], check=False)
    return f"{failed} files failed on the full disk, {failed_too} on the read-only one"


def _failing(folder: Folder) -> int:
    """A run that cannot write: it says so of each file, and ends; how many files failed."""
    seen = len(folder.events())
    code = folder.start().wait(timeout=_PATIENCE)
    failed = sum(event["event"] == "failed" for event in folder.events()[seen:])
    _check(failed > 0 and code in (3, 4), f"{failed} files failed and the run ended with {code}")
    folder.check_whole()
    _check(not [path for path in folder.at.glob(".*") if path.stat().st_size], "half a file was left on the full disk")
    return failed


def _mounted(place: Path, options: str) -> bool:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "hrdd", str(place)], capture_output=True, check=False)
    return done.returncode == 0


def clock(folder: Folder, _times: int, dice: random.Random) -> str:
    """A clock that jumps back and forth by years."""
    if shutil.which("faketime") is None:
        return "NOT MEASURED: faketime is not installed"
    told = folder.home / "time"
    jumps = 0
    told.write_text("@2026-11-24 12:00:00")
    more = {"FAKETIME_TIMESTAMP_FILE": str(told), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    run = folder.start(LD_PRELOAD=_faketime(), **more)
    while run.poll() is None:
        told.write_text(f"@{dice.randint(1981, 2037)}-06-01 12:00:00")
        touched = dice.choice(sorted(folder.at.glob("*.xlsx")))
        os.utime(touched, (0, dice.randint(0, 2**31)))
        jumps += 1
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(0.1)
    years = {event["time"][:4] for event in folder.events()}
    _check(run.returncode in (0, 3, 4), f"a run ended with {run.returncode}")
    folder.check_whole()
    folder.finish()
    folder.check_scored()
    return f"{jumps} jumps; the log has the years {min(years)} to {max(years)}"


def _faketime() -> str:
    """The library behind the program."""
    asked = ["faketime", "now", sys.executable, "-c", "import os; print(os.environ['LD_PRELOAD'])"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()[-1]


def _books(folder: Path, count: int) -> dict[str, bytes]:
    """Workbooks of which no two hold the same row."""
    folder.mkdir()
    frame = rows.quarter(count * _HEIGHT).dropna(axis="columns", how="all").iloc[:, :20]
    for number in range(count):
        part = frame.iloc[number * _HEIGHT : (number + 1) * _HEIGHT]
        bulk_data.book(folder / f"{number:03d}.xlsx", part)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _check(held: bool, sentence: str) -> None:
    if not held:
        raise Wrong(sentence)


FAULTS: dict[str, Callable[[Folder, int, random.Random], str]] = {
    "kills": kills, "moved": moved, "full": full, "clock": clock,
}  # fmt: skip


def main() -> None:
    """Let everything go wrong, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="*", metavar="FAULT", default=list(FAULTS))
    parser.add_argument("--times", type=int, default=200, help="how often to kill (default: %(default)s)")
    parser.add_argument("--files", type=int, default=100, help="how many workbooks (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where the workbooks are meanwhile (default: a temporary folder)")
    asked = parser.parse_args()
    broken = 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as home:
        folder = Folder(Path(home), Path(home) / "at", asked.files)
        for name in asked.faults:
            folder.restore()
            try:
                print(f"held    {name}: {FAULTS[name](folder, asked.times, random.Random(asked.seed))}", flush=True)
            except Wrong as wrong:
                broken += 1
                print(f"BROKEN  {name}: {wrong}", flush=True)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
