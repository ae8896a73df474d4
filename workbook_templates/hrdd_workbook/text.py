"""Transactions from a text file: UTF-8 (with or without a mark) or Windows-1252, any usual delimiter."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hrdd.columns import INPUTS
from hrdd_workbook.errors import NotAWorkbook, NoTransactions
from hrdd_workbook.find import HEADER_ROWS, best_header
from hrdd_workbook.refs import letters

if TYPE_CHECKING:
    from hrdd_workbook.read import Transactions

_DELIMITERS = ",;\t|"
_MOST = 512 << 20


def read_text(path: Path) -> Transactions:
    """Read a delimited text file; every value is text as it stands."""
    from hrdd_workbook.read import Transactions, frame_of, missing_notes

    if path.stat().st_size > _MOST:
        raise NotAWorkbook(f"{path.name} is larger than {_MOST >> 20} MB; split it or give a workbook.")
    text, notes = _decoded(path)
    rows = _rows(path, text)
    found = best_header(0, [[value or None for value in row] for row in rows[:HEADER_ROWS]], ())
    if found is None:
        raise NoTransactions(
            f"{path.name}: no line among the first {HEADER_ROWS} reads like a header of transactions; name "
            "the columns as in the template, at least product, end user and destination."
        )
    keys = [column.key for column in INPUTS if column.key in found.match.keys]
    places = [found.match.keys[key] for key in keys]
    picked = [
        (number, [row[place].strip() or None if place < len(row) else None for place in places])
        for number, row in enumerate(rows[found.row :], found.row + 1)
    ]
    picked = [(number, values) for number, values in picked if any(value is not None for value in values)]
    columns: dict[str, Any] = {}
    for index, key in enumerate(keys):
        columns[key] = np.empty(len(picked), dtype=object)
        columns[key][:] = [values[index] for _, values in picked]
    return Transactions(
        path=path,
        frame=frame_of(columns, len(picked)),
        sheet=path.stem,
        table=None,
        header_row=found.row,
        row_numbers=np.array([number for number, _ in picked], dtype=np.int64),
        columns={key: letters(found.match.keys[key] + 1) for key in keys},
        owned={key: place + 1 for key, place in found.match.owned.items()},
        notes=(*notes, *found.match.notes, *missing_notes(columns)),
        writable=False,
    )


def _decoded(path: Path) -> tuple[str, list[str]]:
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), [f"{path.name} is not UTF-8 and was read as Windows-1252."]


def _rows(path: Path, text: str) -> list[list[str]]:
    csv.field_size_limit(1 << 24)
    sample = text[:65_536]
    try:
        delimiter = csv.Sniffer().sniff(sample, delimiters=_DELIMITERS).delimiter
    except csv.Error:
        delimiter = max(_DELIMITERS, key=sample.count)
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as error:
        raise NotAWorkbook(f"{path.name} could not be read as delimited text ({error}).") from error
