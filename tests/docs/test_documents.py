"""What the documents show is run: examples give what stands under them."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest
import yaml

import hrdd
from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import Levels
from hrdd.signals import BY_ID

DOCS = Path(__file__).parents[2] / "docs"
MODULES = [found.name for found in walk_packages(hrdd.__path__, "hrdd.") if not found.name.endswith("__main__")]


def test_the_examples_of_the_python_interface_run() -> None:
    """Every line of the page is run and gives what is printed below it."""
    result = doctest.testfile(str(DOCS / "api.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert result.failed == 0
    assert result.attempted > 10


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name: str) -> None:
    """An example in a docstring gives what it says."""
    module: ModuleType = import_module(name)
    assert doctest.testmod(module).failed == 0


def test_the_public_names_are_the_ones_of_the_page() -> None:
    """Nothing is public that the page does not name, and every name leads somewhere."""
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    for name in hrdd.__all__:
        assert getattr(hrdd, name) is not None
        assert name.startswith("__") or f"`{name}`" in page
    assert dir(hrdd) == sorted(hrdd.__all__)
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        _ = hrdd.scores


def test_a_public_name_is_itself_whatever_was_imported_before() -> None:
    """No module takes the place of a function of its name."""
    code = "import hrdd.explanation, hrdd.engine, hrdd; print(hrdd.explain.__name__, hrdd.score.__name__)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["explain", "score"]


def _leaves(value: object) -> Iterator[str]:
    """Every scalar of the policy file, as the page writes it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (str(key) if str(key) in BY_ID else "",)
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield f"{value:g}" if isinstance(value, float) else str(value)


def test_the_page_of_the_method_tells_the_whole_policy_file() -> None:
    """Every signal, class, number, reason and date of levels.yaml stands on the page, and every field is written."""
    policy = yaml.safe_load((files("hrdd") / "method" / "levels.yaml").read_text(encoding="utf-8"))
    page = " ".join((DOCS / "method.md").read_text(encoding="utf-8").split())
    told = set(_leaves({key: value for key, value in policy.items() if key != "date"}))
    assert [leaf for leaf in told if " ".join(leaf.split()) not in page] == []
    source = (DOCS / "method_page.py").read_text(encoding="utf-8")
    assert [field.name for field in fields(Levels) if f"levels.{field.name}" not in source] == []
    assert all(f"| {INPUT_BY_KEY[key].header} |" in page for key in policy["blanks"])
