"""The worksheet functions, called as Excel calls them: with tuples of cells, dates and error codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from hrdd_addin import functions
from hrdd_addin.addin_file import FUNCTIONS

HEAD = (("Orders", None, None, None), ("Product", "End user", "Destination country", "Date"))
GRAVE = ("Face recognition server", "Ministry of Interior", "Kenya", datetime(2024, 3, 1))
LIGHT = ("Office laptop", "St Mary Hospital", "Norway", None)


@pytest.fixture(autouse=True)
def _engine(excel: Any) -> None:
    """Xlwings cleans values through its engine."""


def test_one_row_has_one_answer() -> None:
    """A single cell shows a single word."""
    assert functions.rating((GRAVE,), HEAD) == "HIGH"
    assert functions.rating((LIGHT,), HEAD) == "LOW"
    assert str(functions.why((GRAVE,), HEAD)).startswith("Severity")


def test_a_block_of_rows_spills() -> None:
    """One answer a row; a blank row has an empty one."""
    assert functions.rating((GRAVE, (None,) * 4, LIGHT), HEAD) == [["HIGH"], [""], ["LOW"]]


def test_a_name_on_a_list_is_said_with_its_entry() -> None:
    """And a name on none is said to be on none, not to be harmless."""
    assert str(functions.screen("NSO Group")).startswith("listed: NSO Group")
    assert functions.screen("St Mary Hospital") == "no entry found"
    assert functions.screen((("NSO Group",), (None,)))[1] == [""]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("given", [(), (None,), ((GRAVE,), None), ((GRAVE,), ((1, 2, 3, 4),)), (object(), object())])
def test_no_failure_puts_an_error_text_into_a_cell(name: str, given: tuple[Any, ...]) -> None:
    """The sentinel, or an answer; never an exception and never its words."""
    answer = getattr(functions, name.lower())(*given)
    assert answer in (functions.NO_ANSWER, "", "no entry found")


def test_the_addin_and_python_have_the_same_sentinel() -> None:
    """The VBA shows it where Python could not be reached."""
    from importlib.resources import files

    source = files("hrdd_addin").joinpath("vba", "HrddFunctions.bas").read_text(encoding="utf-8")
    assert f'NoAnswer As String = "{functions.NO_ANSWER}"' in source
