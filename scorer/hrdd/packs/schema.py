"""What a rule pack is: frozen records whose attributes are the words of the YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from hrdd.packs.logic import Expression, leaves

RuleType = Literal[
    "red_flag",
    "extension_flag",
    "consideration",
    "mitigation",
    "scope",
    "escalation",
    "deleted",
    "definition",
    "information",
    "resource",
    "law_example",
]
Provenance = Literal["C-FINAL", "C-DRAFT", "C-OTHER", "RECALLED-H", "RECALLED-M", "RECALLED-L", "DERIVED"]
Status = Literal["preview", "stable", "retired"]
Stage = Literal["first", "deciding", "going_on"]
AnswerWord = Literal["YES", "UNKNOWN", "NO", "N/A"]
Truth = bool | None

#: The types whose rules are answered for each row.
FLAG_TYPES: tuple[RuleType, ...] = ("red_flag", "extension_flag")
#: The types that become to-dos for a row, and never points.
TODO_TYPES: tuple[RuleType, ...] = ("consideration", "mitigation")

#: When a to-do is due: before all else, before the decision, or as a safeguard when the deal goes on.
STAGES: tuple[Stage, ...] = ("first", "deciding", "going_on")

#: How each code is said to a reader.
PROVENANCE_WORDS: Mapping[Provenance, str] = {
    "C-FINAL": "confirmed by stored text that quotes or describes the final text of 2020",
    "C-DRAFT": "confirmed for the draft of 2019 only; it may not stand in the final text",
    "C-OTHER": "from another instrument, not from this one",
    "RECALLED-H": "recalled with high confidence, not confirmed",
    "RECALLED-M": "recalled with medium confidence, not confirmed",
    "RECALLED-L": "recalled with low confidence, not confirmed",
    "DERIVED": "our own inference, not in the text",
}
NOT_VERIFIED = "not verified against the source"
#: In a cell condition: any value but a blank or Unknown.
ANY = "any"

#: Cell conditions that must all hold: column key -> accepted values (`ANY` for whatever is filled in).
Cells = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from: its key in the pack, its name, address, and how far it was read."""

    key: str
    title: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a text: what it looks at, in our own words, and how well that is confirmed."""

    number: int
    title: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Example:
    """One worked answer of a rule: signals by id, any not named is unknown; `scope` may be unknown too."""

    name: str
    given: Mapping[str, Truth]
    answer: AnswerWord
    scope: Truth


@dataclass(frozen=True, eq=False)
class Rule:
    """One entry of a pack: a question, a to-do, a definition or a fact, with where it comes from.

    `never_no` marks a flag whose NO only a person can give; otherwise `no_when` of None means "whenever
    `yes_when` is false". `also` are provenance codes of parts of the entry. `level` is "company" where the
    to-do is done once and not for each row; `todo_in` names the entry whose to-do includes this one.
    `changes` maps a revision to what it changed.
    """

    id: str
    pack: str
    type: RuleType
    step: int
    title: str
    paraphrase: str
    why: str
    provenance: Provenance
    also: tuple[Provenance, ...]
    provenance_note: str
    sources: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None
    verified_on: date | None
    yes_when: Expression | None
    no_when: Expression | None
    never_no: bool
    applies_when: Expression | None
    reads: tuple[str, ...]
    todo: str
    todo_in: str
    todo_stage: Stage
    todo_when: Expression | None
    todo_unless: Expression | None
    todo_if: Cells
    done_when: Cells
    level: Literal["row", "company"]
    ordinary_when: str
    does_not_see: str
    examples: tuple[Example, ...]
    revision: int
    since: str
    status: Status
    changes: Mapping[int, str]

    @property
    def verified(self) -> bool:
        """Whether the entry is confirmed for the final text; only then may it be shown without a caveat."""
        return self.provenance == "C-FINAL"

    @property
    def is_flag(self) -> bool:
        """Whether rows are answered for this rule."""
        return self.type in FLAG_TYPES

    @property
    def is_todo(self) -> bool:
        """Whether the rule can put a sentence on a row's list of things to do."""
        return self.type in TODO_TYPES and bool(self.todo) and self.level == "row"

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """The signals that decide the answer, each once, in reading order."""
        cited = (*leaves(self.yes_when), *leaves(self.no_when), *leaves(self.applies_when))
        return tuple(dict.fromkeys(cited))


@dataclass(frozen=True, eq=False)
class Pack:
    """A rule pack: one text, its sources and its entries in explicit order.

    `applies` is "always" for a text that serves as a yardstick at any date, "dated" where a rule binds only
    from `effective_from` to the day before `effective_to`. `scope` is "guidance" where the product and
    end-user gate decides, "any" where every row is asked.
    """

    id: str
    name: str
    version: str
    publisher: str
    published: date
    verified_on: date | None
    url: str
    applies: Literal["always", "dated"]
    scope: Literal["guidance", "any"]
    note: str
    sources: Mapping[str, Source]
    steps: Mapping[int, Step]
    rules: tuple[Rule, ...]

    @cached_property
    def flags(self) -> tuple[Rule, ...]:
        """The red and extension flags in use, in the pack's order."""
        return tuple(rule for rule in self.rules if rule.is_flag and rule.status != "retired")

    @cached_property
    def todos(self) -> tuple[Rule, ...]:
        """The considerations and mitigations that can become a row's to-do, the most pressing stage first."""
        asked = [rule for rule in self.rules if rule.is_todo and rule.status != "retired"]
        return tuple(sorted(asked, key=lambda rule: STAGES.index(rule.todo_stage)))
