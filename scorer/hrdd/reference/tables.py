"""The small tables of reference data: one frozen record per row, each with the days between which it holds."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Day = np.datetime64
Days = NDArray[np.datetime64]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something that holds from one day to another, both included; NaT where it has no such day."""

    effective_from: Day
    effective_to: Day

    def holds_on(self, days: Days) -> NDArray[np.bool_]:
        """Whether it holds on each day (datetime64[D], any shape); False where the day is NaT."""
        begun = days >= self.effective_from if not np.isnat(self.effective_from) else ~np.isnat(days)
        return begun & (days <= self.effective_to) if not np.isnat(self.effective_to) else begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Embargo(Dated):
    """An embargo on a country, or on a region of it (`region` is a `Region.region`).

    `scope` says what it reaches: "comprehensive" (everything but humanitarian goods), "surveillance" (a ban on
    equipment for monitoring or interception, or on all dual-use goods), "arms" (surveillance products only where the
    end user is military, intelligence or security), "licence" (no ban: every listed item needs a licence, which is as
    a rule refused).
    """

    iso3: str
    region: str
    authority: str
    scope: str
    programme: str
    source: str
    provenance: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Dated):
    """A region of a country with a record of mass abuse of its own, and the spellings it is known by."""

    iso3: str
    region: str
    name: str
    aliases: tuple[str, ...]
    basis: str
    source: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub(Dated):
    """A place through which goods are often re-exported; the whole country where `place` is blank."""

    iso3: str
    place: str
    aliases: tuple[str, ...]
    reason: str
    source: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor(Dated):
    """A listed maker of surveillance products, from listing to delisting.

    `list_code`: EL (Entity List), SDN (blocked), CMIC (securities only: it forbids investment, not trade).
    """

    name: str
    aliases: tuple[str, ...]
    search_term: str
    technology: str
    list_code: str
    countries: tuple[str, ...]
    source: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Misuse(Dated):
    """A product or maker whose misuse was publicly reported, from the day of the first report on.

    `terms` are names to look for; `status` is the word to print ("reported", "reported, denied", "settled", ...).
    """

    terms: tuple[str, ...]
    vendor: str
    kind: str
    status: str
    where: tuple[str, ...]
    source: str
    provenance: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpywareUse:
    """A country whose government was reported to use spyware, with the year of the report."""

    iso3: str
    year: int
    vendor: str
    status: str
    source: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce(Dated):
    """The state of a legal rule over some days: "in force", "suspended", "scheduled to be in force"."""

    rule: str
    state: str
    verified: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """A country in a Country Group of the Export Administration Regulations, on the day of the passport."""

    group: str
    iso3: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyStatus:
    """How a state stands to the International Covenant on Civil and Political Rights."""

    iso3: str
    status: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FatfListing:
    """A country on the black or grey list of the Financial Action Task Force."""

    iso3: str
    list: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilitaryIntelligenceUser(Dated):
    """A military-intelligence end user named in 15 CFR 744.22(f)(2)."""

    iso3: str
    name: str
    aliases: tuple[str, ...]
    source: str


def _several(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))


# By the annotation of the field, which postponed evaluation keeps as text.
_READERS: dict[str, Callable[[str], Any]] = {
    "Day": lambda text: np.datetime64(text or "NaT", "D"),
    "int": int,
    "bool": lambda text: text == "yes",
    "tuple[str, ...]": _several,
    "str": str,
}


def read_table(record: type[Record], path: Path) -> tuple[Record, ...]:
    """The rows of a CSV file as records, in file order; lists within a cell are split at "|"."""
    readers = {field.name: _READERS[str(field.type)] for field in fields(record)}  # type: ignore[arg-type]
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            record(**{name: read(row[name]) for name, read in readers.items()}) for row in csv.DictReader(lines)
        )
