"""Facts: the row's typed cells joined with what was known on the row's date.

A fact is a column beside the cells; signals read both alike. Nothing is judged here.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from hrdd.facts import parties, place, regions, words
from hrdd.intake import Intake
from hrdd.method.levels import Levels
from hrdd.reference import Reference
from hrdd.screening import Screen
from hrdd.vocabulary import Rows


def gather(taken: Intake, reference: Reference, screen: Screen, levels: Levels) -> Rows:
    """Join cells with reference data, inferred words and list look-ups; one row in, one row out."""
    facts: dict[str, Any] = {key: taken.cells[key] for key in taken.cells.columns}
    doubt = dict(taken.doubt)
    thresholds = {name: entry.value for name, entry in levels.thresholds.items()}
    place.add_record(facts, reference, thresholds)
    words.add_readings(facts, doubt, taken.words)
    parties.add_lists(facts, reference, screen, thresholds["majority_share"])
    parties.add_nexus(facts)
    words.add_known_products(facts, reference)
    words.add_spyware_makers(facts, reference)
    words.add_capabilities(facts, levels, doubt)
    regions.add_regions(facts, reference)
    place.add_embargoes(facts, reference)
    place.add_named_elsewhere(facts, reference)
    words.add_misuse(facts, reference)
    facts = {name: fact if isinstance(fact, pd.Series) else pd.Series(fact) for name, fact in facts.items()}
    return Rows(facts, doubt, thresholds, taken.misread)
