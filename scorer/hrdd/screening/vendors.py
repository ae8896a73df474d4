"""The shipped, dated table of listed makers of surveillance products, and how a name is looked up in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from hrdd.columns import fold, fold_all
from hrdd.reference import Reference
from hrdd.reference.tables import Cited

Days = np.ndarray[Any, np.dtype[np.datetime64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_FORMS = "ltd limited llc inc incorporated corp corporation co company gmbh ag sa sas sarl srl spa bv nv oy ab as aps"
_MORE_FORMS = "plc pte pty kk jsc ojsc cjsc pjsc ooo zao ao zrt kft ad doo sro holdings holding group"
_LEGAL_FORMS = frozenset(f"{_FORMS} {_MORE_FORMS}".split())


class Listed(Cited, Protocol):
    """A name on a list, for as long as it stands there."""

    def holds_on(self, days: Days) -> Mask:
        """Whether it is listed on each day."""
        ...


@dataclass(frozen=True)
class Matches:
    """Per row: whether the name is a listed one on the row's day, or only resembles one."""

    exact: Mask
    resembles: Mask


@dataclass(frozen=True)
class Entries:
    """What stands on the lists for one name on one day: what it is, and what it only resembles."""

    exact: tuple[Listed, ...] = ()
    resembles: tuple[Listed, ...] = ()


class Screen(Protocol):
    """What the engine asks of any screening: names (distinct), a code per row into them (-1: blank), days.

    `version` names the lists and their day; it goes into every verdict id.
    """

    @property
    def version(self) -> str:
        """Which lists, as of when."""
        ...

    def look_up(self, names: Sequence[str], codes: np.ndarray[Any, Any], days: Days) -> Matches:
        """Match each row's name as the lists stood on its day."""
        ...

    def entries(self, name: str, day: np.datetime64) -> Entries:
        """The entries behind a match: those that `look_up` goes by for that name on that day."""
        ...


def core(folded: str) -> tuple[str, ...]:
    """The words of a folded name that distinguish it: those that are no legal form.

    >>> core("sandvine inc")
    ('sandvine',)
    """
    words = folded.split()
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return tuple(kept or words)


