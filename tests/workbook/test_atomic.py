"""The file is the old one or the new one, whatever happens, and is never taken from under an open program."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hrdd_workbook import ResultColumn, atomic, fill, package, write_columns
from hrdd_workbook.errors import CannotWriteHere, NotAsIntended, NotAWorkbook, OpenElsewhere, WorkbookError

ROWS = list(range(2, 8))
COLUMNS = [ResultColumn("rating", "HRDD rating", ["HIGH"] * 6)]


@pytest.fixture
def path(build: Callable[[str], Path]) -> Path:
    """A small workbook in a folder of its own."""
    return build("table.xlsx")


def write(path: Path, **options: Any) -> Any:
    """Write the one column."""
    return write_columns(path, "Orders", 1, COLUMNS, ROWS, **options)


def only_file(path: Path) -> bool:
    """Whether nothing else lies beside a file: no temporary file was left."""
    return [found.name for found in path.parent.iterdir()] == [path.name]


class _Failing:
    """Raises once a call has been made a number of times, as a full disk or a pulled stick would."""

    def __init__(self, real: Any, after: int, error: OSError) -> None:
        self.real, self.left, self.error = real, after, error

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise self.error
        return self.real(*arguments, **options)


@pytest.mark.parametrize(("step", "after"), [("copy", 0), ("copy", 3), ("put", 0), ("put", 2), ("finish", 0)])
def test_a_write_error_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: int) -> None:
    """At any member, in the directory of the zip, or at once."""
    before = path.read_bytes()
    failing = _Failing(getattr(package.PackageWriter, step), after, OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(
        package.PackageWriter, step, lambda self, *a, **o: failing(self, *a, **o)
    )  # a method, so that it is bound
    with pytest.raises(CannotWriteHere, match="the disk is full"):
        write(path)
    assert path.read_bytes() == before
    assert only_file(path)


@pytest.mark.parametrize("call", ["fsync", "mkstemp", "replace", "chmod"])
def test_a_failing_system_call_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Each call that matters raises once; the sentence says that nothing was changed or why."""
    before = path.read_bytes()
    error = OSError(errno.EIO, "Input/output error")
    home: Any = {"fsync": atomic.os, "mkstemp": atomic.tempfile, "replace": Path, "chmod": Path}[call]
    monkeypatch.setattr(home, call, _Failing(None, 0, error).__call__)
    with pytest.raises(CannotWriteHere):
        write(path)
    assert path.read_bytes() == before
    assert only_file(path)


