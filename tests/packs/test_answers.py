"""Rows answer the flags of a pack and get their to-dos."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd.packs import (
    ANSWER_WORDS,
    Answer,
    Pack,
    Signals,
    Truth,
    answer,
    answers,
    count,
    load_catalogue,
    logic,
    todos,
)
from hrdd.packs.reading import read_pack
from hrdd.packs.schema import STAGES, Example, Rule

Given: TypeAlias = Mapping[str, bool | None]
Rows: TypeAlias = Callable[[Sequence[Given]], Signals]
Masks: TypeAlias = Callable[[Sequence[bool | None]], Truth]

STATE = load_catalogue().pack("STATE-2020")
STATE_BY_ID = {rule.id: rule for rule in STATE.rules}
CASES = [(rule, example) for rule in STATE.flags for example in rule.examples]
SIGNALS = sorted({name for rule in STATE.flags for name in rule.signals})
_row = st.dictionaries(st.sampled_from(SIGNALS), st.sampled_from([True, False, None]))
_truth = st.sampled_from([True, False, None])


def word(answered: Mapping[str, Any], rule_id: str, row: int = 0) -> str:
    """The word of one answer."""
    return ANSWER_WORDS[int(answered[rule_id][row])]


@pytest.mark.parametrize(("rule", "example"), CASES, ids=[f"{rule.id} {example.name}" for rule, example in CASES])
def test_an_example_has_its_answer(rule: Rule, example: Example, rows: Rows, masks: Masks) -> None:
    """Each worked example of a flag has the answer that it is printed with."""
    answered = answers(STATE, rows([example.given]), masks([example.scope]))
    assert word(answered, rule.id) == example.answer


def test_all_examples_in_one_frame_answer_as_one_by_one(rows: Rows, masks: Masks) -> None:
    """Each row answers for itself, whatever rows stand beside it and in whatever order."""
    for order in (CASES, CASES[::-1], CASES * 2):
        signals = rows([example.given for _, example in order])
        answered = answers(STATE, signals, masks([example.scope for _, example in order]))
        found = [word(answered, rule.id, place) for place, (rule, _) in enumerate(order)]
        assert found == [example.answer for _, example in order]


def test_every_answer_has_an_example() -> None:
    """Each flag shows a YES, a NO, an UNKNOWN and an N/A, except the YES that only a person can give."""
    for rule in STATE.flags:
        wanted = {"YES", "NO", "UNKNOWN", "N/A"} - ({"YES"} if rule.yes_when is None else set())
        assert {example.answer for example in rule.examples} == wanted, rule.id
        assert len(rule.examples) >= 4, rule.id


def test_answers_are_int8_in_the_order_of_the_pack(rows: Rows, masks: Masks) -> None:
    """The answers come as small integers, one column per flag, in the pack's order."""
    answered = answers(STATE, rows([{}, {}]), masks([True, None]))
    assert list(answered) == [rule.id for rule in STATE.flags]
    assert all(column.dtype == np.int8 and column.shape == (2,) for column in answered.values())


def test_no_rows_have_no_answers(rows: Rows, masks: Masks) -> None:
    """An empty table gives empty columns."""
    answered = answers(STATE, rows([]), masks([]))
    assert all(column.shape == (0,) for column in answered.values())
    assert all(
        mask.shape == (0,) for mask in todos(STATE, rows([]), masks([]), lambda _c, _v: np.zeros(0, bool)).values()
    )


@given(st.lists(st.tuples(_row, _truth), min_size=1, max_size=5), st.sampled_from(SIGNALS), st.booleans())
def test_knowing_more_only_refines_an_answer(
    cells: list[tuple[dict[str, bool | None], bool | None]], name: str, value: bool
) -> None:
    """Turning an unknown signal true or false leaves every YES, NO and N/A as it is."""
    signals, scope = signals_and_scope(cells)
    told = [({**row, name: value if row.get(name) is None else row[name]}, inside) for row, inside in cells]
    before, after = answers(STATE, signals, scope), answers(STATE, *signals_and_scope(told))
    for rule_id, column in before.items():
        settled = column != Answer.UNKNOWN
        assert np.array_equal(column[settled], after[rule_id][settled]), rule_id


