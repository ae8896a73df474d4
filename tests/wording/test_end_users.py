"""End-user texts: the kind of party that a name allows."""

from __future__ import annotations

import numpy as np
import pytest

from hrdd.wording import read_end_users


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("University of the Police", "Police or law enforcement"),
        ("Military hospital", "Military"),
        ("Military intelligence directorate", "Intelligence or state security"),
        ("Ministry of Interior", "Police or law enforcement"),
        ("Ministry of Telecom (as declared by distributor)", "Telecom ministry or regulator"),
        ("Ministry of Health", "Other civil government"),
        ("Telecom Egypt", "State-owned telecom"),
        ("Telecommunication Company of Iran", "State-owned telecom"),
        ("Private broadband ISP", "Private telecom"),
        ("Airtel Kenya Ltd", "Private telecom"),
        ("City fire department", "Fire or rescue"),
        ("International criminal tribunal", "International organisation"),
        ("Freight forwarder named as end user", "Freight forwarder"),
        ("Accredited security consultancy", "Private company"),
        ("Salvation Army", "Private company"),
        ("County Line Foods Inc", "Private company"),
        ("County of Essex", "Other civil government"),
    ],
)
def test_a_name_tells_the_kind_of_party(text: str, kind: str) -> None:
    """Security words win over civil ones, public words over company forms, and ordinary phrases are neither."""
    assert read_end_users([text]).type[0] == kind


@pytest.mark.parametrize(
    "text",
    [
        "Policía Nacional", "Polizeipräsidium Köln", "Gendarmerie Royale", "Carabinieri", "Politie Amsterdam",
        "Komenda Główna Policji", "Emniyet Genel Müdürlüğü", "МВД России", "Поліція Києва", "وزارة الداخلية",
        "نیروی انتظامی", "乌鲁木齐市公安局", "警視庁", "경찰청", "Kepolisian Negara", "Bộ Công an", "पुलिस विभाग",
    ],
)  # fmt: skip
def test_the_police_are_known_in_many_languages(text: str) -> None:
    """Police, gendarmerie and interior ministries are read in their own words."""
    reading = read_end_users([text])
    assert reading.type[0] == "Police or law enforcement"
    assert reading.security[0]
    assert reading.government[0]


@pytest.mark.parametrize(
    ("text", "security"),
    [
        ("Government agency", True),
        ("State agency", True),
        ("Undisclosed government customer", True),
        ("Ministry of Agriculture", False),
        ("Silver Shield Security Guards Ltd", False),
        ("Market Intelligence Partners LLC", False),
        ("Police d'assurance AXA SA", False),
        ("Hospital Militar Central", True),
        ("Border Grill LLC", False),
    ],
)
def test_bare_government_words_allow_a_security_reading(text: str, security: bool) -> None:
    """A nameless agency may be a security agency; a firm that guards shops is none."""
    assert bool(read_end_users([text]).security[0]) == security


@pytest.mark.parametrize(
    ("text", "listed", "share"),
    [
        ("Subsidiary 60% owned by listed party", True, 60.0),
        ("Company 30% owned by listed party, shared director", True, 30.0),
        ("Tochter, zu 51,5 Prozent im Besitz der Stadt", False, 51.5),
        ("County Public Security Bureau (subordinate of listed XUAR PSB)", True, np.nan),
        ("Acme Ltd (Entity List)", True, np.nan),
        ("Nasdaq-listed maker of chairs", False, np.nan),
        ("100% Cotton Shirts Ltd", False, np.nan),
        ("250% owned", False, np.nan),
    ],
)
def test_lists_and_shares_in_the_text_are_read(text: str, listed: bool, share: float) -> None:
    """What the name itself says about a list or an owner's share is not lost."""
    reading = read_end_users([text])
    assert bool(reading.listed[0]) == listed
    assert np.array_equal(reading.owned_share, [share], equal_nan=True)


@pytest.mark.parametrize(
    "text",
    [
        "Unknown",
        "TBD",
        "n/a",
        "-",
        "?",
        "Various customers",
        "as advised",
        "unbekannt",
        "не указано",
        "待定",
        "Cliente final",
    ],
)
def test_a_name_that_names_nobody_is_a_placeholder(text: str) -> None:
    """Such an end user is unknown, and no type is read."""
    reading = read_end_users([text])
    assert reading.placeholder[0]
    assert reading.type[0] is None


def test_a_blank_is_no_placeholder_and_has_no_type() -> None:
    """Nothing written is nothing read; the caller knows a blank."""
    reading = read_end_users(["", " ", None])
    assert not reading.placeholder.any()
    assert list(reading.type) == [None] * 3


def test_forwarders_are_marked_beside_their_type() -> None:
    """A forwarder stays marked when a graver type is read."""
    reading = read_end_users(["Gulf Freight LLC", "Military freight command", "Widget Ltd"])
    assert list(reading.forwarder) == [True, True, False]
    assert reading.type[1] == "Military"


def test_the_words_that_decided_are_told() -> None:
    """Every type can be explained by words of the name."""
    assert list(read_end_users(["Royal Thai Police", "Telecom Egypt"]).matched) == ["police", "telecom egypt"]
