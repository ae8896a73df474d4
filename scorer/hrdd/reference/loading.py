"""One door to all reference data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from hrdd.reference import tables
from hrdd.reference.country_years import CountryYears, read_country_years
from hrdd.reference.names import DATA, Country, countries
from hrdd.reference.passports import Passport, check_hash, fingerprint, read_passports
from hrdd.reference.places import Places

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known about countries, parties, products and rules, each with its date.

    `fingerprint` names the state of all of it; it changes when any data file does.
    """

    passports: tuple[Passport, ...]
    fingerprint: str
    country_years: CountryYears
    countries: dict[str, Country]
    groups: tuple[tables.GroupMember, ...]
    iccpr: tuple[tables.TreatyStatus, ...]
    fatf: tuple[tables.FatfListing, ...]
    embargoes: tuple[tables.Embargo, ...]
    regions: tuple[tables.Region, ...]
    places: Places
    hubs: tuple[tables.Hub, ...]
    vendors: tuple[tables.Vendor, ...]
    misuse: tuple[tables.Misuse, ...]
    spyware_use: tuple[tables.SpywareUse, ...]
    military_intelligence: tuple[tables.MilitaryIntelligenceUser, ...]
    rules_in_force: tuple[tables.RuleInForce, ...]

    def country_facts(self, iso3: NDArray[Any], year: NDArray[Any]) -> pd.DataFrame:
        """Indicators as they stood for each row's country and year: see `CountryYears.facts`."""
        return self.country_years.facts(iso3, year)

    def country_name(self, iso3: str) -> str:
        """The English name of a country, or the code itself where it is not one."""
        country = self.countries.get(iso3)
        return country.name if country else iso3

    def passport(self, passport_id: str) -> Passport:
        """The passport of that id; raises `KeyError`."""
        return {passport.id: passport for passport in self.passports}[passport_id]


@cache
def load_reference(folder: Path = DATA) -> Reference:
    """All reference data, read once; raises `DamagedReference` where a file is not the one of its passport."""
    passports = read_passports(folder)
    for passport in passports:
        check_hash(passport, folder)
    return Reference(
        passports=passports,
        fingerprint=fingerprint(passports),
        country_years=read_country_years(folder / "country_years.csv"),
        countries=countries(),
        groups=tables.read_table(tables.GroupMember, folder),
        iccpr=tables.read_table(tables.TreatyStatus, folder),
        fatf=tables.read_table(tables.FatfListing, folder),
        embargoes=tables.read_table(tables.Embargo, folder),
        regions=tables.read_table(tables.Region, folder),
        places=Places(folder),
        hubs=tables.read_table(tables.Hub, folder),
        vendors=tables.read_table(tables.Vendor, folder),
        misuse=tables.read_table(tables.Misuse, folder),
        spyware_use=tables.read_table(tables.SpywareUse, folder),
        military_intelligence=tables.read_table(tables.MilitaryIntelligenceUser, folder),
        rules_in_force=tables.read_table(tables.RuleInForce, folder),
    )
