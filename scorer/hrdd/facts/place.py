"""Facts of the place: record, law, conflict, regions and embargoes, as they stood on the row's date."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import fold
from hrdd.facts.distinct import Terms, codes_of, combined
from hrdd.reference import Reference
from hrdd.signals.end_user import SECURITY
from hrdd.vocabulary import certainly, is_one_of, yes_no

Facts = dict[str, Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_INDICATORS = (
    "civil_liberties",
    "rule_of_law",
    "freedom_expression",
    "civil_society",
    "regime",
    "conflict_deaths",
)
_EU_WEST = "AUT BEL DNK FIN FRA DEU GRC IRL ITA LUX NLD PRT ESP SWE"
_EU_EAST = "BGR HRV CYP CZE EST HUN LVA LTU MLT POL ROU SVK SVN"
_EU = frozenset(f"{_EU_WEST} {_EU_EAST}".split())


def add_record(facts: Facts, reference: Reference, thresholds: dict[str, float]) -> None:
    """The country's indicators in the row's year and the band they amount to: poor, mixed, good, or NA."""
    known = _country_facts(facts, reference)
    for name in _INDICATORS:
        facts[name] = known[name]
    facts["indicator_year"] = known["civil_liberties_year"]
    facts["record"] = _band(known, thresholds)
    rule = known["rule_of_law"].astype("Float64")
    facts["law_restrains_nobody"] = yes_no(
        (rule < thresholds["no_legal_control"]).fillna(value=False),
        (rule >= thresholds["good_rule_of_law"]).fillna(value=False),
    )
    facts["at_war"] = (known["conflict_deaths"] >= thresholds["war"]).astype("boolean")
    facts["spyware_reported"] = _spyware(facts, reference, thresholds["spyware_years"])
    hubs = set(reference.hubs["iso3"])
    facts["intermediary_in_hub"] = is_one_of(facts["intermediary_country"], hubs)
    facts["destination_is_hub"] = is_one_of(facts["destination_country"], hubs)


def _country_facts(facts: Facts, reference: Reference) -> pd.DataFrame:
    country = facts["destination_country"].astype(object).where(facts["destination_country"].notna(), None)
    year = facts["as_of_date"].dt.year.to_numpy()
    return reference.country_facts(country.to_numpy(dtype=object), year)


def _band(known: pd.DataFrame, at: dict[str, float]) -> Any:
    """V-Dem decides; where it has no figure, the World Bank's indicators stand in; no figure is no band."""
    civil, expression, rule, voice, courts = (
        known[name].to_numpy(dtype=float, na_value=np.nan)
        for name in ("civil_liberties", "freedom_expression", "rule_of_law", "wgi_voice", "wgi_rule_of_law")
    )
    band = np.full(len(known), -1)
    stands_in = np.isnan(civil)
    band[~np.isnan(civil) | ~np.isnan(voice)] = 1
    poor = (civil < at["poor_civil_liberties"]) | (expression < at["poor_expression"])
    good = (civil >= at["good_civil_liberties"]) & (rule >= at["good_rule_of_law"])
    band[good | (stands_in & (voice >= at["good_voice"]) & (courts >= at["good_wgi_rule_of_law"]))] = 2
    band[poor | (stands_in & (voice < at["poor_voice"]))] = 0
    return pd.Series(pd.Categorical.from_codes(band, categories=["poor", "mixed", "good"]))


def _days(facts: Facts) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))


def _within(days: Any, begins: Any, ends: Any) -> Mask:
    """Days from `begins` up to and without `ends`; an end that is not known is not reached."""
    return np.asarray((days >= begins) & (np.isnat(ends) | (days < ends)))


def _spyware(facts: Facts, reference: Reference, years: float) -> Any:
    """True where a report names the country within the look-back; no entry is no answer."""
    year = facts["as_of_date"].dt.year.to_numpy()
    found = np.zeros(len(year), dtype=bool)
    for entry in reference.spyware_use.itertuples():
        here = certainly(is_one_of(facts["destination_country"], {entry.iso3})).to_numpy(dtype=bool)
        found |= here & (year >= entry.year) & (year <= entry.year + years)
    return yes_no(found, np.zeros(len(found), dtype=bool))


def add_regions(facts: Facts, reference: Reference) -> None:
    """Whether the row goes to a region with its own record; unknown where the country has one and none is named."""
    days, regions = _days(facts), reference.regions
    inside, possible = np.zeros(len(days), dtype=bool), np.zeros(len(days), dtype=bool)
    codes, texts = combined(facts, ("destination_region", "end_user", "product_description"))
    names = [(position, name) for position, entry in enumerate(regions["names"]) for name in entry]
    text, term = Terms([name for _, name in names]).found_in(texts)
    region_of = np.array([position for position, _ in names])
    for position, entry in enumerate(regions.itertuples()):
        here = certainly(is_one_of(facts["destination_country"], {entry.iso3})).to_numpy(dtype=bool)
        here &= _within(days, entry.effective_from, entry.effective_to)
        named = np.zeros(len(texts), dtype=bool)
        named[text[region_of[term] == position]] = True
        inside |= here & named[codes]
        possible |= here
    unnamed = ~certainly(is_one_of(facts["destination_region"], _provinces(facts))).to_numpy(dtype=bool)
    elsewhere = facts["record"].notna().to_numpy() & ~inside & ~(possible & unnamed)
    facts["in_abuse_region"] = yes_no(inside, elsewhere)


_NO_PROVINCE = frozenset(
    ["emea", "apac", "asia", "europe", "mena", "north", "south", "east", "west", "central", "all", "various"]
)


def _provinces(facts: Facts) -> set[str]:
    """The stated regions that can be a province; a sales region says nothing of the place."""
    return {
        str(text) for text in facts["destination_region"].cat.categories if fold(text) not in _NO_PROVINCE
    }


def add_embargoes(facts: Facts, reference: Reference) -> None:
    """Whether an embargo that reaches this exporter, product and user is in force; NA where that hangs on a blank."""
    days = _days(facts)
    true, unknown = np.zeros(len(days), dtype=bool), np.zeros(len(days), dtype=bool)
    for entry in reference.embargoes.itertuples():
        here = certainly(is_one_of(facts["destination_country"], {entry.iso3})).to_numpy(dtype=bool)
        here &= _within(days, entry.effective_from, entry.effective_to)
        if here.any():
            reached = _reach(facts, entry.authority) & _scope(facts, entry.scope)
            true |= here & certainly(reached).to_numpy(dtype=bool)
            unknown |= here & reached.isna().to_numpy(dtype=bool)
    placed = codes_of(facts["destination_country"]) >= 0
    facts["embargoed"] = yes_no(true, placed & ~true & ~unknown)


def _reach(facts: Facts, authority: str) -> Any:
    """Whether the authority's measures bind this exporter."""
    if authority == "US":
        return facts["us_nexus"]
    if authority in ("EU", "UK"):
        return is_one_of(facts["exporter_country"], _EU if authority == "EU" else {"GBR"})
    return yes_no(
        np.ones(len(facts["as_of_date"]), dtype=bool), np.zeros(len(facts["as_of_date"]), dtype=bool)
    )


def _scope(facts: Facts, scope: str) -> Any:
    """Whether the measure covers this product for this user."""
    everything = np.ones(len(facts["as_of_date"]), dtype=bool)
    if scope == "comprehensive":
        return yes_no(everything, ~everything)
    grave = facts["grave_capability"]
    if scope == "surveillance":
        return grave
    return grave & (is_one_of(facts["type"], SECURITY) | facts["words_security"])
