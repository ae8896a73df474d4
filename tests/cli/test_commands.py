"""The commands as a user meets them: what they print, what they write, how they fail."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hrdd_cli.main import COMMANDS

GOLDEN = Path(__file__).parent / "golden"
DAY = ("--date", "2026-11-24")
ROW = {
    "transaction_id": "T1",
    "product": "Phone extraction kit",
    "end_user": "State Police",
    "destination_country": "Egypt",
    "end_use": "Criminal investigations",
}


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_the_golden_text(hrdd: Callable, name: str) -> None:
    """Nobody changes a command's help unawares; HRDD_GOLDEN=write in the environment renews the files."""
    import os

    shown = hrdd(*name.split(), "--help").output
    path = GOLDEN / f"help-{name or 'hrdd'}.txt"
    if os.environ.get("HRDD_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def test_scoring_writes_a_copy_beside_the_file_and_leaves_the_file_alone(hrdd: Callable, orders: Path) -> None:
    """Without --in-place or --out the user's own file is not touched."""
    before = orders.read_bytes()
    result = hrdd("score", orders, *DAY)
    assert result.exit_code == 0, result.output
    assert orders.read_bytes() == before
    assert orders.with_name("orders.scored.xlsx").is_file()


def test_scoring_twice_in_place_changes_nothing_the_second_time(hrdd: Callable, orders: Path) -> None:
    """The same rows on the same day give the same bytes."""
    assert hrdd("score", orders, "--in-place", *DAY).exit_code == 0
    once = orders.read_bytes()
    assert hrdd("score", orders, "--in-place", *DAY).exit_code == 0
    assert orders.read_bytes() == once


def test_a_later_run_changes_nothing_where_every_row_has_a_date(hrdd: Callable, book: Callable) -> None:
    """A verdict that stands keeps the day on which it was reached."""
    path = book({**ROW, "as_of_date": "2026-01-31"})
    assert hrdd("score", path, "--in-place", *DAY).exit_code == 0
    once = path.read_bytes()
    assert hrdd("score", path, "--in-place", "--date", "2027-03-01").exit_code == 0
    assert path.read_bytes() == once


def test_a_changed_row_is_the_only_one_that_changes(hrdd: Callable, book: Callable) -> None:
    """Scoring again moves the row that was edited and no other."""
    path = book({**ROW, "as_of_date": "2026-01-31"}, {**ROW, "transaction_id": "T2", "as_of_date": "2026-01-31"})
    assert hrdd("score", path, "--in-place", *DAY).exit_code == 0
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, headers["Destination country"]).value = "Sweden"
    workbook.save(path)
    assert hrdd("score", path, "--in-place", "--date", "2026-12-01").exit_code == 0
    scored = openpyxl.load_workbook(path).worksheets[0]
    on = headers["Scored on"]
    assert [str(scored.cell(row, on).value)[:10] for row in (2, 3)] == ["2026-11-24", "2026-12-01"]


def test_a_day_of_scoring_that_is_shown_as_a_number_stays_that_day(hrdd: Callable, book: Callable) -> None:
    """A user who formats the column as General sees Excel's number of the day: it is no moment of 1970."""
    path = book({**ROW, "as_of_date": "2026-01-31"})
    assert hrdd("score", path, "--in-place", *DAY).exit_code == 0
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    day = sheet.cell(2, next(cell.column for cell in sheet[1] if cell.value == "Scored on"))
    day.number_format = "General"
    workbook.save(path)
    assert hrdd("score", path, "--in-place", "--date", "2027-03-01").exit_code == 0
    assert str(openpyxl.load_workbook(path).worksheets[0][day.coordinate].value)[:10] == "2026-11-24"


def test_a_dry_run_writes_nothing(hrdd: Callable, orders: Path) -> None:
    """--dry-run reports and leaves the folder as it was."""
    before = sorted(orders.parent.iterdir())
    assert hrdd("score", orders, "--dry-run", *DAY).exit_code == 0
    assert sorted(orders.parent.iterdir()) == before


def test_scoring_as_json_tells_counts_and_problems(hrdd: Callable, orders: Path) -> None:
    """The machine-readable summary names ratings, dispositions, problems with their cells, and data dates."""
    told = json.loads(hrdd("score", orders, "--dry-run", "--format", "json", *DAY).output)
    (file,) = told["files"]
    assert sum(file["ratings"].values()) == sum(file["dispositions"].values()) == file["rows"]
    assert file["questions"]
    assert file["data"]
    assert any("!" in problem for problem in file["problems"])


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"PK\x03\x04 not really", "workbook"), (b"hello, I am no workbook", "workbook")],
)
def test_a_file_that_is_no_workbook_is_one_sentence(hrdd: Callable, tmp_path: Path, content: bytes, says: str) -> None:
    """Exit code 4, one sentence that names the file, no traceback."""
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    result = hrdd("score", path)
    assert result.exit_code == 4
    assert "broken.xlsx" in result.stderr
    assert says in result.stderr.casefold()
    assert "Traceback" not in result.output + result.stderr