def test_a_file_in_use_is_told_as_such(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that Excel has open."""
    monkeypatch.setattr(Path, "replace", _Failing(None, 0, PermissionError(13, "denied")).__call__)
    with pytest.raises(OpenElsewhere, match="in use by another program"):
        write(path)
    assert only_file(path)


@pytest.mark.parametrize("damage", ["value", "old cell", "row"])
def test_the_read_back_finds_what_went_wrong(path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    """A wrong value, a changed cell of the user or a lost row: nothing is replaced."""
    before, real = path.read_bytes(), fill.Filler.block
    old, new = {"value": (b"HIGH", b"LOW"), "old cell": (b"44003", b"44030"), "row": (b'<row r="5"', b'<row r="50"')}[
        damage
    ]
    monkeypatch.setattr(
        fill.Filler,
        "block",
        lambda self, block: (edit._replace(new=edit.new.replace(old, new, 1)) for edit in real(self, block)),
    )
    with pytest.raises(NotAsIntended, match="was not replaced"):
        write(path)
    assert path.read_bytes() == before
    assert only_file(path)


def test_the_read_back_finds_a_damaged_member(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One flipped byte in a part that was only copied."""
    before, real = path.read_bytes(), package.Package.raw

    def flipped(self: Any, member: Any) -> Any:
        pieces = list(real(self, member))
        if member.filename == "xl/sharedStrings.xml" and self.path == path:
            return iter([pieces[0][:-9] + bytes([pieces[0][-9] ^ 1]) + pieces[0][-8:], *pieces[1:]])
        return iter(pieces)

    monkeypatch.setattr(package.PackageWriter, "copy", _copying(flipped))
    with pytest.raises(WorkbookError):
        write(path)
    assert path.read_bytes() == before


def _copying(raw: Any) -> Any:
    real = package.PackageWriter.copy

    def copy(self: Any, source: Any, member: Any) -> None:
        kept, source.raw = source.raw, lambda wanted: raw(source, wanted)
        try:
            real(self, source, member)
        finally:
            source.raw = kept

    return copy


def after_each_call(build: Callable[[str], Path], how: str) -> list[dict[str, Any]]:
    """What `crashing.py` says of every call to the system."""
    path = build("table.xlsx")
    path.rename(path.with_name("old.xlsx"))
    program = Path(__file__).with_name("crashing.py")
    ran = subprocess.run([sys.executable, program, how, path.parent], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    return list(map(json.loads, ran.stdout.splitlines()))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_process_leaves_the_old_or_the_new_file(build: Callable[[str], Path]) -> None:
    """Kill -9 before every call that changes something: old up to the replacement, new from then on."""
    found = after_each_call(build, "kill")
    calls = [told["call"] for told in found]
    assert {"open", "write", "flush", "fsync", "chmod", "replace", "unlink"} <= set(calls)
    replaced = calls.index("replace")
    assert [told["is"] for told in found] == ["old"] * (replaced + 1) + ["new"] * (len(found) - replaced - 1)
    assert {told["raised"] for told in found} == {""}


def test_a_failing_call_leaves_the_old_file_and_says_so(build: Callable[[str], Path]) -> None:
    """Every call to the system fails once: one sentence and the old file, or no word and the new one; nothing beside it."""
    for told in after_each_call(build, "fail"):
        assert told["is"] == ("old" if told["raised"] else "new"), told
        assert told["raised"].startswith(": ") or not told["raised"], told
        assert not told["left"] or told["call"] == "unlink", told


@pytest.mark.parametrize(("lock", "program"), [("~$table.xlsx", "Excel"), (".~lock.table.xlsx#", "LibreOffice")])
def test_an_open_workbook_is_respected(path: Path, lock: str, program: str) -> None:
    """The owner file beside it says who has it open; writing to another file is allowed."""
    path.with_name(lock).write_bytes(b"")
    before = path.read_bytes()
    with pytest.raises(OpenElsewhere, match=f"is open in {program}"):
        write(path)
    assert path.read_bytes() == before
    assert write(path, out=path.with_name("other.xlsx")).changed


def test_a_workbook_opened_meanwhile_is_respected(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner file is looked for again right before the replacement."""
    from hrdd_workbook import write as module

    def opened(*arguments: Any) -> None:
        path.with_name("~$table.xlsx").write_bytes(b"")

    monkeypatch.setattr(module, "read_back", opened)
    before = path.read_bytes()
    with pytest.raises(OpenElsewhere):
        write(path)
    assert path.read_bytes() == before


def test_the_mode_is_kept(path: Path) -> None:
    """Of the target when it is replaced, of the source when the target is new."""
    path.chmod(0o640)
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    other = path.with_name("other.xlsx")
    write(path, out=other)
    assert stat.S_IMODE(other.stat().st_mode) == 0o640


def test_a_link_is_followed(path: Path) -> None:
    """The file behind it is replaced, the link stays a link."""
    link = path.with_name("link.xlsx")
    link.symlink_to(path.name)
    write(link)
    assert link.is_symlink()
    with zipfile.ZipFile(path) as book:
        assert b"HIGH" in book.read("xl/worksheets/sheet1.xml")


def test_a_circle_of_links_is_told(path: Path) -> None:
    """One sentence, no endless loop."""
    one, two = path.with_name("one.xlsx"), path.with_name("two.xlsx")
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises((CannotWriteHere, NotAWorkbook)):
        write(one)


def test_places_that_cannot_be_written(path: Path, tmp_path: Path) -> None:
    """A folder in place of a file, a missing folder, a missing source: a sentence each."""
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(CannotWriteHere, match="is not a file"):
        write(path, out=tmp_path / "folder.xlsx")
    with pytest.raises(CannotWriteHere, match="There is no folder"):
        write(path, out=tmp_path / "none" / "out.xlsx")
    with pytest.raises(NotAWorkbook, match="There is no file"):
        write(tmp_path / "none.xlsx")
    with pytest.raises(NotAWorkbook, match="is not a file"):
        write(tmp_path / "folder.xlsx")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anything")
def test_a_read_only_file_is_left_alone(path: Path) -> None:
    """Its owner said so; another output may be given."""
    path.chmod(0o444)
    with pytest.raises(CannotWriteHere, match="read-only"):
        write(path)


def test_a_read_only_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the test: the system says that the file may not be written."""
    monkeypatch.setattr(atomic.os, "access", lambda *_: False)
    with pytest.raises(CannotWriteHere, match="read-only"):
        write(path)


def test_the_source_is_never_changed_when_another_output_is_given(path: Path) -> None:
    """Neither its bytes nor its time."""
    before, moment = path.read_bytes(), path.stat().st_mtime_ns
    time.sleep(0.01)
    assert write(path, out=path.with_name("other.xlsx")).path == path.with_name("other.xlsx")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, moment)
