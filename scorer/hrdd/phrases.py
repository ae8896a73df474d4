"""Words for many rows at once: each distinct pattern is spelt once, then spread over the rows that show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from hrdd.patterns import distinct

Words = np.ndarray[Any, np.dtype[np.object_]]


def spell(
    shown: Sequence[np.ndarray[Any, Any]], words: Sequence[str], rows: int, separator: str = "; ", most: int = 0
) -> Words:
    """For each row the words whose mask holds there, in order, each once, joined; at most `most`, if given.

    `shown` are boolean masks over rows, one per word. A longer list ends in "and N more".
    """
    masks: dict[str, np.ndarray[Any, Any]] = {}
    for word, mask in zip(words, shown, strict=True):
        masks[word] = masks[word] | mask if word in masks else mask
    if not masks:
        return np.full(rows, "", dtype=object)
    matrix, said = np.stack(list(masks.values())), list(masks)

    def sentence(pattern: np.ndarray[Any, Any]) -> str:
        chosen = [said[i] for i in np.flatnonzero(pattern).tolist()]
        if most and len(chosen) > most:
            chosen = [*chosen[:most], f"and {len(chosen) - most} more"]
        return separator.join(chosen)

    return by_pattern(matrix, sentence)


def by_pattern(matrix: np.ndarray[Any, Any], sentence: Callable[[np.ndarray[Any, Any]], str]) -> Words:
    """Call `sentence` once per distinct column of a (facts x rows) integer or boolean matrix."""
    codes, first = distinct(matrix)
    spelt = np.array([sentence(matrix[:, column]) for column in first], dtype=object)
    return spelt[codes]


def choose(codes: np.ndarray[Any, Any], words: Sequence[str]) -> Words:
    """The word of each row's code; code -1 is the empty text."""
    spread: Words = np.array([*words, ""], dtype=object)[codes]
    return spread


def prefix(words: Words, text: str) -> Words:
    """Put `text` before the words that are not empty."""
    full = words != ""
    found = words.copy()
    found[full] = text + found[full]
    return found


def join(parts: Sequence[Words], separator: str = " ") -> Words:
    """Join non-empty parts row by row."""
    joined = parts[0].copy()
    for part in parts[1:]:
        both = (joined != "") & (part != "")
        joined = joined + np.where(both, separator, "") + part
    return joined
