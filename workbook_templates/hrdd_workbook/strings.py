"""The few shared strings that a header needs, read without loading the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING
from xml.parsers import expat

from hrdd_workbook.errors import HostileFile, NotAWorkbook

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from hrdd_workbook.package import Package
    from hrdd_workbook.survey import HeaderCell

_RUN = re.compile(rb"<(?:[\w.-]+:)?(rPh|t)\b[^<>]*(?<!/)>([^<]*)")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^<>]*>([^<]*)")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _Enough(Exception):
    """Stops expat when the last string that was asked for has been read."""


def shared_texts(package: Package, member: ZipInfo | None, wanted: Iterable[int]) -> dict[int, str]:
    """The shared strings with these numbers; reading stops after the last of them."""
    numbers = set(wanted)
    if member is None or not numbers:
        return {}
    reader = _Strings(numbers, package.path.name)
    try:
        for piece in package.chunks(member, 1 << 16):
            reader.parser.Parse(piece, False)
    except _Enough:
        pass
    except expat.ExpatError as error:
        raise NotAWorkbook(f"{package.path.name} is damaged: its shared strings ({error}).") from error
    return reader.found


class _Strings:
    def __init__(self, wanted: set[int], file_name: str) -> None:
        self.wanted, self.last, self.file_name = wanted, max(wanted), file_name
        self.found: dict[int, str] = {}
        self._index = -1
        self._text: list[str] | None = None
        self._phonetic = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _document_type(self, *_: object) -> None:
        raise HostileFile(f"{self.file_name}: its shared strings declare a document type, which no workbook does.")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._index += 1
            self.found.setdefault(self._index, "") if self._index in self.wanted else None
        elif local == "rPh":
            self._phonetic += 1
        elif local == "t" and not self._phonetic and self._index in self.wanted:
            self._text = []

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "t" and self._text is not None:
            self.found[self._index] += decoded("".join(self._text))
            self._text = None
        elif local == "rPh":
            self._phonetic -= 1
        elif local == "si" and self._index >= self.last:
            raise _Enough


def decoded(text: str) -> str:
    """Undo the _xHHHH_ spelling of characters that XML cannot hold."""
    return _CODED.sub(lambda match: chr(int(match[1], 16)), text)


def header_texts(package: Package, strings: ZipInfo | None, header: list[HeaderCell]) -> dict[int, str]:
    """What the header cells say, by column; numbers and blanks are text as they stand."""
    numbers = {cell.column: int(_value(cell)) for cell in header if cell.kind == "s" and _value(cell).isdigit()}
    shared = shared_texts(package, strings, numbers.values())
    texts = {}
    for cell in header:
        if cell.kind == "s":
            texts[cell.column] = shared.get(numbers.get(cell.column, -1), "")
        elif cell.kind == "inlineStr":
            texts[cell.column] = _inline(cell.raw)
        else:
            texts[cell.column] = decoded(_value(cell))
    return texts


def _value(cell: HeaderCell) -> str:
    match = _VALUE.search(cell.raw)
    return unescape(match[1].decode("utf-8", "replace")).strip() if match else ""


def _inline(raw: bytes) -> str:
    found, skip = [], False
    for kind, text in _RUN.findall(raw):
        if kind == b"rPh":
            skip = True
        elif skip:
            skip = False
        else:
            found.append(decoded(unescape(text.decode("utf-8", "replace"))))
    return "".join(found)
