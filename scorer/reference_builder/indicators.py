"""Country indicators of several publishers, re-tabulated into one row per country and year."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FIRST_YEAR = 2005
# Codes of older or private use -> ISO 3166-1 alpha-3. V-Dem's West Bank series stands for Palestine, as in its codes.
_CODES = {
    "OWID_KOS": "XKX",
    "ADO": "AND",
    "ROM": "ROU",
    "TMP": "TLS",
    "WBG": "PSE",
    "ZAR": "COD",
    "KSV": "XKX",
}
_WEST_BANK = "Palestine/West Bank"

Table = dict[tuple[str, int], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Series:
    """One raw series: its file, the column of its values, and the column it becomes; `decimals` None for counts."""

    file: str
    value: str
    column: str
    decimals: int | None = 3


OWID = (
    Series("owid_human-rights-index-vdem.csv.gz", "Human Rights Index", "civil_liberties"),
    Series("owid_rule-of-law-index.csv.gz", "Rule of Law index", "rule_of_law"),
    Series("owid_freedom-of-expression-index.csv.gz", "Freedom of expression index", "freedom_expression"),
    Series("owid_liberal-democracy-index.csv.gz", "Liberal democracy index", "liberal_democracy"),
    Series("owid_political-regime.csv.gz", "Political regime", "regime", None),
    Series("owid_deaths-in-armed-conflicts.csv.gz", "Best estimate", "conflict_deaths", None),
)
VDEM_V14 = (
    Series("vdem_v14_demspaces_dv_1968_on.csv.gz", "v2xcs_ccsi", "civil_society"),
    Series("vdem_v14_demspaces_dv_1968_on.csv.gz", "v2x_horacc_osp", "horizontal_accountability"),
)
WGI = {"rl": "wgi_rule_of_law", "va": "wgi_voice", "pv": "wgi_stability"}
COLUMNS = (
    "iso3",
    "year",
    "civil_liberties",
    "rule_of_law",
    "freedom_expression",
    "liberal_democracy",
    "regime",
    "civil_society",
    "horizontal_accountability",
    "conflict_deaths",
    "wgi_rule_of_law",
    "wgi_voice",
    "wgi_stability",
)


def country_years(raw: Path, known: set[str]) -> list[dict[str, str]]:
    """One row per country and year from 2005 on; `known` are the codes of countries, which leaves out aggregates."""
    table: Table = defaultdict(dict)
    for series in OWID:
        _take(table, _owid(raw, series), series, known)
    for series in VDEM_V14:
        _take(table, _vdem_v14(raw, series), series, known)
    for code, year, column, value in _wgi(raw):
        if code in known and year >= FIRST_YEAR:
            table[code, year][column] = _number(value, 3)
    return [{"iso3": code, "year": str(year), **table[code, year]} for code, year in sorted(table)]


def _take(table: Table, values: Iterator[tuple[str, int, str]], series: Series, known: set[str]) -> None:
    for code, year, value in values:
        if code in known and year >= FIRST_YEAR and value:
            table[code, year][series.column] = _number(value, series.decimals)


def _number(text: str, decimals: int | None) -> str:
    """A figure in its shortest form: 0.540 and 0.54 are the same figure."""
    if decimals is None:
        return str(int(float(text)))
    return repr(round(float(text), decimals) + 0.0)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _owid(raw: Path, series: Series) -> Iterator[tuple[str, int, str]]:
    for row in _rows(raw / series.file):
        code = "PSE" if row["Entity"] == _WEST_BANK else _CODES.get(row["Code"], row["Code"])
        yield code, int(row["Year"]), row[series.value]


def _vdem_v14(raw: Path, series: Series) -> Iterator[tuple[str, int, str]]:
    for row in _rows(raw / series.file):
        yield row["country_text_id"], int(row["year"]), row[series.value]


def _wgi(raw: Path) -> Iterator[tuple[str, int, str, str]]:
    for row in _rows(raw / "wgi_2024_update.csv.gz"):
        if row["indicator"] in WGI and row["estimate"] not in ("", ".."):
            code = _CODES.get(row["code"], row["code"])
            yield code, int(row["year"]), WGI[row["indicator"]], row["estimate"]
