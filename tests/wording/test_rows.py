"""Whole rows as a finance system holds them: what was read when they were new, and that nothing has become worse."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hrdd.columns import CATEGORIES, INPUT_BY_KEY
from hrdd.wording.judging import HINT, UNREAD, Row, Said, first_read, outcome, read_rows, report_rows

ROWS = Path(__file__).parent / "labelled_rows.csv"
CATEGORY_IDS = {category.id for category in CATEGORIES}


def rows() -> list[Row]:
    """The labelled rows, all rounds."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcomes(said: list[Said]) -> list[str]:
    """How each row was read."""
    return [outcome(row, one) for row, one in zip(rows(), said, strict=True)]


def test_labels_are_categories_types_and_uses() -> None:
    """A misspelt label would count as a mistake of the reader."""
    for row in rows():
        assert set(row["category"].split(";")) <= CATEGORY_IDS, row
        assert set(row["end_user_type"].split(";")) <= {*INPUT_BY_KEY["end_user_type"].choices, "", "placeholder"}, row
        assert row["use"] in {"repressive", "national_security", "vague", "plain"}, row
        assert row["kind"] in {"surveillance", "ordinary"}, row
        assert row["first_product"].removesuffix(" limited") in {*CATEGORY_IDS, HINT, UNREAD}, row


def test_no_surveillance_product_reads_as_too_low() -> None:
    """The exception is a test kit whose stated use is authorised testing: it counts as limited."""
    low = [row["product"] for row, found in zip(rows(), outcomes(read_rows(rows())), strict=True) if found == "too low"]
    assert low == ["Pineapple Mark VII pentest kit"]


def test_no_ordinary_product_reads_as_grave() -> None:
    """Look-alikes cost no honest firm a hold."""
    said = read_rows(rows())
    high = [
        row["product"]
        for row, found in zip(rows(), outcomes(said), strict=True)
        if found == "too high" and row["kind"] == "ordinary"
    ]
    assert high == []


def test_no_reading_has_become_worse_than_the_first() -> None:
    """What was right when a row was new is right now."""
    worse = [
        row["product"]
        for row, first, now in zip(rows(), outcomes(first_read(rows())), outcomes(read_rows(rows())), strict=True)
        if first == "right" and now != "right"
    ]
    assert worse == []


@pytest.mark.parametrize(
    ("kind", "category", "product", "found"),
    [
        ("surveillance", "imsi_catcher", "imsi_catcher", "right"),
        ("surveillance", "imsi_catcher", HINT, "right"),
        ("surveillance", "imsi_catcher", "general_it", "too low"),
        ("surveillance", "alpr", "alpr limited", "too low"),
        ("surveillance", "uav", "imsi_catcher", "too high"),
        ("surveillance", "uav;alpr", "alpr", "right"),
        ("surveillance", "uav", UNREAD, UNREAD),
        ("ordinary", "alpr", "alpr limited", "right"),
        ("ordinary", "alpr", "alpr", "too high"),
        ("ordinary", "general_it", HINT, "too high"),
    ],
)
def test_a_reading_is_judged_by_severity(kind: str, category: str, product: str, found: str) -> None:
    """Too low and too high are told apart; a hint counts as the gravest, a limited use as 1."""
    row = {"kind": kind, "category": category}
    assert outcome(row, Said(product, "", False, "plain")) == found


def test_the_report_tells_severity_category_end_users_and_uses() -> None:
    """Every kind of mistake has its line."""
    told = "\n".join(report_rows("now", rows(), read_rows(rows())))
    for words in ("severity 4", "too low 1: Pineapple", "imsi_catcher", "security bodies seen", "end uses:"):
        assert words in told
