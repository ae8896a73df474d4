"""Numbers: as numbers, or as text in English or continental writing; what may be two numbers is UNKNOWN."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

READ = Callable[[str, object], Any]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (5, 5.0),
        (0, 0.0),
        (-5, -5.0),
        (2.5, 2.5),
        (1e300, 1e300),
        (np.int64(7), 7.0),
        (np.float32(0.5), 0.5),
        (Decimal("2.5"), 2.5),
    ],
)
def test_a_number_is_a_number(read: READ, cell: object, value: float) -> None:
    """Numbers are taken as they are, without a word."""
    assert read("amount", cell) == (value, False, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234", 1234), ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("1 234,50", 1234.5), ("1'234.50", 1234.5),
        ("1\u00a0234,5", 1234.5), ("1\u202f234\u202f567", 1234567), ("1,234,567", 1234567),
        ("12.345.678,9", 12345678.9), ("0.125", 0.125),
        ("12,5", 12.5), ("12,5 %", 12.5), ("12.5%", 12.5), (" 7 ", 7), ("+7", 7), ("-7", -7), ("0.5", 0.5),
        ("1234.567", 1234.567), ("٥٠", 50),
    ],
)  # fmt: skip
def test_a_number_as_text_is_read_and_told(read: READ, cell: str, value: float) -> None:
    """Text that means one number is that number, and the reading is shown in full."""
    found, doubt, told = read("amount", cell)
    assert (found, doubt) == (value, False)
    assert told == f'"{cell.strip()}" is text and was read as {value:.15g}'


@pytest.mark.parametrize(("cell", "small", "large"), [("1.234", "1.234", "1234"), ("12.500", "12.5", "12500")])
def test_text_that_may_be_thousands_is_unknown(read: READ, cell: str, small: str, large: str) -> None:
    """1.234 is one thing in London and another in Berlin."""
    assert read("amount", cell) == (None, True, f'"{cell}" may be {small} or {large} and counts as unknown')


def test_a_share_cannot_be_in_thousands(read: READ) -> None:
    """Where only one of the two readings is a percentage, it is the one."""
    assert read("owner_share", "33.333").value == 33.333


@pytest.mark.parametrize(
    "cell",
    [
        float("inf"), float("-inf"), 1e400, 10**400, "inf", "1e400", "NaN", "9" * 400, "1e5", "1.234.567", "5 0",
        "3 4 5", "€ 50", "50 percent", "about 50", "<50", ">50%", "50-60", "(50)", "5O", "tbd", "n/a", "?",
        "-", "%", ".", ",", "#DIV/0!", True, False,
    ],
)  # fmt: skip
def test_what_is_no_plain_number_is_unknown(read: READ, cell: object) -> None:
    """Words, ranges, guesses, infinities and truths are UNKNOWN with a sentence."""
    value, doubt, told = read("amount", cell)
    assert (value, doubt) == (None, True)
    assert "counts as unknown" in told


@pytest.mark.parametrize("cell", [-5, "-5", 100.1, 200, "200 %", "1,234.50", "33,333"])
def test_a_share_outside_its_range_is_unknown(read: READ, cell: object) -> None:
    """Nobody owns less than nothing or more than all."""
    value, doubt, told = read("owner_share", cell)
    assert (value, doubt) == (None, True)
    assert told == f'"{cell}" is not a percentage from 0 to 100 and counts as unknown'


@pytest.mark.parametrize(("cell", "value"), [(0, 0.0), (49.9, 49.9), (50, 50.0), (100, 100.0), (1.5, 1.5)])
def test_a_share_inside_its_range_is_taken(read: READ, cell: float, value: float) -> None:
    """From 0 to 100, both included."""
    assert read("owner_share", cell) == (value, False, None)


@pytest.mark.parametrize(("cell", "value"), [(0.5, 50), (0.499, 49.9), (1, 100), ("0.5", 50), ("0,5", 50)])
def test_a_fraction_is_the_percentage_that_a_percent_cell_stores(read: READ, cell: object, value: float) -> None:
    """A cell that shows 50 % stores 0.5; the reading is told, and of two readings of 1 the graver is taken."""
    found, doubt, told = read("owner_share", cell)
    assert (found, doubt) == (pytest.approx(value), False)
    assert told == f'"{cell}" was read as {value:g} %'


@pytest.mark.parametrize(("cell", "value"), [("0.5 %", 0.5), ("1 %", 1.0), ("49,9 %", 49.9), ("50\u00a0%", 50.0)])
def test_a_written_percent_sign_is_believed(read: READ, cell: str, value: float) -> None:
    """Half a per cent is half a per cent when it says so."""
    assert read("owner_share", cell).value == value


@given(whole=st.integers(-(10**9), 10**9), cents=st.integers(0, 99))
def test_money_is_read_the_same_in_every_writing(read: READ, whole: int, cents: int) -> None:
    """English, German, French and Swiss writing of one amount give one number."""
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    for text in (english, german, english.replace(",", " "), english.replace(",", "'"), german.replace(".", "\u00a0")):
        assert read("amount", text).value == float(f"{whole}.{cents:02d}"), text


@given(
    cell=st.floats(allow_nan=False) | st.integers() | st.text("0123456789.,-+% '", max_size=12) | st.text(max_size=12)
)
def test_a_share_is_never_outside_its_range(read: READ, cell: object) -> None:
    """Whatever is entered, what is used is a percentage or nothing."""
    value, doubt, told = read("owner_share", cell)
    assert value is None or 0 <= value <= 100
    assert doubt == bool(value is None and told)
