"""Country indicators as they stood in a year."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from hrdd.reference import load_reference
from hrdd.reference.country_years import GROUPS, INDICATORS
from hrdd.reference.names import DATA


@cache
def table() -> dict[str, dict[int, dict[str, str]]]:
    """The committed table, read naively: country -> year -> column -> text."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    with (DATA / "country_years.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["iso3"], {})[int(row["year"])] = row
    return found


def facts(iso3: list[str | None], year: list[int]) -> pd.DataFrame:
    """The facts of some rows."""
    return load_reference().country_facts(np.array(iso3, dtype=object), np.array(year))


countries = st.sampled_from(sorted(table()))
years = st.integers(1990, 2040)


def nearest_earlier(iso3: str, year: int, indicator: str) -> tuple[float, int] | None:
    """What the naive reading says: the figure of the year, or of the nearest earlier one, and that year."""
    known = [y for y, row in table()[iso3].items() if y <= year and row[indicator]]
    return (float(table()[iso3][max(known)][indicator]), max(known)) if known else None


@given(countries, years)
def test_a_figure_is_that_of_the_year_or_the_nearest_earlier(iso3: str, year: int) -> None:
    """Each indicator is its figure for the row's year, else the nearest earlier one, else NA."""
    row = facts([iso3], [year]).iloc[0]
    for indicator in INDICATORS:
        expected = nearest_earlier(iso3, year, indicator)
        assert (expected is None) == bool(pd.isna(row[indicator]))
        assert expected is None or row[indicator] == expected[0]


@given(countries, years)
def test_the_year_of_a_group_is_the_oldest_of_its_figures(iso3: str, year: int) -> None:
    """The year used never lies after the row's year, and is the oldest among the figures of the group."""
    row = facts([iso3], [year]).iloc[0]
    for name, indicators in GROUPS.items():
        used = [found[1] for one in indicators if (found := nearest_earlier(iso3, year, one))]
        assert (not used) == bool(pd.isna(row[name]))
        assert not used or row[name] == min(used)


def test_no_data_is_never_a_figure() -> None:
    """A blank code, an unknown code and a year before the data give NA in every column."""
    assert facts([None, "ZZZ", "EGY", pd.NA], [2020, 2020, 1999, 2020]).isna().all(axis=None)  # type: ignore[list-item]


def test_a_year_after_the_data_uses_the_last_one() -> None:
    """A row of 2026 is judged by the indicators of 2025."""
    assert facts(["EGY"], [2026])["vdem_year"].tolist() == [2025]


def test_columns_are_nullable_and_rows_keep_their_place() -> None:
    """Figures are Float64, years Int64, one row per row asked, in the order asked."""
    asked = facts(["EGY", None, "DNK", "EGY"], [2011, 2011, 2011, 2011])
    assert {str(kind) for kind in asked[list(INDICATORS)].dtypes} == {"Float64"}
    assert {str(kind) for kind in asked[list(GROUPS)].dtypes} == {"Int64"}
    assert asked.index.tolist() == [0, 1, 2, 3]
    assert asked.iloc[0].equals(asked.iloc[3])
    egypt, _, denmark, _ = asked["civil_liberties"].to_numpy(dtype=float, na_value=np.nan)
    assert denmark > egypt


@given(st.lists(st.tuples(st.one_of(st.none(), countries), years), min_size=1, max_size=20))
def test_each_row_answers_for_itself(rows: list[tuple[str | None, int]]) -> None:
    """Rows asked together have the answers of rows asked one by one."""
    together = facts([iso3 for iso3, _ in rows], [year for _, year in rows])
    alone = pd.concat([facts([iso3], [year]) for iso3, year in rows], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


def test_an_empty_frame_has_no_facts() -> None:
    """No rows give no rows, with all columns."""
    assert facts([], []).shape == (0, len(INDICATORS) + len(GROUPS))
