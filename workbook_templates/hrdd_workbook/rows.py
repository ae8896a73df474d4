"""Which rows below a header are transactions: those that say anything and do not add up the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Objects = np.ndarray[Any, np.dtype[np.object_]]


def filled(columns: Sequence[Objects]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows have any value in these columns."""
    if not columns:
        return np.zeros(0, dtype=bool)
    found = np.zeros(len(columns[0]), dtype=bool)
    for values in columns:
        found |= np.array([value is not None for value in values.tolist()], dtype=bool)
    return found


_TOTALS = frozenset(
    ["total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme", "somme",
     "total général", "totale", "suma", "totaal", "итого", "合計", "合计"]
)  # fmt: skip


def totals(columns: dict[str, Objects]) -> Any:
    """Rows that add up the others: a word for total under any text column, and no product, end user or country."""
    rows = len(next(iter(columns.values()), ()))
    named = np.zeros(rows, dtype=bool)
    for key in _NAMES & columns.keys():
        named |= np.array([is_total(cell) for cell in columns[key]], dtype=bool)
    if not named.any():
        return named
    said = np.zeros(rows, dtype=np.int64)
    for key in _NAMES & columns.keys():
        said += np.array([cell is not None and not is_total(cell) for cell in columns[key]], dtype=np.int64)
    return named & (said == 0)


_NAMES = frozenset({"transaction_id", "product", "product_description", "end_user", "destination_country"})


def is_total(cell: Any) -> bool:
    """Whether a cell holds just a word for total."""
    return isinstance(cell, str) and cell.strip(" :.").casefold() in _TOTALS
