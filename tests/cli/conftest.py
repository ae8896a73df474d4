"""The command as a user calls it, and workbooks to call it on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hrdd.columns import INPUT_BY_KEY
from hrdd_cli.main import cli

EXAMPLES = Path(__file__).parents[2] / "examples"
Run = Callable[..., Result]


@pytest.fixture
def hrdd() -> Run:
    """Call `hrdd` with words; errors of the program come back as on the command line."""

    def run(*words: object) -> Result:
        return CliRunner().invoke(cli, [str(word) for word in words], prog_name="hrdd", terminal_width=100)

    return run


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A copy of the example quarter."""
    return Path(shutil.copy(EXAMPLES / "orders-2026q3.xlsx", tmp_path / "orders.xlsx"))


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Make a workbook of transactions from rows of input keys and values."""

    def make(*rows: dict[str, object], name: str = "small.xlsx") -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert sheet is not None
        keys = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append([INPUT_BY_KEY[key].header for key in keys])
        for row in rows:
            sheet.append([row.get(key) for key in keys])
        path = tmp_path / name
        workbook.save(path)
        return path

    return make
