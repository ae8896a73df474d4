"""The catalogue: packs in explicit order, found by id, with a fingerprint of every word and question."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from hrdd.errors import BadCatalogue, UnknownRule
from hrdd.packs.logic import as_data
from hrdd.packs.schema import Pack, Rule

_EXPRESSIONS = ("yes_when", "no_when", "applies_when", "todo_when", "todo_unless")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every rule the scorer knows, pack by pack; the order is the order of the files."""

    packs: tuple[Pack, ...]

    def __post_init__(self) -> None:
        _refuse_repeats((pack.id for pack in self.packs), "pack")
        _refuse_repeats((rule.id for rule in self.rules), "rule")

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All entries of all packs, in order."""
        return tuple(rule for pack in self.packs for rule in pack.rules)

    @cached_property
    def red_flags(self) -> tuple[Rule, ...]:
        """The red and extension flags that rows are answered for: one output column each."""
        return tuple(rule for pack in self.packs for rule in pack.flags)

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """Each rule under its id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def fingerprint(self) -> str:
        """A SHA-256 over everything the catalogue says, the same on every machine."""
        return _digest([pack_as_data(pack) for pack in self.packs])

    @property
    def version(self) -> str:
        """Which packs in which version, for the trace of a scored row."""
        return "; ".join(f"{pack.id} {pack.version}" for pack in self.packs)

    def pack(self, pack_id: str) -> Pack:
        """The pack of that id; raises `UnknownRule`."""
        for pack in self.packs:
            if pack.id == pack_id:
                return pack
        have = ", ".join(pack.id for pack in self.packs)
        raise UnknownRule(f'There is no rule pack "{pack_id}"; the catalogue has {have}.')

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id, in any case and with or without its `HRDD-`.

        Raises `UnknownRule` with the nearest ids.
        """
        wanted = rule_id.strip().upper()
        found = self.by_id.get(wanted) or self.by_id.get(f"HRDD-{wanted}")
        if found is None:
            near = ", ".join(self._nearest(wanted))
            raise UnknownRule(f'There is no rule "{rule_id}". The nearest are {near}.')
        return found

    def _nearest(self, wanted: str) -> list[str]:
        from rapidfuzz import fuzz, process

        names = sorted(self.by_id)
        return [name for name, _, _ in process.extract(wanted, names, scorer=fuzz.ratio, limit=3)]


def _refuse_repeats(ids: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise BadCatalogue(f"The {what} id {name} is used twice; every {what} needs an id of its own.")
        seen.add(name)


def rule_as_data(rule: Rule) -> dict[str, Any]:
    """A rule as JSON-ready plain data, every attribute in a fixed order."""
    data = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}
    data.update({name: as_data(data[name]) for name in _EXPRESSIONS})
    data["examples"] = [dataclasses.asdict(example) for example in rule.examples]
    data["changes"] = {str(revision): words for revision, words in rule.changes.items()}
    plain: dict[str, Any] = json.loads(json.dumps(data, default=_plain))
    return plain


def pack_as_data(pack: Pack) -> dict[str, Any]:
    """A pack as JSON-ready plain data: its head, its sources and its rules."""
    data = {field.name: getattr(pack, field.name) for field in dataclasses.fields(pack)}
    data["sources"] = {key: dataclasses.asdict(source) for key, source in pack.sources.items()}
    data["steps"] = [dataclasses.asdict(step) for step in pack.steps.values()]
    data["rules"] = [rule_as_data(rule) for rule in pack.rules]
    plain: dict[str, Any] = json.loads(json.dumps(data, default=_plain))
    return plain


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a catalogue")


def rule_fingerprint(rule: Rule) -> str:
    """A short fingerprint of what a rule asks and says; its life (revision, since, changes) is left out."""
    data = rule_as_data(rule)
    for name in ("revision", "since", "changes"):
        del data[name]
    return _digest(data)[:16]


def pack_fingerprint(pack: Pack) -> str:
    """A short fingerprint of a pack's head, steps and sources; its rules have their own."""
    data = pack_as_data(dataclasses.replace(pack, rules=()))
    del data["version"]
    return _digest(data)[:16]


def _digest(data: object) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
