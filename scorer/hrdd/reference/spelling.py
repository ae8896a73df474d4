"""Near spellings of country names, accepted only where no other country is nearly as near."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from hrdd.reference.names import aliases, main_names, unresolvable

# Judgement, 2026-11: one slip in names of 5 to 7 letters, two from 8 on. Any other country with the same first letter
# must be two slips further away, any other at all one, so that Niger and Nigeria, Austria and Australia never cross.
_SHORTEST, _LONG, _LONGEST = 5, 8, 60
_MARGIN = 2
_ASKED = ""


@dataclass(frozen=True, slots=True)
class Near:
    """The one country a spelling is near to, or the countries between which it cannot be decided."""

    iso3: str | None
    suggestions: tuple[str, ...] = ()


NOTHING = Near(None)


@cache
def _known() -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]]]:
    """First letter -> names, and name -> the countries it may mean (none where it must be asked about)."""
    meant: dict[str, tuple[str, ...]] = {name: (iso3,) for name, iso3 in (aliases() | main_names()).items()}
    meant |= {name: entry.candidates or (_ASKED,) for name, entry in unresolvable().items()}
    by_letter: dict[str, list[str]] = defaultdict(list)
    for name in sorted(meant):
        if len(name) >= _SHORTEST - 1:
            by_letter[name[0]].append(name)
    return by_letter, meant


def nearest(name: str) -> Near:
    """The country whose name is nearest to a folded name, or those that it could be; nothing for short or odd text.

    The first letter is taken as right.
    """
    if not _SHORTEST <= len(name) <= _LONGEST or any(c.isdigit() for c in name):
        return NOTHING
    by_letter, meant = _known()
    within = _distances(name, by_letter.get(name[0], []), 1 if len(name) < _LONG else 2)
    if not within:
        return NOTHING
    best = min(within.values())
    rivals = _distances(name, by_letter[name[0]], best + _MARGIN - 1) | _distances(name, list(meant), best)
    candidates = sorted({iso3 for rival in rivals for iso3 in meant[rival]} - {_ASKED})
    if len(candidates) == 1 and not rivals.keys() & unresolvable().keys():
        return Near(candidates[0])
    return Near(None, tuple(candidates[:4]))


def _distances(name: str, names: list[str], most: int) -> dict[str, int]:
    """Names at most so many slips away (a letter too many, too few, wrong, or two swapped) -> the slips."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    found = extract(name, names, scorer=OSA.distance, score_cutoff=most, limit=None)
    return {other: int(slips) for other, slips, _ in found}
