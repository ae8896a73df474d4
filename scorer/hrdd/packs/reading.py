"""Strict reading of a pack file: all attributes are known, all references resolve, or the place is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar, get_args

from hrdd.columns import INPUT_BY_KEY
from hrdd.errors import BadCatalogue
from hrdd.packs.logic import Expression, leaves, parse
from hrdd.packs.schema import (
    TODO_TYPES,
    AnswerWord,
    Cells,
    Example,
    Pack,
    Provenance,
    Rule,
    RuleType,
    Source,
    Stage,
    Status,
    Step,
)
from hrdd.signal_table import signal_table

T = TypeVar("T")

_ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")
TITLE_LENGTH = 70
#: Types that state a fact or a meaning and need no reason of their own.
_EXPLAINS_ITSELF = ("definition", "information", "resource", "law_example")


class _Attributes:
    """The attributes of one entry, taken one by one; what nobody took is unknown and refused."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise BadCatalogue(f"{where}: an entry is a list of attributes, not {type(raw).__name__}.")
        self.given: dict[str, Any] = raw
        self.raw: dict[str, Any] = dict(raw)
        self.where = where

    def refuse(self, problem: str) -> BadCatalogue:
        return BadCatalogue(f"{self.where}: {problem}.")

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        """Take an attribute of exactly this kind; without a default it must be there."""
        value = self.raw.pop(name, default)
        if value is None:
            raise self.refuse(f"{name} is missing")
        if type(value) is not kind:
            raise self.refuse(f"{name} is {value!r}, expected {_KINDS[kind]}")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        words = " ".join(self.take(name, str, default).split())
        if default is None and not words:
            raise self.refuse(f"{name} is empty")
        return words

    def one_of(self, name: str, choices: tuple[Any, ...], default: Any = None) -> Any:
        value = self.raw.pop(name, default)
        if value not in choices or isinstance(value, bool):
            raise self.refuse(f"{name} is {value!r}, expected one of {', '.join(map(str, choices))}")
        return value

    def day(self, name: str, default: date | None = None) -> date | None:
        value = self.raw.pop(name, default)
        if value is not None and type(value) is not date:
            raise self.refuse(f"{name} is {value!r}, expected a date such as 2020-09-30")
        return value

    def names(self, name: str, known: Mapping[str, object] | tuple[Any, ...], what: str) -> tuple[Any, ...]:
        values = self.take(name, list, [])
        unknown = [value for value in values if value not in known]
        if unknown:
            raise self.refuse(f"{name} has {unknown[0]!r}, which is not {what}")
        return tuple(values)

    def expression(self, name: str) -> Expression | None:
        raw = self.raw.pop(name, None)
        return None if raw is None else parse(raw, signal_table(), f"{self.where}, {name}")

    def cells(self, name: str) -> Cells:
        raw = self.take(name, dict, {})
        return {column: self._accepted(name, column, values) for column, values in raw.items()}

    def _accepted(self, name: str, column: str, values: object) -> tuple[str, ...]:
        if column not in INPUT_BY_KEY:
            raise self.refuse(f"{name} has {column!r}, which is not an input column")
        accepted = values if isinstance(values, list) else [values]
        choices = ("any", *INPUT_BY_KEY[column].choices)
        unknown = [value for value in accepted if value not in choices]
        if unknown or not accepted:
            raise self.refuse(f"{name} has {unknown} for {column}, expected {', '.join(choices)} (in quotes)")
        return tuple(accepted)

    def end(self) -> None:
        if self.raw:
            raise self.refuse(f"{next(iter(self.raw))} is not an attribute")


_KINDS: dict[type, str] = {
    str: "text (in quotes)",
    int: "a whole number",
    list: "a list",
    dict: "a list of attributes",
}


