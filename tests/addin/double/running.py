"""An Excel that is none, already running where a Python starts: for the process that a button of the add-in starts.

Imported by the start-up file of an environment made for a test. The workbooks that `HRDD_TEST_OPEN` names are open;
at the end they are saved where they lie, as a user would, and what message boxes said goes into a file beside.
"""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path

import engine


def _end(session: engine.Session, told: Path) -> None:
    for book in session.books:
        book.save()
    state = "" if session.is_as_before else f"\nleft as {session.state}"
    told.write_text("\n".join(session.alerts) + state + "\n".join(["", *sys.path]), encoding="utf-8")


if "HRDD_TEST_OPEN" in os.environ:
    _running = engine.install().start()
    for _path in os.environ["HRDD_TEST_OPEN"].split("|"):
        _running.open(_path)
    atexit.register(_end, _running, Path(os.environ["HRDD_TEST_TOLD"]))
