"""An older or hand-made workbook gets what the template has, and keeps everything that is its own."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from hrdd.columns import INPUTS
from hrdd.engine import score
from hrdd_cli.main import cli
from hrdd_workbook import layout
from hrdd_workbook.choice_lists import LISTS
from hrdd_workbook.design import Design, design
from hrdd_workbook.errors import CannotWriteHere, Declined
from hrdd_workbook.read import read_transactions
from hrdd_workbook.template import new_template
from hrdd_workbook.upgrade import Upgrade, upgrade

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]
OWN = {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


TODAY = dt.date(2026, 11, 24)
LATER = {"q_hidden_remote_user", "control_code", "severity", "row_as_scored", "in_sight", "leverage"}


def handmade(path: Path) -> Path:
    """A workbook as people make them: a title, colours, a comment, a formula, a rule, a chart's worth of odds."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Orders"
    sheet["A1"], sheet["A1"].font = "Orders of the year", Font(bold=True, size=18)
    sheet.append([])
    sheet.append(["Order no", "Material", "Customer", "Country", "Amount", "End-user type", "Note", "Twice"])
    for row in range(4, 10):
        sheet.append(
            [f"00{row}", "Face recognition server", "Ministry of Interior", "Kenya", 1000.5 * row, None, "mine"]
        )
        sheet.cell(row, 8).value = f"=E{row}*2"
    sheet["B5"].fill = PatternFill("solid", fgColor="FFEE99")
    sheet["C6"].comment = Comment("asked on Monday", "me")
    sheet.conditional_formatting.add("E4:E9", CellIsRule("greaterThan", ["5000"], font=Font(color="FF0000")))
    rule = DataValidation("list", formula1='"Police,Bank"')
    rule.add("F4:F99")
    sheet.add_data_validation(rule)
    sheet.column_dimensions["B"].width = 44
    book.create_sheet("Dashboard")["A1"] = "my own"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Upgrade]:
    """The hand-made workbook, the upgraded one, and what was said of it; not to be changed."""
    folder = tmp_path_factory.mktemp("upgrade")
    before, after = handmade(folder / "orders.xlsx"), folder / "upgraded.xlsx"
    return before, after, upgrade(before, after)


def parts(path: Path) -> dict[str, bytes]:
    """The members of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_every_cell_sheet_and_setting_of_the_user_stays(made: tuple[Path, Path, Upgrade]) -> None:
    """Rows begin with the very bytes that they had; parts that are not lists of parts are the same."""
    before, after = parts(made[0]), parts(made[1])
    sheet = "xl/worksheets/sheet1.xml"
    assert {name for name in before if before[name] != after[name]} == {*OWN - {"_rels/.rels"}, sheet}
    for old in re.findall(rb'<row r="\d+".*?</row>', before[sheet]):
        start = re.sub(rb' spans="[^"]*"', b"", old).removesuffix(b"</row>")
        assert start in re.sub(rb' spans="[^"]*"', b"", after[sheet])
    for kept in (rb"<conditionalFormatting.*?</conditionalFormatting>", rb'<dataValidation [^>]*sqref="F4:F99".*?<'):
        (there,) = re.findall(kept, before[sheet])
        assert there in after[sheet]
    book = openpyxl.load_workbook(made[1])
    assert book["Orders"].column_dimensions["B"].width == 44
    assert (book["Dashboard"]["A1"].value, book["Orders"]["C6"].comment.text) == ("my own", "asked on Monday")


def test_what_the_template_has_is_there(made: tuple[Path, Path, Upgrade]) -> None:
    """Every column, right of the user's; every sheet, behind theirs; every list under its name."""
    _, after, done = made
    read = read_transactions(after)
    assert set(read.columns) == {column.key for column in INPUTS}
    assert {key for key in layout.FIELD_BY_KEY if key not in read.columns} == set(read.owned)
    book = openpyxl.load_workbook(after)
    ours = ["Start here", "Red flags", "Questions", "Dashboard (hrdd)", "Review", "About the flags", "Lists"]
    assert book.sheetnames == ["Orders", "Dashboard", *ours]
    assert done.sheets == tuple(ours)
    assert book["Lists"].sheet_state == "hidden"
    assert {choices.defined_name for choices in LISTS} <= set(book.defined_names)
    assert book.defined_names["orders_product"].attr_text == "'Orders'!$B$4:$B$1048576"
    assert len(book["Dashboard (hrdd)"]._charts) == 3
    assert len(done.columns) == len(layout.FIELDS) - 6


