"""What country a cell means."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.reference.countries import Resolution, resolve_countries
from hrdd.reference.names import aliases, codes, countries, fold, main_names, unresolvable
from hrdd.reference.spelling import nearest

HERE = Path(__file__).parent
LETTERS = "abcdefghijklmnopqrstuvwxyz "


def cases(file: str) -> list[tuple[str, str]]:
    """Input and expected code of every line of a fixture; a blank code must stay unresolved."""
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        return [(row["input"], row["expected_iso3"]) for row in csv.DictReader(lines)]


def one(text: str | None) -> Resolution:
    """The resolution of one text."""
    return resolve_countries([text])[0]


@pytest.mark.parametrize(("text", "expected"), cases("country_names.csv") + cases("more_country_names.csv"))
def test_messy_names_resolve_to_the_right_country_or_to_none(text: str, expected: str) -> None:
    """A messy name gives the expected country; one that could be several, or none, gives no country."""
    assert (one(text).iso3 or "") == expected


def test_answers_come_in_the_order_of_the_questions() -> None:
    """Each value has its own answer, whatever stands beside it."""
    texts = [text for text, _ in cases("more_country_names.csv")]
    shuffled = random.Random(7).sample(texts, len(texts))
    assert dict(zip(texts, resolve_countries(texts), strict=True)) == dict(
        zip(shuffled, resolve_countries(shuffled), strict=True)
    )


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_blank_has_no_country_and_no_note(text: str | None) -> None:
    """A blank cell is no country and nothing to report."""
    assert one(text) == Resolution(None, "none", None)


def test_every_doubt_has_a_note() -> None:
    """A text without a country, or with one read into it, comes with a sentence; a known name does not."""
    for text, _ in cases("country_names.csv") + cases("more_country_names.csv"):
        found = one(text)
        assert bool(found.note) == (found.how in ("near", "none") and bool(text.strip()))


def test_a_shared_name_names_its_candidates() -> None:
    """The note on a name of two states offers both."""
    note = one("Congo").note or ""
    assert "COD" in note
    assert "COG" in note


def test_a_region_points_to_its_country() -> None:
    """The note on a region says which country to write, and where the region goes."""
    note = one("Xinjiang").note or ""
    assert "China (CHN)" in note
    assert "region" in note


@pytest.mark.parametrize("form", [str.upper, str.lower])
def test_every_iso_code_is_read_in_any_case(form: object) -> None:
    """Alpha-2, alpha-3 and numeric codes give their country; "na" and "no" are words in small letters."""
    for code, iso3 in codes().items():
        text = form(code)  # type: ignore[operator]
        assert one(text).iso3 == (None if text in ("na", "no") else iso3)


def test_namibia_survives_as_a_code() -> None:
    """NA is the code of Namibia in the data, not a missing value, and is said aloud when read."""
    assert countries()["NAM"].iso2 == "NA"
    assert one("NA").how == "near"


def test_every_main_name_and_alias_gives_its_country() -> None:
    """All spellings that are carried resolve to the country they stand for; a shared main name is asked about."""
    known = {**aliases(), **{name: iso3 for name, iso3 in main_names().items() if name not in unresolvable()}}
    found = resolve_countries(list(known))
    assert [(text, one.iso3) for text, one in zip(known, found, strict=True) if one.iso3 != known[text]] == []


def test_a_name_is_resolved_or_asked_about() -> None:
    """No alias is also a name that must be asked about; the one main name that is, is asked about."""
    assert not aliases().keys() & unresolvable().keys()
    assert main_names().keys() & unresolvable().keys() == {"saint martin"}
    assert one("Saint Martin").iso3 is None


def test_folding_is_done_once() -> None:
    """Folding a folded name changes nothing, so that stored spellings are found."""
    assert all(fold(name) == name for name in [*unresolvable(), *main_names()])


def slips(name: str) -> st.SearchStrategy[str]:
    """One slip of the pen: a letter too many, too few, wrong, or swapped with the next."""
    place = st.integers(0, len(name) - 1)
    letter = st.sampled_from(LETTERS)
    return st.one_of(
        place.map(lambda i: name[:i] + name[i + 1 :]),
        st.tuples(place, letter).map(lambda c: name[: c[0]] + c[1] + name[c[0] :]),
        st.tuples(place, letter).map(lambda c: name[: c[0]] + c[1] + name[c[0] + 1 :]),
        place.map(lambda i: name[:i] + name[i : i + 2][::-1] + name[i + 2 :]),
    )


@given(st.sampled_from(sorted(main_names())).flatmap(lambda name: st.tuples(st.just(name), slips(name))))
def test_a_slip_of_the_pen_never_crosses_to_another_country(case: tuple[str, str]) -> None:
    """A misspelt name is its own country or none; never a near spelling of another."""
    name, misspelt = case
    found = one(misspelt)
    assert found.iso3 in (None, main_names()[name]) or found.how in ("code", "name", "alias")


CONFUSABLE = [
    ("niger", "nigeria"),
    ("guinea", "guinea bissau"),
    ("dominica", "dominican republic"),
    ("austria", "australia"),
    ("iran", "iraq"),
    ("mali", "malawi"),
    ("slovakia", "slovenia"),
    ("latvia", "lithuania"),
    ("mauritania", "mauritius"),
    ("paraguay", "uruguay"),
    ("gambia", "zambia"),
    ("iceland", "ireland"),
]


@pytest.mark.parametrize("pair", CONFUSABLE)
@given(data=st.data())
def test_like_names_never_cross(pair: tuple[str, str], data: st.DataObject) -> None:
    """A slip of the pen in one of two like names never gives the other as a near spelling."""
    name, other = data.draw(st.permutations(pair))
    misspelt = data.draw(slips(name))
    known = main_names() | aliases()
    assert nearest(misspelt).iso3 != known[other] or misspelt in known


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever stands in a cell, there is an answer."""
    found = one(text)
    assert found.iso3 is None or found.iso3 in countries()
