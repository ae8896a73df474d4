"""What the words on the command line stand for, and where results go."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from hrdd_cli.files import Found, NoFiles
from hrdd_cli.sources import find, listed_names
from hrdd_cli.targets import Output, clashes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as they are: results, open files and other people's files among the workbooks."""
    names = ("a.xlsx", "b.csv", "sub/c.XLSM", "sub/deep/d.parquet", "e.xls", "~$a.xlsx", ".hidden.xlsx", "notes.txt",
             "a.scored.xlsx", "picture.png", ".git/x.xlsx")  # fmt: skip
    for name in names:
        path = tmp_path / "orders" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path / "orders"


def _names(found: list[Found]) -> list[str]:
    return [file.below for file in found]


def test_a_folder_gives_what_can_hold_transactions_without_earlier_results(folder: Path) -> None:
    """Hidden files, owner files of open workbooks, texts and our own results stay out."""
    found, empty = find([str(folder)])
    assert _names(found) == ["a.xlsx", "b.csv", "e.xls", "sub/c.XLSM", "sub/deep/d.parquet"]
    assert empty == []


def test_patterns_lists_and_names_are_each_taken_once(folder: Path) -> None:
    """The same file by name, by pattern and from a list is one file."""
    words = [str(folder / "a.xlsx"), str(folder / "**" / "*.xls*"), "-"]
    found, _ = find(words, [f"{folder}/b.csv", f"{folder}/e.xls", f"{folder}/sub/c.XLSM"])
    assert [Path(file.path).name for file in found] == ["a.xlsx", "e.xls", "b.csv", "c.XLSM"]


def test_a_list_holds_names_of_any_bytes_one_a_line_or_ended_by_a_nought_byte() -> None:
    """Blanks, line ends within a name and bytes that are no character stay as they are; no list is an empty one."""

    def names(told: bytes) -> list[bytes]:
        stream = io.TextIOWrapper(io.BytesIO(told), encoding="utf-8")
        return [name.encode("utf-8", "surrogateescape") for name in listed_names(stream)]

    assert names(b"a b.csv\r\n\nna\xefve.csv\n") == [b"a b.csv", b"na\xefve.csv"]
    assert names(b"two\nlines.csv\0 b.csv\0\n") == [b"two\nlines.csv", b" b.csv"]
    assert list(listed_names(None)) == []


def test_a_name_is_taken_as_it_is_and_emptiness_is_told(folder: Path, tmp_path: Path) -> None:
    """A missing file fails when it is read, beside the others; an empty folder and pattern have a sentence each."""
    (tmp_path / "empty").mkdir()
    found, empty = find([str(folder / "none.xlsx"), str(tmp_path / "empty"), str(folder / "*.xlsq")])
    assert _names(found) == ["none.xlsx"]
    assert [type(error) for error in empty] == [NoFiles, NoFiles]
    assert "empty" in str(empty[0])
    assert "*.xlsq" in str(empty[1])


def test_a_name_of_a_list_that_gives_nothing_ends_it_not(folder: Path, tmp_path: Path) -> None:
    """Neither an empty folder nor a URL that nothing can open; each has its sentence, without secrets."""
    (tmp_path / "empty").mkdir()
    url = "nosuch://u:s3cret@box/x.csv"
    found, empty = find(["-"], [str(tmp_path / "empty"), url, str(folder / "b.csv")])
    assert _names(found) == ["b.csv"]
    assert [error.place for error in empty] == [str(tmp_path / "empty"), "nosuch://u@box/x.csv"]
    assert "s3cret" not in str(empty[1])


@pytest.mark.parametrize(
    ("output", "name", "target"),
    [
        (Output(), "orders.xlsx", "orders.scored.xlsx"),
        (Output(), "orders.scored.xlsx", "orders.scored.xlsx"),
        (Output(in_place=True), "orders.xlsx", "orders.xlsx"),
        (Output(folder="out"), "sub/orders.xlsm", "out/sub/orders.xlsm"),
        (Output(), "orders.csv", "orders.scored.csv"),
        (Output(), "orders.ods", "orders.scored.xlsx"),
        (Output(in_place=True), "orders.xls", "orders.scored.xlsx"),
        (Output(folder="out"), "orders.xlsb", "out/orders.xlsx"),
        (Output(form="parquet"), "orders.xlsx", "orders.scored.parquet"),
        (Output(form="xlsx"), "orders.xlsm", "orders.scored.xlsm"),
        (Output(form="jsonl", folder="out"), "orders.csv", "out/orders.jsonl"),
        (Output(dry_run=True), "orders.xlsx", None),
        (Output(), "s3://b/orders.parquet", "s3://b/orders.scored.parquet"),
        (Output(folder="s3://b/out"), "orders.csv", "s3://b/out/orders.csv"),
    ],
)
def test_where_results_go(output: Output, name: str, target: str | None) -> None:
    """In place, beside, or below a folder; a result of ours is scored in place; old formats become .xlsx."""
    (job,) = output.jobs([Found(name, name.removeprefix("s3://b/"))])
    assert job.target == (None if target is None else target if "://" in target else str(Path(target)))


def test_an_old_format_beside_its_new_one_keeps_its_suffix() -> None:
    """orders.xls next to orders.xlsx does not stop the run and replaces nothing."""
    files = [Found("orders.xls", "orders.xls"), Found("orders.xlsx", "orders.xlsx")]
    jobs = Output(folder="out").jobs(files)
    assert [Path(str(job.target)).name for job in jobs] == ["orders.xls.xlsx", "orders.xlsx"]
    assert clashes(jobs, Output(folder="out")) == []
