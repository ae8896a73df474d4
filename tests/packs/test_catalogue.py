"""What must be true of the whole catalogue."""

from __future__ import annotations

import dataclasses
import pickle
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hrdd.columns import INPUT_BY_KEY, flag_columns
from hrdd.errors import BadCatalogue, UnknownRule
from hrdd.packs import Catalogue, Rule, load_catalogue
from hrdd.packs.catalogue import rule_fingerprint
from hrdd.signal_table import signal_table

VERDICT_WORDS = re.compile(r"\b(violat\w*|approved?|cleared?|safe|illegal\w*|guilty|criminal)\b", re.IGNORECASE)

#: The count table of the design: step -> red flags C-FINAL, C-DRAFT, RECALLED-H, -M, -L; others final, draft.
COUNTS = {
    1: (0, 0, 2, 0, 0, 3, 0),
    2: (1, 0, 1, 2, 2, 0, 1),
    3: (1, 0, 0, 3, 3, 0, 1),
    4: (0, 0, 0, 4, 2, 0, 2),
    5: (0, 0, 0, 0, 0, 0, 3),
    6: (0, 0, 0, 0, 0, 1, 7),
    7: (0, 0, 0, 0, 0, 0, 0),
    8: (0, 0, 0, 0, 0, 1, 1),
}
#: Every numbered series of the design: prefix -> last number.
SERIES = {
    "HRDD-1-CON": 5, "HRDD-1-RF": 2, "HRDD-1-XF": 1,
    "HRDD-2-CON": 3, "HRDD-2-RF": 6, "HRDD-2-RF-DEL": 1,
    "HRDD-3-CON": 3, "HRDD-3-RF": 7,
    "HRDD-4-CON": 4, "HRDD-4-RF": 6,
    "HRDD-5-CON": 1, "HRDD-5-MIT": 6, "HRDD-5-XM": 1, "HRDD-5-MIT-DEL": 1,
    "HRDD-6-MIT": 12, "HRDD-7-MIT": 4, "HRDD-8-MIT": 4,
    "HRDD-0-DEC": 1, "HRDD-0-CON": 1, "HRDD-0-SCOPE": 2,
    "DEF": 19, "MIS": 10, "RISK": 14, "CHG": 11, "UPD": 17, "A1": 13, "A2": 14,
}  # fmt: skip


def step_counts(rules: list[Rule]) -> tuple[int, ...]:
    """Count one step's entries as the design's table does."""
    flags: Counter[str] = Counter(rule.provenance for rule in rules if rule.type == "red_flag")
    others = [rule for rule in rules if rule.type in ("consideration", "mitigation")]
    final = sum(rule.provenance == "C-FINAL" for rule in others)
    draft = sum("C-DRAFT" in (rule.provenance, *rule.also) and not rule.verified for rule in others)
    codes = ("C-FINAL", "C-DRAFT", "RECALLED-H", "RECALLED-M", "RECALLED-L")
    return (*(flags[code] for code in codes), final, draft)


def test_counts_per_step_are_those_of_the_design(catalogue: Catalogue) -> None:
    """Each step has as many confirmed, drafted and recalled entries as the design counts."""
    found = {step: step_counts([rule for rule in catalogue.rules if rule.step == step]) for step in COUNTS}
    # law examples of Appendix 2 stand in step 3 and are neither flags nor to-dos
    assert found == COUNTS


def test_cross_cutting_entries_are_confirmed(catalogue: Catalogue) -> None:
    """The four cross-cutting entries are confirmed for the final text."""
    cross = [rule for rule in catalogue.rules if rule.id.startswith("HRDD-0-")]
    assert len(cross) == 4
    assert all(rule.verified for rule in cross)


def test_every_series_is_complete(catalogue: Catalogue) -> None:
    """Every numbered series runs from 01 to its end without a gap, and there is nothing else."""
    wanted = {f"{prefix}-{number:02}" for prefix, last in SERIES.items() for number in range(1, last + 1)}
    assert {rule.id for rule in catalogue.rules} == wanted


def test_ids_are_unique_and_ordered(catalogue: Catalogue) -> None:
    """No id is used twice, and the flags come in the order of the steps."""
    ids = [rule.id for rule in catalogue.rules]
    assert len(set(ids)) == len(ids)
    assert [rule.id for rule in catalogue.red_flags] == sorted(
        (rule.id for rule in catalogue.red_flags), key=lambda name: (name[5], ids.index(name))
    )


