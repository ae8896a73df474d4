"""The vocabulary of signals: what each says, what it rests on. Code answers them, packs cite them by id."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class SignalWords:
    """One canonical observation in words.

    `says` is a short phrase that is true of the row when the signal is TRUE, `meaning` the same in full, for rule
    pages; `reads` are the input columns it rests on, `uses` the data files (stems under data/reference).
    """

    id: str
    says: str
    meaning: str
    reads: tuple[str, ...]
    uses: tuple[str, ...]


@cache
def signal_table() -> Mapping[str, SignalWords]:
    """Every signal by id, and after them the two results (R-MEDIUM, R-HIGH) that only to-dos may ask for."""
    text = (files("hrdd") / "data" / "signals.csv").read_text(encoding="utf-8")
    return {
        row["id"]: SignalWords(row["id"], row["says"], row["meaning"], _several(row["reads"]), _several(row["uses"]))
        for row in csv.DictReader(text.splitlines())
    }


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
