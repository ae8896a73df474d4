"""The catalogue as text: one page per rule, the table of rules, and what covers each item of the source.

Pure functions from catalogue to text, for the terminal, the documents and the workbook's guide sheet. The
output has no dates of its own and ends in one newline, so it is the same on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hrdd.columns import INPUT_BY_KEY
from hrdd.packs.catalogue import Catalogue, rule_as_data
from hrdd.packs.logic import Expression, in_words
from hrdd.packs.schema import ANY, NOT_VERIFIED, PROVENANCE_WORDS, Cells, Example, Pack, Rule, Truth
from hrdd.signal_table import signal_table

TYPE_WORDS = {
    "red_flag": "Red flag",
    "extension_flag": "Extension flag",
    "consideration": "Consideration",
    "mitigation": "Mitigation",
    "scope": "Scope",
    "escalation": "Escalation",
    "deleted": "Deleted",
    "definition": "Definition",
    "information": "Information",
    "resource": "Resource",
    "law_example": "Example of a law",
}


STAGE_WORDS = {
    "first": "To be done first.",
    "deciding": "To be done before deciding.",
    "going_on": "To be in place if the deal goes on.",
}


def rule_page(rule: Rule, catalogue: Catalogue) -> str:
    """Write the page of one rule as Markdown, sections in fixed order, empty ones left out."""
    pack = catalogue.pack(rule.pack)
    sections = [
        ("What it finds" if rule.is_flag else "What it says", _finds(rule)),
        ("Why it matters", rule.why),
        ("Where it comes from", _origin(rule, pack)),
        ("What it reads", _bullets(f"{INPUT_BY_KEY[key].header} (`{key}`)" for key in rule.reads)),
        ("When it answers what", _when(rule, pack)),
        ("Examples", _examples(rule.examples)),
        ("To do", _to_do(rule)),
        ("Ordinary when", rule.ordinary_when),
        ("Does not see", rule.does_not_see),
        ("History", _history(rule)),
    ]
    body = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in sections if text)
    return f"# {rule.id} {rule.title}\n\n{_subtitle(rule, pack)}\n\n{body}\n"


def _subtitle(rule: Rule, pack: Pack) -> str:
    step = f"step {rule.step}: {pack.steps[rule.step].title}" if rule.step else pack.steps[rule.step].title
    marks = [TYPE_WORDS[rule.type], step, f"{pack.id} {pack.version}", f"revision {rule.revision}"]
    return " · ".join([*marks, *([rule.status] if rule.status != "stable" else [])])


def _finds(rule: Rule) -> str:
    return f"{rule.paraphrase}\n\nOur own paraphrase, not a quotation."


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def provenance_sentence(rule: Rule) -> str:
    """Say how well an entry is confirmed; unless it is confirmed for the final text, that it is not verified."""
    words = PROVENANCE_WORDS[rule.provenance]
    sentence = f"{rule.provenance}: {words}"
    return f"{sentence}." if rule.verified else f"{sentence}; {NOT_VERIFIED}."


def _origin(rule: Rule, pack: Pack) -> str:
    lines = [] if rule.provenance == "C-OTHER" else [_pack_line(pack)]
    lines += [provenance_sentence(rule)]
    lines += [f"In part {code}: {PROVENANCE_WORDS[code]}." for code in rule.also]
    lines += [rule.provenance_note] if rule.provenance_note else []
    lines += [_source_line(pack, key) for key in rule.sources]
    lines += [_date_line(rule, pack)]
    return _bullets(lines)


def _pack_line(pack: Pack) -> str:
    return f"{pack.name} ({pack.publisher}, {pack.published.isoformat()})."


def _source_line(pack: Pack, key: str) -> str:
    source = pack.sources[key]
    note = f" ({source.note})" if source.note else ""
    return f"{key}: {source.title}{note}: <{source.url}>" if source.url else f"{key}: {source.title}{note}"


def _date_line(rule: Rule, pack: Pack) -> str:
    since = rule.effective_from.isoformat() if rule.effective_from else "a date that is not known"
    until = f" to the day before {rule.effective_to.isoformat()}" if rule.effective_to else ""
    checked = rule.verified_on or pack.verified_on
    seen = (
        f"last compared with the source on {checked.isoformat()}"
        if checked
        else "not yet compared with the source itself"
    )
    yardstick = "; held against rows of any date, as a yardstick" if pack.applies == "always" and rule.is_flag else ""
    return f"From {since}{until}{yardstick}; {seen}."


def _when(rule: Rule, pack: Pack) -> str:
    if not rule.is_flag:
        return ""
    lines = [("YES", _yes(rule)), ("NO", _no(rule)), ("UNKNOWN", _unknown(rule)), ("N/A", _not_applicable(rule, pack))]
    return _bullets(f"**{word}** {text}" for word, text in lines if text)


def _say(expression: Expression) -> str:
    return in_words(expression, {name: words.meaning for name, words in signal_table().items()})


def _yes(rule: Rule) -> str:
    return f"when {_say(rule.yes_when)}." if rule.yes_when else "only by a person; never by the scorer."


def _no(rule: Rule) -> str:
    if rule.never_no or (rule.yes_when is None and rule.no_when is None):
        return "only by a person; never by the scorer."
    if rule.no_when is None:
        return "when that is known not to be so."
    ruled_out = "when YES is ruled out and " if rule.yes_when else "by inference, when "
    return f"{ruled_out}{_say(rule.no_when)}."


def _unknown(rule: Rule) -> str:
    weakened = "; also where it would be YES but whether the row is in scope is open" if rule.yes_when else ""
    return f"in all other cases in scope{weakened}."


def _not_applicable(rule: Rule, pack: Pack) -> str:
    reasons = ["the row is out of scope of the guidance (HRDD-0-SCOPE-01)"] if pack.scope == "guidance" else []
    reasons += [f"it is known not to be so that {_say(rule.applies_when)}"] if rule.applies_when else []
    reasons += ["the row's date lies outside the rule's dates"] if pack.applies == "dated" else []
    return f"when {', or '.join(reasons)}." if reasons else ""


_TRUTH_WORDS = {True: "true", False: "false", None: "unknown"}


def _examples(examples: tuple[Example, ...]) -> str:
    if not examples:
        return ""
    rows = [(example.name, _given(example), example.answer) for example in examples]
    return table(("Case", "Known", "Answer"), rows)


def _given(example: Example) -> str:
    known = [f"{name} {_TRUTH_WORDS[value]}" for name, value in example.given.items()]
    return ", ".join([*known, *_scope_words(example.scope)]) or "nothing"


def _scope_words(scope: Truth) -> list[str]:
    return [] if scope is True else ["out of scope"] if scope is False else ["scope unknown"]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table; a bar or a line break within a cell breaks nothing."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell_text, line)) + " |" for line in lines)


def _cell_text(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _to_do(rule: Rule) -> str:
    if rule.todo_in:
        return f"Part of the to-do of {rule.todo_in}."
    if not rule.todo:
        return ""
    if rule.level == "company":
        return f"{rule.todo}\n\nOnce for the company; not a to-do of each row."
    lines = [STAGE_WORDS[rule.todo_stage]]
    lines += [f"Shown when {_say(rule.todo_when)}."] if rule.todo_when else []
    lines += [f"Not where it is known that {_say(rule.todo_unless)}."] if rule.todo_unless else []
    lines += [f"Shown only where {_cells(rule.todo_if)}."] if rule.todo_if else []
    lines += [f"Done when {_cells(rule.done_when)}."] if rule.done_when else []
    return "\n\n".join([rule.todo, *lines])


def _cells(cells: Cells) -> str:
    return " and ".join(_cell(key, values) for key, values in cells.items())


def _cell(key: str, values: tuple[str, ...]) -> str:
    header = INPUT_BY_KEY[key].header
    if values == (ANY,):
        return f'"{header}" is filled in'
    return f'"{header}" is {" or ".join(values)}'


def _history(rule: Rule) -> str:
    retired = ["Retired; the id stays reserved."] if rule.status == "retired" else []
    changes = [f"Revision {number}: {words}" for number, words in sorted(rule.changes.items())]
    return _bullets([f"Since version {rule.since}.", *changes, *retired])


def rule_table(catalogue: Catalogue) -> str:
    """Write all rules as one Markdown table: id, title, type, step, provenance, verified or not."""
    rows = (
        (
            rule.id,
            rule.title,
            TYPE_WORDS[rule.type],
            str(rule.step),
            rule.provenance,
            "yes" if rule.verified else NOT_VERIFIED,
        )
        for rule in catalogue.rules
    )
    return table(("Id", "Title", "Type", "Step", "Provenance", "Verified"), rows) + "\n"


def rules_as_json(catalogue: Catalogue) -> str:
    """Write the catalogue as JSON: version, fingerprint, and every rule with its sources resolved."""
    data = {
        "version": catalogue.version,
        "fingerprint": catalogue.fingerprint,
        "rules": [_with_origin(rule, catalogue.pack(rule.pack)) for rule in catalogue.rules],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def rule_as_json(rule: Rule, catalogue: Catalogue) -> str:
    """Write one rule as JSON, its sources resolved."""
    return json.dumps(_with_origin(rule, catalogue.pack(rule.pack)), indent=2, ensure_ascii=False) + "\n"


def _with_origin(rule: Rule, pack: Pack) -> dict[str, object]:
    named = [pack.sources[key] for key in rule.sources]
    sources = [{"key": s.key, "title": s.title, "url": s.url, "note": s.note} for s in named]
    return {**rule_as_data(rule), "verified": rule.verified, "sources": sources}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What covers one item of a source: how, and by which signals and columns."""

    id: str
    title: str
    how: str
    by: str


