"""An Excel that is none: the double behind xlwings, and workbooks to open in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "double"))

import com  # noqa: F401  # for the tests to import
import engine
import macros  # noqa: F401
import workbooks

sys.path.pop(0)
sys.path.pop(0)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this user for the add-in's records."""
    folder = tmp_path / "hrdd home"
    monkeypatch.setenv("HRDD_HOME", str(folder))
    return folder


@pytest.fixture
def excel() -> Iterator[Any]:
    """One running Excel."""
    yield engine.install().start()
    engine.ENGINE.sessions.clear()


@pytest.fixture
def second_excel(excel: Any) -> Any:
    """Another Excel beside the first, and in front of it."""
    return engine.ENGINE.start()


@pytest.fixture
def makers() -> dict[str, Callable[[Path], object]]:
    """The forty workbooks by name."""
    return workbooks.MAKERS


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for an Excel that will not answer."""
    from hrdd_addin import excel as found

    monkeypatch.setattr(found, "_PAUSE", 0)


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows are judged once a run, also where a button asks for it."""
    from hrdd_addin import scoring

    monkeypatch.setattr(scoring, "score", workbooks.scores)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Build one of the forty workbooks, with a change if one is given."""

    def build(
        name: str = "plain", change: Callable[[Any, Any], object] | None = None, file: str = "orders.xlsx"
    ) -> Path:
        path = tmp_path / file
        path.write_bytes(workbooks.built(name))
        if change is not None:
            import openpyxl

            book = openpyxl.load_workbook(path)
            change(book, book.active)
            book.save(path)
        return path

    return build


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for `workbook_name` run for each of the forty."""
    if "workbook_name" in metafunc.fixturenames:
        metafunc.parametrize("workbook_name", sorted(workbooks.MAKERS))
