"""The path of a row, on one screen: intake -> facts -> signals -> flags -> rating -> words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from hrdd import record, sentences
from hrdd.columns import OUTPUTS
from hrdd.facts import gather
from hrdd.intake import Intake, Problem, take_in
from hrdd.method.advice import advice
from hrdd.method.levels import Levels, load_levels
from hrdd.method.policy import open_questions
from hrdd.method.questions import Asking, Lowering, ask_first, counted, items_of, lower
from hrdd.method.rating import Doubt, Mask, Rating, feared, known, rate
from hrdd.packs import ANSWER_WORDS, Answer, Catalogue, answers, load_catalogue, todos
from hrdd.phrases import Words, choose
from hrdd.reference import Reference, load_reference
from hrdd.review import review_problems
from hrdd.scope import GRADES, as_masks, completeness, grades, in_scope
from hrdd.screening import Screen, vendor_table
from hrdd.signals import SIGNALS
from hrdd.vocabulary import Rows

Truths = Mapping[str, tuple[Mask, Mask]]


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
    versions: record.Versions
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


def score(
    frame: pd.DataFrame,
    *,
    today: date,
    catalogue: Catalogue | None = None,
    reference: Reference | None = None,
    levels: Levels | None = None,
    screen: Screen | None = None,
) -> Scores:
    """Score transactions: a frame whose columns are input keys (any subset, any order) to `Scores`.

    Pure: the same rows, date and data give the same bytes, in any order or chunk size. Never raises on data:
    what cannot be read is UNKNOWN and reported.
    """
    catalogue, reference = catalogue or load_catalogue(), reference or load_reference()
    levels, screen = levels or load_levels(), screen or vendor_table(reference)
    taken = take_in(frame, today)
    rows = gather(taken, reference, screen, levels)
    asked = {signal.id: signal.asks(rows) for signal in SIGNALS}
    truths = {name: as_masks(answer) for name, answer in asked.items()}
    true, false = ({name: pair[i] for name, pair in truths.items()} for i in (0, 1))
    best = known(true, levels, len(rows))
    doubts = open_questions(rows, true, false, levels)
    worst = feared(best, doubts, levels)
    rating = rate(best, worst, true, levels)
    items = items_of(true, doubts, levels)
    scope = as_masks(in_scope(rows))
    todo = _todos(catalogue, truths, scope, rows, rating, levels)
    trace = Trace(
        taken, rows, doubts, rating, ask_first(best, doubts, rating, levels), lower(items, rating, levels),
        scope, todo, levels, catalogue, reference,
    )  # fmt: skip
    flags = {name: codes for pack in catalogue.packs for name, codes in answers(pack, truths, scope).items()}
    versions = record.versions(levels, catalogue, reference, screen)
    problems = [*taken.problems, *review_problems(rows, rating, levels)]
    return Scores(
        columns=_columns(trace, flags, problems, versions, today),
        flags=pd.DataFrame({name: choose(codes, ANSWER_WORDS) for name, codes in flags.items()}),
        signals=pd.DataFrame(asked),
        problems=problems,
        versions=versions,
        trace=trace,
    )


def _todos(
    catalogue: Catalogue, truths: Truths, scope: Any, rows: Rows, rating: Rating, levels: Levels
) -> dict[str, Mask]:
    """The to-dos of every pack; its conditions may ask how a row is rated."""
    at_least = {
        f"R-{name}": (
            rating.worst.overall >= levels.classes.index(name),
            rating.worst.overall < levels.classes.index(name),
        )
        for name in ("MEDIUM", "HIGH")
    }

    @cache
    def says(column: str, value: str) -> Mask:
        return _says(rows[column], value)

    found: dict[str, Mask] = {}
    for pack in catalogue.packs:
        found.update(todos(pack, {**truths, **at_least}, scope, says))
    return found


def _says(column: Any, value: str) -> Mask:
    """Where a cell has a value; `any` asks for any answer."""
    if value == "any":
        return np.asarray(column.notna().to_numpy(dtype=bool))
    if column.dtype == "boolean":
        wanted = value in ("Yes", "Verified")
        return np.asarray((column == wanted).fillna(value=False).to_numpy(dtype=bool))
    return np.asarray((column == value).fillna(value=False).to_numpy(dtype=bool))


def _columns(
    trace: Trace, flags: Mapping[str, Any], problems: list[Problem], versions: record.Versions, today: date
) -> pd.DataFrame:
    rating, levels, rows = trace.rating, trace.levels, trace.rows
    case = sentences.Case(rating, trace.doubts, counted(trace.lowering.items, levels), levels)
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
        "lowered_by": sentences.lowered_by(trace.lowering, levels),
        "advice": advice(rows, rating, levels),
        "completeness": completeness(graded),
        "evidence_grade": choose(graded.min(axis=0), GRADES),
        "problems": problem_texts(problems, len(rows)),
        "todos": sentences.todo_list(trace.todos, trace.catalogue.by_id, len(rows)),
        "scored_on": np.full(len(rows), np.datetime64(today, "s")),
        "versions": np.full(len(rows), versions.text, dtype=object),
        "verdict_id": record.verdict_ids(trace.taken, versions.fingerprint),
    }
    return pd.DataFrame({column.key: found[column.key] for column in OUTPUTS})


def _count(flags: Mapping[str, Any], answer: Answer) -> Any:
    return np.sum([codes == answer for codes in flags.values()], axis=0).astype(np.int16)


def problem_texts(problems: list[Problem], rows: int) -> Words:
    """The problems of each row, in the order of the columns."""
    texts = np.full(rows, "", dtype=object)
    for problem in problems:
        before = texts[problem.rows]
        texts[problem.rows] = before + np.where(before == "", "", "; ") + problem.text
    return texts
