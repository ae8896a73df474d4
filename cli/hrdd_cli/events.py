"""What a run tells while it runs: a progress bar on a terminal, one JSON line per file anywhere else."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from hrdd.errors import HrddError, why_not
from hrdd_cli.outcome import Done, Failure
from hrdd_cli.streams import hush, is_unicode


class NoLog(HrddError):
    """A log file that cannot be written."""


class Events:
    """Takes the answers of a run as they come. The bar draws itself only when told, so that no thread is needed."""

    def __init__(self, streams: list[IO[str]], bar: Any, total: int) -> None:
        self._streams, self._bar = streams, bar
        self._task = bar.add_task("Scoring", total=total) if bar is not None else None

    def done(self, done: Done) -> None:
        """One file is through."""
        self._line("failed", done.as_data()) if isinstance(done, Failure) else self._line("scored", _event(done))
        self._advance(Path(done.file).name)

    def kept(self, file: str) -> None:
        """One file was finished before and has not changed."""
        self._line("unchanged", {"file": file})
        self._advance(Path(file).name)

    def say(self, event: str, **fields: Any) -> None:
        """Anything else worth a line."""
        self._line(event, fields)

    def _advance(self, name: str) -> None:
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=name[-40:])
            self._bar.refresh()

    def _line(self, event: str, fields: dict[str, Any]) -> None:
        told = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **fields}
        for stream in list(self._streams):
            try:
                stream.write(json.dumps(told, ensure_ascii=not is_unicode(stream)) + "\n")
                stream.flush()
            except OSError as error:  # a full disk, a pipe that nobody reads: no reason to leave files unscored
                self._lose(stream, error)

    def _lose(self, stream: IO[str], error: OSError) -> None:
        """Go on without a stream that takes no more."""
        self._streams.remove(stream)
        hush(stream)
        if stream is not sys.stderr:
            self.warn(f"The log {stream.name} is not continued: {why_not(error)}.")

    def warn(self, sentence: str) -> None:
        """Say what ails the run itself, whoever listens."""
        self._line("warning", {"reason": sentence})
        if not self._streams:
            click.echo(f"hrdd: {sentence}", err=True)


def _event(done: Any) -> dict[str, Any]:
    """One file in a line: counts, not sentences."""
    return {
        "file": done.file,
        "written": done.written,
        "changed": done.changed,
        "rows": done.rows,
        "seconds": round(done.seconds, 3),
        "ratings": done.ratings,
        "dispositions": done.dispositions,
        "problems": len(done.problems),
        "problem_rows": done.problem_rows,
        "versions": done.versions,
    }


@contextlib.contextmanager
def tell(total: int, *, quiet: bool, log: Path | None) -> Iterator[Events]:
    """Where the events of a run of so many files go: the log; else standard error, where there are several files."""
    with contextlib.ExitStack() as stack:
        streams: list[IO[str]] = []
        if log is not None:
            streams.append(stack.enter_context(_opened(log)))
        elif logs_to_stderr(total, quiet=quiet, log=log):
            streams.append(sys.stderr)
        bar = stack.enter_context(_bar()) if sys.stderr.isatty() and not quiet and total > 1 else None
        yield Events(streams, bar, total)


@contextlib.contextmanager
def tell_lines(*, quiet: bool, log: Path | None) -> Iterator[Events]:
    """Events as JSON lines, for a run that has no end: into the log, else on standard error."""
    with contextlib.ExitStack() as stack:
        stream = [stack.enter_context(_opened(log))] if log is not None else [] if quiet else [sys.stderr]
        yield Events(stream, None, 0)


def logs_to_stderr(total: int, *, quiet: bool, log: Path | None) -> bool:
    """Whether standard error is a stream of JSON lines, and so no place for sentences."""
    return total > 1 and log is None and not quiet and not sys.stderr.isatty()


def _opened(log: Path) -> IO[str]:
    try:
        return log.open("a", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise NoLog(f"The log {log} cannot be written: {why_not(error)}; name another with --log.") from error


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Files a second; nothing until there are two to tell it from."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:.1f}/s")

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    return Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
