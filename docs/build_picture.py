"""Render the picture of the README: the example quarter, scored, as LibreOffice shows it.

Needs LibreOffice and poppler. Only a copy is changed: columns are hidden and rows filtered to fit one page.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties

ROOT = Path(__file__).parents[1]
SHOWN = {
    "Order no": 11, "Material description": 34, "Customer": 30, "Ship-to country": 14, "Intended use": 26,
    "HRDD rating": 12, "Disposition": 13, "Why this rating": 74, "Ask first": 34,
}  # fmt: skip
LAST_ROW = 25


def main() -> None:
    """Score, trim, render, crop."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        example = ROOT / "examples" / "orders-2026q3.xlsx"
        subprocess.run(
            ["hrdd", "score", example, "--out", work, "--date", "2026-11-24"], check=True, capture_output=True
        )
        _trim(work / example.name)
        _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", work, work / example.name)
        pdf = work / example.with_suffix(".pdf").name
        window = ("-x", "70", "-y", "85", "-W", "1790", "-H", "1130")
        _run(
            "pdftoppm",
            "-r",
            "115",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            *window,
            "-png",
            pdf,
            ROOT / "docs" / "scored-sheet",
        )


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def _trim(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = next(found for found in book.worksheets if any("Order no" in map(str, row) for row in _head(found)))
    for other in book.sheetnames:
        if other != sheet.title:
            book[other].sheet_state = "hidden"
    header = next(number for number, row in enumerate(_head(sheet), start=1) if "Order no" in row)
    for cell in sheet[header]:
        dimension = sheet.column_dimensions[cell.column_letter]
        dimension.hidden, dimension.outlineLevel = cell.value not in SHOWN, 0
        dimension.width = SHOWN.get(cell.value, 8)
    for row in sheet.iter_rows(min_row=header + 1, max_row=sheet.max_row):
        sheet.row_dimensions[row[0].row].hidden = row[0].row > LAST_ROW
        sheet.row_dimensions[row[0].row].height = 45
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.print_area = f"A1:{sheet.cell(1, sheet.max_column).column_letter}{LAST_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(path)


def _head(sheet: object) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(max_row=12, values_only=True))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
