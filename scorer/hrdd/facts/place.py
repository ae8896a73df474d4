"""Facts of the place: record, law, conflict, regions and embargoes, as they stood on the row's date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from hrdd.facts.distinct import codes_of, combined, terms_for
from hrdd.reference import Reference
from hrdd.reference.names import names_of
from hrdd.reference.tables import Embargo, Hub, SpywareUse
from hrdd.signals.end_user import SECURITY
from hrdd.vocabulary import certainly, is_one_of, yes_no

Facts = dict[str, Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_EU_WEST = "AUT BEL DNK FIN FRA DEU GRC IRL ITA LUX NLD PRT ESP SWE"
_EU_EAST = "BGR HRV CYP CZE EST HUN LVA LTU MLT POL ROU SVK SVN"
_EU = frozenset(f"{_EU_WEST} {_EU_EAST}".split())


def add_record(facts: Facts, reference: Reference, thresholds: dict[str, float]) -> None:
    """The country's indicators in the row's year and the band they amount to: poor, mixed, good, or NA."""
    known = _country_facts(facts, reference)
    facts.update({str(name): known[name] for name in known.columns})
    facts["record"] = _band(known, thresholds)
    rule = known["rule_of_law"].astype("Float64")
    facts["law_restrains_nobody"] = yes_no(
        (rule < thresholds["no_legal_control"]).fillna(value=False),
        (rule >= thresholds["good_rule_of_law"]).fillna(value=False),
    )
    facts["at_war"] = (known["conflict_deaths"] >= thresholds["war"]).astype("boolean")
    facts["spyware_reported"] = _spyware(facts, reference, thresholds["spyware_years"])
    facts["intermediary_in_hub"] = _in_hub(facts, "intermediary_country", reference)
    facts["destination_is_hub"] = _in_hub(facts, "destination_country", reference)


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
    return pd.Series(pd.Categorical.from_codes(band, categories=pd.Index(["poor", "mixed", "good"], dtype=object)))


def _days(facts: Facts) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))


def _here(facts: Facts, iso3: str, key: str = "destination_country") -> Mask:
    """Where the destination, or another country of the row, is that one."""
    places = facts[key].array
    return np.asarray(places.codes == places.categories.get_loc(iso3)) if iso3 in places.categories else _nowhere(facts)


def _nowhere(facts: Facts) -> Mask:
    return np.zeros(len(facts["as_of_date"]), dtype=bool)


def hubs_at(facts: Facts, key: str, reference: Reference) -> Iterator[tuple[Hub, Mask]]:
    """Each transhipment hub, and the rows in which that country of the row lies in it on the row's date.

    A free zone of a country counts where the row names it; its name also stands in for a blank country.
    """
    days, blank = _days(facts), codes_of(facts[key]) < 0
    codes, texts = combined((facts[_PLACES[key]],), folded=True)
    for hub in reference.hubs:
        here = _here(facts, hub.iso3, key)
        if hub.place:
            named = np.zeros(len(texts), dtype=bool)
            named[terms_for(hub.place, *hub.aliases).found_in(texts)[0]] = True
            here = (here | blank) & named[codes]
        yield hub, here & hub.holds_on(days)


#: The text that may name a free zone of each country of a row.
_PLACES = {"intermediary_country": "intermediary", "destination_country": "destination_region"}


def _in_hub(facts: Facts, key: str, reference: Reference) -> Any:
    """Whether a country is a transhipment hub on the row's date; NA where the country is not known."""
    found = _any(len(facts[key]), (mask for _, mask in hubs_at(facts, key, reference)))
    return yes_no(found, ~found & facts[key].notna().to_numpy(dtype=bool))


def _any(rows: int, masks: Iterable[Mask]) -> Mask:
    found = np.zeros(rows, dtype=bool)
    for mask in masks:
        found |= mask
    return found


def spyware_reports(facts: Facts, reference: Reference, years: float) -> Iterator[tuple[SpywareUse, Mask]]:
    """Each report of state use of spyware, and the rows to that country within the look-back."""
    year, countries = facts["as_of_date"].dt.year.to_numpy(), facts["destination_country"].array.categories
    for entry in (entry for entry in reference.spyware_use if entry.iso3 in countries):
        yield entry, _here(facts, entry.iso3) & (year >= entry.year) & (year <= entry.year + years)


def _spyware(facts: Facts, reference: Reference, years: float) -> Any:
    """True where a report names the country within the look-back; no entry is no answer."""
    rows = len(facts["as_of_date"])
    found = _any(rows, (mask for _, mask in spyware_reports(facts, reference, years)))
    return yes_no(found, np.zeros(rows, dtype=bool))


def embargoes_at(facts: Facts, reference: Reference) -> Iterator[tuple[Embargo, Any, Any]]:
    """Each embargo on some row's destination and date: whether it covers the row, and reaches its exporter too.

    The first answer is of product, user and place alone.
    """
    days = _days(facts)
    for embargo in reference.embargoes:
        here = _may_reach(facts, embargo) & embargo.holds_on(days)
        if here.any():
            covered = _covered(facts, embargo) & yes_no(here, ~here)
            yield embargo, covered, covered & _reach(facts, embargo.authority)


