"""Watching a folder by looking at it: that works on any disk, network shares and containers included."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hrdd_cli.batch import Plan, Run, Runner, in_this_process, on_processes, run_jobs, size_of, sweep_targets
from hrdd_cli.books import How
from hrdd_cli.events import Events, tell_lines
from hrdd_cli.files import Found, NoFiles
from hrdd_cli.journal import Journal, default_journal, open_journal
from hrdd_cli.pool import default_workers
from hrdd_cli.sources import find
from hrdd_cli.targets import Job, Output, clashes
from hrdd_workbook.atomic import Stamp, refuse_open, stamp
from hrdd_workbook.errors import OpenElsewhere

#: Files in one go; between two of them a request to end is heard.
_AT_ONCE = 48


@dataclass(frozen=True)
class Wanted:
    """The options of one call."""

    out: str | None
    in_place: bool
    to: str | None
    sheet: str | None
    password: str | None
    rewrite: bool
    workers: int | None
    wait: float
    journal: Path | None
    log: Path | None
    quiet: bool
    every: float
    settle: float
    once: bool


def watch(folder: Path, wanted: Wanted) -> None:
    """Score what lands in a folder until told to end."""
    how = How(date.min, wanted.sheet, wanted.password, wanted.rewrite, wanted.to)
    output = Output(wanted.in_place, wanted.out, wanted.to)
    with (
        tell_lines(quiet=wanted.quiet, log=wanted.log) as events,
        open_journal(wanted.journal or default_journal(), how) as journal,
        _told_to_end() as ending,
    ):
        events.say("watching", folder=str(folder))
        watching = _Watching(folder, output, how, wanted, events, journal)
        while not ending.is_set():
            busy = watching.round(ending)
            if wanted.once and not busy and not watching.looking.pending:
                for path in watching.looking.incomplete:
                    events.say("left", file=path, reason=f"{path} is open elsewhere, or not complete.")
                break
            if not busy:
                ending.wait(wanted.every)
        events.say("ended", folder=str(folder))


@contextlib.contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, where signals can be heard (in the main thread)."""
    ending = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    before = {name: signal.signal(name, lambda *_: ending.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield ending
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@dataclass
class _Watching:
    """A folder, what becomes of its files, and what is known of them."""

    folder: Path
    output: Output
    how: How
    wanted: Wanted
    events: Events
    journal: Journal

    def __post_init__(self) -> None:
        self.looking = Looking(self.wanted.settle)

    def round(self, ending: threading.Event) -> bool:
        """Look once, and score what is complete; whether there was any."""
        ready = self.looking.ready(self._files(), time.monotonic())
        known = {job.source: job for job in self._jobs(ready)}
        new = [job for source, job in known.items() if not self._was_finished(job)]
        for start in range(0, len(new), _AT_ONCE):
            if not ending.is_set():
                self._score(new[start : start + _AT_ONCE])
        return bool(new)

    def _files(self) -> list[Found]:
        """What may be scored in the folder, without results that are put into it."""
        out = None if self.output.folder is None else Path(self.output.folder).resolve()
        try:
            found, _ = find([str(self.folder)])
        except (OSError, NoFiles):
            return []
        return [file for file in found if out is None or out not in Path(file.path).resolve().parents]

    def _jobs(self, files: Sequence[Found]) -> list[Job]:
        jobs = self.output.jobs(files)
        for sentence in clashes(jobs, self.output):
            self.events.say("clash", reason=sentence)
        return jobs

    def _was_finished(self, job: Job) -> bool:
        if self.journal.is_finished(job):
            self.looking.finished(job.source)
            return True
        return False

    def _score(self, jobs: Sequence[Job]) -> None:
        sweep_targets(jobs)
        workers = self.wanted.workers or default_workers([size_of(job) for job in jobs])
        plan = Plan(self._runner(workers), workers, self.wanted.wait)
        run = run_jobs(jobs, plan, self.events, self.journal)
        self._remember(run)

    def _runner(self, workers: int) -> Runner:
        today = replace(self.how, day=date.today())  # noqa: DTZ011  # the day where the program runs
        return on_processes(today, workers) if workers > 1 else in_this_process(today)

    def _remember(self, run: Run) -> None:
        """What is through is looked at again when it changes; what was in use, the next time."""
        for outcome in run.outcomes:
            self.looking.finished(outcome.file)
        for failure in run.failures:
            if not failure.in_use:
                self.looking.finished(failure.file)


class Looking:
    """What was seen of the files of a folder: their states, since when, and which were dealt with.

    Holds one entry for each file that is there now, so that it does not grow with time.
    """

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._done: dict[str, Stamp] = {}
        self.pending = 0
        self.incomplete: list[str] = []

    def ready(self, files: Sequence[Found], now: float) -> list[Found]:
        """The files that are complete and were not dealt with in this state; `now` is a clock that never jumps."""
        states = {file.path: state for file in files if (state := stamp(Path(file.path))) is not None}
        self._done = {path: state for path, state in self._done.items() if states.get(path) == state}
        since = {path: self._since(path, state, now) for path, state in states.items()}
        self._seen = {path: (state, since[path]) for path, state in states.items()}
        open_ones = [file for file in files if file.path in states and file.path not in self._done]
        found = [file for file in open_ones if now - since[file.path] >= self._settle and _is_complete(file)]
        self.pending = sum(now - since[file.path] < self._settle for file in open_ones)
        self.incomplete = [file.path for file in open_ones if file not in found]
        return found

    def _since(self, path: str, state: Stamp, now: float) -> float:
        before = self._seen.get(path)
        return before[1] if before is not None and before[0] == state else now

    def finished(self, path: str) -> None:
        """Leave a file alone until it changes."""
        state = self._seen.get(path)
        if state is not None:
            self._done[path] = state[0]


def _is_complete(file: Found) -> bool:
    """Whether nobody has a file open, and its end is there where its format has one that can be told."""
    path = Path(file.path)
    try:
        refuse_open(path)
        if file.suffix in (".xlsx", ".xlsm", ".xlsb", ".ods"):
            return zipfile.is_zipfile(path) or _is_encrypted(path)
        if file.suffix == ".parquet":
            with path.open("rb") as opened:
                opened.seek(-4, 2)
                return opened.read() == b"PAR1"
    except (OSError, OpenElsewhere):
        return False
    return path.stat().st_size > 0


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\xd0\xcf\x11\xe0"
