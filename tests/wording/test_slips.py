"""One wrong letter in a long telling word: a doubt, never a calm reading."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.wording import read_end_users, read_end_uses, read_products
from hrdd.wording.lexicon import lexicon
from hrdd.wording.slips import LONG, slips

READERS = ("products", "end_users", "end_uses")


def meant(reader: str) -> list[str]:
    """The words of one reader that are to be found where one letter is wrong too."""
    words = lexicon(reader)
    return words.words_of(words.marks("misspelt", "meant"))


@pytest.mark.parametrize(
    "text",
    [
        "Intercepton gateway", "Survelliance van, unmarked", "Spywear licence 1y", "Keyloger software",
        "Fingerprnt kit", "Biometrc enrolment", "Finfsher update", "Gesichtserkenung Server", "Расспознавание лиц",
        "Clandestne recorder", "Telekommunikationsüberwachnug",
    ],
)  # fmt: skip
def test_a_misspelt_telling_word_is_a_hint(text: str) -> None:
    """What was meant is not known, and what is not known is not read as ordinary goods."""
    reading = read_products([text])
    assert reading.category[0] is None
    assert reading.hints[0]
    assert reading.matched[0]


@pytest.mark.parametrize(
    "text",
    [
        "Spring hammers", "Wood finisher", "Faltering pump, repair", "Muscle stimulator", "Undocking station",
        "Cognate dictionary", "Sandrine perfume", "Custom interiors", "Regression testing of web shop",
    ],
)  # fmt: skip
def test_a_word_that_means_something_else_is_no_slip(text: str) -> None:
    """Ordinary words one letter from a telling one are left alone."""
    reading = read_products([text])
    assert not reading.hints[0]
    assert reading.category[0] in {None, "general_it"}


def test_a_slip_never_lowers_a_reading() -> None:
    """Beside a slip the words that are written right still count, and a graver reading stays."""
    reading = read_products(["Lawful interceptoin gateway", "Spyware with keyloger", "Office chair, fingerprnt free"])
    assert list(reading.category[:2]) == ["lawful_interception", "intrusion_software"]


@pytest.mark.parametrize(
    ("name", "security"),
    [
        ("Inteligence Agency", True),
        ("Ministry of Defnse", True),
        ("Royal Gendarmrie", True),
        ("Bundespolzei", True),
        ("Custom Guitars", False),
        ("Milano Interiors", False),
        ("Polizza Assicurazioni", False),
    ],
)
def test_a_misspelt_security_body_is_seen(name: str, security: bool) -> None:
    """The name allows a security reading; its type stays open where the right spelling is only guessed."""
    assert bool(read_end_users([name]).security[0]) == security


def test_a_misspelt_repressive_use_is_seen() -> None:
    """One wrong letter hides no use against dissent."""
    reading = read_end_uses(["Tracking of dissidnts", "Monitoring of journlists", "Regression analysis"])
    assert list(reading.repressive) == [True, True, False]


@pytest.mark.parametrize("reader", READERS)
def test_the_words_listed_are_single_long_words(reader: str) -> None:
    """Shorter words have too many neighbours; phrases are never found by one word."""
    assert [word for word in meant(reader) if " " in word or len(word) < LONG - 1] == []


@given(st.data())
def test_any_one_slip_in_a_listed_word_is_put_right(data: st.DataObject) -> None:
    """A letter left out, doubled or changed, but at the start, leads to a listed word, in the right text only."""
    reader = data.draw(st.sampled_from(READERS))
    word = data.draw(st.sampled_from(meant(reader)))
    place = data.draw(st.integers(1, len(word) - 1))
    put = data.draw(st.sampled_from(["", word[place] * 2, "q"]))
    written = word[:place] + put + word[place + 1 :]
    words = lexicon(reader)
    rows, righted = slips(reader).righted(words.find(["zyx", f"a {written} b", ""]))
    if written != word and not words.has_word(written):
        assert np.array_equal(rows, [1])
        assert righted[0].split()[1] in meant(reader)


@pytest.mark.parametrize("reader", READERS)
def test_an_endless_word_is_not_tried_with_each_letter_left_out(reader: str) -> None:
    """A cell may hold one word of 32,767 letters; a gigabyte of variants would be made of it."""
    right = slips(reader)
    tracemalloc.start()
    assert right._right("a" * 32_767) is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
