"""Texts and countries: placeholders, error texts, identities; and what a country cell is read as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hrdd.columns import INPUTS

READ = Callable[[str, object], Any]
TEXTS = [column for column in INPUTS if column.kind == "text" and column.when_blank != "problem"]
UNKNOWN_IF_BLANK = [column.key for column in TEXTS if column.blank_is_unknown]
NOTHING_IF_BLANK = [column.key for column in TEXTS if not column.blank_is_unknown]
IGNORED_IF_BLANK = [column.key for column in TEXTS if column.when_blank == "ignored"]
ERRORS = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Axon 7", "Axon 7"),
        ("  Axon 7\n", "Axon 7"),
        (7, "7"),
        (7.0, "7"),
        (7.5, "7.5"),
        (True, "True"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        ("警察庁", "警察庁"),
    ],
)
def test_a_text_is_taken_as_it_stands(read: READ, cell: object, text: str) -> None:
    """Names may be numbers, dates or of any script; only the space around them falls away."""
    assert read("product", cell) == (text, False, None)


def test_a_number_and_its_text_are_one_name(read: READ) -> None:
    """Order 7 is order "7", whether Excel kept a number or a text."""
    assert read("transaction_id", 7).value == read("transaction_id", 7.0).value == read("transaction_id", "7").value


@pytest.mark.parametrize("key", UNKNOWN_IF_BLANK)
def test_a_placeholder_for_a_decisive_fact_is_unknown(read: READ, key: str) -> None:
    """Nobody is called "tbd", so a decisive fact that says so is unknown."""
    for cell in ("n/a", "N/A", "na", "none", "unknown", "tbd", "TBC", "?", "-", "--", "nil", "not known"):
        assert read(key, cell) == (None, True, f'"{cell}" is read as unknown')


@pytest.mark.parametrize("key", NOTHING_IF_BLANK)
def test_a_dash_is_as_good_as_a_blank(read: READ, key: str) -> None:
    """No intermediary, no region and no evidence is what "none" says, and no name."""
    for cell in ("n/a", "N.A.", "none", "None", "-", "--", ".", "nil", "not applicable"):
        assert read(key, cell) == (None, False, None)


@pytest.mark.parametrize("key", sorted({*NOTHING_IF_BLANK} - {*IGNORED_IF_BLANK}))
def test_saying_that_a_fact_is_unknown_is_not_saying_that_there_is_none(read: READ, key: str) -> None:
    """An unknown region or intermediary is doubted, not blank."""
    for cell in ("unknown", "tbd", "?", "not known"):
        assert read(key, cell) == (None, True, f'"{cell}" is read as unknown')


@pytest.mark.parametrize("key", IGNORED_IF_BLANK)
def test_an_unknown_that_is_ignored_where_blank_is_ignored_and_told(read: READ, key: str) -> None:
    """An owner or a description that is "TBC" rates the row no worse than a blank one, and is reported."""
    for cell in ("unknown", "TBC", "?", "not known"):
        assert read(key, cell) == (None, False, f'"{cell}" is read as unknown')


@pytest.mark.parametrize("cell", ERRORS)
def test_an_error_text_is_unknown_in_every_column(read: READ, cell: str) -> None:
    """What an error cell shows is no name, choice or number, also where a plain text file carries it."""
    for column in INPUTS:
        assert read(column.key, cell) == (None, True, f'"{cell}" cannot be read and counts as unknown; enter a value')


@pytest.mark.parametrize("cell", ["#1 Camera", "# 4711", "#N/A Ltd", "Nil Holdings", "Naina", "N/A (see contract)"])
def test_a_name_that_only_resembles_a_placeholder_is_a_name(read: READ, cell: str) -> None:
    """Only the whole cell can be a placeholder."""
    assert read("product", cell) == (cell, False, None)


# Countries


@pytest.mark.parametrize(
    "cell",
    ["Germany", " germany ", "GERMANY", "DE", "de", "DEU", "276", 276, 276.0, "Deutschland", "Allemagne", "ドイツ"],
)
def test_a_country_is_read_by_name_code_or_number(read: READ, cell: object) -> None:
    """Names in many languages, ISO codes in any case, and the numeric code as a number."""
    value, doubt, _ = read("destination_country", cell)
    assert (value, doubt) == ("DEU", False)


@pytest.mark.parametrize(
    ("cell", "iso3"),
    [
        ("South Korea", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Côte d'Ivoire", "CIV"),
        ("Burma", "MMR"),
        ("Kosovo", "XKX"),
        ("England", "GBR"),
        ("U.S.A.", "USA"),
        ("The Netherlands", "NLD"),
        ("Niger", "NER"),
        ("Hong Kong", "HKG"),
        ("Congo, Dem. Rep.", "COD"),
    ],
)
def test_a_country_has_many_spellings(read: READ, cell: str, iso3: str) -> None:
    """Usual short, long, turned and former names mean one country."""
    value, doubt, _ = read("destination_country", cell)
    assert (value, doubt) == (iso3, False)


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [("Congo", ["COD", "COG"]), ("Korea", ["KOR", "PRK"]), ("Germany; France", ["DEU", "FRA"]), ("Xinjiang", ["CHN"])],
)
def test_an_ambiguous_country_is_unknown_and_the_candidates_are_named(
    read: READ, cell: str, candidates: list[str]
) -> None:
    """Where a name may be two countries, or part of one, the user is asked to write which."""
    value, doubt, told = read("destination_country", cell)
    assert (value, doubt) == (None, True)
    assert all(f"({iso3})" in told for iso3 in candidates)
    assert "write" in told


@pytest.mark.parametrize("cell", ["Germny", "Germanny", "Gremany"])
def test_a_near_spelling_of_one_country_is_read_and_told(read: READ, cell: str) -> None:
    """A slip is forgiven where it can be one country only."""
    value, doubt, told = read("destination_country", cell)
    assert (value, doubt) == ("DEU", False)
    assert f'"{cell}" was read as' in told


@pytest.mark.parametrize(
    "cell",
    [
        "n/a", "no", "tbd", "?", "-", "unknown", "EU", "worldwide", "various", "Atlantis", "12345", 0, -4, 840.5, 1e300,
        float("inf"), True, dt.date(2026, 1, 1), "Germany or nearby",
    ],
)  # fmt: skip
def test_what_is_no_one_country_is_unknown(read: READ, cell: object) -> None:
    """Groups, placeholders, numbers and inventions are UNKNOWN, with a sentence that says what to write."""
    value, doubt, told = read("destination_country", cell)
    assert (value, doubt) == (None, True)
    assert "counts as unknown" in told


@pytest.mark.parametrize("key", [column.key for column in INPUTS if column.kind == "country"])
def test_every_country_column_reads_alike(read: READ, key: str) -> None:
    """The exporter's, the reseller's and the destination's country take the same spellings."""
    assert read(key, "Deutschland").value == "DEU"
    assert read(key, "Congo").doubt
