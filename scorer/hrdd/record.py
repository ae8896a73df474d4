"""What decided, printed with every row: versions, passports, and an id that changes when any of them does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hrdd import __version__
from hrdd.columns import INPUTS
from hrdd.intake import Intake

#: Columns that are never read by a signal, gate or date: they may change without a new verdict.
_REVIEW = ("decision", "decision_reason", "reviewer", "approver", "decision_date")
_UNREAD = frozenset({"amount", "currency", "quantity", "control_code", "screening_date", *_REVIEW})


@dataclass(frozen=True)
class Versions:
    """Program, policy, packs and reference data of a run, with the fingerprint over all of them."""

    program: str
    levels: str
    catalogue: str
    reference: str
    lists: str
    fingerprint: str

    @property
    def text(self) -> str:
        """One line for a cell: versions and the first figures of each fingerprint."""
        return f"hrdd {self.program}; levels {self.levels}; rules {self.catalogue}; data {self.reference}"


def versions(levels: Any, catalogue: Any, reference: Any, screen: Any) -> Versions:
    """The versions of everything that decides."""
    named = (
        __version__,
        f"{levels.version} {levels.fingerprint[:8]}",
        f"{catalogue.version} {catalogue.fingerprint[:8]}",
        reference.fingerprint[:8],
        screen.version,
    )
    whole = "\n".join((__version__, levels.fingerprint, catalogue.fingerprint, reference.fingerprint, screen.version))
    return Versions(*named, fingerprint=hashlib.sha256(whole.encode()).hexdigest())


_MIX, _DOUBT = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)  # FNV-1a's prime; the golden ratio's bits
Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def verdict_ids(taken: Intake, fingerprint: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Per row an id over its cells as they were read and everything that decided: equal ids, equal verdicts.

    A 64-bit hash (pandas' SipHash, keyed by the fingerprint, for text): it tells versions of a row apart; it is
    no signature.
    """
    total, key = np.full(len(taken.cells), np.uint64(int(fingerprint[:16], 16))), fingerprint[:16]
    with np.errstate(over="ignore"):
        for name in (column.key for column in INPUTS if column.key not in _UNREAD):
            hashes = _hashes(taken.cells[name], key)
            for mark in (taken.doubt, taken.misread):
                hashes = hashes + mark[name] * _DOUBT if name in mark else hashes
            if name in taken.words:
                said = taken.words[name].notna().to_numpy(dtype=bool)
                hashes = hashes + said * (_hashes(taken.words[name], key) * _MIX)
            total = (total ^ hashes) * _MIX
            total ^= total >> np.uint64(29)
    return np.array([f"{value:016x}" for value in total.tolist()], dtype=object)


def _hashes(column: Any, key: str) -> Hashes:
    """A hash per cell; text by its distinct values, numbers, dates and answers by their value, blanks alike."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = np.array([*map(str, column.cat.categories), ""], dtype=object)
        hashed: Hashes = pd.util.hash_array(texts, hash_key=key, categorize=False)  # they are distinct already
        return np.asarray(hashed[column.cat.codes.to_numpy()])
    if column.dtype.kind == "M":
        return pd.util.hash_array(column.to_numpy().astype("datetime64[D]").astype(np.int64))
    numbers = column.to_numpy(dtype=float, na_value=np.nan) + 0.0  # -0.0 is nought too
    return np.asarray(pd.util.hash_array(numbers))


def passports_text(passports: Sequence[Any]) -> list[str]:
    """Each data file that a rating may hang on, by its id and the date it stands for; `hrdd data` tells the rest."""
    return [f"{passport.id} {passport.date.isoformat()}" for passport in passports if passport.decides]
