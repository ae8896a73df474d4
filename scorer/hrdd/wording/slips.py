"""One wrong letter in a long word: what the text would say with the word put right.

"Spywear" and "facial recogniton" are in no table. A word of a text that is one letter (missing, added, changed, or in
the wrong place) away from one of the words listed for this is put right, so that the text can be read again. The first
letter counts as right, and a word that stands in the tables itself is left alone: "foltering" is no "filtering".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from rapidfuzz.distance import OSA

from hrdd.wording.lexicon import Found, Ints, lexicon

#: Shorter words have too many neighbours that mean something else.
LONG = 7


class Slips:
    """The words of a reader that are to be found where one letter is wrong too; see the table `misspelt`."""

    def __init__(self, reader: str) -> None:
        self._known = lexicon(reader)
        self._near: dict[str, list[str]] = {}
        listed = self._known.words_of(self._known.marks("misspelt", "meant"))
        self._longest = max(map(len, listed), default=0) + 1
        for word in listed:
            for variant in _variants(word):
                self._near.setdefault(variant, []).append(word)

    def righted(self, found: Found) -> tuple[Ints, list[str]]:
        """The texts with such a word, as their places and as folded texts with the words put right."""
        changed: dict[int, str] = {}
        words = set(found.line.translate(None, b"0123456789").split())
        for token in sorted(word for word in words if len(word) >= LONG - 1):
            word = token.decode()
            right = self._right(word)
            if right and not self._known.has_word(word):
                for row in _rows_with(found, f" {word} ".encode()):
                    changed[row] = changed.get(row, found.text(row)).replace(f" {word} ", f" {right} ")
        rows = sorted(changed)
        return np.array(rows, dtype=np.int64), [changed[row] for row in rows]

    def _right(self, word: str) -> str | None:
        """The word with its slip put right, or nothing where it is no slip."""
        if len(word) > self._longest:  # a cell may be one word of 32,767 letters
            return None
        near = (meant for variant in _variants(word) for meant in self._near.get(variant, ()))
        return min((meant for meant in near if _is_slip(word, meant)), default=None)


def _is_slip(written: str, meant: str) -> bool:
    """Whether two words that share a variant differ in one letter, or in the place of one."""
    if written == meant:
        return False
    return OSA.distance(written, meant, score_cutoff=1) == 1 or sorted(written) == sorted(meant)


def _variants(word: str) -> set[str]:
    """The word, and the word without each letter but its first: words one letter apart share one of these."""
    return {word, *[word[:place] + word[place + 1 :] for place in range(1, len(word))]}


def _rows_with(found: Found, padded: bytes) -> Iterable[int]:
    """The texts in which a word stands."""
    places, place = [], found.line.find(padded)
    while place >= 0:
        places.append(place)
        place = found.line.find(padded, place + 1)
    return dict.fromkeys((np.searchsorted(found.begins, places, side="right") - 1).tolist())


@cache
def slips(reader: str) -> Slips:
    """The slips of one reader, prepared once."""
    return Slips(reader)
