"""What the words of a product text say about its category, and how they say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from hrdd.columns import CATEGORIES
from hrdd.wording.lexicon import ORDINARY, Bits, Bools, Found, Hits, Ints, Lexicon, Words, lexicon
from hrdd.wording.slips import slips

#: The signal levels of the category table, as far as they order categories; which reading wins, no rating.
_GRAVITY = {
    "P-COVERT": 4,
    "P-MASS": 4,
    "P-CENSOR": 3,
    "P-BIOID": 3,
    "P-LOCATE": 3,
    "P-EXTRACT": 3,
    "P-LI": 3,
    "P-COMPONENT": 2,
    "P-CYBERTEST": 2,
    "P-NETMGMT": 1,
    "P-LOWINTR": 1,
}
_ORDINARY_GOODS = "general_it"
_NONE = -1  # the place of "no category": the last of the labels
_GRAVE_HINT_OVERRIDES = 1  # a category up to this gravity is no clear answer beside words such as "intercept"


@dataclass(frozen=True)
class ProductReading:
    """What product texts allow, one item per text.

    `category` is the gravest category the words name, or None; `candidates` all that they name. `limited`: the
    words tell of a low-intrusion use of that category. `hints`: surveillance-like words without a clear
    category. `covert`: sold for use without the target's knowledge. `minority`: sorts people by ethnicity or
    religion. `empty`: ordinary only because the words say next to nothing ("kit", "upgrade"). `matched`: the words
    that decided.
    """

    category: Words
    candidates: list[tuple[str, ...]]
    limited: Bools
    hints: Bools
    covert: Bools
    minority: Bools
    empty: Bools
    matched: Words


@dataclass(frozen=True)
class _Context:
    """Words that turn a reading: the bits they bear on, what these become, and which entries say so."""

    scope: np.uint64
    becomes: str
    only_loose: bool
    entries: Bools


@cache
def gravity(category: str) -> int:
    """How grave a category's reading is, 0 to 4; orders readings only."""
    signals = next(c.signals for c in CATEGORIES if c.id == category)
    return max((_GRAVITY[signal] for signal in signals), default=0)


@cache
def _codes() -> tuple[str, ...]:
    """All categories, gravest first, then as the category table lists them: the order of the bits."""
    return tuple(sorted((c.id for c in CATEGORIES), key=lambda code: -gravity(code)))


@cache
def _labels() -> Words:
    """The codes by place, and None in the last one."""
    return np.array([*_codes(), None], dtype=object)


def _scope_bits(scope: Sequence[str]) -> np.uint64:
    return np.uint64(sum(1 << _codes().index(code) for code in scope))


@cache
def _contexts() -> tuple[_Context, ...]:
    words = lexicon("products")
    kinds = [kind for kind in words.kinds if kind.table == "context"]
    return tuple(
        _Context(_scope_bits(kind.scope), kind.target, kind.weight == "loose", words.of_kind(kind.__eq__))
        for kind in sorted(kinds, key=lambda kind: (kind.scope, kind.target, kind.weight))
    )


def read_products(texts: Sequence[object]) -> ProductReading:
    """Infer category and marks of product texts (name and description in one), in any of the known languages.

    Pure and row by row: the reading of a text depends on nothing but its words. What is no text reads as empty.
    """
    words = lexicon("products")
    found = words.find(texts)
    reading = _read(words, found)
    rows, righted = slips("products").righted(found)
    if len(rows):
        _doubt(reading, rows, _read(words, words.find(righted)))
    return reading


def _read(words: Lexicon, found: Found) -> ProductReading:
    """What the words say as they are written."""
    hits = words.hits(found)
    firm, loose, goods, turned = _turn(words, hits)
    empty = _only_plain(words, found) & ~goods
    goods |= empty
    decided = _gravest(words, hits, firm, loose)
    hints, alarmed = _hints(words, hits, decided)
    decided[alarmed] = _NONE
    decided[(firm | loose == 0) & goods & ~hints] = _codes().index(_ORDINARY_GOODS)
    return ProductReading(
        category=_labels()[decided],
        candidates=_candidates(firm | loose),
        limited=_limited(hits, decided),
        hints=hints,
        covert=hits.of(words.marks("mark", "covert")).any(),
        minority=hits.of(words.marks("mark", "minority")).any(),
        empty=empty,
        matched=_matched(words, hits, decided, hints, turned),
    )


def _doubt(reading: ProductReading, rows: Ints, righted: ProductReading) -> None:
    """Turn into a hint what reads as graver with its slips put right: it is not known what was meant."""
    graver = righted.hints | (_gravities(righted.category) > _GRAVE_HINT_OVERRIDES)
    graver &= ~reading.hints[rows] & (_gravities(righted.category) + righted.hints > _gravities(reading.category[rows]))
    doubted = rows[graver]
    reading.category[doubted] = None
    reading.hints[doubted] = True
    reading.matched[doubted] = righted.matched[graver]


