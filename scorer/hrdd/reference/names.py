"""Country names as they are compared: folded spellings, codes, and names that must never resolve."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "reference"

_APOSTROPHES = re.compile(r"['’‘`´ʼʻ′]")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "&": " and "})
_SPELLED_OUT = {"st": "saint", "ste": "sainte", "rep": "republic", "dem": "democratic"}
# Combining classes to keep: vowel signs of Indic scripts, viramas and Japanese voicing marks carry meaning.
_KEPT_MARKS = {0, 8, 9}
_PLAIN = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


def fold(text: str) -> str:
    """Bring a country name to the form in which spellings are compared.

    Case, accents, punctuation, a leading or trailing "the", dots in abbreviations and the usual short forms
    ("St.", "Rep.") make no difference: `fold("St. Kitts & Nevis") == fold("Saint Kitts and Nevis")`.

    >>> fold("Congo, Dem. Rep. of the"), fold("U. S. A."), fold("Côte d’Ivoire")
    ('congo democratic republic of', 'usa', 'cote divoire')
    """
    words = _plain_words(text) if text.isascii() else _words(text)
    return " ".join(_joined_letters([_SPELLED_OUT.get(word, word) for word in _without_the(words)]))


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    kept = "".join(c for c in decomposed if unicodedata.combining(c) in _KEPT_MARKS)
    kept = _APOSTROPHES.sub("", unicodedata.normalize("NFC", kept))
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in kept).split()


def _plain_words(text: str) -> list[str]:
    """The same of a text in plain ASCII, several times faster than letter by letter."""
    lowered = _APOSTROPHES.sub("", text.casefold().replace("&", " and "))
    return lowered.encode("ascii").translate(_PLAIN).decode("ascii").split()


def _without_the(words: list[str]) -> list[str]:
    start = 1 if words[:1] == ["the"] and len(words) > 1 else 0
    end = -1 if words[-1:] == ["the"] and len(words) - start > 1 else None
    return words[start:end]


def _joined_letters(words: list[str]) -> list[str]:
    """["u", "s", "a"] -> ["usa"]: single Latin letters in a row are one abbreviation."""
    joined: list[str] = []
    previous_single = False
    for word in words:
        single = len(word) == 1 and word.isascii()
        if single and previous_single:
            joined[-1] += word
        else:
            joined.append(word)
        previous_single = single
    return joined


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with its ISO 3166-1 codes (Kosovo: the user-assigned XK and XKX) and English name."""

    iso2: str
    iso3: str
    numeric: str
    name: str


@dataclass(frozen=True, slots=True)
class Unresolvable:
    """A name that stands for no one country: the countries it may mean, and why."""

    candidates: tuple[str, ...]
    why: str


@cache
def countries() -> dict[str, Country]:
    """ISO 3166-1 alpha-3 -> country."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as lines:
        return {row["iso3"]: Country(**row) for row in csv.DictReader(lines)}


@cache
def codes() -> dict[str, str]:
    """Every ISO 3166-1 code in capitals (alpha-2, alpha-3, three-digit numeric) -> alpha-3."""
    found: dict[str, str] = {}
    for country in countries().values():
        found |= {country.iso2: country.iso3, country.iso3: country.iso3}
        if country.numeric:
            found[country.numeric] = country.iso3
    return found


@cache
def names_of(iso3: str) -> tuple[str, ...]:
    """The folded names of a country, in any language we know, that are long enough to stand in a sentence."""
    return tuple(sorted(name for name, code in (aliases() | main_names()).items() if code == iso3 and len(name) >= 4))


@cache
def main_names() -> dict[str, str]:
    """The folded English name -> alpha-3."""
    return {fold(country.name): country.iso3 for country in countries().values()}


@cache
def aliases() -> dict[str, str]:
    """Folded alias -> alpha-3, about 9,000 spellings in some 50 languages."""
    # Folded names hold no comma and no quotation mark, so a plain split is exact, and five times as fast.
    lines = (DATA / "country_aliases.csv").read_text(encoding="utf-8").split("\n")
    return dict(line.split(",") for line in lines[1:-1])


@cache
def unresolvable() -> dict[str, Unresolvable]:
    """Folded names that must be asked about, never resolved."""
    with (DATA / "unresolvable_names.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["name"]: Unresolvable(tuple(filter(None, row["candidates"].split("|"))), row["why"])
            for row in csv.DictReader(lines)
        }
