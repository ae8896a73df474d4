"""Worker processes, each with one group of files at a time, so that a process that dies names its files.

Workers are forked from a parent that has loaded everything, and share it, where that is possible: on Linux, while the
parent has one thread. Elsewhere they start anew and load once. They talk over pipes; no socket is opened.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from hrdd_cli.books import How
from hrdd_cli.outcome import Done, Failure
from hrdd_cli.targets import Job

_TRIES = 3
_LOOK = 0.5
#: Work that is worth starting a process for, and what a file takes of its memory (a workbook unpacks tenfold).
_FILES_WORTH_A_START, _BYTES_WORTH_A_START = 20, 2 << 20
_BASE_MEMORY, _MEMORY_PER_BYTE = 400 << 20, 40
Group = Sequence[Job]


def score_groups(groups: Iterable[Group], how: How, workers: int) -> Generator[tuple[Job, Done]]:
    """Score groups of files on worker processes; each file's answer as it comes.

    A worker that dies (killed, out of memory, crashed in a library) is replaced, and its files are tried again one by
    one; the file that a third worker dies of is given up.
    """
    queue = _Queue(deque(groups))
    team = [_Worker(how) for _ in range(workers)]
    try:
        for worker in team:
            worker.take(queue)
        while busy := {worker.inbox: worker for worker in team if worker.left}:
            for inbox in wait(list(busy)):
                worker = busy[inbox]
                answer = worker.answer()
                if answer is not None:
                    yield answer
                    if not worker.left:
                        worker.take(queue)
                    continue
                yield from _given_up(queue.give_back(worker.left))
                team[team.index(worker)] = fresh = _Worker(how)
                fresh.take(queue)
                for idle in team:
                    if not idle.left:
                        idle.take(queue)
    finally:
        for worker in team:
            worker.end()


def _given_up(jobs: Sequence[Job]) -> Iterator[tuple[Job, Done]]:
    for job in jobs:
        yield (
            job,
            Failure(
                job.source,
                f"{job.source}: the process that scored it ended {_TRIES} times without a word, as it does when memory "
                "runs out; run with fewer --workers, or split the file.",
            ),
        )


@dataclass
class _Queue:
    """Groups to do, and how often a file was with a worker that died."""

    groups: deque[Group]
    deaths: dict[Job, int] = field(default_factory=dict)

    def give_back(self, left: dict[str, Job]) -> list[Job]:
        """Put the files of a dead worker back, each by itself; those that are given up."""
        lost = []
        for job in left.values():
            self.deaths[job] = self.deaths.get(job, 0) + 1
            if self.deaths[job] >= _TRIES:
                lost.append(job)
            else:
                self.groups.appendleft((job,))
        return lost


class _Worker:
    """One process, the pipes to and from it, and the files that it has not answered for."""

    def __init__(self, how: How) -> None:
        context: Any = multiprocessing.get_context(_way())
        theirs, self._outbox = context.Pipe(duplex=False)
        self.inbox, answers = context.Pipe(duplex=False)
        others = [self._outbox, self.inbox] if context.get_start_method() == "fork" else []
        self._process = context.Process(target=_serve, args=(theirs, answers, how, others), daemon=True)
        self._process.start()
        theirs.close()
        answers.close()
        self.left: dict[str, Job] = {}

    def take(self, queue: _Queue) -> None:
        """Begin the next group, if there is one."""
        if queue.groups:
            group = queue.groups.popleft()
            self.left = {job.source: job for job in group}
            try:
                self._outbox.send(tuple(group))
            except OSError:
                return  # it died; waiting for its answer tells

    def answer(self) -> tuple[Job, Done] | None:
        """The next answer; None when the process has died."""
        try:
            done: Done = self.inbox.recv()
        except (EOFError, OSError):
            self._process.join()
            return None
        return self.left.pop(done.file), done

    def end(self) -> None:
        """Let the process go: by an empty group, since siblings may hold the other end of its pipe open as well."""
        if not self.left:
            with contextlib.suppress(OSError):
                self._outbox.send(())
        self._outbox.close()
        self._process.join(timeout=5 if not self.left else 0)
        if self._process.is_alive():
            self._process.kill()  # it may have inherited from its parent that it does not end at a word
            self._process.join()
        self.inbox.close()


def _way() -> str:
    alone = threading.active_count() == 1
    return "fork" if sys.platform == "linux" and alone else "spawn"


def _serve(inbox: Connection, outbox: Connection, how: How, others: Sequence[Connection]) -> None:
    """Score what comes in until nothing is sent, or the parent is gone."""
    for other in others:
        other.close()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    from hrdd_cli.work import score_files

    try:
        while group := inbox.recv():
            for done in score_files(group, how):
                outbox.send(done)
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def _end_with_parent(parent: int) -> None:
    """End at once when the parent was killed: it closes no pipe that a sibling has inherited."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def preload() -> None:
    """Load what every worker needs, once, so that forked workers share it."""
    import pandas as pd

    from hrdd.engine import score
    from hrdd_cli import work  # noqa: F401  # loaded for the workers

    score(pd.DataFrame({"product": ["IP camera"]}), today=date(2026, 1, 1))
    gc.collect()
    gc.freeze()


def default_workers(sizes: Sequence[int]) -> int:
    """As many processes as there are cores, as files of these sizes (in bytes) keep busy, and as memory allows."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    worthwhile = min(len(sizes), len(sizes) // _FILES_WORTH_A_START + sum(sizes) // _BYTES_WORTH_A_START + 1)
    each = _BASE_MEMORY + _MEMORY_PER_BYTE * max(sizes, default=0)
    return max(1, min(cores, worthwhile, _free_memory() // each))


def _free_memory() -> int:
    """Bytes that can be had without swapping; a wide guess where the system does not say."""
    try:
        told = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
        return int(told["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return 8 << 30
