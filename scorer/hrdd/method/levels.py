"""The policy file, read strictly: levels of signals, table, gates, plausible worst, thresholds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from hrdd.errors import BadCatalogue, why_not
from hrdd.signals import BY_ID

CHANNELS = ("COUNTRY", "END USER", "USE", "PRODUCT HISTORY", "DIVERSION", "LICENCE")
DISPOSITIONS = ("NONE", "CONDITIONS", "HOLD", "STOP")
SEVERITY = "SEVERITY"
LEVELS = (1, 2, 3, 4)
#: What the level of each open question may hang on.
_HANGS_ON = {
    ("severity", "hinted"): ("product",),
    ("poor", "mixed", "good"): (
        "q_end_user_verified", "screening_result", "q_agency_misuse", "end_use", "end_user_type",
    ),
    ("level",): (
        "as_of_date", "destination_country", "destination_region", "us_content", "exporter_country", "end_user",
        "q_government_ties", "q_hidden_remote_user", "owner_share",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that decides, with its unit, meaning, reason and the day somebody last looked at it."""

    value: float
    unit: str
    means: str
    because: str
    looked_at: date


@dataclass(frozen=True)
class Levels:
    """The method's configuration. `axes` maps SEVERITY and each channel to its signals' levels, 1 to 4."""

    version: str
    owner: str
    reason: str
    fingerprint: str
    axes: Mapping[str, Mapping[str, int]]
    bump_channels: int
    bump_level: int
    classes: tuple[str, ...]
    table: np.ndarray[Any, np.dtype[np.int8]]
    gates: Mapping[str, tuple[str, ...]]
    hold_classes: tuple[int, ...]
    condition_classes: tuple[int, ...]
    condition_severity: int
    floors: tuple[int, ...]
    unrated_span: int
    proportionate: int
    blanks: Mapping[str, Mapping[str, int]]
    civil_below_severity: int
    civil_level: int
    safeguards: Mapping[str, tuple[str, ...]]
    residual_floor: tuple[int, int, int]
    limited_use: Mapping[str, str]
    thresholds: Mapping[str, Threshold]

    def threshold(self, name: str) -> float:
        """The number behind a threshold's name."""
        return self.thresholds[name].value


@cache
def load_levels(path: Path | None = None) -> Levels:
    """Read the shipped policy file, or a company's own copy of it.

    Raises BadCatalogue, naming the file and the entry, where a signal, class or field is not known.
    """
    source = path or files("hrdd") / "method" / "levels.yaml"
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCatalogue(
            f"The policy file {source} cannot be read: {why_not(error)}; expected a copy of the shipped levels.yaml."
        ) from error
    try:
        raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # safe loaders both
        return _build(raw, hashlib.sha256(text.encode()).hexdigest())
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise BadCatalogue(
            f"The policy file {source} cannot be used: {error}; compare it with the shipped levels.yaml."
        ) from error


def _build(raw: dict[str, Any], fingerprint: str) -> Levels:
    classes = tuple(raw["classes"])
    axes = {SEVERITY: _by_signal(raw["severity"])}
    axes.update({channel: _by_signal(raw["channels"][channel]) for channel in CHANNELS})
    floor, civil = raw["residual_floor"], raw["civil_in_good_record"]
    return Levels(
        version=raw["version"],
        owner=raw["owner"],
        reason=raw["reason"],
        fingerprint=fingerprint,
        axes=axes,
        bump_channels=raw["bump"]["channels"],
        bump_level=raw["bump"]["level"],
        classes=classes,
        table=_table(raw["table"], classes),
        gates={name: _known(raw["gates"][name]) for name in DISPOSITIONS[1:]},
        hold_classes=tuple(_class(name, classes) for name in raw["hold_classes"]),
        condition_classes=tuple(_class(name, classes) for name in raw["condition_classes"]),
        condition_severity=raw["condition_severity"],
        floors=_floors(raw["floors"], classes),
        unrated_span=raw["unrated_span"],
        proportionate=raw["proportionate"],
        blanks=_blanks(raw["blanks"]),
        civil_below_severity=civil["below_severity"],
        civil_level=civil["level"],
        safeguards={channel: _known(raw["safeguards"][channel]) for channel in CHANNELS},
        residual_floor=(floor["severity"], floor["likelihood"], _class(floor["class"], classes)),
        limited_use=dict(zip(_known([*raw["limited_use"]]), _known([*raw["limited_use"].values()]), strict=True)),
        thresholds={name: Threshold(**entry) for name, entry in raw["thresholds"].items()},
    )


def _known(signals: list[str]) -> tuple[str, ...]:
    unknown = [name for name in signals if name not in BY_ID]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not a signal")
    return tuple(signals)


def _class(name: str, classes: tuple[str, ...]) -> int:
    if name not in classes:
        raise ValueError(f"{name} is not one of the classes {', '.join(classes)}")
    return classes.index(name)


def _by_signal(by_level: Mapping[int, list[str]]) -> dict[str, int]:
    if not set(by_level) <= set(LEVELS):
        raise ValueError(f"the levels {', '.join(map(str, by_level))} are not all from {LEVELS[0]} to {LEVELS[-1]}")
    return {name: level for level, names in sorted(by_level.items(), reverse=True) for name in _known(names)}


def _floors(by_disposition: Mapping[str, str], classes: tuple[str, ...]) -> tuple[int, ...]:
    floors = tuple(_class(by_disposition[name], classes) for name in DISPOSITIONS)
    if floors[0] != 0 or list(floors) != sorted(floors):
        raise ValueError(f"the floors must start at {classes[0]} for NONE and never fall from there to STOP")
    return floors


def _blanks(blanks: Mapping[str, Mapping[str, int]]) -> Mapping[str, Mapping[str, int]]:
    """One entry per open question, each with levels that never fall from a good record to a poor one."""
    for keys, questions in _HANGS_ON.items():
        for question in questions:
            values = [blanks[question][key] for key in keys]
            if len(blanks[question]) != len(keys) or not set(values) <= {0, *LEVELS}:
                raise ValueError(f"blanks.{question} must give levels from 0 to {LEVELS[-1]} for {', '.join(keys)}")
            if values != sorted(values, reverse=keys[0] == "poor"):
                raise ValueError(f"blanks.{question} must not fall as the record or the words get worse")
    unknown = set(blanks) - {question for questions in _HANGS_ON.values() for question in questions}
    if unknown:
        raise ValueError(f"blanks has {', '.join(sorted(unknown))}, which is no open question")
    return blanks


def _table(rows: list[list[str]], classes: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Five by five, from the lowest class upwards, by at most one class from cell to cell: the method rests on it."""
    table = np.array([[_class(name, classes) for name in row] for row in rows], dtype=np.int8)
    if table.shape != (5, 5):
        raise ValueError(f"the class table has shape {table.shape}, expected 5 by 5")
    steps = np.concatenate([np.diff(table, axis=0).ravel(), np.diff(table, axis=1).ravel()])
    if table[0, 0] != 0 or not np.isin(steps, (0, 1)).all():
        raise ValueError(f"the class table must start at {classes[0]} and rise by at most one class from cell to cell")
    return table
