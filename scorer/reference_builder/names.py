"""Country codes, names, aliases and names that stand for no one country."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from hrdd.reference.names import fold

FACTS = Path(__file__).resolve().parent / "facts"
# Words of other meanings: "Man" (Isle of Man in Norwegian), "opt" (a verb; OPT is a US visa term).
_DROPPED = {"man", "opt"}


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, as text; blanks and "NA" stay what they are."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def countries(folder: Path) -> list[dict[str, str]]:
    """Codes and English name of every country and territory, by alpha-3 code."""
    rows = [
        {"iso2": row["iso2"], "iso3": row["iso3"], "numeric": row["iso_numeric"], "name": row["name_en"]}
        for row in read(folder / "countries.csv")
    ]
    return sorted(rows, key=lambda row: row["iso3"])


def unresolvable(folder: Path) -> list[dict[str, str]]:
    """Names that must be asked about: ours first, then the raw ones."""
    found: dict[str, dict[str, str]] = {}
    for row in read(FACTS / "names_unresolvable.csv"):
        found.setdefault(fold(row["name"]), {"candidates": row["candidates"], "why": row["why"]})
    for row in read(folder / "ambiguous_names.csv"):
        entry = {"candidates": row["candidates_iso3"], "why": row["why"]}
        found.setdefault(fold(row["normalized"]), entry)
    return [{"name": name, **found[name]} for name in sorted(found)]


def aliases(folder: Path, blocked: set[str]) -> list[dict[str, str]]:
    """Folded alias -> alpha-3; an alias of two countries, or one that must be asked about, is left out."""
    meant: dict[str, set[str]] = defaultdict(set)
    for row in read(folder / "country_aliases.csv"):
        if not row["source"].startswith("iso"):
            meant[_key(row["alias"], row["source"])].add(row["iso3"])
    for row in read(FACTS / "aliases_more.csv"):
        meant[fold(row["alias"])].add(row["iso3"])
    for row in read(folder / "countries.csv"):
        for name in (row["name_en"], row["un_short_name_en"]):
            meant[fold(name)].add(row["iso3"])
    return [
        {"alias": alias, "iso3": next(iter(codes))}
        for alias, codes in sorted(meant.items())
        if len(codes) == 1 and alias and alias not in blocked | _DROPPED
    ]


def _key(alias: str, source: str) -> str:
    """Names of up to three Latin letters keep their accents: Çin is China in Turkish, CIN is not."""
    folded = fold(alias)
    short = len(folded) <= 3 and folded.isascii() and source.startswith("cldr")
    return alias.casefold() if short else folded
