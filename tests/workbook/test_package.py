"""The zip of a workbook beyond 4 GB, tried with small files for which the limit is lowered."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hrdd_workbook import ResultColumn, package, write_columns
from hrdd_workbook.errors import Declined

SHEET = "xl/worksheets/sheet1.xml"
ROWS = range(2, 500)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of some rows."""
    made = openpyxl.Workbook()
    made.active.title = "Orders"
    for row in range(1, 500):
        made.active.append([f"order {row}", row, "Kenya"])
    made.save(tmp_path / "book.xlsx")
    made.close()
    return tmp_path / "book.xlsx"


def write(path: Path, word: str, out: Path | None = None) -> None:
    """Write a column of one word, in place or to another file."""
    write_columns(path, "Orders", 1, [ResultColumn("rating", "HRDD rating", [word] * len(ROWS))], ROWS, out=out)


def contents(path: Path) -> dict[str, bytes]:
    """What each member holds."""
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def local(path: Path, name: str) -> tuple[int, bytes]:
    """The version that a part needs, and the extra field, as its local header says."""
    with zipfile.ZipFile(path) as book, path.open("rb") as file:
        file.seek(book.getinfo(name).header_offset)
        start = struct.unpack("<4s5H3I2H", file.read(30))
        file.seek(start[9], 1)
        return start[1], file.read(start[10])


def test_sizes_and_places_beyond_the_limit_are_zip64(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reader gets the same content, the second write too, and each member says zip64 where it needs it alone."""
    plain, large, again = (book.with_name(name) for name in ("plain.xlsx", "large.xlsx", "again.xlsx"))
    write(book, "HIGH", plain)
    monkeypatch.setattr(package, "_LIMIT", 4000)
    monkeypatch.setattr(package, "_ROOMY", 800)
    write(book, "HIGH", large)
    write(large, "HIGH", again)
    assert contents(plain) == contents(large) == contents(again)
    version, extra = local(large, SHEET)
    assert (version, extra[:4]) == (45, struct.pack("<2H", 1, 16))
    assert local(large, "docProps/app.xml") == (20, b"")
    assert local(again, SHEET) == (version, extra)
    for path in (large, again):
        with zipfile.ZipFile(path) as made:
            assert made.testzip() is None
        opened = openpyxl.load_workbook(path)
        assert opened["Orders"]["D2"].value == "HIGH"
        opened.close()
        if shutil.which("unzip"):
            tested = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)
            assert tested.returncode == 0, tested.stdout + tested.stderr


def test_a_part_with_room_that_stays_small_needs_no_zip64(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its room holds the growth hint of the standard, which readers skip."""
    monkeypatch.setattr(package, "_ROOMY", 800)
    write(book, "HIGH")
    version, extra = local(book, SHEET)
    assert (version, extra[:2], len(extra)) == (20, struct.pack("<H", 0xA220), 20)


def test_a_second_write_finds_the_room_that_the_first_left(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not grow from write to write."""
    monkeypatch.setattr(package, "_ROOMY", 800)
    write(book, "HIGH")
    write(book, "LOW")
    assert len(local(book, SHEET)[1]) == 20


def test_a_small_part_that_would_grow_past_the_limit_is_declined(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no room for its sizes, and the file stays as it is."""
    before = book.read_bytes()
    monkeypatch.setattr(package, "_LIMIT", 4000)
    with pytest.raises(Declined, match="past 4 GB"):
        write(book, "HIGH")
    assert book.read_bytes() == before
