"""Blocks of cells go in and come out as xlwings would have them, without a look at every cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import com
import pytest

from hrdd_addin import blocks, excel

ROWS = [["T1", 1.5, None, True], ["", datetime(2024, 3, 1, 12, 30), "=x", None]]


@pytest.mark.parametrize("address", ["A1:H6", "C2", "B2:B6", "A4:H4"])
def test_what_is_read_is_what_xlwings_reads(
    address: str, make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cell, one row, one column, errors, days and blanks: the same values of the same types, through COM."""
    with com.windows(monkeypatch) as (session, _):
        excel.tame()
        cells = session.open(make("error_cells")).sheets[0].range(address)
        wanted = cells.options(ndim=2, err_to_str=True).value
        found = blocks.read(cells)
        assert found == wanted
        assert [[type(v) for v in row] for row in found] == [[type(v) for v in row] for row in wanted]


def test_what_is_entered_is_read_again(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, excel: Any) -> None:
    """Nothing for None, days as days, text as text where cells are text."""
    cells = excel.open(make()).sheets[0].range("K1:N2")
    cells.number_format = "@"
    blocks.enter(cells, ROWS)
    cells.sheet.range("L2").number_format = "General"
    blocks.enter(cells.sheet.range("L2"), [[ROWS[1][1]]])
    assert blocks.read(cells)[1][1:] == ROWS[1][1:]
    assert blocks.read(cells)[0][0] == "T1"
