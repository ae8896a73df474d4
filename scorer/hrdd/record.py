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

#: Columns that are never read by a signal, gate or date: they may change without a new verdict.
_UNREAD = frozenset({"amount", "currency", "quantity", "control_code", "decision", "decision_reason", "reviewer"})
_UNREAD_REVIEW = frozenset({"approver", "decision_date", "screening_date"})


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


def versions(levels: Any, catalogue: Any, reference: Any) -> Versions:
    """The versions of everything that decides."""
    named = (
        __version__,
        f"{levels.version} {levels.fingerprint[:8]}",
        f"{catalogue.version} {catalogue.fingerprint[:8]}",
        reference.fingerprint[:8],
        "shipped vendor table",
    )
    whole = "\n".join((__version__, levels.fingerprint, catalogue.fingerprint, reference.fingerprint))
    return Versions(*named, fingerprint=hashlib.sha256(whole.encode()).hexdigest())


def verdict_ids(cells: pd.DataFrame, doubt: dict[str, Any], fingerprint: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Per row an id over its facts and everything that decided: equal ids, equal verdicts.

    A keyed 64-bit hash (pandas' SipHash over text, the key taken from the fingerprint): it tells versions of
    a row apart; it is no signature.
    """
    read = [column.key for column in INPUTS if column.key not in _UNREAD | _UNREAD_REVIEW]
    frame = pd.DataFrame({key: _canonical(cells[key], doubt.get(key)) for key in read}, copy=False)
    hashed = pd.util.hash_pandas_object(frame, index=False, hash_key=fingerprint[:16])
    return np.array([f"{value:016x}" for value in hashed.to_numpy().tolist()], dtype=object)


def _canonical(column: Any, doubtful: Any) -> Any:
    """The column as categories of text, the same on every machine; a doubtful cell is no blank."""
    text = column.astype("category")
    text = text.cat.rename_categories([_text(value) for value in text.cat.categories]).cat.add_categories(["", "?"])
    text = text.fillna("")
    return text if doubtful is None else text.mask(doubtful & (text == ""), "?")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, pd.Timestamp) else repr(value)


def passports_text(passports: Sequence[Any]) -> list[str]:
    """One line for each data file: title, publisher, version, date."""
    return [f"{p.title} ({p.publisher}, {p.version}, {p.date.isoformat()})" for p in passports]
