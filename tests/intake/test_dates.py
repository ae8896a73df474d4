# a cell of a workbook has no time zone
"""Dates: read where they can mean one day only, else UNKNOWN with a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.intake import take_in

READ = Callable[[str, object], Any]
TODAY = dt.date(2026, 11, 24)
KEY = "screening_date"  # a date column whose blank stays blank


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2026, 12, 31),
        dt.datetime(2026, 12, 31, 23, 59),
        pd.Timestamp("2026-12-31"),
        pd.Timestamp("2026-12-31 08:00", tz="Asia/Tokyo"),
        np.datetime64("2026-12-31"),
        "2026-12-31",
        " 2026-12-31 ",
        "2026-12-31T10:00:00",
        "2026-12-31 10:00",
        "2026/12/31",
        "20261231",
        "31.12.2026",
        "31/12/2026",
        "12/31/2026",
        "31-12-2026",
        "31 December 2026",
        "31 Dec 2026",
        "December 31, 2026",
        "Dec 31, 2026",
        "31-Dec-2026",
        "Thu, 31 Dec 2026",
        "31st December 2026",
        "2026-Dec-31",
        "31. Dezember 2026",
        "31 décembre 2026",
        "31 déc. 2026",
        "31 de diciembre de 2026",
        "31 dicembre 2026",
        "31 grudnia 2026",
        "31 Aralık 2026",
        "31 декабря 2026",
        "2026年12月31日",
        "2026년 12월 31일",
        "31. 12. 2026",
        "2026.12.31",
    ],
)
def test_a_date_that_means_one_day(read: READ, cell: object) -> None:
    """A real date, an ISO date, a dotted date, a month in words, or a slashed date that has only one reading."""
    value, doubt, told = read(KEY, cell)
    assert (value, doubt, told) == (dt.date(2026, 12, 31), False, None)


@pytest.mark.parametrize("cell", ["03/04/2026", "3/4/2026", "12-11-2026"])
def test_a_date_that_may_be_two_days_is_unknown(read: READ, cell: str) -> None:
    """Day and month cannot be told apart, so neither is chosen."""
    value, doubt, told = read(KEY, cell)
    assert (value, doubt) == (None, True)
    assert told.startswith(f'"{cell}" may be 2026-')
    assert told.endswith("and counts as unknown; write it as YYYY-MM-DD")


@pytest.mark.parametrize(("cell", "day"), [("1-Mar-26", "2026-03-01"), ("31 déc. 99", "1999-12-31")])
def test_a_short_year_behind_a_month_in_words_is_read_and_told(read: READ, cell: str, day: str) -> None:
    """Day, month in words, two figures of the year: one day, and the century that was read into it is said."""
    assert read(KEY, cell) == (
        dt.date.fromisoformat(day),
        False,
        f'"{cell}" is a date with a short year and was read as {day}',
    )


def test_a_day_written_as_one_number_is_that_day(read: READ) -> None:
    """20260301 is the first of March 2026, as a text and, told, as a number."""
    assert read(KEY, "20260301") == (dt.date(2026, 3, 1), False, None)
    told = '"20260301" is a number and was read as 2026-03-01'
    assert read(KEY, 20260301) == read(KEY, 20260301.0) == (dt.date(2026, 3, 1), False, told)


@pytest.mark.parametrize(
    "cell", ["26-Mar", "Mar 2026", "1 Mar", "1 Foo 2026", "0 März 2026", "31 avril 2026", "Mar 1 26"]
)
def test_a_month_in_words_without_a_whole_day_is_unknown(read: READ, cell: str) -> None:
    """A day that is not all there, or that no calendar has, is UNKNOWN with a sentence."""
    value, doubt, told = read(KEY, cell)
    assert (value, doubt) == (None, True)
    assert told == f'"{cell}" is not a date that can be read; write it as YYYY-MM-DD'


def test_equal_day_and_month_are_one_day(read: READ) -> None:
    """03/03 is the third of March in either order."""
    assert read(KEY, "03/03/2026") == (dt.date(2026, 3, 3), False, None)


@pytest.mark.parametrize(("serial", "day"), [(45658, "2025-01-01"), (45658.75, "2025-01-01"), (46387, "2026-12-31")])
def test_a_serial_number_of_excel_is_a_day_and_is_told(read: READ, serial: float, day: str) -> None:
    """A date cell that lost its format is read, and the reading is shown."""
    value, doubt, told = read(KEY, serial)
    assert (value, doubt) == (dt.date.fromisoformat(day), False)
    assert told == f'"{serial}" is a serial number and was read as {day}'


@pytest.mark.parametrize("serial", [np.int64(45658), np.float64(45658)])
def test_a_serial_number_of_numpy_is_the_same_day(read: READ, serial: object) -> None:
    """Frames that come from arrays hold the numbers of arrays."""
    assert read(KEY, serial).value == dt.date(2025, 1, 1)


@pytest.mark.parametrize("cell", ["45658", "45658.0"])
def test_the_text_of_a_serial_number_is_told(read: READ, cell: str) -> None:
    """Five digits as text are never taken silently, and never for another day."""
    value, _, told = read(KEY, cell)
    assert value in (None, dt.date(2025, 1, 1))
    assert told


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(1899, 12, 31), dt.datetime(9999, 12, 31), "1899-12-31", "9999-12-31", 0, 1, 1899, 2026, 99999, -1,
        float("inf"), float("-inf"), 10**30, 20261305, "29.02.2027", "2027-02-29", "30.02.2026", "2026-13-01",
        "32/12/2026", "13/13/2026", "31/12/26", "12/2026", "Q3 2026", "today", "next week", "2026", "n/a", "tbd", "?",
        "-", "#N/A", True, False,
    ],
)  # fmt: skip
def test_what_is_no_day_of_our_time_is_unknown(read: READ, cell: object) -> None:
    """Days that do not exist, years out of time, and words are UNKNOWN with a sentence, never another day."""
    value, doubt, told = read(KEY, cell)
    assert (value, doubt) == (None, True)
    assert told


def test_the_leap_day_exists_in_leap_years(read: READ) -> None:
    """29 February is read where there is one."""
    assert read(KEY, "29.02.2028").value == dt.date(2028, 2, 29)


@pytest.mark.parametrize("blank", [None, "", "  ", float("nan"), pd.NaT])
def test_a_blank_date_of_the_deal_is_today(blank: object) -> None:
    """A deal without a date is judged as of today, and nothing is wrong with that."""
    taken = take_in(pd.DataFrame({"as_of_date": pd.Series([blank], dtype=object)}), TODAY)
    assert taken.cells["as_of_date"].tolist() == [pd.Timestamp(TODAY)]
    assert not taken.doubtful("as_of_date").any()
    assert [problem for problem in taken.problems if problem.key == "as_of_date"] == []


def test_an_unreadable_date_of_the_deal_is_today_and_doubted() -> None:
    """A deal whose date cannot be read is judged as of today, and the row says that the date is unknown."""
    taken = take_in(pd.DataFrame({"as_of_date": ["03/04/2026"]}), TODAY)
    assert taken.cells["as_of_date"].tolist() == [pd.Timestamp(TODAY)]
    assert taken.doubtful("as_of_date").tolist() == [True]
    assert len([problem for problem in taken.problems if problem.key == "as_of_date"]) == 1


@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_of_our_time_is_read_in_every_plain_form(read: READ, day: dt.date) -> None:
    """The same day comes back from a date, a moment, ISO text, dotted text and Excel's serial number."""
    serial = (day - dt.date(1899, 12, 30)).days
    moment = dt.datetime(day.year, day.month, day.day, 12)
    for form in (day, moment, day.isoformat(), day.strftime("%d.%m.%Y"), serial):
        assert read(KEY, form).value == day


@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_a_slashed_date_is_never_another_day(read: READ, day: dt.date) -> None:
    """Written day first or month first, a slashed date is its day or UNKNOWN."""
    for form in ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"):
        assert read(KEY, day.strftime(form)).value in (None, day)


@given(day=st.dates())
def test_a_date_is_itself_or_nothing(read: READ, day: dt.date) -> None:
    """Of all dates there are, those of our time are taken and no other."""
    value, doubt, _ = read(KEY, day)
    assert (value, doubt) == ((day, False) if 1990 <= day.year <= 2099 else (None, True))
