"""What must be true of the repository itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import hrdd
from hrdd_cli.main import COMMANDS

ROOT = Path(__file__).parents[1]
TOP = {"addin", "scorer", "workbook_templates", "cli", "tests", "docs", "benchmarks", "examples"}
VERDICTS = re.compile(r"\b(violat\w+|approved|cleared|guilty)\b", re.IGNORECASE)


def test_the_version_is_one() -> None:
    """Package, project file and changelog speak of the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == hrdd.__version__
    assert f"## {hrdd.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme() -> None:
    """A command that the README does not know is not there for a reader."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"hrdd {name}" in readme for name in COMMANDS)


def test_the_top_level_is_the_agreed_one() -> None:
    """Each root holds one package; nothing else grows beside them."""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders - {"scored", "build", "dist"} <= TOP | {path.name for path in ROOT.glob("*.egg-info")}


def test_modules_stay_short() -> None:
    """No module of the product passes 400 lines."""
    roots = ("scorer", "workbook_templates", "cli", "addin")
    long = [p.name for root in roots for p in (ROOT / root).rglob("*.py") if p.read_text("utf-8").count("\n") > 400]
    assert long == []


@pytest.mark.parametrize("name", ["outputs.csv", "signals.csv", "columns.csv"])
def test_no_word_of_the_product_is_a_verdict(name: str) -> None:
    """A red flag is a call to look closer, not a finding."""
    text = (ROOT / "scorer" / "hrdd" / "data" / name).read_text(encoding="utf-8")
    assert VERDICTS.findall(text) == []


def test_the_project_names_no_registry_and_no_machine() -> None:
    """Pins are plain versions; no path of a machine stands in what is shipped."""
    constraints = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in constraints
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in constraints.split())