def read_pack(raw: object, file: str) -> Pack:
    """Turn the content of a pack file into a `Pack`; raises `BadCatalogue` naming file and rule."""
    top = _Attributes(raw, file)
    rules = top.take("rules", list)
    sources, steps = _sources(top), _steps(top)
    published = top.day("published")
    if published is None:
        raise top.refuse("published is missing")
    head: dict[str, Any] = {
        "id": top.text("id"),
        "name": top.text("name"),
        "version": top.text("version"),
        "publisher": top.text("publisher"),
        "published": published,
        "verified_on": top.day("verified_on"),
        "url": top.text("url"),
        "applies": top.one_of("applies", ("always", "dated")),
        "scope": top.one_of("scope", ("guidance", "any")),
        "note": top.text("note", ""),
    }
    since = top.text("since")
    top.end()
    read = _rule_reader(head["id"], published, since, sources, file)
    read_rules = tuple(read(place, rule) for place, rule in enumerate(rules))
    _check_references(read_rules, steps, file)
    return Pack(**head, sources=sources, steps=steps, rules=read_rules)


def _check_references(rules: tuple[Rule, ...], steps: Mapping[int, Step], file: str) -> None:
    """Refuse a step or a to-do of another entry that the pack does not have."""
    with_todo = {rule.id for rule in rules if rule.is_todo}
    for rule in rules:
        if rule.step not in steps:
            raise BadCatalogue(f"{file}, rule {rule.id}: step {rule.step} is not in the pack's steps.")
        if rule.todo_in and rule.todo_in not in with_todo:
            raise BadCatalogue(f"{file}, rule {rule.id}: todo_in is {rule.todo_in}, which has no to-do for rows.")


def _sources(top: _Attributes) -> dict[str, Source]:
    found = {}
    for key, raw in top.take("sources", dict).items():
        entry = _Attributes(raw, f"{top.where}, source {key}")
        found[key] = Source(key, entry.text("title"), entry.text("url", ""), entry.text("note", ""))
        entry.end()
    return found


def _steps(top: _Attributes) -> dict[int, Step]:
    found = {}
    for number, raw in top.take("steps", dict).items():
        entry = _Attributes(raw, f"{top.where}, step {number}")
        if type(number) is not int:
            raise entry.refuse("a step has a whole number")
        found[number] = Step(number, entry.text("title"), entry.one_of("provenance", get_args(Provenance)))
        entry.end()
    return found


def _rule_reader(
    pack: str, published: date, since: str, sources: Mapping[str, Source], file: str
) -> Callable[[int, object], Rule]:
    def read(place: int, raw: object) -> Rule:
        name = raw.get("id") if isinstance(raw, dict) else None
        entry = _Attributes(raw, f"{file}, rule {name or f'number {place + 1}'}")
        rule = Rule(
            pack=pack,
            **_identity(entry),
            **_origin(entry, sources, published),
            **_asked(entry),
            **_life(entry, since),
        )
        entry.end()
        _check(rule, entry)
        return rule

    return read


def _identity(entry: _Attributes) -> dict[str, Any]:
    return {
        "id": entry.text("id"),
        "type": entry.one_of("type", get_args(RuleType)),
        "step": entry.one_of("step", tuple(range(100)), 0),
        "title": entry.text("title"),
        "paraphrase": entry.text("paraphrase"),
        "why": entry.text("why", ""),
        "ordinary_when": entry.text("ordinary_when", ""),
        "does_not_see": entry.text("does_not_see", ""),
    }


def _origin(entry: _Attributes, sources: Mapping[str, Source], published: date) -> dict[str, Any]:
    return {
        "provenance": entry.one_of("provenance", get_args(Provenance)),
        "also": entry.names("also", get_args(Provenance), "a provenance code"),
        "provenance_note": entry.text("provenance_note", ""),
        "sources": entry.names("sources", sources, "in the pack's table of sources"),
        "effective_from": entry.day("effective_from", published),
        "effective_to": entry.day("effective_to"),
        "verified_on": entry.day("verified_on"),
    }


def _asked(entry: _Attributes) -> dict[str, Any]:
    """What is asked of a row: the question of a flag or the task of a to-do, and the columns behind it."""
    question, task = _question(entry), _task(entry)
    reads = entry.names("reads", INPUT_BY_KEY, "an input column")
    return {**question, **task, "reads": reads or _columns_behind(question, task)}


