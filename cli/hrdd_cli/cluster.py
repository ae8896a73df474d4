"""The same run on a Dask cluster: each file is a task; the extra `cluster` brings the library.

Tasks do exactly what a worker process of one machine does, so results are the same bytes. The paths of files and
results must mean the same on every machine of the cluster, or be URLs. A worker that dies has its files done by others.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hrdd.errors import HrddError
from hrdd_cli.batch import Runner
from hrdd_cli.books import How
from hrdd_cli.datasets import ExtraMissing
from hrdd_cli.files import is_url
from hrdd_cli.journal import decided
from hrdd_cli.outcome import Done, Failure, renamed
from hrdd_cli.targets import Job

_RETRIES = 2
#: Seconds to wait for a scheduler.
PATIENCE = 30


class NoCluster(HrddError):
    """A cluster that cannot be reached, or whose workers would decide otherwise."""


@contextlib.contextmanager
def on_cluster(address: str, how: How, workers: int | None) -> Iterator[Runner]:
    """A runner on the cluster of a scheduler (tcp://host:8786), or on one of this machine's own ("local")."""
    with _client(address, workers) as client:
        _check_versions(client)
        yield lambda groups: _score(client, groups, how)


def _score(client: Any, groups: Iterable[Sequence[Job]], how: How) -> Generator[tuple[Job, Done]]:
    as_completed: Any = importlib.import_module("distributed").as_completed
    todo = {client.submit(score_group, _absolute(group), how, pure=False, retries=_RETRIES): group for group in groups}
    waiting = as_completed(todo, raise_errors=False)
    for future in waiting:
        group = todo.pop(future)
        if future.status == "finished":
            answers = zip(group, future.result(), strict=True)
            yield from ((job, renamed(done, job)) for job, done in answers)
        else:
            for job in group:
                yield job, Failure(job.source, f"{job.source}: the cluster gave it up ({future.exception()!r}).")
        future.release()


def score_group(jobs: Sequence[Job], how: How) -> list[Done]:
    """The task: score some files; their answers in the order of the files."""
    from hrdd_cli.work import score_files

    done = {answer.file: answer for answer in score_files(jobs, how)}
    return [done[job.source] for job in jobs]


def _absolute(group: Sequence[Job]) -> list[Job]:
    """The jobs with paths that do not depend on where a worker was started."""

    def there(path: str) -> str:
        return path if is_url(path) else str(Path(path).absolute())

    return [Job(there(job.source), job.kind, None if job.target is None else there(job.target)) for job in group]


def _check_versions(client: Any) -> None:
    """Load rules and data once on each worker, and refuse one that has others than this machine."""
    ours, theirs = decided(), client.run(decided)
    other = sorted(address for address, found in theirs.items() if found != ours)
    if other:
        raise NoCluster(f"The workers {', '.join(other[:5])} have another version of hrdd, its rules or its data.")


@contextlib.contextmanager
def _client(address: str, workers: int | None) -> Iterator[Any]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ModuleNotFoundError as error:
        raise ExtraMissing('A cluster needs Dask: pip install "hrdd[cluster]".') from error
    with contextlib.ExitStack() as stack:
        if address == "local":
            stack.enter_context(_plain_workers())
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
            )
            address = stack.enter_context(cluster)
        try:
            client = distributed.Client(address, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            raise NoCluster(f"The scheduler {address} cannot be reached ({error}).") from error
        yield stack.enter_context(client)


def _plain_workers() -> contextlib.AbstractContextManager[Any]:
    """Workers that get on with their one long task, as any other process of this machine.

    By default Dask's give back every 64 KiB to the system at once, sample what they do a hundred times a second and
    look at their event loop fifty times a second, which takes a third of the time of tasks that make large arrays.
    Source: https://distributed.dask.org/en/stable/worker-memory.html#automatically-trim-memory
    """
    dask: Any = importlib.import_module("dask")
    before_spawn = "distributed.nanny.pre-spawn-environ"
    environ = {key: value for key, value in dask.config.get(before_spawn).items() if key != "MALLOC_TRIM_THRESHOLD_"}
    calm: contextlib.AbstractContextManager[Any] = dask.config.set(
        {
            before_spawn: environ,
            "distributed.worker.profile.enabled": False,
            "distributed.admin.tick.interval": "1s",
            "distributed.admin.system-monitor.interval": "2s",
        }
    )
    return calm
