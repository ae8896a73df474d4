"""Wording tables in the form in which they are looked up, so that a run need not take the tables apart first.

The reference builder writes this form from the tables. It is checked against them: a compiled file of other tables
is not used, and the tables are compiled anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from itertools import chain

from hrdd.wording.entries import SOURCES, Entry, Kind, entries, source
from hrdd.wording.folding import fold_each, is_unspaced

BLANK_BEFORE, BLANK_AFTER, UNSPACED = 1, 2, 4


@dataclass(frozen=True)
class Compiled:
    """The entries of one reader: `kinds` has what they say, `patterns` (one a line) what is searched for.

    Per entry, in order: `kind` (a place in `kinds`), in `terms` a line with its words, in `parts` a digit, how many
    parts it has, and in `needs` the places of their patterns. Per pattern: in `edges` a digit, the sum of
    `BLANK_BEFORE` and `BLANK_AFTER`, where the edge of a word is part of it, or `UNSPACED`: its script has no edges.
    """

    kinds: list[Kind]
    kind: list[int]
    terms: str
    parts: str
    needs: list[int]
    patterns: str
    edges: str


def compile_entries(rows: Sequence[Entry]) -> Compiled:
    """Take the entries apart into what they say and what is searched for, each pattern once."""
    kinds: dict[Kind, int] = {}
    split = [entry.parts for entry in rows]
    parts = list(chain.from_iterable(split))
    folded = fold_each(parts)
    patterns: dict[tuple[str, int], int] = {}
    return Compiled(
        kind=[kinds.setdefault(entry.kind, len(kinds)) for entry in rows],
        kinds=list(kinds),
        terms="\n".join(entry.term.replace("*", "") for entry in rows),
        parts="".join(str(len(each)) for each in split),
        needs=[
            patterns.setdefault(pair, len(patterns)) for pair in zip(folded, map(_edges, parts, folded), strict=True)
        ],
        patterns="\n".join(_padded(line, edge) for line, edge in patterns),
        edges="".join(str(edge) for _, edge in patterns),
    )


def _padded(folded: str, edges: int) -> str:
    return " " * bool(edges & BLANK_BEFORE) + folded + " " * bool(edges & BLANK_AFTER)


def _edges(part: str, folded: str) -> int:
    if is_unspaced(folded):
        return UNSPACED
    return BLANK_BEFORE * (not part.startswith("*")) + BLANK_AFTER * (not part.endswith("*"))


def _fingerprint(reader: str) -> str:
    return hashlib.sha256(b"".join(source(file) for file in SOURCES[reader])).hexdigest()


def dump(reader: str) -> str:
    """The compiled form of a reader's tables as the builder writes it, with the hash of the tables."""
    made = {"of": _fingerprint(reader), **asdict(compile_entries(entries(reader)))}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"


def load(reader: str) -> Compiled:
    """The compiled form of a reader's tables: the shipped one, or made anew where it is not theirs."""
    kept = json.loads((files("hrdd") / "data" / "compiled" / f"wording_{reader}.json").read_bytes())
    if kept.pop("of") != _fingerprint(reader):
        return compile_entries(entries(reader))
    kinds = [Kind(table, target, weight, tuple(scope)) for table, target, weight, scope in kept.pop("kinds")]
    return Compiled(kinds, **kept)
