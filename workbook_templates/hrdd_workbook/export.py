"""Reading any table, whatever its columns are called: the export of a finance system, to be mapped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from hrdd_workbook.child import Child, Objects, decoded, unpacked
from hrdd_workbook.errors import NoTransactions
from hrdd_workbook.find import HEADER_ROWS, best_header
from hrdd_workbook.source import Source, open_source
from hrdd_workbook.text import encoding_of, records_of

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Export:
    """A table as it stands: its header texts, and one object column under each; blanks are None."""

    path: Path
    sheet: str
    header_row: int
    headers: tuple[str, ...]
    columns: tuple[Objects, ...]


def read_export(path: Path, sheet: str | None = None) -> Export:
    """Read the table of a workbook or text file; of several sheets the one with most filled header cells.

    Raises NoTransactions with one sentence where there is no table, and another WorkbookError where the file
    cannot be read.
    """
    with open_source(path, None) as source:
        if source.kind == "text":
            return _from_text(path)
        with Child(source.file, source.name, source.megabytes) as child:
            return _from_sheets(source, child, sheet)


def _from_sheets(source: Source, child: Child, wanted: str | None) -> Export:
    child.send("sheets")
    source.look()
    best: tuple[int, int, str, Header, int] | None = None
    for index, (name, kind, _) in enumerate(child.receive()):
        if kind == "WorkSheet" and (wanted is None or name.casefold() == wanted.casefold()):
            rows, height, _ = child.ask("head", index=index, count=HEADER_ROWS)
            first = [[unpacked(value) for value in row] for row in rows]
            header = header_of(first)
            if header.row and (best is None or header.named > best[0]):
                best = (header.named, index, name, header, height)
    if best is None:
        raise _no_table(source.path, wanted)
    _, index, name, header, height = best
    places = [place for place, text in enumerate(header.texts) if _is_text(text)]
    told = child.ask("columns", index=index, start=header.row, stop=height, places=places)
    columns = tuple(decoded(column) for column in told)
    headers = tuple(str(header.texts[place]).strip() for place in places)
    return Export(source.path, name, header.row, headers, columns)


def _from_text(path: Path) -> Export:
    encoding, _ = encoding_of(path)
    best: tuple[int, str, Header] | None = None
    for delimiter in _DELIMITERS:
        first = [[text or None for text in row] for row in islice(records_of(path, encoding, delimiter), HEADER_ROWS)]
        header = header_of(first)
        if header.row and (best is None or header.named > best[0]):
            best = (header.named, delimiter, header)
    if best is None:
        raise _no_table(path, None)
    _, delimiter, header = best
    records = list(islice(records_of(path, encoding, delimiter), header.row, None))
    places = [place for place, text in enumerate(header.texts) if text and text.strip()]
    return Export(
        path=path,
        sheet=path.stem,
        header_row=header.row,
        headers=tuple(header.texts[place].strip() for place in places),
        columns=tuple(_column(records, place) for place in places),
    )


def _column(records: Sequence[Sequence[str]], place: int) -> Objects:
    found = np.empty(len(records), dtype=object)
    found[:] = [record[place].strip() or None if place < len(record) else None for record in records]
    return found


@dataclass(frozen=True)
class Header:
    """The row below which the table begins (from one, 0 for none), and the text over each column."""

    row: int
    texts: Sequence[Any] = ()

    @property
    def named(self) -> int:
        """How many columns have a name."""
        return sum(map(_is_text, self.texts))


def header_of(rows: Sequence[Sequence[Any]]) -> Header:
    """The header among the first rows of a sheet; where groups stand over it, each text with its group before it."""
    at, _ = header_row(rows)
    if not at:
        return Header(0)
    groups, below = list(rows[at - 1]), [list(row) for row in rows[at : at + 2]]
    if len(below) < 2 or not _are_groups(groups, *below):
        return Header(at, groups)
    told, texts = "", []
    for place, text in enumerate(below[0]):
        group: Any = groups[place] if place < len(groups) else None
        told = group.strip() if _is_text(group) else told
        texts.append(f"{told} {text.strip()}" if _is_text(text) else group)
    return Header(at + 1, texts)


def _are_groups(row: list[Any], below: list[Any], first: list[Any]) -> bool:
    """Whether a row with gaps names groups of the columns that the row below names one by one, above the data."""
    over, named = ({place for place, text in enumerate(r) if text not in (None, "")} for r in (row, below))
    alike = len({text.strip().casefold() for text in below if _is_text(text)}) == len(named)
    data = any(place < len(first) and first[place] is not None and not _is_text(first[place]) for place in named)
    return alike and over < named and data


def header_row(rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """Which of the first rows is the header (from one, 0 for none), and how many columns it names.

    The one that reads like a header of transactions; else the first that names as many columns as any, each by
    a text of its own.
    """
    known = best_header(0, rows, ())
    if known is not None:
        return known.row, sum(map(_is_text, known.headers))
    named = [len({text for text in row if _is_text(text)}) for row in rows]
    full = [
        count if count == sum(value not in (None, "") for value in row) else 0
        for row, count in zip(rows, named, strict=True)
    ]
    most = max(full, default=0)
    return (full.index(most) + 1, most) if most > 1 else (0, 0)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not value.strip().replace(".", "").isdigit()


def _no_table(path: Path, wanted: str | None) -> NoTransactions:
    where = f", sheet {wanted}" if wanted else ""
    return NoTransactions(
        f"{path.name}{where}: no row among the first {HEADER_ROWS} names columns; give each column a header and retry."
    )


def repeated(headers: Sequence[str]) -> list[str]:
    """Header texts that stand over more than one column."""
    return [header for header, count in Counter(headers).items() if count > 1]
