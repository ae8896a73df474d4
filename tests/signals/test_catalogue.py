"""All signals at once: their names, their words, what they read, and how they treat what is not known."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hrdd.signals
from hrdd.columns import CATEGORIES, INPUT_BY_KEY, INPUTS
from hrdd.method.levels import load_levels
from hrdd.reference import load_reference
from hrdd.signals import BY_ID, SIGNALS, Signal, capability, country, end_user, licence, safeguards, trade, use
from hrdd.signals.registry import signal
from hrdd.vocabulary import Rows

ASK = Callable[[Sequence[Mapping[str, object]]], Any]
GATHER = Callable[[Sequence[Mapping[str, object]]], Rows]
FAMILIES = (capability, country, end_user, use, trade, licence, safeguards)

VOCABULARY = [
    "P-COVERT", "P-MASS", "P-MINORITY", "P-CENSOR", "P-BIOID", "P-LOCATE", "P-EXTRACT", "P-LI", "P-COMPONENT",
    "P-CYBERTEST", "P-NETMGMT", "P-BIOID-1TO1", "P-LOWINTR", "P-MISUSED", "P-MARKETED", "P-CUSTOM", "P-SYSTEM",
    "P-MISFIT", "C-REGION", "C-EMBARGO", "C-HRPOOR", "C-NOLAW", "C-UNREST", "C-HRMIXED", "C-WEAKLAW", "C-CIVIC",
    "C-EXPRESSION", "C-AUTOCRACY", "C-SPYWARE", "E-LISTED", "E-ABUSER", "E-OWNED50", "E-REEXPORTS", "E-NAMEHIT",
    "E-TIES", "E-STATETELCO", "E-UNKNOWN", "E-NEWCO", "E-IAAS", "E-OWNED-MIN", "E-SECURITY", "E-OWNED50-SUSP",
    "U-REPRESS", "U-INCONSIST", "U-VAGUE", "U-NOSAFEG", "U-NATSEC", "I-FALSEDOC", "I-SHELL", "I-FORWARDER", "I-HUB",
    "I-ROUTE", "I-RESELLER", "T-TIMING", "T-NDA", "T-CASH", "T-DECLINE", "X-CONFLICT", "L-NOLICENCE", "L-DENIED",
    "L-INFORMED", "L-AUTHOK", "L-PENDING", "L-NOTICE", "M-AUDIT", "M-ALERT", "M-ACCESS", "M-LIMITED", "M-CLAUSE",
    "M-RIGHTS", "M-DATA", "M-GRIEVANCE", "M-RESELLER", "M-TRAINING", "M-REVIEW", "M-REPORTING",
]  # fmt: skip
VERDICTS = ("approved", "cleared", "violat", "guilty", "illegal", "unlawful", "criminal", "safe ", "no risk")
QUESTIONS = [c.key for c in INPUTS if c.kind in ("yes_no_unknown", "verified_no_unknown")]
READERS = [(s.id, key) for s in SIGNALS for key in s.reads if key in QUESTIONS]
UNREADABLE = ("Probably", "No?", "n/a", "#REF!")
#: In such a row no embargo and no rule on owners is in force, whatever the content, and the record is good.
OTHERWISE_DECIDED = {("C-EMBARGO", "us_content"), ("E-OWNED50", "us_content"), ("E-TIES", "q_government_ties")}
ANSWERED_WELL = {
    "as_of_date": dt.date(2024, 3, 1), "transaction_type": "New sale", "product_category": "component",
    "exporter_country": "Germany", "end_user": "Halden Retail", "end_user_type": "Private company",
    "destination_country": "Norway", "end_use": "Access control of the factory gate", "licence_status": "Not required",
    "government_notice": "None", "screening_result": "Clear",
    **dict.fromkeys(QUESTIONS, "No"), "q_end_user_verified": "Yes",
}  # fmt: skip
#: A limit that is only supposed earns no credit, so it is no limited product.
NO_CREDIT = {("P-BIOID-1TO1", "q_limited_use")}


# Names


def test_the_catalogue_is_the_agreed_vocabulary() -> None:
    """Every agreed signal is there once, and no other."""
    assert sorted(s.id for s in SIGNALS) == sorted(VOCABULARY)
    assert len(BY_ID) == len(SIGNALS)


def test_every_signal_that_a_family_defines_is_listed_once() -> None:
    """A signal that was written and forgotten in the list would never be asked."""
    for family in FAMILIES:
        defined = {value.id for value in vars(family).values() if isinstance(value, Signal)}
        listed = [s.id for s in family.SIGNALS]
        assert defined <= set(listed)
        assert len(set(listed)) == len(listed)
    assert [s for family in FAMILIES for s in family.SIGNALS] == list(SIGNALS)


def test_every_level_and_gate_names_a_signal() -> None:
    """The policy weighs signals that exist, and every category carries some of them."""
    levels = load_levels()
    weighed = {name for axis in levels.axes.values() for name in axis}
    gated = {name for names in levels.gates.values() for name in names}
    assert weighed | gated <= set(BY_ID)
    assert {name for category in CATEGORIES for name in category.signals} <= weighed


# Words


@pytest.mark.parametrize("found", SIGNALS, ids=lambda s: s.id)
def test_a_signal_says_in_plain_words_what_is_found(found: Signal) -> None:
    """The phrase is a circumstance, not a verdict; the description begins with a whole sentence."""
    assert found.says == found.says.strip().rstrip(".")
    assert found.says[0].islower()
    spoken = f"{found.says} {found.doc} ".casefold()
    assert [word for word in VERDICTS if word in spoken] == []
    first = found.doc.split(". ")[0]
    assert first[0].isupper()
    assert found.doc.endswith(".")
    assert len(first) < 200


def test_no_two_signals_say_the_same() -> None:
    """A phrase tells its signal."""
    assert len({s.says for s in SIGNALS}) == len(SIGNALS)


def test_a_signal_without_a_description_is_refused() -> None:
    """Whoever adds a signal must say what it means."""
    with pytest.raises(TypeError, match="P-MASS has no docstring"):
        signal("P-MASS")(lambda rows: rows["product"])


# What they read


@pytest.mark.parametrize("found", SIGNALS, ids=lambda s: s.id)
def test_a_signal_reads_columns_that_exist(found: Signal) -> None:
    """What a signal names as its cells are input columns, each once."""
    assert found.reads
    assert set(found.reads) <= set(INPUT_BY_KEY)
    assert len(set(found.reads)) == len(found.reads)


@pytest.mark.parametrize("found", SIGNALS, ids=lambda s: s.id)
def test_a_signal_uses_data_files_that_have_a_passport(found: Signal) -> None:
    """What a signal names as its data can be cited with publisher and date."""
    stems = {Path(passport.file).stem for passport in load_reference().passports}
    assert set(found.uses) <= stems


def test_every_question_is_heard_by_some_signal() -> None:
    """No question is asked for nothing, but for those that shape advice or tasks only."""
    heard = {key for s in SIGNALS for key in s.reads}
    assert set(QUESTIONS) - heard == {"q_legal_review", "relationship_crucial", "exit_harms_rights"}


def test_predicates_loop_over_no_rows_and_read_no_clock() -> None:
    """Signals are asked of all rows at once, and the same rows get the same answers on any day."""
    refused = {"apply", "iterrows", "itertuples", "now", "today", "open", "random", "time"}
    for family in FAMILIES:
        tree = ast.parse(inspect.getsource(family))
        called = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(tree)
            if isinstance(node, (ast.Attribute, ast.Name))
        }
        assert called & refused == set(), family.__name__


def test_the_package_offers_what_it_says() -> None:
    """The public names are there."""
    assert all(hasattr(hrdd.signals, name) for name in hrdd.signals.__all__)


# What is not known


@pytest.fixture(scope="module")
def doubted(asked: ASK) -> dict[tuple[str, str], Any]:
    """For each question and unreadable cell, the answers to a row in which that cell alone is filled."""
    places = [(key, cell) for key in QUESTIONS for cell in UNREADABLE]
    answers = asked([{key: cell} for key, cell in places])
    return {place: answers.iloc[row] for row, place in enumerate(places)}


@pytest.mark.parametrize(("found", "key"), READERS)
def test_a_doubtful_answer_is_unknown(found: str, key: str, doubted: dict[tuple[str, str], Any]) -> None:
    """A cell that cannot be read as an answer is never No, and never Yes."""
    for cell in UNREADABLE:
        answer = doubted[key, cell][found]
        if found == "E-UNKNOWN":
            assert answer  # nobody is named in that row
        elif (found, key) in NO_CREDIT:
            assert not answer
        else:
            assert pd.isna(answer), cell


@pytest.mark.parametrize("cell", UNREADABLE)
def test_a_doubtful_answer_never_reads_as_no_where_all_else_is_well(cell: str, asked: ASK) -> None:
    """In a row with nothing to be found, one unreadable answer leaves its signals open, unless other facts decide."""
    keys = [key for key in QUESTIONS if not key.startswith("s_") and key != "q_limited_use"]
    answers = asked([{**ANSWERED_WELL, key: cell} for key in keys])
    said_no = {
        (s.id, key)
        for place, key in enumerate(keys)
        for s in SIGNALS
        if key in s.reads and not pd.isna(answers[s.id].iloc[place]) and not answers[s.id].iloc[place]
    }
    assert said_no == OTHERWISE_DECIDED


def test_an_empty_row_is_known_of_nothing_but_its_emptiness(asked: ASK) -> None:
    """A blank answers no question; that nobody is named, and nobody stands between, is seen."""
    answers = asked([{}]).iloc[0]
    assert {name for name in BY_ID if not pd.isna(answers[name])} == {
        "E-UNKNOWN", "I-HUB", "I-RESELLER", "P-BIOID-1TO1",
    }  # fmt: skip
    assert answers["E-UNKNOWN"]
    assert not answers["I-HUB"]


def test_answers_are_nullable_and_aligned(gathered: GATHER) -> None:
    """Every signal gives one three-valued answer per row, also of no rows at all."""
    for count in (0, 1, 3):
        rows = gathered([{"product": "Zorblax Qwv"}] * count)
        for found in SIGNALS:
            answer = found.asks(rows)
            assert (len(answer), str(answer.dtype)) == (count, "boolean"), found.id
