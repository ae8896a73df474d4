"""`hrdd check` names every cell to look at, in print and on a sheet that leads there, and changes nothing else."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from hrdd_cli.main import cli
from hrdd_workbook import layout
from hrdd_workbook.errors import Declined
from hrdd_workbook.put import put_extra_sheets
from hrdd_workbook.results import ExtraSheet, Formula, Link, Shown
from hrdd_workbook.sheets.issues import MOST
from hrdd_workbook.template import new_template

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-2026q3.xlsx"
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def check(*arguments: object) -> Any:
    """Run the command."""
    return CliRunner().invoke(cli, ["check", *map(str, arguments), "--date", "2026-11-24"])


def lines(path: Path) -> list[tuple[Any, ...]]:
    """The lines of the sheet of issues."""
    sheet = openpyxl.load_workbook(path)[layout.ISSUES_SHEET]
    return list(sheet.iter_rows(min_row=5, values_only=True))


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Four orders: one well, one with blanks, one with typing errors, one with the id of another."""
    columns: dict[str, list[Any]] = {
        "transaction_id": ["A-1", None, "A-3", "A-1"],
        "as_of_date": [dt.date(2026, 7, 1), None, "KW 29", None],
        "product": ["camera", None, "camera", "camera"],
        "end_user": ["Metro operator", "Police", "Police", "Police"],
        "destination_country": ["Spain", "Kenya", "Atlantis", "Kenya"],
        "q_end_user_verified": ["Yes", None, "Probably", "No"],
    }
    return new_template(tmp_path / "orders.xlsx", rows=9, columns=columns)


def test_every_cell_is_named_with_what_it_means_for_scoring(orders: Path) -> None:
    """Blanks that are needed first, then what cannot be read; each line leads to its cell."""
    ran = check(orders)
    assert ran.exit_code == 0, ran.output
    found = {line[0]: line[1:] for line in lines(orders.with_name("orders.checked.xlsx"))}
    assert found["Transactions!A4"] == ("row 4", "Transaction ID", "blank; give each order an id of its own", "missing")
    assert found["Transactions!E4"] == ("row 4", "Product", "blank, so it is unknown", "missing")
    assert found["Transactions!D5"][2].startswith('"KW 29" is not a date')
    assert found["Transactions!AW5"][3] == "counts as unknown"
    assert found["Transactions!A6"][2].startswith("used by more than one row")
    assert [where for where in found if where.endswith("3")] == ["Transactions!A3"]
    sheet = openpyxl.load_workbook(orders.with_name("orders.checked.xlsx"))[layout.ISSUES_SHEET]
    assert all(sheet.cell(row, 1).hyperlink.location == sheet.cell(row, 1).value for row in range(5, 5 + len(found)))
    assert "blank, so it is unknown" in ran.output
    assert "Transactions!E4" in ran.output


def test_the_workbook_keeps_every_other_byte(orders: Path) -> None:
    """Only the lists of sheets and the styles change; a second check replaces the sheet and adds none."""
    with zipfile.ZipFile(orders) as package:
        before = {name: package.read(name) for name in package.namelist()}
    for _ in range(2):
        assert check(orders, "--in-place").exit_code == 0
        with zipfile.ZipFile(orders) as package:
            after = {name: package.read(name) for name in package.namelist()}
        assert openpyxl.load_workbook(orders).sheetnames == [*layout.SHEETS, layout.ISSUES_SHEET]
    changed = {name for name in before if before[name] != after[name]}
    counting = {"xl/worksheets/sheet5.xml", "xl/worksheets/sheet8.xml"}
    assert changed - counting <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "docProps/custom.xml",
    }
    assert len(set(after) - set(before)) == 1


def test_what_was_mended_is_gone_from_the_sheet(orders: Path) -> None:
    """In place, a workbook without issues has an empty sheet; elsewhere there is no copy."""
    check(orders, "--in-place")
    book = openpyxl.load_workbook(orders)
    sheet = book[layout.TRANSACTIONS_SHEET]
    for row in (4, 5, 6):
        for column in range(1, len(layout.FIELDS) + 1):
            sheet.cell(row, column).value = None
    book.save(orders)
    ran = check(orders, "--in-place")
    assert "Nothing found to mend." in ran.output
    assert [line for line in lines(orders) if line[1]] == []
    assert check(orders).exit_code == 0


