"""From YAML files to a catalogue: duplicate keys are refused, `Yes` and `No` stay words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdd.errors import BadCatalogue, why_not
from hrdd.packs.catalogue import Catalogue
from hrdd.packs.reading import read_pack
from hrdd.packs.schema import Pack

if TYPE_CHECKING:
    import yaml

#: The shipped packs, in the order in which they are listed everywhere.
SHIPPED = ("state_2020.yaml",)


def load_catalogue(paths: Sequence[Path] | None = None) -> Catalogue:
    """Load the shipped packs and, behind them, the pack files at `paths`.

    The shipped catalogue is read once per process. Raises `BadCatalogue` naming file, rule and attribute.
    """
    shipped = _shipped()
    if not paths:
        return shipped
    return Catalogue((*shipped.packs, *(load_pack(Path(path)) for path in paths)))


@cache
def _shipped() -> Catalogue:
    folder = files("hrdd.packs")
    texts = ((name, (folder / name).read_text(encoding="utf-8")) for name in SHIPPED)
    return Catalogue(tuple(read_pack(_content(text, name), name) for name, text in texts))


def load_pack(path: Path) -> Pack:
    """Read one pack file; raises `BadCatalogue` where it cannot be read or does not follow the schema."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCatalogue(
            f"The rule pack {path} cannot be read: {why_not(error)}; expected a YAML file in UTF-8."
        ) from error
    return read_pack(_content(text, path.name), path.name)


def _content(text: str, file: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506  # a safe loader that also refuses repeated keys
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}" if mark else ""
        raise BadCatalogue(f"{file}{place}: {error.problem}; this is not a readable rule pack.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadCatalogue(f"{file}: {error}; this is not a readable rule pack.") from error


@cache
def _loader() -> type[yaml.SafeLoader]:
    """A safe loader, in C where it is built, in which only `true` and `false` are truth values."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class StrictLoader(base):  # type: ignore[misc]  # the class is chosen at run time
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            _refuse_repeated_keys(node)
            mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
            return mapping

    StrictLoader.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for letter, resolvers in base.yaml_implicit_resolvers.items()
    }
    import re

    StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])
    return StrictLoader


def _refuse_repeated_keys(node: yaml.MappingNode) -> None:
    from yaml import MarkedYAMLError

    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise MarkedYAMLError(problem=f"{key.value} is given twice", problem_mark=key.start_mark)
        seen.add(key.value)
