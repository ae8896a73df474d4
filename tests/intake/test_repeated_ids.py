"""Ids that two rows bear, in a table that is scored in parts or beside others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from hrdd.intake import repeated_ids


def test_ids_are_compared_as_they_are_read() -> None:
    """Blanks around an id and its type as a cell do not tell ids apart; blank cells repeat nothing."""
    ids = pd.Series(["T1", " T1", 7, "7", None, None, "T2"], dtype=object)
    assert repeated_ids(ids).tolist() == [True, True, True, True, False, False, False]


def test_a_part_of_a_table_is_told_what_repeats_beyond_it(scored: Callable) -> None:
    """The mask that is given decides; by default the frame is taken for the whole table."""
    rows = pd.DataFrame({"transaction_id": ["A", "A", "B"], "product": ["IP camera"] * 3}, dtype=object)
    whole, part = scored(rows), scored(rows, repeated=np.array([False, False, True]))
    assert ["more than one row" in text for text in whole.columns["problems"]] == [True, True, False]
    assert ["more than one row" in text for text in part.columns["problems"]] == [False, False, True]
