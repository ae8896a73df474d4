"""Country indicators as they stood in a year: that year's figure, else the nearest earlier one, else unknown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

# Column of the year used -> the indicators it speaks for: those that one source publishes together.
GROUPS: dict[str, tuple[str, ...]] = {
    "vdem_year": ("civil_liberties", "rule_of_law", "freedom_expression", "liberal_democracy"),
    "regime_year": ("regime",),
    "civic_year": ("civil_society", "horizontal_accountability"),
    "conflict_year": ("conflict_deaths",),
    "wgi_year": ("wgi_rule_of_law", "wgi_voice", "wgi_stability"),
}
INDICATORS = tuple(name for names in GROUPS.values() for name in names)
_UNKNOWN_YEAR = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class CountryYears:
    """Figures and the year each is from, carried forward: arrays of countries x years x indicators.

    `countries` maps alpha-3 to its place; a last place of unknowns serves every other code, and every year before
    `first_year`. Years after the last one read as the last one.
    """

    countries: dict[str, int]
    first_year: int
    values: NDArray[np.float64]
    years: NDArray[np.int64]

    def facts(self, iso3: NDArray[Any], year: NDArray[Any]) -> pd.DataFrame:
        """Indicators aligned to rows (codes and years of equal length): Float64 figures, Int64 years used.

        A blank code, an unknown code or a year before the data give NA: no data is never a good record. The year of a
        group is the oldest year among its figures.
        """
        import pandas as pd

        place, row_year = self._places(iso3), np.asarray(year, dtype=np.int64)
        known = row_year >= self.first_year
        column = np.clip(row_year - self.first_year, 0, self.values.shape[1] - 1)
        place = np.where(known, place, len(self.countries))
        values, years = self.values[place, column], self.years[place, column]
        found = {name: _floats(values[:, at]) for at, name in enumerate(INDICATORS)}
        return pd.DataFrame(found | _group_years(years))

    def _places(self, iso3: NDArray[Any]) -> NDArray[np.int64]:
        import pandas as pd

        codes, distinct = pd.factorize(np.asarray(iso3, dtype=object))
        nowhere = len(self.countries)
        found = np.array([self.countries.get(code, nowhere) for code in distinct] + [nowhere], dtype=np.int64)
        return found[codes]  # a missing code is -1, and so the last place


def read_country_years(path: Path) -> CountryYears:
    """Read the table of countries and years, and carry every figure forward until the next one."""
    import pandas as pd

    # NA as text must survive elsewhere (Namibia); here blanks alone are missing.
    table = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=dict.fromkeys(INDICATORS, "float64"))
    places, names = pd.factorize(table["iso3"], sort=True)
    first, last = int(table["year"].min()), int(table["year"].max())
    values = np.full((len(names) + 1, last - first + 1, len(INDICATORS)), np.nan)
    values[places, table["year"].to_numpy() - first] = table[list(INDICATORS)].to_numpy()
    years = np.where(np.isnan(values), 0, np.arange(first, last + 1)[None, :, None]).astype(np.int64)
    for at in range(1, last - first + 1):
        gap = np.isnan(values[:, at])
        values[:, at] = np.where(gap, values[:, at - 1], values[:, at])
        years[:, at] = np.where(gap, years[:, at - 1], years[:, at])
    return CountryYears({str(name): at for at, name in enumerate(names)}, first, values, years)


def _floats(values: NDArray[np.float64]) -> Any:
    import pandas as pd

    missing = np.isnan(values)
    return pd.arrays.FloatingArray(np.where(missing, 0.0, values), missing)


def _group_years(years: NDArray[np.int64]) -> dict[str, Any]:
    import pandas as pd

    found, start = {}, 0
    for name, indicators in GROUPS.items():
        part = years[:, start : start + len(indicators)]
        oldest = np.where(part > 0, part, _UNKNOWN_YEAR).min(axis=1)
        missing = oldest == _UNKNOWN_YEAR
        found[name] = pd.arrays.IntegerArray(np.where(missing, 0, oldest), missing)
        start += len(indicators)
    return found
