"""The signals that packs may cite are the signals that the scorer works out."""

from __future__ import annotations

from hrdd.packs import signal_meanings, signal_table
from hrdd.signals import BY_ID

RESULTS = {"R-MEDIUM", "R-HIGH"}


def test_packs_may_cite_exactly_the_signals_there_are() -> None:
    """Every signal is in packs/signals.csv, and beside them only the two results that to-dos ask for."""
    assert set(signal_table()) == set(BY_ID) | RESULTS


def test_the_table_of_signals_names_the_columns_they_read() -> None:
    """packs/signals.csv lists the columns of each signal; country figures are those of the row's date."""
    for name, signal in BY_ID.items():
        assert set(signal_table()[name][1]) - {"as_of_date"} == set(signal.reads) - {"as_of_date"}, name


def test_meanings_read_as_part_of_a_sentence() -> None:
    """A meaning begins small, ends without a full stop and is given once."""
    meanings = list(signal_meanings().values())
    assert all(words[0].islower() and not words.endswith(".") for words in meanings)
    assert len(set(meanings)) == len(meanings)
