"""An explanation names the entry of the data that decided, not only the file that it stands in."""

from __future__ import annotations

from typing import Any

import pytest

from hrdd import Scores, explain
from hrdd.entries import entries
from hrdd.reference import load_reference
from hrdd.signals import SIGNALS
from hrdd.sources import FIGURES, signals_of, used_by

CASES: dict[str, tuple[dict[str, object], str]] = {
    "P-MISUSED": (
        {"product": "ProxySG web filter", "exporter": "Blue Coat Systems"},
        "Blue Coat Systems, deep packet inspection in Syria, Iran, Sudan: reported, denied, from 2011-10-05 (",
    ),
    "C-REGION": (
        {"destination_country": "China", "destination_region": "Xinjiang"},
        "Xinjiang Uyghur Autonomous Region, from 2017-04-01: Mass detention",
    ),
    "C-EMBARGO": (
        {"destination_country": "Syria", "us_content": "Yes"},
        "Controls on Syria (US, comprehensive), from 2004-05-14 to 2025-09-01: 69 FR 26766",
    ),
    "C-SPYWARE": ({"destination_country": "Mexico"}, "NSO Group: "),
    "I-HUB": (
        {"intermediary": "Gulf Trading", "intermediary_country": "United Arab Emirates"},
        "United Arab Emirates, from 2005-01-01: Re-export hub",
    ),
    "E-LISTED": (
        {"end_user": "Sandvine Incorporated"},
        "Sandvine Incorporated, Entity List, from 2024-02-27 to 2024-10-20 (FR Doc. 2024-03674",
    ),
    "E-NAMEHIT": (
        {"end_user": "Hikvision sales office"},
        "resembles Hangzhou Hikvision Digital Technology Co., Ltd., Entity List, from 2019-10-09 (",
    ),
    "E-OWNED50-SUSP": (
        {"owner": "Dahua Technology", "owner_share": 60, "us_content": "No"},
        "Dahua Technology, Entity List, from 2019-10-09 (84 FR 54002)",
    ),
}


def _found(row: dict[str, object], signal: str, scored: Any) -> str:
    explanation = explain(scored([row]), 0)
    lines = next(section.lines for section in explanation.sections if section.title == "What was found")
    return next(line for line in lines if f"[{signal}," in line)


@pytest.mark.parametrize("signal", CASES)
def test_the_entry_that_decided_is_named(signal: str, benign: dict[str, object], scored: Any) -> None:
    """Title, date, source and status of the very entry stand beside the cell that led to it."""
    cells, citation = CASES[signal]
    row = {**benign, "as_of_date": "2024-05-01", "screening_result": None, **cells}
    assert citation in _found(row, signal, scored)


def test_an_entry_that_did_not_decide_is_not_named(benign: dict[str, object], scored: Any) -> None:
    """A report of a later day and an embargo that has ended speak for nothing; an answer speaks for itself."""
    answered = {**benign, "q_similar_misused": "Yes", "product": "ProxySG", "as_of_date": "2009-01-01"}
    assert "[misuse]" not in _found(answered, "P-MISUSED", scored)
    scores = scored([{**benign, "destination_country": "Syria", "us_content": "Yes", "as_of_date": "2026-01-01"}])
    assert not any("2004-05-14" in entry.citation for entry in entries(scores.trace, 0, "C-EMBARGO"))


def test_an_entry_that_is_not_verified_says_so(benign: dict[str, object], scored: Any) -> None:
    """What was written down from memory is cited as such."""
    row = {**benign, "destination_country": "Ethiopia", "destination_region": "Tigray", "as_of_date": "2021-06-01"}
    assert "recalled, not verified" in _found(row, "C-REGION", scored)


def test_a_country_without_the_first_figures_is_explained_by_those_that_stand_in(
    benign: dict[str, object], scored: Any
) -> None:
    """Where V-Dem has no figure the World Bank's indicators decide, and are the ones that are cited."""
    row = {**benign, "destination_country": "Nauru"}
    (line,) = [line for line in _lines(row, scored) if "[C-HRMIXED," in line or "[C-HRPOOR," in line]
    assert "wgi voice" in line
    assert "World Bank" in line


def _lines(row: dict[str, object], scored: Any) -> tuple[str, ...]:
    sections = explain(scored([row]), 0).sections
    return next(section.lines for section in sections if section.title == "What was found")


@pytest.fixture(scope="module")
def scores(random_rows: Any, scored: Any) -> Scores:
    """Rows of every kind, scored once for this module."""
    found: Scores = scored(random_rows(21, 400))
    return found


@pytest.mark.parametrize("signal", [signal.id for signal in SIGNALS if signal.uses])
def test_a_signal_that_uses_data_can_name_what_decided(signal: str, scores: Scores) -> None:
    """Wherever such a signal is true, a cell answers it, or an entry or a figure of its data is cited."""
    true = scores.signals[signal].fillna(value=False).to_numpy().nonzero()[0][:3]
    for row in true:
        explanation = explain(scores, int(row))
        (line,) = [line for section in explanation.sections for line in section.lines if f" [{signal}," in line]
        assert " = " in line, line
        if not entries(scores.trace, int(row), signal) and signal not in FIGURES:
            assert any(word in line for word in ("Yes", "Confirmed match", "Possible match", "list", "owned")), line


def test_every_figure_of_a_country_is_claimed_by_its_signals() -> None:
    """Signals that stand on country figures name them, and each passport is used or said not to be."""
    stated = {signal.id for signal in SIGNALS if "country_years" in signal.uses}
    assert set(FIGURES) == stated
    for passport in load_reference().passports:
        assert used_by(passport)
        assert passport.decides == (used_by(passport) not in ("hrdd backtest", "nothing yet")), passport.id
    assert signals_of(load_reference().passport("vdem-v14")) == ("C-CIVIC",)
