"""Binary workbooks are only read: what stands in them is read as from an .xlsx, and scored into one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import xlsb
from click.testing import CliRunner

from hrdd_cli.main import cli
from hrdd_workbook import read_transactions

HEADER = ["Transaction ID", "Product", "End user", "Destination country", "Quantity"]
ROWS = [
    ["00123", "IMSI catcher", "Ministry of Interior", "Belarus", 3],
    ["0099", "Café \u200b chair", None, "n/a", 1.5],
]


def _write_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Orders"
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    book.save(path)


def _same_as_xlsx(path: Path, tmp_path: Path) -> None:
    new = tmp_path / "same.xlsx"
    _write_xlsx(new)
    old, expected = read_transactions(path), read_transactions(new)
    pd.testing.assert_frame_equal(old.frame, expected.frame)
    assert old.where(1, "product") == expected.where(1, "product")


def test_a_binary_workbook_is_read_as_one_of_xml(tmp_path: Path) -> None:
    """Ids keep their zeros, blanks stay blank, and messages name the same cells."""
    path = tmp_path / "orders.xlsb"
    xlsb.write_xlsb(path, "Orders", [HEADER, *ROWS])
    _same_as_xlsx(path, tmp_path)


def test_a_binary_workbook_is_scored_beside_itself_and_stays_as_it_is(tmp_path: Path) -> None:
    """The results stand with the values in an .xlsx, which the report says."""
    path = tmp_path / "orders.xlsb"
    xlsb.write_xlsb(path, "Orders", [HEADER, *ROWS])
    before = path.read_bytes()
    result = CliRunner().invoke(cli, ["score", str(path), "--in-place", "--date", "2026-11-24", "--workers", "1"])
    assert result.exit_code == 0, result.output
    assert "is of a format that is not written" in result.output
    assert path.read_bytes() == before
    sheet = openpyxl.load_workbook(tmp_path / "orders.scored.xlsx")["Orders"]
    assert [cell.value for cell in sheet[2]][:5] == ROWS[0]
    assert "CRITICAL" in [cell.value for cell in sheet[2]][5]
