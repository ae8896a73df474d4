"""On a real terminal, where commands draw bars and lay out pages: they do, and end as they would in a pipe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system, so nothing was tried on one")
EXAMPLES = Path(__file__).parents[2] / "examples"
_HRDD = (sys.executable, "-c", "import sys; from hrdd_cli.main import main; sys.argv[0] = 'hrdd'; main()")
_SIGNS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(*words: object) -> tuple[int, str]:
    """Exit code and what a terminal of 120 columns was sent, without its signs for colour and place."""
    ours, theirs = pty.openpty()
    command = [*_HRDD, *map(str, words)]
    environ = {**os.environ, "COLUMNS": "120", "TERM": "xterm"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as ran:
        os.close(theirs)
        told = b""
        while part := _read(ours):
            told += part
    os.close(ours)
    return ran.returncode, _SIGNS.sub("", told.decode()).replace("\r", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_a_run_over_many_files_draws_a_bar_with_its_rate_and_time_left(tmp_path: Path) -> None:
    """From the first file on, of which no rate can be told yet."""
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(
            "Product,End user,Destination country\nIMSI catcher,Police,Egypt\n", "utf-8"
        )
    words = ("--date", "2026-11-24", "--workers", "1", "--journal", tmp_path / "journal")
    code, told = on_a_terminal("score", tmp_path, "--out", tmp_path / "out", *words)
    assert code == 0, told
    assert "0/3" in told
    assert re.search(r"3/3\s+[\d.]+/s\s+0:00:\d\d left 0:00:00", told), told
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0.csv", "1.csv", "2.csv"]


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "show", "2-RF-01"),
        ("rules", "list"),
        ("data",),
        ("explain", EXAMPLES / "orders-2026q3.xlsx", "--row", "12"),
        ("--help",),
    ],
    ids=str,
)
def test_pages_and_tables_are_laid_out(words: tuple[object, ...]) -> None:
    """Nothing is left of the marks that lay them out."""
    code, told = on_a_terminal(*words)
    assert code == 0, told
    assert "Traceback" not in told
    assert "**" not in told
