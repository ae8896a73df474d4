"""The contract of columns as a whole: what templates, readers and documents take for granted."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.columns import (
    CATEGORIES,
    ESSENTIALS,
    INPUT_BY_KEY,
    INPUTS,
    OUTPUTS,
    Kind,
    OutputColumn,
    flag_columns,
    fold,
    match_headers,
    owned_key,
)
from hrdd.packs import load_catalogue
from hrdd.signals import BY_ID

VERDICT_WORDS = ("approved", "cleared", "violation", "safe ", "safely", "no risk", "guilty", "illegal")


def _spellings() -> list[tuple[str, str]]:
    """Every accepted spelling of an input column, with the key it stands for."""
    return [(fold(text), column.key) for column in INPUTS for text in (column.header, column.key, *column.aliases)]


def test_every_kind_is_one_that_the_intake_can_read() -> None:
    """The kinds of the columns are those of the type, and every one is used."""
    assert {column.kind for column in INPUTS} == set(get_args(Kind))


def test_keys_and_headers_are_unique() -> None:
    """No two input columns share a key or, as people spell it, a header; nor do two output columns."""
    for columns in (INPUTS, OUTPUTS):
        assert len({column.key for column in columns}) == len(columns)
        assert len({fold(column.header) for column in columns}) == len(columns)


def test_no_spelling_stands_for_two_columns() -> None:
    """A header, key or alias means one column and no other."""
    meant: dict[str, set[str]] = {}
    for spelling, key in _spellings():
        meant.setdefault(spelling, set()).add(key)
    assert {spelling: keys for spelling, keys in meant.items() if len(keys) > 1} == {}


def test_no_column_is_both_asked_and_written() -> None:
    """No spelling of an input column is the header of a result or of a red flag."""
    assert [spelling for spelling, _ in _spellings() if owned_key(spelling) is not None] == []


def test_choices_are_there_where_a_choice_is_asked_and_nowhere_else() -> None:
    """Choice columns list at least two different choices; free columns list none."""
    for column in INPUTS:
        chosen = column.kind in ("choice", "category", "yes_no_unknown", "verified_no_unknown")
        assert bool(column.choices) == chosen, column.key
        assert len({fold(choice) for choice in column.choices}) == len(column.choices), column.key
    assert all(len(column.choices) >= 2 for column in INPUTS if column.choices)


def test_every_column_says_what_a_blank_means() -> None:
    """A blank is never left to chance."""
    assert [column.key for column in INPUTS if not column.when_blank] == []


def test_required_columns_are_the_ones_without_which_nothing_can_be_said() -> None:
    """Number, product, end user and destination must be filled; everything else may be blank."""
    required = {column.key for column in INPUTS if column.required}
    assert required == {"transaction_id", "product", "end_user", "destination_country"}


def test_a_blank_decisive_fact_is_unknown() -> None:
    """Product, end user, destination, end use and verification are UNKNOWN when blank, never taken as good."""
    decisive = ("product", "end_user", "destination_country", "end_use", "q_end_user_verified", "licence_status")
    assert [key for key in decisive if not INPUT_BY_KEY[key].blank_is_unknown] == []


def test_essentials_are_columns_of_the_contract() -> None:
    """What a finance export carries is a part of the contract, without repetition."""
    assert set(ESSENTIALS) <= set(INPUT_BY_KEY)
    assert len(set(ESSENTIALS)) == len(ESSENTIALS)


def test_categories_carry_signals_that_exist() -> None:
    """Every category has its own id and label, and names capabilities that the scorer knows."""
    assert len({category.id for category in CATEGORIES}) == len(CATEGORIES)
    assert len({fold(category.label) for category in CATEGORIES}) == len(CATEGORIES)
    assert {signal for category in CATEGORIES for signal in category.signals} <= set(BY_ID)


def test_only_general_it_carries_no_capability() -> None:
    """Every other category speaks on severity, so that a chosen product is never without one."""
    assert [category.id for category in CATEGORIES if not category.signals] == ["general_it"]


def test_no_header_or_help_gives_a_verdict() -> None:
    """The words of the contract say what is asked or found, and never judge."""
    words = [f"{column.header} {column.help} {' '.join(column.choices)} " for column in INPUTS]
    words += [f"{column.header} {column.help} " for column in OUTPUTS]
    assert [text for text in words if any(word in text.casefold() for word in VERDICT_WORDS)] == []


def test_every_red_flag_of_the_packs_has_a_column_that_is_recognised_again() -> None:
    """What is written under a flag's header is found under it at the next run."""
    columns = flag_columns(load_catalogue().red_flags)
    assert columns
    assert {column.key: owned_key(column.header) for column in columns} == {c.key: c.key for c in columns}


def test_result_columns_are_recognised_again() -> None:
    """What is written under a result's header is found under it at the next run, and is no input."""
    found = match_headers([column.header for column in OUTPUTS])
    assert found.owned == {column.key: position for position, column in enumerate(OUTPUTS)}
    assert found.keys == {}


def test_a_flag_column_carries_the_title_of_its_rule() -> None:
    """The header is the short id with the title; answers are narrow text."""
    rule = type("Rule", (), {"id": "HRDD-2-RF-06", "title": "A title"})
    assert flag_columns([rule]) == (
        OutputColumn("HRDD-2-RF-06", "2-RF-06 A title", "answer", "text", 11, "Flags", "A title"),
    )


def test_the_contract_is_read_without_pandas() -> None:
    """Help texts and templates take columns from here, so importing them must stay light."""
    code = "import sys, hrdd.columns; print(sorted({'pandas', 'numpy', 'rapidfuzz', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded spelling is already in its compared form."""
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="latin-1")))
def test_case_and_outer_space_make_no_difference(text: str) -> None:
    """Spellings are compared without case and without the space around them."""
    assert fold(f"  {text.upper()}\t") == fold(text.upper().lower())


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Owner share %", "owner share percent"),
        ("  Owner   share%  ", "owner share percent"),
        ("OWNER_SHARE-%", "owner share percent"),
        ("Order #", "order number"),
        ("Destination\ncountry", "destination country"),
        ("Destination\u00a0country", "destination country"),
        ("Türkiye", "turkiye"),
        ("Straße", "strasse"),
        ("ＥＮＤ ＵＳＥＲ", "end user"),
        (2026, "2026"),
        (None, "none"),
    ],
)
def test_spellings_are_compared_without_what_people_vary(written: object, compared: str) -> None:
    """Case, accents, punctuation, width and spacing fall away; percent and number signs are words."""
    assert fold(written) == compared
