"""A row is outside a region of mass abuse because it is known to go elsewhere, never because its place is not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pytest

from hrdd.columns import fold
from hrdd.reference import load_reference

Ask = Callable[[Sequence[dict[str, object]]], Any]
DAY = "2024-05-01"


@pytest.fixture(scope="module")
def going_to(asked: Ask) -> Callable[[str, Sequence[object]], list[Any]]:
    """C-REGION of rows to one country and several stated regions."""

    def ask(country: str, stated: Sequence[object], **cells: object) -> list[Any]:
        rows = [
            {"destination_country": country, "destination_region": region, "as_of_date": DAY, **cells}
            for region in stated
        ]
        found: list[Any] = asked(rows)["C-REGION"].astype(object).tolist()
        return found

    return ask


@pytest.mark.parametrize(
    ("country", "stated"),
    [
        (
            "China",
            [
                "Xinjiang",
                "Xin Jiang",
                "XJ",
                "CN-XJ",
                "Urumchi",
                "Kashi",
                "新疆",
                "乌鲁木齐市",
                "Tibet AR",
                "Lhasa city",
            ],
        ),
        ("Ukraine", ["Crimea", "Krim", "Krym", "UA-43", "Sevastopol", "Donezk", "Luhansk oblast", "Донецьк", "Donbas"]),
        ("Sudan", ["Darfur", "El Fasher", "SD-DN"]),
        ("Myanmar", ["Rakhine", "Sittwe", "MM-16"]),
    ],
)
def test_a_region_is_found_by_its_names_towns_and_codes(country: str, stated: list[object], going_to: Any) -> None:
    """Whatever name, code, script or spelling of the table is used, the region is found."""
    assert going_to(country, stated) == [True] * len(stated)


@pytest.mark.parametrize(
    ("country", "stated"),
    [
        ("China", ["Xinjang", "Xianjiang", "Xingjiang province", "Sinkian", "Beijing; Xinjang", "Kashgarr"]),
        ("Ukraine", ["Crimeea", "Donetzk", "Lugansck", "Simferopl"]),
        ("Myanmar", ["Sitwe", "Rakhin"]),
        ("Russia", ["Crimeea", "Sevastopl"]),
    ],
)
def test_a_misspelt_region_is_unknown_and_never_elsewhere(country: str, stated: list[object], going_to: Any) -> None:
    """A slip of a letter does not send the goods elsewhere."""
    assert going_to(country, stated) == [pd.NA] * len(stated)


@pytest.mark.parametrize("country", ["China", "Ukraine", "Sudan", "Myanmar"])
def test_what_names_no_place_leaves_the_region_open(country: str, going_to: Any) -> None:
    """Notes, sales regions, the country itself and places nobody knows say nothing of the region."""
    stated = [
        "see notes",
        "TBC",
        "as per contract",
        "customer site",
        "EMEA",
        "all",
        "HQ",
        "Atlantis",
        country,
        "43b",
        "-",
    ]
    assert going_to(country, stated) == [pd.NA] * len(stated)


@pytest.mark.parametrize(
    ("country", "stated"),
    [
        (
            "China",
            ["Guangdong", "CN-GD", "Shenzhen", "Plant 2, Kunshan", "广东省", "Jining", "Zhejiang Province", "Peking"],
        ),
        ("Ukraine", ["Kyiv", "Kiev", "Lviv oblast", "UA-30", "Київ"]),
        ("Sudan", ["Khartoum", "Port Sudan"]),
        ("Myanmar", ["Yangon", "Mandalay"]),
        ("Ethiopia", ["Addis Ababa"]),
        ("Norway", ["Oslo", "see notes"]),
    ],
)
def test_a_known_other_place_is_elsewhere(country: str, stated: list[object], going_to: Any) -> None:
    """Another division or town of the country, by name, code or script, settles that it is not the region."""
    assert going_to(country, stated) == [False] * len(stated)


def test_a_region_held_in_fact_is_found_under_both_countries(going_to: Any) -> None:
    """Sevastopol is found whether Ukraine or Russia is written; a Russian row that names nothing is not asked."""
    held = ["Crimea", "Sevastopol", "Donetsk", "Luhansk", "Mariupol"]
    assert going_to("Russia", held) == going_to("Ukraine", held) == [True] * len(held)
    assert going_to("Russia", ["Moscow", None, "see notes"]) == [False] * 3


def test_an_embargo_on_a_region_reaches_it_under_both_countries(asked: Ask) -> None:
    """The US embargo on Crimea binds a US exporter's row to Sevastopol, Russia; a misspelt one leaves it open."""
    row = {
        "destination_country": "Russia",
        "exporter_country": "US",
        "product_category": "general_it",
        "as_of_date": DAY,
    }
    rows = [{**row, "destination_region": region} for region in ("Sevastopol", "Sevastopl", "Moscow")]
    assert asked(rows)["C-EMBARGO"].astype(object).tolist() == [True, pd.NA, False]


def test_a_town_that_a_front_cuts_off_leaves_the_region_open(going_to: Any) -> None:
    """A town in a partly occupied division may lie on either side."""
    assert going_to("Ukraine", ["Kramatorsk", "Zaporizhzhia", "Pervomaisk"]) == [pd.NA] * 3


def test_an_end_user_or_end_use_that_names_the_region_counts(going_to: Any) -> None:
    """The police of Urumqi are in Xinjiang, wherever the goods are said to go."""
    assert going_to("China", ["Beijing", None], end_user="Urumqi Public Security Bureau") == [True, True]
    assert going_to("China", ["Beijing", None], end_use="cameras for Kashgar") == [True, True]


def test_a_letter_left_out_of_a_region_never_reads_as_elsewhere(asked: Ask) -> None:
    """Every name of every region with any one letter missing is found or unknown, unless it is another place's name."""
    slips = [
        (region, name[:at] + name[at + 1 :])
        for region in load_reference().regions
        for name in (region.name, *region.aliases)
        for at in range(len(name))
    ]
    places = {
        (place.iso3, fold(text))
        for region in load_reference().regions
        for place in load_reference().places.of(region.iso3)
        for text in (place.name, place.code, place.code.partition("-")[2], *place.native, *place.also)
    }
    rows = [
        {"destination_country": region.iso3, "destination_region": slip, "as_of_date": str(region.effective_from)}
        for region, slip in slips
    ]
    answers = asked(rows)["C-REGION"].astype(object)
    lost = {slip for (region, slip), answer in zip(slips, answers, strict=True) if answer is False}
    known = {slip for region, slip in slips if (region.iso3, fold(slip)) in places}
    assert lost - known == set()
