"""Verified safeguards. They touch the residual class only and never erase a flag."""

from __future__ import annotations

from hrdd.signal_table import signal_table
from hrdd.signals.registry import Signal, signal
from hrdd.vocabulary import Answer, Rows


def _verified(name: str) -> Signal:
    """A safeguard that is there when all its columns say Verified, and absent when one says No."""
    first, *others = signal_table()[name].reads

    def asks(rows: Rows) -> Answer:
        """Verified, with evidence attached; a claim alone is unknown."""
        answer = rows[first]
        for column in others:
            answer = answer & rows[column]
        return answer

    return signal(name)(asks)


SIGNALS = tuple(_verified(name) for name in signal_table() if name.startswith("M-"))
