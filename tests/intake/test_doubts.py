"""A cell that says that something is not known is told apart from one that nobody can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from hrdd.columns import INPUTS, Column
from hrdd.intake import take_in

Doubts = Callable[[str, object], str]
UNREADABLE = ["#REF!", "Probably", "12 or 13", b"bytes"]


@pytest.mark.parametrize("column", [c for c in INPUTS if c.when_blank != "problem"], ids=lambda column: column.key)
def test_a_said_unknown_is_never_a_misread_cell(column: Column, doubts: Doubts) -> None:
    """Unknown, TBC, n/a and a question mark are understood in every column, whatever they count as there."""
    for cell in ("Unknown", "TBC", "tbd", "?", "not known"):
        assert doubts(column.key, cell) != "misread", cell


@pytest.mark.parametrize(
    "column",
    [c for c in INPUTS if c.kind not in ("text", "category") and c.key != "end_user_type"],
    ids=lambda c: c.key,
)
def test_what_cannot_be_read_is_misread(column: Column, doubts: Doubts) -> None:
    """A typo, an error value and what no cell can hold are no statement that something is unknown."""
    assert [doubts(column.key, cell) for cell in UNREADABLE] == ["misread"] * len(UNREADABLE)


def test_an_error_in_a_text_is_misread(doubts: Doubts) -> None:
    """An error value in a text column is no placeholder."""
    assert doubts("end_user", "#REF!") == "misread"


def test_words_under_category_that_are_read_for_what_they_say_are_not_misread(doubts: Doubts) -> None:
    """A category of the user's own is read like the product's name; a misspelt choice is not."""
    assert doubts("product_category", "Other") == "none"
    assert doubts("product_category", "facial recogniton") == "misread"


def test_the_marks_stand_at_their_rows() -> None:
    """Blank, said unknown and misread cells of one column are three things."""
    frame = pd.DataFrame({"us_content": np.array([None, "Unknown", "Probably", "Yes"], dtype=object)})
    taken = take_in(frame, dt.date(2026, 11, 24))
    assert taken.doubtful("us_content").tolist() == [False, True, True, False]
    assert taken.misread["us_content"].tolist() == [False, False, True, False]
