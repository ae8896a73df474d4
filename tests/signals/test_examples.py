"""The examples of each signal: alone, all in one frame, in any company and order, they get the same answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
import yaml

from hrdd.columns import INPUT_BY_KEY
from hrdd.signals import BY_ID

FOLDER = Path(__file__).parent / "examples"
ANSWERS = ("TRUE", "FALSE", "UNKNOWN")
ASK = Callable[[Sequence[Mapping[str, object]]], Any]

#: Columns that decide whether a claim of limited use counts; the capability signals do not list them as their cells.
LIMITING = {"end_user", "end_user_type", "destination_country", "q_end_user_verified", "evidence"}
ALSO_READ = {
    **dict.fromkeys(("P-MASS", "P-BIOID", "P-LOCATE", "P-NETMGMT", "P-BIOID-1TO1", "P-LOWINTR"), LIMITING),
    "C-EMBARGO": {"product_category"},
}


class Example(NamedTuple):
    """One row as a user would type it, and what a signal must answer."""

    signal: str
    name: str
    row: dict[str, object]
    answer: str


class AsTyped(yaml.SafeLoader):
    """Reads cells as they are typed: Yes, No and None are words, dates and numbers are dates and numbers."""


AsTyped.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _entries() -> dict[str, dict[str, Any]]:
    """Signal -> its examples, and which answer is not possible, with the reason."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for signal, entry in yaml.load(path.read_text(encoding="utf-8"), AsTyped).items():
            assert signal not in found, f"{path.name}: {signal} has examples elsewhere too"
            found[signal] = {"examples": entry} if isinstance(entry, list) else entry
    return found


ENTRIES = _entries()
EXAMPLES = [Example(signal, **example) for signal, entry in ENTRIES.items() for example in entry["examples"]]
ROWS = [example.row for example in EXAMPLES]


def _word(answer: Any) -> str:
    return "UNKNOWN" if pd.isna(answer) else "TRUE" if answer else "FALSE"


def _wrong(examples: Sequence[Example], answers: Any) -> list[str]:
    """The examples that get another answer than theirs, each as a line."""
    got = [_word(answers[example.signal].iloc[place]) for place, example in enumerate(examples)]
    pairs = zip(examples, got, strict=True)
    return [f"{e.signal}: {e.name}: {answer}, not {e.answer}" for e, answer in pairs if answer != e.answer]


@pytest.fixture(scope="module")
def together(asked: ASK) -> Any:
    """The answers to all examples in one frame."""
    return asked(ROWS)


@pytest.mark.parametrize("signal", BY_ID)
def test_a_signal_answers_its_examples(signal: str, together: Any) -> None:
    """Each example gets the answer that the design gives it, among all the others."""
    wrong = _wrong(EXAMPLES, together)
    assert [line for line in wrong if line.startswith(f"{signal}: ")] == []


@pytest.mark.parametrize("family", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_an_example_alone_gets_the_same_answer(family: str, asked: ASK) -> None:
    """A row needs no company: an example of every second signal of the family, another each time, asked by itself."""
    signals = yaml.load((FOLDER / f"{family}.yaml").read_text(encoding="utf-8"), AsTyped)
    for turn, signal in enumerate(list(signals)[::2]):
        examples = [example for example in EXAMPLES if example.signal == signal]
        example = examples[turn % len(examples)]
        assert _wrong([example], asked([example.row])) == []


def test_examples_in_any_order_get_the_same_answers(asked: ASK) -> None:
    """Shuffled, the rows answer as before, each for itself."""
    shuffled = random.Random(7).sample(EXAMPLES, len(EXAMPLES))
    assert _wrong(shuffled, asked([example.row for example in shuffled])) == []


def test_examples_in_small_companies_get_the_same_answers(asked: ASK) -> None:
    """Which other rows stand in the frame means nothing, so that a workbook may be scored in pieces."""
    shuffled = random.Random(8).sample(EXAMPLES, len(EXAMPLES))
    for start in range(0, len(shuffled), 60):
        company = shuffled[start : start + 60]
        assert _wrong(company, asked([example.row for example in company])) == []


def test_doubling_the_rows_doubles_the_answers(asked: ASK, together: Any) -> None:
    """Repeated rows answer alike."""
    doubled = asked([*ROWS, *ROWS])
    assert doubled.iloc[: len(ROWS)].equals(together)
    assert doubled.iloc[len(ROWS) :].reset_index(drop=True).equals(together)


def test_a_signal_reads_the_columns_it_names(asked: ASK) -> None:
    """With only the named columns and the date left, every example gets its answer still."""
    narrowed = []
    for example in EXAMPLES:
        kept = {*BY_ID[example.signal].reads, "as_of_date", *ALSO_READ.get(example.signal, set())}
        narrowed.append({key: cell for key, cell in example.row.items() if key in kept})
    assert _wrong(EXAMPLES, asked(narrowed)) == []


# The examples themselves


def test_every_signal_has_examples_and_every_example_a_signal() -> None:
    """The files cover the catalogue and nothing else."""
    assert set(ENTRIES) == set(BY_ID)


@pytest.mark.parametrize("signal", BY_ID)
def test_the_three_answers_all_appear(signal: str) -> None:
    """Each signal has at least four examples, with every answer among them that it can give."""
    entry = ENTRIES[signal]
    never = {entry["never"]} if "never" in entry else set()
    assert never <= set(ANSWERS)
    assert bool(never) == bool(entry.get("because")), "what cannot be answered needs a reason"
    answers = [example.answer for example in EXAMPLES if example.signal == signal]
    assert len(answers) >= 4
    assert set(answers) == set(ANSWERS) - never


@pytest.mark.parametrize("signal", BY_ID)
def test_examples_are_named_and_typed_into_columns_that_exist(signal: str) -> None:
    """A name is a phrase of its own; a row holds input columns only."""
    examples = [example for example in EXAMPLES if example.signal == signal]
    assert len({example.name for example in examples}) == len(examples)
    for example in examples:
        assert len(example.name.split()) >= 2, example.name
        assert set(example.row) <= set(INPUT_BY_KEY), example.name
