"""Tables of words, and where the words stand in many texts at once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from importlib.resources import files
from itertools import chain

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from hrdd.wording.folding import END, fold_each, haystack, is_unspaced

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]
Bits = npt.NDArray[np.uint64]

#: Phrases for things that only sound like surveillance: "bug fix", "baby monitor", "Salvation Army".
ORDINARY = "ordinary"
#: Tables whose phrases hide the shorter words inside them: "bug fix" hides "bug", "public security bureau"
#: hides "security bureau".
HIDING = (ORDINARY, "type", "brand")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a wording table: in `table`, the words `term` point to `target`.

    A term may end or begin with `*` (the word goes on) and may join parts with `+` (all of them, in any order).
    `weight` is "firm", or "loose" where context may turn the reading; `scope` lists the targets it bears on.
    """

    table: str
    target: str
    term: str
    language: str
    weight: str
    scope: tuple[str, ...]
    note: str

    @property
    def parts(self) -> list[str]:
        """The pieces that must all occur."""
        return [part.strip() for part in self.term.split("+")]


@dataclass(frozen=True)
class Found:
    """Single words and phrases where they stand: parallel arrays, bytes of the one folded line.

    `begins` has the first byte of each text; `patterns`, `rows`, `starts` and `ends` have one item per match.
    """

    line: bytes
    begins: Ints
    patterns: Ints
    rows: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True)
class Hits:
    """Which entry was found in which text: parallel arrays, sorted by text, then by entry; each pair once."""

    size: int
    rows: Ints
    entries: Ints

    def of(self, chosen: Bools) -> Hits:
        """Only the hits of the entries marked in `chosen` (one mark per entry)."""
        kept = chosen[self.entries]
        return Hits(self.size, self.rows[kept], self.entries[kept])

    def any(self) -> Bools:
        """Per text, whether there is any hit."""
        found = np.zeros(self.size, dtype=bool)
        found[self.rows] = True
        return found

    def bits(self, values: Bits) -> Bits:
        """Per text, the bits of all entries hit (`values` has the bits of one entry)."""
        joined = np.zeros(self.size, dtype=np.uint64)
        if len(self.rows):
            first = np.flatnonzero(np.diff(self.rows, prepend=-1))
            joined[self.rows[first]] = np.bitwise_or.reduceat(values[self.entries], first)
        return joined

    def first(self, words: Words, rank: Ints) -> Words:
        """Per text, the word of the entry hit with the highest rank, or an empty string."""
        chosen = np.full(self.size, "", dtype=object)
        order = np.lexsort((rank[self.entries], self.rows))
        rows = self.rows[order]
        last = np.flatnonzero(np.diff(rows, append=-1))
        chosen[rows[last]] = words[self.entries[order][last]]
        return chosen


