"""Passports of all data files: what is known by hand, plus the hash and the row count of what was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hrdd.reference.passports import count_rows, file_hash

FACTS = Path(__file__).resolve().parent / "facts"
_ORDER = (
    "id",
    "file",
    "columns",
    "title",
    "publisher",
    "source",
    "version",
    "date",
    "licence",
    "attribution",
    "origin",
    "status",
    "retrieved",
    "look_again_by",
    "rows_min",
    "rows_max",
    "rows",
    "sha256",
    "decides",
)


def write_passports(folder: Path) -> None:
    """Write `passports.yaml` for the files in a folder; raise where a file has fewer or more rows than it may."""
    stated: list[dict[str, Any]] = yaml.safe_load((FACTS / "passports.yaml").read_text(encoding="utf-8"))
    entries = [_complete(entry, folder) for entry in stated]
    unnamed = {path.name for path in folder.glob("*.csv")} - {entry["file"] for entry in entries}
    if unnamed:
        raise SystemExit(f"No passport for {', '.join(sorted(unnamed))}; add it to facts/passports.yaml.")
    text = "# Written by the reference builder; edit its facts/passports.yaml, then build again.\n"
    text += yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=110)
    (folder / "passports.yaml").write_bytes(text.encode())


def _complete(entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    path = folder / entry["file"]
    rows = count_rows(path, tuple(entry.get("columns", ())))
    if not entry["rows_min"] <= rows <= entry["rows_max"]:
        raise SystemExit(
            f"{entry['file']} has {rows} rows for {entry['id']}, expected {entry['rows_min']} to "
            f"{entry['rows_max']}; look at the raw material before widening the range."
        )
    if not isinstance(entry["date"], date):
        raise SystemExit(f"The date of passport {entry['id']} is not a date.")
    made = {"columns": [], "decides": True, **entry, "rows": rows, "sha256": file_hash(path)}
    return {key: made[key] for key in _ORDER}
