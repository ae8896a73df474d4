"""The words of a row: why, flags, what to ask first, what would lower it, what to do. Built for all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import CHANNELS, DISPOSITIONS, SEVERITY, Levels
from hrdd.method.lowering import Item, Lowering
from hrdd.method.questions import Asking
from hrdd.method.rating import HOLD, NO_DATA, NONE, STOP, Doubt, Mask, Rating
from hrdd.phrases import Words, by_pattern, choose, join, prefix, spell
from hrdd.signals import BY_ID

_TODOS_SHOWN = 6


@dataclass(frozen=True)
class Case:
    """Everything the sentences speak of."""

    rating: Rating
    doubts: Sequence[Doubt]
    items: Sequence[Item]
    levels: Levels
    states: Any


#: Signals that hang on a rule with dates, with the fact that says in which state it is on the row's.
STATE_OF = dict.fromkeys(("E-OWNED50", "E-OWNED50-SUSP"), "affiliates_state")


def said(signal: str, state: str = "") -> str:
    """What a true signal says of a row, with the state of the rule that it hangs on, if it hangs on one."""
    return f"{BY_ID[signal].says} ({state})" if state else BY_ID[signal].says


def asked_for(question: str) -> str:
    """What an open question is about, as the row shows it: the header of the column that answers it, if one does."""
    return "Country record (no data)" if question == NO_DATA else INPUT_BY_KEY[question].header


def _phrase(item: Item, state: str = "") -> str:
    """What an item says of the row."""
    if item.name == NO_DATA:
        return "no data on the country's record"
    if item.is_question:
        return f"not known: {asked_for(item.name).rstrip('?')}"
    return said(item.name, state)


Phrase = Callable[[Item, str], str]


def _spell(items: Sequence[Item], masks: Sequence[Mask], states: Any, phrase: Phrase = _phrase, most: int = 0) -> Words:
    """Spell the items that masks show; one that hangs on a dated rule with the state of the rule on each row's date."""
    shown, words = [], []
    for item, mask in zip(items, masks, strict=True):
        for code, state in enumerate(states.cat.categories if item.name in STATE_OF else [""]):
            shown.append(mask & (states.cat.codes.to_numpy() == code) if item.name in STATE_OF else mask)
            words.append(phrase(item, state))
    return spell(shown, words, len(states), most=most)


def why(case: Case) -> Words:
    """One or two sentences: severity and its reason, likelihood and its reasons, the gate if one is shut."""
    worst = case.rating.worst
    severity = _numbered("Severity {} of 4", worst.severity)
    likelihood = _numbered("Likelihood {} of 4", worst.likelihood)
    severe = prefix(_reasons(case, (SEVERITY,), worst.severity), ": ")
    likely = prefix(_reasons(case, CHANNELS, None), ": ")
    return join([severity + severe + ".", likelihood + likely + ".", _gate(case), _range(case)])


def _numbered(text: str, numbers: Any) -> Words:
    return choose(numbers, [text.format(n) for n in range(5)])


def _reasons(case: Case, axes: Sequence[str], highest: Any) -> Words:
    """The phrases of the items at the top of the axes, three at most."""
    shown = [item for item in case.items if item.axis in axes]
    if not shown:
        return np.full(len(case.rating.unrated), "", dtype=object)
    if highest is None:
        highest = np.max([item.level for item in shown], axis=0)
    masks = [(item.level == highest) & (item.level > 0) for item in shown]
    return _spell(shown, masks, case.states, _with_channel, most=3)


def _with_channel(item: Item, state: str) -> str:
    return _phrase(item, state) if item.axis == SEVERITY else f"{_phrase(item, state)} [{item.axis}]"


def _gate(case: Case) -> Words:
    """What stops or holds the row, where something other than its class does."""
    disposition = case.rating.worst.disposition
    stops = _spell(case.items, [item.stop & (disposition == STOP) for item in case.items], case.states)
    holds = _spell(case.items, [item.hold & (disposition == HOLD) for item in case.items], case.states, most=3)
    return join([_sentence(prefix(stops, "Stop: ")), _sentence(prefix(holds, "Hold: "))])


def _sentence(words: Words) -> Words:
    ended: Words = words + np.where(words == "", "", ".")
    return ended


def _range(case: Case) -> Words:
    """The span of a row that cannot be rated, or the best word there is for one where nothing was found."""
    rating, classes = case.rating, case.levels.classes

    def text(pattern: Any) -> str:
        unrated, low, high, disposition = pattern
        if unrated:
            return f"Unrated: too much is open, from {classes[low]} to {classes[high]}."
        return "Nothing found in what was checked." if disposition == NONE else ""

    parts = [rating.unrated, rating.best.overall, rating.worst.overall, rating.worst.disposition]
    return join([by_pattern(np.stack([part.astype(np.int16) for part in parts]), text), _unchecked(case)])


def _unchecked(case: Case) -> Words:
    """What nobody knows of a row that nothing holds: it does not count there, and is said all the same."""
    free = case.rating.worst.disposition == NONE
    open_on: dict[str, Mask] = {}
    for doubt in case.doubts:
        header = asked_for(doubt.question).rstrip("?")
        open_on[header] = open_on.get(header, False) | ((doubt.level > 0) & free)
    named = spell(list(open_on.values()), list(open_on), len(free), ", ")
    return _sentence(prefix(named, "Not known: "))


def first_question(asking: Asking, rating: Rating, levels: Levels) -> Words:
    """The question to ask first and the rating that a good answer would bring."""
    if not asking.questions:
        return np.full(len(rating.unrated), "", dtype=object)

    def text(pattern: Any) -> str:
        position, now, then = pattern
        if position < 0:
            return ""
        header = INPUT_BY_KEY[asking.questions[position]].header
        return f"{header} (a good answer: {levels.classes[then]})" if then < now else header

    return by_pattern(np.stack([asking.first, rating.worst.overall, asking.overall]).astype(np.int16), text)


def lowered_by(lowering: Lowering, levels: Levels, states: Any) -> Words:
    """The smallest change found and the rating it would bring; a stop has none, and says which gate."""
    items = lowering.items
    change = _spell(items, list(lowering.removed), states, _change)
    after = choose(lowering.overall, [f" -> {name}" for name in levels.classes])
    found = change + np.where(change == "", "", after)
    gates = _spell(items, [item.stop & lowering.gated for item in items], states)
    return join([found, prefix(gates, "None: gate - ")], "")


def _change(item: Item, state: str) -> str:
    if item.is_question:
        return "data on the country's record" if item.name == NO_DATA else f"answer '{asked_for(item.name)}'"
    return f"without: {said(item.name, state)}"


def red_flags(answers: Mapping[str, Any], rules: Sequence[Any], yes: int, rows: int) -> Words:
    """Ids and titles of the red flags that answer YES."""
    return spell([answers[rule.id] == yes for rule in rules], [f"{rule.id} {rule.title}" for rule in rules], rows)


def todo_list(masks: Mapping[str, Mask], rules: Mapping[str, Any], rows: int) -> Words:
    """The first to-dos of a row, each with the id of the rule that asks for it; `explain` tells them all."""
    words = [f"{rules[name].todo} [{name}]" for name in masks]
    return spell(list(masks.values()), words, rows, " ", most=_TODOS_SHOWN)


def headline(rating: Rating, levels: Levels) -> Words:
    """The rating that a row shows: its overall class, or UNRATED."""
    return np.where(rating.unrated, "UNRATED", choose(rating.worst.overall, levels.classes))


def dispositions(codes: Any) -> Words:
    """The word of each row's disposition."""
    return choose(codes, DISPOSITIONS)
