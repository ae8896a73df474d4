"""Which column of a foreign table is which of ours: by name, by alias, by near spelling, else by what stands in it.

A mapping can be saved and given again, so that what a person corrected once holds next quarter too.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY, Column, fold, match_headers
from hrdd.errors import HrddError, why_not
from hrdd.readings import read_all
from hrdd.reference.countries import resolve_countries
from hrdd.wording import read_end_users, read_products
from hrdd_workbook.child import Objects
from hrdd_workbook.choice_lists import currencies
from hrdd_workbook.export import Export
from hrdd_workbook.rows import filled, is_total, totals
from hrdd_workbook.text import as_numbers
from hrdd_workbook.timeless import put

_SAMPLE = 400
#: Columns whose cells are words: who, what and what for.
_IN_WORDS = frozenset({"product", "product_description", "exporter", "end_user", "end_use", "intermediary", "owner"})
_LEFT_OUT = "left out"
_HEAD = ("their column", "our column", "how")


class BadMapping(HrddError):
    """A mapping file that does not fit the table, or names a column that nobody knows."""


@dataclass(frozen=True)
class Match:
    """One column of theirs: where it stands, which of ours it is (None: left out), how that is known, a value."""

    header: str
    place: int
    key: str | None
    how: str
    example: str = ""

    @property
    def ours(self) -> str:
        """The header of our column, or nothing."""
        return INPUT_BY_KEY[self.key].header if self.key else ""


def propose(export: Export) -> list[Match]:
    """Map every column of a table, each of ours at most once; what is nobody's is left out."""
    by_place = {place: (key, _named(export.headers[place], key)) for key, place in _by_name(export).items()}
    samples = {at: _sample(column) for at, column in enumerate(export.columns) if at not in by_place}
    for key, says, share_of, least in _CONTENTS:
        if key not in {known for known, _ in by_place.values()}:
            shares = {at: share_of(sample) for at, sample in samples.items() if at not in by_place and sample}
            if key == "transaction_id":
                shares = {at: share for at, share in shares.items() if _are_different(export.columns[at])}
            at = _clearest(shares, least, export)
            if at is not None:
                by_place[at] = (key, f"content: {round(shares[at] * 100)} % {says}")
    nobody = (None, _LEFT_OUT)
    return [_match(export, at, *by_place.get(at, nobody)) for at in range(len(export.headers))]


def _by_name(export: Export) -> dict[str, int]:
    """Places by key as the headers say. A name like Item that stands over bare numbers gives way to a better one."""
    first = match_headers(export.headers).keys
    doubtful = {
        place
        for key, place in first.items()
        if key in _IN_WORDS and _named(export.headers[place], key) != "name" and _are_numbers(export.columns[place])
    }
    again = match_headers(["" if at in doubtful else header for at, header in enumerate(export.headers)]).keys
    taken = set(again.values())
    return {key: place for key, place in first.items() if key not in again and place not in taken} | again


def _are_numbers(column: Objects) -> bool:
    """Whether a column holds bare numbers, such as those of customers, materials or lines of an order."""
    return all(_plain(value).isdigit() for value in _sample(column))


def _match(export: Export, at: int, key: str | None, how: str) -> Match:
    example = next((_plain(value)[:40] for value in export.columns[at] if value is not None), "")
    return Match(export.headers[at], at, key, how, example)


def _named(header: str, key: str) -> str:
    column = INPUT_BY_KEY[key]
    if fold(header) in (fold(column.header), fold(key)):
        return "name"
    return "alias" if fold(header) in map(fold, column.aliases) else "near spelling"