def load(name: str) -> tuple[Entry, ...]:
    """The entries of one shipped file of words."""
    text = (files("hrdd") / "data" / "reference" / f"wording_{name}").read_text(encoding="utf-8")
    return tuple(
        Entry(
            row["table"],
            row["target"],
            row["term"],
            row["language"],
            row["weight"],
            tuple(part for part in row["scope"].split(";") if part),
            row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def _pattern(part: str, folded: str) -> bytes:
    before = "" if part.startswith("*") or is_unspaced(folded) else " "
    after = "" if part.endswith("*") or is_unspaced(folded) else " "
    return f"{before}{folded}{after}".encode()


class Lexicon:
    """The entries of one wording file, ready to be looked up in many texts at once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        parts = [part for entry in self.entries for part in entry.parts]
        by_part = dict(zip(parts, fold_each(parts), strict=True))
        patterns: dict[bytes, int] = {}
        self._needs = [
            [patterns.setdefault(_pattern(part, by_part[part]), len(patterns)) for part in entry.parts]
            for entry in self.entries
        ]
        self._patterns = list(patterns)
        self._unspaced = np.array([is_unspaced(p.decode()) for p in self._patterns], dtype=bool)
        self.tables = np.array([entry.table for entry in self.entries], dtype=object)
        self.targets = np.array([entry.target for entry in self.entries], dtype=object)
        self.terms = np.array([entry.term.replace("*", "") for entry in self.entries], dtype=object)
        self.is_firm = np.array([entry.weight != "loose" for entry in self.entries], dtype=bool)
        self._bits: dict[tuple[str, ...], Bits] = {}
        self._marks: dict[tuple[str, str | None], Bools] = {}
        self.is_single = np.array([len(needs) == 1 for needs in self._needs], dtype=bool)
        self.lengths = np.array([len(entry.term) for entry in self.entries], dtype=np.int64)

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._patterns, MatchKind.Standard, Implementation.ContiguousNFA)

    @cached_property
    def _hiding(self) -> Bools:
        """Per pattern, whether it belongs to a table whose phrases hide the words inside them."""
        return self._patterns_of(np.isin(self.tables, HIDING))

    @cached_property
    def _pads(self) -> Ints:
        """Per pattern, how many blanks stand before and after it."""
        return np.array([(p.startswith(b" "), p.endswith(b" ")) for p in self._patterns], dtype=np.int64).reshape(-1, 2)

    @cached_property
    def _open(self) -> Bools:
        """Per pattern, whether the word may begin before it and go on after it (scripts without blanks: neither)."""
        open_ends = np.zeros((len(self._patterns), 2), dtype=bool)
        for entry, needs in zip(self.entries, self._needs, strict=True):
            for part, need in zip(entry.parts, needs, strict=True):
                open_ends[need] |= (part.startswith("*"), part.endswith("*"))
        return np.asarray(open_ends & ~self._pads.astype(bool) & ~self._unspaced[:, None], dtype=bool)

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """Each entry with each of its patterns, as two parallel arrays."""
        pairs = [(entry, need) for entry, needs in enumerate(self._needs) for need in needs]
        flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return flat[:, 0], flat[:, 1]

    @cached_property
    def _several(self) -> list[tuple[int, list[int]]]:
        """The entries that need several parts, with the patterns of the parts."""
        return [(entry, needs) for entry, needs in enumerate(self._needs) if len(needs) > 1]

    @cached_property
    def _singles(self) -> tuple[Ints, Ints]:
        """The entries that one pattern decides, pattern by pattern, and where those of each pattern begin."""
        pairs = sorted((needs[0], entry) for entry, needs in enumerate(self._needs) if len(needs) == 1)
        flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return np.searchsorted(flat[:, 0], np.arange(len(self._patterns) + 1)), flat[:, 1]

    def bits_of(self, codes: Sequence[str], chosen: Bools) -> Bits:
        """Per entry marked in `chosen`, the bit of its target's place in `codes`; 0 for all others."""
        return np.where(chosen, self._all_bits(tuple(codes)), np.uint64(0))

    def _all_bits(self, codes: tuple[str, ...]) -> Bits:
        if codes not in self._bits:
            place = {code: 1 << number for number, code in enumerate(codes)}
            values = [place.get(entry.target, 0) for entry in self.entries]
            self._bits[codes] = np.array(values, dtype=np.uint64)
        return self._bits[codes]

    def marks(self, table: str, target: str | None = None) -> Bools:
        """Per entry, whether it stands in `table` (and points to `target`)."""
        if (table, target) not in self._marks:
            chosen = [e.table == table and target in {None, e.target} for e in self.entries]
            self._marks[table, target] = np.array(chosen, dtype=bool)
        return self._marks[table, target]

    def find(self, texts: Sequence[object]) -> Found:
        """Where every term stands in the texts; what lies inside a longer phrase that hides is left out."""
        line, begins = haystack(texts)
        raw = self._automaton.find_matches_as_indexes(line, overlapping=True)
        flat = np.fromiter(chain.from_iterable(raw), dtype=np.int64, count=3 * len(raw)).reshape(-1, 3)
        pattern, start, end = flat.T
        start, end = start + self._pads[pattern, 0], end - self._pads[pattern, 1]
        kept = ~self._is_hidden(line, pattern, start, end)
        row_of_byte = np.repeat(np.arange(len(begins), dtype=np.int64), np.diff(begins, append=len(line)))
        return Found(line, begins, pattern[kept], row_of_byte[start[kept]], start[kept], end[kept])

    def _is_hidden(self, line: bytes, pattern: Ints, start: Ints, end: Ints) -> Bools:
        """Whether a match lies inside a longer match of a table that hides."""
        hiding = self._hiding[pattern]
        if not hiding.any():
            return np.zeros(len(pattern), dtype=bool)
        reach = self._reach(np.frombuffer(line, dtype=np.uint8), pattern, end)
        furthest = np.zeros(len(line), dtype=np.int64)
        np.maximum.at(furthest, start[hiding], reach[hiding])
        furthest = np.maximum.accumulate(furthest)
        own = np.where(hiding, reach, end)
        return np.asarray((furthest[start - 1] >= end) | (furthest[start] > own), dtype=bool)

    def hits(self, found: Found) -> Hits:
        """Which entries are complete in which texts."""
        offsets, entries = self._singles
        first = offsets[found.patterns]
        count = offsets[found.patterns + 1] - first
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        single = entries[np.repeat(first, count) + step]
        pairs = [np.repeat(found.rows, count) * len(self.entries) + single, *self._joined(found)]
        pair = np.sort(np.concatenate(pairs))  # np.unique hashes, which takes ten times as long on these
        unique = pair[np.flatnonzero(np.diff(pair, prepend=-1))]
        return Hits(len(found.begins), unique // len(self.entries), unique % len(self.entries))

    def _joined(self, found: Found) -> list[Ints]:
        """Hits of the entries that need several parts, as row and entry in one number."""
        order = np.argsort(found.patterns, kind="stable")
        patterns, rows = found.patterns[order], found.rows[order]
        bounds = np.searchsorted(patterns, np.arange(len(self._patterns) + 1))
        present = bounds[1:] > bounds[:-1]
        firsts = np.array([needs[:2] for _, needs in self._several], dtype=np.int64).reshape(-1, 2)
        pairs: list[Ints] = []
        for number in np.flatnonzero(present[firsts].all(axis=1)):
            entry, needs = self._several[number]
            groups = (rows[bounds[need] : bounds[need + 1]] for need in needs)
            pairs.append(reduce(np.intersect1d, groups) * len(self.entries) + entry)
        return pairs

    def consists_of(self, found: Found, chosen: Bools) -> Bools:
        """Per text, whether it has words and all of them, numbers aside, belong to entries marked in `chosen`."""
        kept = self._patterns_of(chosen)[found.patterns]
        letters = np.frombuffer(found.line, dtype=np.uint8)
        pattern, rows = found.patterns[kept], found.rows[kept]
        first = len(letters) - self._reach(letters[::-1], pattern, len(letters) - found.starts[kept], side=0)
        last = self._reach(letters, pattern, found.ends[kept])
        order = np.argsort(first, kind="stable")
        furthest = np.maximum.accumulate(np.concatenate([[0], last[order]]))
        upto = np.concatenate([[0], np.cumsum(letters > ord("9"), dtype=np.int64)])
        new = upto[furthest[1:]] - upto[np.maximum(first[order], furthest[:-1])]
        told = np.bincount(rows[order], weights=np.maximum(new, 0), minlength=len(found.begins))
        return np.asarray((told > 0) & (told == np.diff(upto[found.begins], append=upto[-1])), dtype=bool)

    def _reach(self, letters: npt.NDArray[np.uint8], pattern: Ints, end: Ints, side: int = 1) -> Ints:
        """Where the words end in which matches end: further on, where a term lets its word go on."""
        reach = end.copy()
        goes_on = self._open[pattern, side]
        if not goes_on.any():
            return reach
        blanks = np.flatnonzero(letters == ord(" "))
        reach[goes_on] = blanks[np.searchsorted(blanks, end[goes_on])]
        return reach

    def wordless(self, found: Found, texts: Sequence[object]) -> Bools:
        """Texts that are not blank and yet have no letter or digit, such as "-" and "?"."""
        empty = np.diff(found.begins, append=len(found.line)) <= len(f" {END} ")
        for row in np.flatnonzero(empty):
            text = texts[int(row)]
            empty[row] = isinstance(text, str) and bool(text.strip())
        return empty

    def positions(self, found: Found, chosen: Bools) -> Ints:
        """Which matches belong to entries marked in `chosen`."""
        return np.flatnonzero(self._patterns_of(chosen)[found.patterns])

    def _patterns_of(self, chosen: Bools) -> Bools:
        marked = np.zeros(len(self._patterns), dtype=bool)
        entry, pattern = self._pairs
        marked[pattern[chosen[entry]]] = True
        return marked


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon of one shipped file, read and built once."""
    return Lexicon(load(name))
