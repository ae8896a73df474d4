"""Rules, lists, records and regions are applied as they stood on the row's date."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hrdd.explanation import explain
from hrdd.reference import load_reference

IN_FORCE, NOT_IN_FORCE = ("CRITICAL", "STOP"), ("HIGH", "HOLD")

OWNED = {"owner": "an Entity List party", "owner_share": 60, "us_content": "Yes"}


def _said(scores: Any) -> list[tuple[str, str]]:
    return list(zip(scores.columns["rating"], scores.columns["disposition"], strict=True))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-09-28", NOT_IN_FORCE),
        ("2025-09-29", IN_FORCE),
        ("2025-11-09", IN_FORCE),
        ("2025-11-10", NOT_IN_FORCE),
        ("2026-11-09", NOT_IN_FORCE),
        ("2026-11-10", IN_FORCE),
        ("2027-06-30", IN_FORCE),
    ],
)
def test_the_fifty_per_cent_rule_binds_by_the_day(
    day: str, expected: tuple[str, str], benign: dict[str, object], scored: Any
) -> None:
    """A majority owner on the Entity List stops a row while the rule is in force, else holds it."""
    assert _said(scored([{**benign, **OWNED, "as_of_date": day}])) == [expected]


def test_the_return_of_the_rule_is_said_to_be_unverified(benign: dict[str, object], scored: Any) -> None:
    """From 2026-11-10 the rule counts as in force, and the explanation says that this could not be confirmed."""
    days = ("2025-10-01", "2026-01-01", "2026-11-10")
    scores = scored([{**benign, **OWNED, "as_of_date": day} for day in days])
    first, suspended, back = (explain(scores, row).text for row in range(3))
    assert "BIS-50 in force, from 2025-09-29 to 2025-11-09 (" in first
    assert "BIS-50 suspended, from 2025-11-10 to 2026-11-09 (" in suspended
    assert "BIS-50 scheduled to be in force, not verified, from 2026-11-10 (" in back


MINORITY = ("MEDIUM", "HOLD")


@pytest.mark.parametrize(
    ("share", "expected"), [(49.9, MINORITY), (50, IN_FORCE), (50.1, IN_FORCE), ("50 %", IN_FORCE)]
)
def test_half_is_a_majority(share: object, expected: tuple[str, str], benign: dict[str, object], scored: Any) -> None:
    """Fifty per cent or more: the boundary belongs to the rule; below it a listed owner holds the row."""
    assert _said(scored([{**benign, **OWNED, "owner_share": share, "as_of_date": "2025-10-01"}])) == [expected]


def test_the_rule_needs_a_us_nexus(benign: dict[str, object], scored: Any) -> None:
    """Without US content or a US exporter a listed majority owner holds the row and does not stop it."""
    row = {**benign, **OWNED, "as_of_date": "2025-10-01", "us_content": "No"}
    rows = [row, {**row, "exporter_country": "US"}, {**row, "us_content": None}]
    assert [ships for _, ships in _said(scored(rows))] == ["HOLD", "STOP", "HOLD"]


def test_the_treasurys_rule_was_there_before(benign: dict[str, object], scored: Any) -> None:
    """An owner blocked by the Treasury stops the row also while the other rule is suspended."""
    row = {**benign, **OWNED, "owner": "SDN owner"}
    days = ("2007-12-31", "2008-02-14", "2026-01-01")
    assert [ships for _, ships in _said(scored([{**row, "as_of_date": day} for day in days]))] == [
        "HOLD",
        "STOP",
        "STOP",
    ]


def test_a_vendor_is_listed_from_its_listing_to_its_removal(benign: dict[str, object], scored: Any) -> None:
    """A party stops a row on the days on which it was listed, both included, and on no other."""
    days = ("2024-02-26", "2024-02-27", "2024-10-20", "2024-10-21")
    rows = [{**benign, "end_user": "Sandvine Incorporated", "as_of_date": day} for day in days]
    assert [ships for _, ships in _said(scored(rows))] == ["NONE", "STOP", "STOP", "NONE"]


def test_every_listed_vendor_stops_a_row_on_its_first_day_and_not_the_day_before(
    benign: dict[str, object], scored: Any
) -> None:
    """Each party of the shipped table whose name says enough is found by that name from its date on."""
    first: dict[str, np.datetime64] = {}
    for vendor in load_reference().vendors:
        if vendor.list_code in ("EL", "SDN", "MEU") and len(vendor.name.split()) > 1:
            first[vendor.name.casefold()] = min(
                vendor.effective_from, first.get(vendor.name.casefold(), vendor.effective_from)
            )
    rows = [{**benign, "end_user": name.upper(), "as_of_date": str(day)} for name, day in first.items()]
    assert len(rows) > 30
    assert scored(rows).signals["E-LISTED"].all()


def test_a_region_has_its_record_from_its_date(benign: dict[str, object], scored: Any) -> None:
    """Xinjiang holds a row from April 2017; before, and elsewhere in the country, it does not by itself."""
    row = {**benign, "destination_country": "China", "product_category": "body_worn"}
    cases = [("Xinjiang", "2017-03-31"), ("Xinjiang", "2017-04-01"), ("Guangdong", "2024-01-01"), (None, "2024-01-01")]
    signals = scored([{**row, "destination_region": place, "as_of_date": day} for place, day in cases]).signals
    assert signals["C-REGION"].astype(object).tolist() == [False, True, False, pd.NA]


def test_an_embargo_binds_on_its_days_alone(benign: dict[str, object], scored: Any) -> None:
    """The comprehensive US embargo on Syria reached any US product until its last day."""
    row = {**benign, "destination_country": "Syria", "us_content": "Yes", "product_category": "body_worn"}
    days = ("2004-05-13", "2004-05-14", "2025-09-01", "2025-09-02")
    signals = scored([{**row, "as_of_date": day} for day in days]).signals
    assert signals["C-EMBARGO"].fillna(value=False).tolist() == [False, True, True, False]


def test_a_country_is_judged_by_the_record_of_its_year(benign: dict[str, object], scored: Any) -> None:
    """The Gambia's record was poor and then no longer, Hong Kong's became poor: each row by what was known then."""
    cases = [("Gambia", 2012), ("Gambia", 2020), ("Hong Kong", 2012), ("Hong Kong", 2023)]
    rows = [{**benign, "destination_country": place, "as_of_date": f"{year}-06-01"} for place, year in cases]
    assert scored(rows).signals["C-HRPOOR"].tolist() == [True, False, False, True]


def test_a_blank_date_is_the_given_day_and_no_clock(benign: dict[str, object], scored: Any) -> None:
    """Rows without a date are judged on the day that the caller names."""
    row = {**benign, **OWNED, "as_of_date": None}
    said = [_said(scored([row], today=day))[0] for day in (date(2025, 10, 1), date(2026, 1, 1))]
    assert said == [IN_FORCE, NOT_IN_FORCE]
    assert scored([row], today=date(2025, 10, 1)).columns["scored_on"][0].date() == date(2025, 10, 1)


def test_an_unreadable_date_is_the_given_day_and_is_told(benign: dict[str, object], scored: Any) -> None:
    """A date that cannot be read does not silence the row: it is judged on the given day and reported."""
    said = scored([{**benign, "as_of_date": "soon"}]).columns.iloc[0]
    assert said.problems.startswith('Date: "soon" is not a date')
    assert said.rating in ("LOW", "MEDIUM", "HIGH", "CRITICAL", "UNRATED")


def test_the_words_of_a_row_tell_the_state_of_the_rule_on_its_date(benign: dict[str, object], scored: Any) -> None:
    """In force, suspended, or scheduled and not verified: why, gate and change say which, and none says more."""
    days = ("2025-09-01", "2025-10-01", "2026-01-01", "2026-11-10")
    columns = scored([{**benign, **OWNED, "as_of_date": day} for day in days]).columns
    told = list(zip(columns["why"], columns["lowered_by"], strict=True))
    states = (
        "no such rule yet",
        "BIS-50 in force",
        "BIS-50 suspended",
        "BIS-50 scheduled to be in force, not verified",
    )
    for (why, lowered), state in zip(told, states, strict=True):
        assert f"({state})" in why
        assert f"({state})" in lowered
    assert not any("while the rule is in force" in words for row in told for words in row)


def test_each_state_is_told_of_the_rules_that_concern_the_owner(benign: dict[str, object], scored: Any) -> None:
    """The Treasury's rule is spoken of where the owner is on its list, in the same sentence."""
    row = {**benign, **OWNED, "owner": "SDN owner", "as_of_date": "2026-01-01"}
    assert "(BIS-50 suspended; OFAC-50 in force, not verified)" in scored([row]).columns["why"][0]
