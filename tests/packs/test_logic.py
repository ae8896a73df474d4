"""Three-valued logic over masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.errors import BadCatalogue
from hrdd.packs.logic import AllOf, AnyOf, Expression, Not, Signal, Signals, as_data, evaluate, in_words, leaves, parse

NAMES = frozenset({"A", "B", "C", "D"})
ROWS = 6
_signal = st.sampled_from(sorted(NAMES)).map(Signal)
_expression: st.SearchStrategy[Expression] = st.recursive(
    _signal,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
    ),
    max_leaves=8,
)
_column = st.lists(st.sampled_from([True, False, None]), min_size=ROWS, max_size=ROWS)
_columns = st.fixed_dictionaries(dict.fromkeys(sorted(NAMES), _column))


def signals_of(columns: dict[str, list[bool | None]]) -> Signals:
    """Give masks for columns of true, false and None."""
    return {
        name: (np.array([v is True for v in values]), np.array([v is False for v in values]))
        for name, values in columns.items()
    }


def one_row(expression: Expression, known: dict[str, bool | None]) -> bool | None:
    """Answer one row in plain Python: the slow reference for the masks."""
    match expression:
        case Signal(id=name):
            return known[name]
        case Not(of=inner):
            answer = one_row(inner, known)
            return None if answer is None else not answer
        case AnyOf(parts=parts):
            answers = [one_row(part, known) for part in parts]
            return True if True in answers else None if None in answers else False
        case AllOf(parts=parts):
            answers = [one_row(part, known) for part in parts]
            return False if False in answers else None if None in answers else True


def same(left: Expression, right: Expression, signals: Signals) -> bool:
    """Tell whether two expressions have the same answers."""
    return all(np.array_equal(a, b) for a, b in zip(evaluate(left, signals), evaluate(right, signals), strict=True))


@given(_expression, _columns)
def test_masks_agree_with_one_row_at_a_time(expression: Expression, columns: dict[str, list[bool | None]]) -> None:
    """Every row gets the answer that plain Kleene logic gives it alone."""
    is_true, is_false = evaluate(expression, signals_of(columns))
    for place in range(ROWS):
        expected = one_row(expression, {name: values[place] for name, values in columns.items()})
        assert (is_true[place], is_false[place]) == (expected is True, expected is False)


@given(_expression, _columns)
def test_nothing_is_true_and_false(expression: Expression, columns: dict[str, list[bool | None]]) -> None:
    """No row is both true and false."""
    is_true, is_false = evaluate(expression, signals_of(columns))
    assert not (is_true & is_false).any()


@given(_expression, _expression, _columns)
def test_laws_of_de_morgan(left: Expression, right: Expression, columns: dict[str, list[bool | None]]) -> None:
    """Not any is all not, not all is any not, and not not is itself."""
    signals = signals_of(columns)
    assert same(Not(AnyOf((left, right))), AllOf((Not(left), Not(right))), signals)
    assert same(Not(AllOf((left, right))), AnyOf((Not(left), Not(right))), signals)
    assert same(Not(Not(left)), left, signals)


@given(st.lists(_expression, min_size=2, max_size=4), _columns)
def test_order_and_repetition_change_nothing(parts: list[Expression], columns: dict[str, list[bool | None]]) -> None:
    """Parts may stand in any order and more than once."""
    signals = signals_of(columns)
    for kind in (AnyOf, AllOf):
        assert same(kind(tuple(parts)), kind((*reversed(parts), parts[0])), signals)


@given(_expression, _columns, st.sampled_from(sorted(NAMES)), st.booleans())
def test_knowing_more_only_refines(
    expression: Expression, columns: dict[str, list[bool | None]], name: str, value: bool
) -> None:
    """Turning an unknown signal true or false never changes an answer that was already known."""
    told: dict[str, list[bool | None]] = {**columns, name: [value if cell is None else cell for cell in columns[name]]}
    before, after = evaluate(expression, signals_of(columns)), evaluate(expression, signals_of(told))
    assert all((after[side] | ~before[side]).all() for side in (0, 1))


@given(_expression)
def test_an_expression_survives_being_written(expression: Expression) -> None:
    """An expression as plain data is read back as the same expression."""
    assert parse(as_data(expression), NAMES, "here") == expression
    assert set(leaves(expression)) <= NAMES


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("E", "E is not a signal"),
        (["A", "B"], "is not a question"),
        ({"any_of": []}, "is not a question"),
        ({"any_of": "A"}, "is not a question"),
        ({"any_of": ["A"], "all_of": ["B"]}, "is not a question"),
        ({"either": ["A"]}, "is not a question"),
        ({"not": {"all_of": ["A", "X"]}}, "X is not a signal"),
        (None, "is not a question"),
        (True, "is not a question"),
    ],
)
def test_other_forms_are_refused(raw: Any, words: str) -> None:
    """Anything but the four forms is refused, with the place it stands in."""
    with pytest.raises(BadCatalogue, match=words) as caught:
        parse(raw, NAMES, "rule X, yes_when")
    assert str(caught.value).startswith("rule X, yes_when: ")


def test_a_misspelt_signal_gets_a_suggestion() -> None:
    """A signal id that nearly exists is answered with the nearest one."""
    with pytest.raises(BadCatalogue, match="the nearest is E-ABUSER"):
        parse("E-ABUSERS", frozenset({"E-ABUSER", "C-REGION"}), "rule X")


def test_a_signal_that_nobody_worked_out_is_an_error() -> None:
    """A missing signal must not pass for an unknown one."""
    with pytest.raises(BadCatalogue, match="signal A"):
        evaluate(Signal("A"), {})


def test_words_keep_the_grouping() -> None:
    """Nested questions are bracketed, plain ones are not, and several denials are said as one."""
    meanings = {"A": "it rains", "B": "it snows"}
    nested = AllOf((AnyOf((Signal("A"), Signal("B"))), Not(Signal("A"))))
    assert in_words(nested, meanings) == "[it rains (A) or it snows (B)] and it is not so that it rains (A)"
    denied = AllOf((Not(Signal("A")), Not(Signal("B"))))
    assert in_words(denied, meanings) == "none of these is so: it rains (A); it snows (B)"
    assert in_words(AnyOf((AllOf((Signal("A"),)),)), meanings) == "it rains (A)"
