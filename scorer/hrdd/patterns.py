"""Rows that look alike are worked out once: the distinct columns of a matrix whose columns are rows of the table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Codes = np.ndarray[Any, np.dtype[np.int64]]


def distinct(matrix: np.ndarray[Any, Any]) -> tuple[Codes, Codes]:
    """A code per column of a (facts x rows) integer or boolean matrix, and the first column of each code.

    >>> codes, first = distinct(np.array([[0, 1, 0], [2, 2, 2]]))
    >>> codes.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])
    """
    columns = np.ascontiguousarray(matrix.T)
    packed = np.ascontiguousarray(np.packbits(columns, axis=1) if columns.dtype == bool else columns)
    keys = packed.view(np.dtype((np.void, packed.dtype.itemsize * packed.shape[1]))).ravel().tolist()
    codes, _ = pd.factorize(np.array([*keys, None], dtype=object)[:-1])
    _, first = np.unique(codes, return_index=True)
    return codes.astype(np.int64), first.astype(np.int64)
