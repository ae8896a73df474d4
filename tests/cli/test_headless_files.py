"""The files of docs/headless that servers are set up with: each as far as it runs here."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FILES = Path(__file__).parents[2] / "docs" / "headless"
ROW = {"transaction_id": "T1", "product": "IP camera", "end_user": "Shop Ltd", "destination_country": "Norway"}
_HRDD = "/opt/hrdd/bin/hrdd"


def _command(name: str) -> str:
    (line,) = re.findall(rf"{_HRDD} (.*)", (FILES / name).read_text("utf-8"))
    return str(line)


@pytest.fixture
def server(tmp_path: Path, book: Callable) -> Path:
    """The folders that the files speak of, with one workbook that has landed."""
    for name in ("srv/hrdd/in", "srv/hrdd/out", "var/lib/hrdd"):
        (tmp_path / name).mkdir(parents=True)
    book(ROW, name="srv/hrdd/in/a.xlsx")
    return tmp_path


@pytest.mark.parametrize("name", ["hrdd-watch.service", "hrdd-score.service", "hrdd.cron"])
def test_the_command_of_a_file_scores_what_has_landed(hrdd: Callable, server: Path, name: str) -> None:
    """As it stands there, but for the folders; a watch ends when all is done."""
    words = shlex.split(re.sub(r"(?<= )/(srv|var)/", rf"{server.as_posix()}/\1/", " " + _command(name)))
    result = hrdd(*words, *(["--settle", 0, "--once"] if words[0] == "watch" else ["--date", "2026-11-24"]))
    assert result.exit_code == 0, result.stderr
    assert (server / "srv/hrdd/out/a.xlsx").is_file()


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """Its own checker, which wants the program to be there."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed, so the units were not checked")
    for path in [*FILES.glob("*.service"), *FILES.glob("*.timer")]:
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(_HRDD, "/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("hrdd-*")))],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_cron_line_has_five_times_a_user_and_a_command() -> None:
    """As a file in /etc/cron.d needs it; a percent sign would end the command."""
    line = (FILES / "hrdd.cron").read_text("utf-8").splitlines()[-1]
    assert re.fullmatch(rf"(?:[\d*/,-]+ ){{4}}[\d*/,-]+ +hrdd +{_HRDD} [^%]+", line)


def test_the_container_file_copies_what_is_there_and_starts_what_is_a_command(hrdd: Callable, server: Path) -> None:
    """No engine builds it here; its arguments are run, and the extras that it names exist."""
    text = (FILES / "Containerfile").read_text("utf-8")
    (extras,) = re.findall(r'"/src\[([\w,]+)\]"', text)
    project = (FILES.parents[1] / "pyproject.toml").read_text("utf-8")
    assert all(re.search(rf"^{extra} = \[", project, re.MULTILINE) for extra in extras.split(","))
    words = json.loads(text.rpartition("CMD ")[2])
    places = {"/in": server / "srv/hrdd/in", "/out": server / "srv/hrdd/out"}
    journal = ("--journal", server / "journal.sqlite3")
    result = hrdd(*(places.get(word, word) for word in words), "--settle", 0, "--once", *journal)
    assert result.exit_code == 0, result.stderr
    assert (server / "srv/hrdd/out/a.xlsx").is_file()
