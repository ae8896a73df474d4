"""The small tables of reference data: one frozen record per row, each with the days between which it holds."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from hrdd.reference.names import countries

Day = np.datetime64
Days = NDArray[np.datetime64]


class Tabled(Protocol):
    """A record of a table: `table` is the stem of its file."""

    table: ClassVar[str]


class Cited(Tabled, Protocol):
    """A record that speaks for a rating: what it says, from when to when, and where that stands."""

    @property
    def citation(self) -> str:
        """The entry in words, with its source, and that it is not verified where it is not."""
        ...


Record = TypeVar("Record", bound=Tabled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something that holds from one day to another, both included; NaT where it has no such day."""

    effective_from: Day
    effective_to: Day

    def holds_on(self, days: Days) -> NDArray[np.bool_]:
        """Whether it holds on each day (datetime64[D], any shape); False where the day is NaT."""
        begun = days >= self.effective_from if not np.isnat(self.effective_from) else ~np.isnat(days)
        return begun & (days <= self.effective_to) if not np.isnat(self.effective_to) else begun

    @property
    def period(self) -> str:
        """From when to when, in words.

        >>> Dated(effective_from=np.datetime64("2024-02-27"), effective_to=np.datetime64("2024-10-20")).period
        'from 2024-02-27 to 2024-10-20'
        """
        ends = (("from", self.effective_from), ("to", self.effective_to))
        return " ".join(f"{word} {day}" for word, day in ends if not np.isnat(day)) or "at any time"


def _origin(source: str, provenance: str) -> str:
    """The source of an entry, and that it is not verified where it is not."""
    if provenance == "judgement":
        return "our own judgement"
    return source if provenance == "verified" else f"{source}; {provenance}, not verified"


def _country(iso3: str) -> str:
    return countries()[iso3].name if iso3 in countries() else iso3


