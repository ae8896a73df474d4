"""What was finished, so that a run that was killed goes on where it was, and a folder is watched across restarts.

A small SQLite file: per source and target the fingerprints of what was read and written and of everything that
decided. A file is finished while all three still hold; the clock plays no part.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click

from hrdd.errors import HrddError, why_not
from hrdd_cli.books import How
from hrdd_cli.files import is_url
from hrdd_cli.fingerprints import of_file, of_text
from hrdd_cli.outcome import Outcome
from hrdd_cli.targets import Job

_TABLE = """
create table if not exists finished (
    source blob not null, target blob not null, decided text not null, read text not null, written text not null,
    primary key (source, target)
) without rowid
"""
_PUT = "insert or replace into finished values (?, ?, ?, ?, ?)"
_GET = "select read, written from finished where source = ? and target = ? and decided = ?"


class NoJournal(HrddError):
    """A journal that cannot be kept where it was asked for."""


def default_journal() -> Path:
    """Where the journal is kept unless said otherwise: among the user's own files."""
    return Path(click.get_app_dir("hrdd")) / "journal.sqlite3"


class Journal:
    """An open journal. `decided` is the fingerprint of versions and settings under which files are scored."""

    def __init__(self, connection: sqlite3.Connection, path: Path, how: How) -> None:
        self._connection, self._path, self._decided = connection, path, decided(how)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def is_finished(self, job: Job) -> bool:
        """Whether the file was scored into this target under these versions, and neither has changed since."""
        if job.target is None or is_url(job.source) or is_url(job.target):
            return False
        with _told(self._path):
            row = self._connection.execute(_GET, (*_key(job), self._decided)).fetchone()
        with contextlib.suppress(OSError):
            return row is not None and row == (of_file(Path(job.source)), of_file(Path(job.target)))
        return False

    def note(self, job: Job, outcome: Outcome) -> None:
        """Write down that a file is finished."""
        if job.target is None or is_url(job.source) or is_url(job.target):
            return
        source, target = _key(job)
        read = outcome.written_print if source == target else outcome.read_print
        with _told(self._path), self._connection:
            self._connection.execute(_PUT, (source, target, self._decided, read, outcome.written_print))


def open_journal(path: Path, how: How) -> contextlib.closing[Journal]:
    """Open a journal, made where there is none."""
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute(_TABLE)
    return contextlib.closing(Journal(connection, path, how))


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """A sentence for whatever the disk or the database says."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise NoJournal(f"The journal {path} cannot be kept: {why_not(error)}; name another with --journal.") from error


def decided(how: How | None = None) -> str:
    """The fingerprint of everything that decides results but the rows and the day."""
    from hrdd.method.levels import load_levels
    from hrdd.packs import load_catalogue
    from hrdd.record import versions
    from hrdd.reference import load_reference
    from hrdd.screening import vendor_table

    reference = load_reference()
    found = versions(load_levels(), load_catalogue(), reference, vendor_table(reference)).fingerprint
    return of_text(repr((found, how and (how.sheet, how.rewrite, how.form))))


def _key(job: Job) -> tuple[bytes, bytes]:
    """Source and target as the system calls them, whatever the encoding of the day."""
    return os.fsencode(os.path.realpath(job.source)), os.fsencode(os.path.realpath(str(job.target)))