def test_one_bad_file_does_not_stop_the_rest(hrdd: Callable, orders: Path, tmp_path: Path) -> None:
    """Exit code 3: the good file is scored, the bad one is named."""
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no")
    result = hrdd("score", bad, orders, *DAY)
    assert result.exit_code == 3
    assert "bad.xlsx" in result.stderr
    assert orders.with_name("orders.scored.xlsx").is_file()


def test_a_missing_file_is_one_sentence(hrdd: Callable, tmp_path: Path) -> None:
    """A path that does not exist is said, not raised."""
    result = hrdd("score", tmp_path / "nowhere.xlsx")
    assert result.exit_code == 4
    assert "nowhere.xlsx" in result.stderr


def test_a_workbook_without_transactions_is_one_sentence(hrdd: Callable, tmp_path: Path) -> None:
    """What was looked for is said, and the file stays."""
    path = tmp_path / "other.xlsx"
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Name", "Birthday"])
    workbook.save(path)
    result = hrdd("score", path)
    assert result.exit_code == 4
    assert "transactions" in result.stderr.casefold()


def test_an_empty_sheet_is_one_sentence(hrdd: Callable, tmp_path: Path) -> None:
    """No rows at all is an answer, not a crash."""
    path = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(path)
    result = hrdd("score", path)
    assert result.exit_code == 4
    assert "empty.xlsx" in result.stderr


def test_out_and_in_place_exclude_each_other(hrdd: Callable, orders: Path, tmp_path: Path) -> None:
    """A wrong command line is exit code 2."""
    assert hrdd("score", orders, "--in-place", "--out", tmp_path).exit_code == 2


def test_a_bad_date_is_a_usage_error(hrdd: Callable, orders: Path) -> None:
    """The expected form is named."""
    result = hrdd("score", orders, "--date", "24.11.2026")
    assert result.exit_code == 2
    assert "YYYY-MM-DD" in result.stderr


def test_bad_cells_are_reported_with_their_place_and_the_row_is_rated(hrdd: Callable, book: Callable) -> None:
    """Unknown choice, unreadable date, 200 %, negative share, text number, duplicate id: each with its cell."""
    path = book(
        {**ROW, "q_agency_misuse": "Probably", "as_of_date": "soon", "owner_share": 200, "amount": "1,000.50"},
        {**ROW, "owner_share": -5, "destination_country": "Congo"},
    )
    result = hrdd("score", path, *DAY)
    assert result.exit_code == 0, result.stderr
    for wanted in ("Probably", "soon", "200", "-5", "1,000.50", "Congo", "more than one row"):
        assert wanted in result.output
    scored = openpyxl.load_workbook(path.with_name("small.scored.xlsx")).worksheets[0]
    headers = [cell.value for cell in scored[1]]
    assert all(scored.cell(row, headers.index("HRDD rating") + 1).value for row in (2, 3))


def test_explain_names_cells_data_rules_and_what_to_ask(hrdd: Callable, tmp_path: Path) -> None:
    """The words of one row: cells by name, data with dates, rules with provenance, unknowns, the change that helps."""
    path = shutil.copy(Path(__file__).parents[2] / "examples" / "documented-cases.xlsx", tmp_path)
    result = hrdd("explain", path, "--row", "D18", *DAY)
    assert result.exit_code == 0
    for wanted in (
        "Transactions!",
        "V",
        "2026-03-01",
        "HRDD-2-RF-01",
        "C-FINAL",
        "not verified",
        "What would lower it",
    ):
        assert wanted in result.output


def test_explain_of_an_id_that_is_not_there_offers_the_nearest(hrdd: Callable, orders: Path) -> None:
    """A slip in an id is met with the ids that are close."""
    result = hrdd("explain", orders, "--row", "nonsense", *DAY)
    assert result.exit_code == 4
    assert "nearest" in result.stderr


def test_data_marks_what_is_overdue(hrdd: Callable) -> None:
    """Far in the future every file asks to be looked at again."""
    rows = json.loads(hrdd("data", "--format", "json", "--date", "2099-01-01").output)
    assert rows
    assert all(row["overdue"] for row in rows)
    assert "OVERDUE" in hrdd("data", "--date", "2099-01-01").output


