"""Words of a low-intrusion use count where nothing speaks against them, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

CLOCK = {
    "product": "Time clock fingerprint",
    "product_description": "attendance terminal",
    "end_use": "staff attendance",
}


@pytest.mark.parametrize(
    ("end_user", "country", "held"),
    [
        ("Aldi", "Germany", False),
        ("Aldi", "Egypt", True),
        ("City Police", "Germany", True),
        (None, "Germany", True),
    ],
)
def test_a_named_buyer_in_a_good_record_country_may_limit_by_words(
    end_user: str | None, country: str, held: bool, scored: Any
) -> None:
    """A time clock for a shop is one; for the police, an unnamed buyer or a poor record it stays a question."""
    said = scored([{**CLOCK, "end_user": end_user, "destination_country": country, "as_of_date": "2024-03-01"}])
    assert (said.columns["disposition"].iloc[0] == "HOLD") is held