@dataclass(frozen=True)
class VendorTable:
    """Listed vendors by the core of their names.

    `full` are the names as written whose core says too little alone: "NSO Group". `shared` only ever resemble.
    """

    by_core: dict[tuple[str, ...], list[Listed]] = field(default_factory=dict)
    starts: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    full: set[tuple[str, ...]] = field(default_factory=set)
    shared: frozenset[tuple[str, ...]] = frozenset()
    version: str = "shipped vendor table"

    @classmethod
    def of(cls, names: Iterable[tuple[str, Listed]]) -> VendorTable:
        """Index names; one party may stand several times, under several names and dates."""
        table = cls()
        for name, listed in names:
            folded = fold(name)
            key = core(folded)
            if not _distinctive(key):
                table.full.add(tuple(folded.split()))
            if key not in table.by_core:
                table.starts.setdefault(key[0], []).append(key)
            table.by_core.setdefault(key, []).append(listed)
        return table

    def also_resembling(self, names: Sequence[tuple[str, Listed]]) -> VendorTable:
        """Add names that only ever resemble: those that several bodies bear, and those that a party is called by."""
        table = VendorTable.of(names)
        shared = frozenset(table.by_core) - frozenset(self.by_core)
        entries = {**self.by_core, **{key: table.by_core[key] for key in shared}}
        starts: dict[str, list[tuple[str, ...]]] = {}
        for key in entries:
            starts.setdefault(key[0], []).append(key)
        return VendorTable(entries, starts, self.full, shared)

    def find(self, folded: str) -> tuple[tuple[str, ...] | None, set[tuple[str, ...]]]:
        """The listed name that this one is, if distinctive enough, and those that stand inside it."""
        words, written = core(folded), tuple(folded.split())
        in_full = len(words) < len(written) and written in self.full
        sure = words in self.by_core and words not in self.shared
        whole = words if sure and (_distinctive(words) or in_full) else None
        inside = {
            key
            for i, word in enumerate(words)
            for key in self.starts.get(word, ())
            if words[i : i + len(key)] == key and (_distinctive(key) or key == words or self._leads(key, i))
        }
        inside |= {core(" ".join(name)) for name in self.full if len(name) > 1 and _stands_in(name, written)}
        return whole, inside - ({whole} if whole else set())

    def _leads(self, key: tuple[str, ...], place: int) -> bool:
        """Whether what a party is called by stands first in the name: "Dahua Gulf"."""
        return place == 0 and key in self.shared and len(key[0]) >= _TELLING

    def look_up(self, names: Sequence[str], codes: np.ndarray[Any, Any], days: Days) -> Matches:
        """Match each row's name as the table stood on its day."""
        exact, resembles = np.zeros(len(codes), dtype=bool), np.zeros(len(codes), dtype=bool)
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
        words = self.starts.keys()
        folded_names = [_unspaced(name) for name in fold_all(names)]
        suspects = [(code, name) for code, name in enumerate(folded_names) if not words.isdisjoint(name.split())]
        for code, folded in suspects:
            whole, inside = self.find(folded)
            if whole or inside:
                rows = order[bounds[code] : bounds[code + 1]]
                if whole:
                    exact[rows] |= self._on(whole, days[rows])
                for key in inside:
                    resembles[rows] |= self._on(key, days[rows])
        return Matches(exact, resembles & ~exact)

    def entries(self, name: str, day: np.datetime64) -> Entries:
        """The entries of the table that a name is, and those that it resembles, on a day."""
        whole, inside = self.find(_unspaced(fold(name)))
        exact = self._holding([whole] if whole else [], day)
        return Entries(exact, () if exact else self._holding(sorted(inside), day))

    def _holding(self, keys: Sequence[tuple[str, ...]], day: np.datetime64) -> tuple[Listed, ...]:
        listed = (entry for key in keys for entry in self.by_core[key])
        return tuple(entry for entry in listed if entry.holds_on(np.array(day, dtype="datetime64[D]")))

    def _on(self, key: tuple[str, ...], days: Days) -> Mask:
        found = np.zeros(len(days), dtype=bool)
        for listed in self.by_core[key]:
            found |= listed.holds_on(days)
        return found


_TELLING = 5
_LETTERS = re.compile(r"\b(\w) (?=\w\b)")


def _unspaced(folded: str) -> str:
    """A folded name with its initials drawn together: "n s o group" is "nso group"."""
    return _LETTERS.sub(r"\1", folded)


def _stands_in(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(name)] == name for i in range(len(words) - len(name) + 1))


def _distinctive(words: tuple[str, ...]) -> bool:
    """Whether a name says enough to be one party's: two words, or one long one."""
    return len(words) > 1 or len(words[0]) >= 7


#: Lists that forbid supplying the party; the other codes in the table (CMIC) forbid investing in it.
_SUPPLY_LISTS = frozenset({"EL", "SDN", "MEU"})


def blocked_table(reference: Reference) -> VendorTable:
    """The parties of the table whose property is blocked (SDN): the Treasury's 50 % rule reaches what they own."""
    blocked = [vendor for vendor in reference.vendors if vendor.list_code == "SDN"]
    return VendorTable.of((name, party) for party in blocked for name in (party.name, *party.aliases))


def vendor_table(reference: Reference) -> VendorTable:
    """The table of listed surveillance vendors and military-intelligence bodies that the product carries."""
    vendors = [vendor for vendor in reference.vendors if vendor.list_code in _SUPPLY_LISTS]
    table = VendorTable.of((name, party) for party in vendors for name in (party.name, *party.aliases))
    called = [(name, party) for party in vendors for name in _called(party.search_term)]
    bodies = [(name, body) for body in reference.military_intelligence for name in (body.name, *body.aliases)]
    return table.also_resembling([*called, *bodies])


_TRADE_WORDS = "technology technologies tech electronics information digital software systems network"
_TRADES = frozenset(_TRADE_WORDS.split())


def _called(term: str) -> Iterator[str]:
    """What a listed party is called by, in short and in shorter: "Dahua Technology", "Dahua"."""
    yield term
    first, *rest = fold(term).split()
    if rest and _TRADES.issuperset(rest):
        yield first
