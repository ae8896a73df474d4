"""What the documents show is run: examples give what stands under them."""

from __future__ import annotations

import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import hrdd

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
