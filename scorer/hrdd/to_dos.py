"""What to do about a row: the to-dos of every pack, asked of cells, signals and the rating itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from hrdd.method.levels import Levels
from hrdd.method.rating import Mask, Rating
from hrdd.packs import Catalogue, Signals, Truth, todos
from hrdd.vocabulary import Rows


def open_todos(
    catalogue: Catalogue, truths: Signals, scope: Truth, rows: Rows, rating: Rating, levels: Levels
) -> dict[str, Mask]:
    """The to-dos of every pack; its conditions may ask how a row is rated."""
    at_least = {
        f"R-{name}": (
            rating.worst.overall >= levels.classes.index(name),
            rating.worst.overall < levels.classes.index(name),
        )
        for name in ("MEDIUM", "HIGH")
    }

    @cache
    def says(column: str, value: str) -> Mask:
        return _says(rows[column], value)

    found: dict[str, Mask] = {}
    for pack in catalogue.packs:
        found.update(todos(pack, {**truths, **at_least}, scope, says))
    return found


def _says(column: Any, value: str) -> Mask:
    """Where a cell has a value; `any` asks for any answer."""
    if value == "any":
        return np.asarray(column.notna().to_numpy(dtype=bool))
    if column.dtype == "boolean":
        wanted = value in ("Yes", "Verified")
        return np.asarray((column == wanted).fillna(value=False).to_numpy(dtype=bool))
    return np.asarray((column == value).fillna(value=False).to_numpy(dtype=bool))
