"""On a real terminal, where commands draw bars and lay out pages: they do, and end as they would in a pipe."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
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


_TABLE = "Product,End user,Destination country\nIMSI catcher,Police,Egypt\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_what_nobody_reads_or_takes_leaves_no_file_unscored(tmp_path: Path) -> None:
    """A pipe that is closed, closed streams, a log on a full disk: the files are done, and the exit code is theirs."""
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(_TABLE, "utf-8")
    command = " ".join(map(shlex.quote, (*_HRDD, "score", "a.csv", "b.csv", "--fail-on", "STOP", "--journal", "j")))
    for at, ends in enumerate(
        ("2>/dev/full | true", ">&- 2>&- <&-", "--log /dev/full 2>said >/dev/null", ">/dev/full 2>full")
    ):
        line = f"set -o pipefail; {command} --out {at} {ends}"
        ended = subprocess.run(["bash", "-c", line], cwd=tmp_path, check=False, capture_output=True, timeout=120)
        assert ended.returncode == (4 if at == 3 else 0), (ends, ended)
        assert not ended.stderr, (ends, ended.stderr)
        assert sorted(path.name for path in (tmp_path / str(at)).iterdir()) == ["a.csv", "b.csv"], ends
    assert (tmp_path / "said").read_text("utf-8").startswith("hrdd: The log /dev/full is not continued: ")
    assert "Traceback" not in (tmp_path / "full").read_text("utf-8")


def test_ctrl_c_has_an_exit_code_of_its_own(hrdd: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not that of --fail-on, which a script would take it for."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hrdd_cli.batch.run_jobs", stopped)
    (tmp_path / "a.csv").write_text(_TABLE, "utf-8")
    result = hrdd("score", tmp_path / "a.csv")
    assert result.exit_code == 130
    assert "stopped" in result.output
