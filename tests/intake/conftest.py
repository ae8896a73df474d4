"""One cell at a time, as the intake reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import pytest
from hypothesis import settings

from hrdd.columns import INPUT_BY_KEY
from hrdd.readings import read_all

settings.register_profile("patient", deadline=None)  # a busy machine is no finding
settings.load_profile("patient")


class Cell(NamedTuple):
    """What one cell was read as: a value or None, whether it says UNKNOWN, and the sentence about it, if any."""

    value: Any
    doubt: bool
    told: str | None


Doubts: TypeAlias = Callable[[str, object], str]


Read: TypeAlias = Callable[[str, object], Cell]


def _read(key: str, cell: object) -> Cell:
    values, told = read_all([cell], INPUT_BY_KEY[key])
    return Cell(values[0], told[0].doubt, told[0].message) if told else Cell(values[0], doubt=False, told=None)


@pytest.fixture(scope="session")
def read() -> Read:
    """Read one cell of one column."""
    return _read


def _doubts(key: str, cell: object) -> str:
    _, told = read_all([cell], INPUT_BY_KEY[key])
    reading = told.get(0)
    return "none" if reading is None or not reading.doubt else "misread" if reading.misread else "said"


@pytest.fixture(scope="session")
def doubts() -> Doubts:
    """Why one cell of one column counts as UNKNOWN: it is "misread", it "said" so, or it does not ("none")."""
    return _doubts
