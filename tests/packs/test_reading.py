"""A pack file that does not follow the schema is refused with file, rule and attribute."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hrdd.errors import BadCatalogue
from hrdd.packs import load_pack

HEAD = """\
id: ACME
name: House rules
version: "1"
publisher: Acme
published: 2026-01-01
url: https://example.com/rules
applies: always
scope: any
since: "1"
sources:
  K1: {title: A book}
steps: {0: {title: All, provenance: DERIVED}}
rules:
"""
FLAG = {
    "id": "ACME-01",
    "type": "red_flag",
    "title": "Paid in cash",
    "paraphrase": "Payment is unusual.",
    "why": "We do not take cash.",
    "provenance": "DERIVED",
    "yes_when": "T-CASH",
}


def pack_file(folder: Path, rule: dict[str, str], head: str = HEAD) -> Path:
    """Write a pack of one rule whose attributes are given as YAML text."""
    lines = [f"{name}: {value}" for name, value in rule.items()]
    path = folder / "acme.yaml"
    path.write_text(head + "  - " + "\n    ".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "colour is not an attribute"),
        ({"type": "verdict"}, "type is 'verdict', expected one of red_flag"),
        ({"provenance": "C-FINALLY"}, "provenance is 'C-FINALLY'"),
        ({"also": "[HEARSAY]"}, "also has 'HEARSAY', which is not a provenance code"),
        ({"step": "7"}, "step 7 is not in the pack's steps"),
        ({"title": "x" * 71}, "title has 71 characters"),
        ({"title": "2020.1"}, "title is 2020.1, expected text (in quotes)"),
        ({"title": "''"}, "title is empty"),
        ({"paraphrase": "[a, b]"}, "paraphrase is ['a', 'b'], expected text"),
        ({"why": "''"}, "why is missing"),
        ({"sources": "[K2]"}, "sources has 'K2', which is not in the pack's table of sources"),
        ({"reads": "[colour]"}, "reads has 'colour', which is not an input column"),
        ({"yes_when": "T-CASHES"}, "yes_when: T-CASHES is not a signal; the nearest is T-CASH"),
        ({"yes_when": "{some_of: [T-CASH]}"}, "is not a question"),
        ({"yes_when": "R-HIGH"}, "R- signals are results"),
        ({"todo": "Do it."}, "a red_flag has no to-do"),
        ({"todo_in": "ACME-02"}, "a red_flag has no to-do"),
        ({"done_when": "{colour: Yes}"}, "done_when has 'colour', which is not an input column"),
        ({"done_when": "{s_grievance: Yes}"}, "done_when has ['Yes'] for s_grievance, expected any, Verified, No"),
        ({"done_when": "{s_grievance: []}"}, "for s_grievance, expected any, Verified"),
        ({"revision": "0"}, "revision counts from 1"),
        ({"revision": "true"}, "revision is True, expected a whole number"),
        ({"changes": "{2: more words}"}, "changes may name only revisions up to it"),
        ({"changes": "{two: more words}"}, "changes maps a revision number"),
        ({"status": "old"}, "status is 'old'"),
        ({"level": "planet"}, "level is 'planet'"),
        ({"effective_from": "soon"}, "effective_from is 'soon', expected a date"),
        ({"examples": "[{name: x, given: {T-CASH: maybe}, answer: YES}]"}, "given has T-CASH: 'maybe'"),
        ({"examples": "[{name: x, given: {X-Y: true}, answer: YES}]"}, "given has X-Y: True"),
        ({"examples": "[{name: x, given: {}, answer: MAYBE}]"}, "answer is 'MAYBE'"),
        ({"examples": "[{name: x, given: {}, answer: NO, scope: 1}]"}, "scope is 1"),
        ({"examples": "[{name: x, given: {}, answer: NO, rows: 2}]"}, "rows is not an attribute"),
        ({"examples": "[x]"}, "an entry is a list of attributes, not str"),
        ({"type": "definition"}, "only flags are answered; a definition has no yes_when"),
    ],
)
def test_a_bad_rule_is_refused(change: dict[str, str], words: str, tmp_path: Path) -> None:
    """Each wrong attribute is refused in a sentence that names file, rule and what was expected."""
    with pytest.raises(BadCatalogue, match=re.escape(words)) as caught:
        load_pack(pack_file(tmp_path, {**FLAG, **change}))
    assert str(caught.value).startswith("acme.yaml, rule ACME-01")
    assert "\n" not in str(caught.value)


TASK = {name: words for name, words in FLAG.items() if name != "yes_when"} | {"type": "mitigation"}


def test_a_to_do_is_its_own_or_part_of_another(tmp_path: Path) -> None:
    """A to-do that is part of another names an entry that has one, and has no sentence of its own."""
    with pytest.raises(BadCatalogue, match="rule ACME-01: todo_in is ACME-02, which has no to-do for rows"):
        load_pack(pack_file(tmp_path, {**TASK, "todo_in": "ACME-02"}))
    with pytest.raises(BadCatalogue, match="exclude each other"):
        load_pack(pack_file(tmp_path, {**TASK, "todo_in": "ACME-02", "todo": "Do it."}))


def test_a_rule_without_an_id_is_found_by_its_number(tmp_path: Path) -> None:
    """A rule that cannot be named is counted."""
    nameless = {name: value for name, value in FLAG.items() if name != "id"}
    with pytest.raises(BadCatalogue, match=r"acme\.yaml, rule number 1: id is missing"):
        load_pack(pack_file(tmp_path, nameless))


def test_a_bad_id_is_refused(tmp_path: Path) -> None:
    """Ids are capital letters and figures joined by hyphens."""
    with pytest.raises(BadCatalogue, match="id must be capital letters"):
        load_pack(pack_file(tmp_path, {**FLAG, "id": "acme 1"}))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("scope: any", "scope: all", "scope is 'all', expected one of guidance, any"),
        ("published: 2026-01-01", "published: null", "published is missing"),
        ('version: "1"', "version: 1", "version is 1, expected text (in quotes)"),
        ('since: "1"', 'since: "1"\ncolour: red', "colour is not an attribute"),
        ("{title: A book}", "{title: A book, author: Me}", "source K1: author is not an attribute"),
        ("{0: {title", "{zero: {title", "step zero: a step has a whole number"),
        ("scope: any", "scope: any\nscope: any", "line 9: scope is given twice"),
        ("name: House rules", "name: [", "this is not a readable rule pack"),
        ("name: House rules", "name: !!python/object:os.system x", "this is not a readable rule pack"),
    ],
)
def test_a_bad_head_is_refused(old: str, new: str, words: str, tmp_path: Path) -> None:
    """Wrong heads, repeated keys and text that is not plain YAML are refused by file and line."""
    with pytest.raises(BadCatalogue, match=re.escape(words)) as caught:
        load_pack(pack_file(tmp_path, FLAG, HEAD.replace(old, new)))
    assert str(caught.value).startswith("acme.yaml")


def test_a_repeated_attribute_is_refused(tmp_path: Path) -> None:
    """A key given twice in a rule is refused with its line, where YAML would let the last one win."""
    path = pack_file(tmp_path, FLAG)
    path.write_text(path.read_text(encoding="utf-8") + "    yes_when: T-NDA\n", encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"acme\.yaml, line 21: yes_when is given twice"):
        load_pack(path)


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    """Missing files, bytes and lists are refused in one sentence."""
    with pytest.raises(BadCatalogue, match="cannot be read"):
        load_pack(tmp_path / "absent.yaml")
    path = tmp_path / "acme.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadCatalogue, match="cannot be read"):
        load_pack(path)
    path.write_text("- a\n- b\n", encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"acme\.yaml: an entry is a list of attributes, not list"):
        load_pack(path)


def test_yes_and_no_stay_words(tmp_path: Path) -> None:
    """YES and NO need no quotes in a pack, unlike in YAML 1.1."""
    examples = (
        "[{name: paid in cash, given: {T-CASH: true}, answer: YES}, {name: not, given: {T-CASH: false}, answer: NO}]"
    )
    rule = load_pack(pack_file(tmp_path, {**FLAG, "examples": examples})).rules[0]
    assert [example.answer for example in rule.examples] == ["YES", "NO"]
    assert rule.examples[0].given == {"T-CASH": True}


def test_white_space_is_folded(tmp_path: Path) -> None:
    """Line breaks inside a sentence become single spaces."""
    rule = load_pack(pack_file(tmp_path, {**FLAG, "why": ">-\n      We do not\n      take   cash."})).rules[0]
    assert rule.why == "We do not take cash."


def test_defaults_of_a_rule(tmp_path: Path) -> None:
    """What a rule does not say is taken from its pack or is the ordinary case."""
    rule = load_pack(pack_file(tmp_path, FLAG)).rules[0]
    assert (rule.revision, rule.status, rule.level, rule.since, rule.pack) == (1, "stable", "row", "1", "ACME")
    assert rule.reads == ("q_unusual_payment",)
    assert rule.effective_from is not None
    assert rule.effective_from.isoformat() == "2026-01-01"
