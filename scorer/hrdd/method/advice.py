"""Advice after UN Guiding Principle 19: leverage, how crucial the tie is, severity, and what ending it would do.

Shapes the words, never the class. Principle 19's commentary is recalled, not verified against its text.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hrdd.method.levels import Levels
from hrdd.method.rating import STOP, Rating
from hrdd.phrases import Words, by_pattern
from hrdd.vocabulary import Rows, certainly, is_one_of

_NO_WORDS = ""


def advice(rows: Rows, rating: Rating, levels: Levels) -> Words:
    """One or two sentences per row."""
    facts = [
        rating.worst.overall,
        rating.worst.disposition == STOP,
        certainly(is_one_of(rows["leverage"], {"High", "Some"})).to_numpy(dtype=bool),
        certainly(is_one_of(rows["leverage"], {"None"})).to_numpy(dtype=bool),
        certainly(rows["relationship_crucial"]).to_numpy(dtype=bool),
        certainly(rows["exit_harms_rights"]).to_numpy(dtype=bool),
    ]

    def text(pattern: Any) -> str:
        overall, stop, some, none, crucial, harms = (int(part) for part in pattern)
        if stop:
            return "Do not go on while the stop stands; leverage does not lift it."
        return _advise(levels.classes[overall], some=some, none=none, crucial=crucial, harms=harms)

    return by_pattern(np.stack([np.asarray(fact).astype(np.int16) for fact in facts]), text)


def _advise(overall: str, *, some: int, none: int, crucial: int, harms: int) -> str:
    if overall == "LOW":
        return _NO_WORDS
    words = [_leverage(overall, some=some, none=none)]
    if crucial and overall in ("HIGH", "CRITICAL"):
        words.append("A crucial tie is a reason to explain why it is kept, not a reason to keep it.")
    if harms:
        words.append("Weigh the harm to rights that ending it would itself do.")
    return " ".join(words)


def _leverage(overall: str, *, some: int, none: int) -> str:
    if overall == "MEDIUM":
        return "Use leverage: set conditions before going on." if some else "Build leverage into the contract."
    pace = "without delay" if overall == "CRITICAL" else "before going on"
    if some:
        return f"Use leverage {pace}; consider ending if it does not work."
    if none:
        return f"Consider ending, {pace}: there is no leverage to use."
    return f"Build leverage {pace}, or consider ending."
