"""Facts of the parties: list look-ups, ownership, rules in force, and the US nexus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import fold_all
from hrdd.facts.distinct import terms_for
from hrdd.facts.names import Named, named_in
from hrdd.reference import Reference
from hrdd.reference.tables import RuleInForce
from hrdd.screening import Screen, blocked_table
from hrdd.vocabulary import certainly, is_one_of, yes_no
from hrdd.wording import read_end_users

Facts = dict[str, Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def add_nexus(facts: Facts) -> None:
    """Whether US rules reach the row: by content or exporter; unknown where neither is said."""
    exporter = is_one_of(facts["exporter_country"], {"USA"})
    facts["us_nexus"] = facts["us_content"] | exporter


def add_lists(facts: Facts, reference: Reference, screen: Screen, majority: float) -> None:
    """Look up end user, intermediary and owner; say what their own words say of a listing.

    A name that only resembles a listed one is a possible match, an owner's as much as a buyer's. Words of a listing
    beside a share speak of the owner: "Acme (owned 60 % by a listed party)".
    """
    days = np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))
    named = {key: named_in(facts[key]) for key in ("end_user", "intermediary", "owner")}
    found = {key: parties.look_up(screen, days) for key, parties in named.items()}
    by_words = certainly(facts["words_listed"]).to_numpy(dtype=bool)
    owned = by_words & facts["words_owned_share"].notna().to_numpy(dtype=bool)
    resembles = np.logical_or.reduce([matches.resembles for matches in found.values()])
    resembles |= (by_words & ~owned) | _says_listed(named["intermediary"]).any(axis=0)
    facts["vendor_listed"] = _certain(found["end_user"].exact | found["intermediary"].exact)
    facts["name_resembles"] = _certain(resembles)
    _add_ownership(facts, named["owner"], owned, screen, majority)
    blocked = named["owner"].look_up(blocked_table(reference), days).exact
    facts["owner_blocked"] = _certain(blocked | _says(named["owner"], _TREASURY_WORDS).any(axis=0))
    _add_rules(facts, reference)


def _certain(mask: Mask) -> Any:
    return pd.Series(mask, dtype="boolean")


_TREASURY_WORDS = ("sdn", "specially designated", "ofac")
_LISTED_WORDS = ("listed party", "entity list", "meu list", "denied person", *_TREASURY_WORDS)


def _says(named: Named, words: Sequence[str]) -> Mask:
    """Where the text of each party of a row says one of the words (places x rows)."""
    said = np.zeros(len(named.names) + 1, dtype=bool)  # the last place is that of no party, code -1
    said[terms_for(*words).found_in([f" {text}" for text in fold_all(named.names)])[0]] = True
    return np.stack([said[codes] for codes in named.places])


def _says_listed(named: Named) -> Mask:
    """Where the text of each party of a row says that it is on a list, in any of the known languages."""
    read = np.array([*read_end_users(named.names).listed, False], dtype=bool)
    listed: Mask = _says(named, _LISTED_WORDS) | np.stack([read[codes] for codes in named.places])
    return listed


def _add_ownership(facts: Facts, owner: Named, by_name: Mask, screen: Screen, majority: float) -> None:
    """Whether an owner is listed, by the owner's cell or the end user's own words, and with what share.

    The share is the listed owner's own: what stands beside its name, else the column's where it is the only owner.
    Of several owners the column's share may be another's: only a majority is believed. Beside an owner who is not
    listed, the listed one's share is what the end user's words say; where two figures may be meant, the larger.
    Listed owners count together, as both 50 % rules say ("in the aggregate").
    """
    days = np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))
    listed = _says_listed(owner) | np.stack([screen.look_up(owner.names, codes, days).exact for codes in owner.places])
    told = np.where(listed, np.stack([owner.shares[codes] for codes in owner.places]), np.nan)
    beside = np.where(np.isnan(told).all(axis=0), np.nan, np.minimum(np.nansum(told, axis=0), 100.0))
    column, worded = (facts[key].to_numpy(float, na_value=np.nan) for key in ("owner_share", "words_owned_share"))
    lone = np.fmax(column, beside)
    of_several = np.where(np.isnan(beside) & (column >= majority), column, beside)
    by_owner = listed.any(axis=0)
    share = np.where(by_owner, np.where(owner.several, of_several, lone), np.nan)
    unnamed = owner.places[0] < 0
    by_words = np.where(unnamed, np.fmax(column, worded), worded)
    share = np.fmax(share, np.where(by_name, by_words, np.nan))
    facts["owner_listed"] = yes_no(by_owner | by_name, np.zeros(len(days), dtype=bool))
    listed_only = np.where(by_owner | by_name, share, column)
    facts["listed_share"] = pd.Series(pd.arrays.FloatingArray(np.nan_to_num(listed_only), np.isnan(listed_only)))


def rules_at(facts: Facts, reference: Reference) -> Iterator[tuple[RuleInForce, Mask]]:
    """Each state of a rule on majority owners, and the rows on whose date, and for whose owner, it holds."""
    days = np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))
    blocked = certainly(facts["owner_blocked"]).to_numpy(dtype=bool)
    for entry in reference.rules_in_force:
        yield entry, entry.holds_on(days) & (blocked | (entry.rule != "OFAC-50"))


def _add_rules(facts: Facts, reference: Reference) -> None:
    """Whether a rule makes a listed owner's majority a listing, and the state of the rules where there is such one."""
    owned = certainly(facts["owner_listed"]).to_numpy(dtype=bool)
    binds, state = np.zeros(len(owned), dtype=bool), np.full(len(owned), "", dtype=object)
    for entry, holds in rules_at(facts, reference):
        binds |= holds & entry.binds
        told = holds & owned
        state[told] = state[told] + np.where(state[told] == "", "", "; ") + entry.words
    facts["affiliates_rule"] = _certain(binds)
    facts["affiliates_state"] = pd.Series(pd.Categorical(np.where(owned & (state == ""), "no such rule yet", state)))
