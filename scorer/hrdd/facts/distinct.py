"""Distinct texts of one or more columns, with a code per row: each text is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from ahocorasick_rs import AhoCorasick

from hrdd.columns import fold

Codes = np.ndarray[Any, np.dtype[np.int64]]


def codes_of(column: Any) -> Codes:
    """The code of each row in a categorical column's categories; -1 where blank."""
    return np.asarray(column.cat.codes.to_numpy(), dtype=np.int64)


def combined(facts: Mapping[str, Any], keys: Sequence[str]) -> tuple[Codes, list[str]]:
    """A code per row and the distinct texts that the columns form together, blanks left out."""
    packed = np.zeros(len(facts[keys[0]]), dtype=np.int64)
    for key in keys:
        packed = packed * (len(facts[key].cat.categories) + 1) + codes_of(facts[key]) + 1
    _, first, codes = np.unique(packed, return_index=True, return_inverse=True)
    texts = np.full(len(first), "", dtype=object)
    for key in keys:
        texts = texts + " " + _texts(facts[key])[codes_of(facts[key])[first]]
    return codes.astype(np.int64), [text.strip() for text in texts]


def _texts(column: Any) -> np.ndarray[Any, np.dtype[np.object_]]:
    return np.array([*column.cat.categories, ""], dtype=object)


class Terms:
    """Terms looked for as whole words in many folded texts at once."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._automaton = AhoCorasick([_whole(fold(term)) for term in terms])

    def found_in(self, texts: Sequence[str]) -> tuple[Codes, Codes]:
        """Pairs of positions (text, term), one pair for each term that stands in a text."""
        pairs = [
            (position, hit[0])
            for position, text in enumerate(texts)
            for hit in self._automaton.find_matches_as_indexes(f" {fold(text)} ", overlapping=True)
        ]
        columns = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
        return columns[:, 0], columns[:, 1]


def _whole(term: str) -> str:
    """A term bounded as a word; scripts that write no spaces between words have no such bounds."""
    return term if any("\u2e80" <= letter <= "\ud7ff" for letter in term) else f" {term} "
