"""Whether the guidance applies to a row, and how well its decisive facts are founded."""

from __future__ import annotations

from typing import Any

import numpy as np

from hrdd.signals.end_user import GOVERNMENT, PERHAPS_GOVERNMENT, SECURITY
from hrdd.vocabulary import Answer, Rows, certainly, is_one_of

#: Facts a rating stands on, with the fact that is inferred from words when the cell is blank.
DECISIVE = {
    "product_category": "category",
    "end_user": "end_user",
    "end_user_type": "type",
    "destination_country": "destination_country",
    "end_use": "end_use",
    "q_end_user_verified": "q_end_user_verified",
    "screening_result": "screening_result",
}


def in_scope(rows: Rows) -> Answer:
    """In scope: a product of any category but general IT, for a government or a private party close to one.

    Three-valued (State Department guidance of 2020, as law-firm summaries report its scope). A private party
    about whose ties nobody was asked counts as not close, except in a country with a poor record.
    """
    product = ~is_one_of(rows["category"], {"general_it"})
    return product & (_government(rows) | _close(rows))


def _government(rows: Rows) -> Answer:
    """Government by type; bodies that may be public are unknown."""
    government = is_one_of(rows["type"], GOVERNMENT) | rows["words_security"]
    perhaps = certainly(is_one_of(rows["type"], PERHAPS_GOVERNMENT)).to_numpy(dtype=bool)
    return government.mask(perhaps & ~certainly(government).to_numpy(dtype=bool))


def _close(rows: Rows) -> Answer:
    ties = rows["q_government_ties"]
    trusted = certainly(is_one_of(rows["record"], {"good", "mixed"})) & ~rows.doubtful("q_government_ties")
    return ties.where(ties.notna() | ~trusted, other=False)


def grades(rows: Rows) -> np.ndarray[Any, np.dtype[np.int8]]:
    """The evidence grade of each decisive fact: (facts x rows), as places in `hrdd.signals.grades.GRADES`.

    A cell is DECLARED, or VERIFIED where evidence is attached to the row; a fact read from words is INFERRED.
    """
    attached = rows["evidence"].notna().to_numpy(dtype=bool)
    found = [_grade(rows, cell, fact, attached) for cell, fact in DECISIVE.items()]
    security = certainly(is_one_of(rows["type"], SECURITY)).to_numpy(dtype=bool)
    abuse = _grade(rows, "q_agency_misuse", "q_agency_misuse", attached)
    found.append(np.where(security, abuse, np.int8(2) + attached))
    return np.stack(found).astype(np.int8)


def _grade(rows: Rows, cell: str, fact: str, attached: Any) -> Any:
    said = rows[cell].notna().to_numpy(dtype=bool)
    if cell == "screening_result":
        said = said & ~certainly(is_one_of(rows[cell], {"Not screened"})).to_numpy(dtype=bool)
    inferred = rows[fact].notna().to_numpy(dtype=bool)
    return np.where(said, np.int8(2) + attached, inferred.astype(np.int8))


def completeness(graded: np.ndarray[Any, np.dtype[np.int8]]) -> Any:
    """The share of decisive facts that are declared or verified, 0 to 1."""
    return np.round((graded >= 2).mean(axis=0), 2)