def add_embargoes(facts: Facts, reference: Reference) -> None:
    """Whether an embargo that reaches this exporter, product and user is in force on the row's date.

    NA where that hangs on a blank, or on a national arms embargo, which may or may not reach the product;
    `embargo_hangs` marks the rows where the US nexus alone decides, `embargo_hangs_on_exporter` those where the
    exporter's country does.
    """
    rows = len(facts["as_of_date"])
    true, unknown, nexus, exporter = (np.zeros(rows, dtype=bool) for _ in range(4))
    for embargo, covered, reached in embargoes_at(facts, reference):
        true |= certainly(reached).to_numpy(dtype=bool)
        unknown |= reached.isna().to_numpy(dtype=bool)
        if embargo.scope != "arms":
            hangs = nexus if embargo.authority == "US" else exporter
            hangs |= (certainly(covered) & reached.isna()).to_numpy(dtype=bool)
    placed = codes_of(facts["destination_country"]) >= 0
    facts["embargoed"] = yes_no(true, placed & ~true & ~unknown)
    facts["embargo_hangs"], facts["embargo_hangs_on_exporter"] = nexus & ~true, exporter & ~true


def _may_reach(facts: Facts, embargo: Embargo) -> Mask:
    """Where the row goes to the embargo's country, or may go to its region under whatever country's name."""
    if not embargo.region:
        return _here(facts, embargo.iso3)
    placed = codes_of(facts["destination_country"]) >= 0
    return np.asarray(placed & facts[f"region:{embargo.region}"].fillna(value=True).to_numpy(dtype=bool))


def _reach(facts: Facts, authority: str) -> Any:
    """Whether the authority's measures bind this exporter."""
    if authority == "US":
        return facts["us_nexus"]
    if authority in ("EU", "UK"):
        return is_one_of(facts["exporter_country"], _EU if authority == "EU" else {"GBR"})
    return _always(facts)


def _always(facts: Facts) -> Any:
    rows = len(facts["as_of_date"])
    return yes_no(np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool))


def _covered(facts: Facts, embargo: Embargo) -> Any:
    """Whether the measure covers this product for this user in this place; NA where only its list could tell."""
    if embargo.scope == "comprehensive":
        return facts[f"region:{embargo.region}"] if embargo.region else _always(facts)
    covered = facts["grave_capability"]
    if embargo.scope == "arms":
        covered = covered & (is_one_of(facts["type"], SECURITY) | facts["words_security"])
    forces = certainly(is_one_of(facts["type"], _FORCES))
    if embargo.region:  # an arms embargo on a region binds the state's own forces, wherever they sit in the country
        covered = covered & (facts[f"region:{embargo.region}"] | forces)
    if (embargo.authority, embargo.scope) in _BANS:
        return covered if embargo.scope != "arms" else covered.mask((certainly(covered) & ~forces).to_numpy(dtype=bool))
    return covered.mask(certainly(covered).to_numpy(dtype=bool))


#: Whom an arms embargo is about; for police, border and prison services its list of goods decides.
_FORCES = frozenset({"Intelligence or state security", "Military"})

#: Measures that forbid. The others forbid or license what stands on a list that this row may not be on: national
#: arms embargoes reach arms lists, and US controls short of an embargo reach the Commerce Control List.
_BANS = frozenset({("UN", "arms"), ("EU", "surveillance"), ("UK", "surveillance")})


#: Cities that stand for a country in a text: an embargoed one is seldom named as a country where it is hidden.
_CAPITALS = {
    "IRN": "tehran teheran", "CUB": "havana habana", "PRK": "pyongyang", "SYR": "damascus", "SDN": "khartoum",
    "RUS": "moscow moskva moskau novosibirsk", "BLR": "minsk",
}  # fmt: skip
#: Measures that reach ordinary goods too: embargoes on everything, and controls on everything that is listed.
_WIDE = frozenset({"comprehensive", "licence"})


def add_named_elsewhere(facts: Facts, reference: Reference) -> None:
    """Whether the row's words name a country under an embargo or wide control that is not its destination.

    "For re-export to Iran" on a row to the Emirates. Only where the embargo may bind: not where no US rule reaches it.
    """
    days = _days(facts)
    found = np.zeros(len(days), dtype=bool)
    whole = [entry for entry in reference.embargoes if entry.scope in _WIDE and not entry.region]
    named = [
        (entry, name) for entry in whole for name in (*names_of(entry.iso3), *_CAPITALS.get(entry.iso3, "").split())
    ]
    codes, texts = combined([facts[key] for key in _TELLING], folded=True)
    text, term = terms_for(*(name for _, name in named)).found_in(texts)
    for at, entry in enumerate(entry for entry, _ in named):
        if (term == at).any():
            says = np.zeros(len(texts), dtype=bool)
            says[text[term == at]] = True
            found |= says[codes] & ~_here(facts, entry.iso3) & entry.holds_on(days)
    bound = facts["us_nexus"].fillna(value=True).to_numpy(dtype=bool)
    facts["embargoed_named"] = pd.Series(found & bound, dtype="boolean")


_TELLING = ("end_use", "end_user", "intermediary", "product_description")
