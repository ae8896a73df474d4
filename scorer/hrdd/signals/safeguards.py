"""Verified safeguards. They touch the residual class only and never erase a flag."""

from __future__ import annotations

from hrdd.signals.registry import Signal, signal
from hrdd.vocabulary import Answer, Rows


def _verified(id: str, says: str, *columns: str) -> Signal:  # noqa: A002  # a signal has an id
    """A safeguard that is there when all its columns say Verified, and absent when one says No."""

    def asks(rows: Rows) -> Answer:
        """Verified, with evidence attached; a claim alone is unknown."""
        answer = rows[columns[0]]
        for column in columns[1:]:
            answer = answer & rows[column]
        return answer

    return signal(id, says, columns)(asks)


SIGNALS = (
    _verified("M-LIMITED", "capabilities were removed or limited", "s_capabilities_limited"),
    _verified("M-ALERT", "the product reports misuse", "s_misuse_alerting"),
    _verified("M-AUDIT", "a tamper-evident log has outside review", "s_audit_log"),
    _verified("M-ACCESS", "updates and support can be withheld", "s_access_control"),
    _verified(
        "M-CLAUSE",
        "the contract limits use and can be ended on misuse",
        "s_use_limits_clause",
        "s_termination_clause",
    ),
    _verified("M-RIGHTS", "the contract has human-rights clauses", "s_rights_clause"),
    _verified("M-DATA", "the contract governs collected data", "s_data_clause"),
    _verified("M-GRIEVANCE", "a grievance mechanism exists", "s_grievance"),
    _verified("M-RESELLER", "the reseller does its own due diligence", "s_reseller_diligence"),
    _verified("M-TRAINING", "the end user is trained on rights", "s_user_training"),
    _verified("M-REVIEW", "the deal is reviewed after sale and at renewal", "s_post_sale_review"),
    _verified("M-REPORTING", "the company reports publicly", "s_public_reporting"),
)
