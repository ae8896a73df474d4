"""The readers in many languages: what they find and what they leave alone."""

from __future__ import annotations

import pytest

from hrdd.wording import read_end_users, read_products


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Traffic management with DPI", "dpi_ip_surveillance"),
        ("Traffic management with DPI, aggregate only", "network_management"),
        ("Sequencing reagents, clinical", "rapid_dna"),
        ("Analogue replacement IP cameras, no analytics", "video_surveillance"),
        ("Commercial red-team software", "cyber_testing"),
        ("SIEM and packet capture on own network", "network_management"),
        ("Handheld thermal imagers", "thermal_imaging"),
        ("Office chair", "general_it"),
        ("Bug fix release 4.2", "general_it"),
        ("", None),
    ],
)
def test_a_product_text_names_its_category(text: str, category: str | None) -> None:
    """The gravest category that the words allow stands, unless a listed phrase says otherwise."""
    assert read_products([text]).category[0] == category


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("University of the Police", "Police or law enforcement"),
        ("Telecom Egypt", "State-owned telecom"),
        ("Private broadband ISP", "Private telecom"),
        ("Salvation Army", "Private company"),
    ],
)
def test_an_end_user_text_names_its_kind(text: str, kind: str) -> None:
    """Security words win over civil ones; ordinary phrases are no security words."""
    assert read_end_users([text]).type[0] == kind
