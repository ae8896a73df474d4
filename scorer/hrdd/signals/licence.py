"""What authorities have said: the LICENCE channel and its gates. A licence is shown and never lowers a rating."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, is_one_of


@signal("L-NOLICENCE")
def no_licence(rows: Rows) -> Answer:
    """A licence is required and not held, or was refused."""
    return is_one_of(rows["licence_status"], {"Required and not held", "Refused"})


@signal("L-PENDING")
def licence_pending(rows: Rows) -> Answer:
    """A licence was applied for; nothing ships on an application."""
    return is_one_of(rows["licence_status"], {"Applied for"})


@signal("L-DENIED")
def licence_refused(rows: Rows) -> Answer:
    """An authority, one's own or another, refused a licence for the deal."""
    return is_one_of(rows["licence_status"], {"Refused", "Refused by another authority"})


@signal("L-INFORMED")
def informed(rows: Rows) -> Answer:
    """An authority told the exporter that a licence is needed."""
    return is_one_of(rows["government_notice"], {"Is-informed letter"})


@signal("L-NOTICE")
def noticed(rows: Rows) -> Answer:
    """An authority sent a red-flag or supplier-list letter, or asked to pause the shipment."""
    return is_one_of(
        rows["government_notice"],
        {"Red-flag letter", "Supplier-list letter", "Request to pause the shipment"},
    )


@signal("L-AUTHOK")
def licence_granted(rows: Rows) -> Answer:
    """A licence was granted: shown, without effect on the rights rating."""
    return is_one_of(rows["licence_status"], {"Obtained"})


SIGNALS = (no_licence, licence_pending, licence_refused, informed, noticed, licence_granted)