@given(_row)
def test_scope_decides_what_an_answer_is_worth(row: dict[str, bool | None]) -> None:
    """Out of scope all is N/A; with scope unknown a YES is weakened to UNKNOWN and the rest stays."""
    signals, scope = signals_and_scope([(row, True), (row, None), (row, False)])
    for column in answers(STATE, signals, scope).values():
        inside, unsure, outside = column
        assert outside == Answer.NA
        assert unsure == (Answer.UNKNOWN if inside == Answer.YES else inside)


@given(_row, st.sampled_from(SIGNALS))
def test_blanking_a_signal_never_makes_a_no(row: dict[str, bool | None], name: str) -> None:
    """Forgetting something turns answers into UNKNOWN, never a YES into a NO."""
    signals, scope = signals_and_scope([(row, True), ({**row, name: None}, True)])
    for known, forgotten in answers(STATE, signals, scope).values():
        assert forgotten in (known, Answer.UNKNOWN)


def signals_and_scope(cells: Sequence[tuple[Given, bool | None]]) -> tuple[Signals, Truth]:
    """Masks for rows given as (known signals, in scope)."""
    names = set(SIGNALS)
    signals = {
        name: (
            np.array([row.get(name) is True for row, _ in cells]),
            np.array([row.get(name) is False for row, _ in cells]),
        )
        for name in names
    }
    inside = [truth for _, truth in cells]
    return signals, (np.array([t is True for t in inside]), np.array([t is False for t in inside]))


def small_pack(rule: dict[str, Any], **head: Any) -> Pack:
    """A pack with one flag."""
    full = {
        "id": "OURS-01",
        "type": "red_flag",
        "title": "Found",
        "paraphrase": "Something is found.",
        "why": "It matters.",
        "provenance": "DERIVED",
        **rule,
    }
    raw = {
        "id": "OURS",
        "name": "Our own pack",
        "version": "1",
        "publisher": "us",
        "published": np.datetime64("2021-01-01").item(),
        "url": "none",
        "applies": "always",
        "scope": "any",
        "since": "1",
        "sources": {},
        "steps": {0: {"title": "All", "provenance": "DERIVED"}},
        "rules": [full],
        **head,
    }
    return read_pack(raw, "ours.yaml")


def test_a_pack_for_any_row_ignores_the_scope(rows: Rows, masks: Masks) -> None:
    """A company's pack with scope any answers rows outside the guidance too."""
    pack = small_pack({"yes_when": "E-LISTED"})
    assert word(answers(pack, rows([{"E-LISTED": True}]), masks([False])), "OURS-01") == "YES"


def test_a_condition_of_its_own_makes_a_rule_not_applicable(rows: Rows, masks: Masks) -> None:
    """Where the condition is false the rule is N/A; where it is unknown a YES waits."""
    pack = small_pack({"yes_when": "E-LISTED", "applies_when": "I-RESELLER"})
    given = [{"E-LISTED": True, "I-RESELLER": truth} for truth in (True, None, False)]
    column = answers(pack, rows(given), masks([True] * 3))["OURS-01"]
    assert [ANSWER_WORDS[found] for found in column] == ["YES", "UNKNOWN", "N/A"]


def test_a_dated_rule_binds_within_its_dates(rows: Rows, masks: Masks) -> None:
    """A rule of a dated pack is N/A before its first day and from its last day on."""
    span = {"effective_from": np.datetime64("2021-03-01").item(), "effective_to": np.datetime64("2021-06-01").item()}
    pack = small_pack({"yes_when": "E-LISTED", **span}, applies="dated")
    days = np.array(["2021-02-28", "2021-03-01", "2021-05-31", "2021-06-01"], dtype="datetime64[D]")
    column = answers(pack, rows([{"E-LISTED": True}] * 4), masks([True] * 4), days)["OURS-01"]
    assert [ANSWER_WORDS[found] for found in column] == ["N/A", "YES", "YES", "N/A"]


