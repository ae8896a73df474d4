"""A worksheet part in three stretches: what stands before the rows, the rows in blocks, what stands after.

Rows are never parsed into a tree. The frame around them is read by expat, which gives the byte offsets of
the elements, so that an edit is a splice and every other byte stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.parsers import expat

from hrdd_workbook.errors import Declined, HostileFile, NotAWorkbook
from hrdd_workbook.parts import MAIN, STRICT
from hrdd_workbook.refs import Area, area

_FRAME_LIMIT = 128 << 20
_ROW_LIMIT = 64 << 20
_TAG_END = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_DIMENSION = re.compile(rb"\bref\s*=\s*[\"']([^\"']*)")
_UTF8 = {None, "utf-8", "utf8", "us-ascii", "ascii"}


@dataclass(frozen=True)
class Element:
    """A child of the worksheet element: its local name and the bytes from `start` to `end`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Head:
    """Everything up to the first row. `prefix` is the namespace prefix of the rows with its colon, or empty."""

    data: bytes
    prefix: str
    root: str
    elements: tuple[Element, ...]
    childless: bool
    rows_tag: bytes

    def element(self, name: str) -> Element | None:
        """The child of this name."""
        return next((element for element in self.elements if element.name == name), None)


def dimension(head: Head) -> tuple[Area, int, int] | None:
    """The used range that the sheet declares, and where its text stands; it may be wrong or missing."""
    element = head.element("dimension")
    text = head.data[element.start : element.end] if element else b""
    match = _DIMENSION.search(text)
    told = area(match[1].decode("ascii", "replace")) if match else None
    if element is None or match is None or told is None:
        return None
    return told, element.start + match.start(1), element.start + match.end(1)


class SheetStream:
    """Walks over a worksheet part once: `head`, then `blocks()`, then `tail`."""

    def __init__(self, pieces: Iterator[bytes], where: str, *, tolerant: bool = False) -> None:
        self.where = where
        self._tolerant = tolerant
        self._pieces = pieces
        self.head, self._rest = _read_head(pieces, where)
        self.tail = b""

    def blocks(self) -> Iterator[bytes]:
        """The rows, in blocks of whole rows; afterwards `tail` begins at the end tag of the rows."""
        if self.head.childless:
            self.tail = self._rest + b"".join(self._pieces)
            return
        prefix = self.head.prefix.encode()
        stop, row = b"</" + prefix + b"sheetData", b"<" + prefix + b"row"
        buffer, searched = self._rest, 0
        while True:
            at = buffer.find(stop, searched)
            if at >= 0:
                break
            cut = buffer.rfind(row)
            if cut > 0:
                yield self._checked(buffer[:cut])
                buffer = buffer[cut:]
            elif len(buffer) > _ROW_LIMIT:
                raise Declined(f"{self.where}: one row is longer than {_ROW_LIMIT >> 20} MB.")
            searched = max(0, len(buffer) - len(stop))
            piece = next(self._pieces, None)
            if piece is None:
                raise NotAWorkbook(f"{self.where} is damaged: the sheet ends inside its rows.")
            buffer += piece
        if at:
            yield self._checked(buffer[:at])
        self.tail = self._read_tail(buffer[at:])

    def _checked(self, block: bytes) -> bytes:
        rare = not self._tolerant and (b"!" in block or b"?" in block)
        if rare and (b"<!" in block or b"<?" in block):
            raise Declined(f"{self.where}: comments or CDATA stand among the rows, which this writer does not touch.")
        return block

    def _read_tail(self, begun: bytes) -> bytes:
        pieces, size = [begun], len(begun)
        for piece in self._pieces:
            pieces.append(piece)
            size += len(piece)
            if size > _FRAME_LIMIT:
                raise HostileFile(f"{self.where}: more than {_FRAME_LIMIT >> 20} MB follow the rows.")
        return b"".join(pieces)


class _RowsReached(Exception):
    """Stops expat at the start of the rows."""


