"""A passport says where a data file comes from, how old it is and under what terms it is carried."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrdd.errors import HrddError

STATUSES = ("verified", "unverified", "recalled")


class DamagedReference(HrddError):
    """A data file that is not the one its passport describes."""


@dataclass(frozen=True, slots=True)
class Passport:
    """Origin, age, terms and identity of a data file, or of some columns of it.

    `rows` counts the rows that have a value in `columns` (all rows where `columns` is empty). `status` is how far the
    content was checked: verified against its source, unverified, or recalled (written from memory, not yet checked).
    """

    id: str
    file: str
    columns: tuple[str, ...]
    title: str
    publisher: str
    source: str
    version: str
    date: dt.date
    licence: str
    attribution: str
    origin: str
    status: str
    retrieved: dt.date
    look_again_by: dt.date
    rows_min: int
    rows_max: int
    rows: int
    sha256: str
    decides: bool = True


def read_passports(folder: Path) -> tuple[Passport, ...]:
    """The passports of a data folder, in the order of its `passports.yaml`."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: list[dict[str, Any]] = yaml.load((folder / "passports.yaml").read_bytes(), loader)  # noqa: S506
    return tuple(Passport(**{**entry, "columns": tuple(entry.get("columns") or ())}) for entry in entries)


def overdue(passports: Iterable[Passport], today: dt.date) -> tuple[Passport, ...]:
    """The passports whose data should have been looked at again before `today`."""
    return tuple(passport for passport in passports if passport.look_again_by < today)


def fingerprint(passports: Iterable[Passport]) -> str:
    """One hash over the identity of all data files that decide: equal fingerprints, equal ratings."""
    text = "".join(f"{passport.id} {passport.sha256}\n" for passport in passports if passport.decides)
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def count_rows(path: Path, columns: tuple[str, ...] = ()) -> int:
    """Rows of a CSV file that have a value in one of the columns, or all rows where none is named."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return sum(1 for row in rows if not columns or any(row[column] for column in columns))


def check_hash(passport: Passport, folder: Path) -> None:
    """Raise `DamagedReference` where the file is missing or is not the one of its passport."""
    path = folder / passport.file
    if not path.is_file():
        raise DamagedReference(f"Reference file {passport.file} is missing; install hrdd again.")
    if file_hash(path) != passport.sha256:
        raise DamagedReference(
            f"Reference file {passport.file} is not the one its passport {passport.id} describes (its SHA-256 "
            "differs); install hrdd again, or rebuild the reference data if you changed it on purpose."
        )


def check_rows(passport: Passport, folder: Path) -> None:
    """Raise `DamagedReference` where the file has not the rows that its passport states and expects."""
    rows = count_rows(folder / passport.file, passport.columns)
    if rows != passport.rows or not passport.rows_min <= rows <= passport.rows_max:
        raise DamagedReference(
            f"Reference file {passport.file} has {rows} rows for passport {passport.id}, which states "
            f"{passport.rows} and expects {passport.rows_min} to {passport.rows_max}; rebuild the reference data."
        )
