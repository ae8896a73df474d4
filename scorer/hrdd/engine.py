"""The path of a row, on one screen: intake -> facts -> signals -> flags -> rating -> words."""

from __future__ import annotations

from datetime import date

import pandas as pd

from hrdd.facts import gather
from hrdd.intake import Mask, take_in
from hrdd.method.levels import Levels, load_levels
from hrdd.method.lowering import items_of, lower
from hrdd.method.policy import open_questions
from hrdd.method.questions import ask_first
from hrdd.method.rating import feared, known, rate
from hrdd.packs import ANSWER_WORDS, Catalogue, answers, load_catalogue
from hrdd.phrases import choose
from hrdd.record import versions
from hrdd.reference import Reference, load_reference
from hrdd.results import Scores, Trace, result_columns
from hrdd.review import review_problems
from hrdd.scope import in_scope
from hrdd.screening import Screen, vendor_table
from hrdd.signals import SIGNALS
from hrdd.to_dos import open_todos
from hrdd.vocabulary import as_masks

__all__ = ["Scores", "Trace", "score"]


def score(
    frame: pd.DataFrame,
    *,
    today: date,
    catalogue: Catalogue | None = None,
    reference: Reference | None = None,
    levels: Levels | None = None,
    screen: Screen | None = None,
    repeated: Mask | None = None,
) -> Scores:
    """Score transactions: a frame whose columns are input keys (any subset, any order) to `Scores`.

    Pure: the same rows, date and data give the same bytes, in any order or chunk size. Never raises on data:
    what cannot be read is UNKNOWN and reported. `repeated` marks rows whose id another row bears, where the frame
    is not one whole table (see `hrdd.intake.repeated_ids`).
    """
    catalogue, reference = catalogue or load_catalogue(), reference or load_reference()
    levels, screen = levels or load_levels(), screen or vendor_table(reference)
    taken = take_in(frame, today, repeated)
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
    todo = open_todos(catalogue, truths, scope, rows, rating, levels)
    trace = Trace(
        taken, rows, doubts, rating, ask_first(best, doubts, rating, levels), lower(items, rating, levels),
        scope, todo, levels, catalogue, reference, screen,
    )  # fmt: skip
    flags = {name: codes for pack in catalogue.packs for name, codes in answers(pack, truths, scope).items()}
    decided = versions(levels, catalogue, reference, screen)
    problems = [*taken.problems, *review_problems(rows, rating, levels)]
    return Scores(
        columns=result_columns(trace, flags, problems, decided, today),
        flags=pd.DataFrame({name: choose(codes, ANSWER_WORDS) for name, codes in flags.items()}),
        signals=pd.DataFrame(asked),
        problems=problems,
        versions=decided,
        trace=trace,
    )
