"""Rows of signals for the tests of rule packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pytest

from hrdd.packs import Catalogue, load_catalogue
from hrdd.packs.logic import Signals, Truth
from hrdd.signal_table import signal_table

Given: TypeAlias = Mapping[str, bool | None]
Rows: TypeAlias = Callable[[Sequence[Given]], Signals]
Masks: TypeAlias = Callable[[Sequence[bool | None]], Truth]


def _masks(values: Sequence[bool | None]) -> Truth:
    return (
        np.array([value is True for value in values], dtype=bool),
        np.array([value is False for value in values], dtype=bool),
    )


def _rows(given: Sequence[Given]) -> Signals:
    return {name: _masks([row.get(name) for row in given]) for name in signal_table()}


@pytest.fixture(scope="session")
def masks() -> Masks:
    """Turn true, false and None into (is true, is false)."""
    return _masks


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Turn one mapping of known signals per row into signals; what a row does not name is unknown."""
    return _rows


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load_catalogue()
