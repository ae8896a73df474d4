"""How well each signal is founded: by evidence, by a cell's word, by inference, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from hrdd.signals.grades import GRADES, signal_grades

BY_WORDS = {
    "product": "spyware",
    "end_user": "City Police",
    "destination_country": "Egypt",
    "end_use": "national security",
}
BY_CELLS = {
    **BY_WORDS,
    "product_category": "intrusion_software",
    "end_user_type": "Police or law enforcement",
    "q_reexports": "Yes",
}


def _graded(row: dict[str, Any], scored: Any) -> dict[str, str]:
    scores = scored([{**row, "as_of_date": "2024-01-01"}])
    answers = {str(name): scores.signals[name] for name in scores.signals}
    return {name: GRADES[grade[0]] for name, grade in signal_grades(scores.trace.rows, answers).items()}


@pytest.mark.parametrize(
    ("row", "signal", "grade"),
    [
        (BY_WORDS, "P-COVERT", "INFERRED"),
        (BY_WORDS, "E-SECURITY", "INFERRED"),
        (BY_WORDS, "U-NATSEC", "INFERRED"),
        (BY_WORDS, "C-HRPOOR", "INFERRED"),
        (BY_WORDS, "E-ABUSER", "UNKNOWN"),
        (BY_CELLS, "P-COVERT", "DECLARED"),
        (BY_CELLS, "E-SECURITY", "DECLARED"),
        (BY_CELLS, "E-REEXPORTS", "DECLARED"),
        ({**BY_CELLS, "evidence": "report.pdf"}, "E-REEXPORTS", "VERIFIED"),
        ({**BY_CELLS, "evidence": "to follow"}, "E-REEXPORTS", "DECLARED"),
        ({**BY_WORDS, "evidence": "report.pdf"}, "P-COVERT", "INFERRED"),
    ],
)
def test_a_signal_is_as_well_founded_as_what_it_needs(
    row: dict[str, Any], signal: str, grade: str, scored: Any
) -> None:
    """Cells alone make it DECLARED, evidence besides VERIFIED; words, lists and country data only INFERRED."""
    assert _graded(row, scored)[signal] == grade
