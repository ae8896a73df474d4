"""Owners and intermediaries: each of several in a cell is looked up, and a share is that of the owner who holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pytest

Ask = Callable[[Sequence[dict[str, object]]], Any]
ROW: dict[str, object] = {
    "as_of_date": "2025-10-15", "us_content": "Yes", "end_user": "Acme", "screening_result": "Clear",
}  # fmt: skip
MAJORITY, MINORITY, OPEN = (True, False), (False, True), (pd.NA, True)


@pytest.fixture(scope="module")
def owned(asked: Ask) -> Callable[..., tuple[Any, Any]]:
    """Whether a listed party holds a majority, and whether a minority or an unknown share."""

    def ask(**cells: object) -> tuple[Any, Any]:
        answers = asked([{**ROW, **cells}]).astype(object)
        return answers["E-OWNED50"][0], answers["E-OWNED-MIN"][0]

    return ask


def test_an_owner_that_resembles_a_listed_name_is_a_possible_match(asked: Ask) -> None:
    """Whoever bears part of a listed name is looked at, as owner as well as buyer."""
    rows = [
        {**ROW, "owner": owner} for owner in ("Dahua Technology Europe", "Orion; Hikvision Deutschland GmbH", "Orion")
    ]
    assert asked(rows)["E-NAMEHIT"].tolist() == [True, True, False]


@pytest.mark.parametrize("key", ["intermediary", "end_user"])
@pytest.mark.parametrize("cell", ["Nordic AS; Dahua Technology", "Nordic AS\nHangzhou Hikvision Digital Technology"])
def test_each_of_several_parties_is_looked_up(key: str, cell: str, asked: Ask) -> None:
    """The second of two parties in a cell is on the list as surely as if it stood alone."""
    assert asked([{**ROW, key: cell}])["E-LISTED"].tolist() == [True]


def test_an_intermediary_that_says_it_is_listed_is_a_possible_match(asked: Ask) -> None:
    """Words of a listing count beside a reseller's name too, and are not hidden by an owner's."""
    rows = [
        {**ROW, "intermediary": "Nordic AS (Entity List)", "end_user": name}
        for name in ("Acme", "Acme (60% state owned)")
    ]
    assert asked(rows)["E-NAMEHIT"].tolist() == [True, True]


@pytest.mark.parametrize(
    ("owner", "share", "expected"),
    [
        ("Dahua Technology", 60, MAJORITY),
        ("Dahua Technology", 40, MINORITY),
        ("Dahua Technology (60%)", None, MAJORITY),
        ("Orion 70%; Dahua Technology 30%", 70, MINORITY),
        ("Orion 40%\nDahua Technology 60 %", 40, MAJORITY),
        ("Orion; Dahua Technology", 60, MAJORITY),
        ("Orion; Dahua Technology", 30, OPEN),
        ("Orion; Dahua Technology", None, OPEN),
    ],
)
def test_the_share_is_that_of_the_listed_owner(owner: str, share: object, expected: object, owned: Any) -> None:
    """A lone owner has the column's share; of several it is what stands beside the listed one's name, else open."""
    assert owned(owner=owner, owner_share=share) == expected


@pytest.mark.parametrize(
    ("words", "owner", "share", "expected"),
    [
        ("owned 60% by a listed party", "Orion", 10, MAJORITY),
        ("owned 30% by a listed party", "Orion", 80, MINORITY),
        ("owned 60% by a listed party", None, 40, MAJORITY),
        ("owned 30% by a listed party", None, 60, MAJORITY),
        ("owned 30% by a listed party", "an Entity List party", 60, MAJORITY),
    ],
)
def test_the_share_of_another_owner_is_not_the_listed_ones(
    words: str, owner: object, share: object, expected: object, owned: Any
) -> None:
    """Beside an owner who is not listed the end user's own words have the listed one's share; in doubt the larger."""
    assert owned(end_user=f"Acme ({words})", owner=owner, owner_share=share) == expected


def test_a_share_that_nobody_listed_holds_is_no_listing(owned: Any) -> None:
    """A subsidiary of an ordinary group, or a state company, is not owned by a listed party."""
    assert owned(end_user="Acme (75% owned by Orion Group)") == (pd.NA, pd.NA)
    assert owned(end_user="Acme (51% state-owned)") == (pd.NA, pd.NA)