def test_rules_can_be_listed_and_shown(hrdd: Callable) -> None:
    """A rule is found by its id in any case, with or without the prefix; a slip is met with the nearest."""
    assert "HRDD-2-RF-01" in hrdd("rules", "list").output
    assert hrdd("rules", "show", "2-rf-01").output == hrdd("rules", "show", "HRDD-2-RF-01").output
    assert json.loads(hrdd("rules", "show", "2-RF-01", "--format", "json").output)["id"] == "HRDD-2-RF-01"
    assert hrdd("rules", "show", "9-RF-99").exit_code == 4


def test_a_new_template_can_be_scored_after_one_row_is_typed(hrdd: Callable, tmp_path: Path) -> None:
    """From nothing to a rating: the template takes a row and the scorer finds it."""
    path = tmp_path / "new.xlsx"
    assert hrdd("template", "new", path).exit_code == 0
    assert hrdd("template", "new", path).exit_code == 4
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Transactions"]
    (header,) = [row for row in sheet.iter_rows(max_row=20) if any(cell.value == "Transaction ID" for cell in row)]
    for cell in header:
        key = {"Transaction ID": "T1", "Product": "IP camera", "End user": "Shop Ltd", "Destination country": "Sweden"}
        if cell.value in key:
            sheet.cell(cell.row + 1, cell.column).value = key[cell.value]
    workbook.save(path)
    result = hrdd("score", path, "--in-place", *DAY)
    assert result.exit_code == 0, result.stderr
    assert "sheet Transactions: 1 row\n" in result.output


def test_a_row_that_adds_up_the_others_is_no_transaction(hrdd: Callable, book: Callable) -> None:
    """A totals row under a plain range is neither rated nor reported."""
    path = book({**ROW, "amount": 500.0}, {"transaction_id": "Total", "amount": 500.0})
    told = json.loads(hrdd("score", path, "--dry-run", "--format", "json", *DAY).output)
    assert told["files"][0]["rows"] == 1


def test_a_header_without_rows_is_one_sentence_and_the_file_stays(hrdd: Callable, book: Callable) -> None:
    """Nothing to score is said, and nothing is written."""
    path = book(dict.fromkeys(ROW))
    before = path.read_bytes()
    result = hrdd("score", path, "--in-place", *DAY)
    assert result.exit_code == 4
    assert "no row" in result.stderr
    assert path.read_bytes() == before


def test_a_second_sheet_of_transactions_is_named(hrdd: Callable, book: Callable) -> None:
    """A workbook with a sheet a month is not scored by half in silence."""
    path = book(ROW)
    workbook = openpyxl.load_workbook(path)
    workbook.copy_worksheet(workbook.worksheets[0]).title = "February"
    workbook.save(path)
    assert "February" in hrdd("score", path, "--dry-run", *DAY).output


@pytest.mark.parametrize(
    ("product", "user", "country", "shipped"),
    [
        ("Office chair", "Ministry of Interior", "Egypt", "NONE"),
        ("Toner cartridge", "Royal Thai Police", "Thailand", "NONE"),
        ("Rack server", "Ministry of Interior", "Egypt", "HOLD"),
        ("Pegasus", "Mexican Army", "Mexico", "HOLD"),
    ],
)
def test_ordinary_goods_pass_and_known_names_do_not(
    hrdd: Callable, book: Callable, product: str, user: str, country: str, shipped: str
) -> None:
    """A chair is a chair anywhere; a computer of a police in a poor record may be a part; spyware is known by name."""
    row = {"transaction_id": "1", "product": product, "end_user": user, "destination_country": country}
    told = json.loads(hrdd("score", book(row), "--dry-run", "--format", "json", *DAY).output)
    assert list(told["files"][0]["dispositions"]) == [shipped]


def test_out_never_replaces_the_file_that_was_read(hrdd: Callable, orders: Path) -> None:
    """Only --in-place writes into the user's own file."""
    before = orders.read_bytes()
    assert hrdd("score", orders, "--out", orders.parent, *DAY).exit_code == 2
    assert orders.read_bytes() == before


def test_two_files_of_one_name_are_not_written_over_each_other(hrdd: Callable, orders: Path, tmp_path: Path) -> None:
    """A quarter's folders hold files of one name; none may be lost."""
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(orders, other / orders.name)
    result = hrdd("score", orders, other / orders.name, "--out", tmp_path / "scored", *DAY)
    assert result.exit_code == 2
    assert "separate folders" in result.stderr
