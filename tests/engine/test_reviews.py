"""Problems that only several cells show: reviews that are not complete, and a screening that the tables contradict."""

from __future__ import annotations

from typing import Any

REVIEW = {
    "decision": "Proceed",
    "decision_reason": "verified on site",
    "reviewer": "A. First",
    "approver": "B. Second",
    "decision_date": "2024-03-02",
}
HIGH = {"product_category": "facial_recognition", "q_opaque_chain": "Yes"}


CHANGES: tuple[tuple[dict[str, object], str], ...] = (
    ({}, ""),
    ({"decision_reason": None}, "Reason: missing although there is a decision"),
    ({"reviewer": None}, "Reviewer: missing although there is a decision"),
    ({"decision_date": None}, "Decision date: missing although there is a decision"),
    ({"approver": None}, "Second approver: a second person must sign a HIGH or CRITICAL row"),
    ({"approver": "A. First"}, "Second approver: must differ from the reviewer"),
    ({"approver": " a. first "}, "Second approver: must differ from the reviewer"),
    ({"decision": "Hold", "approver": None}, ""),
    (dict.fromkeys(REVIEW), ""),
    ({"q_opaque_chain": "No", "approver": None}, ""),
)


def test_a_review_is_complete_or_told_what_it_lacks(benign: dict[str, object], scored: Any) -> None:
    """A decision needs reason, reviewer and date, and a grave row that proceeds a second person."""
    found = scored([{**benign, **HIGH, **REVIEW, **change} for change, _ in CHANGES]).columns["problems"]
    assert found.tolist() == [told for _, told in CHANGES]


def test_a_clear_screening_of_a_listed_party_is_told(benign: dict[str, object], scored: Any) -> None:
    """The worse of the two counts, and the contradiction is shown."""
    said = scored([{**benign, "end_user": "Dahua Technology", "screening_result": "Clear"}]).columns.iloc[0]
    assert said.problems == "Screening result: says Clear, yet the shipped table lists a party by that name"
    assert said.disposition == "STOP"