_LISTS = {"EL": "Entity List", "SDN": "SDN list", "MEU": "Military End User List", "CMIC": "CMIC list"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Embargo(Dated):
    """An embargo on a country, or on a region of it (`region` is a `Region.region`).

    `scope` says what it reaches: "comprehensive" (everything but humanitarian goods), "surveillance" (a ban on
    equipment for monitoring or interception, or on all dual-use goods), "arms" (surveillance products only where the
    end user is military, intelligence or security), "licence" (no ban: every listed item needs a licence, which is as
    a rule refused).
    """

    table: ClassVar[str] = "embargoes"

    iso3: str
    region: str
    authority: str
    scope: str
    programme: str
    source: str
    provenance: str
    note: str

    @property
    def citation(self) -> str:
        """The entry in words: whose measure, what it reaches, when, and where that stands."""
        scope = f"{self.authority}, {self.scope}{f', region {self.region}' if self.region else ''}"
        return f"{self.programme} ({scope}), {self.period}: {_origin(self.source, self.provenance)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Dated):
    """A region of a country with a record of mass abuse of its own, and the spellings it is known by.

    `also_iso3` are the countries that hold it in fact: a row may name it under either.
    """

    table: ClassVar[str] = "regions"

    iso3: str
    also_iso3: tuple[str, ...]
    region: str
    name: str
    aliases: tuple[str, ...]
    basis: str
    source: str
    provenance: str

    @property
    def citation(self) -> str:
        """The entry in words: which region, since when, on what ground."""
        return f"{self.name}, {self.period}: {self.basis} ({_origin(self.source, self.provenance)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A division or town, and where it lies: `region` is a `Region.region`, blank elsewhere, "partly" across a front.

    `code` is the ISO 3166-2 code of a division. `native` names are found within a text as the English `name` is; the
    Latin spellings in `also` stand for the place only where they are the whole text.
    """

    table: ClassVar[str] = "places"
    iso3: str
    code: str
    region: str
    name: str
    native: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub(Dated):
    """A place through which goods are often re-exported; the whole country where `place` is blank."""

    table: ClassVar[str] = "hubs"

    iso3: str
    place: str
    aliases: tuple[str, ...]
    reason: str
    source: str
    provenance: str

    @property
    def citation(self) -> str:
        """The entry in words: which place, since when, why."""
        place = f"{self.place}, {_country(self.iso3)}" if self.place else _country(self.iso3)
        return f"{place}, {self.period}: {self.reason} ({_origin(self.source, self.provenance)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor(Dated):
    """A listed maker of surveillance products, from listing to delisting.

    `list_code`: EL (Entity List), SDN (blocked), CMIC (securities only: it forbids investment, not trade).
    """

    table: ClassVar[str] = "vendors"

    name: str
    aliases: tuple[str, ...]
    search_term: str
    technology: str
    list_code: str
    countries: tuple[str, ...]
    source: str
    provenance: str

    @property
    def citation(self) -> str:
        """The entry in words: who, on which list, when."""
        listed = _LISTS.get(self.list_code, self.list_code)
        return f"{self.name}, {listed}, {self.period} ({_origin(self.source, self.provenance)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misuse(Dated):
    """A product or maker whose misuse was publicly reported, from the day of the first report on.

    `terms` are names to look for; `status` is the word to print ("reported", "reported, denied", "settled", ...).
    """

    table: ClassVar[str] = "misuse"

    terms: tuple[str, ...]
    vendor: str
    kind: str
    status: str
    where: tuple[str, ...]
    source: str
    provenance: str
    note: str

    @property
    def citation(self) -> str:
        """The entry in words: whose product, what was reported and where, how it stands, who reported it first."""
        where = f" in {', '.join(map(_country, self.where))}" if self.where else ""
        return (
            f"{self.vendor}, {self.kind}{where}: {self.status}, {self.period} ({_origin(self.source, self.provenance)})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpywareUse:
    """A country whose government was reported to use spyware, with the year of the report."""

    table: ClassVar[str] = "spyware_use"

    iso3: str
    year: int
    vendor: str
    status: str
    source: str
    provenance: str

    @property
    def citation(self) -> str:
        """The entry in words: whose spyware, how the state was named, when and by whom."""
        return f"{self.vendor}: {self.status}, {self.year} ({_origin(self.source, self.provenance)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce(Dated):
    """The state of a legal rule over some days: "in force", "suspended", "scheduled to be in force"."""

    table: ClassVar[str] = "rules_in_force"

    rule: str
    state: str
    verified: bool
    source: str
    note: str

    @property
    def binds(self) -> bool:
        """Whether it is treated as in force: one that is scheduled to return is, since nobody could confirm more."""
        return self.state != "suspended"

    @property
    def words(self) -> str:
        """The rule and its state, and that the state is not verified where it is not."""
        return f"{self.rule} {self.state}{'' if self.verified else ', not verified'}"

    @property
    def citation(self) -> str:
        """The entry in words: the state of the rule, when, and where that stands."""
        return f"{self.words}, {self.period} ({self.source})"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """A country in a Country Group of the Export Administration Regulations, on the day of the passport."""

    table: ClassVar[str] = "country_groups"

    group: str
    iso3: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyStatus:
    """How a state stands to the International Covenant on Civil and Political Rights."""

    table: ClassVar[str] = "iccpr"

    iso3: str
    status: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FatfListing:
    """A country on the black or grey list of the Financial Action Task Force."""

    table: ClassVar[str] = "fatf"

    iso3: str
    list: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilitaryIntelligenceUser(Dated):
    """A military-intelligence end user named in 15 CFR 744.22(f)(2)."""

    table: ClassVar[str] = "military_intelligence"

    iso3: str
    name: str
    aliases: tuple[str, ...]
    source: str

    @property
    def citation(self) -> str:
        """The entry in words: which body of which country, since when."""
        return f"{self.name} ({_country(self.iso3)}), military-intelligence end user, {self.period} ({self.source})"


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


def read_table(record: type[Record], folder: Path) -> tuple[Record, ...]:
    """The rows of a record's table in a folder, in file order; lists within a cell are split at "|"."""
    readers = {field.name: _READERS[str(field.type)] for field in fields(record)}  # type: ignore[arg-type]
    with (folder / f"{record.table}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            record(**{name: read(row[name]) for name, read in readers.items()}) for row in csv.DictReader(lines)
        )
