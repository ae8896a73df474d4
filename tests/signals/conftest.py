"""The shipped signals, asked of rows as a user would type them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd
import pytest
from hypothesis import settings

from hrdd.facts import gather
from hrdd.intake import take_in
from hrdd.method.levels import load_levels
from hrdd.reference import load_reference
from hrdd.screening import vendor_table
from hrdd.signals import SIGNALS
from hrdd.vocabulary import Rows

settings.register_profile("patient", deadline=None)  # a busy machine is no finding
settings.load_profile("patient")

Row: TypeAlias = Mapping[str, object]
TODAY = dt.date(2026, 11, 24)


def _gathered(rows: Sequence[Row]) -> Rows:
    keys = sorted({key for row in rows for key in row})
    cells = {key: pd.Series([row.get(key) for row in rows], dtype=object) for key in keys}
    taken = take_in(pd.DataFrame(cells, index=range(len(rows))), TODAY)
    reference = load_reference()
    return gather(taken, reference, vendor_table(reference), load_levels())


def _asked(rows: Sequence[Row]) -> pd.DataFrame:
    facts = _gathered(rows)
    return pd.DataFrame({signal.id: signal.asks(facts) for signal in SIGNALS})


@pytest.fixture(scope="session")
def asked() -> Callable[[Sequence[Row]], Any]:
    """Ask every signal of rows; one nullable column per signal."""
    return _asked


@pytest.fixture(scope="session")
def gathered() -> Callable[[Sequence[Row]], Rows]:
    """The facts of rows, before any signal is asked."""
    return _gathered