def test_deleted_items_explain_themselves_and_do_not_score(catalogue: Catalogue) -> None:
    """The two deleted items are entries with a reason and neither flags nor to-dos."""
    deleted = [rule for rule in catalogue.rules if rule.type == "deleted"]
    assert [rule.id for rule in deleted] == ["HRDD-2-RF-DEL-01", "HRDD-5-MIT-DEL-01"]
    assert all(rule.why and rule.verified and not rule.is_flag and not rule.is_todo for rule in deleted)


def test_titles_and_sentences_give_no_verdict(catalogue: Catalogue) -> None:
    """No word of a rule speaks a verdict, and titles fit a column head."""
    for rule in catalogue.rules:
        words = " ".join((rule.title, rule.paraphrase, rule.why, rule.todo, rule.ordinary_when, rule.does_not_see))
        assert not VERDICT_WORDS.search(words), rule.id
        assert 0 < len(rule.title) <= 70, rule.id
        assert not rule.title.endswith("."), rule.id


def test_sentences_are_sentences(catalogue: Catalogue) -> None:
    """Paraphrases, reasons and to-dos begin with a capital and end with a full stop."""
    for rule in catalogue.rules:
        for words in filter(None, (rule.paraphrase, rule.why, rule.todo, rule.ordinary_when, rule.does_not_see)):
            assert words[0].isupper(), (rule.id, words)
            assert words.endswith("."), (rule.id, words)


def test_flags_say_when_they_are_ordinary_and_what_they_miss(catalogue: Catalogue) -> None:
    """Each flag has a reason, an ordinary case and its blind spot."""
    for rule in catalogue.red_flags:
        assert rule.why, rule.id
        assert rule.ordinary_when, rule.id
        assert rule.does_not_see, rule.id


def test_what_a_rule_reads_exists(catalogue: Catalogue) -> None:
    """Each column a rule reads is an input column, and each flag and row to-do reads one."""
    for rule in catalogue.rules:
        assert set(rule.reads) <= set(INPUT_BY_KEY), rule.id
        if rule.is_flag or rule.is_todo:
            assert rule.reads, rule.id
        assert set(rule.done_when) <= set(rule.reads), rule.id


def test_reads_of_a_flag_cover_its_signals_unless_they_are_stated(catalogue: Catalogue) -> None:
    """A flag without reads of its own reads all columns behind its signals."""
    stated = {"HRDD-3-RF-05", "HRDD-3-RF-06", "HRDD-3-RF-07"}
    for rule in catalogue.red_flags:
        if rule.id not in stated:
            behind = {column for name in rule.signals for column in signal_table()[name].reads}
            assert set(rule.reads) == behind, rule.id


def test_sources_resolve_and_are_used(catalogue: Catalogue) -> None:
    """Confirmed entries name a source; every source is in the table, has an address and is cited."""
    for pack in catalogue.packs:
        cited = {key for rule in pack.rules for key in rule.sources}
        uncited = {"S10", "D9", "D12"}  # read, and standing behind the background only
        assert cited == set(pack.sources) - uncited
        assert all(source.url.startswith("http") for source in pack.sources.values())
    for rule in catalogue.rules:
        assert rule.sources or not rule.provenance.startswith("C-"), rule.id


def test_only_the_confirmed_are_verified(catalogue: Catalogue) -> None:
    """An entry is verified exactly when it is confirmed for the final text."""
    for rule in catalogue.rules:
        assert rule.verified == (rule.provenance == "C-FINAL")


def test_every_row_to_do_can_be_ended(catalogue: Catalogue) -> None:
    """A to-do that stands in rows has a cell that ends it; the rest is another's, the company's or the scorer's."""
    for rule in catalogue.rules:
        if rule.type in ("consideration", "mitigation"):
            assert bool(rule.done_when) == rule.is_todo, rule.id
            covered = [rule.is_todo, bool(rule.todo_in), rule.level == "company", rule.id == "HRDD-1-CON-02"]
            assert sum(covered) == 1, rule.id


def test_to_dos_are_short_enough_for_a_cell(catalogue: Catalogue) -> None:
    """A to-do is one sentence of at most 120 characters."""
    for rule in catalogue.rules:
        assert len(rule.todo) <= 120, (rule.id, len(rule.todo))


def test_every_safeguard_column_ends_a_to_do(catalogue: Catalogue) -> None:
    """Each safeguard column of the workbook answers a mitigation when Verified."""
    ended = {column for rule in catalogue.rules for column, values in rule.done_when.items() if "Verified" in values}
    assert ended == {key for key in INPUT_BY_KEY if key.startswith("s_")}