def _gravities(categories: Words) -> Ints:
    return np.array([gravity(category) if category else 0 for category in categories], dtype=np.int64)


@cache
def _named(words: Lexicon) -> Bools:
    """Entries that name a category: those of the category table, and ordinary phrases for a benign one."""
    return np.asarray(
        words.marks("category") | (words.marks(ORDINARY) & (words.targets != _ORDINARY_GOODS)), dtype=bool
    )


def _turn(words: Lexicon, hits: Hits) -> tuple[Bits, Bits, Bools, Words]:
    """Named categories after context: firm and loose bits, whether ordinary goods are named, and the turning words."""
    named = _named(words)
    firm = hits.bits(words.bits_of(_codes(), named & words.is_firm))
    loose = hits.bits(words.bits_of(_codes(), named & ~words.is_firm)) & ~firm
    goods = hits.of((words.marks("goods") & words.is_firm) | words.marks(ORDINARY, _ORDINARY_GOODS)).any()
    turned = np.full(hits.size, "", dtype=object)
    for context in _contexts():
        if context.becomes == "limited":
            continue
        said = hits.of(context.entries)
        reach = loose if context.only_loose else firm | loose
        moved = said.any() & (reach & context.scope != 0)
        loose[moved] &= ~context.scope
        if not context.only_loose:
            firm[moved] &= ~context.scope
        turned[moved] = said.first(words.terms, words.lengths)[moved]
        if context.becomes == _ORDINARY_GOODS:
            goods |= moved
        else:
            firm[moved] |= _scope_bits([context.becomes])
    return firm, loose, goods, turned


def _only_plain(words: Lexicon, found: Found) -> Bools:
    """Texts all of whose words are plain ones ("annual licence renewal"): no name that could be anything."""
    plain = words.marks("goods")
    named = np.zeros(len(found.begins), dtype=bool)
    named[found.rows[words.positions(found, plain)]] = True
    return words.consists_of(found, plain | words.marks("filler") | words.marks(ORDINARY)) & named


def _gravest(words: Lexicon, hits: Hits, firm: Bits, loose: Bits) -> Ints:
    """The gravest category of each text, as a place in the codes; of equally grave ones the most surely named.

    A phrase names more surely than parts that merely occur together, and a firm word more surely than a loose one.
    """
    phrase = hits.bits(words.bits_of(_codes(), _named(words) & words.is_firm & words.is_single))
    decided = np.full(hits.size, _NONE, dtype=np.int64)
    ladder = [(gravity(code), sure, -number) for number, code in enumerate(_codes()) for sure in range(3)]
    for _, sure, number in sorted(ladder):
        bits = (loose, firm, firm & phrase)[sure]
        decided[bits & np.uint64(1 << -number) != 0] = -number
    return decided


def _candidates(bits: Bits) -> list[tuple[str, ...]]:
    different, which = np.unique(bits, return_inverse=True)
    tuples = [tuple(code for n, code in enumerate(_codes()) if int(value) >> n & 1) for value in different]
    return [tuples[number] for number in which]


def _limited(hits: Hits, decided: Ints) -> Bools:
    """Whether limiting words bear on the category that was read."""
    bit = np.where(decided == _NONE, np.uint64(0), np.uint64(1) << np.maximum(decided, 0).astype(np.uint64))
    limited = np.zeros(hits.size, dtype=bool)
    for context in _contexts():
        if context.becomes == "limited":
            limited |= hits.of(context.entries).any() & (bit & context.scope != 0)
    return limited


def _hints(words: Lexicon, hits: Hits, decided: Ints) -> tuple[Bools, Bools]:
    """Texts with surveillance-like words and no clear category, and those whose low category they overrule."""
    telling = words.marks("mark", "covert") | words.marks("mark", "minority")
    some = hits.of(words.marks("mark")).any()
    grave = hits.of((words.marks("mark", "hint") & words.is_firm) | telling).any()
    low = np.array([gravity(code) <= _GRAVE_HINT_OVERRIDES for code in _codes()] + [False], dtype=bool)
    alarmed = grave & low[decided]
    return (some & (decided == _NONE)) | alarmed, alarmed


def _matched(words: Lexicon, hits: Hits, decided: Ints, hints: Bools, turned: Words) -> Words:
    """The longest word that names the category read; else the turning word; the hint where there is only that."""
    named = hits.of(_named(words) | words.marks("goods") | words.marks(ORDINARY, _ORDINARY_GOODS))
    agrees = np.asarray(_labels()[decided[named.rows]] == words.targets[named.entries], dtype=bool)
    told = Hits(hits.size, named.rows[agrees], named.entries[agrees]).first(words.terms, words.lengths)
    told[told == ""] = turned[told == ""]
    told[decided == _NONE] = ""
    told[hints] = hits.of(words.marks("mark")).first(words.terms, words.lengths)[hints]
    return told
