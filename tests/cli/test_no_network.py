"""The default install opens no socket, whatever it does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_GUARD = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"a socket was opened: {event} {arguments}")
sys.addaudithook(refuse)
for name in ("pyarrow", "sqlalchemy", "distributed", "fsspec", "pyspark"):
    sys.modules[name] = None  # the extras are not in the default install
from hrdd_cli.main import main
sys.argv[0] = "hrdd"
main()
"""
ROW = {"transaction_id": "T1", "product": "IP camera", "end_user": "Shop", "destination_country": "Norway"}


def _run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", _GUARD, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("score", "{folder}", "--out", "{folder}/out", "--workers", "2", "--journal", "{folder}/j.sqlite3"),
        ("score", "{folder}/a.xlsx", "{folder}/b.csv", "--in-place", "--journal", "{folder}/j.sqlite3"),
        ("explain", "{folder}/a.xlsx", "--row", "T1"),
        ("template", "new", "{folder}/new.xlsx"),
        ("backtest",),
        ("data",),
    ],
    ids=lambda words: f"{words[0]}-{len(words)}",
)
def test_no_command_opens_a_socket(book: Callable, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Worker processes talk over pipes; nothing is looked up anywhere."""
    book(ROW, name="a.xlsx")
    (tmp_path / "b.csv").write_text("product,end user,destination country\nIP camera,Shop,Norway\n", encoding="utf-8")
    done = _run(*(word.format(folder=tmp_path) for word in words))
    assert done.returncode == 0, done.stderr


def test_the_guard_sees_a_socket() -> None:
    """Else the test above proves nothing."""
    code = _GUARD.replace("from hrdd_cli.main import main", "import socket; socket.socket()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "a socket was opened" in done.stderr
