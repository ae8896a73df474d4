"""A folder that is watched: what lands there is scored once, when it is complete."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hrdd_cli.files import Found
from hrdd_cli.watching import Looking

ROW = {"transaction_id": "T1", "product": "IP camera", "end_user": "Shop Ltd", "destination_country": "Norway",
       "as_of_date": "2026-01-31"}  # fmt: skip


def _found(*paths: Path) -> list[Found]:
    return [Found(str(path), path.name) for path in paths]


def test_a_file_is_ready_when_it_has_stayed_the_same(tmp_path: Path) -> None:
    """A file that still grows is not; one that was dealt with is ready again only when it changes."""
    path, looking = tmp_path / "a.csv", Looking(settle=4)
    path.write_text("one")
    assert looking.ready(_found(path), now=0) == []
    path.write_text("one two")
    assert looking.ready(_found(path), now=5) == []
    assert looking.pending == 1
    assert looking.ready(_found(path), now=8.9) == []
    assert looking.ready(_found(path), now=9) == _found(path)
    looking.finished(str(path))
    assert looking.ready(_found(path), now=99) == []
    assert looking.pending == 0
    path.write_text("one two three")
    assert looking.ready(_found(path), now=100) == []
    assert looking.ready(_found(path), now=105) == _found(path)


def test_a_workbook_without_its_end_and_an_open_one_wait(tmp_path: Path, book: Callable) -> None:
    """A copy that stopped on its way over the network stays the same as well, and is not complete."""
    whole = book(ROW)
    half, looking = tmp_path / "half.xlsx", Looking(settle=0)
    half.write_bytes(whole.read_bytes()[:2000])
    (tmp_path / f"~${whole.name}").write_bytes(b"")
    assert looking.ready(_found(half, whole), now=0) == []
    (tmp_path / f"~${whole.name}").unlink()
    half.write_bytes(whole.read_bytes())
    assert looking.ready(_found(half, whole), now=1) == _found(half, whole)


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    """Memory holds what is there, not what ever was."""
    looking = Looking(settle=0)
    for number in range(20):
        path = tmp_path / f"{number}.csv"
        path.write_text("x")
        looking.ready(_found(path), now=number)
        looking.finished(str(path))
        path.unlink()
    assert looking.ready([], now=99) == []
    assert (looking._seen, looking._done) == ({}, {})


@pytest.fixture
def incoming(tmp_path: Path, book: Callable) -> Path:
    """A folder with two workbooks, one of them damaged, and one that was scored elsewhere."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    book(ROW, name="in/sub/a.xlsx")
    (tmp_path / "in" / "bad.csv").write_text("no transactions\n")
    return tmp_path / "in"


def test_watching_once_scores_all_and_a_restart_nothing(hrdd: Callable, incoming: Path, tmp_path: Path) -> None:
    """The results repeat the folders; the damaged file is told once; a changed file is scored again."""
    watch = ("watch", incoming, "--out", incoming / "scored", "--journal", tmp_path / "j.sqlite3",
             "--settle", 0, "--every", 0.1, "--once")  # fmt: skip
    first = [json.loads(line) for line in hrdd(*watch).stderr.splitlines()]
    assert sorted(line["event"] for line in first) == ["ended", "failed", "scored", "watching"]
    assert (incoming / "scored" / "sub" / "a.xlsx").is_file()
    again = [json.loads(line)["event"] for line in hrdd(*watch).stderr.splitlines()]
    assert "scored" not in again
    workbook = openpyxl.load_workbook(incoming / "sub" / "a.xlsx")
    workbook.worksheets[0]["B2"] = "Office chair"
    workbook.save(incoming / "sub" / "a.xlsx")
    assert '"scored"' in hrdd(*watch).stderr


def test_watching_once_leaves_what_is_not_complete_and_says_so(hrdd: Callable, incoming: Path, tmp_path: Path) -> None:
    """An empty file would else keep a nightly run from ending."""
    (incoming / "empty.csv").write_bytes(b"")
    words = ("--journal", tmp_path / "j", "--settle", 0.1, "--every", 0.1, "--once")
    events = [json.loads(line) for line in hrdd("watch", incoming, "--in-place", *words).stderr.splitlines()]
    assert [Path(event["file"]).name for event in events if event["event"] == "left"] == ["empty.csv"]


def test_in_place_results_are_not_scored_again(hrdd: Callable, incoming: Path, tmp_path: Path) -> None:
    """What watching itself has changed is no new file."""
    watch = ("watch", incoming, "--in-place", "--journal", tmp_path / "j.sqlite3", "--settle", 0, "--every", 0.1)
    events = [json.loads(line)["event"] for line in hrdd(*watch, "--once").stderr.splitlines()]
    assert events.count("scored") == 1
    assert '"scored"' not in hrdd(*watch, "--once").stderr


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM is heard on POSIX")
def test_sigterm_ends_it_well(incoming: Path, tmp_path: Path) -> None:
    """What landed while it ran was scored, by several processes too; the exit code is 0, no temporary file is left."""
    code = "import sys; from hrdd_cli.main import main; sys.argv[0] = 'hrdd'; main()"
    options = [
        "--in-place",
        "--journal",
        tmp_path / "j.sqlite3",
        "--settle",
        "0.2",
        "--every",
        "0.1",
        "--log",
        tmp_path / "log",
        "--workers",
        "2",
    ]
    run = subprocess.Popen([sys.executable, "-c", code, "watch", str(incoming), *map(str, options)])
    _until(lambda: '"scored"' in _text(tmp_path / "log"), run)
    shutil.copy(incoming / "sub" / "a.xlsx", incoming / "later.xlsx")
    _until(lambda: "later.xlsx" in _text(tmp_path / "log"), run)
    run.send_signal(signal.SIGTERM)
    assert run.wait(timeout=30) == 0
    assert '"ended"' in _text(tmp_path / "log")
    assert not list(incoming.rglob(".*"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _until(happened: Callable[[], bool], run: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not happened() and run.poll() is None:
        if time.monotonic() > until:
            run.kill()
            pytest.fail("nothing happened for a minute")
        time.sleep(0.05)
