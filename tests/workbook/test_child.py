"""The process that opens workbooks: one serves many files, and none that went wrong serves another."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hrdd_workbook import child, read_transactions, reading_child
from hrdd_workbook.errors import WorkbookError


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process waits before or after a test."""
    monkeypatch.setattr(child, "_idle", [])
    yield
    child.end_idle()


@pytest.fixture
def path(build: Callable[[str], Path]) -> Path:
    """A small workbook."""
    return build("openpyxl-plain.xlsx")


def test_one_process_reads_one_small_workbook_after_another(path: Path) -> None:
    """And lets go of each, so that it may be replaced, also where open files may not be."""
    first = read_transactions(path)
    (process,) = child._idle
    other = Path(shutil.copy(path, path.with_name("other.xlsx")))
    assert read_transactions(other).frame.equals(first.frame)
    assert child._idle == [process]
    if sys.platform == "linux":
        assert not _held_after(1.0, Path(f"/proc/{process.pid}/fd"))


def _held_after(seconds: float, handles: Path) -> list[Path]:
    """The workbooks that a process still holds open; it may close one just after it has answered."""
    end = time.monotonic() + seconds
    while held := [link for link in handles.iterdir() if str(link.readlink()).endswith(".xlsx")]:
        if time.monotonic() > end:
            break
        time.sleep(0.02)
    return held


def test_a_process_that_met_a_bad_file_is_not_asked_again(path: Path) -> None:
    """Whatever that file did to it."""
    broken = path.with_name("broken.xlsx")
    data = path.read_bytes()
    broken.write_bytes(data[: len(data) // 2] + bytes(200) + data[len(data) // 2 + 200 :])
    read_transactions(path)
    with pytest.raises(WorkbookError):
        read_transactions(broken)
    assert child._idle == []
    assert len(read_transactions(path).frame) == 9


def test_a_waiting_process_that_was_killed_is_replaced(path: Path) -> None:
    """The next file is read by a new one."""
    read_transactions(path)
    (process,) = child._idle
    process.kill()
    process.wait()
    assert len(read_transactions(path).frame) == 9
    assert child._idle[0] is not process


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_process_starts_its_own(path: Path) -> None:
    """Two processes that ask one child would read each other's answers."""
    read_transactions(path)
    pid = os.fork()
    if not pid:
        os._exit(0 if child._idle == [] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(child._idle) == 1


def test_only_the_best_sheet_is_kept_while_others_are_looked_at(build: Callable[[str], Path]) -> None:
    """The rows of a large sheet are not read twice, and those of all others are let go of."""
    reader = reading_child.Reader(str(build("openpyxl-many-sheets.xlsx")))
    names = [name for name, _, _ in reader.sheets()]
    for index in range(len(names)):
        reader.head(index, 5)
    first = reader.columns(0, 0, 5, [0])
    for index in range(1, len(names)):
        reader.forget(index)
    assert list(reader._rows) == [0]
    reader.forget(0)
    assert reader.columns(0, 0, 5, [0]) == first