def test_a_clean_file_gets_no_copy(tmp_path: Path) -> None:
    """There is nothing to show."""
    columns = {"transaction_id": ["1"], "product": ["camera"], "end_user": ["Bank"], "destination_country": ["Spain"]}
    path = new_template(tmp_path / "clean.xlsx", rows=1, columns=columns)
    assert "Nothing found to mend." in check(path).output
    assert [file.name for file in tmp_path.iterdir()] == ["clean.xlsx"]


def test_a_finance_export_is_checked_as_it_is(tmp_path: Path) -> None:
    """Headers read otherwise are told as such; JSON has every cell."""
    path = Path(shutil.copy(EXAMPLE, tmp_path / "export.xlsx"))
    ran = check(path, "--dry-run", "--format", "json")
    report = json.loads(ran.output)["files"][0]
    assert report["written"] is None
    assert [file.name for file in tmp_path.iterdir()] == ["export.xlsx"]
    effects = [issue["in scoring"] for issue in report["issues"]]
    assert effects == sorted(effects, key=["missing", "counts as unknown", "read after all"].index)
    assert sum(len(issue["cells"]) for issue in report["issues"]) > 50
    assert any('"Customer" was read as "End user"' in note for note in report["notes"])


def test_text_files_and_failures_are_told(orders: Path, tmp_path: Path) -> None:
    """A file that cannot be written is checked in print; one that cannot be read is a sentence and an exit code."""
    text = tmp_path / "orders.csv"
    text.write_text("Order no,Product,Customer,Country\n1,,Police,Atlantis\n", encoding="utf-8")
    ran = check(text, tmp_path / "nowhere.xlsx")
    assert ran.exit_code == 3
    assert "blank, so it is unknown" in ran.output
    assert "There is no file" in ran.output
    assert not (tmp_path / "orders.checked.csv").exists()
    assert check(tmp_path / "nowhere.xlsx").exit_code == 4
    assert check(orders, "--in-place", "--out", tmp_path).exit_code == 2


def test_very_many_issues_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    """The sheet stays one that opens at once."""
    rows = MOST + 500
    columns = {"transaction_id": list(map(str, range(rows))), "end_user": ["Police"] * rows, "end_use": ["x"] * rows}
    path = new_template(tmp_path / "many.xlsx", rows=rows, columns=columns)
    check(path, "--in-place")
    sheet = openpyxl.load_workbook(path)[layout.ISSUES_SHEET]
    assert sheet["A3"].value == f"The first {MOST} are listed; {2 * rows - MOST} more are like them."
    assert sum(str(line[0]).startswith("Transactions!") for line in lines(path)) == MOST


def test_sheets_of_ours_are_put_beside_a_users_own(tmp_path: Path) -> None:
    """A user's sheet of the same name is left alone; ours says so in its name, and is found again."""
    book = openpyxl.Workbook()
    book.active.title, book.active["A1"] = "Issues", "mine"  # type: ignore[union-attr,index]
    book.save(tmp_path / "mine.xlsx")
    cells = [Link("there", "Issues!A1"), Shown(3, "count"), Formula("1+1", 2.0), None, "text", 4, True]
    sheet = ExtraSheet("Issues", [["Head", "Two"], cells], frozen=1, heights={1: 30, 2: 20})
    for _ in range(2):
        assert put_extra_sheets(tmp_path / "mine.xlsx", [sheet]) == ("Issues (hrdd)",)
    made = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    assert made["Issues"]["A1"].value == "mine"
    assert [c.value for c in made["Issues (hrdd)"][2]] == ["there", 3, "=1+1", None, "text", 4, True]
    assert made["Issues (hrdd)"].freeze_panes == "B2"
    optional = ExtraSheet("Other", [["Head"]], optional=True)
    assert put_extra_sheets(tmp_path / "mine.xlsx", [optional]) == ()


def test_a_signed_workbook_is_declined(tmp_path: Path) -> None:
    """Its signature would break."""
    path = tmp_path / "signed.xlsx"
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    before = path.read_bytes()
    with pytest.raises(Declined):
        put_extra_sheets(path, [ExtraSheet("Issues", [["Head"]])])
    assert path.read_bytes() == before
