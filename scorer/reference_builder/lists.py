"""Country groups, treaty status, listed vendors: small tables re-tabulated from published facts."""

from __future__ import annotations

import re
from pathlib import Path

from reference_builder.names import FACTS, read

Rows = list[dict[str, str]]


def country_groups(root: Path) -> Rows:
    """Country groups of the Export Administration Regulations, one row per group and country."""
    rows = read(root / "controls" / "ear_country_groups.csv")
    kept = [{"group": row["group"], "iso3": row["iso3"], "label": row["group_label"]} for row in rows]
    return sorted(kept, key=lambda row: (row["group"], row["iso3"]))


def iccpr(root: Path) -> Rows:
    """Standing of each state toward the International Covenant on Civil and Political Rights."""
    rows = read(root / "indicators" / "iccpr_status.csv")
    return sorted(
        ({"iso3": row["iso3"], "status": row["status"], "note": row["note"]} for row in rows),
        key=lambda row: row["iso3"],
    )


def fatf(root: Path) -> Rows:
    """Countries on the black and grey lists of the Financial Action Task Force."""
    rows = read(root / "indicators" / "fatf_lists.csv")
    kept = [{key: row[key] for key in ("iso3", "list", "status")} for row in rows]
    return sorted(kept, key=lambda row: (row["list"], row["iso3"]))


def military_intelligence(root: Path) -> Rows:
    """Military-intelligence end users named in 15 CFR 744.22(f)(2)."""
    rows = read(root / "lists" / "ear_744_22_military_intelligence_end_users.csv")
    return [
        {
            "iso3": row["iso3"],
            "name": row["name"],
            "aliases": row["alias"],
            "effective_from": row["listed_from"],
            "effective_to": "",
            "source": row["source"],
        }
        for row in rows
    ]


def spyware_use(root: Path) -> Rows:
    """Reported state use of spyware: the raw table and further published studies, by country and year."""
    rows = [
        {
            "iso3": row["iso3"],
            "year": row["year"],
            "vendor": row["vendor"],
            "status": row["confidence"],
            "source": row["source"],
            "provenance": "verified",
        }
        for row in read(root / "indicators" / "reported_spyware_use.csv")
    ]
    rows += read(FACTS / "spyware_use_more.csv")
    return sorted(rows, key=lambda row: (row["iso3"], row["year"], row["vendor"], row["status"]))


def vendors(root: Path) -> Rows:
    """Listed makers of surveillance products: since when, until when, by which notice."""
    dates = {row["citation"]: row for row in read(FACTS / "listing_dates.csv")}
    rows = [_vendor(row, dates) for row in read(root / "lists" / "surveillance_vendors_on_csl.csv")]
    rows += read(FACTS / "vendors_more.csv")
    return sorted(rows, key=lambda row: (row["name"].casefold(), row["list_code"], row["effective_from"]))


def _vendor(row: dict[str, str], dates: dict[str, dict[str, str]]) -> dict[str, str]:
    """A listed party, dated by its own entry where there is one, else by its first Federal Register notice."""
    first = row["federal_register_notice"].split(";")[0].strip()
    dated = dates.get(f"{row['list_code']}: {row['name']}") or dates[first]
    return {
        "name": re.sub(r"[\s,]+$", "", row["name"]),
        "aliases": "|".join(alias.strip() for alias in row["alt_names"].split(";") if alias.strip()),
        "search_term": row["search_term"],
        "technology": row["technology"],
        "list_code": row["list_code"],
        "countries": row["countries"].replace(";", "|"),
        "effective_from": dated["date"],
        "effective_to": "",
        "source": dated["source"],
        "provenance": dated["provenance"],
    }
