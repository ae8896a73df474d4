"""Typed facts of single rows, and hrdd's answers on them: what the other engines are fed and held against.

hrdd reads cells, resolves countries, reads words and looks up lists before it has these facts; the others are
handed them, so every comparison flatters the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import INPUT_BY_KEY, INPUTS
from hrdd.engine import Scores
from hrdd.method.levels import SEVERITY
from hrdd.method.policy import GATE_CELLS, QUESTIONS
from hrdd.packs import answers
from hrdd.signals import SIGNALS

Facts = dict[str, Any]
#: What an engine says of one row: class, disposition, low and high (words) and flags (rule id -> word).
Answers = dict[str, Any]

_QUESTIONS = tuple(column.key for column in INPUTS if column.key.startswith("q_"))
_CELLS = (
    "transaction_type", "product", "end_user", "end_use", "destination_country", "intermediary", "intermediary_role",
    "intermediary_country", "licence_status", "government_notice", "screening_result",
)  # fmt: skip
_JOINED = (
    "category", "type", "record", "limited_use", "words_minority", "words_covert", "words_hint", "words_security",
    "words_forwarder", "words_vague", "words_national_security", "misuse_reported", "in_abuse_region", "embargoed",
    "embargo_hangs", "embargo_hangs_on_exporter", "embargoed_named", "choice_belied", "use_is_graver",
    "law_restrains_nobody", "at_war", "rule_of_law", "civil_society", "freedom_expression", "regime",
    "spyware_reported", "vendor_listed", "name_resembles", "owner_listed", "listed_share", "affiliates_rule",
    "us_nexus", "intermediary_in_hub", "destination_is_hub",
)  # fmt: skip


def name_of(fact: str) -> str:
    """A fact's or signal's name as an identifier: other engines' expressions know no colon and no hyphen."""
    return fact.replace(":", "_").replace("-", "_")


def facts_of(scores: Scores, positions: Sequence[int]) -> list[Facts]:
    """One dictionary per row: facts by name, None where unknown, and the cells that say UNKNOWN.

    Those are `doubt`, all of them; `feared`, whose worst counts; and `always`, whose worst counts at any severity.
    """
    rows = scores.trace.rows
    keys = (*_QUESTIONS, *_CELLS, *_JOINED, *(f"carries:{name}" for name in scores.trace.levels.axes[SEVERITY]))
    columns = [_plain(rows.facts[key].iloc[list(positions)]) for key in keys]
    names = [name_of(key) for key in keys]
    values = zip(*columns, strict=True)
    return [dict(zip(names, row, strict=True)) | _doubts(rows, at) for row, at in zip(values, positions, strict=True)]


def _doubts(rows: Any, at: int) -> Facts:
    doubt = {key: True for key, mask in rows.doubt.items() if mask[at]}
    unread = {key for key, mask in rows.misread.items() if mask[at]}
    stated = rows["words_repressive"].iloc[at] and pd.isna(rows["q_repressive_use"].iloc[at])
    asked = {key for key in doubt if key in QUESTIONS or INPUT_BY_KEY[key].kind == "text"}
    return {
        "doubt": doubt,
        "feared": {key: True for key in doubt if key in unread or key not in asked},
        "always": dict.fromkeys(unread & GATE_CELLS | ({"q_repressive_use"} if stated else set()), True),
    }


def _plain(column: pd.Series[Any]) -> list[Any]:
    values = column.astype(object).to_numpy()
    return [None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value for value in values]


def answers_of(scores: Scores, positions: Sequence[int]) -> list[Answers]:
    """What hrdd says of the rows, in the form in which the other engines answer."""
    found = []
    for at in positions:
        row = scores.columns.iloc[at]
        found.append(
            {
                "class": row["inherent"],
                "disposition": row["disposition"],
                "low": row["rating_best"],
                "high": row["rating_worst"],
                "flags": dict(scores.flags.iloc[at]),
            }
        )
    return found


def differences(expected: Sequence[Answers], found: Sequence[Answers]) -> list[str]:
    """A sentence per row on which two engines disagree; none where they agree."""
    return [
        f"row {at}: {key} is {theirs[key]!r}, hrdd says {ours[key]!r}"
        for at, (ours, theirs) in enumerate(zip(expected, found, strict=True))
        for key in ours
        if ours[key] != theirs[key]
    ]


def core_of(scores: Scores) -> Any:
    """hrdd's own work from typed facts to rating and flags, without words: the part that the others do too."""
    from hrdd.method.policy import open_questions
    from hrdd.method.rating import feared, known, rate
    from hrdd.scope import in_scope
    from hrdd.vocabulary import as_masks

    trace = scores.trace
    rows, levels = trace.rows, trace.levels

    def work() -> None:
        truths = {signal.id: as_masks(signal.asks(rows)) for signal in SIGNALS}
        true, false = ({name: pair[i] for name, pair in truths.items()} for i in (0, 1))
        best = known(true, levels, len(rows))
        worst = feared(best, open_questions(rows, true, false, levels), levels)
        rate(best, worst, true, levels)
        scope = as_masks(in_scope(rows))
        for pack in trace.catalogue.packs:
            answers(pack, truths, scope)

    return work
