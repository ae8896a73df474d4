"""Settings from flags, environment and file, in that order; and where each of them says it comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

DAY = ("--date", "2026-11-24")
ROW = {"transaction_id": "T1", "product": "Phone extraction kit", "end_user": "State Police",
       "destination_country": "Egypt"}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration file: one setting for all commands, two for one."""
    path = tmp_path / "hrdd.toml"
    path.write_text('date = "2026-11-24"\n[score]\nfail-on = "HOLD"\nquiet = true\n', encoding="utf-8")
    return path


def _told(hrdd: Callable, *words: object) -> dict[str, tuple[str, str]]:
    rows = json.loads(hrdd(*words, "--format", "json").output)
    return {row["option"]: (row["value"], row["from"]) for row in rows}


def test_a_flag_beats_the_environment_and_that_the_file(
    hrdd: Callable, book: Callable, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--fail-on decides the exit code, so that it shows which one was taken."""
    path = book(ROW)
    assert hrdd("score", path, *DAY).exit_code == 0
    assert hrdd("--config", file, "score", path).exit_code == 1
    monkeypatch.setenv("HRDD_FAIL_ON", "STOP")
    assert hrdd("--config", file, "score", path).exit_code == 0
    assert hrdd("--config", file, "score", path, "--fail-on", "HOLD").exit_code == 1


def test_config_show_says_where_each_setting_comes_from(
    hrdd: Callable, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By option: value and origin; the file may be named by the environment too."""
    monkeypatch.setenv("HRDD_WORKERS", "2")
    monkeypatch.setenv("HRDD_CONFIG", str(file))
    told = _told(hrdd, "config", "show", "score")
    assert told["--workers"] == ("2", "environment variable HRDD_WORKERS")
    assert told["--fail-on"] == ("HOLD", f"file {file}")
    assert told["--date"] == ("2026-11-24", f"file {file}")
    assert told["--wait"] == ("0.0", "default")


def test_no_password_is_shown(hrdd: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL in the environment is shown without it."""
    monkeypatch.setenv("HRDD_FROM", "postgresql://clerk:s3cret@db/x")
    monkeypatch.setenv("HRDD_INTO", "postgresql://clerk:s3cret@db/x")
    assert "s3cret" not in hrdd("config", "show").output


@pytest.mark.parametrize(
    ("text", "says"),
    [("[score]\nwrkers = 2", "wrkers"), ("[score", "no valid TOML"), ("[score]\nworkers = 'two'", "workers")],
)
def test_a_slip_in_the_file_is_one_sentence(hrdd: Callable, tmp_path: Path, text: str, says: str) -> None:
    """An option that does not exist, a file that is no TOML, a value that does not fit."""
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    result = hrdd("--config", path, "score", tmp_path / "a.xlsx")
    assert result.exit_code in (2, 4)
    assert says in result.stderr
    assert hrdd("--config", tmp_path / "none.toml", "data").exit_code == 4