_BACKGROUND = {
    "deleted": "deleted from the source; not scored",
    "definition": "meaning of a word used above",
    "information": "information; not scored",
    "resource": "where to read; not scored",
    "law_example": "not machine-checkable; for counsel, see HRDD-3-CON-02",
    "scope": "decides where flags and to-dos apply",
    "escalation": "a person's decision; the scorer writes none",
}


def coverage(catalogue: Catalogue) -> tuple[Coverage, ...]:
    """Find for every rule what covers it, or "not machine-checkable" where that is the truth."""
    return tuple(_covered(rule) for rule in catalogue.rules)


def _covered(rule: Rule) -> Coverage:
    columns = ", ".join(rule.reads)
    if rule.is_flag:
        by = f"{', '.join(rule.signals)} from {columns}" if rule.signals else columns
        return Coverage(rule.id, rule.title, _flag_cover(rule), by)
    how = _todo_cover(rule) if rule.type in ("consideration", "mitigation") else _BACKGROUND[rule.type]
    return Coverage(rule.id, rule.title, how, columns)


def _flag_cover(rule: Rule) -> str:
    if rule.yes_when is not None:
        return "answered from signals"
    return "not machine-checkable; NO is inferred" if rule.no_when else "not machine-checkable"


def _todo_cover(rule: Rule) -> str:
    if rule.level == "company":
        return "company level, once; not machine-checkable in a row"
    if rule.todo_in:
        return f"part of the to-do of {rule.todo_in}"
    if not rule.todo:
        return "done by the scorer"
    return "to-do of the row; a person does it and fills in the cell"


def coverage_table(catalogue: Catalogue) -> str:
    """Write the coverage as one Markdown table."""
    rows = ((item.id, item.title, item.how, item.by) for item in coverage(catalogue))
    return table(("Item", "Title", "Covered", "By"), rows) + "\n"
