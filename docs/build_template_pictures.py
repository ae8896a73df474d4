"""Render the pictures of the template's page: every sheet, empty and full, as LibreOffice prints it.

The full one is the example quarter, poured in, scored and checked by the commands. Needs LibreOffice and poppler.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from hrdd_workbook import layout

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SHEETS = [name for name in (*layout.SHEETS, layout.ISSUES_SHEET) if name != layout.LISTS_SHEET]


def main() -> None:
    """Make both workbooks and print the first page of each sheet."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Path(folder) / "empty.xlsx", Path(folder) / "full.xlsx"
        _run("hrdd", "template", "new", empty)
        _run("hrdd", "template", "new", full, "--from", ROOT / "examples" / "orders-2026q3.xlsx")
        for command in ("score", "check"):
            _run("hrdd", command, full, "--in-place", "--date", "2026-11-24")
        for path in (empty, full):
            _run(
                "soffice",
                f"-env:UserInstallation={Path(folder).as_uri()}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                path,
            )
            _pictures(path.with_suffix(".pdf"))


def _pictures(pdf: Path) -> None:
    """The first page of each sheet that has its name at the foot, or else as its title."""
    pages = _run("pdftotext", "-layout", pdf, "-").split("\f")
    for sheet in SHEETS:
        ways = (rf"^ *{sheet} +\d+ / \d+\s*\Z", rf"^ *{sheet} *$")
        found = [at for way in ways for at, page in enumerate(pages, start=1) if re.search(way, page, re.MULTILINE)]
        if found:
            name = PICTURES / f"template-{pdf.stem}-{sheet.lower().replace(' ', '-')}"
            _run("pdftoppm", "-r", 80, "-f", found[0], "-l", found[0], "-singlefile", "-png", pdf, name)


def _run(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
