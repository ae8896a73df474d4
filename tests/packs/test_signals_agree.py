"""The signals that packs may cite are the signals that the scorer works out."""

from __future__ import annotations

from hrdd.signal_table import signal_table
from hrdd.signals import BY_ID

RESULTS = {"R-MEDIUM", "R-HIGH"}


def test_packs_may_cite_exactly_the_signals_there_are() -> None:
    """Every signal of the table is answered by code, and beside them stand only the two results for to-dos."""
    assert set(signal_table()) == set(BY_ID) | RESULTS


def test_meanings_read_as_part_of_a_sentence() -> None:
    """A meaning begins small, ends without a full stop and is given once."""
    meanings = [words.meaning for words in signal_table().values()]
    assert all(words[0].islower() and not words.endswith(".") for words in meanings)
    assert len(set(meanings)) == len(meanings)
