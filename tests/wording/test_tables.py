"""The wording tables as a whole: sound rows, known targets, and every term found by its own reader."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from hrdd.columns import CATEGORIES, INPUT_BY_KEY
from hrdd.wording import read_end_users, read_products
from hrdd.wording.compiled import compile_entries, dump, load
from hrdd.wording.end_users import SECURITY_TYPES
from hrdd.wording.entries import Entry, entries, source
from hrdd.wording.folding import fold_each
from hrdd.wording.lexicon import Lexicon, lexicon
from hrdd.wording.products import gravity

FILES = ("products", "end_users", "end_uses")
CATEGORY_IDS = {category.id for category in CATEGORIES}
TYPES = set(INPUT_BY_KEY["end_user_type"].choices)
TARGETS = {
    ("products", "category"): CATEGORY_IDS - {"general_it"},
    ("products", "goods"): {"general_it"},
    ("products", "ordinary"): {"general_it", "privacy_security", "network_management", "cyber_testing"},
    ("products", "context"): {"limited", "general_it", "network_management", "voice_biometrics"},
    ("products", "mark"): {"hint", "covert", "minority"},
    ("products", "filler"): {"filler"},
    ("products", "misspelt"): {"meant", "real"},
    ("end_users", "type"): TYPES,
    ("end_users", "ordinary"): TYPES,
    ("end_users", "brand"): {"Private telecom"},
    ("end_users", "country"): {"country"},
    ("end_users", "mark"): {"security", "listed"},
    ("end_users", "placeholder"): {"placeholder"},
    ("end_users", "filler"): {"filler"},
    ("end_users", "misspelt"): {"meant", "real"},
    ("end_uses", "vague"): {"vague"},
    ("end_uses", "filler"): {"filler"},
    ("end_uses", "misspelt"): {"meant", "real"},
    ("end_uses", "purpose"): {"national_security", "repressive", "concrete"},
    ("end_uses", "limited"): {"limited"},
    ("end_uses", "ordinary"): {"plain"},
}
#: Tables in which one word may rightly say two things.
SHARED = {"mark", "purpose", "context", "limited"}


def spelled(entry: Entry) -> str:
    """A text that has the entry's parts, apart and in reverse order."""
    return " - ".join(part.strip("*") for part in reversed(entry.parts))


def plain(entry: Entry) -> str:
    """A text that has the entry's parts in their order."""
    return " ".join(part.strip("*") for part in entry.parts)


def of_table(name: str, table: str) -> list[Entry]:
    """The entries of one table of one file."""
    return [entry for entry in entries(name) if entry.table == table]


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_known_table_target_weight_and_language(name: str) -> None:
    """A misspelt table or target would silently say nothing."""
    for entry in entries(name):
        assert entry.target in TARGETS[name, entry.table], entry
        assert entry.weight in {"firm", "loose"}, entry
        assert len(entry.language) == 2, entry
        assert entry.language.isalpha(), entry


@pytest.mark.parametrize("name", FILES)
def test_scopes_are_categories_and_stand_where_they_are_used(name: str) -> None:
    """Context and limiting words bear on named categories; no other word has a scope."""
    for entry in entries(name):
        assert bool(entry.scope) == (entry.table in {"context", "limited"}), entry
        assert set(entry.scope) <= CATEGORY_IDS, entry


