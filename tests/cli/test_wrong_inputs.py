"""Whatever is wrong on the command line is told in one sentence, with a code that scripts may rely on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hrdd.errors import why_not

RAW = re.compile(r"Errno|Traceback|codec|tokeniz|No such file or directory|Is a directory|NoneType")
HEADER = "transaction_id,expected_min,expected_max,expected_disposition,product\n"
FILES = {
    "empty.txt": "", "password.txt": "secret\n", "empty.xlsx": "", "fake.xlsx": "not a workbook", "header.csv": HEADER,
    "inverted.csv": f"{HEADER}A,HIGH,LOW,STOP,x\n", "maybe.csv": f"{HEADER}A,LOW,HIGH,MAYBE,x\n",
    "short.csv": f"{HEADER}A,LOW\n", "semicolons.csv": HEADER.replace(",", ";"), "broken.toml": "[score\n",
}  # fmt: skip

#: What was typed, the exit code, and what the sentence says.
WRONG = [
    ("nonsense", 2, "No such command"),
    ("--config nowhere.toml data", 4, "nowhere.toml cannot be read: there is no such file or folder"),
    ("--config binary.txt data", 4, "binary.txt cannot be read: it is no text in UTF-8"),
    ("--config broken.toml data", 4, "broken.toml are no valid TOML"),
    ("--config folder data", 2, "folder"),
    ("explain", 2, "Missing argument"),
    ("explain orders.xlsx", 2, "Missing option '--row'"),
    ("explain nowhere.xlsx --row 1", 4, "There is no file nowhere.xlsx; give the path of a workbook"),
    ("explain folder --row 1", 4, "folder is not a file; give the path of a workbook"),
    ("explain empty.xlsx --row 1", 4, "empty.xlsx is empty"),
    ("explain fake.xlsx --row 1", 4, "fake.xlsx is not a workbook"),
    ("explain header.csv --row 1", 4, "reads like a header of transactions"),
    ("explain orders.xlsx --row 99999", 4, 'has no transaction "99999"; the nearest ids are'),
    ("explain orders.xlsx --row 5", 4, 'has no transaction "5"'),
    ("explain orders.xlsx --row -3", 4, 'has no transaction "-3"'),
    ("explain orders.xlsx --row 17 --sheet Nope", 4, "has no sheet Nope; it has Orders 2026-Q3"),
    ("explain orders.xlsx --row 17 --date yesterday", 2, '"yesterday" is not a date; write it as YYYY-MM-DD'),
    ("explain orders.xlsx --row 17 --date 2026-02-30", 2, '"2026-02-30" is not a date'),
    ("explain orders.xlsx --row 17 --format xml", 2, "'xml' is not one of 'table', 'json'"),
    ("explain orders.xlsx --row 17 --password-file nowhere.txt", 2, "there is no such file or folder"),
    ("explain orders.xlsx --row 17 --password-file folder", 2, "folder cannot be read"),
    ("explain orders.xlsx --row 17 --password-file empty.txt", 2, "the first line of empty.txt is empty; write the"),
    ("explain orders.xlsx --row 17 --password-file binary.txt", 2, "binary.txt cannot be read: it is no text in UTF-8"),
    ("explain orders.xlsx orders.xlsx --row 17", 2, "unexpected extra argument"),
    ("explain orders.xlsx --row 17 --frobnicate", 2, "No such option"),
    ("backtest nowhere.csv", 4, "nowhere.csv cannot be read: there is no such file or folder; name a CSV file"),
    ("backtest folder", 4, "folder cannot be read"),
    ("backtest empty.txt", 4, "cannot be read as a table; save the cases as CSV in UTF-8"),
    ("backtest binary.txt", 4, "cannot be read as a table"),
    ("backtest orders.xlsx", 4, "cannot be read as a table"),
    ("backtest header.csv", 4, "has no case under its header; add one line per case"),
    ("backtest inverted.csv", 4, "Case A: expected_min is above expected_max; swap the two"),
    ("backtest maybe.csv", 4, 'Case A: expected_disposition is "MAYBE"; expected one of NONE, CONDITIONS, HOLD, STOP'),
    ("backtest short.csv", 4, "Case A: expected_max is blank; expected one of LOW"),
    ("backtest semicolons.csv", 4, "lacks the columns transaction_id"),
    ("backtest one.csv two.csv", 2, "unexpected extra argument"),
    ("backtest --nope", 2, "No such option"),
    ("rules lst", 2, "No such command"),
    ("rules show", 2, "Missing argument 'ID'"),
    ("rules show HRDD-2-RF-99", 4, "The nearest are HRDD-2-RF-01"),
    ("rules list extra", 2, "unexpected extra argument"),
    ("rules list --format csv", 2, "'csv' is not one of"),
    ("data extra", 2, "unexpected extra argument"),
    ("data --date 1", 2, '"1" is not a date'),
    ("data --format md", 2, "'md' is not one of"),
    ("template new", 2, "Missing argument 'FILE'"),
    ("template new new.csv", 4, "new.csv is no name of an Excel workbook; let it end in .xlsx"),
    ("template new new", 4, "new is no name of an Excel workbook"),
    ("template new folder.xlsx", 4, "folder.xlsx is a folder"),
    ("template new orders.xlsx", 4, "orders.xlsx exists already; choose another name, or replace it with --overwrite"),
    ("template new nowhere/new.xlsx", 4, "could not be written: there is no such file or folder; nothing was changed"),
    (f"template new {'n' * 300}.xlsx", 4, "its name is too long"),
    ("template new new.xlsx --rows 0", 2, "0 is not in the range"),
    ("template new new.xlsx --from orders.xlsx --mapping nowhere.csv", 4, "there is no such file or folder"),
    ("score", 2, "Give either the files to score"),
    ("score nowhere.xlsx", 4, "nowhere.xlsx"),
    ("score orders.xlsx --out empty.txt", 4, "something of that name is in its place; choose another with --out"),
]  # fmt: skip


@pytest.fixture
def desk(orders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an example workbook and files that are not what they should be, to stand in."""
    for name, content in FILES.items():
        (orders.parent / name).write_text(content, encoding="utf-8")
    (orders.parent / "binary.txt").write_bytes(b"\xff\xfe\x00\x81")
    (orders.parent / "folder").mkdir()
    (orders.parent / "folder.xlsx").mkdir()
    monkeypatch.chdir(orders.parent)
    return orders.parent


@pytest.mark.parametrize(("typed", "code", "says"), WRONG, ids=[typed[:70] for typed, _, _ in WRONG])
def test_a_wrong_input_is_one_clear_sentence(typed: str, code: int, says: str, desk: Path, hrdd: Callable) -> None:
    """The exit code is the documented one, the sentence is ours, and no file has changed."""
    before = {path.name: path.read_bytes() for path in desk.iterdir() if path.is_file()}
    result = hrdd(*typed.split())
    assert result.exit_code == code, result.output
    assert says in " ".join(result.stderr.split())
    assert not RAW.search(result.output + result.stderr), result.stderr
    assert {path.name: path.read_bytes() for path in desk.iterdir() if path.is_file()} == before


def test_a_refusal_that_nobody_foresaw_is_still_told() -> None:
    """What has no words of ours is quoted."""
    assert why_not(OSError(12345, "The moon is full")) == "the system says [Errno 12345] The moon is full"
