"""Talking to the reading child: limits, a deadline, and a sentence for every way in which it can end."""

from __future__ import annotations

import atexit
import datetime as dt
import importlib.util
import json
import marshal
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from hrdd_workbook.errors import HostileFile, NotAWorkbook, ProtectedByPassword, Unreadable

_PROGRAM = Path(__file__).with_name("reading_child.py")
_BASE_MB = 420
_MB_PER_MB = 6
_BASE_SECONDS = 4.0
_SECONDS_PER_MB = 0.3
Objects = np.ndarray[Any, np.dtype[np.object_]]


#: A process that has read a small workbook well and waits for the next; starting one takes as long as reading a few.
_idle: list[subprocess.Popen[bytes]] = []
_SMALL_MB = 16


def _started() -> subprocess.Popen[bytes]:
    spec = importlib.util.find_spec("python_calamine")
    home = Path(spec.origin).parent.parent if spec and spec.origin else Path()
    command = [sys.executable, "-I", "-X", "utf8", str(_PROGRAM), str(home)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def _forget() -> None:
    """After a fork: the process that waits is the parent's, and is not to be asked from two sides."""
    for process in _idle:
        process.returncode = 0
    _idle.clear()


def end_idle() -> None:
    """End the process that waits, where one does."""
    while _idle:
        _ended(_idle.pop())


def _ready() -> subprocess.Popen[bytes]:
    """A process that waits for a workbook."""
    while _idle:
        process = _idle.pop()
        if process.poll() is None:
            return process
        _ended(process)
    return _started()


atexit.register(end_idle)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class Child:
    """A child process with one workbook open. Use as a context manager."""

    def __init__(self, path: Path, name: str, megabytes: float) -> None:
        self.name = name
        self.limit = int(_BASE_MB + _MB_PER_MB * megabytes)
        self.seconds = _BASE_SECONDS + _SECONDS_PER_MB * megabytes
        self._small, self._unanswered = megabytes <= _SMALL_MB, 0
        self._process = _ready()
        self._late = False
        self._timer = threading.Timer(self.seconds, self._stop)
        self._timer.daemon = True
        self._timer.start()
        self._tell("open", path=str(path.absolute()), megabytes=self.limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if kind is None and self._small and not (self._unanswered or self._late or _idle):
            self._tell("close")
            _idle.append(self._process)
        else:
            _ended(self._process)

    def _stop(self) -> None:
        self._late = True
        self._process.kill()

    def ask(self, what: str, **arguments: Any) -> Any:
        """Send one request and wait for its answer."""
        self.send(what, **arguments)
        return self.receive()

    def send(self, what: str, **arguments: Any) -> None:
        """Send one request; `receive` fetches its answer."""
        self._unanswered += 1
        self._tell(what, **arguments)

    def forget(self, sheet: int) -> None:
        """Nothing more will be asked of this sheet, so that its rows need not be kept."""
        self._tell("forget", index=sheet)

    def _tell(self, what: str, **arguments: Any) -> None:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101  # opened above
        try:
            pipe.write(json.dumps({"what": what, **arguments}).encode() + b"\n")
            pipe.flush()
        except OSError:
            raise self._how_it_ended() from None

    def receive(self) -> Any:
        """The answer to the oldest request."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101  # opened above
        size = pipe.read(8)
        data = pipe.read(int.from_bytes(size, "little")) if len(size) == 8 else b""
        if len(size) < 8 or len(data) < int.from_bytes(size, "little"):
            raise self._how_it_ended()
        kind, value = marshal.loads(data)  # noqa: S302  # from our own child
        if kind == "error":
            raise self._told(value)
        self._unanswered -= 1
        return value

    def _how_it_ended(self) -> Exception:
        self._process.wait()
        if self._late:
            return HostileFile(
                f"{self.name} was not read within {self.seconds:.0f} seconds, far longer than its size "
                "explains; save it anew from Excel and retry."
            )
        return HostileFile(
            f"{self.name} needs more than {self.limit} MB to be read, far more than its size explains: "
            "a cell may stand alone far outside the data; delete such rows and columns and retry."
        )

    def _told(self, text: str) -> Exception:
        if "Password" in text:
            return ProtectedByPassword(f"{self.name} is protected by a password; give it to read the file.")
        if "Memory" in text:
            return self._ended_early()
        if "Zip" in text or "CalamineError" in text or "Xml" in text:
            return NotAWorkbook(
                f"{self.name} could not be read as a workbook ({_short(text)}); save it anew from Excel and retry."
            )
        return Unreadable(f"{self.name} could not be read ({_short(text)}); save it anew from Excel and retry.")

    def _ended_early(self) -> Exception:
        self._process.kill()
        return self._how_it_ended()


def _short(text: str) -> str:
    return text.partition(": ")[2].strip().splitlines()[0][:160] if ": " in text else text[:160]


def unpacked(value: Any) -> Any:
    """A cell's value from what marshal carried; an empty text is a blank cell."""
    if value == "":
        return None
    if type(value) is not tuple:
        return value
    kind, held = value
    if kind == "datetime":
        return dt.datetime.fromisoformat(held)
    if kind == "date":
        return dt.date.fromordinal(held)
    return dt.time.fromisoformat(held) if kind == "time" else dt.timedelta(seconds=held)


def decoded(column: tuple[list[Any], bytes]) -> Objects:
    """One column as an object array, equal values sharing one object."""
    distinct = np.empty(len(column[0]), dtype=object)
    distinct[:] = [unpacked(value) for value in column[0]]
    codes = np.frombuffer(column[1], dtype=np.int32)
    return distinct[codes] if len(distinct) else np.empty(0, dtype=object)
