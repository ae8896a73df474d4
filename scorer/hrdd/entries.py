"""Which entries of the data decided a row: found by the functions that the facts are made with, on that row alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hrdd.facts import parties, place, words
from hrdd.facts.names import names_in
from hrdd.reference.tables import Cited
from hrdd.screening import Entries
from hrdd.vocabulary import certainly

if TYPE_CHECKING:
    from hrdd.results import Trace

Facts = dict[str, Any]
Found = Iterator[Cited]


def entries(trace: Trace, row: int, signal: str) -> list[Cited]:
    """The entries that speak for a true signal of the row at a position, each once, in the order of their tables."""
    if signal not in _SPEAKING:
        return []
    facts = dict(trace.rows.alone(row).facts)
    return list(dict.fromkeys(_SPEAKING[signal](facts, trace)))


def _day(facts: Facts) -> np.datetime64:
    return np.datetime64(facts["as_of_date"].to_numpy()[0], "D")


def _misuse(facts: Facts, trace: Trace) -> Found:
    return (entry for entry, named in words.misuse_reports(facts, trace.reference) if named[0])


def _regions(facts: Facts, trace: Trace) -> Found:
    named = (region for region in trace.reference.regions if certainly(facts[f"region:{region.region}"])[0])
    return (region for region in named if region.holds_on(np.array([_day(facts)]))[0])


def _embargoes(facts: Facts, trace: Trace) -> Found:
    return (entry for entry, _, reached in place.embargoes_at(facts, trace.reference) if certainly(reached)[0])


def _spyware(facts: Facts, trace: Trace) -> Found:
    years = trace.levels.threshold("spyware_years")
    return (entry for entry, here in place.spyware_reports(facts, trace.reference, years) if here[0])


def _hubs(facts: Facts, trace: Trace) -> Found:
    for key in ("intermediary_country", "destination_country"):
        yield from (hub for hub, here in place.hubs_at(facts, key, trace.reference) if here[0])


def _on_lists(facts: Facts, trace: Trace, *keys: str) -> Iterator[Entries]:
    cells = (facts[key][0] for key in keys)
    named = (name for cell in cells if not pd.isna(cell) for name in names_in(str(cell)))
    return (trace.screen.entries(name, _day(facts)) for name in named)


def _listed(facts: Facts, trace: Trace) -> Found:
    return (entry for found in _on_lists(facts, trace, "end_user", "intermediary") for entry in found.exact)


def _resembling(facts: Facts, trace: Trace) -> Found:
    parties = _on_lists(facts, trace, "end_user", "intermediary", "owner")
    return (entry for found in parties for entry in found.resembles)


def _owners(facts: Facts, trace: Trace) -> Found:
    return (entry for found in _on_lists(facts, trace, "owner") for entry in found.exact)


def _owners_and_rules(facts: Facts, trace: Trace) -> Found:
    yield from _owners(facts, trace)
    yield from (rule for rule, rows in parties.rules_at(facts, trace.reference) if rows[0])


_SPEAKING: dict[str, Callable[[Facts, Trace], Found]] = {
    "P-MISUSED": _misuse,
    "C-REGION": _regions,
    "C-EMBARGO": _embargoes,
    "C-SPYWARE": _spyware,
    "I-HUB": _hubs,
    "E-LISTED": _listed,
    "E-NAMEHIT": _resembling,
    "E-OWNED50": _owners_and_rules,
    "E-OWNED50-SUSP": _owners_and_rules,
    "E-OWNED-MIN": _owners,
}