@pytest.mark.parametrize("name", FILES)
def test_no_term_stands_twice_in_a_table_with_different_targets(name: str) -> None:
    """One word, one reading; the gravest was chosen when the table was written."""
    targets: dict[object, set[str]] = defaultdict(set)
    rows = entries(name)
    folded = fold_each([entry.term.replace("*", " ").replace("+", " ") for entry in rows])
    for entry, text in zip(rows, folded, strict=True):
        if entry.table not in SHARED:
            stars = tuple(part.endswith("*") for part in entry.parts)
            targets[entry.table, text, stars, len(entry.parts)].add(entry.target)
    assert {key: found for key, found in targets.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", FILES)
def test_terms_are_words_and_stars_stand_at_their_ends(name: str) -> None:
    """A star inside a word, an empty part or a phrase that hides in parts would never be found."""
    for entry in entries(name):
        assert all("*" not in part.strip("*") for part in entry.parts), entry
        assert entry.table not in {"ordinary", "brand"} or len(entry.parts) == 1, entry
    assert all(fold_each([part for entry in entries(name) for part in entry.parts]))


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_sorted_plain_csv(name: str) -> None:
    """Rows in a fixed order make differences readable."""
    text = source(f"wording_{name}.csv").decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == ["table", "target", "term", "language", "weight", "scope", "note"]
    tables = [row["table"] for row in rows]
    assert tables == sorted(tables, key=tables.index)
    assert "\r" not in text


def test_every_trade_name_has_a_maker_and_a_report() -> None:
    """A trade name is a fact: who makes it, which report or paper says so, and whether that was read again."""
    text = source("wording_trade_names.csv").decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == ["category", "name", "reading", "maker", "source", "provenance"]
    assert rows == sorted(rows, key=lambda row: (row["category"], row["name"]))
    for row in rows:
        assert row["category"] in CATEGORY_IDS - {"general_it"}, row
        assert row["reading"] in {"firm", "loose", "hint"}, row
        assert row["provenance"] in {"verified", "recalled"}, row
        assert row["maker"], row
        assert row["source"], row


@pytest.mark.parametrize("name", FILES)
def test_every_term_is_found_in_a_text_made_of_it(name: str) -> None:
    """No term is lost to folding, word boundaries or a longer phrase."""
    words, listed = lexicon(name), entries(name)
    size = len(listed)
    both = [spelled(entry) for entry in listed] + [plain(entry) for entry in listed]
    hits = words.hits(words.find(both))
    found = set(zip((hits.rows % size).tolist(), hits.entries.tolist(), strict=True))
    lost = [entry.term for number, entry in enumerate(listed) if (number, number) not in found]
    assert lost == []


@pytest.mark.parametrize("name", FILES)
def test_the_compiled_tables_are_those_of_the_tables(name: str) -> None:
    """After an edit of a table the builder has to run; until then the tables are compiled anew at every start."""
    shipped = files("hrdd") / "data" / "compiled" / f"wording_{name}.json"
    assert shipped.read_text(encoding="utf-8") == dump(name)
    assert load(name) == compile_entries(entries(name))


def test_tables_that_were_edited_since_are_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled file of other tables is not used."""
    monkeypatch.setattr("hrdd.wording.compiled._fingerprint", lambda reader: "another")
    assert load("end_uses") == compile_entries(entries("end_uses"))


def test_every_category_term_reads_at_least_as_grave_as_its_category() -> None:
    """Alone, no term is lowered by other words of the tables."""
    rows = of_table("products", "category")
    reading = read_products([spelled(entry) for entry in rows])
    lower = [
        (entry.term, found)
        for entry, found, hinted in zip(rows, reading.category, reading.hints, strict=True)
        if not hinted and (found is None or gravity(found) < gravity(entry.target))
    ]
    assert lower == []


def test_every_ordinary_phrase_reads_as_its_benign_category() -> None:
    """A phrase that is listed to calm a reading does so when it stands alone."""
    rows = of_table("products", "ordinary")
    reading = read_products([spelled(entry) for entry in rows])
    wrong = [
        (entry.term, found)
        for entry, found, hinted in zip(rows, reading.category, reading.hints, strict=True)
        if hinted or found != entry.target
    ]
    assert wrong == []


def test_every_security_term_allows_a_security_reading() -> None:
    """Alone, no police, military, intelligence, border or prison word is read as anything less."""
    rows = [entry for entry in of_table("end_users", "type") if entry.target in SECURITY_TYPES]
    reading = read_end_users([spelled(entry) for entry in rows])
    lost = [entry.term for entry, security in zip(rows, reading.security, strict=True) if not security]
    assert lost == []


def test_every_category_can_be_read_in_many_languages() -> None:
    """Each category has words in English and in at least seven other languages."""
    languages = defaultdict(set)
    for entry in entries("products"):
        if entry.table in {"category", "ordinary"}:
            languages[entry.target].add(entry.language)
    few = {target: found for target, found in languages.items() if "en" not in found or len(found) < 8}
    assert few == {}
    assert set(languages) == CATEGORY_IDS


def test_a_lexicon_of_no_words_finds_nothing() -> None:
    """An empty table is a table."""
    words = Lexicon(compile_entries([]))
    assert not words.hits(words.find(["spyware"])).any().any()
