"""`hrdd explain`: the row that is meant, in words or as one document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DAY = ("--date", "2026-11-24")
ROW = {"product": "Phone extraction kit", "end_user": "State Police", "destination_country": "Egypt"}


def test_an_id_that_stands_twice_gives_one_document(hrdd: Callable, book: Callable) -> None:
    """JSON is one list, with the row of the sheet for each, however many rows bear the id."""
    path = book({"transaction_id": "A", **ROW}, {"transaction_id": "B", **ROW}, {"transaction_id": "A", **ROW})
    twice = json.loads(hrdd("explain", path, "--row", "A", "--format", "json", *DAY).output)
    assert [(told["row"], told["transaction_id"]) for told in twice] == [(2, "A"), (4, "A")]
    once = json.loads(hrdd("explain", path, "--row", "B", "--format", "json", *DAY).output)
    assert [set(told) for told in once] == [{"row", "transaction_id", "headline", "sections"}]
    assert hrdd("explain", path, "--row", "A", *DAY).output.count("of sheet Sheet\n") == 2


@pytest.mark.parametrize("wanted", ["3", "#3"])
def test_a_row_without_an_id_is_named_by_its_number(hrdd: Callable, book: Callable, wanted: str) -> None:
    """Where no transaction has that id, the number is that of the row of the sheet, and the cell stands for the id."""
    path = book({"transaction_id": "A", **ROW}, {"transaction_id": None, **ROW})
    shown = hrdd("explain", path, "--row", wanted, *DAY)
    assert shown.exit_code == 0, shown.stderr
    assert shown.output.startswith("Row 3 of sheet Sheet\nSheet!A3 (no id): ")
    (told,) = json.loads(hrdd("explain", path, "--row", wanted, "--format", "json", *DAY).output)
    assert told["transaction_id"] is None


def test_an_id_comes_before_a_row_number(hrdd: Callable, book: Callable) -> None:
    """A number that is an id is that transaction; with the mark before it, it is the row."""
    path = book({"transaction_id": "3", **ROW}, {"transaction_id": "X", **ROW})
    assert hrdd("explain", path, "--row", "3", *DAY).output.startswith("Row 2 ")
    assert hrdd("explain", path, "--row", "#3", *DAY).output.startswith("Row 3 ")


@pytest.mark.parametrize("wanted", ["1", "#1", "99", "B", "", "#"])
def test_a_row_that_is_not_there_is_one_sentence(hrdd: Callable, book: Callable, wanted: str) -> None:
    """The header, a row below the last one, another id: each is said, with what could be meant."""
    shown = hrdd("explain", book({"transaction_id": "A1", **ROW}), "--row", wanted, *DAY)
    assert shown.exit_code == 4
    assert "the nearest ids are A1; row 2 of the sheet is --row '#2'" in shown.stderr


def test_cells_are_told_as_they_are(hrdd: Callable, book: Callable) -> None:
    """A blank cell is blank, an unreadable one gives no answer, and no cell is said to give the day of scoring."""
    path = book({"transaction_id": "A", **ROW, "q_end_user_verified": "Probably", "as_of_date": None})
    words: Any = hrdd("explain", path, "--row", "A", *DAY).output
    assert "Sheet!F2 = 2026-11-24 (the day of scoring; the cell gives none)" in words
    assert "Sheet!E2 gives no answer; at worst" in words


def test_a_sheet_without_rows_is_one_sentence(hrdd: Callable, book: Callable) -> None:
    """Nothing to explain is said."""
    shown = hrdd("explain", book(dict.fromkeys(ROW)), "--row", "A", *DAY)
    assert shown.exit_code == 4
    assert "no row under it" in shown.stderr
