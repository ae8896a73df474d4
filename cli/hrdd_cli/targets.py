"""Where each scored file goes: in place, into a folder, beside its source; and that no two go to one place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from hrdd_cli.files import SCORED, Found, Kind, is_url

#: Suffix by format name, of the formats that results can be written in.
FORMATS = {"xlsx": ".xlsx", "csv": ".csv", "parquet": ".parquet", "feather": ".feather", "jsonl": ".jsonl"}


@dataclass(frozen=True)
class Job:
    """One file to score and where its results go; None where nothing is written."""

    source: str
    kind: Kind
    target: str | None


@dataclass(frozen=True)
class Output:
    """What was asked for: in place, into a folder, or beside the source; in which format (None: as it was read).

    `table` is what the table of a database is called in messages, where the results go into one.
    """

    in_place: bool = False
    folder: str | None = None
    form: str | None = None
    dry_run: bool = False
    table: str | None = None

    def query_job(self, name: str) -> Job:
        """The job for the rows of a query."""
        if self.dry_run or self.table is not None:
            return Job(name, "query", self.table)
        return Job(name, "query", _joined(str(self.folder), f"query{FORMATS[self.form or 'csv']}"))

    def jobs(self, files: Sequence[Found]) -> list[Job]:
        """A job for each file; an older format whose place another file has keeps its suffix in the name."""
        if self.dry_run or self.table is not None:
            return [Job(file.path, file.kind, None if self.dry_run else self.table) for file in files]
        taken = {_real(self._target(file)) for file in files if file.kind != "old"} | {_real(f.path) for f in files}
        jobs = []
        for file in files:
            target = self._target(file)
            if file.kind == "old" and _real(target) in taken:
                target = self._target(replace(file, path=f"{file.path}.xlsx", below=f"{file.below}.xlsx"))
            taken.add(_real(target))
            jobs.append(Job(file.path, file.kind, target))
        return jobs

    def _target(self, file: Found) -> str:
        suffix = self._suffix(file)
        if self.folder is not None:
            return _joined(self.folder, str(PurePosixPath(file.below).with_suffix(suffix or file.suffix)))
        if suffix is None and (self.in_place or PurePosixPath(file.path).stem.endswith(SCORED)):
            return file.path
        path = Path(file.path) if not is_url(file.path) else PurePosixPath(file.path)
        stem = path.stem.removesuffix(SCORED)
        name = f"{stem}{SCORED}{suffix or path.suffix}"
        return f"{file.path.rpartition('/')[0]}/{name}" if is_url(file.path) else str(path.with_name(name))

    def _suffix(self, file: Found) -> str | None:
        """The suffix that the results need, where it is another than the file has."""
        wanted = FORMATS[self.form] if self.form else ".xlsx" if file.kind == "old" else file.suffix
        return None if wanted == file.suffix or (wanted == ".xlsx" and file.kind == "book") else wanted


def _joined(folder: str, below: str) -> str:
    return f"{folder.rstrip('/')}/{below}" if is_url(folder) else str(Path(folder) / below)


def clashes(jobs: Sequence[Job], output: Output) -> list[str]:
    """Sentences on jobs of which one would overwrite what another reads or writes."""
    sources = {_real(job.source): job.source for job in jobs}
    taken: dict[str, str] = {}
    told = []
    for job in jobs:
        if job.target is None or output.table is not None:
            continue
        place = _real(job.target)
        if place in taken:
            told.append(f"{taken[place]} and {job.source} would become one file; use separate folders.")
        elif place in sources and (place != _real(job.source) or output.folder is not None):
            told.append(
                f"The results of {job.source} would replace {sources[place]}; use --in-place, or another folder."
            )
        taken.setdefault(place, job.source)
    return told


def _real(path: str) -> str:
    return path if is_url(path) else os.path.normcase(os.path.realpath(path))