def _columns_behind(question: dict[str, Any], task: dict[str, Any]) -> tuple[str, ...]:
    """The columns of the signals that a flag cites, or of the cells that a to-do looks at."""
    expressions = (question[name] for name in ("yes_when", "no_when", "applies_when"))
    cited = [column for asked in expressions for leaf in leaves(asked) for column in signal_table()[leaf].reads]
    return tuple(dict.fromkeys([*cited, *task["todo_if"], *task["done_when"]]))


def _question(entry: _Attributes) -> dict[str, Any]:
    never_no = "no_when" in entry.raw and entry.raw["no_when"] is None
    return {
        **{name: entry.expression(name) for name in ("yes_when", "no_when", "applies_when")},
        "never_no": never_no,
        "examples": tuple(_example(entry, raw) for raw in entry.take("examples", list, [])),
    }


def _example(entry: _Attributes, raw: object) -> Example:
    part = _Attributes(raw, f"{entry.where}, example")
    given = part.take("given", dict, {})
    for name, value in given.items():
        if name not in signal_table() or not _is_truth(value):
            raise part.refuse(f"given has {name}: {value!r}, expected a signal with true, false or null")
    scope = part.raw.pop("scope", True)
    if not _is_truth(scope):
        raise part.refuse(f"scope is {scope!r}, expected true, false or null")
    example = Example(part.text("name"), given, part.one_of("answer", get_args(AnswerWord)), scope)
    part.end()
    return example


def _is_truth(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _task(entry: _Attributes) -> dict[str, Any]:
    return {
        "todo": entry.text("todo", ""),
        "todo_in": entry.text("todo_in", ""),
        "todo_stage": entry.one_of("todo_stage", get_args(Stage), _usual_stage(entry)),
        "todo_when": entry.expression("todo_when"),
        "todo_unless": entry.expression("todo_unless"),
        "todo_if": entry.cells("todo_if"),
        "done_when": entry.cells("done_when"),
        "level": entry.one_of("level", ("row", "company"), "row"),
    }


def _usual_stage(entry: _Attributes) -> Stage:
    return "going_on" if entry.given.get("type") == "mitigation" else "deciding"


def _life(entry: _Attributes, since: str) -> dict[str, Any]:
    changes = entry.take("changes", dict, {})
    if not all(type(key) is int and type(words) is str for key, words in changes.items()):
        raise entry.refuse("changes maps a revision number to what it changed")
    return {
        "revision": entry.take("revision", int, 1),
        "since": entry.text("since", since),
        "status": entry.one_of("status", get_args(Status), "stable"),
        "changes": changes,
    }


def _check(rule: Rule, entry: _Attributes) -> None:
    """Refuse entries whose parts do not go together."""
    if not _ID.fullmatch(rule.id):
        raise entry.refuse("id must be capital letters and figures joined by hyphens, as in HRDD-2-RF-01")
    if len(rule.title) > TITLE_LENGTH:
        raise entry.refuse(f"title has {len(rule.title)} characters, at most {TITLE_LENGTH} fit a column head")
    if rule.revision < 1 or any(not 1 < number <= rule.revision for number in rule.changes):
        raise entry.refuse("revision counts from 1, and changes may name only revisions up to it")
    if not rule.is_flag and (rule.signals or rule.never_no or rule.examples):
        raise entry.refuse(f"only flags are answered; a {rule.type} has no yes_when, no_when or examples")
    if not rule.why and rule.type not in _EXPLAINS_ITSELF:
        raise entry.refuse("why is missing")
    if (rule.todo or rule.todo_in) and rule.type not in TODO_TYPES:
        raise entry.refuse(f"a {rule.type} has no to-do")
    if rule.todo and rule.todo_in:
        raise entry.refuse("a to-do of its own and todo_in exclude each other")
    if any(leaf.startswith("R-") for leaf in rule.signals):
        raise entry.refuse("R- signals are results and may stand only in todo_when")
