"""Distinct texts of one or more columns, with a code per row: each text is read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from ahocorasick_rs import AhoCorasick

from hrdd.columns import fold, fold_all

Codes = np.ndarray[Any, np.dtype[np.int64]]


def codes_of(column: Any) -> Codes:
    """The code of each row in a categorical column's categories; -1 where blank."""
    return np.asarray(column.array.codes, dtype=np.int64)


def combined(columns: Sequence[Any], *, folded: bool = False) -> tuple[Codes, list[str]]:
    """A code per row and the distinct texts that the columns form together, blanks left out, folded if asked for."""
    packed = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        packed = packed * (len(column.cat.categories) + 1) + codes_of(column) + 1
    _, first, codes = np.unique(packed, return_index=True, return_inverse=True)
    texts = np.full(len(first), "", dtype=object)
    for column in columns:
        words = fold_all(column.cat.categories) if folded else list(column.cat.categories)
        spelt = np.array([*words, ""], dtype=object)
        texts = texts + " " + spelt[codes_of(column)[first]]
    return codes.astype(np.int64), texts.tolist()


class Terms:
    """Terms looked for as whole words in many folded texts at once."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._automaton = AhoCorasick([_whole(fold(term)) for term in terms])

    def found_in(self, texts: Sequence[str]) -> tuple[Codes, Codes]:
        """Pairs of positions (text, term), one pair for each term that stands in a text folded before.

        Each text begins with a blank. All are searched as one line, in which no term reaches across two texts.
        """
        begins = np.cumsum([0, *(len(text) + 2 for text in texts)])
        raw = self._automaton.find_matches_as_indexes(" \n".join([*texts, ""]), overlapping=True)
        term, start, _ = np.array(raw, dtype=np.int64).reshape(-1, 3).T
        text = np.searchsorted(begins, start, side="right") - 1
        pairs = np.unique(np.stack([text, term], axis=1), axis=0)
        return pairs[:, 0], pairs[:, 1]


@lru_cache(maxsize=256)
def terms_for(*terms: str) -> Terms:
    """The same terms, made ready once."""
    return Terms(terms)


def _whole(term: str) -> str:
    """A term bounded as a word; scripts that write no spaces between words have no such bounds."""
    return term if any("\u2e80" <= letter <= "\ud7ff" for letter in term) else f" {term} "
