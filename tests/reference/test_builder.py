"""The builder makes the committed data again, byte for byte."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from hrdd.reference.names import DATA

build = pytest.importorskip("reference_builder.build", reason="the builder is not part of the installed package")
passports = pytest.importorskip("reference_builder.passports")


def raw_material() -> Path:
    """The folder of raw material; skips, saying so, where it is absent."""
    folder = Path(os.environ.get("HRDD_REFERENCE") or build.ROOT.parent / "shared" / "reference")
    if not (folder / "raw").is_dir():
        pytest.skip(f"no raw reference material in {folder}: the committed data cannot be compared with it")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.shared
def test_the_builder_reproduces_the_committed_files(tmp_path: Path) -> None:
    """The same raw material gives the same bytes, passports included."""
    build.build(raw_material(), tmp_path)
    built, committed = contents(tmp_path), contents(DATA)
    assert [name for name in committed if built.get(name) != committed[name]] == []
    assert built.keys() == committed.keys()


def test_passports_follow_from_the_data(tmp_path: Path) -> None:
    """Hashes and row counts of the committed passports are those of the committed files."""
    shutil.copytree(DATA, tmp_path / "data")
    passports.write_passports(tmp_path / "data")
    assert (tmp_path / "data" / "passports.yaml").read_bytes() == (DATA / "passports.yaml").read_bytes()


def test_too_few_rows_stop_the_build(tmp_path: Path) -> None:
    """A table that shrinks out of its range is looked at by a person before it is carried."""
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "embargoes.csv").write_text("iso3\nIRN\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="expected"):
        passports.write_passports(tmp_path / "data")


def test_missing_raw_material_is_said(tmp_path: Path) -> None:
    """A folder without raw material stops the build with a sentence that names it."""
    with pytest.raises(SystemExit, match="HRDD_REFERENCE"):
        build.raw_folder(str(tmp_path))
