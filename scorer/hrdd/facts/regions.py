"""Facts of the region: whether a row goes to one with its own record of mass abuse, as it stood on the row's date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hrdd.columns import fold_all
from hrdd.facts.distinct import codes_of, terms_for
from hrdd.facts.whereabouts import Masks, Whereabouts, atlas, countries
from hrdd.reference import Reference
from hrdd.reference.tables import Region
from hrdd.vocabulary import Answer, yes_no

Facts = dict[str, Any]
#: Texts in which a region's own name says where the goods are used, beside the region's column.
_ALSO_SAID = ("end_user", "end_use")


def add_regions(facts: Facts, reference: Reference) -> None:
    """Whether the row goes to a region with its own record; unknown where it has one and none is clearly named.

    `region:ID` says so for each region, whether or not its record had begun. Under a country that only holds a
    region in fact, the region must be named, or nearly so: a Russian row is not asked about Crimea.
    """
    placed = codes_of(facts["destination_country"]) >= 0
    for iso3, regions in countries(reference).items():
        true, open_ = (np.zeros((len(regions), len(placed)), dtype=bool) for _ in range(2))
        for country in (iso3, *regions[0].also_iso3):
            rows = np.flatnonzero(_is_country(facts, country))
            if len(rows):
                said, code = _said(facts, rows, iso3, regions, reference)
                true[:, rows] = said.inside[:, code] | _named(facts, rows, regions)
                open_[:, rows] = said.near[code] | (~said.settled[code] & (country == iso3))
        for at, region in enumerate(regions):
            facts[f"region:{region.region}"] = yes_no(true[at], placed & ~true[at] & ~open_[at])
    facts["in_abuse_region"] = _in_any(facts, reference, placed)


def _is_country(facts: Facts, iso3: str) -> Masks:
    column = facts["destination_country"]
    code = column.cat.categories.get_loc(iso3) if iso3 in column.cat.categories else len(column.cat.categories)
    return np.asarray(codes_of(column) == code)


def _said(
    facts: Facts, rows: Any, iso3: str, regions: tuple[Region, ...], reference: Reference
) -> tuple[Whereabouts, Any]:
    """What the region cells of some rows say, and which of the readings is each row's."""
    texts, code = _texts(facts["destination_region"], rows)
    return atlas(iso3, regions, reference.places).read(texts), code


def _texts(column: Any, rows: Any) -> tuple[list[str], Any]:
    """The distinct folded texts of some rows, blank ones among them, and a code for each row."""
    used, code = np.unique(codes_of(column)[rows], return_inverse=True)
    categories = column.cat.categories
    return fold_all([str(categories[at]) if at >= 0 else "" for at in used]), code


def _named(facts: Facts, rows: Any, regions: Sequence[Region]) -> Masks:
    """Where the end user or the end use names a region (regions x rows)."""
    names = [(at, name) for at, region in enumerate(regions) for name in (region.name, *region.aliases)]
    owner, terms = np.array([at for at, _ in names]), terms_for(*(name for _, name in names))
    found = np.zeros((len(regions), len(rows)), dtype=bool)
    for key in _ALSO_SAID:
        texts, code = _texts(facts[key], rows)
        named = np.zeros((len(regions), len(texts)), dtype=bool)
        text, term = terms.found_in([f" {text}" for text in texts])
        named[owner[term], text] = True
        found |= named[:, code]
    return found


def _in_any(facts: Mapping[str, Any], reference: Reference, placed: Masks) -> Answer:
    """Whether a row goes to any region whose record holds on its day."""
    days = np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))
    inside, open_ = np.zeros(len(days), dtype=bool), np.zeros(len(days), dtype=bool)
    for region in reference.regions:
        answer, holds = facts[f"region:{region.region}"], region.holds_on(days)
        inside |= holds & answer.fillna(value=False).to_numpy(dtype=bool)
        open_ |= holds & answer.isna().to_numpy(dtype=bool)
    return yes_no(inside, placed & ~inside & ~open_)
