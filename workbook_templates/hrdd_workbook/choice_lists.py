"""The values of the drop-downs: choices of the contract, countries, currencies."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from hrdd.columns import INPUTS, VERIFIED_NO_UNKNOWN, YES_NO_UNKNOWN, fold

#: Before the names of lists, by which the drop-downs refer to them: `hrdd_country`.
LIST_NAME_PREFIX = "hrdd_"
#: Names that two territories share; the list offers one that says which.
_UNCLEAR_NAMES = {"St. Martin": "St. Martin (French part)"}


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A drop-down's values, kept on the hidden sheet under a workbook-wide name."""

    name: str
    title: str
    values: tuple[str, ...]

    @property
    def defined_name(self) -> str:
        """The name that data validations refer to."""
        return LIST_NAME_PREFIX + self.name


def choice_lists(say: Callable[[str], str] = str) -> tuple[ChoiceList, ...]:
    """Every list, in the language of `say`; countries are named in English, which every door reads."""
    answers = (
        ChoiceList("yes_no_unknown", say("Yes, no, unknown"), tuple(map(say, YES_NO_UNKNOWN))),
        ChoiceList("verified_no_unknown", say("Safeguards"), tuple(map(say, VERIFIED_NO_UNKNOWN))),
    )
    columns = (c for c in INPUTS if c.kind in ("choice", "category"))
    chosen = (ChoiceList(c.key, say(c.header), tuple(map(say, c.choices))) for c in columns)
    given = (
        ChoiceList("country", say("Countries"), _countries()),
        ChoiceList("currency", say("Currency"), currencies()),
    )
    return (*answers, *given, *chosen)


def _countries() -> tuple[str, ...]:
    """The names that the reference data give countries, in the order of a reader's alphabet."""
    text = (files("hrdd") / "data" / "reference" / "countries.csv").read_text(encoding="utf-8")
    names = {_UNCLEAR_NAMES.get(row["name"], row["name"]) for row in csv.DictReader(text.splitlines())}
    return tuple(sorted(names, key=lambda name: (fold(name), name)))


def currencies() -> tuple[str, ...]:
    """The currency codes of ISO 4217 that are in use."""
    return tuple((files("hrdd_workbook") / "data" / "currencies.txt").read_text(encoding="ascii").split())


LISTS: tuple[ChoiceList, ...] = choice_lists()
