"""The few shared strings that a header needs, read without loading the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING

from hrdd_workbook.errors import HostileFile

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from hrdd_workbook.package import Package
    from hrdd_workbook.survey import HeaderCell

_RUN = re.compile(rb"<(?:[\w.-]+:)?(rPh|t)\b[^<>]*(?<!/)>([^<]*)")
#: A string of 32,767 characters, each in a look of its own, is not as long.
_LONGEST = 16 << 20
#: Where a shared string ends: at its end tag, or as an empty element.
_ITEM_END = re.compile(rb"</(?:[\w.-]+:)?si\s*>|<(?:[\w.-]+:)?si\s*/>")
_ODD = re.compile(rb"<(?:[\w.-]+:)?si\s*/>|</(?:[\w.-]+:si|si\s)")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^<>]*>([^<]*)")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def shared_texts(package: Package, member: ZipInfo | None, wanted: Iterable[int]) -> dict[int, str]:
    """The shared strings with these numbers; reading stops after the last of them, and parses no others."""
    numbers = sorted(set(wanted))
    found: dict[int, str] = {}
    index, rest = 0, b""
    for piece in package.chunks(member) if member is not None and numbers else ():
        _refuse_document_type(rest + piece[:4096], index, package.path.name)
        begun = rest + piece
        *items, rest = _ITEM_END.split(begun) if _ODD.search(begun) else begun.split(b"</si>")
        if len(rest) > _LONGEST:
            raise HostileFile(f"{package.path.name}: one of its shared strings is longer than any cell can hold.")
        stop = index + len(items)
        found |= {number: _text(items[number - index]) for number in numbers if index <= number < stop}
        index = stop
        if index > numbers[-1]:
            break
    return found


def _refuse_document_type(start: bytes, index: int, name: str) -> None:
    if not index and b"<!DOCTYPE" in start:
        raise HostileFile(f"{name}: its shared strings declare a document type, which no workbook does.")


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
            texts[cell.column] = _text(cell.raw)
        else:
            texts[cell.column] = decoded(_value(cell))
    return texts


def _value(cell: HeaderCell) -> str:
    match = _VALUE.search(cell.raw)
    return unescape(match[1].decode("utf-8", "replace")).strip() if match else ""


def _text(raw: bytes) -> str:
    """What the runs of a string say, without phonetic hints."""
    found, skip = [], False
    for kind, text in _RUN.findall(raw):
        if kind == b"rPh":
            skip = True
        elif skip:
            skip = False
        else:
            found.append(decoded(unescape(text.decode("utf-8", "replace"))))
    return "".join(found)
