"""Tables of words, and where the words stand in many texts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from itertools import chain

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from hrdd.wording.compiled import BLANK_AFTER, BLANK_BEFORE, UNSPACED, Compiled, load
from hrdd.wording.entries import Kind
from hrdd.wording.folding import END, haystack

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]
Bits = npt.NDArray[np.uint64]

#: Phrases for things that only sound like surveillance: "bug fix", "baby monitor", "Salvation Army".
ORDINARY = "ordinary"
#: Tables whose phrases hide the shorter words inside them: "bug fix" hides "bug", "public security bureau"
#: hides "security bureau".
HIDING = (ORDINARY, "type", "brand")


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

    def text(self, row: int) -> str:
        """One folded text, with a blank at both ends."""
        end = self.begins[row + 1] if row + 1 < len(self.begins) else len(self.line)
        return self.line[self.begins[row] : end].decode().removesuffix(f"{END} ").removesuffix(END)


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


def _digits(text: str) -> Ints:
    return np.frombuffer(text.encode(), dtype=np.uint8).astype(np.int64) - ord("0")


class Lexicon:
    """The entries of one reader, ready to be looked up in many texts at once."""

    def __init__(self, compiled: Compiled) -> None:
        self.kinds = compiled.kinds
        self._kind = np.array(compiled.kind, dtype=np.int64)
        terms = compiled.terms.split("\n") if compiled.kind else []
        self.terms = np.array(terms, dtype=object)
        self.targets = np.array([kind.target for kind in self.kinds], dtype=object)[self._kind]
        self.is_firm = self.of_kind(lambda kind: kind.weight != "loose")
        parts = _digits(compiled.parts)
        self.is_single = parts == 1
        self.lengths = np.fromiter(map(len, terms), dtype=np.int64, count=len(terms)) + 1 - parts
        self._owners = np.repeat(np.arange(len(parts)), parts)
        self._needs = np.array(compiled.needs, dtype=np.int64)
        self._all_patterns = compiled.patterns
        self._patterns = compiled.patterns.encode().split(b"\n") if compiled.edges else []
        edges = _digits(compiled.edges)
        self._pads = np.column_stack([edges & BLANK_BEFORE, (edges & BLANK_AFTER) // BLANK_AFTER])
        self._open = (self._pads == 0) & (edges != UNSPACED)[:, None]
        self._marks: dict[tuple[str, str | None], Bools] = {}

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._patterns, MatchKind.Standard, Implementation.ContiguousNFA)

    @cached_property
    def _hiding(self) -> Bools:
        """Per pattern, whether it belongs to a table whose phrases hide the words inside them."""
        return self._patterns_of(self.of_kind(lambda kind: kind.table in HIDING))

    @cached_property
    def _several(self) -> tuple[Ints, Ints, Ints]:
        """The entries that need several parts, the patterns of all these parts, and where those of each begin."""
        joined = ~self.is_single[self._owners]
        owners, needs = self._owners[joined], self._needs[joined]
        begins = np.flatnonzero(np.diff(owners, prepend=-1))
        return owners[begins], needs, begins

    @cached_property
    def _singles(self) -> tuple[Ints, Ints]:
        """The entries that one pattern decides, pattern by pattern, and where those of each pattern begin."""
        alone = self.is_single[self._owners]
        needs, owners = self._needs[alone], self._owners[alone]
        order = np.argsort(needs, kind="stable")
        return np.searchsorted(needs[order], np.arange(len(self._patterns) + 1)), owners[order]

    def of_kind(self, says: Callable[[Kind], bool]) -> Bools:
        """Per entry, what `says` tells of its kind."""
        return np.array([says(kind) for kind in self.kinds], dtype=bool)[self._kind]

    def kind_of(self, entry: int) -> Kind:
        """What one entry says."""
        return self.kinds[int(self._kind[entry])]

    def bits_of(self, codes: Sequence[str], chosen: Bools) -> Bits:
        """Per entry marked in `chosen`, the bit of its target's place in `codes`; 0 for all others."""
        place = {code: 1 << number for number, code in enumerate(codes)}
        values = np.array([place.get(kind.target, 0) for kind in self.kinds], dtype=np.uint64)
        return np.where(chosen, values[self._kind], np.uint64(0))

    def marks(self, table: str, target: str | None = None) -> Bools:
        """Per entry, whether it stands in `table` (and points to `target`)."""
        if (table, target) not in self._marks:
            chosen = self.of_kind(lambda kind: kind.table == table and target in {None, kind.target})
            self._marks[table, target] = chosen
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
        pairs = [np.repeat(found.rows, count) * len(self.terms) + single, *self._joined(found)]
        pair = np.sort(np.concatenate(pairs))  # np.unique hashes, which takes ten times as long on these
        unique = pair[np.flatnonzero(np.diff(pair, prepend=-1))]
        return Hits(len(found.begins), unique // len(self.terms), unique % len(self.terms))

    def _joined(self, found: Found) -> list[Ints]:
        """Hits of the entries that need several parts, as row and entry in one number."""
        order = np.argsort(found.patterns, kind="stable")
        patterns, rows = found.patterns[order], found.rows[order]
        bounds = np.searchsorted(patterns, np.arange(len(self._patterns) + 1))
        present = bounds[1:] > bounds[:-1]
        several, needs, begins = self._several
        complete = np.logical_and.reduceat(present[needs], begins) if len(needs) else begins
        pairs: list[Ints] = []
        for number in np.flatnonzero(complete):
            parts = needs[begins[number] : begins[number + 1] if number + 1 < len(begins) else None]
            groups = (rows[bounds[need] : bounds[need + 1]] for need in parts)
            pairs.append(reduce(np.intersect1d, groups) * len(self.terms) + several[number])
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

    def words_of(self, chosen: Bools) -> list[str]:
        """The folded parts of the terms of entries marked in `chosen`."""
        return [self._patterns[place].decode().strip() for place in np.flatnonzero(self._patterns_of(chosen))]

    def has_word(self, word: str) -> bool:
        """Whether a term has the word, unabridged."""
        return f" {word} " in self._all_patterns

    def positions(self, found: Found, chosen: Bools) -> Ints:
        """Which matches belong to entries marked in `chosen`."""
        return np.flatnonzero(self._patterns_of(chosen)[found.patterns])

    def _patterns_of(self, chosen: Bools) -> Bools:
        marked = np.zeros(len(self._patterns), dtype=bool)
        marked[self._needs[chosen[self._owners]]] = True
        return marked


@cache
def lexicon(reader: str) -> Lexicon:
    """The lexicon of one reader, read and built once."""
    return Lexicon(load(reader))
