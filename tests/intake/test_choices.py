"""Choices, categories and answers: accepted as label or id, in any case and spacing; anything else is UNKNOWN."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hrdd.columns import CATEGORIES, INPUT_BY_KEY, INPUTS
from hrdd.intake import take_in

CHOICES = [
    (column.key, choice)
    for column in INPUTS
    if column.kind == "choice"
    for choice in column.choices
    if choice != "Unknown"
]
QUESTIONS = [column.key for column in INPUTS if column.kind == "yes_no_unknown"]
SAFEGUARDS = [column.key for column in INPUTS if column.kind == "verified_no_unknown"]
READ = Callable[[str, object], Any]


def test_a_choice_is_accepted_in_any_case_and_spacing(read: READ) -> None:
    """The label is taken however it is written, and kept as the list spells it."""
    for key, choice in CHOICES:
        wide, joined = choice.replace(" ", "  "), choice.replace(" ", "_").replace("-", " ")
        for written in (choice, choice.upper(), choice.lower(), f"  {choice}\t", wide, joined):
            assert read(key, written) == (choice, False, None), written


def test_a_category_is_accepted_by_label_and_id(read: READ) -> None:
    """Categories are kept by their id, whichever name was given."""
    for category in CATEGORIES:
        names = (
            category.label,
            category.id,
            category.label.upper(),
            category.id.replace("_", " "),
            category.id.title(),
        )
        for written in names:
            assert read("product_category", written) == (category.id, False, None), written


@pytest.mark.parametrize("key", ["licence_status", "leverage"])
def test_unknown_is_itself_a_choice_where_the_list_offers_it(read: READ, key: str) -> None:
    """A chosen "Unknown" is no fault; where a blank means the same, it is a blank."""
    assert read(key, "Unknown") == (None, False, None)


def test_unknown_is_unknown_where_the_list_does_not_offer_it(read: READ) -> None:
    """Unknown in another list is an answer too: it is not known."""
    assert read("end_user_type", "Unknown") == (None, True, '"Unknown" is read as unknown')


@pytest.mark.parametrize("cell", ["n/a", "N/A", "tbd", "?", "-", "--", "none", "unk"])
def test_a_placeholder_is_no_choice(read: READ, cell: str) -> None:
    """A placeholder is UNKNOWN and is told."""
    assert read("screening_result", cell) == (None, True, f'"{cell}" is read as unknown')


def test_none_is_a_choice_where_the_list_has_it(read: READ) -> None:
    """No government notice is an answer."""
    assert read("government_notice", "none") == ("None", False, None)


@pytest.mark.parametrize(
    ("key", "cell", "hint"),
    [
        ("screening_result", "Clr", "Clear"),
        ("screening_result", "confirmed matches", "Confirmed match"),
        ("screening_result", "possible", "Possible match"),
        ("screening_result", "Clear?", "Clear"),
        ("licence_status", "required & not held", "Required and not held"),
        ("licence_status", "aplied for", "Applied for"),
        ("end_user_type", "Police", "Police or law enforcement"),
        ("end_user_type", "Inteligence or state security", "Intelligence or state security"),
        ("product_category", "facial recogniton", "Facial recognition"),
        ("product_category", "Forensics", "Mobile and computer forensic extraction"),
        ("government_notice", "Is-Informed", "Is-informed letter"),
    ],
)
def test_what_is_nearly_a_choice_is_unknown_with_a_hint(read: READ, key: str, cell: str, hint: str) -> None:
    """The nearest choice is offered and never taken."""
    told = f'"{cell}" is not one of the choices and counts as unknown; did you mean "{hint}"?'
    assert read(key, cell) == (None, True, told)


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("screening_result", "all good"),
        ("screening_result", "ok"),
        ("screening_result", "pass"),
        ("government_notice", "nein danke"),
        ("licence_status", "see file"),
        ("leverage", "a little"),
    ],
)
def test_what_is_near_to_no_choice_is_shown_the_choices(read: READ, key: str, cell: str) -> None:
    """A short list is spelt out, and no choice is put into the user's mouth."""
    choices = next(column.choices for column in INPUTS if column.key == key)
    assert read(key, cell).told.endswith(f"choose from {', '.join(choices)}")


def test_a_word_that_fits_several_choices_gets_no_hint(read: READ) -> None:
    """Government may be several types, so none is suggested."""
    assert read("end_user_type", "Government").told == '"Government" is not one of the choices and counts as unknown'


def test_a_category_of_the_users_own_is_unknown_without_a_wild_guess(read: READ) -> None:
    """Words of another catalogue are near to nothing."""
    assert read("product_category", "Other").told == '"Other" is not one of the choices and counts as unknown'


# Yes, No and Unknown


@pytest.mark.parametrize(
    "cell", ["Yes", "yes", "YES ", "Y", "y", "TRUE", "true", True, 1, 1.0, "1", np.True_, np.int64(1)]
)
def test_yes_in_many_forms(read: READ, cell: object) -> None:
    """What plainly says yes is yes."""
    assert read("q_agency_misuse", cell) == (True, False, None)


@pytest.mark.parametrize("cell", ["No", "no", " NO", "N", "n", "FALSE", "false", False, 0, 0.0, "0", np.False_])
def test_no_in_many_forms(read: READ, cell: object) -> None:
    """What plainly says no is no."""
    assert read("q_agency_misuse", cell) == (False, False, None)


