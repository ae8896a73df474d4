"""The results of scoring: one value per row and output column, and everything they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hrdd import sentences
from hrdd.columns import CATEGORY_BY_ID, OUTPUTS
from hrdd.intake import Intake, Problem
from hrdd.method.advice import advice
from hrdd.method.levels import Levels
from hrdd.method.lowering import Lowering, counted
from hrdd.method.questions import Asking
from hrdd.method.rating import Doubt, Mask, Rating
from hrdd.packs import Answer, Catalogue
from hrdd.phrases import Words, choose
from hrdd.record import Versions, verdict_ids
from hrdd.reference import Reference
from hrdd.scope import completeness, grades
from hrdd.screening import Screen
from hrdd.signals.grades import GRADES
from hrdd.vocabulary import Rows


@dataclass(frozen=True)
class Scores:
    """Results, row by row in the order of the input, and what decided them.

    `columns` has one column per output key; `flags` one per red flag (YES, UNKNOWN, NO, N/A); `signals` one
    nullable boolean per signal. The rest is the trace that `hrdd.explain` speaks from.
    """

    columns: pd.DataFrame
    flags: pd.DataFrame
    signals: pd.DataFrame
    problems: list[Problem]
    versions: Versions
    trace: Trace


@dataclass(frozen=True)
class Trace:
    """Everything between the cells and the words."""

    taken: Intake
    rows: Rows
    doubts: list[Doubt]
    rating: Rating
    asking: Asking
    lowering: Lowering
    scope: tuple[Mask, Mask]
    todos: Mapping[str, Mask]
    levels: Levels
    catalogue: Catalogue
    reference: Reference
    screen: Screen


def result_columns(
    trace: Trace, flags: Mapping[str, Any], problems: list[Problem], versions: Versions, today: date
) -> pd.DataFrame:
    """Every output column, in the order of the contract; one value per row."""
    rating, levels, rows = trace.rating, trace.levels, trace.rows
    case = sentences.Case(rating, trace.doubts, counted(trace.lowering.items, levels), levels, rows["affiliates_state"])
    graded = grades(rows)
    found: dict[str, Any] = {
        "rating": sentences.headline(rating, levels),
        "rating_best": choose(rating.best.overall, levels.classes),
        "rating_worst": choose(rating.worst.overall, levels.classes),
        "disposition": sentences.dispositions(rating.worst.disposition),
        "severity": rating.worst.severity,
        "likelihood": rating.worst.likelihood,
        "inherent": choose(rating.worst.class_, levels.classes),
        "residual": choose(rating.residual, levels.classes),
        "flag_count": _count(flags, Answer.YES),
        "unknown_count": _count(flags, Answer.UNKNOWN),
        "red_flags": sentences.red_flags(flags, trace.catalogue.red_flags, Answer.YES, len(rows)),
        "why": sentences.why(case),
        "ask_first": sentences.first_question(trace.asking, rating, levels),
        "lowered_by": sentences.lowered_by(trace.lowering, levels, rows["affiliates_state"]),
        "advice": advice(rows, rating, levels),
        "category_read": _labels(rows["category"]),
        "judged_on": rows["as_of_date"].to_numpy(),
        "completeness": completeness(graded),
        "evidence_grade": choose(graded.min(axis=0), GRADES),
        "problems": problem_texts(problems, len(rows)),
        "todos": sentences.todo_list(trace.todos, trace.catalogue.by_id, len(rows)),
        "scored_on": np.full(len(rows), np.datetime64(today, "s")),
        "versions": np.full(len(rows), versions.text, dtype=object),
        "verdict_id": verdict_ids(trace.taken, versions.fingerprint),
    }
    return pd.DataFrame({column.key: found[column.key] for column in OUTPUTS})


def _labels(category: Any) -> Words:
    """The label of each row's category; empty where none could be told."""
    return choose(category.cat.codes.to_numpy(), [CATEGORY_BY_ID[name].label for name in category.cat.categories])


def _count(flags: Mapping[str, Any], answer: Answer) -> Any:
    return np.sum([codes == answer for codes in flags.values()], axis=0).astype(np.int16)


def problem_texts(problems: list[Problem], rows: int) -> Words:
    """The problems of each row, in the order of the columns."""
    texts = np.full(rows, "", dtype=object)
    for problem in problems:
        before = texts[problem.rows]
        texts[problem.rows] = before + np.where(before == "", "", "; ") + problem.text
    return texts
