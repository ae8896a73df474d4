"""Cutting rows in the usual spelling at the places of result columns, many rows at once.

Result columns may stand anywhere: right of all others, among them, or in several groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hrdd_workbook.cells import Computed, Content
from hrdd_workbook.grammar import UsualRows, apart, without_spans
from hrdd_workbook.refs import LAST_COLUMN, letters, pattern_from
from hrdd_workbook.sheet import Spelling

_BEFORE_A = ord("A") - 1
_USUAL = int.from_bytes(b' r="', "little")


@dataclass(frozen=True)
class Target:
    """A column to fill: its number, its contents and, for a new one, its header.

    `fresh` columns give every cell the style of `content`; others keep the style that a cell already has.
    `header` is the whole rest of the header cell, or None where the header stays as it is; `restyle` gives
    the header cell that stays another style.
    """

    column: int
    values: Sequence[object]
    content: Content | Computed
    style: int
    fresh: bool
    header: bytes | None = None
    restyle: int | None = None

    @property
    def start(self) -> bytes:
        """The letters of the column."""
        return letters(self.column).encode()

    @property
    def is_live(self) -> bool:
        """Whether its cells compute, so that formulas may stand there."""
        return isinstance(self.content, Computed)

    def cell(self, index: int | None, number: int) -> bytes:
        """The rest of the cell in a row, with the value of this index; empty where there is none."""
        return self.content.lead + b"/>" if index is None else self.content.cell(self.values[index], number)


class Cut(NamedTuple):
    """Rows that get new results: each as it stood, from its number to its end tag, and what is kept of it.

    `kept` are the stretches before, between and after the groups of result columns, row by row; `leads` end the
    references of the result cells and give their styles, by column.
    """

    rows: UsualRows
    kept: list[list[bytes]]
    leads: list[bytes]


@dataclass(frozen=True)
class Group:
    """Result columns side by side; `first` finds the first cell in or right of them, `past` the first right of them."""

    targets: tuple[Target, ...]
    first: re.Pattern[bytes]
    past: re.Pattern[bytes]


def groups_of(targets: Sequence[Target], spelling: Spelling) -> list[Group]:
    """The targets, which are in order, by groups without a gap."""
    breaks = [at for at in range(1, len(targets)) if targets[at].column != targets[at - 1].column + 1]
    found = [tuple(targets[start:stop]) for start, stop in zip([0, *breaks], [*breaks, len(targets)], strict=True)]
    return [
        Group(group, _cell_from(group[0].column, spelling), _cell_from(group[-1].column + 1, spelling))
        for group in found
        if group
    ]


def _cell_from(column: int, spelling: Spelling) -> re.Pattern[bytes]:
    return re.compile(re.escape(spelling.cell) + pattern_from(column) + rb"\d")


def cut(old: bytes, rows: UsualRows, groups: Sequence[Group], spelling: Spelling) -> Cut | None:
    """Take standing results out of rows that have all of them, or none; None where a row needs a closer look."""
    furthest = reach(old, spelling)
    if furthest < groups[0].targets[0].column:
        leads = [target.content.lead for group in groups for target in group.targets]
        return Cut(rows, [without_spans(rows), *([[b""] * len(rows.rows)] * len(groups))], leads)
    end = b"</" + spelling.prefix + b"c"
    if furthest > LAST_COLUMN or old.count(end) != old.count(end + b">"):
        return None  # a cell in an unusual spelling would not be found
    kept, leads, grows = [], [], False
    ends = [0] * len(rows.rows)
    for group in groups:
        before, ends = ends, list(_found(group.first, rows.rows, ends))
        kept.append(_between(rows.rows, before, ends))
        before, ends = ends, list(_found(group.past, rows.rows, ends))
        stood = _between(rows.rows, before, ends)
        standing = [target for target in group.targets if not target.fresh] if any(stood) else []
        told = _leads(stood, rows.texts, standing, spelling) if standing else []
        if told is None or (any(stood) and not standing):
            return None
        own = {target.column: lead for target, lead in zip(standing, told, strict=True) if lead != b'"'}
        leads += [own.get(target.column, target.content.lead) for target in group.targets]
        grows |= len(standing) < len(group.targets)
    kept.append(_between(rows.rows, ends, list(map(len, rows.rows))))
    if grows:
        kept[0] = without_spans(rows._replace(rows=kept[0]))
    return Cut(rows, kept, leads)


def reach(rows: bytes, spelling: Spelling) -> int:
    """The last column in which any cell stands, wherever in its row; one past all where a cell is spelled oddly.

    The last cell of a row does not tell, since a row may be out of order.
    """
    start, stop = len(spelling.cell), len(rows)
    padded = rows + b"\0" * (start + 8)
    characters = np.frombuffer(padded, np.uint8)
    at = np.flatnonzero((characters[:stop] == ord("<")) & (characters[start - 5 : stop + start - 5] == ord("c")))
    after = np.ndarray(stop, "<u8", padded, start - 4, (1,))[at]  # from each place on, eight characters at once
    first, second, third = (((after >> 8 * place) & 0xFF).astype(np.int32) - _BEFORE_A for place in (4, 5, 6))
    if (first < 1).any() or (after & 0xFFFFFFFF != _USUAL).any():
        return LAST_COLUMN + 1
    columns = np.where(second < 1, first, 26 * first + second)
    return int(np.where((second < 1) | (third < 1), columns, 26 * columns + third).max(initial=0))


def _found(pattern: re.Pattern[bytes], rows: list[bytes], ats: list[int]) -> Iterator[int]:
    """Where the pattern is first found in each row, from a place on; the end of the row where it is not."""
    search = pattern.search
    for row, at in zip(rows, ats, strict=True):
        match = search(row, at)
        yield match.start() if match else len(row)


def _between(rows: list[bytes], starts: list[int], stops: list[int]) -> list[bytes]:
    return [row[start:stop] for row, start, stop in zip(rows, starts, stops, strict=True)]


def _leads(
    stood: list[bytes], texts: list[bytes], standing: Sequence[Target], spelling: Spelling
) -> list[bytes] | None:
    """The lead of each of the columns that stand; None where the rows do not have just these, in order and alike."""
    starts = [spelling.cell + target.start for target in standing]
    columns = apart(stood, texts, starts)
    if columns is None:
        return None
    leads = [
        _shared_lead(set(pieces), after, spelling.prefix, live=target.is_live)
        for pieces, after, target in zip(columns, [*starts[1:], b""], standing, strict=True)
    ]
    return None if None in leads else [lead for lead in leads if lead is not None]


def _shared_lead(pieces: set[bytes], after: bytes, prefix: bytes, *, live: bool) -> bytes | None:
    """The lead of standing cells of one column, when all have the same one and hold plain values.

    `live` cells may compute theirs.
    """
    p = re.escape(prefix)
    text = rb"<%bis>(?:<%bt(?: xml:space=\"preserve\")?>[^<]*</%bt>|<%bt/>)</%bis>" % (p, p, p, p, p)
    formula = rb"(?:<%bf(?: aca=\"\w+\")?>[^<]*</%bf>)?" % (p, p) if live else b""
    value = formula + rb"(?:%b|<%bv>[^<]*</%bv>|<%bv/>)?" % (text, p, p, p)
    cell = re.compile(rb"((?: s=\"\d+\")?)(?: t=\"\w+\")?(?:/>|>%b</%bc>)" % (value, p) + re.escape(after))
    matches = [cell.fullmatch(piece) for piece in pieces]
    if None in matches:
        return None
    leads = {b'"' + match[1] for match in matches if match}
    return leads.pop() if len(leads) == 1 else None