def test_the_guidance_is_a_yardstick_at_any_date(rows: Rows, masks: Masks) -> None:
    """Rows from before the guidance was published are held against it."""
    day = np.array(["2009-01-01"], dtype="datetime64[D]")
    assert word(answers(STATE, rows([{"E-ABUSER": True}]), masks([True]), day), "HRDD-2-RF-01") == "YES"


def test_a_no_that_only_a_person_can_give(rows: Rows, masks: Masks) -> None:
    """A flag whose no_when is null is never NO, and one without any question is always UNKNOWN."""
    for rule in ({"yes_when": "E-LISTED", "no_when": None}, {}):
        column = answers(small_pack(rule), rows([{"E-LISTED": False}]), masks([True]))["OURS-01"]
        assert column[0] == Answer.UNKNOWN


def test_a_retired_flag_is_not_asked(rows: Rows, masks: Masks) -> None:
    """A retired flag keeps its entry and gets no column."""
    pack = small_pack({"yes_when": "E-LISTED", "status": "retired"})
    assert answers(pack, rows([{}]), masks([True])) == {}
    assert pack.rules[0].id == "OURS-01"


def test_answers_are_counted_by_row(rows: Rows, masks: Masks) -> None:
    """The counts of a row's answers add up to the number of flags."""
    answered = answers(STATE, rows([{"E-ABUSER": True}, {}]), masks([True, False]))
    total = np.sum([count(answered, kind) for kind in Answer], axis=0)
    assert total.tolist() == [len(STATE.flags)] * 2
    assert count(answered, Answer.NA).tolist() == [0, len(STATE.flags)]


def says(cells: Sequence[Mapping[str, str]]) -> Callable[[str, str], Any]:
    """Answer what cells say: a value, or `any` for anything filled in."""

    def cell_says(column: str, value: str) -> Any:
        if value == "any":
            return np.array([row.get(column, "Unknown") not in ("", "Unknown") for row in cells])
        return np.array([row.get(column) == value for row in cells])

    return cell_says


def test_a_verified_safeguard_ends_its_to_do(rows: Rows, masks: Masks) -> None:
    """A to-do stands until its cell says Verified; a bare No or Unknown leaves it standing."""
    cells = [{}, {"s_grievance": "No"}, {"s_grievance": "Verified"}]
    found = todos(STATE, rows([{"R-MEDIUM": True, "R-HIGH": True}] * 3), masks([True] * 3), says(cells))
    assert found["HRDD-6-MIT-08"].tolist() == [True, True, False]


def test_a_to_do_with_two_cells_needs_both(rows: Rows, masks: Masks) -> None:
    """A to-do that two cells end stands until both say so."""
    task = {
        "type": "mitigation",
        "todo": "Do both.",
        "done_when": {"s_grievance": "Verified", "s_data_clause": "Verified"},
    }
    cells = [{"s_grievance": "Verified"}, {"s_grievance": "Verified", "s_data_clause": "Verified"}]
    found = todos(small_pack(task), rows([{}] * 2), masks([True] * 2), says(cells))
    assert found["OURS-01"].tolist() == [True, False]


def test_a_low_row_has_few_things_to_do(rows: Rows, masks: Masks) -> None:
    """A low row in scope is asked to verify and to screen; the rest waits for a worse rating."""
    low = {"R-MEDIUM": False, "R-HIGH": False, "E-SECURITY": False, "P-COMPONENT": False}
    low |= {"E-ABUSER": False, "U-REPRESS": False}
    found = todos(STATE, rows([low]), masks([True]), says([{}]))
    assert [rule_id for rule_id, mask in found.items() if mask[0]] == ["HRDD-4-CON-01", "HRDD-4-CON-04"]


