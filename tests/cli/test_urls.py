"""Files behind URLs of fsspec: named, patterned, in folders; results behind URLs too; whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

DAY = ("--date", "2026-11-24", "--workers", "1")
LINES = "Transaction ID,Product,End user,Destination country\nT1,IMSI catcher,State Police,Egypt\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tables, one of them below, and a file that is none."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in ("a.csv", "sub/b.csv", "notes.txt"):
        (tmp_path / "in" / name).write_text(LINES, encoding="utf-8")
    return tmp_path / "in"


def test_a_folder_behind_a_url_is_scored_into_another_as_on_a_disk(
    hrdd: Callable, folder: Path, tmp_path: Path
) -> None:
    """The same bytes at the same places below, and nothing else left there."""
    assert hrdd("score", folder, "--out", tmp_path / "near", *DAY).exit_code == 0
    result = hrdd("score", folder.as_uri(), "--out", f"{tmp_path.as_uri()}/far", *DAY)
    assert result.exit_code == 0, result.output
    far, near = tmp_path / "far", tmp_path / "near"
    found = sorted(path.relative_to(far) for path in far.rglob("*") if path.is_file())
    assert [path.as_posix() for path in found] == ["a.csv", "sub/b.csv"]
    assert all((far / path).read_bytes() == (near / path).read_bytes() for path in found)


def test_a_pattern_of_urls_comes_to_this_machine(hrdd: Callable, folder: Path, tmp_path: Path) -> None:
    """Sources behind URLs, results in a folder here."""
    result = hrdd("score", f"{folder.as_uri()}/**/*.csv", "--out", tmp_path / "out", *DAY)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.csv")) == ["a.csv", "b.csv"]


def test_a_workbook_behind_a_url_is_written_in_its_place(hrdd: Callable, orders: Path) -> None:
    """With the bytes that the same command gives with a path, and nothing left beside it."""
    near = orders.with_name("near.xlsx")
    shutil.copy(orders, near)
    assert hrdd("score", near, "--in-place", *DAY).exit_code == 0
    result = hrdd("score", orders.as_uri(), "--in-place", *DAY)
    assert result.exit_code == 0, result.output
    assert orders.read_bytes() == near.read_bytes()
    assert sorted(path.name for path in orders.parent.iterdir()) == ["near.xlsx", "orders.xlsx"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("file:///nowhere/gone.csv", "There is no file file:///nowhere/gone.csv"),
        ("nosuch://bucket/a.csv", "nosuch://bucket/a.csv cannot be opened"),
        ("file://{folder}/*.parquet", "holds no workbook"),
    ],
)
def test_what_is_not_there_has_one_sentence(hrdd: Callable, folder: Path, url: str, says: str) -> None:
    """Nothing could be done."""
    result = hrdd("score", url.format(folder=folder), *DAY)
    assert result.exit_code == 4
    assert says in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
