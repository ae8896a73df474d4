"""Replacing a file whole or not at all, and never while somebody has it open."""

from __future__ import annotations

import contextlib
import os
import platform
import stat
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from hrdd.errors import why_not
from hrdd_workbook.errors import CannotWriteHere, ChangedMeanwhile, NotAWorkbook, OpenElsewhere

_OURS = ".hrdd-"


class Stamp(NamedTuple):
    """What tells two states of a file apart without reading it: its number on the disk, size and time of change."""

    number: int
    size: int
    changed: int


def stamp(path: Path) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Place:
    """The file to read and the file to replace, symbolic links followed; `read` is the state that was read.

    `content` is a copy of the source to take the content from in its place.
    """

    source: Path
    target: Path
    read: Stamp | None = None
    content: Path | None = None

    def refuse_changed(self) -> None:
        """Refuse to write results beside cells that they were not made from."""
        if self.read is not None and stamp(self.source) != self.read:
            raise ChangedMeanwhile(f"{self.source.name} was changed while it was scored; run again.")


def places(path: str | os.PathLike[str], out: str | os.PathLike[str] | None, read: Stamp | None = None) -> Place:
    """Follow links, and refuse what cannot be read or replaced, with a sentence."""
    source = _real(Path(path))
    if not source.exists():
        raise NotAWorkbook(f"There is no file {path}; give the path of a workbook.")
    if not source.is_file():
        raise NotAWorkbook(f"{path} is not a file; give the path of a workbook.")
    return Place(source, writable(source if out is None else out), read)


def writable(out: str | os.PathLike[str]) -> Path:
    """The file to write behind a path, links followed; refused with a sentence where it cannot be replaced."""
    target = _real(Path(out))
    if target.exists() and not target.is_file():
        raise CannotWriteHere(f"{out} is not a file; give a file name for the result.")
    if not target.parent.is_dir():
        raise CannotWriteHere(f"There is no folder {target.parent} to write {target.name} into.")
    if target.exists() and not os.access(target, os.W_OK):
        raise CannotWriteHere(f"{target.name} is read-only; make it writable or give another output file.")
    refuse_open(target)
    return target


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


@contextlib.contextmanager
def readable(source: str | os.PathLike[str]) -> Iterator[None]:
    """Say in a sentence that a file could not be read; what could not be written has its own."""
    try:
        yield
    except OSError as error:
        raise NotAWorkbook(f"{Path(source).name} could not be read: {why_not(error)}; it is as it was.") from error


@dataclass(frozen=True)
class Temporary:
    """A file beside the target, under a name of its own, until it is committed."""

    file: IO[bytes]
    path: Path
    target: Path

    def commit(self, like: Path | None = None, where: Place | None = None) -> None:
        """Make this the target: on disk before its name changes, with the mode and the owner that the target had.

        A new file has the mode of `like`, or that of any new file. The source of `where` must still be as it was read,
        which is looked at last, since syncing takes its time.
        """
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        if self.target.exists():
            self._take_after(self.target)
        else:
            self.path.chmod(_new_mode() if like is None else stat.S_IMODE(like.stat().st_mode))
        refuse_open(self.target)
        if where is not None:
            where.refuse_changed()
        try:
            self.path.replace(self.target)
        except PermissionError as error:
            raise OpenElsewhere(
                f"{self.target.name} is in use by another program; close it there and run again."
            ) from error
        _sync_folder(self.target.parent)

    def _take_after(self, model: Path) -> None:
        found = model.stat()
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):  # only root may give a file away; a group one may be in
                os.chown(self.path, found.st_uid, found.st_gid)
        self.path.chmod(stat.S_IMODE(found.st_mode))


@contextlib.contextmanager
def temporary(target: Path) -> Iterator[Temporary]:
    """A new file beside the target; it is gone on the way out unless it was committed."""
    try:
        number, name = tempfile.mkstemp(
            prefix=_prefix(target.name[:80], str(os.getpid())), suffix=".tmp", dir=target.parent
        )
    except OSError as error:
        raise CannotWriteHere(f"The folder {target.parent} cannot be written to: {why_not(error)}.") from error
    path = Path(name)
    try:
        with os.fdopen(number, "w+b", buffering=1 << 20) as file:
            yield Temporary(file, path, target)
    except OSError as error:
        raise CannotWriteHere(f"{target.name} could not be written: {why_not(error)}; it is as it was.") from error
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _prefix(target: str, process: str) -> str:
    """How temporary files begin: the target's name, the machine and the process that writes, so that leftovers show."""
    machine = zlib.crc32(platform.node().encode())
    return f".{target}{_OURS}{machine:08x}-{process}-"


def sweep(folder: Path) -> list[Path]:
    """Delete the temporary files that killed processes of this machine left in a folder; those deleted."""
    left = []
    for path in folder.glob(f"{_prefix('*', '*')}*.tmp"):
        process = path.name.rpartition(_OURS)[2].split("-")[1]
        if process.isdigit() and not _runs(int(process)):
            with contextlib.suppress(OSError):
                path.unlink()
                left.append(path)
    return left


def _runs(process: int) -> bool:
    """Whether a process is alive; where that cannot be asked without ending it (Windows), it is taken to be."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _sync_folder(folder: Path) -> None:
    """Make the new name durable where folders can be synced (not on Windows)."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
