"""Files behind fsspec URLs (s3://, abfs://, gs://, ...): fetched, scored like any file, and put back whole."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from hrdd.errors import HrddError
from hrdd_cli.datasets import ExtraMissing
from hrdd_cli.files import Found, NoFiles, is_url, to_score
from hrdd_cli.targets import Job
from hrdd_cli.urls import shown


class NotReached(HrddError):
    """A place behind a URL that cannot be read or written."""


def find_urls(url: str) -> Sequence[Found]:
    """The files that a URL names: itself, those that match its pattern, or those below it."""
    system, path = _system(url)
    try:
        if any(sign in path for sign in "*?["):
            found = [
                Found(system.unstrip_protocol(name), PurePosixPath(name).name) for name in sorted(system.glob(path))
            ]
        elif system.isdir(path):
            found = [_below(system, name, path) for name in sorted(system.find(path))]
        else:
            return [Found(url, PurePosixPath(path).name)]
    except Exception as error:  # each file system raises what it likes
        raise NotReached(f"{shown(url)} could not be listed ({type(error).__name__}: {error}).") from error
    found = [file for file in found if to_score(PurePosixPath(file.path).name)]
    if not found:
        raise NoFiles(shown(url), f"{shown(url)} holds no workbook, CSV or Parquet file to score.")
    return found


def _below(system: Any, name: str, folder: str) -> Found:
    return Found(system.unstrip_protocol(name), str(PurePosixPath(name).relative_to(PurePosixPath(folder))))


@contextlib.contextmanager
def at_hand(job: Job) -> Iterator[Job]:
    """The same job on local files, which are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="hrdd-") as folder:
        source, target = job.source, job.target
        if is_url(source):
            source = str(Path(folder) / PurePosixPath(source).name)
            _copy(job.source, source)
        if job.target is not None and is_url(job.target):
            same = job.target == job.source
            target = source if same else str(Path(folder) / "out" / PurePosixPath(job.target).name)
        yield replace(job, source=source, target=target)


def put_back(job: Job, local: Job) -> None:
    """Put the results that were made at hand where they belong."""
    if job.target is not None and local.target is not None and is_url(job.target):
        _copy(local.target, job.target)


def _copy(source: str, target: str) -> None:
    """Copy whole: object stores show a file when it is complete, others get it under another name first."""
    try:
        if is_url(source):
            system, path = _system(source)
            system.get_file(path, target)
            return
        system, path = _system(target)
        system.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
        part = str(PurePosixPath(path).with_name(f".{PurePosixPath(path).name}.part"))
        system.put_file(source, part)
        system.mv(part, path)
    except HrddError:
        raise
    except FileNotFoundError as error:
        raise NotReached(f"There is no file {shown(source)}.") from error
    except Exception as error:  # each file system raises what it likes
        raise NotReached(
            f"{shown(source)} could not be copied to {shown(target)} ({type(error).__name__}: {error})."
        ) from error


def _system(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ModuleNotFoundError as error:
        raise ExtraMissing('URLs need fsspec and the library of their scheme: pip install "hrdd[urls]".') from error
    try:
        system, path = fsspec.core.url_to_fs(url)
    except Exception as error:  # each file system raises what it likes, and some go there at once
        raise NotReached(f"{shown(url)} cannot be opened ({type(error).__name__}: {error}).") from error
    return system, path