def test_flags_become_columns_with_distinct_headers(catalogue: Catalogue) -> None:
    """Each flag gives one output column, and no two share a header."""
    headers = [column.header for column in flag_columns(catalogue.red_flags)]
    assert len(set(headers)) == len(headers) == len(catalogue.red_flags)


def test_a_rule_is_found_in_any_case_and_without_its_prefix(catalogue: Catalogue) -> None:
    """People type ids loosely."""
    for spelling in ("HRDD-2-RF-01", "hrdd-2-rf-01", " 2-rf-01 "):
        assert catalogue.rule(spelling).id == "HRDD-2-RF-01"


def test_an_unknown_rule_is_answered_with_the_nearest(catalogue: Catalogue) -> None:
    """A wrong id names the ids that come nearest."""
    with pytest.raises(UnknownRule, match=r"HRDD-2-RF-1.*HRDD-2-RF-01"):
        catalogue.rule("HRDD-2-RF-1")
    with pytest.raises(UnknownRule, match="STATE-2020"):
        catalogue.pack("STATE")


def test_the_catalogue_is_read_once_and_frozen(catalogue: Catalogue) -> None:
    """Loading twice gives the same object, nobody can change it, and it travels between processes."""
    assert load_catalogue() is load_catalogue() is catalogue
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.packs = ()  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.rules[0].title = "x"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(catalogue)).fingerprint == catalogue.fingerprint


def test_the_fingerprint_is_the_same_in_another_process(catalogue: Catalogue) -> None:
    """Hash seeds and processes do not reach the fingerprint."""
    code = "from hrdd.packs import load_catalogue; print(load_catalogue().fingerprint)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == catalogue.fingerprint
    assert re.fullmatch("[0-9a-f]{64}", catalogue.fingerprint)


def test_every_word_and_question_is_in_the_fingerprint(catalogue: Catalogue) -> None:
    """Changing a word or a question changes a rule's fingerprint; stepping its revision does not."""
    rule = catalogue.rule("HRDD-2-RF-01")
    for change in ({"title": "x"}, {"yes_when": None}, {"never_no": True}, {"provenance": "C-DRAFT"}, {"sources": ()}):
        assert rule_fingerprint(dataclasses.replace(rule, **change)) != rule_fingerprint(rule)
    assert rule_fingerprint(dataclasses.replace(rule, revision=2, changes={2: "x"})) == rule_fingerprint(rule)


def test_loading_needs_no_pandas() -> None:
    """The catalogue can be listed without the weight of pandas or pydantic."""
    code = (
        "import sys; from hrdd.packs import load_catalogue; import hrdd.handbook; load_catalogue();"
        "print(sorted({'pandas', 'pydantic', 'openpyxl'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


OWN_PACK = """
id: ACME
name: House rules
version: "1"
publisher: Acme
published: 2026-01-01
url: https://example.com/rules
applies: always
scope: any
since: "1"
sources: {}
steps: {0: {title: All, provenance: DERIVED}}
rules:
  - id: ACME-01
    type: red_flag
    title: Paid in cash
    paraphrase: Payment is unusual.
    why: We do not take cash.
    provenance: DERIVED
    yes_when: T-CASH
"""


def test_a_company_adds_a_pack_of_its_own(tmp_path: Path, catalogue: Catalogue) -> None:
    """A pack file is added behind the shipped ones, and its flags behind theirs."""
    path = tmp_path / "acme.yaml"
    path.write_text(OWN_PACK, encoding="utf-8")
    ours = load_catalogue([path])
    assert [pack.id for pack in ours.packs] == ["STATE-2020", "ACME"]
    assert ours.red_flags[-1].id == "ACME-01"
    assert ours.version == "STATE-2020 1.0; ACME 1"
    assert load_catalogue([]) is catalogue


def test_a_pack_cannot_be_added_twice(tmp_path: Path) -> None:
    """The same pack, or a rule id that is taken, is refused by name."""
    path = tmp_path / "acme.yaml"
    path.write_text(OWN_PACK, encoding="utf-8")
    with pytest.raises(BadCatalogue, match="pack id ACME is used twice"):
        load_catalogue([path, path])
    path.write_text(OWN_PACK.replace("ACME-01", "HRDD-2-RF-01"), encoding="utf-8")
    with pytest.raises(BadCatalogue, match="rule id HRDD-2-RF-01 is used twice"):
        load_catalogue([path])
