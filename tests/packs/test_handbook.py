"""The catalogue as text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hrdd.handbook import (
    coverage,
    coverage_table,
    provenance_sentence,
    rule_as_json,
    rule_page,
    rule_table,
    rules_as_json,
)
from hrdd.packs import Catalogue, load_catalogue
from hrdd.packs.schema import NOT_VERIFIED, Rule

CATALOGUE = load_catalogue()
HEADINGS = [
    "What it finds", "What it says", "Why it matters", "Where it comes from", "What it reads", "When it answers what",
    "Examples", "To do", "Ordinary when", "Does not see", "History",
]  # fmt: skip


@pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.id)
def test_every_rule_has_a_page(rule: Rule) -> None:
    """Each page has its title, its sections in order, an honest word on its origin, and one newline at the end."""
    page = rule_page(rule, CATALOGUE)
    assert page.startswith(f"# {rule.id} {rule.title}\n")
    assert page.endswith("\n")
    assert not page.endswith("\n\n")
    found = re.findall(r"^## (.+)$", page, flags=re.MULTILINE)
    assert found == [heading for heading in HEADINGS if heading in found]
    assert rule.paraphrase in page
    assert (NOT_VERIFIED in page) != rule.verified
    assert "not a quotation" in page
    assert all(pack.sources[key].title in page for pack in CATALOGUE.packs for key in rule.sources)


def test_a_flag_says_when_it_answers_what() -> None:
    """The page of a flag names all four answers and every signal that decides them."""
    for rule in CATALOGUE.red_flags:
        page = rule_page(rule, CATALOGUE)
        assert all(f"- **{word}** " in page for word in ("YES", "NO", "UNKNOWN", "N/A")), rule.id
        assert all(f"({name})" in page for name in rule.signals), rule.id
        assert all(example.name in page for example in rule.examples), rule.id


def test_a_page_in_full() -> None:
    """One page is held word by word."""
    assert rule_page(CATALOGUE.rule("HRDD-2-RF-06"), CATALOGUE) == (
        Path(__file__).parent / "HRDD-2-RF-06.md"
    ).read_text(encoding="utf-8")


def test_what_a_machine_cannot_answer_is_said() -> None:
    """The page of a flag that only a person can raise says so."""
    page = rule_page(CATALOGUE.rule("3-RF-07"), CATALOGUE)
    assert "**YES** only by a person; never by the scorer." in page
    assert "**NO** by inference, when none of these is so:" in page


def test_a_to_do_says_when_it_is_done() -> None:
    """The page of a mitigation says for which rows it stands and which cell ends it."""
    page = rule_page(CATALOGUE.rule("6-MIT-11"), CATALOGUE)
    assert 'Shown only where "Intermediary" is filled in.' in page
    assert 'Done when "Reseller does its own due diligence" is Verified.' in page
    assert "To be in place if the deal goes on." in page
    assert "Part of the to-do of HRDD-6-MIT-11." in rule_page(CATALOGUE.rule("6-MIT-10"), CATALOGUE)
    assert "Once for the company" in rule_page(CATALOGUE.rule("8-MIT-02"), CATALOGUE)


def test_another_instrument_is_not_shown_as_the_guidance() -> None:
    """The page of an entry from another text does not name the guidance as its origin."""
    for rule_id in ("UPD-17", "HRDD-1-XF-01"):
        page = rule_page(CATALOGUE.rule(rule_id), CATALOGUE)
        assert CATALOGUE.packs[0].name not in page
        assert "from another instrument" in page


def test_provenance_is_said_in_words() -> None:
    """Confirmed entries say by what; all others say that they are not verified."""
    confirmed = provenance_sentence(CATALOGUE.rule("2-RF-01"))
    assert confirmed == "C-FINAL: confirmed by stored text that quotes or describes the final text of 2020."
    recalled = provenance_sentence(CATALOGUE.rule("3-RF-07"))
    assert recalled == "RECALLED-L: recalled with low confidence, not confirmed; not verified against the source."


def test_the_table_has_a_line_for_each_rule(catalogue: Catalogue) -> None:
    """The table of rules has one line per rule, in order, all with the same number of cells."""
    lines = rule_table(catalogue).splitlines()
    assert [line.split(" | ")[0].strip("| ") for line in lines[2:]] == [rule.id for rule in catalogue.rules]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {7}


def test_json_has_every_rule_with_its_sources(catalogue: Catalogue) -> None:
    """The JSON names version and fingerprint, and each rule with its questions as data and its sources resolved."""
    data = json.loads(rules_as_json(catalogue))
    assert data["fingerprint"] == catalogue.fingerprint
    assert [rule["id"] for rule in data["rules"]] == [rule.id for rule in catalogue.rules]
    flag = next(rule for rule in data["rules"] if rule["id"] == "HRDD-2-RF-04")
    assert flag["yes_when"] == {"any_of": ["C-UNREST", "C-REGION"]}
    assert flag["verified"] is False
    assert json.loads(rule_as_json(catalogue.rule("HRDD-2-RF-04"), catalogue)) == flag
    confirmed = next(rule for rule in data["rules"] if rule["id"] == "HRDD-2-RF-01")
    assert confirmed["sources"][0]["url"].startswith("http")


def test_coverage_names_every_item_and_what_answers_it(catalogue: Catalogue) -> None:
    """Each entry is covered by signals, a to-do, a person or nothing, and the last two are said plainly."""
    found = {item.id: item for item in coverage(catalogue)}
    assert list(found) == [rule.id for rule in catalogue.rules]
    assert found["HRDD-2-RF-01"].how == "answered from signals"
    assert "E-ABUSER" in found["HRDD-2-RF-01"].by
    assert "q_agency_misuse" in found["HRDD-2-RF-01"].by
    assert found["HRDD-3-RF-07"].how == "not machine-checkable; NO is inferred"
    assert found["HRDD-1-CON-02"].how == "done by the scorer"
    assert "not machine-checkable" in found["A2-01"].how
    assert "not scored" in found["HRDD-5-MIT-DEL-01"].how
    assert coverage_table(catalogue).count("\n") == len(catalogue.rules) + 2
