"""Every canonical observation, in order. A pack cites these; the method weighs them; nothing else is scored."""

from __future__ import annotations

from hrdd.signals import capability, country, end_user, licence, safeguards, trade, use
from hrdd.signals.registry import Signal

SIGNALS: tuple[Signal, ...] = (
    *capability.SIGNALS,
    *country.SIGNALS,
    *end_user.SIGNALS,
    *use.SIGNALS,
    *trade.SIGNALS,
    *licence.SIGNALS,
    *safeguards.SIGNALS,
)
BY_ID: dict[str, Signal] = {signal.id: signal for signal in SIGNALS}

__all__ = ["BY_ID", "SIGNALS", "Signal"]