def _sample(column: Objects) -> list[Any]:
    """Different values from the whole length of a column, in their order."""
    values = list(dict.fromkeys(value for value in column.tolist() if value is not None and not is_total(value)))
    return values[:: max(1, len(values) // _SAMPLE)]


def _are_different(column: Objects) -> bool:
    """Whether hardly any value comes twice, as is so of ids."""
    values = [value for value in column.tolist() if value is not None]
    return len(set(values)) >= 0.98 * len(values)


def _clearest(shares: Mapping[int, float], least: float, export: Export) -> int | None:
    """The column with the largest share, of equals the one with most different values; None below `least`."""
    fit = {at: share for at, share in shares.items() if share >= least}
    return max(fit, key=lambda at: (round(fit[at], 1), len(set(export.columns[at])), -at), default=None)


def _dates(values: Sequence[Any]) -> float:
    return _share(values, lambda value: isinstance(value, dt.date) or bool(_DATE.fullmatch(str(value).strip())))


def _currency(values: Sequence[Any]) -> float:
    known = set(currencies())
    return _share(values, lambda value: str(value).strip().upper() in known)


def _codes(values: Sequence[Any]) -> float:
    return _share(values, lambda value: bool(_ECCN.fullmatch(str(value).strip())))


def _countries(values: Sequence[Any]) -> float:
    texts = [value if isinstance(value, str) else "" for value in values]
    return float(np.mean([bool(found.iso3) for found in resolve_countries(texts)]))


def _amounts(values: Sequence[Any]) -> float:
    """The share of numbers, where some of them have a fraction or are grouped by thousands."""
    texts = [_bare(_plain(value)) for value in values]
    numbers = _share(texts, lambda text: bool(_NUMBER.fullmatch(text)))
    return numbers if _share(texts, lambda text: bool(_FRACTION.search(text))) >= 0.2 else 0.0


def _ids(values: Sequence[Any]) -> float:
    return _share([_plain(value) for value in values], lambda text: bool(_ID.fullmatch(text)))


def _products(values: Sequence[Any]) -> float:
    return float(np.mean([bool(words) for words in read_products(list(map(str, values))).matched]))


def _end_users(values: Sequence[Any]) -> float:
    return float(np.mean([bool(words) for words in read_end_users(list(map(str, values))).matched]))


def _share(values: Sequence[Any], holds: Callable[[Any], bool]) -> float:
    return sum(map(holds, values)) / len(values)


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _bare(text: str) -> str:
    """An amount without the sign or code of its currency; any other text as it is."""
    amount = _MONEY.fullmatch(text.strip())
    return amount[1] if amount else text


_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?|\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})")
_ECCN = re.compile(r"[0-9][A-E][0-9]{3}(?:\.[a-z0-9.]+)?|EAR99", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d[\d.,' ]*")
_MONEY = re.compile(r"(?:[€$£¥]|[A-Z]{3})?\s*([+-]?\d[\d.,' ]*?)\s*(?:[€$£¥]|[A-Z]{3})?")
_BESIDE, _SIGNS = re.compile(r"[€$£¥]|[A-Z]{3}"), {"€": "EUR", "£": "GBP"}
_FRACTION = re.compile(r"\d[.,' ]\d")
_ID = re.compile(r"(?=.*\d)[\w/#-]{1,30}")
#: What columns are told by when their names say nothing: key, words for the share, the share, and the least of it.
_CONTENTS: tuple[tuple[str, str, Callable[[Sequence[Any]], float], float], ...] = (
    ("as_of_date", "are dates", _dates, 0.9),
    ("control_code", "are control codes", _codes, 0.8),
    ("currency", "are currencies", _currency, 0.9),
    ("destination_country", "are countries", _countries, 0.8),
    ("amount", "are amounts", _amounts, 0.9),
    ("transaction_id", "are different and have a number", _ids, 0.95),
    ("end_user", "name kinds of organisations", _end_users, 0.3),
    ("product", "name kinds of products", _products, 0.3),
)


def save_mapping(path: Path, matches: Sequence[Match]) -> Path:
    """Write a mapping as a table that a person can correct: theirs, ours (blank: left out), how it is known."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows((match.header, match.ours, match.how) for match in matches)
    return put(text.getvalue().encode("utf-8-sig"), path)


def load_mapping(path: Path, export: Export) -> list[Match]:
    """Read a mapping and apply it to a table; raises BadMapping where the two do not fit."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadMapping(
            f"The mapping {path} cannot be read: {why_not(error)}; name the CSV file of an earlier run."
        ) from error
    if not rows or not set(_HEAD[:2]) <= set(rows[0]):
        raise BadMapping(f"{path.name} is no mapping: its first line must name the columns {', '.join(_HEAD)}.")
    wanted = {row[_HEAD[0]].strip(): _key(row[_HEAD[1]] or "", path) for row in rows}
    missing = [header for header, key in wanted.items() if key and header not in export.headers]
    if missing:
        raise BadMapping(
            f'{export.path.name} has no column "{missing[0]}", which {path.name} maps; correct one of the two.'
        )
    _refuse_twice([key for header, key in wanted.items() if key and header in export.headers], path)
    new = f"{_LEFT_OUT}: not in the mapping"
    return [
        _match(export, at, wanted.get(header), "mapping file" if header in wanted else new)
        for at, header in enumerate(export.headers)
    ]


def _key(ours: str, path: Path) -> str | None:
    if not ours.strip():
        return None
    exact = {fold(name): column.key for column in INPUT_BY_KEY.values() for name in (column.key, column.header)}
    if fold(ours) not in exact:
        raise BadMapping(f'{path.name} names "{ours.strip()}", which is no input column of hrdd; see docs/columns.md.')
    return exact[fold(ours)]


def _refuse_twice(keys: Sequence[str], path: Path) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise BadMapping(f"{path.name} maps two columns to {INPUT_BY_KEY[key].header}; keep one of them.")


def orders_of(export: Export, matches: Sequence[Match]) -> dict[str, list[Any]]:
    """The rows of a table by our column keys: dates and numbers as such where they can be read, no totals."""
    taken: dict[str, Objects] = {}
    for match in matches:
        if match.key and match.key not in taken:
            taken[match.key] = export.columns[match.place]
    kept: Any = np.flatnonzero(filled(list(taken.values())) & ~totals(taken)) if taken else []
    orders = {key: _typed(INPUT_BY_KEY[key], values[kept].tolist()) for key, values in taken.items()}
    if "amount" in taken and "currency" not in taken:
        known = frozenset(currencies())
        told = [_currency_beside(value, known) for value in taken["amount"][kept].tolist()]
        orders |= {"currency": told} if any(told) else {}
    return orders


def _currency_beside(amount: Any, known: frozenset[str]) -> str | None:
    """The currency that stands beside an amount; a sign that several have, such as $, names none."""
    found = _BESIDE.search(amount) if isinstance(amount, str) else None
    code = _SIGNS.get(found[0], found[0]) if found and _MONEY.fullmatch(amount.strip()) else None
    return code if code in known else None


def _typed(column: Column, values: list[Any]) -> list[Any]:
    if column.kind == "number":
        values = [_bare(value) if isinstance(value, str) else value for value in values]
        values = as_numbers(values) if all(isinstance(value, str | None) for value in values) else values
    elif column.kind != "date":
        return values
    distinct = list(dict.fromkeys(value for value in values if isinstance(value, str)))
    read = dict(zip(distinct, read_all(distinct, column)[0], strict=True))
    return [read.get(value) or value if isinstance(value, str) else value for value in values]
