"""M7 and M8: every class has a trace from which it can be worked out again, and a change that would lower it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.columns import INPUT_BY_KEY
from hrdd.engine import Scores, Trace
from hrdd.explanation import Explanation, explain
from hrdd.method.levels import CHANNELS, SEVERITY, Levels, load_levels
from hrdd.method.lowering import Item, counted
from hrdd.method.rating import STOP, State, Verdict, judge
from hrdd.packs.schema import PROVENANCE_WORDS
from hrdd.sentences import asked_for

Mask: TypeAlias = Any
tables = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
seeds = st.integers(0, 2**32 - 1)
AXES = (SEVERITY, *CHANNELS)
_FOUND = re.compile(r"^(?P<says>.+) \[(?P<id>[A-Z0-9-]+), (?P<axes>[^\]]+)\]: (?P<evidence>.*)$")
_LEVEL = re.compile(rf"({'|'.join(AXES)}) ([1-4])")


@pytest.fixture(scope="module")
def scores(random_rows: Any, scored: Any) -> Scores:
    """Rows of every kind, scored once for this module."""
    found: Scores = scored(random_rows(11, 160))
    return found


@pytest.fixture(scope="module")
def explained(scores: Scores) -> list[tuple[int, Explanation]]:
    """Explanations of the first forty rows above LOW."""
    above = np.flatnonzero(scores.trace.rating.worst.overall > 0)[:40]
    return [(int(row), explain(scores, int(row))) for row in above]


def _lines(explanation: Explanation, title: str) -> tuple[str, ...]:
    return next((section.lines for section in explanation.sections if section.title == title), ())


def _found(explanation: Explanation) -> Iterator[re.Match[str]]:
    for line in _lines(explanation, "What was found"):
        match = _FOUND.match(line)
        assert match, line
        yield match


def test_every_finding_names_its_signal_and_what_said_so(explained: list[tuple[int, Explanation]]) -> None:
    """Each finding has an id, its level or that it is shown only, and a cell, words or data behind it."""
    for _, explanation in explained:
        for match in _found(explanation):
            assert match["evidence"].strip(), match[0]
            assert _LEVEL.search(match["axes"]) or match["axes"].startswith("shown, not scored"), match[0]


def test_every_true_signal_and_every_open_question_is_told(
    scores: Scores, explained: list[tuple[int, Explanation]]
) -> None:
    """The explanation leaves no true signal and no open question that counts out."""
    for row, explanation in explained:
        true = {name for name in scores.signals.columns if scores.signals[name].fillna(value=False).iloc[row]}
        assert {match["id"] for match in _found(explanation)} == true
        told = " ".join(_lines(explanation, "What is unknown"))
        for item in counted(scores.trace.lowering.items, scores.trace.levels):
            if item.is_question and item.level[row]:
                assert f"{asked_for(item.name)}: " in told


def _worked_out(explanation: Explanation, levels: Levels) -> tuple[int, int]:
    """Severity and likelihood, from nothing but the lines of an explanation."""
    highest = dict.fromkeys(AXES, 0)
    told = [match["axes"] for match in _found(explanation)]
    told.extend(line.rpartition("; at worst ")[2] for line in _lines(explanation, "What is unknown"))
    for text in told:
        for axis, level in _LEVEL.findall(text):
            highest[axis] = max(highest[axis], int(level))
    channels = sorted((highest[channel] for channel in CHANNELS), reverse=True)
    others = sum(level >= levels.bump_level for level in channels[1:])
    return highest[SEVERITY], min(channels[0] + (others >= levels.bump_channels), 4)


def test_severity_likelihood_and_class_follow_from_the_explanation(
    scores: Scores, explained: list[tuple[int, Explanation]]
) -> None:
    """Whoever reads the lines can work out the numbers and look the class up in the table."""
    levels = load_levels()
    for row, explanation in explained:
        said = scores.columns.iloc[row]
        severity, likelihood = _worked_out(explanation, levels)
        assert (severity, likelihood) == (said.severity, said.likelihood), explanation.text
        assert levels.classes[levels.table[severity, likelihood]] == said.inherent, explanation.text


def test_every_red_flag_names_its_signals_and_where_it_comes_from(
    scores: Scores, explained: list[tuple[int, Explanation]]
) -> None:
    """A YES cites the true signals it rests on and the provenance of its rule."""
    for row, explanation in explained:
        lines = _lines(explanation, "Red flags it answers")
        assert len(lines) == scores.columns["flag_count"].iloc[row]
        for line in lines:
            assert re.search(r"\(by [A-Z]-[A-Z0-9-]+", line), line
            assert any(code in line for code in PROVENANCE_WORDS), line


def test_every_explanation_says_what_decided_and_when(scores: Scores, explained: list[tuple[int, Explanation]]) -> None:
    """Versions of program, levels, rules and data, the verdict's id, and the date the row was judged at."""
    for row, explanation in explained:
        said = scores.columns.iloc[row]
        decided = " ".join(_lines(explanation, "What decided"))
        day = scores.trace.rows["as_of_date"].iloc[row].date().isoformat()
        assert said.versions in decided
        assert said.verdict_id in decided
        assert f"judged at {day}" in decided


