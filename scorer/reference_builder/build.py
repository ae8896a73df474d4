"""Rebuild the reference data of hrdd: `python scorer/reference_builder/build.py [RAW_FOLDER] [--out FOLDER]`.

Raw facts come from RAW_FOLDER (default: the environment variable HRDD_REFERENCE, else ../shared/reference beside the
checkout); facts kept by hand come from `facts/` here and from the hand-kept tables in the output folder. The same
input gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hrdd.wording.compiled import dump
from hrdd.wording.entries import SOURCES
from reference_builder import indicators, lists, names
from reference_builder.passports import write_passports

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "scorer" / "hrdd" / "data" / "reference"
COMPILED = OUT.parent / "compiled"
HAND_KEPT = (
    "cases.csv",
    "categories.csv",
    "embargoes.csv",
    "hubs.csv",
    "misuse.csv",
    "places.csv",
    "regions.csv",
    "rules_in_force.csv",
    "wording_end_users.csv",
    "wording_end_uses.csv",
    "wording_products.csv",
    "wording_trade_names.csv",
)


def raw_folder(given: str | None = None) -> Path:
    """Where the raw material is; raises `SystemExit` with a sentence where it is not."""
    folder = Path(given or os.environ.get("HRDD_REFERENCE") or ROOT.parent / "shared" / "reference")
    if not (folder / "raw").is_dir():
        sys.exit(f"No raw reference material in {folder}; name its folder, or set HRDD_REFERENCE.")
    return folder


def tables(root: Path) -> dict[str, tuple[Sequence[str], list[dict[str, str]]]]:
    """Every generated table: file name -> columns and rows."""
    known = {row["iso3"] for row in names.countries(root / "countries")}
    unresolvable = names.unresolvable(root / "countries")
    aliases = names.aliases(root / "countries", {row["name"] for row in unresolvable})
    made = {
        "countries.csv": names.countries(root / "countries"),
        "country_aliases.csv": aliases,
        "unresolvable_names.csv": unresolvable,
        "country_groups.csv": lists.country_groups(root),
        "iccpr.csv": lists.iccpr(root),
        "fatf.csv": lists.fatf(root),
        "military_intelligence.csv": lists.military_intelligence(root),
        "spyware_use.csv": lists.spyware_use(root),
        "vendors.csv": lists.vendors(root),
    }
    found: dict[str, tuple[Sequence[str], list[dict[str, str]]]] = {
        file: (tuple(rows[0]), rows) for file, rows in made.items()
    }
    found["country_years.csv"] = (indicators.COLUMNS, indicators.country_years(root / "raw", known))
    return found


def build(root: Path, out: Path) -> None:
    """Write every generated table and the passports of all files into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    _copy_hand_kept(out)
    for file, (columns, rows) in tables(root).items():
        (out / file).write_bytes(_csv(columns, rows))
    write_passports(out)


def compile_wording() -> None:
    """Write the wording tables of the package in the form in which they are looked up."""
    for reader in SOURCES:
        (COMPILED / f"wording_{reader}.json").write_bytes(dump(reader).encode())


def _copy_hand_kept(out: Path) -> None:
    if out.resolve() != OUT:
        for file in HAND_KEPT:
            (out / file).write_bytes((OUT / file).read_bytes())


def _csv(columns: Sequence[str], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def main(arguments: Sequence[str]) -> None:
    """Build from the folder named on the command line, into the package or into the folder after `--out`."""
    words = list(arguments)
    out = Path(words.pop(words.index("--out") + 1)) if "--out" in words else OUT
    words = [word for word in words if word != "--out"]
    build(raw_folder(words[0] if words else None), out)
    if out == OUT:
        compile_wording()


if __name__ == "__main__":
    main(sys.argv[1:])
