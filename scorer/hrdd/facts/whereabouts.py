"""Where in a country a text says that goods go: into a region with a record of its own, elsewhere, or nowhere clear.

Elsewhere is what names another division or town of the country: "Guangdong", "Plant 2, Kunshan", "UA-30". A text that
names no known place ("see notes", "as per contract", a hamlet, the country itself) says nothing of the region and
leaves it open, and so does a near spelling of one of its names ("Xinjang"). A row is outside such a region because it
is known to go somewhere else, never because nobody could read where it goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from hrdd.columns import fold
from hrdd.facts.distinct import Terms
from hrdd.reference import Reference
from hrdd.reference.places import Places
from hrdd.reference.tables import Place, Region

Masks = np.ndarray[Any, np.dtype[np.bool_]]
Owners = frozenset[str]

_ELSEWHERE: Owners = frozenset({""})
#: Judgement, 2026-11: a name in which one letter in five is wrong, missing or too much is still that name.
_NEAR = 80.0
_WITHIN, _ALIKE = 4, 5  # letters of the shortest name found within a text, and compared by its letters
_TORN = 3  # words that may be one name: "Xin jiang"
#: What kind of place a name is the name of; "Sheng" and "Shi" are China's province and city.
_KINDS = frozenset(
    ["province", "prov", "provincial", "region", "area", "state", "oblast", "krai", "raion", "rayon", "district",
     "county", "city", "town", "municipality", "shi", "sheng", "prefecture", "autonomous", "governorate", "territory",
     "special", "administrative", "republic", "of", "the", "область", "обл", "район", "город", "місто"]
)  # fmt: skip


@dataclass(frozen=True)
class Whereabouts:
    """What each text says of the regions of a country.

    `inside` (regions x texts): the region is named. `near`: the text is near to the name of one. `settled`: it names
    places of the country, and none that may lie in a region or out of it.
    """

    inside: Masks
    near: Masks
    settled: Masks


@dataclass(frozen=True)
class Atlas:
    """The names of one country's places, and the regions that own each: none for elsewhere."""

    regions: tuple[str, ...]
    whole: Mapping[str, Owners]
    within: tuple[Owners, ...]
    terms: Terms
    alike: tuple[str, ...]

    def read(self, texts: Sequence[str]) -> Whereabouts:
        """Read folded texts; a blank one settles nothing."""
        named: list[set[Owners]] = [{self.whole.get(_letters(text), frozenset())} - {frozenset()} for text in texts]
        for text, term in zip(*self.terms.found_in([f" {text}" for text in texts]), strict=True):
            named[text].add(self.within[term])
        inside = np.array([[_owned(found, region) for found in named] for region in self.regions], dtype=bool)
        mixed = np.array([any(_is_mixed(owners) for owners in found) for found in named], dtype=bool)
        return Whereabouts(
            inside.reshape(len(self.regions), len(texts)),
            self._near(texts),
            np.array([bool(found) for found in named], dtype=bool) & ~mixed,
        )

    def _near(self, texts: Sequence[str]) -> Masks:
        """Texts with a near spelling of a region's name, in one word or torn apart, beside the names that are known."""
        from rapidfuzz import fuzz, process

        pairs = [(at, window) for at, text in enumerate(texts) for window in self._unknown(text)]
        windows = sorted({window for _, window in pairs})
        likeness = process.cdist(windows, self.alike, scorer=fuzz.ratio, score_cutoff=_NEAR, dtype=np.uint8)
        alike = {windows[at] for at in np.flatnonzero(likeness.any(axis=1))}
        near = np.zeros(len(texts), dtype=bool)
        near[[at for at, window in pairs if window in alike]] = True
        return near

    def _unknown(self, text: str) -> Iterator[str]:
        """Up to three neighbouring words as one, none of which is part of a known name."""
        words = [word for word in text.split() if word not in _KINDS]
        spans = [(at, at + size) for size in range(_TORN, 0, -1) for at in range(len(words) - size + 1)]
        known: set[int] = set()
        for start, end in spans:
            if "".join(words[start:end]) in self.whole:
                known.update(range(start, end))
        for start, end in spans:
            if known.isdisjoint(range(start, end)):
                yield "".join(words[start:end])


def _owned(found: set[Owners], region: str) -> bool:
    return any(region in owners and not _is_mixed(owners) for owners in found)


def _is_mixed(owners: Owners) -> bool:
    """Whether a name is that of places on both sides, or of one that a front runs through."""
    return "partly" in owners or (len(owners) > 1 and "" in owners)


def _letters(text: str) -> str:
    """A folded name in one word, without what kind of place it is."""
    words = text.split()
    return "".join([word for word in words if word not in _KINDS] or words)


@cache
def atlas(iso3: str, regions: tuple[Region, ...], places: Places) -> Atlas:
    """The atlas of one country, from its regions and known places. A region's own names win over a namesake town's."""
    own: dict[str, set[str]] = defaultdict(set)
    for region in regions:
        for name in (region.name, *region.aliases):
            own[fold(name)].add(region.region)
    found: dict[str, set[str]] = defaultdict(set)
    whole: dict[str, set[str]] = defaultdict(set)
    for place in places.of(iso3):
        for name in (place.name, *place.native):
            found[fold(name)].add(place.region)
        for letters in _in_full(place):
            whole[letters].add(place.region)
    found.update(own)
    whole.update({_letters(name): owners for name, owners in own.items()})
    within = {name: frozenset(owners) for name, owners in found.items() if len(name) >= _WITHIN or not name.isascii()}
    inside = {name for name, owners in found.items() if not owners & {"", "partly"}}
    return Atlas(
        tuple(region.region for region in regions),
        {name: frozenset(owners) for name, owners in whole.items()},
        tuple(within.values()),
        Terms(list(within)),
        tuple(sorted({_letters(name) for name in inside if len(_letters(name)) >= _ALIKE})),
    )


def _in_full(place: Place) -> Iterator[str]:
    """What a whole text may be that means the place: its spellings, and the code of a division."""
    spelt = (_letters(fold(name)) for name in (place.name, *place.native, *place.also))
    yield from (letters for letters in spelt if len(letters) > 2 or not letters.isascii())
    if place.code:
        yield from (_letters(fold(code)) for code in (place.code, place.code.partition("-")[2]))


def countries(reference: Reference) -> dict[str, tuple[Region, ...]]:
    """The regions of each country that has some."""
    found: dict[str, list[Region]] = defaultdict(list)
    for region in reference.regions:
        found[region.iso3].append(region)
    return {iso3: tuple(regions) for iso3, regions in found.items()}
