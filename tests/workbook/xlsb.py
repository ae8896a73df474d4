"""Excel's binary workbook, written by hand after [MS-XLSB]: no library that we may use writes one."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="{target}"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>
</Relationships>"""
_ROW, _REAL, _TEXT = 0, 5, 6
_BEGIN_SHEET, _END_SHEET, _BEGIN_BOOK, _END_BOOK = 129, 130, 131, 132
_BEGIN_SHEETS, _END_SHEETS, _BEGIN_ROWS, _END_ROWS, _EXTENT, _SHEET = 143, 144, 145, 146, 148, 156


def write_xlsb(path: Path, name: str, rows: Sequence[Sequence[object]]) -> None:
    """A workbook of one sheet; cells are texts, numbers, or None for none."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS.format(target="xl/workbook.bin", kind="officeDocument"))
        package.writestr(
            "xl/_rels/workbook.bin.rels", _RELATIONS.format(target="worksheets/sheet1.bin", kind="worksheet")
        )
        package.writestr("xl/workbook.bin", b"".join(_book(name)))
        package.writestr("xl/worksheets/sheet1.bin", b"".join(_sheet(rows)))


def _book(name: str) -> Iterator[bytes]:
    yield _record(_BEGIN_BOOK)
    yield _record(_BEGIN_SHEETS)
    yield _record(_SHEET, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name))
    yield _record(_END_SHEETS)
    yield _record(_END_BOOK)


def _sheet(rows: Sequence[Sequence[object]]) -> Iterator[bytes]:
    yield _record(_BEGIN_SHEET)
    yield _record(_EXTENT, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1))
    yield _record(_BEGIN_ROWS)
    for number, row in enumerate(rows):
        yield _record(_ROW, struct.pack("<IIH3xI", number, 0, 300, 0))
        for column, value in enumerate(row):
            head = struct.pack("<II", column, 0)
            if isinstance(value, str):
                yield _record(_TEXT, head + _wide(value))
            elif isinstance(value, int | float):
                yield _record(_REAL, head + struct.pack("<d", value))
    yield _record(_END_ROWS)
    yield _record(_END_SHEET)


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    while size >= 0x80:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
