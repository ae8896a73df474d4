"""Rows that end with all the result cells, as after an earlier write or in a template, taken apart in bulk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat

from hrdd_workbook.grammar import RegularBlock
from hrdd_workbook.sheet import Spelling

_STYLE = re.compile(rb"\"(?: s=\"\d+\")?")


@dataclass(frozen=True)
class Standing:
    """What stands before the result cells of each row, and for each column the lead that its cells share."""

    befores: list[bytes]
    leads: list[bytes]


def standing_cells(block: RegularBlock, spelling: Spelling, columns: Sequence[bytes]) -> Standing | None:
    """Take a block apart, or say None when any row is not: other cells, then exactly these ones.

    All cells of one column must share their style, and none may hold a formula.
    """
    end = b"</" + spelling.prefix + b"row>"
    pieces = _splitter(spelling.prefix, tuple(columns)).split(end.join(_trimmed(block, end)))
    width = len(columns)
    if len(pieces) != 1 + width * len(block.bodies):
        return None
    lasts = [piece.partition(end) for piece in pieces[width::width]]
    befores = [pieces[0], *[after for _, _, after in lasts[:-1]]]
    if lasts[-1][1] or not all(map(_ends_between, befores)):
        return None
    leads = []
    for at in range(width):
        rests = [last for last, _, _ in lasts] if at == width - 1 else pieces[1 + at :: width]
        lead = _shared_lead(rests, block.texts, spelling.prefix)
        if lead is None:
            return None
        leads.append(lead)
    return Standing(befores, leads)


def _trimmed(block: RegularBlock, end: bytes) -> list[bytes]:
    return [body[: -len(end)] for body in block.bodies]


def _ends_between(before: bytes) -> bool:
    """Whether what stands before the result cells ends where a cell may begin."""
    return before[-1:] in (b"", b">")


@cache
def _splitter(prefix: bytes, columns: tuple[bytes, ...]) -> re.Pattern[bytes]:
    names = b"|".join(sorted(columns, reverse=True))
    return re.compile(b"<" + re.escape(prefix) + rb'c r="(?:' + names + rb")(?=\d)")


def _shared_lead(rests: list[bytes], texts: list[bytes], prefix: bytes) -> bytes | None:
    """The lead of cells given from their row number on, when all share it and are plain values."""
    if not all(map(bytes.startswith, rests, texts)):
        return None
    rests = [rest[len(text) :] for rest, text in zip(rests, texts, strict=True)]
    found = _STYLE.match(rests[0])
    if found is None or not all(map(bytes.startswith, rests, repeat(found[0]))):
        return None
    plain = _plain_cells(prefix, found[0])
    return found[0] if plain.fullmatch(b"\n".join(rests) + b"\n") else None


@cache
def _plain_cells(prefix: bytes, lead: bytes) -> re.Pattern[bytes]:
    """Many cells of plain values under one lead, each followed by a line break."""
    p = re.escape(prefix)
    text = rb"<%bis>(?:<%bt(?: xml:space=\"preserve\")?>[^<]*</%bt>|<%bt/>)</%bis>" % (p, p, p, p, p)
    value = rb"(?:%b|<%bv>[^<]*</%bv>|<%bv/>)?" % (text, p, p, p)
    cell = re.escape(lead) + rb"(?: t=\"\w+\")?(?:/>|>%b</%bc>)" % (value, p)
    return re.compile(rb"(?:%b\n)*" % cell)
