"""The rows of the wording tables as they are kept: plain CSV files, one word or phrase a row."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

#: The files of each reader; all rows of one reader stand in one lexicon.
SOURCES = {
    "products": ("wording_products.csv", "wording_trade_names.csv"),
    "end_users": ("wording_end_users.csv",),
    "end_uses": ("wording_end_uses.csv",),
}


class Kind(NamedTuple):
    """What a row says of its term, apart from the term: many rows share one."""

    table: str
    target: str
    weight: str
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a wording table: in `table`, the words `term` point to `target`.

    A term may end or begin with `*` (the word goes on) and may join parts with `+` (all of them, in any order).
    `weight` is "firm", or "loose" where context may turn the reading; `scope` lists the targets it bears on.
    """

    table: str
    target: str
    term: str
    language: str
    weight: str
    scope: tuple[str, ...]
    note: str

    @property
    def parts(self) -> list[str]:
        """The pieces that must all occur."""
        return [part.strip() for part in self.term.split("+")]

    @property
    def kind(self) -> Kind:
        """All but the term and its language."""
        return Kind(self.table, self.target, self.weight, self.scope)


def source(file: str) -> bytes:
    """The bytes of one shipped file."""
    return (files("hrdd") / "data" / "reference" / file).read_bytes()


def entries(reader: str) -> tuple[Entry, ...]:
    """The rows of all files of one reader, in their order."""
    return tuple(entry for file in SOURCES[reader] for entry in parse(source(file).decode()))


def parse(text: str) -> list[Entry]:
    """The rows of one CSV text: of a wording table, or of the trade names."""
    rows = csv.DictReader(text.splitlines())
    read = _trade_name if "maker" in (rows.fieldnames or ()) else _entry
    return [read(row) for row in rows]


def _entry(row: dict[str, str]) -> Entry:
    scope = tuple(part for part in row["scope"].split(";") if part)
    return Entry(row["table"], row["target"], row["term"], row["language"], row["weight"], scope, row["note"])


def _trade_name(row: dict[str, str]) -> Entry:
    """A trade name reads as its category, or, where it is an everyday word too, is a hint only."""
    if row["reading"] == "hint":
        return Entry("mark", "hint", row["name"], "en", "loose", (), row["maker"])
    return Entry("category", row["category"], row["name"], "en", row["reading"], (), row["maker"])