def test_every_rating_of_any_row_can_be_explained(random_rows: Any, scored: Any) -> None:
    """Rows that are LOW, blank or broken are explained without failing."""
    rows = random_rows(12, 20)
    rows.iloc[0] = None
    found = scored(rows)
    for row in range(len(rows)):
        assert explain(found, row).headline.startswith(f"T{row}: ")


def _left(items: tuple[Item, ...], removed: Mask, proportionate: int) -> State:
    """What is taken to be true once the removed items are gone: a question counts where severity asks for it."""
    rows = removed.shape[1]
    axes = np.zeros((len(AXES), rows), dtype=np.int8)
    gates = np.zeros((3, rows), dtype=bool)
    order = sorted(zip(items, removed, strict=True), key=lambda pair: AXES.index(pair[0].axis))
    for item, gone in order:
        counts = ~gone & ((axes[0] >= proportionate) | (not item.proportionate))
        axis = axes[AXES.index(item.axis)]
        np.maximum(axis, item.level * counts, out=axis)
        gates |= np.stack([item.stop, item.hold, item.conditions]) & counts
    return State(axes[0], axes[1:], *gates)


def _verdict(trace: Trace, removed: Mask) -> Verdict:
    return judge(_left(trace.lowering.items, removed, trace.levels.proportionate), trace.levels)


@tables
@given(seed=seeds)
def test_the_items_speak_for_the_whole_rating(seed: int, random_rows: Any, scored: Any) -> None:
    """With nothing taken away, the items of a row give its class, disposition and overall."""
    trace = scored(random_rows(seed, 250)).trace
    verdict = _verdict(trace, np.zeros_like(trace.lowering.removed))
    for name in ("severity", "likelihood", "class_", "disposition", "overall"):
        np.testing.assert_array_equal(getattr(verdict, name), getattr(trace.rating.worst, name))


@tables
@given(seed=seeds)
def test_every_row_above_low_has_a_change_that_lowers_it_or_a_gate(seed: int, random_rows: Any, scored: Any) -> None:
    """Taking the named things away gives the rating that is promised; a stop has no change and names its gate."""
    found = scored(random_rows(seed, 250))
    trace, text = found.trace, found.columns["lowered_by"].to_numpy()
    above, stopped = trace.rating.worst.overall > 0, trace.rating.worst.disposition == STOP
    verdict = _verdict(trace, trace.lowering.removed)
    free = above & ~stopped
    assert (verdict.overall[free] < trace.rating.worst.overall[free]).all()
    np.testing.assert_array_equal(verdict.overall[free], trace.lowering.overall[free])
    promised = [trace.levels.classes[overall] for overall in verdict.overall[free]]
    assert all(words.endswith(f" -> {word}") for words, word in zip(text[free], promised, strict=True))
    assert all(words.startswith("None: gate - ") and len(words) > 20 for words in text[stopped])
    assert (text[~above] == "").all()


