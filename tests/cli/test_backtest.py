"""`hrdd backtest`: the bars of the method, with the essentials beside them, and files that are no cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hrdd.backtest import load_cases


def test_every_shipped_case_is_within_its_expected_range(hrdd: Callable) -> None:
    """The bar of the method: all documented, benign and edge cases, pairs in order."""
    summary = json.loads(hrdd("backtest", "--format", "json").output)["summary"]
    assert summary["outside"] == []
    assert summary["pairs_out_of_order"] == []
    assert summary["benign_rated_high_or_above"] == []


def test_essentials_alone_let_no_grave_case_pass_and_hold_few_benign_ones(hrdd: Callable) -> None:
    """What bulk triage of a finance export is worth."""
    summary = json.loads(hrdd("backtest", "--essentials", "--format", "json").output)["summary"]
    assert summary["grave_with_disposition_none"] == []
    assert summary["benign_below_hold"] * 3 >= summary["benign_cases"] * 2


def test_a_backtest_row_has_the_documented_fields(hrdd: Callable) -> None:
    """The JSON that others build on."""
    row = json.loads(hrdd("backtest", "--format", "json").output)["rows"][0]
    assert set(row) == {
        "transaction_id", "overall", "overall_low", "unrated", "disposition", "class", "severity", "likelihood",
        "signals", "expected_min", "expected_max", "expected_disposition", "within",
    }  # fmt: skip
    assert set(map(type, row["signals"].values())) <= {bool, type(None)}


def test_cases_that_cannot_be_read_are_one_sentence(hrdd: Callable, tmp_path: Path) -> None:
    """A CSV without the expected columns says which."""
    path = tmp_path / "cases.csv"
    path.write_text("transaction_id,product\n1,camera\n", encoding="utf-8")
    result = hrdd("backtest", path)
    assert result.exit_code == 4
    assert "expected_min" in result.stderr


def test_the_essentials_stand_beside_the_full_run(hrdd: Callable) -> None:
    """One run tells both: in the table side by side, in JSON under a key of the summary."""
    summary = json.loads(hrdd("backtest", "--format", "json").output)["summary"]
    alone = json.loads(hrdd("backtest", "--essentials", "--format", "json").output)["summary"]
    assert summary["essentials"] == alone
    assert "essentials" not in alone
    shown = " ".join(hrdd("backtest").output.split())
    whole, bare = summary["within"], alone["within"]
    assert f"Within the expected range {whole} of 50 {bare} of 50" in shown


def test_a_case_outside_its_range_is_listed_with_its_reasons(hrdd: Callable, tmp_path: Path) -> None:
    """A case of one's own that does not come out as expected is named, with why it is rated as it is."""
    path = tmp_path / "mine.csv"
    cases = load_cases().head(1).assign(expected_min="LOW", expected_max="LOW", transaction_id="MINE")
    cases.to_csv(path, index=False)
    shown = hrdd("backtest", path).output
    assert "MINE outside: Severity" in shown


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no such file or folder; name a CSV file of cases"),
        (b"\xff\xfe\x00bad", "cannot be read as a table"),
        (b"", "cannot be read as a table"),
    ],
)
def test_a_file_that_is_no_list_of_cases_is_one_sentence(
    hrdd: Callable, tmp_path: Path, content: bytes | None, says: str
) -> None:
    """What is wrong and what to name is said in our words, not in those of the system."""
    path = tmp_path / "cases.csv"
    if content is not None:
        path.write_bytes(content)
    result = hrdd("backtest", path)
    assert result.exit_code == 4
    assert says in result.stderr
    assert not any(words in result.stderr for words in ("Errno", "codec", "tokeniz"))


def test_a_folder_of_cases_is_one_sentence(hrdd: Callable, tmp_path: Path) -> None:
    """A folder is no file."""
    result = hrdd("backtest", tmp_path)
    assert (result.exit_code, "is a folder" in result.stderr) == (4, True)
