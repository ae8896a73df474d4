"""The contract: every input column an analyst may fill and every output column the scorer writes.

Doors, readers, writers and templates take their headers, choices and kinds from here and nowhere else.
Importing this module loads no pandas.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import compress
from typing import Any, Literal

from hrdd.translations import in_other_languages

Kind = Literal["text", "date", "number", "choice", "category", "country", "yes_no_unknown", "verified_no_unknown"]

YES_NO_UNKNOWN = ("Yes", "No", "Unknown")
VERIFIED_NO_UNKNOWN = ("Verified", "No", "Unknown")

#: What a finance export usually carries; `hrdd backtest --essentials` blanks everything else.
ESSENTIALS = (
    "transaction_id",
    "as_of_date",
    "product",
    "product_description",
    "amount",
    "exporter",
    "end_user",
    "destination_country",
    "end_use",
    "intermediary",
    "intermediary_country",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One input column: its stable key, its header, what may stand in it and what a blank means."""

    key: str
    header: str
    group: str
    kind: Kind
    choices: tuple[str, ...]
    required: bool
    when_blank: str
    source_step: str
    help: str
    aliases: tuple[str, ...]

    @property
    def blank_is_unknown(self) -> bool:
        """Whether a blank cell is an UNKNOWN answer, and not 'not observed' or 'from data'."""
        return "unknown" in self.when_blank.casefold()


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """One result column; `family` (rating, disposition, answer, ...) names the look that writers give it."""

    key: str
    header: str
    family: str
    kind: Literal["text", "number", "date"]
    width: int
    group: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A product category of the guidance's families, with the capability signals it carries."""

    id: str
    label: str
    family: str
    signals: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class HeaderMatch:
    """Which header position holds which column, and what was not taken at its word.

    `keys` and `owned` map input keys and output keys to 0-based positions; `notes` are sentences for the
    report; `score` is 0 for a row that is no header of transactions, else higher the more convincing.
    """

    keys: dict[str, int] = field(default_factory=dict)
    owned: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    score: float = 0.0


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("hrdd") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _choices(row: dict[str, str]) -> tuple[str, ...]:
    if row["kind"] == "yes_no_unknown":
        return YES_NO_UNKNOWN
    if row["kind"] == "verified_no_unknown":
        return VERIFIED_NO_UNKNOWN
    if row["kind"] == "category":
        return tuple(category.label for category in CATEGORIES)
    return tuple(choice for choice in row["choices"].split(";") if choice)


def _load_categories() -> tuple[Category, ...]:
    return tuple(
        Category(
            row["category_id"],
            row["label"],
            row["guidance_family"],
            tuple(s for s in row["signals"].split(";") if s),
            row["why"],
        )
        for row in _rows("reference/categories.csv")
    )


def _load_inputs() -> tuple[Column, ...]:
    aliases = {row["key"]: tuple(row["aliases"].split("|")) for row in _rows("aliases.csv")}
    return tuple(
        Column(
            key=row["key"],
            header=row["header"],
            group=row["group"],
            kind=row["kind"],  # type: ignore[arg-type]  # the whole-catalogue test holds the file to Kind
            choices=_choices(row),
            required=row["required"] == "yes",
            when_blank=row["when_blank"],
            source_step=row["source_step"],
            help=row["help"],
            aliases=aliases.get(row["key"], ()),
        )
        for row in _rows("columns.csv")
    )


def _load_outputs() -> tuple[OutputColumn, ...]:
    return tuple(
        OutputColumn(**{**row, "width": int(row["width"])})  # type: ignore[arg-type]
        for row in _rows("outputs.csv")
    )


CATEGORIES: tuple[Category, ...] = _load_categories()
INPUTS: tuple[Column, ...] = _load_inputs()
INPUT_BY_KEY: dict[str, Column] = {column.key: column for column in INPUTS}
CATEGORY_BY_ID: dict[str, Category] = {category.id: category for category in CATEGORIES}

#: Every result column, in the order in which a workbook shows them.
ALL_OUTPUTS: tuple[OutputColumn, ...] = _load_outputs()
#: What the scorer says of a row.
OUTPUTS: tuple[OutputColumn, ...] = tuple(column for column in ALL_OUTPUTS if column.group != "Workbook")
#: What a workbook keeps beside it, so that its own formulas can count and notice edits.
WORKBOOK_OUTPUTS: tuple[OutputColumn, ...] = tuple(column for column in ALL_OUTPUTS if column.group == "Workbook")


