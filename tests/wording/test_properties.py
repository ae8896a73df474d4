"""What must hold for any texts: word order of rows, case, spacing, and that more words never calm a reading."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd.wording import read_end_users, read_end_uses, read_products
from hrdd.wording.end_users import _ORDER
from hrdd.wording.entries import entries
from hrdd.wording.lexicon import lexicon
from hrdd.wording.products import gravity

CALMING = {"ordinary", "context"}


def words(name: str, *tables: str) -> list[str]:
    """The terms of some tables, as texts."""
    return [" ".join(part.strip("*") for part in entry.parts) for entry in entries(name) if entry.table in tables]


GRAVE = st.sampled_from(
    [
        entry.term.replace("*", "").replace("+", " ")
        for entry in entries("products")
        if entry.table == "category" and gravity(entry.target) > 1
    ]
)
ADDED = st.sampled_from(words("products", "category", "goods", "mark")) | st.text(max_size=20)
NAMES = st.sampled_from(words("end_users", "type", "ordinary", "country", "brand", "placeholder"))
USES = st.sampled_from(words("end_uses", "vague", "purpose", "limited", "ordinary"))
PRODUCTS = st.sampled_from(words("products", "category", "goods", "mark", "ordinary", "context"))
TEXTS = st.lists(st.lists(PRODUCTS | NAMES | USES | st.text(max_size=12), max_size=4).map(" ".join), max_size=8)


def severity(text: str) -> int:
    """The gravity read; a hint counts as the gravest, for that is how the unknown is rated."""
    reading = read_products([text])
    return 4 if reading.hints[0] else gravity(reading.category[0] or "general_it")


def calming(text: str) -> set[int]:
    """The entries of the text that are listed to calm a reading."""
    lex = lexicon("products")
    hits = lex.hits(lex.find([text]))
    return {n for n in hits.entries.tolist() if lex.kind_of(n).table in CALMING}


@given(GRAVE, ADDED)
@settings(max_examples=100, deadline=None)
def test_more_words_never_calm_a_product_unless_they_are_listed_to(text: str, added: str) -> None:
    """Only ordinary phrases and context words can lower a reading; padding cannot."""
    for longer in (f"{text} {added}", f"{added} {text}"):
        if not calming(longer) - calming(text):
            assert severity(longer) >= severity(text)


@given(NAMES, NAMES)
@settings(max_examples=100, deadline=None)
def test_more_words_never_calm_a_security_name_unless_they_are_listed_to(text: str, added: str) -> None:
    """A security body stays one, whatever is added but a listed ordinary phrase or a company to a loose word."""
    lex = lexicon("end_users")

    def firm(name: str) -> set[int]:
        hits = lex.hits(lex.find([name]))
        return {n for n in hits.entries.tolist() if lex.kind_of(n).table == "type" and lex.is_firm[n]}

    longer = f"{text} . {added}"
    if firm(text) <= firm(longer):
        before = [_ORDER.index(lex.kind_of(n).target) for n in firm(text)]
        after = read_end_users([longer]).type[0]
        if before and after is not None:
            assert _ORDER.index(after) <= min(before)


def same(one: object, other: object) -> bool:
    """Equal readings, field by field, nan equal to nan."""
    return all(
        np.array_equal(getattr(one, field), getattr(other, field), equal_nan=True)
        if isinstance(getattr(one, field), np.ndarray) and getattr(one, field).dtype.kind == "f"
        else list(getattr(one, field)) == list(getattr(other, field))
        for field in vars(one)
    )


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_each_text_answers_for_itself(texts: list[str]) -> None:
    """Neighbours, order and repetition change nothing."""
    for read in (read_products, read_end_users, read_end_uses):
        together, twice = read(texts), read([*texts, *reversed(texts)])
        for field in vars(together):
            one, two = list(getattr(together, field)), list(getattr(twice, field))
            assert str([*one, *reversed(one)]) == str(two)


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_spacing_and_ascii_case_change_nothing(texts: list[str]) -> None:
    """Blanks, dashes around the text and capitals are no part of the words."""
    loud = ["  " + text.replace(" ", " - ").upper() + " " for text in texts if text.isascii() and "%" not in text]
    plain = [text for text in texts if text.isascii() and "%" not in text]
    for read in (read_products, read_end_uses):
        assert same(read(loud), read(plain)) or any(not text.strip() for text in plain)


def test_many_texts_are_read_quickly() -> None:
    """A generous guard against a search that has become slow: twenty thousand texts, each way, in seconds."""
    texts = [
        f"Model {n} office chair with monitoring option, black, ordered for branch {n % 97}" for n in range(20_000)
    ]
    read_products(texts[:1]), read_end_users(texts[:1]), read_end_uses(texts[:1])
    begun = time.process_time()
    read_products(texts), read_end_users(texts), read_end_uses(texts)
    assert time.process_time() - begun < 5
