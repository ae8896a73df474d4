"""Passports: every data file is the one its passport describes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from hrdd.reference import load_reference, overdue
from hrdd.reference.names import DATA
from hrdd.reference.passports import STATUSES, DamagedReference, Passport, check_hash, check_rows, read_passports

PASSPORTS = read_passports(DATA)


@pytest.mark.parametrize("passport", PASSPORTS, ids=lambda passport: passport.id)
def test_a_file_is_the_one_of_its_passport(passport: Passport) -> None:
    """Content, number of rows and expected range are those of the passport."""
    check_hash(passport, DATA)
    check_rows(passport, DATA)


def test_every_data_file_has_a_passport() -> None:
    """No data without an origin."""
    assert {passport.file for passport in PASSPORTS} == {path.name for path in DATA.glob("*.csv")}


@pytest.mark.parametrize("passport", PASSPORTS, ids=lambda passport: passport.id)
def test_a_passport_is_complete(passport: Passport) -> None:
    """Each passport names publisher, source, licence and attribution, and dates in order."""
    assert all((passport.title, passport.publisher, passport.source, passport.licence, passport.attribution))
    assert passport.status in STATUSES
    assert passport.date <= passport.retrieved


def test_ids_are_unique() -> None:
    """A passport is found by its id."""
    assert len({passport.id for passport in PASSPORTS}) == len(PASSPORTS)


def test_the_data_stay_small() -> None:
    """All data files together stay under 3 MB."""
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 3_000_000


def test_overdue_is_the_day_after() -> None:
    """Data are overdue from the day after their look-again date, not on it."""
    first = min(passport.look_again_by for passport in PASSPORTS)
    assert overdue(PASSPORTS, first) == ()
    assert {p.look_again_by for p in overdue(PASSPORTS, first + timedelta(days=1))} == {first}
    assert overdue(PASSPORTS, date.max) == PASSPORTS


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """Data that were changed by hand are not scored with; the error names file and passport."""
    shutil.copytree(DATA, tmp_path / "data")
    with (tmp_path / "data" / "embargoes.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(DamagedReference, match=r"embargoes\.csv"):
        load_reference(tmp_path / "data")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A missing data file is said to be missing."""
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "hubs.csv").unlink()
    with pytest.raises(DamagedReference, match="missing"):
        load_reference(tmp_path / "data")


def test_the_fingerprint_changes_with_the_data() -> None:
    """The fingerprint of the shipped data is stable, and is a SHA-256."""
    assert load_reference().fingerprint == load_reference().fingerprint
    assert len(load_reference().fingerprint) == 64


def test_reference_is_imported_without_pandas() -> None:
    """Importing reference data and country names loads no pandas; only reading the indicators does."""
    code = "import hrdd.reference.countries, sys; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
