"""Start-up costs what it must and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pandas", "numpy", "openpyxl", "lxml", "pydantic", "rapidfuzz", "yaml", "rich", "xlwings")


def _loaded_by(code: str) -> set[str]:
    found = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(found.stdout.split())


@pytest.mark.parametrize("module", ["hrdd", "hrdd.errors", "hrdd.columns", "hrdd_cli.main", "hrdd_workbook"])
def test_importing_a_front_door_loads_no_heavy_library(module: str) -> None:
    """Help, headers and errors cost no pandas."""
    assert not _loaded_by(f"import {module}") & set(HEAVY)


def test_help_loads_no_heavy_library() -> None:
    """`hrdd --help` lists the commands without importing them."""
    code = "import sys; sys.argv = ['hrdd', '--help']\nfrom hrdd_cli.main import cli\ncli(standalone_mode=False)"
    assert not _loaded_by(code) & set(HEAVY)


def test_the_scorer_loads_no_door_and_no_workbook_library() -> None:
    """The domain knows no click, no Excel library and no network client."""
    loaded = _loaded_by("import hrdd.engine")
    assert not loaded & {"click", "rich", "openpyxl", "python_calamine", "xlwings", "requests", "urllib3"}
