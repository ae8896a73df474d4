"""The corpus of workbooks, built once a run, and small workbooks for single tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import by_libraries
import handmade
import rare
import spellings
import xlsb  # noqa: F401  # for the tests of older formats

sys.path.pop(0)

MAKERS: dict[str, Callable[[Path], Any]] = {**rare.MAKERS, **by_libraries.MAKERS}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for `workbook_name` run once for every workbook of the corpus."""
    if "workbook_name" in metafunc.fixturenames:
        metafunc.parametrize("workbook_name", sorted(MAKERS))


@pytest.fixture
def workbook(workbook_name: str, tmp_path: Path) -> Path:
    """One workbook of the corpus."""
    return made(workbook_name, tmp_path)


def made(name: str, folder: Path) -> Path:
    """Build a workbook of the corpus in a folder."""
    path = folder / name
    MAKERS[name](path)
    return path


@pytest.fixture
def build(tmp_path: Path) -> Callable[[str], Path]:
    """Build a workbook of the corpus by its name."""
    return lambda name: made(name, tmp_path)


@pytest.fixture
def corpus_names() -> list[str]:
    """The names of all workbooks of the corpus."""
    return sorted(MAKERS)


@pytest.fixture
def declined() -> dict[str, str]:
    """Workbooks that must be declined, and words of the reason."""
    return rare.DECLINED


@pytest.fixture
def xml() -> Any:
    """The module that spells out workbooks as XML."""
    return handmade


@pytest.fixture
def spelled() -> Any:
    """Draws a way of spelling a sheet."""
    return spellings.spelled
