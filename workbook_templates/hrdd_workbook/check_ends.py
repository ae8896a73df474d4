"""Checking rows that got new ends in bulk: as bytes, against what they should have become.

Rows are taken apart and put together a second time, by other code. What is kept of them must have no cell in the first
result column or right of it, nor one that does not say where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import repeat

from hrdd_workbook.cuts import Cut
from hrdd_workbook.fill import Edit
from hrdd_workbook.meaning import MeantColumn
from hrdd_workbook.refs import letters, pattern_before
from hrdd_workbook.spelled import Spelled

_SPANS = re.compile(rb"\sspans=\"[^\"]*\"")


class EndCheck:
    """What rows with new ends should have become, for these result columns."""

    def __init__(self, columns: Sequence[MeantColumn], prefix: str) -> None:
        p = prefix.encode()
        self._row, self._close, self._cell = b'<%brow r="' % p, b"</%brow>" % p, b"<%bc" % p
        self._cell_close, self._formula = b"</%bc>" % p, b"<%bf" % p
        self._starts = [b'%b r="%b' % (self._cell, letters(column.column).encode()) for column in columns]
        before = pattern_before(columns[0].column) if columns else b""
        self._beyond = re.compile(rb'%b(?! r="%b\d)' % (re.escape(self._cell), before))
        self._columns = columns
        self._same_width = not any(column.fresh for column in columns)
        afters = [*self._starts[1:], self._close]
        self._spelled = [Spelled(*pair, prefix) for pair in zip(columns, afters, strict=True)]

    def are_meant(self, edit: Edit, ends: Cut, numbers: list[int], values: slice) -> bool:
        """Whether the rows of an edit have these numbers, were kept, and got ends that say these values."""
        rows, texts = ends.rows.rows, [b"%d" % number for number in numbers]
        kept = self._kept(rows, texts, edit, ends.leads)
        return kept is not None and edit.new == self._meant(kept, texts, ends.leads, values)

    def _kept(self, rows: list[bytes], texts: list[bytes], edit: Edit, leads: list[bytes]) -> list[bytes] | None:
        """What the rows of these numbers should keep: all but results of ours at their ends, and but `spans`."""
        tag = rows[0][len(texts[0]) :].partition(b">")[0] + b">"
        alike = all(map(bytes.startswith, rows, [text + tag for text in texts]))
        if not alike and not all(map(bytes.startswith, rows, [text + b'"' for text in texts])):
            return None
        stands = self._starts[0] + texts[0] + b'"' in rows[0]
        if not (stands and self._same_width):
            rows = _spanless(rows, tag if alike else None)
        if not stands:
            return rows if self._end_with_cells(rows, edit.old) and not self._beyond.search(edit.old) else None
        parts = list(map(bytes.partition, rows, [self._starts[0] + text + b'"' for text in texts]))
        kept, ends = [before for before, _, _ in parts], [end for _, _, end in parts]
        if edit.new == edit.old:
            return kept
        fine = all(ends) and not self._beyond.search(b"".join(kept)) and self._are_results(ends, texts, leads)
        return kept if fine else None

    def _end_with_cells(self, rows: list[bytes], together: bytes) -> bool:
        """Whether each row is one row, and a cell is the last that it has."""
        closed = all(map(bytes.endswith, rows, repeat(self._cell_close)))
        if not closed and (b"extLst" in together or not all(row.endswith((self._cell_close, b"/>")) for row in rows)):
            return False
        return together.count(self._row[:-4]) == len(rows)

    def _are_results(self, ends: list[bytes], texts: list[bytes], leads: list[bytes]) -> bool:
        """Whether the ends, from the style of their first cell on, are results alone: the same columns in each row.

        Their styles must be those that are meant to stay; where they have none, ours follows.
        """
        stand = [start for start in self._starts[1:] if start + texts[0] + b'"' in ends[0]]
        for lead, column, start in zip(leads, self._columns, [*stand, b""], strict=False):
            cells = ends
            if start:
                parts = list(map(bytes.partition, ends, [start + text + b'"' for text in texts]))
                cells, ends = [cell for cell, _, _ in parts], [end for _, _, end in parts]
                if not all(ends):
                    return False
            together, more = b"".join(cells), (self._cell,) if column.formula else (self._cell, self._formula)
            if any(map(together.__contains__, more)) or not self._is_styled(cells, lead, column):
                return False
        return True

    def _is_styled(self, cells: list[bytes], lead: bytes, column: MeantColumn) -> bool:
        """Whether all cells have the style that is to stay, or none has any and gets that of its column."""
        if all(map(bytes.startswith, cells, repeat(lead[1:]))):
            return True
        return lead == column.lead and not any(map(bytes.startswith, cells, repeat(b' s="')))

    def _meant(self, kept: list[bytes], texts: list[bytes], leads: list[bytes], values: slice) -> bytes:
        count = len(kept)
        runs: list[Iterable[bytes]] = [repeat(self._row, count), kept, repeat(self._starts[0], count)]
        for lead, spelled in zip(leads, self._spelled, strict=True):
            runs += [texts, *spelled.many(lead, values, texts)]
        pieces = [b""] * (count * len(runs))
        for at, run in enumerate(runs):
            pieces[at :: len(runs)] = run
        return b"".join(pieces)


def _spanless(rows: list[bytes], tag: bytes | None) -> list[bytes]:
    """The rows without their `spans`; `tag` is what all their start tags say after the number, if they are alike."""
    if tag is None:
        parts = [row.partition(b">") for row in rows]
        return [_SPANS.sub(b"", start) + end + rest for start, end, rest in parts]
    spans = _SPANS.search(tag)
    return [row.replace(spans[0], b"", 1) for row in rows] if spans else rows