class _Frame:
    """Collects the children of the worksheet element with their offsets."""

    def __init__(self, where: str, *, stop_at_rows: bool) -> None:
        self.where, self.stop = where, stop_at_rows
        self.root = self.rows = ""
        self.rows_at = 0
        self.elements: list[tuple[str, int, int]] = []
        self._depth = 0
        self._open = ("", 0)
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._document_type

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding.lower() if encoding else None) not in _UTF8:
            raise Declined(f"{self.where}: the sheet is encoded as {encoding}, where UTF-8 is usual.")

    def _document_type(self, *_: object) -> None:
        raise HostileFile(f"{self.where}: the sheet declares a document type, which no workbook does.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 0:
            self._check_root(name, attributes)
        elif self._depth == 1:
            if self.stop and name.rsplit(":", 1)[-1] == "sheetData":
                self.rows, self.rows_at = name, self.parser.CurrentByteIndex
                raise _RowsReached
            self._open = (name, self.parser.CurrentByteIndex)
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            name, start = self._open
            self.elements.append((name, start, self.parser.CurrentByteIndex))

    def _check_root(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns")
        if local != "worksheet" or namespace not in (MAIN, STRICT):
            raise Declined(
                f"{self.where} is not an ordinary worksheet ({local}); results can only stand in one.",
                rewritable=False,
            )
        self.root = name

    def finished(self, data: bytes) -> tuple[Element, ...]:
        """The elements with the offset of their real end."""
        return tuple(_whole(data, *element) for element in self.elements)


def _whole(data: bytes, name: str, start: int, end: int) -> Element:
    if end == start or data[end : end + 2] != b"</":
        match = _TAG_END.match(data, start)
        end = match.end() if match else end
    else:
        end = data.index(b">", end) + 1
    return Element(name.rsplit(":", 1)[-1], start, end)


def _read_head(pieces: Iterator[bytes], where: str) -> tuple[Head, bytes]:
    frame = _Frame(where, stop_at_rows=True)
    buffer = bytearray()
    for piece in pieces:
        if not buffer and piece[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
            raise Declined(f"{where}: the sheet is encoded as UTF-16, where UTF-8 is usual.")
        buffer += piece
        try:
            frame.parser.Parse(piece, False)
        except _RowsReached:
            return _cut_head(frame, buffer, pieces)
        except expat.ExpatError as error:
            raise NotAWorkbook(f"{where} is damaged: its XML is not well-formed ({error}).") from error
        if len(buffer) > _FRAME_LIMIT:
            raise HostileFile(f"{where}: more than {_FRAME_LIMIT >> 20} MB stand before the first row.")
    raise Declined(f"{where} has no rows at all.", rewritable=False)


def _cut_head(frame: _Frame, buffer: bytearray, pieces: Iterator[bytes]) -> tuple[Head, bytes]:
    start = frame.rows_at
    while (match := _TAG_END.match(buffer, start)) is None:
        buffer += next(pieces)
    data, tag = bytes(buffer), match.group()
    childless = tag.endswith(b"/>")
    prefix = frame.rows[: -len("sheetData")]
    head = Head(data[:start], prefix, frame.root, frame.finished(data), childless, tag)
    return head, data[match.end() :]


def tail_elements(head: Head, tail: bytes, where: str) -> tuple[Element, ...]:
    """The elements after the rows with offsets into `tail`; also proves that the frame is well-formed."""
    frame = _Frame(where, stop_at_rows=False)
    opening = b"" if not head.childless else _end_tag(head)
    before = head.data + (head.rows_tag if not head.childless else _open_tag(head)) + opening
    try:
        frame.parser.Parse(before, False)
        frame.parser.Parse(tail, True)
    except expat.ExpatError as error:
        raise NotAWorkbook(f"{where} is damaged: its XML is not well-formed ({error}).") from error
    whole = frame.finished(before + tail)
    return tuple(
        Element(element.name, element.start - len(before), element.end - len(before))
        for element in whole
        if element.start >= len(before)
    )


def _open_tag(head: Head) -> bytes:
    return head.rows_tag[:-2].rstrip() + b">"


def _end_tag(head: Head) -> bytes:
    return f"</{head.prefix}sheetData>".encode()


def start_tag(head: Head) -> bytes:
    """Everything up to the end of the worksheet element's start tag, namespaces included."""
    match = re.search(rb"<" + head.root.encode() + rb"(?=[\s>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", head.data)
    return head.data[: match.end()] if match else head.data


def rows_open(head: Head) -> bytes:
    """The start tag of the rows, also where the source has an empty element."""
    return _open_tag(head) if head.childless else head.rows_tag


def rows_close(head: Head) -> bytes:
    """The end tag of the rows that must be added, empty where the tail brings its own."""
    return _end_tag(head) if head.childless else b""


@dataclass(frozen=True)
class Spelling:
    """The patterns of rows and cells under one namespace prefix."""

    prefix: bytes
    any_row: re.Pattern[bytes]
    row_end: re.Pattern[bytes]
    any_cell: re.Pattern[bytes]
    cell_end: re.Pattern[bytes]
    formula: re.Pattern[bytes]

    @property
    def cell(self) -> bytes:
        """The start of a cell in the usual spelling."""
        return b"<" + self.prefix + b'c r="'

    @property
    def row(self) -> bytes:
        """The start of a row in the usual spelling."""
        return b"<" + self.prefix + b'row r="'

    @property
    def row_close(self) -> bytes:
        """The end tag of a row in the usual spelling."""
        return b"</" + self.prefix + b"row>"


_ATTRIBUTES = rb"((?:[^<>\"'/]|\"[^\"<]*\"|'[^'<]*'|/(?!>))*)"


@cache
def spelling(prefix: str) -> Spelling:
    """Patterns for `prefix` (with its colon, or empty)."""
    p = re.escape(prefix.encode())
    return Spelling(
        prefix.encode(),
        re.compile(rb"<" + p + rb"row(?=[\s/>])" + _ATTRIBUTES + rb"(/?)>"),
        re.compile(rb"</" + p + rb"row\s*>"),
        re.compile(rb"<" + p + rb"c(?=[\s/>])" + _ATTRIBUTES + rb"(/?)>"),
        re.compile(rb"</" + p + rb"c\s*>"),
        re.compile(rb"<" + p + rb"f[\s/>]"),
    )


_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def attributes(text: bytes) -> dict[str, str]:
    """The attributes of a tag, by their names as spelled."""
    return {
        match[1].decode(): (match[2] if match[2] is not None else match[3]).decode("utf-8", "replace")
        for match in _ATTRIBUTE.finditer(text)
    }