@tables
@given(seed=seeds)
def test_no_part_of_a_change_is_idle(seed: int, random_rows: Any, scored: Any) -> None:
    """Of what is named nothing could be left out."""
    trace = scored(random_rows(seed, 250)).trace
    removed, idle = trace.lowering.removed, np.zeros(250, dtype=bool)
    names = np.array([item.name for item in trace.lowering.items])
    for name in set(names):
        kept = removed & (names != name)[:, None]
        back = (removed != kept).any(axis=0)
        idle |= back & (_verdict(trace, kept).overall < trace.rating.worst.overall)
    assert not idle.any(), np.flatnonzero(idle)


def test_a_sentence_names_each_thing_once(random_rows: Any, scored: Any) -> None:
    """No part of the change, and nothing that holds a row, stands in a sentence twice."""
    columns = scored(random_rows(13, 1000)).columns
    held = columns["why"].str.extract("Hold: (.*?)\\.")[0].dropna()
    for words in (*columns["lowered_by"].str.replace(" -> .*", "", regex=True), *held):
        parts = words.split("; ")
        assert len(parts) == len(set(parts)), words


_HEADERS = {column.header: key for key, column in INPUT_BY_KEY.items()}
#: Questions whose best answer says more than one thing: words are read for a category, a share of a listed owner is
#: at least a minority, a name asks for its verification.
_MORE_THAN_ONE_THING = {"product", "product_category", "owner_share", "end_user"}


def _questions_only(words: str) -> list[str]:
    """The columns that a change names, where it asks for nothing but answers to plain questions."""
    change, _, after = words.rpartition(" -> ")
    keys = [_HEADERS.get(part.removeprefix("answer '").removesuffix("'"), "") for part in change.split("; ")]
    return keys if after and all(keys) and not set(keys) & _MORE_THAN_ONE_THING else []


#: A place outside of the region with a record of its own, by the country as the rows name it.
_OUTSIDE = {
    "China": "Guangdong",
    "Ukraine": "Kyiv",
    "Sudan": "Khartoum",
    "Ethiopia": "Addis Ababa",
    "Myanmar": "Yangon",
}


def _answered(row: dict[str, object], keys: list[str], benign: dict[str, object]) -> dict[str, object]:
    """The row with good answers under some columns."""
    good = {**benign, "destination_region": _OUTSIDE.get(str(row.get("destination_country")))}
    return {**row, **{key: good.get(key) for key in keys}}


@tables
@given(seed=seeds)
def test_good_answers_to_the_named_questions_bring_the_promised_rating(
    seed: int, random_rows: Any, scored: Any, benign: dict[str, object]
) -> None:
    """Where only questions stand between a row and a lower rating, answering them well brings it."""
    rows = random_rows(seed, 400)
    words = scored(rows).columns["lowered_by"]
    asked = {at: keys for at, text in enumerate(words) if (keys := _questions_only(text))}
    answered = [_answered(rows.iloc[at].to_dict(), keys, benign) for at, keys in asked.items()]
    rating = scored(answered).trace.rating.worst.overall
    assert len(asked) > 10
    for after, (at, keys) in zip(rating, asked.items(), strict=True):
        promised = load_levels().classes.index(words[at].rpartition(" -> ")[2])
        assert after <= promised, f"{keys}: {rows.iloc[at].dropna().to_dict()}"


@tables
@given(seed=seeds)
def test_a_good_answer_to_the_first_question_brings_the_promised_rating(
    seed: int, random_rows: Any, scored: Any, benign: dict[str, object]
) -> None:
    """The question to ask first, answered well, brings the rating that is promised beside it."""
    rows = random_rows(seed, 400)
    asked = scored(rows).columns["ask_first"].str.extract(r"^(?P<header>.*) \(a good answer: (?P<class>\w+)\)$")
    plain = asked[asked["header"].map(_HEADERS).isin(set(_HEADERS.values()) - _MORE_THAN_ONE_THING)]
    answered = [
        _answered(rows.iloc[at].to_dict(), [_HEADERS[header]], benign) for at, header in plain["header"].items()
    ]
    rating = scored(answered).trace.rating.worst.overall
    assert len(plain) > 10
    assert (rating <= plain["class"].map(load_levels().classes.index).to_numpy()).all()