def flag_columns(rules: Iterable[Any]) -> tuple[OutputColumn, ...]:
    """One output column per red flag of a pack: `rules` have `id` and `title`."""
    return tuple(
        OutputColumn(
            rule.id,
            f"{rule.id.removeprefix('HRDD-')} {rule.title}",
            "answer",
            "text",
            11,
            "Flags",
            rule.title,
        )
        for rule in rules
    )


_SPELT_OUT = {"%": " percent ", "#": " number "}
_PUNCTUATION_TO_SPACE = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))

_PUNCTUATION_BUT_LINES = _PUNCTUATION_TO_SPACE[:10] + b"\n" + _PUNCTUATION_TO_SPACE[11:]


def fold(text: object) -> str:
    """Bring a text to the form in which spellings are compared: no case, accents or punctuation.

    >>> fold("Owner  share %"), fold("Türkiye")
    ('owner share percent', 'turkiye')
    """
    lowered = str(text).casefold()
    for sign, word in _SPELT_OUT.items():
        if sign in lowered:
            lowered = lowered.replace(sign, word)
    if lowered.isascii():  # the common case, and several times faster as bytes
        return " ".join(lowered.encode("ascii").translate(_PUNCTUATION_TO_SPACE).decode("ascii").split())
    letters = (c for c in unicodedata.normalize("NFKD", lowered).casefold() if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def fold_all(texts: Iterable[str]) -> list[str]:
    """Fold many texts, as `fold` does one, at a fraction of the cost: plain ASCII is folded as one long text."""
    texts = [str(text) for text in texts]
    whole = "\n".join(texts)
    if whole.isascii() and whole.count("\n") < len(texts):
        return _fold_lines(whole)
    plain = [text.isascii() and "\n" not in text for text in texts]
    folded = iter(_fold_lines("\n".join(compress(texts, plain))))
    return [next(folded) if is_plain else fold(text) for text, is_plain in zip(texts, plain, strict=True)]


def _fold_lines(whole: str) -> list[str]:
    lowered = whole.casefold()
    for sign, word in _SPELT_OUT.items():
        lowered = lowered.replace(sign, word)
    lines = lowered.encode("ascii").translate(_PUNCTUATION_BUT_LINES).decode("ascii").split("\n")
    return [" ".join(line.split()) for line in lines]


@cache
def _spellings() -> dict[str, str]:
    """Every accepted folded spelling of an input header -> its key; headers and keys win over aliases."""
    names: dict[str, str] = {}
    for column in INPUTS:
        names.setdefault(fold(column.header), column.key)
    for column in INPUTS:
        names.setdefault(fold(column.key), column.key)
    for column in INPUTS:
        for alias in column.aliases:
            names.setdefault(fold(alias), column.key)
    return names


@cache
def _translated() -> dict[str, str]:
    """Headers of our own workbooks in other languages; only as they stand, since nearly all words resemble some."""
    return {fold(header): column.key for column in INPUTS for header in in_other_languages(column.header)}


@cache
def _owned_spellings() -> dict[str, str]:
    return {
        fold(header): column.key
        for column in ALL_OUTPUTS
        for header in (*in_other_languages(column.header), column.header)
    }


@cache
def _own_names(key: str) -> frozenset[str]:
    """The folded names that a column has in our own workbooks, in any language; no remark is made of them."""
    header = INPUT_BY_KEY[key].header
    return frozenset(map(fold, (header, key, *in_other_languages(header))))


_FLAG_HEADER = re.compile(r"^(?:hrdd )?(\d) (rf|xf) (\d\d)\b")
_NEAR, _SWAPPED, _CLEARLY, _BADLY = 88.0, 85.0, 4.0, 75.0


def owned_key(header: object) -> str | None:
    """The output key that a header stands for, or None when the column is not ours."""
    folded = fold(header)
    flag = _FLAG_HEADER.match(folded)
    if flag:
        step, kind, number = flag.groups()
        return f"HRDD-{step}-{kind.upper()}-{number}"
    return _owned_spellings().get(folded)


def _near(folded: str, taken: set[str]) -> str | None:
    """The one key whose spelling is close to `folded`, or None when there is none or no clear one."""
    from rapidfuzz import fuzz, process

    if len(folded) < 5:
        return None
    names = _spellings()
    best: dict[str, float] = {}
    for name, score, _ in process.extract(folded, names.keys(), scorer=fuzz.ratio, score_cutoff=_SWAPPED, limit=8):
        swapped = sorted(name) == sorted(folded)  # two letters in the wrong order weigh much in a short name
        if names[name] not in taken and (score >= _NEAR or swapped):
            best[names[name]] = max(score, best.get(names[name], 0.0))
    ranked = sorted(best, key=lambda key: -best[key])
    clear = len(ranked) == 1 or (ranked and best[ranked[0]] - best[ranked[1]] >= _CLEARLY)
    return ranked[0] if clear else None


_ANCHORS = ({"product", "product_description", "product_category"}, {"end_user", "destination_country"})


def _score(keys: dict[str, int]) -> float:
    """How convincingly a header row is one of transactions: essentials count three times."""
    found = set(keys)
    if len(found) < 3 or not all(found & anchor for anchor in _ANCHORS):
        return 0.0
    return len(found) + 2.0 * len(found & set(ESSENTIALS))


def best_possible(texts: int) -> float:
    """The best score that a row with so many texts can have as a header."""
    return texts + 2.0 * min(texts, len(ESSENTIALS))


def match_headers(headers: Sequence[object]) -> HeaderMatch:
    """Recognise a row of headers by header, key, alias or near spelling.

    Exact names are placed first, so a misspelt copy never takes a column from a well-spelt one. Renamed and
    doubtful headers are reported in `notes`; a header that is nobody's is the user's own and is left alone.
    """
    match = HeaderMatch(score=0.0)
    names, rest = _spellings(), []
    for tier in ("exact", "alias"):
        for position, header in enumerate(headers):
            if header is None or not str(header).strip():
                continue
            folded = fold(header)
            own = owned_key(header)
            if own is not None:
                match.owned.setdefault(own, position)
                continue
            key = names.get(folded) or _translated().get(folded)
            if key is None:
                if tier == "alias":
                    rest.append((position, header, folded))
                continue
            exact = folded in _own_names(key)
            if exact == (tier == "exact"):
                _place(match, key, position, header, renamed=not exact)
    for position, header, folded in rest:
        near = _near(folded, set(match.keys))
        if near is not None:
            match.keys[near] = position
            match.notes.append(f'Header "{header}" was read as "{INPUT_BY_KEY[near].header}" (near spelling).')
    score = _score(match.keys)
    if score:
        placed = set(match.keys.values())
        match.notes.extend(_left_out(match.keys, [found[1:] for found in rest if found[0] not in placed]))
    return HeaderMatch(match.keys, match.owned, match.notes, score)


#: Columns whose absence costs most: where one is missing, a header that may be it is named.
_SOUGHT = (*ESSENTIALS, "destination_region", "product_category", "end_user_type", "screening_result", "licence_status")


def _left_out(taken: Collection[str], unread: Iterable[tuple[object, str]]) -> Iterator[str]:
    """What was not read and may be a column that is missing; and that no date was found, which changes every row."""
    missing = [key for key in _SOUGHT if key not in taken]
    for header, folded in unread:
        key = _likest(folded, missing)
        if key is not None:
            yield f'Header "{header}" was not read; name it "{INPUT_BY_KEY[key].header}" if that is what it holds.'
    if "as_of_date" in missing:
        yield f'No column "{INPUT_BY_KEY["as_of_date"].header}" was found; every row is judged at the day of scoring.'


def _likest(folded: str, missing: Collection[str]) -> str | None:
    """The missing column that a header resembles most: cut short, among other words, or badly misspelt."""
    from rapidfuzz import fuzz

    named = [(name, key) for name, key in _spellings().items() if key in missing]
    words = set(folded.split())
    alike = [
        (words >= set(name.split()), fuzz.ratio(folded, name), key) for name, key in named if _resembles(folded, name)
    ]
    return max(alike)[-1] if alike else None


#: Words of a header that counts or names records: "Customer no" is no misspelt "Customer type".
_COUNTS = frozenset({"no", "nr", "num", "number", "nummer", "id", "ref"})


def _resembles(folded: str, name: str) -> bool:
    from rapidfuzz import fuzz

    words, wanted = set(folded.split()), set(name.split())
    if min(len(folded), len(name)) < 3 or (words & _COUNTS) - wanted:
        return False
    return name.startswith(folded) or words <= wanted or wanted <= words or fuzz.ratio(folded, name) >= _BADLY


def _place(match: HeaderMatch, key: str, position: int, header: object, *, renamed: bool) -> None:
    wanted = INPUT_BY_KEY[key].header
    if key in match.keys:
        if match.keys[key] != position:
            match.notes.append(f'Header "{header}" also means "{wanted}" and was left unread; keep one.')
        return
    match.keys[key] = position
    if renamed:
        match.notes.append(f'Header "{header}" was read as "{wanted}".')
