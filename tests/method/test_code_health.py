"""Signals, facts and method are pure and vectorised, checked on their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(str(files("hrdd")))
FOLDERS = ("signals", "facts", "method")
MODULES = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]
PURE = [path for path in MODULES if path.name != "levels.py"]

#: Row loops in disguise, clocks and chance; and what opens files, which only the reader of the policy file may.
ROW_LOOPS = {"apply", "applymap", "iterrows", "itertuples", "items_by_row", "map_rows", "transform", "pipe"}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "getdate"}
CHANCE = {"random", "shuffle", "choice", "sample", "default_rng", "seed", "uuid4", "urandom", "getrandbits"}
OPENERS = {"read_text", "read_bytes", "read_csv", "read_excel", "load", "loads", "fromfile", "urlopen", "getenv"}
UNWELCOME_MODULES = {
    "random",
    "secrets",
    "time",
    "datetime",
    "os",
    "io",
    "pathlib",
    "socket",
    "urllib",
    "subprocess",
    "uuid",
}


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


every_module = pytest.mark.parametrize("path", MODULES, ids=_name)
every_pure_module = pytest.mark.parametrize("path", PURE, ids=_name)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _called(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The names of everything called or handed on as an attribute, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0], node.lineno


def _uses(path: Path, names: set[str]) -> list[str]:
    return [f"{_name(path)}:{line} {name}" for name, line in _called(_tree(path)) if name in names]


def test_there_is_something_to_check() -> None:
    """All three folders are found, with the modules that decide."""
    assert {path.parent.name for path in MODULES} == set(FOLDERS)
    assert {"capability.py", "place.py", "rating.py", "policy.py"} <= {path.name for path in MODULES}


@every_module
def test_no_row_is_looped_over(path: Path) -> None:
    """A question is asked of all rows at once: no apply, iterrows or itertuples."""
    assert not _uses(path, ROW_LOOPS)


@every_module
def test_no_clock_is_read_and_no_dice_are_thrown(path: Path) -> None:
    """A rating hangs on the row and the data alone."""
    assert not _uses(path, CLOCKS | CHANCE)


@every_pure_module
def test_no_file_is_opened(path: Path) -> None:
    """Only the reader of the policy file reads one; everything else is given what it needs."""
    assert not _uses(path, OPENERS)
    calls = [node.func for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    assert not [name.lineno for name in calls if isinstance(name, ast.Name) and name.id == "open"]


@every_pure_module
def test_no_module_of_the_outside_world_is_imported(path: Path) -> None:
    """No clock, chance, file, process or network is even at hand."""
    found = [f"{_name(path)}:{line} {name}" for name, line in _imported(_tree(path)) if name in UNWELCOME_MODULES]
    assert not found


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                methods = (part for part in node.body if isinstance(part, ast.FunctionDef))
                yield from (part for part in methods if not part.name.startswith("_"))


@every_module
def test_every_public_function_says_what_it_does(path: Path) -> None:
    """Modules, public classes, functions and methods have a docstring whose first line is a sentence."""
    tree = _tree(path)
    texts = {node.name: ast.get_docstring(node) for node in _public(tree)}
    texts["module"] = ast.get_docstring(tree)
    for name, text in texts.items():
        assert text, f"{_name(path)}: {name} has no docstring"
        assert text.split("\n\n")[0].rstrip().endswith((".", "?", ":")), f"{_name(path)}: {name}"


@every_module
def test_functions_are_short(path: Path) -> None:
    """No function is longer than 60 lines, and no module longer than 400."""
    tree = _tree(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 60, f"{_name(path)}: {node.name}"
