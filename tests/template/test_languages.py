"""Workbooks in other languages: every word has a translation, every header and choice is read back, ratings agree."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hrdd.columns import ALL_OUTPUTS, INPUTS, fold, match_headers, owned_key
from hrdd.engine import score
from hrdd.intake import take_in
from hrdd.translations import in_other_languages, languages, say_in
from hrdd_cli.main import cli
from hrdd_workbook import guide, layout
from hrdd_workbook.choice_lists import choice_lists
from hrdd_workbook.design import Design, design
from hrdd_workbook.own_words import asked_in, language_of, words_of
from hrdd_workbook.read import read_transactions
from hrdd_workbook.sheets.issues import issues_sheet
from hrdd_workbook.sheets.pages import empty_pages
from hrdd_workbook.template import new_template, transactions_workbook

OTHERS = [code for code in languages() if code != "en"]
#: What scoring writes is the same in every workbook.
CODES = {*("LOW", "MEDIUM", "HIGH", "CRITICAL", "UNRATED", "NONE", "CONDITIONS", "HOLD", "STOP", "YES", "UNKNOWN"), ""}
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning")
TODAY = dt.date(2026, 11, 24)
ORDER: dict[str, Any] = {
    "transaction_id": "A-1",
    "as_of_date": dt.datetime(2026, 7, 1),
    "product": "NightCam 4",
    "product_category": "Facial recognition",
    "amount": 1200.5,
    "currency": "EUR",
    "end_user": "City works",
    "end_user_type": "Police or law enforcement",
    "destination_country": "Kenya",
    "licence_status": "Applied for",
    "q_end_user_verified": "No",
    "q_agency_misuse": "Yes",
    "q_reexports": "Unknown",
    "s_audit_log": "Verified",
    "leverage": "High",
}


def said() -> set[str]:
    """Every English text that a workbook asks a translation for."""
    asked: set[str] = set()

    def say(text: str) -> str:
        asked.add(text)
        return text

    lists = choice_lists(say)
    transactions_workbook(Design(layout.fields(lists, say), lists, say, "de"), 1)
    empty_pages(say)
    read = type("Read", (), {"frame": pd.DataFrame(), "row_numbers": pd.Series(dtype=int)})
    issues_sheet(read, (), (), say)  # type: ignore[arg-type]
    return asked - CODES


def test_every_word_of_a_workbook_is_translated() -> None:
    """A new header, choice, hint or sentence needs its row in the table."""
    assert [text for text in sorted(said()) if len(in_other_languages(text)) != len(OTHERS)] == []


def test_translations_keep_places_and_are_whole() -> None:
    """No empty cell; a place for a figure stays one."""
    for text in said():
        for other in in_other_languages(text):
            assert other.strip()
            assert other.count("{}") == text.count("{}"), other


def test_limits_of_spreadsheets_hold_in_every_language() -> None:
    """Names of sheets are legal and distinct, and no message is cut."""
    for code in languages():
        say = say_in(code)
        names = [say(name) for name in (*layout.SHEETS, layout.ISSUES_SHEET)]
        assert len({name.casefold() for name in names}) == len(names)
        assert [name for name in names if len(name) > 31 or re.search(r"[\[\]:*?/\\']", name)] == []
        for field in layout.fields(choice_lists(say), say):
            assert not field.hint.endswith("…"), (code, field.header)
            assert len(field.header) <= 60, (code, field.header)


@given(st.lists(st.sampled_from(list(languages())), min_size=len(INPUTS), max_size=len(INPUTS)))
def test_headers_of_any_language_are_read_in_one_workbook(codes: list[str]) -> None:
    """Each column may be named in a language of its own; nothing needs saying about it."""
    match = match_headers([say_in(code)(column.header) for code, column in zip(codes, INPUTS, strict=True)])
    assert match.keys == {column.key: place for place, column in enumerate(INPUTS)}
    assert match.notes == []
    assert match.owned == {}


def test_results_are_known_as_ours_in_every_language() -> None:
    """No header of a result is taken for an input, or for another result."""
    for column in ALL_OUTPUTS:
        for header in (column.header, *in_other_languages(column.header)):
            assert owned_key(header) == column.key, header


def test_choices_of_every_language_are_read_as_the_english_ones() -> None:
    """Without a word of doubt."""
    for column in INPUTS:
        for choice in column.choices:
            cells = [choice, *in_other_languages(choice)]
            taken = take_in(pd.DataFrame({column.key: cells}, dtype=object), TODAY)
            assert taken.cells[column.key].nunique(dropna=False) == 1, cells
            assert [problem for problem in taken.problems if problem.key == column.key] == [], cells


def test_no_two_choices_share_a_word() -> None:
    """Within one column a word means one choice, whatever the language."""
    for column in INPUTS:
        words = [(fold(word), choice) for choice in column.choices for word in (choice, *in_other_languages(choice))]
        assert len(dict(set(words))) == len(set(words)), column.key


def in_language(code: str) -> dict[str, list[Any]]:
    """The order with its choices in a language."""
    say = say_in(code)
    chosen = {column.key for column in INPUTS if column.choices}
    return {key: [say(value) if key in chosen else value] for key, value in ORDER.items()}


@pytest.fixture
def make(tmp_path: Path, rescore: Callable[[Path], Any]) -> Callable[[str], Path]:
    """A scored workbook in a language."""

    def made(code: str) -> Path:
        path = tmp_path / f"{code}.xlsx"
        new_template(path, rows=3, wanted=design(language=code), columns=in_language(code))
        return path

    return made


@pytest.mark.parametrize("code", OTHERS)
def test_a_workbook_of_another_language_has_the_same_ratings(
    make: Callable[[str], Path], rescore: Callable[[Path], Any], code: str
) -> None:
    """The same order gives the same results, under local headers; scoring again changes not a byte."""
    english = score(read_transactions(make("en")).frame, today=TODAY)
    path = make(code)
    scored = rescore(path)
    assert scored.scores.columns.equals(english.columns)
    say, once = say_in(code), path.read_bytes()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == list(map(say, layout.SHEETS))
    sheet = book[say(layout.TRANSACTIONS_SHEET)]
    headers = {cell.value: cell.column for cell in sheet[layout.HEADER_ROW]}
    assert len(headers) == sheet.max_column
    for column in ALL_OUTPUTS:
        assert say(column.header) in headers
    row = {header: sheet.cell(layout.FIRST_ROW, at).value for header, at in headers.items()}
    assert row[say("HRDD rating")] == english.columns["rating"][0]
    assert row[say("Ask first")] == asked_in(english.columns["ask_first"][0], say)
    assert row[say("Ask first")].split(" (")[0] in headers
    assert book[say(layout.REVIEW_SHEET)]["A5"].value == "A-1"
    rescore(path)
    assert path.read_bytes() == once


def test_a_german_workbook_computes(
    make: Callable[[str], Path], rescore: Callable[[Path], Any], computed: Callable[[Path], Any]
) -> None:
    """No formula depends on the language of the words."""
    path = make("de")
    rescore(path)
    book = computed(path)
    assert not [c.value for s in book for r in s.iter_rows() for c in r if str(c.value).startswith(("#", "Err:"))]
    assert book["Übersicht"]["B5"].value == 1
    assert str(book["Übersicht"]["B3"].value).startswith("Sichtbare Aufträge: 1.")


def test_a_workbook_says_its_language_and_that_nobody_reviewed_it(tmp_path: Path) -> None:
    """In a property that every program keeps, and on the first sheet."""
    for code, language in languages().items():
        path = new_template(tmp_path / f"{code}.xlsx", rows=1, wanted=design(language=code))
        assert language_of(path) == code
        texts = {cell.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row}
        assert (words_of(path)(guide.UNREVIEWED.title) in texts) is not language.reviewed
    assert language_of(tmp_path / "nowhere.xlsx") == "en"


def test_the_command_knows_its_languages(tmp_path: Path) -> None:
    """One that is not there is a sentence with those that are."""
    ran = CliRunner().invoke(cli, ["template", "new", str(tmp_path / "a.xlsx"), "--language", "FR", "--rows", "1"])
    assert ran.exit_code == 0, ran.output
    assert "have not been reviewed" in ran.output
    ran = CliRunner().invoke(cli, ["template", "new", str(tmp_path / "b.xlsx"), "--language", "xx"])
    assert ran.exit_code == 2
    assert "choose from en, de, fr, es, ja" in ran.output
    assert not (tmp_path / "b.xlsx").exists()
