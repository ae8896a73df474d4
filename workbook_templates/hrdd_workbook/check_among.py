"""Checking rows that got results among their other cells in bulk: as bytes, against what they should have become.

Rows are taken apart into single cells, and put together again by the columns of these with the cells that are meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat
from operator import not_
from typing import Any

import numpy as np

from hrdd_workbook.cuts import Cut
from hrdd_workbook.fill import Edit
from hrdd_workbook.meaning import MeantColumn
from hrdd_workbook.refs import LAST_COLUMN, column_number, letters
from hrdd_workbook.spelled import Spelled

_LETTERS = re.compile(rb"[A-Z]{1,3}")
_TAG = re.compile(rb"\"(?: [\w:.-]+=\"[^\"<>]*\")*>")
_SPANS = re.compile(rb"\sspans=\"[^\"]*\"")
_STYLE = re.compile(rb"[^>]*?\ss\s*=\s*[\"'](\d+)")
_WIDTH = LAST_COLUMN + 2

_Numbers = np.ndarray[Any, np.dtype[np.int64]]


class AmongCheck:
    """What rows with results among their cells should have become, for these result columns."""

    def __init__(self, columns: Sequence[MeantColumn], prefix: str) -> None:
        p = prefix.encode()
        self._row, self._close, self._cell = b'<%brow r="' % p, b"</%brow>" % p, b'<%bc r="' % p
        self._any_cell, self._cell_close, self._formula = b"<%bc" % p, b"</%bc>" % p, b"<%bf" % p
        self._columns = columns
        self._spelled = [Spelled(column, b"", prefix) for column in columns]

    def are_meant(self, edit: Edit, made: Cut, numbers: list[int], values: slice) -> bool:
        """Whether the rows of an edit have these numbers, were kept, and got cells that say these values."""
        texts = [b"%d" % number for number in numbers]
        parts = [row.split(self._cell) for row in made.rows.rows]
        heads = self._heads([part[0] for part in parts], texts)
        cells = list(chain.from_iterable(part[1:] for part in parts))
        counts = np.array([len(part) - 1 for part in parts])
        taken = self._apart(edit.old, cells, list(chain.from_iterable(map(repeat, texts, counts.tolist()))))
        if heads is None or taken is None:
            return False
        columns, rests = taken
        rows = np.arange(len(texts)) * _WIDTH
        places = np.repeat(rows, counts) + columns
        ours = np.isin(columns, [column.column for column in self._columns])
        if not (np.diff(places) > 0).all() or not self._stood(columns, rests, made.leads, len(texts)):
            return False
        grown = np.bincount(places[~ours] // _WIDTH, minlength=len(texts)) + len(self._columns) > counts
        heads = [_SPANS.sub(b"", head) if more else head for head, more in zip(heads, grown.tolist(), strict=True)]
        pieces = [self._row + head for head in heads] + [self._close] * len(texts)
        pieces += [self._cell + cell for cell in compress(cells, ~ours)]
        pieces += chain.from_iterable(self._meant(texts, made.leads, values))
        meant = (rows + column.column for column in self._columns)
        order = np.argsort(np.concatenate([rows, rows + _WIDTH - 1, places[~ours], *meant]))
        return b"".join(map(pieces.__getitem__, order.tolist())) == edit.new

    def _heads(self, heads: list[bytes], texts: list[bytes]) -> list[bytes] | None:
        """The start tags of the rows; None where they are not of these numbers, or something else follows."""
        rests = {head[len(text) :] for head, text in zip(heads, texts, strict=True)}
        usual = all(map(bytes.startswith, heads, texts)) and all(map(_TAG.fullmatch, rests))
        return heads if usual else None

    def _apart(self, rows: bytes, cells: list[bytes], texts: list[bytes]) -> tuple[_Numbers, list[bytes]] | None:
        """The columns of cells, and what follows their references; None where one is spelled in another way."""
        parts = list(map(bytes.partition, cells, [text + b'"' for text in texts]))
        names, rests = [name for name, _, _ in parts], [rest for _, _, rest in parts]
        numbers = {name: column_number(name.decode()) for name in set(names) if _LETTERS.fullmatch(name)}
        if len(numbers) != len(set(names)) or not self._are_single(rows, rests):
            return None
        return np.fromiter(map(numbers.__getitem__, names), np.int64, len(names)), rests

    def _are_single(self, rows: bytes, rests: list[bytes]) -> bool:
        """Whether each cell ends where the next one begins, or the row ends, and no other hides in it."""
        closed = list(map(bytes.endswith, rests, repeat(self._cell_close)))
        empty = set(compress(rests, map(not_, closed)))
        ends, starts = rows.count(self._cell_close[:-1]), rows.count(self._any_cell)
        alone = all(rest.endswith(b"/>") and rest.find(b">") == len(rest) - 1 for rest in empty)
        return alone and starts == len(rests) and ends == sum(closed)

    def _stood(self, columns: _Numbers, rests: list[bytes], leads: list[bytes], rows: int) -> bool:
        """Whether the cells that stood in result columns may go: their styles stay, and no formula is the user's.

        A cell that is new, or had no style, gets that of its column.
        """
        order = np.argsort(columns, kind="stable")
        numbers = [column.column for column in self._columns]
        starts, stops = (np.searchsorted(columns[order], numbers, side) for side in ("left", "right"))
        for column, lead, start, stop in zip(self._columns, leads, starts, stops, strict=True):
            stood = {rests[at] for at in order[start:stop].tolist()}
            if stood and (column.fresh or (not column.formula and any(self._formula in cell for cell in stood))):
                return False
            styles = {match[1] if (match := _STYLE.match(cell)) else None for cell in stood}
            styles |= {None} if stop - start < rows else set()
            if {column.lead if style is None else b'" s="%b"' % style for style in styles} != {lead}:
                return False
        return True

    def _meant(self, texts: list[bytes], leads: list[bytes], values: slice) -> Iterable[Iterable[bytes]]:
        """The cells of each result column, row by row."""
        for column, lead, spelled in zip(self._columns, leads, self._spelled, strict=True):
            start = self._cell + letters(column.column).encode()
            yield map(b"".join, zip(repeat(start), texts, *spelled.many(lead, values, texts), strict=False))
