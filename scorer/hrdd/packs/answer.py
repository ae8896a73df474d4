"""Rows answer the flags of a pack: YES, UNKNOWN, NO or N/A, from three-valued signals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hrdd.packs.logic import Mask, Signals, Truth, evaluate
from hrdd.packs.schema import Cells, Pack, Rule

Answers: TypeAlias = dict[str, NDArray[np.int8]]
Says: TypeAlias = Callable[[str, str], Mask]


class Answer(IntEnum):
    """What a row answers a flag with; a higher number is the graver answer."""

    NA = 0
    NO = 1
    UNKNOWN = 2
    YES = 3

    @property
    def word(self) -> str:
        """The answer as a cell shows it."""
        return "N/A" if self is Answer.NA else self.name


#: The words of the answers by their number, to be indexed with an array of answers.
ANSWER_WORDS: tuple[str, ...] = tuple(answer.word for answer in Answer)


def answers(pack: Pack, signals: Signals, scope: Truth, as_of: NDArray[np.datetime64] | None = None) -> Answers:
    """Answer every flag of a pack for all rows: rule id -> int8 array of `Answer`, in the pack's order.

    `scope` says where the guidance applies. Out of scope is N/A; where scope is unknown a YES is weakened to
    UNKNOWN, as it would be a red flag only if the row were in scope. `as_of` (one day per row) is needed only
    by packs whose rules bind from and to a date; outside these dates a rule is N/A.
    """
    everywhere = _in_scope(pack, scope)
    return {rule.id: _answer(rule, signals, _applies(rule, pack, signals, everywhere, as_of)) for rule in pack.flags}


def _in_scope(pack: Pack, scope: Truth) -> Truth:
    if pack.scope == "guidance":
        return scope
    rows = len(scope[0])
    return np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)


def _applies(rule: Rule, pack: Pack, signals: Signals, scope: Truth, as_of: NDArray[np.datetime64] | None) -> Truth:
    """Where a rule applies: in scope, under its own condition, and within its dates."""
    is_true, is_false = scope
    if rule.applies_when is not None:
        when_true, when_false = evaluate(rule.applies_when, signals)
        is_true, is_false = is_true & when_true, is_false | when_false
    if pack.applies == "dated" and as_of is not None:
        within = _within_dates(rule, as_of)
        is_true, is_false = is_true & within, is_false | ~within
    return is_true, is_false


def _within_dates(rule: Rule, as_of: NDArray[np.datetime64]) -> Mask:
    within = np.ones(len(as_of), dtype=bool)
    if rule.effective_from is not None:
        within &= as_of >= np.datetime64(rule.effective_from)
    if rule.effective_to is not None:
        within &= as_of < np.datetime64(rule.effective_to)
    return within


def _answer(rule: Rule, signals: Signals, applies: Truth) -> NDArray[np.int8]:
    yes, no = _yes_and_no(rule, signals, len(applies[0]))
    applies_true, applies_false = applies
    answer = np.full(len(yes), Answer.UNKNOWN, dtype=np.int8)
    answer[no] = Answer.NO
    answer[yes & applies_true] = Answer.YES
    answer[applies_false] = Answer.NA
    return answer


def _yes_and_no(rule: Rule, signals: Signals, rows: int) -> Truth:
    """Where the signals say YES and where NO; a NO of its own stands only where YES is ruled out."""
    yes, ruled_out = np.zeros(rows, dtype=bool), np.ones(rows, dtype=bool)
    if rule.yes_when is not None:
        yes, ruled_out = evaluate(rule.yes_when, signals)
    if rule.never_no:
        return yes, np.zeros(rows, dtype=bool)
    if rule.no_when is not None:
        ruled_out = ruled_out & evaluate(rule.no_when, signals)[0]
    elif rule.yes_when is None:
        ruled_out = np.zeros(rows, dtype=bool)
    return yes, ruled_out


def todos(pack: Pack, signals: Signals, scope: Truth, says: Says) -> dict[str, Mask]:
    """Find the to-dos of each row: rule id -> mask, the most pressing first; `Rule.todo` has the sentence.

    A to-do stands where the row is not known to be out of scope, its `todo_when` is true and its `todo_unless` is
    not, its `todo_if` cells say so and its `done_when` cells do not yet. `signals` needs R-MEDIUM and R-HIGH
    (rated so or worse) beside the usual ones. `says(column, value)` gives the rows whose cell has that value,
    spelt as in the column's choices; the value `any` asks for any answer but a blank or Unknown.
    """
    _, out = _in_scope(pack, scope)
    return {rule.id: ~out & _open(rule, signals, says, len(out)) for rule in pack.todos}


def _open(rule: Rule, signals: Signals, says: Says, rows: int) -> Mask:
    wanted = np.ones(rows, dtype=bool)
    if rule.todo_when is not None:
        wanted &= evaluate(rule.todo_when, signals)[0]
    if rule.todo_unless is not None:
        wanted &= ~evaluate(rule.todo_unless, signals)[0]
    if rule.todo_if:
        wanted &= _hold(rule.todo_if, says)
    if rule.done_when:
        wanted &= ~_hold(rule.done_when, says)
    return wanted


def _hold(cells: Cells, says: Says) -> Mask:
    """Where every named column has one of its accepted values."""
    columns = [np.logical_or.reduce([says(column, value) for value in values]) for column, values in cells.items()]
    held: Mask = np.logical_and.reduce(columns)
    return held


def count(answered: Mapping[str, NDArray[np.int8]], answer: Answer) -> NDArray[np.int64]:
    """Count per row how many flags have an answer."""
    columns = [column == answer for column in answered.values()]
    total: NDArray[np.int64] = np.sum(columns, axis=0, dtype=np.int64)
    return total
