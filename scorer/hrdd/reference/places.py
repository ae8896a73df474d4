"""Divisions and towns of the countries that have a region with a record of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrdd.reference.tables import Place, read_table


@dataclass(frozen=True, slots=True)
class Places:
    """The known places by country. The file is read when a row first goes to such a country, and not before."""

    folder: Path

    def of(self, iso3: str) -> tuple[Place, ...]:
        """The places of one country, divisions before towns."""
        return _by_country(self.folder).get(iso3, ())


@cache
def _by_country(folder: Path) -> dict[str, tuple[Place, ...]]:
    places = read_table(Place, folder)
    return {iso3: tuple(p for p in places if p.iso3 == iso3) for iso3 in sorted({place.iso3 for place in places})}
