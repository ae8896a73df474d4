"""A program that writes into a workbook again and again; each time another call to the system kills it or fails.

    python crashing.py (kill|fail) FOLDER

FOLDER holds `old.xlsx`. One line of JSON says for every call which it was, whether the workbook was then the old one,
the new one or neither, what was raised, and whether anything was left beside it. The interpreter's own profiler finds
the calls: all functions of the system's module, and all methods of open files.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from hrdd.errors import HrddError
from hrdd_workbook import ExtraSheet, ResultColumn, write_columns

_BARELY = {"tell", "fileno", "isatty", "seekable", "readable", "writable", "fspath", "getpid", "getcwd", "WIFSTOPPED"}
_LOOKING = {"stat", "lstat", "access", "read", "seek", "_path_normpath", "readlink", "readinto"}
_SAMPLE = {"write": 4, "seek": 4}
_EVERY_LOOK = 23


def write(path: Path) -> None:
    """A column and a sheet."""
    column = ResultColumn("rating", "HRDD rating", ["HIGH"] * 6, family="rating")
    write_columns(path, "Orders", 1, [column], range(2, 8), extra_sheets=[ExtraSheet("Asked", [["About"], ["who?"]])])


def call_of(event: str, called: Any) -> str:
    """The name of a call that reaches the system; empty for any other."""
    name, of = getattr(called, "__name__", ""), getattr(called, "__self__", None)
    files = (io.BufferedReader, io.BufferedRandom, io.FileIO)
    reaches = getattr(called, "__module__", "") in ("posix", "nt") or isinstance(of, files)
    if event != "c_call" or not reaches or name in _BARELY or getattr(of, "closed", False):
        return ""
    changes = isinstance(of, io.BufferedRandom) and name != "read"
    if name in ("close", "__exit__") and not changes:  # closing what was only read cannot fail
        return ""
    return name if changes or name not in _LOOKING else f"{name}?"


def watched(path: Path, wanted: int, disturb: Callable[[], None]) -> list[str]:
    """Write, and disturb before the call of this number; the calls that were made."""
    met: list[str] = []

    def look(_frame: FrameType, event: str, called: Any) -> None:
        name = call_of(event, called)
        if name:
            met.append(name)
            if len(met) - 1 == wanted:
                sys.setprofile(None)
                disturb()

    sys.setprofile(look)
    try:
        write(path)
    finally:
        sys.setprofile(None)
    return met


def killed(path: Path, wanted: int) -> str:
    """Write in a process that kills itself before this call; nothing was raised."""
    process = os.fork()
    if not process:
        watched(path, wanted, lambda: os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
    return "" if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL else "was not killed"


def failed(path: Path, wanted: int) -> str:
    """Write while this call fails; the name of what was raised and its words."""

    def fail() -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    try:
        watched(path, wanted, fail)
    except Exception as error:  # noqa: BLE001  # whatever it is, the test judges it
        return f"{'' if isinstance(error, HrddError) else type(error).__name__}: {error}"
    return ""


def chosen(calls: list[str], how: str) -> list[int]:
    """Every call that changes something, of long runs of writes some; where calls fail, some that only look too."""
    changing = [at for at, name in enumerate(calls) if not name.endswith("?")]
    found = {at for number, at in enumerate(changing) if number % _SAMPLE.get(calls[at], 1) == 0}
    looks = {at for at, name in enumerate(calls) if name.endswith("?") and at % _EVERY_LOOK == 0}
    return sorted(found | (looks if how == "fail" else set()))


def main(how: str, folder: Path) -> None:
    """Disturb one call after another, and say what came of it."""
    old, path = (folder / "old.xlsx").read_bytes(), folder / "place" / "book.xlsx"
    path.parent.mkdir()
    path.write_bytes(old)
    write(path)  # what is imported late is there from now on
    path.write_bytes(old)
    calls = watched(path, -1, lambda: None)
    new = path.read_bytes()
    for at in chosen(calls, how):
        path.write_bytes(old)
        raised = (killed if how == "kill" else failed)(path, at)
        now = {old: "old", new: "new"}.get(path.read_bytes(), "neither")
        left = [other for other in path.parent.iterdir() if other != path]
        print(json.dumps({"call": calls[at], "at": at, "is": now, "raised": raised, "left": len(left)}))
        for other in left:
            with contextlib.suppress(OSError):
                other.unlink()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