def test_out_of_scope_rows_have_nothing_to_do(rows: Rows, masks: Masks) -> None:
    """The guidance asks nothing of rows outside it, and as much where scope is unknown as inside."""
    worst = {"R-MEDIUM": True, "R-HIGH": True, "C-HRPOOR": True}
    found = todos(STATE, rows([worst, worst, worst]), masks([True, None, False]), says([{}] * 3))
    assert all(inside == unsure and not outside for inside, unsure, outside in found.values())


def test_an_intermediary_is_reviewed_where_there_is_one(rows: Rows, masks: Masks) -> None:
    """The to-dos on resellers appear only where an intermediary is named."""
    cells = [{}, {"intermediary": "Gulf Trading"}, {"intermediary": "Gulf Trading", "q_opaque_chain": "No"}]
    found = todos(STATE, rows([{"R-MEDIUM": True}] * 3), masks([True] * 3), says(cells))
    assert found["HRDD-4-CON-03"].tolist() == [False, True, False]
    assert found["HRDD-6-MIT-11"].tolist() == [False, True, True]


def test_tailoring_waits_for_a_country_without_respect_for_rights(rows: Rows, masks: Masks) -> None:
    """The to-dos of step 5 appear where the country's record is known not to be good."""
    good = {"R-MEDIUM": True, "R-HIGH": True, "C-HRPOOR": False, "C-HRMIXED": False, "C-WEAKLAW": False}
    given = [{**good, "C-REGION": False}, {**good, "C-HRPOOR": True}, {"R-MEDIUM": True, "R-HIGH": True}]
    found = todos(STATE, rows(given), masks([True] * 3), says([{}] * 3))
    assert found["HRDD-5-MIT-02"].tolist() == [False, True, False]


def test_what_is_known_already_is_not_asked_again(rows: Rows, masks: Masks) -> None:
    """Nobody is sent to look for past misuse that the data report already; an unknown is looked for."""
    given = [{"R-MEDIUM": True, "P-MISUSED": truth} for truth in (True, None, False)]
    found = todos(STATE, rows(given), masks([True] * 3), says([{}] * 3))
    assert found["HRDD-1-CON-05"].tolist() == [False, True, True]


def test_the_most_pressing_to_do_comes_first(rows: Rows, masks: Masks) -> None:
    """To-dos come by stage: what is done first, what is done before deciding, what a deal that goes on needs."""
    found = todos(STATE, rows([{}]), masks([True]), says([{}]))
    stages = [STATE_BY_ID[rule_id].todo_stage for rule_id in found]
    assert stages == sorted(stages, key=STAGES.index)
    assert set(stages) == set(STAGES)


def test_no_two_to_dos_wait_for_the_same_cell() -> None:
    """Entries that one cell would end share one to-do; only the free text of evidence ends two."""
    ending = [
        column for rule in STATE.todos for column in rule.done_when if column not in ("evidence", "s_post_sale_review")
    ]
    assert len(set(ending)) == len(ending)


@settings(max_examples=30)
@given(st.lists(st.tuples(_row, _truth), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_shuffled_rows_keep_their_answers(cells: list[tuple[dict[str, bool | None], bool | None]], random: Any) -> None:
    """The order of rows changes nothing."""
    order = list(range(len(cells)))
    random.shuffle(order)
    straight = answers(STATE, *signals_and_scope(cells))
    shuffled = answers(STATE, *signals_and_scope([cells[place] for place in order]))
    assert all(np.array_equal(straight[rule_id][order], shuffled[rule_id]) for rule_id in straight)


@pytest.mark.parametrize("module", [answer, logic])
def test_no_row_loops_no_clock_no_chance(module: Any) -> None:
    """Answering rows uses masks alone: nothing that walks rows, reads a clock or draws a number."""
    tree = ast.parse(inspect.getsource(module))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not used & {"apply", "iterrows", "itertuples", "tolist", "item", "vectorize", "now", "today", "random"}
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"numpy"}