def test_columns_get_lists_and_messages_but_keep_their_own(made: tuple[Path, Path, Upgrade]) -> None:
    """The user's list of two stays the only rule of its column."""
    sheet: Any = openpyxl.load_workbook(made[1])["Orders"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["F4:F99"].formula1 == '"Police,Bank"'
    assert [where for where in rules if where.startswith("F")] == ["F4:F99"]
    country = rules["D4:D1048576"]
    assert (country.formula1, country.errorStyle) == ("hrdd_country", "warning")
    assert "\n" in country.prompt
    assert len(rules) == 1 + made[2].lists == len(INPUTS)


def test_new_columns_are_empty_text_columns_in_groups(made: tuple[Path, Path, Upgrade]) -> None:
    """Codes stay as they are typed; the detail is folded away; only results carry the mark of ours."""
    sheet: Any = openpyxl.load_workbook(made[1])["Orders"]
    at = {cell.value: cell for cell in sheet[3]}
    code = at["Control code (ECCN)"]
    assert {sheet.cell(row, code.column).number_format for row in range(4, 10)} == {"@"}
    assert {sheet.cell(row, code.column).value for row in range(4, 10)} == {None}
    assert sheet.column_dimensions[code.column_letter].hidden
    marked = [cell.value for cell in sheet[3] if cell.style == layout.RESULT_MARK]
    assert marked == [field.header for field in layout.FIELDS if field.band.tone == "result"]


def test_ratings_are_the_same_and_scoring_fills_what_came(
    made: tuple[Path, Path, Upgrade], rescore: Callable[[Path], Any], computed: Callable[[Path], Any], tmp_path: Path
) -> None:
    """The scored workbook computes in LibreOffice as one that was made from the template does."""
    before, after, _ = made
    path = Path(shutil.copy(after, tmp_path / "scored.xlsx"))
    scored = rescore(path)
    ratings = scored.scores.columns["rating"].tolist()
    assert ratings == score(read_transactions(before).frame, today=TODAY).columns["rating"].tolist()
    book = computed(path)
    sheet = book["Dashboard (hrdd)"]
    tiles = {sheet.cell(6, at).value: sheet.cell(5, at).value for at in range(2, 17)}
    assert (tiles["orders in sight"], tiles["edited since scoring"]) == (6, 0)
    assert tiles["HIGH or CRITICAL"] == sum(rating in ("HIGH", "CRITICAL") for rating in ratings)
    cells = [str(cell.value) for each in book for row in each.iter_rows() for cell in row]
    assert [text for text in cells if text.startswith(("#", "Err:"))] == []
    assert book["Review"]["A5"].value == "004"
    assert not upgrade(path, path).changed


def test_nothing_is_written_where_nothing_is_missing(made: tuple[Path, Path, Upgrade], tmp_path: Path) -> None:
    """Neither in place nor elsewhere; a fresh template lacks nothing."""
    fresh = new_template(tmp_path / "fresh.xlsx", rows=3)
    for path, target in ((fresh, fresh), (made[1], tmp_path / "copy.xlsx")):
        stood = path.read_bytes()
        assert upgrade(path, target) == Upgrade(target, read_transactions(path).sheet, (), (), 0, changed=False)
        assert path.read_bytes() == stood
    assert not (tmp_path / "copy.xlsx").exists()


def older(path: Path, language: str = "en") -> Path:
    """A template of before some columns, lists and sheets were thought of, filled in."""
    now = design(language=language)
    then = Design(tuple(field for field in now.fields if field.key not in LATER), now.lists, now.say, now.language)
    new_template(path, rows=3, wanted=then, columns={"transaction_id": ["0102"], "end_user": ["Police"]})
    book = openpyxl.load_workbook(path)
    for name in ("Review", "Lists"):
        del book[now.say(name)]
    for choices in LISTS:
        del book.defined_names[choices.defined_name]
    book.save(path)
    return path


def test_an_older_template_is_brought_up_to_date(tmp_path: Path) -> None:
    """Missing columns join the table, missing sheets come back; the words are those of its language."""
    path = older(tmp_path / "older.xlsx", "de")
    say = design(language="de").say
    done = upgrade(path, path)
    assert done.sheets == (say("Review"), say("Lists"))
    assert set(done.columns) == {say(layout.FIELD_BY_KEY[key].header) for key in LATER}
    book = openpyxl.load_workbook(path)
    sheet = book[say("Transactions")]
    assert sheet["A3"].value == "0102"
    table = sheet.tables[layout.TABLE_NAME]
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[2]]
    assert {f"orders_{key}" for key in layout.FIELD_BY_KEY} <= set(book.defined_names)
    assert not upgrade(path, path).changed


