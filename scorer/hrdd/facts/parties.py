"""Facts of the parties: list look-ups, ownership, rules in force, and the US nexus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import fold_all
from hrdd.facts.distinct import Terms, codes_of
from hrdd.reference import Reference
from hrdd.reference.tables import RuleInForce
from hrdd.screening import Screen, blocked_table
from hrdd.vocabulary import certainly, is_one_of, yes_no

Facts = dict[str, Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def add_nexus(facts: Facts) -> None:
    """Whether US rules reach the row: by content or exporter; unknown where neither is said."""
    exporter = is_one_of(facts["exporter_country"], {"USA"})
    facts["us_nexus"] = facts["us_content"] | exporter


def add_lists(facts: Facts, reference: Reference, screen: Screen) -> None:
    """Look up end user, intermediary and owner; say what the owner's own words say of a listing."""
    days = np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))
    found = {key: _look_up(facts[key], screen, days) for key in ("end_user", "intermediary", "owner")}
    facts["vendor_listed"] = _certain(found["end_user"].exact | found["intermediary"].exact)
    resembles = found["end_user"].resembles | found["intermediary"].resembles | _told(facts, "words_listed")
    facts["name_resembles"] = _certain(resembles & ~_told(facts, "words_owned_share", blank_is_false=True))
    _add_ownership(facts, found["owner"].exact, reference, days)


def _certain(mask: Mask) -> Any:
    return pd.Series(mask, dtype="boolean")


def _told(facts: Facts, key: str, *, blank_is_false: bool = False) -> Mask:
    values = facts[key]
    return values.notna().to_numpy(dtype=bool) if blank_is_false else certainly(values).to_numpy(dtype=bool)


def _look_up(column: Any, screen: Screen, days: Any) -> Any:
    return screen.look_up([str(name) for name in column.cat.categories], codes_of(column), days)


_LISTED_WORDS = (
    "listed party",
    "entity list",
    "sdn",
    "specially designated",
    "ofac",
    "meu list",
    "denied person",
)
_OFAC_WORDS = ("sdn", "specially designated", "ofac")


def _says(column: Any, *lists: tuple[str, ...]) -> list[Mask]:
    """Where a text says one of the words of each list."""
    folded = [f" {text}" for text in fold_all(column.cat.categories)]
    found = []
    for words in lists:
        said = np.zeros(len(folded) + 1, dtype=bool)  # the last place is that of blanks, code -1
        said[Terms(words).found_in(folded)[0]] = True
        found.append(said[codes_of(column)])
    return found


def _add_ownership(facts: Facts, owner_exact: Mask, reference: Reference, days: Any) -> None:
    """Whether the owner is listed, with what share, and whether a rule on majority owners is in force."""
    listed, treasury = _says(facts["owner"], _LISTED_WORDS, _OFAC_WORDS)
    by_owner = owner_exact | listed
    by_name = facts["words_owned_share"].notna().to_numpy(dtype=bool)
    facts["owner_listed"] = yes_no(by_owner | by_name, np.zeros(len(days), dtype=bool))
    share = facts["owner_share"]
    worded = facts["words_owned_share"].where(by_name & ~by_owner)
    facts["listed_share"] = share.where(share.notna(), worded)
    facts["owner_blocked"] = _certain(treasury | _look_up(facts["owner"], blocked_table(reference), days).exact)
    _add_rules(facts, reference)


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
