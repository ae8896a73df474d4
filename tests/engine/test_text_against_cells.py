"""What the words of a row say beside its cells: empty goods, a maker's trade, another destination, a milder choice."""

from __future__ import annotations

from typing import Any

import pytest

STATE = {"as_of_date": "2024-06-01", "destination_country": "Egypt", "end_user": "State Security"}
LAPTOPS = {
    "as_of_date": "2024-06-01", "product": "Laptops", "exporter_country": "US", "us_content": "Yes",
    "end_user": "Gulf Trading", "end_user_type": "Private company", "destination_country": "UAE",
    "q_end_user_verified": "Yes", "screening_result": "Clear",
}  # fmt: skip


def _said(row: dict[str, Any], scored: Any) -> Any:
    return scored([row]).columns.iloc[0]


@pytest.mark.parametrize(
    "product", ["Equipment", "licence renewal", "Support contract 2026", "spare parts", "Matériel"]
)
def test_words_that_say_nothing_leave_the_product_of_a_government_unknown(product: str, scored: Any) -> None:
    """Equipment for a state security service may be anything; office chairs are office chairs."""
    assert _said({**STATE, "product": product}, scored).rating == "UNRATED"
    assert _said({**STATE, "product": "Office chairs"}, scored).rating == "LOW"


@pytest.mark.parametrize(
    ("product", "maker"), [("Graphite", "Paragon Solutions"), ("RCS", "Hacking Team"), ("X", "Intellexa")]
)
def test_a_maker_of_spyware_sells_spyware(product: str, maker: str, scored: Any) -> None:
    """A code name alone says nothing, or something ordinary; the maker's trade says what it is."""
    said = _said({**STATE, "product": product, "exporter": maker}, scored)
    assert (said.severity, said.disposition) == (4, "HOLD")


@pytest.mark.parametrize("end_use", ["for re-export to Iran", "onward shipment to Tehran", "delivery to Moscow"])
def test_words_that_name_an_embargoed_country_hold_goods_of_any_severity(end_use: str, scored: Any) -> None:
    """The destination cell says one country and the stated use another, which is under embargo."""
    said = _said({**LAPTOPS, "end_use": end_use}, scored)
    assert said.disposition == "HOLD"
    assert "name another country, which is under embargo" in said.problems


def test_words_that_name_an_embargoed_country_hold_nothing_that_no_us_rule_reaches(scored: Any) -> None:
    """The embargo binds US goods and persons."""
    row = {**LAPTOPS, "end_use": "own offices, one of them in Iran", "exporter_country": "Germany", "us_content": "No"}
    assert _said(row, scored).disposition == "NONE"


@pytest.mark.parametrize("choice", ["general_it", "privacy_security", "video_surveillance"])
def test_a_choice_that_the_words_belie_stands_and_is_questioned(choice: str, scored: Any) -> None:
    """What its own name calls spyware was called something milder: rated by the choice at best, held by the words."""
    said = _said({**STATE, "product": "spyware", "product_category": choice, "q_end_user_verified": "Yes"}, scored)
    assert said.disposition == "HOLD"
    assert "graver category than the one chosen" in said.problems


def test_a_choice_that_the_words_name_too_is_not_belied(benign: dict[str, object], scored: Any) -> None:
    """Traffic management with DPI may be traffic management."""
    said = _said({**benign, "product": "Traffic management with DPI", "product_category": "network_management"}, scored)
    assert (said.disposition, said.problems) == ("NONE", "")


@pytest.mark.parametrize(
    "product", ["Device", "Upgrade", "Kit", "Accessories", "Installation and commissioning", "Implant"]
)
def test_a_weak_noun_settles_no_product_of_a_government(product: str, scored: Any) -> None:
    """One word that fits anything leaves the product unknown; so does an adjective where no product is named."""
    assert _said({**STATE, "product": product}, scored).rating == "UNRATED"
    assert _said({**STATE, "product_description": "Portable"}, scored).rating == "UNRATED"


@pytest.mark.parametrize(
    ("product", "end_use"),
    [
        ("Laptops", "install spyware on teachers"),
        ("Hard drives", "archive of intercepted calls"),
        ("Antennas", "IMSI catcher"),
        ("Cameras", "face recognition of everyone entering mosques"),
    ],
)
def test_a_use_that_names_a_grave_capability_is_heard(product: str, end_use: str, scored: Any) -> None:
    """Ordinary goods by their name, and by their use a part of something that is not."""
    assert _said({**STATE, "product": product, "end_use": end_use}, scored).disposition == "HOLD"
    plain = {"as_of_date": "2024-06-01", "destination_country": "Norway", "end_user": "Nordlys AS", "end_use": end_use}
    assert _said({**plain, "product": "Laptops", "end_use": "protection against spyware"}, scored).disposition == "NONE"


def test_what_goes_into_a_system_known_to_be_misused_is_a_part_of_it(benign: dict[str, object], scored: Any) -> None:
    """A server by itself is ordinary; in such a system it is a component."""
    row = {**benign, "product": "Server", "product_category": "general_it", "q_known_misused_system": "Yes"}
    assert _said(row, scored).severity == 2


@pytest.mark.parametrize("region", [None, "Khartoum"])
def test_an_arms_embargo_stops_no_police_goods_by_itself(
    region: str | None, benign: dict[str, object], scored: Any
) -> None:
    """Whether fingerprint readers are arms is for the list of goods to say; a blank region is no reason to stop."""
    row = {
        **benign, "product_category": "fingerprint_afis", "end_user_type": "Police or law enforcement",
        "destination_country": "Sudan", "destination_region": region, "q_agency_misuse": "No",
    }  # fmt: skip
    assert _said(row, scored).disposition == "HOLD"
