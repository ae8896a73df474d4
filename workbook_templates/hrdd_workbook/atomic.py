"""Replacing a file whole or not at all, and never while somebody has it open."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hrdd_workbook.errors import CannotWriteHere, NotAWorkbook, OpenElsewhere


@dataclass(frozen=True)
class Place:
    """The file to read and the file to replace, symbolic links followed."""

    source: Path
    target: Path


def places(path: str | os.PathLike[str], out: str | os.PathLike[str] | None) -> Place:
    """Follow links, and refuse what cannot be read or replaced, with a sentence."""
    source = _real(Path(path))
    if not source.exists():
        raise NotAWorkbook(f"There is no file {path}.")
    if not source.is_file():
        raise NotAWorkbook(f"{path} is not a file; give the path of a workbook.")
    target = source if out is None else _real(Path(out))
    if target.exists() and not target.is_file():
        raise CannotWriteHere(f"{out} is not a file; give a file name for the result.")
    if not target.parent.is_dir():
        raise CannotWriteHere(f"There is no folder {target.parent} to write {target.name} into.")
    if target.exists() and not os.access(target, os.W_OK):
        raise CannotWriteHere(f"{target.name} is read-only; make it writable or give another output file.")
    refuse_open(target)
    return Place(source, target)


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise CannotWriteHere(f"{path} is a link that leads in a circle.") from error


def refuse_open(target: Path) -> None:
    """Respect the owner files that Excel (~$name) and LibreOffice (.~lock.name#) leave while a file is open."""
    for name, program in ((f"~${target.name}", "Excel"), (f".~lock.{target.name}#", "LibreOffice")):
        if (target.parent / name).exists():
            raise OpenElsewhere(
                f"{target.name} is open in {program}; close it there and run again "
                f"(or delete {name} beside it if a crash left that behind)."
            )


@dataclass(frozen=True)
class Temporary:
    """A file beside the target, under a name of its own, until it is committed."""

    file: IO[bytes]
    path: Path
    target: Path

    def commit(self, like: Path) -> None:
        """Make this the target: on disk before its name changes, with the mode that the target had."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        model = self.target if self.target.exists() else like
        self.path.chmod(stat.S_IMODE(model.stat().st_mode))
        refuse_open(self.target)
        try:
            self.path.replace(self.target)
        except PermissionError as error:
            raise OpenElsewhere(
                f"{self.target.name} is in use by another program; close it there and run again."
            ) from error
        _sync_folder(self.target.parent)


@contextlib.contextmanager
def temporary(target: Path) -> Iterator[Temporary]:
    """A new file beside the target; it is gone on the way out unless it was committed."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise CannotWriteHere(f"The folder {target.parent} cannot be written ({error.strerror}).") from error
    path = Path(name)
    try:
        with os.fdopen(number, "w+b", buffering=1 << 20) as file:
            yield Temporary(file, path, target)
    except OSError as error:
        raise CannotWriteHere(
            f"{target.name} could not be written ({error.strerror or error}); it is as it was."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable where folders can be synced (not on Windows)."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
