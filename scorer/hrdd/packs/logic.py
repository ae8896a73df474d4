"""Three-valued questions over signals: `any_of`, `all_of`, `not`, and the id of a signal.

A truth is a pair of boolean masks over the rows, (is true, is false); a row in neither is unknown. Kleene
logic on such pairs is plain `and` and `or`, so a pack is answered for all rows at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hrdd.errors import BadCatalogue

Mask: TypeAlias = NDArray[np.bool_]
#: (is true, is false) over the rows; never both.
Truth: TypeAlias = tuple[Mask, Mask]
Signals: TypeAlias = Mapping[str, Truth]


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a question."""

    of: Expression


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is true, false when all are false."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when all parts are true, false when one is false."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = Signal | Not | AnyOf | AllOf
_JOINERS: dict[str, type[AnyOf | AllOf]] = {"any_of": AnyOf, "all_of": AllOf}


def parse(raw: object, known: frozenset[str] | Mapping[str, object], where: str) -> Expression:
    """Read an expression as YAML gives it; `known` are the signal ids that may be cited.

    Raises `BadCatalogue`, beginning with `where`, on anything else than the four forms.
    """
    if isinstance(raw, str):
        if raw not in known:
            raise BadCatalogue(f"{where}: {raw} is not a signal{_nearest(raw, known)}.")
        return Signal(raw)
    if isinstance(raw, dict) and len(raw) == 1:
        word, content = next(iter(raw.items()))
        if word == "not":
            return Not(parse(content, known, where))
        if word in _JOINERS and isinstance(content, list) and content:
            return _JOINERS[word](tuple(parse(part, known, where) for part in content))
    raise BadCatalogue(
        f"{where}: {raw!r} is not a question; write a signal id, or any_of or all_of with a list, or not."
    )


def _nearest(name: str, known: frozenset[str] | Mapping[str, object]) -> str:
    from rapidfuzz import process

    hit = process.extractOne(name, sorted(known), score_cutoff=60)
    return f"; the nearest is {hit[0]}" if hit else ""


def evaluate(expression: Expression, signals: Signals) -> Truth:
    """Answer an expression for all rows: `(is_true, is_false)`, Kleene three-valued.

    Raises `BadCatalogue` when a signal it cites is missing from `signals`: a question that nobody
    answers must not pass for an unknown one.
    """
    match expression:
        case Signal(id=name):
            return _look_up(name, signals)
        case Not(of=inner):
            is_true, is_false = evaluate(inner, signals)
            return is_false, is_true
        case AnyOf(parts=parts):
            truths = [evaluate(part, signals) for part in parts]
            return _any([t for t, _ in truths]), _all([f for _, f in truths])
        case AllOf(parts=parts):
            truths = [evaluate(part, signals) for part in parts]
            return _all([t for t, _ in truths]), _any([f for _, f in truths])


def _look_up(name: str, signals: Signals) -> Truth:
    try:
        return signals[name]
    except KeyError:
        raise BadCatalogue(f"A rule asks for signal {name}, which was not worked out for these rows.") from None


def _any(masks: list[Mask]) -> Mask:
    joined: Mask = np.logical_or.reduce(masks)
    return joined


def _all(masks: list[Mask]) -> Mask:
    joined: Mask = np.logical_and.reduce(masks)
    return joined


def leaves(expression: Expression | None) -> Iterator[str]:
    """Yield the ids of the signals that an expression cites, in reading order, repeats included."""
    match expression:
        case Signal(id=name):
            yield name
        case Not(of=inner):
            yield from leaves(inner)
        case AnyOf(parts=parts) | AllOf(parts=parts):
            for part in parts:
                yield from leaves(part)


def as_data(expression: Expression | None) -> Any:
    """Give an expression back as plain lists and dictionaries, for JSON and fingerprints."""
    match expression:
        case None:
            return None
        case Signal(id=name):
            return name
        case Not(of=inner):
            return {"not": as_data(inner)}
        case AnyOf(parts=parts):
            return {"any_of": [as_data(part) for part in parts]}
        case AllOf(parts=parts):
            return {"all_of": [as_data(part) for part in parts]}


def in_words(expression: Expression, meanings: Mapping[str, str]) -> str:
    """Say an expression in a sentence's words, each signal by what it means and its id."""
    match expression:
        case Signal(id=name):
            return f"{meanings.get(name, name)} ({name})"
        case Not(of=inner):
            return f"it is not so that {_bracketed(inner, meanings)}"
        case AnyOf(parts=parts):
            return " or ".join(_bracketed(part, meanings) for part in parts)
        case AllOf(parts=parts):
            denied = [part.of for part in parts if isinstance(part, Not) and isinstance(part.of, Signal)]
            if len(denied) == len(parts) > 1:
                return f"none of these is so: {'; '.join(in_words(part, meanings) for part in denied)}"
            return " and ".join(_bracketed(part, meanings) for part in parts)


def _bracketed(expression: Expression, meanings: Mapping[str, str]) -> str:
    words = in_words(expression, meanings)
    simple = isinstance(expression, Signal | Not) or len(expression.parts) == 1
    return words if simple else f"[{words}]"
