"""The words of answers and months: each says one thing, whatever language it is of."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from hrdd.columns import fold


@pytest.mark.parametrize(
    ("name", "says", "words"), [("answers.csv", "says", "words"), ("months.csv", "month", "names")]
)
def test_a_word_says_one_thing_and_stands_once(name: str, says: str, words: str) -> None:
    """No word is yes in one language and no in the next, and no month is two."""
    rows = list(csv.DictReader((files("hrdd") / "data" / name).read_text(encoding="utf-8").splitlines()))
    meant: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row[says] == "promise":  # these are words of a longer text, not whole cells
            continue
        for word in row[words].split("|"):
            meant[fold(word) or word].append(row[says])
    assert {word: found for word, found in meant.items() if len(found) > 1} == {}
