"""How well each signal is founded on each row: by evidence, by a cell's word, by inference, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hrdd.columns import CATEGORIES, INPUT_BY_KEY
from hrdd.signals import SIGNALS
from hrdd.vocabulary import Answer, Rows, certainly, is_one_of

#: From the weakest to the strongest; a grade is a place in here.
GRADES = ("UNKNOWN", "INFERRED", "DECLARED", "VERIFIED")
_UNKNOWN, _INFERRED, _DECLARED, _VERIFIED = range(len(GRADES))

Grades = npt.NDArray[np.int8]


def signal_grades(rows: Rows, answers: Mapping[str, Answer]) -> dict[str, Grades]:
    """The evidence grade of every signal, by id: per row a place in GRADES.

    `answers` are the signals' own, as asked of `rows`. An answer is DECLARED where the cells alone give it,
    VERIFIED where evidence is attached to the row besides, and INFERRED where it needs what words, lists or
    country data say; no answer is UNKNOWN. The signals are asked a second time, of the cells alone, so that the
    grade follows from what they are and nothing has to be kept beside them.
    """
    declared = _as_declared(rows)
    attached = rows["evidence"].notna().to_numpy(dtype=bool)
    founded = np.where(attached, _VERIFIED, _DECLARED).astype(np.int8)
    return {
        signal.id: np.where(_same(answers[signal.id], signal.asks(declared)), founded, _short_of(answers[signal.id]))
        for signal in SIGNALS
    }


def _same(answer: Answer, other: Answer) -> Any:
    """Where both answers are known and alike."""
    return certainly(answer == other).to_numpy(dtype=bool)


def _short_of(answer: Answer) -> Grades:
    return np.where(answer.isna().to_numpy(dtype=bool), _UNKNOWN, _INFERRED).astype(np.int8)


#: Facts that signals take to be known on every row: without words, lists and data there is nothing of the kind.
_NEVER_UNKNOWN = frozenset({"vendor_listed", "name_resembles"})


def _as_declared(rows: Rows) -> Rows:
    """The rows as they were if only their cells spoke: what words, lists and country data say is not known."""
    facts = {name: _cell_or_nothing(name, column) for name, column in rows.facts.items()}
    facts["category"], facts["type"] = rows["product_category"], rows["end_user_type"]
    for name in facts:
        kind, _, capability = name.partition(":")
        if kind == "carries":
            carrying = {category.id for category in CATEGORIES if capability in category.signals}
            facts[name] = is_one_of(facts["category"], carrying)
    for name in ("words_security", "words_forwarder"):  # words give way to a choice
        facts[name] = rows[name].mask(rows["end_user_type"].isna().to_numpy(dtype=bool))
    facts["limited_use"] = rows["limited_use"] & certainly(rows["q_limited_use"])
    facts["us_nexus"], facts["listed_share"] = rows["us_nexus"], rows["owner_share"]
    return replace(rows, facts=facts)


def _cell_or_nothing(name: str, column: Any) -> Any:
    if name in INPUT_BY_KEY or not pd.api.types.is_extension_array_dtype(column):  # others are no signal's
        return column
    if name in _NEVER_UNKNOWN:
        return pd.Series(np.zeros(len(column), dtype=bool), dtype="boolean")
    return pd.Series(pd.NA, index=column.index, dtype=column.dtype)
