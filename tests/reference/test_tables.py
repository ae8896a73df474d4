"""The small tables: dates in order, codes that exist, and what must be in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hrdd.columns import fold
from hrdd.reference import load_reference
from hrdd.reference.tables import Dated

REFERENCE = load_reference()
DATED: list[Any] = [
    *REFERENCE.embargoes,
    *REFERENCE.regions,
    *REFERENCE.hubs,
    *REFERENCE.vendors,
    *REFERENCE.misuse,
    *REFERENCE.military_intelligence,
    *REFERENCE.rules_in_force,
]


def day(text: str) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """One day as an array."""
    return np.array([text], dtype="datetime64[D]")


def embargoes(iso3: str, on: str, authority: str = "", scope: str = "") -> list[str]:
    """The programmes in force on a country on a day."""
    return [
        one.programme
        for one in REFERENCE.embargoes
        if one.iso3 == iso3 and one.holds_on(day(on))[0] and one.authority.startswith(authority)
        if one.scope.startswith(scope)
    ]


def rule_state(rule: str, on: str) -> list[tuple[str, bool]]:
    """The state of a rule on a day, and whether it is verified."""
    return [
        (one.state, one.verified) for one in REFERENCE.rules_in_force if one.rule == rule and one.holds_on(day(on))[0]
    ]


def test_a_record_holds_from_its_first_to_its_last_day() -> None:
    """Both ends count; an open end never closes; an unknown day is not covered."""
    dated = Dated(effective_from=np.datetime64("2020-01-02"), effective_to=np.datetime64("2020-01-03"))
    days = np.array(["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04", "NaT"], dtype="datetime64[D]")
    assert dated.holds_on(days).tolist() == [False, True, True, False, False]
    open_ended = Dated(effective_from=np.datetime64("NaT"), effective_to=np.datetime64("NaT"))
    assert open_ended.holds_on(days).tolist() == [True, True, True, True, False]


def test_dates_are_in_order() -> None:
    """Everything begins on a known day, and ends on or after it."""
    for one in DATED:
        assert not np.isnat(one.effective_from)
        assert np.isnat(one.effective_to) or one.effective_from <= one.effective_to


def test_codes_exist() -> None:
    """Every country code in a table is a country."""
    placed: list[Any] = [*REFERENCE.embargoes, *REFERENCE.regions, *REFERENCE.hubs, *REFERENCE.groups]
    placed += [*REFERENCE.iccpr, *REFERENCE.fatf, *REFERENCE.spyware_use, *REFERENCE.military_intelligence]
    named = {one.iso3 for one in placed}
    named |= {iso3 for one in REFERENCE.misuse for iso3 in one.where}
    assert named <= REFERENCE.countries.keys()


def test_words_are_from_closed_lists() -> None:
    """Authority, scope, list and provenance are words the scorer knows."""
    assert {one.authority for one in REFERENCE.embargoes} == {"UN", "EU", "US", "UK"}
    assert {one.scope for one in REFERENCE.embargoes} == {"comprehensive", "surveillance", "arms", "licence"}
    assert {one.list_code for one in REFERENCE.vendors} == {"EL", "SDN", "CMIC"}
    known = {"verified", "recalled", "judgement"}
    kept: list[Any] = [*REFERENCE.embargoes, *REFERENCE.regions, *REFERENCE.hubs, *REFERENCE.vendors, *REFERENCE.misuse]
    assert {one.provenance for one in [*kept, *REFERENCE.spyware_use]} <= known


def test_every_entry_has_a_source() -> None:
    """No entry without the instrument or report it rests on."""
    assert all(one.source for one in DATED)


def test_embargoed_regions_are_regions() -> None:
    """An embargo on a part of a country names a region of that country."""
    known = {(one.iso3, one.region) for one in REFERENCE.regions}
    assert {(one.iso3, one.region) for one in REFERENCE.embargoes if one.region} <= known


def test_regions_and_their_spellings_are_unique() -> None:
    """A region has one row, and a spelling within a country means one region, but for the Donbas, which is two."""
    assert len({one.region for one in REFERENCE.regions}) == len(REFERENCE.regions)
    spellings = [
        (one.iso3, fold(name)) for one in REFERENCE.regions for name in {fold(n) for n in (one.name, *one.aliases)}
    ]
    shared = {name for _, name in spellings if [other for _, other in spellings].count(name) > 1}
    assert shared == {fold(name) for name in ("Donbas", "Donbass", "Донбас", "Донбасс")}


def test_embargo_groups_agree_with_the_table() -> None:
    """On the day of the Country Groups, each embargoed country of groups D:5 and E has a US entry in force."""
    on = str(REFERENCE.passport("ear-country-groups").date)
    members = {name: {g.iso3 for g in REFERENCE.groups if g.group == name} for name in ("D:5", "E:1", "E:2")}
    assert {iso3 for iso3 in members["D:5"] if embargoes(iso3, on, "US", "arms")} == members["D:5"]
    listed = {one.iso3 for one in REFERENCE.embargoes if one.authority == "US" and one.scope == "arms"}
    assert {iso3 for iso3 in listed if embargoes(iso3, on, "US", "arms")} - {"HKG"} == members["D:5"]
    comprehensive = {iso3 for iso3 in members["E:1"] | members["E:2"] if embargoes(iso3, on, "US", "comp")}
    assert comprehensive == (members["E:1"] | members["E:2"]) - {"SYR"}
    assert embargoes("SYR", on, "US", "licence")


@pytest.mark.parametrize(
    ("iso3", "on", "authority", "scope", "expected"),
    [
        ("SYR", "2010-12-15", "US", "comprehensive", True),
        ("SYR", "2011-12-31", "EU", "surveillance", False),
        ("SYR", "2012-02-01", "EU", "surveillance", True),
        ("SDN", "2012-07-31", "US", "comprehensive", True),
        ("SDN", "2017-10-12", "US", "comprehensive", False),
        ("SDN", "2012-07-31", "UN", "arms", True),
        ("IRN", "2008-09-30", "EU", "", False),
        ("IRN", "2008-09-30", "UN", "", False),
        ("IRN", "2012-04-01", "EU", "surveillance", True),
        ("IRN", "2025-10-01", "UN", "arms", True),
        ("BLR", "2026-06-01", "EU", "surveillance", True),
        ("MMR", "2016-12-31", "EU", "surveillance", False),
        ("KHM", "2025-11-07", "US", "", False),
        ("DNK", "2026-06-01", "", "", False),
        ("EGY", "2026-06-01", "", "", False),
    ],
)
def test_embargoes_are_those_of_the_day(iso3: str, on: str, authority: str, scope: str, expected: bool) -> None:
    """A row is judged by the embargoes in force on its date."""
    assert bool(embargoes(iso3, on, authority, scope)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-09-28", []),
        ("2025-09-29", [("in force", True)]),
        ("2025-11-09", [("in force", True)]),
        ("2025-11-10", [("suspended", True)]),
        ("2026-11-09", [("suspended", True)]),
        ("2026-11-10", [("scheduled to be in force", False)]),
    ],
)
def test_the_affiliates_rule_has_one_state_a_day(on: str, expected: list[tuple[str, bool]]) -> None:
    """In force, suspended, then scheduled to return, which nobody could confirm."""
    assert rule_state("BIS-50", on) == expected


def test_a_delisted_vendor_is_listed_between_its_dates_only() -> None:
    """Sandvine was listed for eight months of 2024."""
    sandvine = [one for one in REFERENCE.vendors if one.search_term == "Sandvine"]
    days = np.array(["2024-02-26", "2024-06-30", "2024-12-15"], dtype="datetime64[D]")
    assert [one.holds_on(days).tolist() for one in sandvine] == [[False, True, False]]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("NSO Group", "2021-11-04"),
        ("Dahua Technology", "2019-10-09"),
        ("NetPosa", "2020-06-05"),
        ("CYTROX AD", "2024-03-05"),
    ],
)
def test_vendors_are_listed_from_their_notice_on(name: str, first: str) -> None:
    """Listing begins with the notice that added the party."""
    assert [str(one.effective_from) for one in REFERENCE.vendors if one.name == name] == [first]


def test_terms_of_misuse_are_unique_and_long_enough() -> None:
    """A term names one entry, and is too long to stand in another word by chance."""
    terms = [fold(term) for one in REFERENCE.misuse for term in one.terms]
    assert len(terms) == len(set(terms))
    assert min(len(term) for term in terms) >= 4


def test_misuse_never_says_that_a_law_was_broken() -> None:
    """Status words say what was reported, not what was decided."""
    words = " ".join(one.status for one in REFERENCE.misuse).casefold()
    assert not any(word in words for word in ("violat", "guilty", "crime", "illegal"))


def test_the_number_of_parties_is_the_depositary_s() -> None:
    """174 states are party to the Covenant in the version carried."""
    assert sum(one.status == "party" for one in REFERENCE.iccpr) == 174


def test_names_of_countries_are_given_for_codes() -> None:
    """A code is shown by its name; an unknown one as it is."""
    assert REFERENCE.country_name("NAM") == "Namibia"
    assert REFERENCE.country_name("ZZZ") == "ZZZ"
