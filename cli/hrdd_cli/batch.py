"""A run over any number of files: one path for one file and for ten thousand."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hrdd_cli import exit_codes
from hrdd_cli.books import How
from hrdd_cli.events import Events
from hrdd_cli.files import is_url
from hrdd_cli.journal import Journal, NoJournal
from hrdd_cli.outcome import Done, Failure, Outcome, added, reached
from hrdd_cli.targets import Job
from hrdd_cli.urls import shown

_GROUP_BYTES = 1_500_000
_GROUP_FILES = 24
_PAUSE = 1.0
#: Scores groups of files and gives each file's answer: in this process, on worker processes, or on a cluster.
Runner = Callable[[Iterable[Sequence[Job]]], Generator[tuple[Job, Done]]]


@dataclass
class Run:
    """What a run has come to so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files the run has to do with."""
        return len(self.outcomes) + len(self.failures) + len(self.unchanged)

    def fail(self, failure: Failure, events: Events) -> None:
        """Count a failure, and tell it."""
        self.failures.append(failure)
        events.done(failure)

    def exit_code(self, limit: str | None) -> int:
        """What the run's exit code is; `limit` is what --fail-on names."""
        if self.failures:
            return exit_codes.SOME_FAILED if self.outcomes or self.unchanged else exit_codes.NOTHING_DONE
        return exit_codes.REACHED if limit and self.reached(limit) else exit_codes.DONE

    def reached(self, limit: str) -> int:
        """How many rows are at what --fail-on names, or above it."""
        return sum(reached(limit, outcome.worst, outcome.dispositions) for outcome in self.outcomes)

    def summary(self, limit: str | None = None) -> dict[str, Any]:
        """The run for machines: totals, every file, every failure with its reason."""
        return {
            "exit_code": self.exit_code(limit),
            "rows": sum(outcome.rows for outcome in self.outcomes),
            "ratings": added(outcome.ratings for outcome in self.outcomes),
            "dispositions": added(outcome.dispositions for outcome in self.outcomes),
            "fail_on": limit,
            "reached": self.reached(limit) if limit else None,
            "versions": self.outcomes[0].versions if self.outcomes else None,
            "files": [outcome.as_data() for outcome in sorted(self.outcomes, key=lambda outcome: outcome.file)],
            "failed": [failure.as_data() for failure in sorted(self.failures, key=lambda failure: failure.file)],
            "unchanged": sorted(self.unchanged),
        }


@dataclass(frozen=True)
class Plan:
    """How a run goes about its files."""

    runner: Runner
    workers: int = 1
    wait: float = 0.0
    resume: bool = False


def run_jobs(jobs: Sequence[Job], plan: Plan, events: Events, journal: Journal | None) -> Run:
    """Score all jobs; files that are open elsewhere are tried again until the plan's patience ends."""
    run, left = Run(), list[Job]()
    for job in jobs:
        if plan.resume and journal is not None and journal.is_finished(job):
            run.unchanged.append(job.source)
            events.kept(job.source)
        else:
            left.append(job)
    until = time.monotonic() + plan.wait
    while left:
        left = _one_round(run, left, plan, events, journal, until)
        if left:
            time.sleep(min(_PAUSE, max(0.0, until - time.monotonic())))
    return run


def _one_round(
    run: Run, jobs: Sequence[Job], plan: Plan, events: Events, journal: Journal | None, until: float
) -> list[Job]:  # fmt: skip
    """Score jobs once; those that are in use and may be tried again."""
    in_use = []
    with contextlib.closing(plan.runner(groups(jobs, plan.workers))) as answers:
        for job, answer in answers:
            done = _shown(answer)
            if isinstance(done, Outcome):
                run.outcomes.append(done)
                journal = _noted(journal, job, done, events)
                events.done(done)
            elif done.in_use and time.monotonic() < until:
                in_use.append(job)
            else:
                run.fail(done, events)
    return in_use


def _noted(journal: Journal | None, job: Job, done: Outcome, events: Events) -> Journal | None:
    """Note a file that is finished; the journal to go on with, none where it takes no more."""
    if journal is not None:
        try:
            journal.note(job, done)
        except NoJournal as error:
            events.warn(str(error))
            return None
    return journal


def _shown(done: Done) -> Done:
    """The answer without the secrets that a URL of its file may carry."""
    if isinstance(done, Failure):
        return replace(done, file=shown(done.file), reason=done.reason.replace(done.file, shown(done.file)))
    return replace(done, file=shown(done.file), written=done.written and shown(done.written))


def groups(jobs: Sequence[Job], workers: int) -> Iterator[Sequence[Job]]:
    """Files to be scored in one call: small workbooks together, large ones and tables each by itself.

    Groups are small enough that every worker gets several.
    """
    most = max(1, min(_GROUP_FILES, len(jobs) // (4 * workers)))
    group, held = list[Job](), 0
    for job in jobs:
        size = size_of(job)
        if group and (len(group) >= most or held + size > _GROUP_BYTES or job.kind in ("text", "arrow")):
            yield group
            group, held = [], 0
        group.append(job)
        held += size
    if group:
        yield group


def size_of(job: Job) -> int:
    """The size of a file in bytes; nought where it cannot be told."""
    try:
        return 0 if is_url(job.source) else Path(job.source).stat().st_size
    except OSError:
        return 0


def in_this_process(how: How) -> Runner:
    """A runner without further processes."""
    from hrdd_cli.work import score_files

    def score(groups: Iterable[Sequence[Job]]) -> Generator[tuple[Job, Done]]:
        for group in groups:
            known = {job.source: job for job in group}
            for done in score_files(group, how):
                yield known[done.file], done

    return score


def on_processes(how: How, workers: int) -> Runner:
    """A runner on worker processes of this machine."""
    from hrdd_cli.pool import preload, score_groups

    preload()
    return lambda groups: score_groups(groups, how, workers)


def sweep_targets(jobs: Sequence[Job]) -> None:
    """Delete what killed runs left half written in the folders that results go to."""
    from hrdd_workbook.atomic import sweep

    folders = {Path(job.target).parent for job in jobs if job.target is not None and not is_url(job.target)}
    for folder in sorted(folders):
        if folder.is_dir():
            sweep(folder)
