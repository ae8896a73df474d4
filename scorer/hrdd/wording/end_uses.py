"""What the stated end use says, and what it leaves unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hrdd.wording.lexicon import Bools, Found, Hits, Ints, Lexicon, Words, lexicon
from hrdd.wording.slips import slips

_PURPOSES = ("repressive", "national_security", "limited", "vague")


@dataclass(frozen=True)
class EndUseReading:
    """What end-use texts allow, one item per text.

    `vague`: nothing concrete is said ("resale", "as required"). `national_security`: security or law enforcement
    is named and no concrete purpose. `repressive`: the words tell of use against dissent, minorities, the press
    or free expression. `limited`: a low-intrusion use, and `limits` has the categories it can limit.
    `matched`: the words that decided.
    """

    vague: Bools
    national_security: Bools
    repressive: Bools
    limited: Bools
    limits: list[tuple[str, ...]]
    matched: Words

    def limit(self, texts: Ints, categories: Sequence[object]) -> Bools:
        """Per row, whether its end use (a place among the texts read) can limit its product category."""
        pairs = zip(texts.tolist(), categories, strict=True)
        return np.array([category in self.limits[text] for text, category in pairs], dtype=bool)


def read_end_uses(texts: Sequence[object]) -> EndUseReading:
    """Read stated end uses in any of the known languages; blank texts say nothing and are not vague."""
    words = lexicon("end_uses")
    found = words.find(texts)
    rows, righted = slips("end_uses").righted(found)
    meant = np.zeros(len(found.begins), dtype=bool)
    if len(rows):
        meant[rows] = _is_repressive(words, words.hits(words.find(righted)))
    return _read(words, found, texts, meant)


def _is_repressive(words: Lexicon, hits: Hits) -> Bools:
    return hits.of(words.marks("purpose", "repressive")).any()


def _read(words: Lexicon, found: Found, texts: Sequence[object], meant: Bools) -> EndUseReading:
    """What the words say; `meant`: they tell of a repressive use with their slips put right."""
    hits = words.hits(found)
    repressive = meant | _is_repressive(words, hits)
    concrete = hits.of(words.marks("purpose", "concrete")).any()
    security = hits.of(words.marks("purpose", "national_security")).any() & ~concrete
    emptied = words.consists_of(found, words.marks("vague") | words.marks("filler"))
    limited, limits = _limits(words, hits, repressive)
    return EndUseReading(
        vague=(emptied & ~repressive) | words.wordless(found, texts),
        national_security=security,
        repressive=repressive,
        limited=limited,
        limits=limits,
        matched=_matched(words, hits, repressive, security),
    )


def _limits(words: Lexicon, hits: Hits, repressive: Bools) -> tuple[Bools, list[tuple[str, ...]]]:
    """Whether the use is a low-intrusion one, and for which categories; never beside repressive words."""
    said = hits.of(words.marks("limited"))
    limited = said.any() & ~repressive
    scopes: dict[int, set[str]] = {}
    for row, entry in zip(said.rows.tolist(), said.entries.tolist(), strict=True):
        scopes.setdefault(row, set()).update(words.kind_of(entry).scope)
    limits: list[tuple[str, ...]] = [()] * hits.size
    for row in np.flatnonzero(limited).tolist():
        limits[row] = tuple(sorted(scopes[row]))
    return limited, limits


def _matched(words: Lexicon, hits: Hits, repressive: Bools, security: Bools) -> Words:
    """The longest word of the gravest thing said."""
    told = hits.of(words.marks("limited") | words.marks("vague")).first(words.terms, words.lengths)
    guarded = hits.of(words.marks("purpose", "national_security")).first(words.terms, words.lengths)
    against = hits.of(words.marks("purpose", "repressive")).first(words.terms, words.lengths)
    return np.where(repressive, against, np.where(security, guarded, told))
