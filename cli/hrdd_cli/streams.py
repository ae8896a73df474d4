"""Standard input, output and error as programs without hands find them: closed, full, a pipe that nobody reads."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import IO


def prepare() -> None:
    """Open what is closed on nothing, and let no name of a file stop a message, whatever the encoding."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  # for good
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def hush(stream: IO[str]) -> None:
    """Let a stream that takes no more lead nowhere from now on, so that what it holds is no fault at the end either."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a device
        os.dup2(nowhere.fileno(), stream.fileno())


def is_unicode(stream: IO[str]) -> bool:
    """Whether a stream takes any character as it is."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("_", "-").startswith("utf")
