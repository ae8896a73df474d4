"""Names of parties in cells that may name several, and what the lists know of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hrdd.facts.distinct import Codes, codes_of
from hrdd.screening import Matches, Screen

_APART = re.compile(r"[;\n]+")
_SHARE = re.compile(r"[(\[]?\s*\b(\d{1,3}(?:[.,]\d+)?)\s*(?:%|per\s?cent\b|percent\b|pct\b)\s*[)\]]?", re.IGNORECASE)


def names_in(text: str) -> list[str]:
    """The parties that a cell names, without the shares they hold.

    >>> names_in("Orion Holding 40%; Vega Fund (60 %)")
    ['Orion Holding', 'Vega Fund']
    """
    return [name for name, _ in _parts(text)]


_UNTOLD = -1.0


def _parts(text: str) -> Iterator[tuple[str, float]]:
    """Each party of a cell with its share in per cent, _UNTOLD where none is given."""
    for part in _APART.split(text):
        share = _SHARE.search(part)
        name = _SHARE.sub(" ", part).strip(" ,:-") if share else part.strip()
        if name:
            yield name, float(share[1].replace(",", ".")) if share else _UNTOLD


@dataclass(frozen=True)
class Named:
    """The parties of a column: distinct names, and per place in a cell the code of each row's party (-1: none).

    `shares` has what stands beside a name, in per cent; the last is nan and that of no party.
    """

    names: list[str]
    shares: np.ndarray[Any, np.dtype[np.float64]]
    places: list[Codes]

    @property
    def several(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where a cell names more than one party."""
        return np.asarray(self.places[1] >= 0) if len(self.places) > 1 else np.zeros(len(self.places[0]), dtype=bool)

    def look_up(self, screen: Screen, days: Any) -> Matches:
        """What the lists know of any party of each row on its day."""
        found = [screen.look_up(self.names, codes, days) for codes in self.places]
        exact = np.logical_or.reduce([matches.exact for matches in found])
        return Matches(exact, np.logical_or.reduce([matches.resembles for matches in found]))


def named_in(column: Any) -> Named:
    """The parties of each row of a text column."""
    cells = [list(_parts(str(text))) for text in column.cat.categories]
    number: dict[tuple[str, float], int] = {}
    code = np.full((max(map(len, cells), default=0) or 1, len(cells) + 1), -1)  # the last place is that of blanks
    for at, parties in enumerate(cells):
        for place, party in enumerate(parties):
            code[place, at] = number.setdefault(party, len(number))
    shares = np.array([*(share for _, share in number), _UNTOLD])
    places = [of_cell[codes_of(column)] for of_cell in code]
    return Named([name for name, _ in number], np.where(shares == _UNTOLD, np.nan, shares), places)