@pytest.mark.parametrize("cell", ["n/a", "N/A", "NA", "n.a.", "Not applicable"])
def test_not_applicable_is_not_no(read: READ, cell: str) -> None:
    """N/A answers no question: it is UNKNOWN, and the sentence says so."""
    told = f'"{cell}" is not No and counts as unknown; answer Yes, No or Unknown'
    for key in QUESTIONS:
        assert read(key, cell) == (None, True, told), key


@pytest.mark.parametrize("cell", ["Unknown", "unknown", "?", "-", "tbd", "TBC", "none", "not known"])
def test_saying_unknown_is_an_answer(read: READ, cell: str) -> None:
    """Whoever says that it is not known is believed, without a complaint."""
    assert read("q_agency_misuse", cell) == (None, True, None)


@pytest.mark.parametrize(
    "cell",
    [
        "Probably",
        "Maybe",
        "No?",
        "Yes?",
        "Y/N",
        "yes, see file",
        "no comment",
        "2",
        2,
        "-5",
        "Verified",
    ],
)
def test_what_is_neither_yes_nor_no_is_unknown_and_told(read: READ, cell: object) -> None:
    """Half answers and doubts are never guessed at."""
    value, doubt, told = read("q_agency_misuse", cell)
    assert (value, doubt) == (None, True)
    assert told == f'"{cell}" is not Yes, No or Unknown and counts as unknown'


@pytest.mark.parametrize(
    "cell", ["JA", "j", "oui", "Sí", "si", "sim", "да", "Tak", "はい", "是", "네", "نعم", "evet", "✓"]
)
def test_yes_in_other_languages(read: READ, cell: str) -> None:
    """Whoever answers in their own language is understood."""
    assert read("q_agency_misuse", cell) == (True, False, None)


@pytest.mark.parametrize("cell", ["Nein", "NON", "não", "nej", "nie", "нет", "いいえ", "否", "아니요", "لا", "hayır"])
def test_no_in_other_languages(read: READ, cell: str) -> None:
    """No is no in every language of the table."""
    assert read("q_agency_misuse", cell) == (False, False, None)


@pytest.mark.parametrize("cell", ["x", "X", "✗", "☒", "o", "ne"])
def test_a_mark_that_may_be_a_tick_or_a_cross_is_unknown_and_says_so(read: READ, cell: str) -> None:
    """An x ticks one sheet and strikes the next, "o" is oui or nought, "ne" is no or the Greek yes: ask."""
    told = f'"{cell}" may mean Yes or No and counts as unknown; answer Yes, No or Unknown'
    assert read("q_end_user_verified", cell) == (None, True, told)


@pytest.mark.parametrize(
    "cell", ["unbekannt", "inconnu", "не известно", "不明", "pending", "to follow", "nicht bekannt"]
)
def test_saying_unknown_in_other_languages_is_an_answer(read: READ, cell: str) -> None:
    """Unknown is Unknown in every language, and "pending" is no answer yet."""
    assert read("q_agency_misuse", cell) == (None, True, None)


def test_a_blank_question_is_blank_and_not_doubted(read: READ) -> None:
    """Nobody said anything: NA without doubt and without a sentence."""
    for blank in (None, "", "   "):
        assert read("q_agency_misuse", blank) == (None, False, None)


# Safeguards


@pytest.mark.parametrize("cell", ["Verified", "verified", " VERIFIED "])
def test_only_verified_is_a_safeguard(read: READ, cell: str) -> None:
    """Verified, in any case, means that evidence is attached."""
    for key in SAFEGUARDS:
        assert read(key, cell) == (True, False, None), key


@pytest.mark.parametrize("cell", ["Yes", "y", True, 1, "TRUE"])
def test_a_safeguard_that_is_only_claimed_is_unknown(read: READ, cell: object) -> None:
    """Yes is a claim, and earns nothing until it is verified."""
    told = f'"{cell}" is a claim; only Verified, with evidence attached, counts'
    for key in SAFEGUARDS:
        assert read(key, cell) == (None, True, told), key


@pytest.mark.parametrize(
    "cell", ["Verified?", "Verifed", "Verified by the vendor", "not verified", "partly", "Probably"]
)
def test_nothing_but_verified_is_verified(read: READ, cell: str) -> None:
    """Doubts, slips and remarks are UNKNOWN and told."""
    value, doubt, told = read("s_audit_log", cell)
    assert (value, doubt) == (None, True)
    assert told.endswith("is not Verified, No or Unknown and counts as unknown")


@pytest.mark.parametrize("cell", ["No", "no", "N", False, 0])
def test_a_safeguard_that_is_not_there(read: READ, cell: object) -> None:
    """No is no."""
    assert read("s_audit_log", cell) == (False, False, None)


@pytest.mark.parametrize(
    ("key", "written", "choice"),
    [
        ("licence_status", "not needed", "Not required"),
        ("licence_status", "NLR", "Not required"),
        ("government_notice", "No", "None"),
        ("screening_result", "No match", "Clear"),
        ("screening_result", "Potential match", "Possible match"),
    ],
)
def test_ordinary_words_for_a_choice_are_that_choice(key: str, written: str, choice: str) -> None:
    """What people write instead of a choice, and which can mean nothing else, is read without a doubt."""
    found = take_in(pd.DataFrame({key: [written]}), date(2026, 11, 24))
    assert found.cells[key].tolist() == [choice]
    assert not found.doubtful(key).any()


def test_every_other_word_stands_for_a_choice_of_its_column() -> None:
    """A row of the table that names no choice of its column would be dead."""
    text = (files("hrdd") / "data" / "choices.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        assert row["choice"] in INPUT_BY_KEY[row["column"]].choices, row
