"""Transactions from delimited text: encoding, delimiter and decimal mark are found out, and said where in doubt.

A file is walked once to learn how it is written (`text_file`), and once more for its rows, so that its size is
bounded by the disk alone. The delimiter is the one under which a line reads most like a header of transactions.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY, INPUTS, HeaderMatch
from hrdd_workbook.errors import NotAWorkbook, NoTransactions
from hrdd_workbook.find import HEADER_ROWS, Found, best_header
from hrdd_workbook.refs import letters
from hrdd_workbook.rows import filled, totals
from hrdd_workbook.transactions import RECALLED, Transactions, frame_of, missing_notes, sums_notes

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_FIELD = 1 << 24
_SAMPLE = 1 << 18
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_CODE_PAGES = (
    "cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp932", "cp949", "gb18030", "big5",
)  # fmt: skip
#: Signs that stand inside a word only where its letters were written in another code page.
_NO_LETTERS = re.compile(r"[^\W\d_][£¥¤¦§¶\ufffd]|[£¥¤¦§¶\ufffd][^\W\d_]")
_TURKISH = re.compile("[þðÞÐ]")
_WITH_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[.\s']\d{3})+|\d+),(?:\d{1,2}|\d{4,})")
_WITH_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:[,\s']\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})")
_NUMBER = {
    ",": re.compile(r"[+-]?(?:\d{1,3}(?:[.\s']\d{3})+|\d+)(?:,\d+)?"),
    ".": re.compile(r"[+-]?(?:\d{1,3}(?:[,\s']\d{3})+|\d+)(?:\.\d+)?"),
    "": re.compile(r"[+-]?\d+"),
}
_BETWEEN = {",": re.compile(r"[.\s']"), ".": re.compile(r"[,\s']"), "": re.compile(r"\s")}


@dataclass(frozen=True)
class TextFile:
    """How a delimited text file is written, and where its columns of transactions stand.

    `header_row` counts records from one; `width` is the most fields that a record has; `decimal` is "," or "."
    where the columns of numbers decide it, and empty where they do not.
    """

    path: Path
    encoding: str
    delimiter: str
    header_row: int
    headers: tuple[str, ...]
    match: HeaderMatch
    width: int
    decimal: str
    notes: tuple[str, ...] = ()

    @property
    def places(self) -> dict[str, int]:
        """The position of each recognised input column, in the order of the contract."""
        return {column.key: self.match.keys[column.key] for column in INPUTS if column.key in self.match.keys}

    def records(self) -> Iterator[list[str]]:
        """The records below the header, as they stand."""
        return islice(records_of(self.path, self.encoding, self.delimiter), self.header_row, None)

    def cells(self, records: Sequence[Sequence[str]]) -> dict[str, Any]:
        """Object columns of these records by input key: blanks None, numbers of one writing as numbers."""
        found = {}
        for key, place in self.places.items():
            texts = [record[place].strip() or None if place < len(record) else None for record in records]
            found[key] = np.empty(len(texts), dtype=object)
            found[key][:] = [_value(text, self.decimal) for text in texts] if _is_number(key) else texts
        return found


def text_file(path: Path) -> TextFile:
    """Find out how a text file is written; raises where it holds no transactions or is no text."""
    csv.field_size_limit(_LONGEST_FIELD)
    encoding, notes = encoding_of(path)
    delimiter, found = _header(path, encoding)
    places = [place for key, place in found.match.keys.items() if _is_number(key)]
    width, marks = 0, set[str]()
    for record in records_of(path, encoding, delimiter):
        width = max(width, len(record))
        marks.update(_mark(record[place]) for place in places if place < len(record))
    marks.discard("")
    return TextFile(
        path=path,
        encoding=encoding,
        delimiter=delimiter,
        header_row=found.row,
        headers=tuple(str(header or "") for header in found.headers),
        match=found.match,
        width=width,
        decimal=marks.pop() if len(marks) == 1 else "",
        notes=tuple(notes),
    )


def read_text(path: Path) -> Transactions:
    """Read a delimited text file whole."""
    file = text_file(path)
    records = list(file.records())
    columns = file.cells(records)
    notes = (*file.notes, *file.match.notes, *missing_notes(columns), *sums_notes(columns))
    kept = np.flatnonzero(filled(list(columns.values())) & ~totals(columns))
    columns = {key: values[kept] for key, values in columns.items()}
    before = {key: file.match.owned[key] for key in RECALLED if key in file.match.owned}
    previous = {key: np.array([_at(records[row], at) for row in kept], dtype=object) for key, at in before.items()}
    return Transactions(
        path=path,
        frame=frame_of(columns, len(kept)),
        sheet=path.stem,
        table=None,
        header_row=file.header_row,
        row_numbers=kept.astype(np.int64) + file.header_row + 1,
        columns={key: letters(place + 1) for key, place in file.places.items()},
        owned={key: place + 1 for key, place in file.match.owned.items()},
        previous=frame_of(previous, len(kept)),
        notes=notes,
        writable=False,
    )


def _at(record: Sequence[str], place: int) -> str | None:
    return record[place] if place < len(record) else None


def _is_number(key: str) -> bool:
    return INPUT_BY_KEY[key].kind == "number"


def _mark(text: str) -> str:
    """The decimal mark that a cell can only be written with; empty where it could be either or neither."""
    text = text.strip()
    return "," if _WITH_COMMA.fullmatch(text) else "." if _WITH_POINT.fullmatch(text) else ""


def _value(text: str | None, decimal: str) -> Any:
    """A plain number as a number; whatever else stands there stays a text, for the scorer to read and report."""
    if text is None or not _NUMBER[decimal].fullmatch(text):
        return text
    return float(_BETWEEN[decimal].sub("", text).replace(",", "."))


def as_numbers(texts: Sequence[str | None]) -> list[Any]:
    """Plain numbers as numbers, by the one decimal mark that the texts are written with; others as they stand."""
    marks = {_mark(text) for text in texts if text} - {""}
    decimal = marks.pop() if len(marks) == 1 else ""
    return [_value(text, decimal) for text in texts]


def encoding_of(path: Path) -> tuple[str, list[str]]:
    """The encoding: by its mark, UTF-8 where the bytes are that, else the likeliest, which is said."""
    with path.open("rb") as file:
        start = file.read(4)
        for mark, name in _BOMS.items():
            if start.startswith(mark):
                return name, []
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            for piece in iter(lambda: file.read(1 << 20), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            lines = [line for line in islice(file, 100_000) if not line.isascii()]
            name = _likeliest(b"".join(lines)[:_SAMPLE])
            return name, [f"{path.name} is not UTF-8 and was read as {name}; save it as UTF-8 where that is wrong."]
    return "utf-8", []


def _likeliest(sample: bytes) -> str:
    """Windows-1252 or its Turkish sister where that reads as text, else what charset-normalizer takes it for."""
    words = re.findall(r"[^\W\d_]\S*", sample.decode("cp1252", "replace"))
    letters = "".join(word for word in words if not word.isascii())
    strange = sum(not letter.isascii() for letter in letters)
    if strange * 3 < len(letters) + 3 and not _NO_LETTERS.search(letters):
        return "cp1254" if _TURKISH.search(letters) else "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(_CODE_PAGES)).best()
    return best.encoding if best is not None else "cp1252"


def _header(path: Path, encoding: str) -> tuple[str, Found]:
    """The delimiter under which a record among the first reads most like a header, and that header."""
    tried = {}
    for delimiter in _DELIMITERS:
        first = list(islice(records_of(path, encoding, delimiter), HEADER_ROWS))
        found = best_header(0, [[value or None for value in record] for record in first], ())
        if found is not None:
            tried[delimiter] = found
    if not tried:
        raise NoTransactions(
            f"{path.name}: no line among the first {HEADER_ROWS} reads like a header of transactions; name "
            "the columns as in the template, at least product, end user and destination."
        )
    delimiter = max(tried, key=lambda name: tried[name].match.score)
    return delimiter, tried[delimiter]


def records_of(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a delimited text file, header and all."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error as error:
            raise NotAWorkbook(f"{path.name} could not be read as delimited text ({error}).") from error
