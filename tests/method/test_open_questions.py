"""Which questions are open on a row, when they count, and what they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import load_levels

LAPTOP = {"product": "Office laptop", "product_category": "general_it"}


def _header(key: str) -> str:
    return INPUT_BY_KEY[key].header


def test_ordinary_goods_to_an_embargoed_country_are_held_while_the_us_nexus_is_open(benign: Any, scored: Any) -> None:
    """A comprehensive embargo binds ordinary goods too: who sells, and with what content, counts at any severity."""
    row = {**benign, **LAPTOP, "destination_country": "Iran", "us_content": None, "exporter_country": None}
    said = scored(
        [row, {**row, "us_content": "No"}, {**row, "us_content": "No", "exporter_country": "Germany"}]
    ).columns
    assert said["disposition"].tolist() == ["HOLD", "HOLD", "NONE"]
    assert said["ask_first"].str.startswith(_header("us_content")).tolist() == [True, False, False]
    assert said["ask_first"].str.startswith(_header("exporter_country")).tolist() == [False, True, False]


def test_an_embargo_of_the_exporters_own_country_asks_for_that_country(benign: Any, scored: Any) -> None:
    """EU and UK measures bind by the exporter's country: US content settles nothing there."""
    row = {
        **benign,
        "product_category": "lawful_interception",
        "destination_country": "Belarus",
        "exporter_country": None,
    }
    found = scored([row]).trace.doubts
    assert "exporter_country" in {doubt.question for doubt in found}
    assert "us_content" not in {doubt.question for doubt in found}


def test_words_of_repression_hold_a_row_of_any_severity(benign: Any, scored: Any) -> None:
    """An end use that names protesters is held though the goods are plain cameras."""
    row = {**benign, "product_category": "video_surveillance", "q_repressive_use": None}
    plain, stated = scored([row, {**row, "end_use": "monitor protesters and dissidents"}]).columns.itertuples()
    assert (plain.disposition, stated.disposition) == ("NONE", "HOLD")
    assert _header("q_repressive_use").rstrip("?") in stated.why


def test_a_country_without_data_is_told_apart_from_one_that_is_not_known(benign: Any, scored: Any) -> None:
    """Vatican City counts as a poor record, but nobody is asked which country it is."""
    row = {**benign, "product_category": "facial_recognition", "destination_country": "Vatican City"}
    said = scored([row, {**row, "destination_country": "Atlantis"}]).columns
    named, unknown = said.itertuples()
    assert named.likelihood == 3
    assert "no data on the country's record" in named.why
    assert not said["ask_first"].iloc[0].startswith(_header("destination_country"))
    assert unknown.ask_first.startswith(_header("destination_country"))
    assert "data on the country's record" in named.lowered_by


@pytest.mark.parametrize(
    "key",
    ["q_end_user_verified", "us_content", "screening_result", "owner", "exporter", "end_user_type", "product_category"],
)
def test_unknown_typed_is_worth_a_blank_where_a_blank_is_a_question_already(key: str, benign: Any, scored: Any) -> None:
    """A cell that says Unknown is rated as the blank cell of its column is, up and down."""
    rows = [
        {**benign, "product_category": "facial_recognition", "destination_country": country, key: cell}
        for country in ("Norway", "Egypt")
        for cell in (None, "Unknown")
    ]
    said = scored(rows).columns[["rating", "rating_best", "rating_worst", "disposition", "severity", "likelihood"]]
    assert said.iloc[0].equals(said.iloc[1])
    assert said.iloc[2].equals(said.iloc[3])


def test_a_cell_that_cannot_be_read_is_worth_more_than_a_blank(benign: Any, scored: Any) -> None:
    """Something was said there, and it may be the worst."""
    row = {**benign, "product_category": "facial_recognition", "destination_country": "Norway"}
    blank, typo = scored([{**row, "screening_result": None}, {**row, "screening_result": "#REF!"}]).columns.itertuples()
    assert (blank.likelihood, typo.likelihood) == (1, 4)


def test_what_lowers_a_rating_takes_the_questions_along_that_fall_silent_with_severity(
    benign: Any, scored: Any
) -> None:
    """Where another product would leave no question that counts, naming the product alone brings the lowest class."""
    said = scored([{**benign, "product": None, "product_category": None, "q_end_user_verified": None}]).columns.iloc[0]
    assert said.ask_first == f"{_header('product')} (a good answer: LOW)"
    assert said.lowered_by == f"answer '{_header('product')}' -> LOW"


def test_a_policy_under_which_nothing_lowers_a_row_ends_all_the_same(
    tmp_path: Path, benign: Any, scored: Any, shipped_levels: dict[str, Any]
) -> None:
    """A company may put conditions with a floor on everything; its rows then have no change that lowers them."""
    floors = {"NONE": "LOW", "CONDITIONS": "MEDIUM", "HOLD": "MEDIUM", "STOP": "CRITICAL"}
    own = tmp_path / "levels.yaml"
    own.write_text(yaml.safe_dump({**shipped_levels, "condition_severity": 0, "floors": floors}), encoding="utf-8")
    said = scored([benign], levels=load_levels(own)).columns.iloc[0]
    assert (said.rating, said.lowered_by) == ("MEDIUM", "")


@pytest.mark.parametrize("cell", ["Georgia?", "Atlantis", "#REF!"])
def test_a_destination_that_cannot_be_read_holds_goods_of_any_severity(cell: str, benign: Any, scored: Any) -> None:
    """It may be the embargoed one; a blank destination of ordinary goods is named as not known and held by nothing."""
    rows = [{**benign, **LAPTOP, "destination_country": said} for said in (cell, None)]
    unread, blank = scored(rows).columns.itertuples()
    assert (unread.disposition, blank.disposition) == ("HOLD", "NONE")
    assert _header("destination_country") in blank.why
