"""The layout: one description that holds every column once, in words and colours that everybody can read."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.columns import ESSENTIALS, INPUTS, OUTPUTS, WORKBOOK_OUTPUTS
from hrdd.reference.countries import resolve_countries
from hrdd_workbook import guide, hints, layout, palette
from hrdd_workbook.choice_lists import LISTS


def test_every_input_column_stands_once() -> None:
    """No question of the contract is missing from the sheet, and none is asked twice."""
    keys = [field.key for field in layout.FIELDS]
    assert sorted(k for k in keys if k in {c.key for c in INPUTS}) == sorted(c.key for c in INPUTS)
    assert len(keys) == len(set(keys))


def test_the_other_columns_are_results_under_their_own_headers() -> None:
    """What is not an input is an output of the scorer, with the very header that the writer looks for."""
    outputs = {output.key: output.header for output in (*OUTPUTS, *WORKBOOK_OUTPUTS)}
    inputs = {column.key for column in INPUTS}
    results = {field.key: field.header for field in layout.FIELDS if field.key not in inputs}
    assert results == outputs


def test_headers_are_unique_even_when_case_is_ignored() -> None:
    """Excel refuses a table with two columns of one name, in any case."""
    headers = [field.header.casefold() for field in layout.FIELDS]
    assert len(headers) == len(set(headers))


def test_essentials_are_always_in_sight_and_come_first() -> None:
    """What a finance export has is on the first screen, before any folded question."""
    in_sight = [field.key for field in layout.FIELDS if field.level == 0]
    assert set(ESSENTIALS) <= set(in_sight)
    assert [field.key for field in layout.FIELDS][: len(in_sight)] == in_sight
    assert len(in_sight) == layout.PRINTED_COLUMNS


def test_each_folded_group_shows_its_first_question() -> None:
    """A group never vanishes whole: one question stays in sight at the second level."""
    for band in layout.BANDS:
        levels = [layout.FIELD_BY_KEY[key].level for key in band.keys]
        assert levels == ([1] + [2] * (len(levels) - 1) if band.folded else [0] * len(levels))


def test_every_answer_of_a_question_has_its_look() -> None:
    """Yes, No, Unknown and Verified are all tinted."""
    for field in layout.FIELDS:
        if field.family in ("yes_no_unknown", "verified_no_unknown"):
            assert field.choices is not None
            assert set(field.choices.values) <= {tint.word for tint in palette.TINTS[field.family]}


def test_every_choice_column_has_its_list() -> None:
    """A column with a closed vocabulary has a drop-down of just these values."""
    for column in INPUTS:
        choices = layout.FIELD_BY_KEY[column.key].choices
        if column.choices:
            assert choices is not None
            assert choices.values == column.choices
        listed = bool(column.choices) or column.kind == "country" or column.key == "currency"
        assert (choices is not None) == listed


def test_names_of_lists_are_names_to_excel() -> None:
    """A defined name is letters, digits and underscores, unique, and no cell address."""
    names = [choices.defined_name for choices in LISTS]
    assert len(names) == len({name.casefold() for name in names})
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{3,254}", name) for name in names)


def test_every_country_of_the_list_is_understood() -> None:
    """A name that the template offers is never one that the scorer has to ask back about."""
    names = next(choices.values for choices in LISTS if choices.name == "country")
    found = resolve_countries(names)
    assert [name for name, result in zip(names, found, strict=True) if not result.iso3] == []
    assert len({result.iso3 for result in found}) == len(names)


def test_codes_and_free_text_keep_their_form() -> None:
    """Columns of ids, codes and free text are text columns, so that 0102 stays 0102."""
    formats = {field.key: field.number_format for field in layout.FIELDS}
    assert all(formats[column.key] == "@" for column in INPUTS if column.kind == "text")
    assert all(formats[column.key] == "yyyy-mm-dd" for column in INPUTS if column.kind == "date")


def test_every_column_says_what_belongs_into_it_and_what_a_blank_means() -> None:
    """Each hint is within Excel's limits and speaks of the blank cell."""
    for field in layout.FIELDS:
        assert 0 < len(field.hint_title) <= 32
        assert 0 < len(field.hint) <= 255
        assert re.search(r"[Bb]lank|Needed", field.hint), field.key


def test_no_meaning_of_a_blank_is_left_in_shorthand() -> None:
    """Every `when_blank` of the contract has a sentence of its own, so that a new one is not overlooked."""
    shorthand = {c.when_blank for c in INPUTS if c.when_blank not in c.choices}
    assert shorthand <= set(hints.BLANK_MEANS)


@given(st.text(min_size=1, max_size=400), st.integers(2, 255))
def test_shortened_text_fits(text: str, limit: int) -> None:
    """Cutting never exceeds the limit and never touches what fits."""
    short = hints.shorten(text, limit)
    assert len(short) <= limit
    assert short == text or len(text) > limit


@given(st.dictionaries(st.sampled_from([field.key for field in layout.FIELDS]), st.text(max_size=2000)))
def test_a_row_is_never_lower_than_its_least_height(texts: dict[str, str]) -> None:
    """More text never makes a row lower, and a row always leaves room for the reasons."""
    height = layout.row_height(texts)
    assert height >= layout.LINE_HEIGHT * layout.LEAST_LINES
    assert height <= layout.row_height({key: text + " and more" * 9 for key, text in texts.items()})


@pytest.mark.parametrize("module", ["openpyxl", "pandas", "numpy", "lxml"])
def test_the_layout_needs_no_library(module: str) -> None:
    """The add-in and the command line can ask for the layout without loading an Excel library."""
    code = f"import sys, hrdd_workbook.layout; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_guide_explains_every_word_that_scoring_writes() -> None:
    """Each rating, disposition and answer has its line in the legend."""
    for legend, tints in zip(
        guide.LEGENDS, (palette.RATING_TINTS, palette.DISPOSITION_TINTS, palette.FLAG_TINTS), strict=True
    ):
        assert [meaning.word for meaning in legend.meanings] == [tint.word for tint in tints]


def test_the_guide_promises_nothing() -> None:
    """It says that unknown is never low, that the scheme is ours and no legal advice, and gives no all-clear."""
    words = " ".join(
        [guide.TITLE, guide.LEAD, *(text for _, text in guide.SHEETS)]
        + [f"{item.title} {item.text}" for item in (*guide.STEPS, *guide.REMARKS)]
        + [meaning.text for legend in guide.LEGENDS for meaning in legend.meanings]
    )
    assert not re.search(r"\b(approved|cleared|violations?|safe|no risk)\b", words, re.IGNORECASE)
    for needed in ("Unknown is never low", "own scheme", "not legal advice", "voluntary"):
        assert needed in words
