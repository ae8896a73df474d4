"""End-use texts: what is said, and what is left unsaid."""

from __future__ import annotations

import numpy as np
import pytest

from hrdd.wording import read_end_uses


@pytest.mark.parametrize(
    "text",
    [
        "Resale", "for resale", "various", "general use", "as required", "TBD", "n/a", "own use", "project", "-",
        "Various projects and resale", "Wiederverkauf", "à définir", "uso general", "собственные нужды", "自用",
        "استخدام عام", "genel kullanım", "penggunaan umum",
    ],
)  # fmt: skip
def test_an_end_use_that_says_nothing_is_vague(text: str) -> None:
    """Words such as 'resale' and 'own use' name no use."""
    assert read_end_uses([text]).vague[0]


@pytest.mark.parametrize("text", ["Ticketless parking", "Data centre", "Resale to dental clinics in Lyon", "", None])
def test_an_end_use_that_says_something_or_is_blank_is_not_vague(text: str | None) -> None:
    """One concrete word is enough; a blank is the caller's to judge."""
    assert not read_end_uses([text]).vague[0]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("National security", True),
        ("Law enforcement", True),
        ("Counter-terrorism and crime", True),
        ("Statutory lawful interception of local voice calls", True),
        ("национальная безопасность", True),
        ("الأمن القومي", True),
        ("国家安全", True),
        ("Security: airport perimeter", False),
        ("Food security", False),
        ("Evidence from seized phones under warrant", False),
        ("Capacity management", False),
    ],
)
def test_bare_security_is_told_from_a_concrete_purpose(text: str, bare: bool) -> None:
    """'National security' alone explains nothing; a warrant or a perimeter does."""
    assert bool(read_end_uses([text]).national_security[0]) == bare


@pytest.mark.parametrize(
    ("text", "repressive"),
    [
        ("Fight against an opposition movement named in reporting", True),
        ("National content filtering", True),
        ("Monitoring of journalists and activists", True),
        ("Überwachung von Demonstranten", True),
        ("блокировка сайтов", True),
        ("维稳", True),
        ("مراقبة المعارضة", True),
        ("Protection of journalists", False),
        ("Minority shareholder reporting", False),
        ("Quality control", False),
        ("Product demonstration", False),
        ("Fire suppression", False),
    ],
)
def test_use_against_dissent_is_read(text: str, repressive: bool) -> None:
    """Dissent, minorities, the press and blocking are read; what protects them is not."""
    assert bool(read_end_uses([text]).repressive[0]) == repressive


def test_limiting_uses_name_the_categories_they_can_limit() -> None:
    """Parking limits plate readers, not spyware; congestion limits no deep packet inspection."""
    reading = read_end_uses(["Ticketless parking", "Oncology diagnostics", "Congestion management", "Policing"])
    assert list(reading.limited) == [True, True, True, False]
    assert "alpr" in reading.limits[0]
    assert reading.limits[1] == ("rapid_dna",)
    assert "dpi_ip_surveillance" not in reading.limits[2]
    assert reading.limits[3] == ()


def test_a_repressive_use_is_never_limited() -> None:
    """A benign word beside a repressive one calms nothing."""
    reading = read_end_uses(["Parking and monitoring of protesters"])
    assert reading.repressive[0]
    assert not reading.limited[0]
    assert reading.limits[0] == ()


def test_limits_are_asked_row_by_row() -> None:
    """Many rows may share one text; each asks about its own category."""
    reading = read_end_uses(["Ticketless parking", "Policing"])
    rows = np.array([0, 0, 1])
    assert list(reading.limit(rows, ["alpr", "imsi_catcher", "alpr"])) == [True, False, False]