def test_what_cannot_be_written_is_told_and_left(tmp_path: Path) -> None:
    """Text files and signed workbooks: one sentence, and no byte changed."""
    text = tmp_path / "orders.csv"
    text.write_text("Order no,Product,Customer,Country\n1,camera,Police,Kenya\n", encoding="utf-8")
    with pytest.raises(CannotWriteHere, match=r"orders\.csv cannot be written as it is; save it as \.xlsx"):
        upgrade(text, tmp_path / "new.xlsx")
    signed = handmade(tmp_path / "signed.xlsx")
    with zipfile.ZipFile(signed, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    stood = signed.read_bytes()
    with pytest.raises(Declined):
        upgrade(signed, signed)
    assert signed.read_bytes() == stood
    assert not (tmp_path / "new.xlsx").exists()


def test_the_command_says_what_came(tmp_path: Path) -> None:
    """By default beside the workbook; in place when asked; a finance export may get the essentials alone."""
    path = handmade(tmp_path / "orders.xlsx")
    stood = path.read_bytes()
    ran = CliRunner().invoke(cli, ["template", "upgrade", str(path), "--essentials", "--language", "fr"])
    assert ran.exit_code == 0, ran.output
    assert "Sheets: " in ran.output
    assert f"Wrote {tmp_path / 'orders.upgraded.xlsx'}" in ran.output
    assert path.read_bytes() == stood
    made = tmp_path / "orders.upgraded.xlsx"
    say = design(language="fr").say
    assert say("Review") in openpyxl.load_workbook(made).sheetnames
    assert "leverage" not in read_transactions(made).columns
    ran = CliRunner().invoke(cli, ["template", "upgrade", str(made), "--in-place", "--essentials"])
    assert "nothing is missing; nothing was written" in ran.output
    ran = CliRunner().invoke(cli, ["template", "upgrade", str(path), "--in-place", "--out", str(made)])
    assert ran.exit_code == 2


def test_names_that_were_left_without_their_sheet_are_mended(few: Path, tmp_path: Path) -> None:
    """A library renames or deletes sheets and leaves the names as they were; they lead to what is there again."""
    path = tmp_path / "left.xlsx"
    book = openpyxl.load_workbook(few)
    book[layout.TRANSACTIONS_SHEET].title = "Aufträge"
    for name in (layout.LISTS_SHEET, layout.DASHBOARD_SHEET):
        del book[name]
    book.save(path)
    assert upgrade(path, path).sheets == (layout.DASHBOARD_SHEET, layout.LISTS_SHEET)
    mended = openpyxl.load_workbook(path)
    targets = {name: told.attr_text.rpartition("!")[0].strip("'") for name, told in mended.defined_names.items()}
    assert set(targets.values()) <= set(mended.sheetnames) | {""}
    assert targets["orders_rating"] == "Aufträge"
    assert not upgrade(path, path).changed
