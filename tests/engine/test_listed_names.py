"""Listed parties under the names that orders carry: written out, cut short, with initials, among other words."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("NSO Group", "STOP"),
        ("N.S.O. Group", "STOP"),
        ("NSO Group Technologies Limited", "HOLD"),
        ("c/o NSO Group Technologies", "HOLD"),
        ("Megvii", "HOLD"),
        ("Yitu Ltd", "HOLD"),
        ("SenseTime Group", "HOLD"),
        ("Dahua", "HOLD"),
        ("Dahua Gulf FZE", "HOLD"),
        ("Meiya Pico", "HOLD"),
        ("海康威视", "HOLD"),
        ("Orion Ltd", "NONE"),
    ],
)
def test_a_listed_name_is_found_in_its_ordinary_spellings(
    name: str, disposition: str, benign: dict[str, object], scored: Any
) -> None:
    """The listed name itself stops a row; what may be it holds the row until somebody screened it."""
    row = {**benign, "screening_result": None, "as_of_date": "2023-10-01", "end_user": name}
    assert scored([row]).columns["disposition"].iloc[0] == disposition


def test_listed_owners_count_together(benign: dict[str, object], scored: Any) -> None:
    """Two listed owners with 55 per cent between them are a majority, as the rules say: in the aggregate."""
    row = {**benign, "as_of_date": "2025-10-15", "us_content": "Yes", "owner": "NSO Group 30%; Candiru 25%"}
    said = scored([row, {**row, "owner": "NSO Group 30%; Orion 25%"}]).columns
    assert said["disposition"].tolist() == ["STOP", "HOLD"]


def test_a_rule_with_dates_is_told_once_whatever_the_other_rows_are(benign: dict[str, object], scored: Any) -> None:
    """The words about an owner do not hang on whether another row of the table has one."""
    owned = {**benign, "as_of_date": "2026-06-01", "owner": "NSO Group", "owner_share": 60}
    alone, beside = scored([owned]).columns, scored([owned, benign]).columns
    assert alone.iloc[0].equals(beside.iloc[0])
