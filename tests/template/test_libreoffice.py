"""LibreOffice opens what we build, keeps its lists and folds, and works out the formulas of the example."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hrdd_workbook import layout
from hrdd_workbook.choice_lists import LISTS
from hrdd_workbook.template import new_template

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = [
    pytest.mark.skipif(
        SOFFICE is None, reason="LibreOffice is NOT installed: nothing in this file was checked (libreoffice-calc)"
    ),
    # A print area of whole columns is right in Excel and LibreOffice; openpyxl says that it cannot keep it.
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]


def convert(source: Path, kind: str, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save it as `kind`, in a profile of its own."""
    target = folder / "converted"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(target), str(source)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    result = target / f"{source.stem}.{kind}"
    assert result.exists(), said.stdout + said.stderr
    return result


def test_the_template_survives_libreoffice(tmp_path: Path) -> None:
    """Saved by LibreOffice, it still has its headers, lists, hints, names and folds."""
    book = load_workbook(convert(new_template(tmp_path / "orders.xlsx"), "xlsx", tmp_path))
    sheet = book[layout.TRANSACTIONS_SHEET]
    assert [cell.value for cell in sheet[layout.HEADER_ROW]][: len(layout.FIELDS)] == [f.header for f in layout.FIELDS]
    assert {choices.defined_name for choices in LISTS} <= set(book.defined_names)
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len({rule.formula1 for rule in lists}) == len(LISTS)
    assert {rule.errorStyle for rule in lists} == {"warning"}
    assert all(rule.prompt and rule.allow_blank for rule in lists)
    hidden = set()
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min and column.max:
            hidden |= set(range(column.min, column.max + 1))
    assert hidden >= {index for index, field in enumerate(layout.FIELDS, start=1) if field.hidden}


def test_the_documented_cases_open_whole(tmp_path: Path) -> None:
    """LibreOffice reads every row of the documented cases, in the values that we wrote."""
    source = EXAMPLES / "documented-cases.xlsx"
    ours = load_workbook(source)[layout.TRANSACTIONS_SHEET]
    theirs = load_workbook(convert(source, "xlsx", tmp_path))[layout.TRANSACTIONS_SHEET]
    width = len(layout.FIELDS)
    for row in range(1, ours.max_row + 1):
        assert [theirs.cell(row, c).value for c in range(1, width + 1)] == [
            ours.cell(row, c).value for c in range(1, width + 1)
        ]


def without_cached_values(source: Path, target: Path) -> Path:
    """Take the stored results out of formula cells, so that they have to be worked out anew."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(<c [^>]*?)(?: t=\"str\")?(><f>[^<]*</f>)<v>[^<]*</v>", rb"\1\2", content)
            copy.writestr(name, content)
    return target


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_stored_formula_results_are_what_libreoffice_works_out(tmp_path: Path) -> None:
    """The example's formulas carry the results that a spreadsheet program computes from them."""
    source = EXAMPLES / "orders-2026q3.xlsx"
    bare = without_cached_values(source, tmp_path / "bare.xlsx")
    worked_out = load_workbook(convert(bare, "xlsx", tmp_path), data_only=True)
    stored, formulas = load_workbook(source, data_only=True), load_workbook(source)
    cells = [cell for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(cells) > 300
    for cell in cells:
        ours, theirs = (b[cell.parent.title][cell.coordinate].value for b in (stored, worked_out))
        assert ours == (pytest.approx(theirs, abs=0.005) if isinstance(theirs, (int, float)) else theirs)
