"""Which rows below a header are transactions: those that say anything and do not add up the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY

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
    """Rows that add up the others: they say just a word for total, or are `sums_at_the_foot`."""
    rows = len(next(iter(columns.values()), ()))
    named, said = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    asked = [values for key, values in columns.items() if key in _NAMES]
    for values in asked:
        named |= _total_cells(values)
    if named.any():
        for values in asked:
            said |= filled([values]) & ~_total_cells(values)
    return (named & ~said) | sums_at_the_foot(columns)


def sums_at_the_foot(columns: dict[str, Objects]) -> Any:
    """Rows that hold numbers alone, below all rows that say more: the word for total stands in a column not ours."""
    rows, foot = len(next(iter(columns.values()), ())), 0
    for key, values in columns.items():
        if INPUT_BY_KEY[key].kind != "number":
            foot = next((at for at in range(rows, foot, -1) if values[at - 1] is not None), foot)
    found = np.zeros(rows, dtype=bool)
    if 0 < foot < rows:
        found[foot:] = filled([values[foot:] for values in columns.values()])
    return found


def _total_cells(values: Objects) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which cells hold just a word for total; texts that repeat are looked at once."""
    words = {cell for cell in set(values.tolist()) if is_total(cell)}
    if not words:
        return np.zeros(len(values), dtype=bool)
    return np.array([cell in words for cell in values.tolist()], dtype=bool)


_NAMES = frozenset({"transaction_id", "product", "product_description", "end_user", "destination_country"})


def is_total(cell: Any) -> bool:
    """Whether a cell holds just a word for total."""
    return isinstance(cell, str) and cell.strip(" :.").casefold() in _TOTALS
