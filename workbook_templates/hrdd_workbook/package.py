"""The zip of a workbook: members read with limits, or passed on with the very bytes they had.

Only what is rewritten is inflated; every other member keeps its compressed bytes, its place, time and
attributes. Sizes and places beyond 4 GB are written as zip64 says, and only those: Excel takes a part of more than
4 GB where its local header asks for version 4.5, and repairs files that use zip64 where nothing asks for it.
"""

from __future__ import annotations

import struct
import threading
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from hrdd_workbook.deflate import ERRORS, crc32, deflater, inflater
from hrdd_workbook.errors import Declined, HostileFile, NotAWorkbook

CHUNK = 1 << 18
SMALL_PART = 256 << 20
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q4sIQI")
_LIMIT = _ELSEWHERE = 0xFFFFFFFF
#: A part this large may pass the limit when it grows: its local header gets room for sizes of eight bytes.
_ROOMY = _LIMIT >> 4
#: What fills that room meanwhile: the growth hint of the Open Packaging Conventions, which readers skip.
_HINT = 0xA220
_ROOM = struct.pack("<4H12x", _HINT, 16, 0xA028, 0)


class Package:
    """A workbook's zip, open for reading. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self.file: IO[bytes] = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self.file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError) as error:
            self.file.close()
            raise NotAWorkbook(
                f"{path.name} is not a complete workbook file ({error}); open it in Excel, save it again and retry."
            ) from error
        self.members = sorted(self._zip.infolist(), key=lambda member: member.header_offset)
        self.listed = self._zip.infolist()
        self.comment = self._zip.comment
        self._by_name = {part_name(member.filename).casefold(): member for member in self.members}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self.file.close()

    def find(self, name: str) -> zipfile.ZipInfo | None:
        """The member of this part name, however its writer spelled it."""
        return self._by_name.get(part_name(name).casefold())

    def _read_at(self, start: int, size: int) -> bytes:
        with self._lock:
            self.file.seek(start)
            return self.file.read(size)

    def raw_span(self, member: zipfile.ZipInfo) -> tuple[int, int, bytes]:
        """Where the compressed bytes begin and how many they are, and the local extra field."""
        header = self._read_at(member.header_offset, _LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise NotAWorkbook(f"{self.path.name} is damaged: {member.filename} is not where it is listed.")
        name, extra = struct.unpack("<2H", header[26:30])
        at = member.header_offset + _LOCAL.size + name
        return at + extra, member.compress_size, self._read_at(at, extra)

    def raw(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The compressed bytes as they stand, in chunks; other threads may read in between."""
        start, left, _ = self.raw_span(member)
        while left:
            data = self._read_at(start, min(left, CHUNK))
            if not data:
                raise NotAWorkbook(f"{self.path.name} is cut off inside {member.filename}.")
            start, left = start + len(data), left - len(data)
            yield data

    def chunks(self, member: zipfile.ZipInfo, size: int = CHUNK) -> Iterator[bytes]:
        """The inflated bytes in pieces of at most `size`; length and checksum are verified at the end."""
        total = crc = 0
        for piece in self._inflated(member, size):
            total += len(piece)
            if total > member.file_size:
                raise HostileFile(
                    f"{self.path.name}: {member.filename} holds more than it declares, as a zip bomb does; "
                    "it was not read further."
                )
            crc = crc32(piece, crc)
            yield piece
        if total != member.file_size or crc != member.CRC:
            raise NotAWorkbook(f"{self.path.name} is damaged: the checksum of {member.filename} is wrong.")

    def _inflated(self, member: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
        raw = self.raw(member)
        if member.compress_type == zipfile.ZIP_STORED:
            yield from raw
            return
        inflate = inflater()
        try:
            for data in raw:
                piece = inflate.decompress(data, size)
                while piece:
                    yield piece
                    piece = inflate.decompress(inflate.unconsumed_tail, size)
            rest = inflate.flush()
        except ERRORS as error:
            raise NotAWorkbook(f"{self.path.name} is damaged inside {member.filename} ({error}).") from error
        if rest:
            yield rest

    def read(self, member: zipfile.ZipInfo, limit: int = SMALL_PART) -> bytes:
        """A whole small part."""
        if member.file_size > limit:
            raise HostileFile(
                f"{self.path.name}: {member.filename} declares {member.file_size >> 20} MB where a few "
                "are usual; it was not read."
            )
        return b"".join(self.chunks(member))


@dataclass
class _Entry:
    member: zipfile.ZipInfo
    offset: int
    crc: int
    packed: int
    size: int
    method: int

    @property
    def is_roomy(self) -> bool:
        """Whether its local header has room for sizes of eight bytes; known before the content is."""
        return max(self.member.file_size, self.member.compress_size) >= _ROOMY

    @property
    def is_large(self) -> bool:
        """Whether its sizes need eight bytes."""
        return max(self.size, self.packed) >= _LIMIT


class PackageWriter:
    """Writes a zip front to back: raw copies, and new contents at a deflate level, by default the quickest."""

    def __init__(self, file: IO[bytes], level: int = 1) -> None:
        self.file, self.level = file, level
        self._entries: list[_Entry] = []

    def copy(self, source: Package, member: zipfile.ZipInfo) -> None:
        """Pass a member on with the compressed bytes it has."""
        _, packed, extra = source.raw_span(member)
        entry = _Entry(member, self.file.tell(), member.CRC, packed, member.file_size, member.compress_type)
        self.file.write(_local_header(entry, extra))
        for data in source.raw(member):
            self.file.write(data)
        self._entries.append(entry)

    def put(self, member: zipfile.ZipInfo, pieces: Iterable[bytes], extra: bytes = b"") -> None:
        """Write new contents under the name, time and attributes of `member`."""
        entry = _Entry(member, self.file.tell(), 0, 0, 0, zipfile.ZIP_DEFLATED)
        self.file.write(_local_header(entry, extra))
        deflate = deflater(self.level)
        for piece in pieces:
            entry.crc = crc32(piece, entry.crc)
            entry.size += len(piece)
            entry.packed += self.file.write(deflate.compress(piece))
        entry.packed += self.file.write(deflate.flush())
        end = self.file.tell()
        self.file.seek(entry.offset)
        self.file.write(_local_header(entry, extra))
        self.file.seek(end)
        self._entries.append(entry)

    def finish(self, order: list[zipfile.ZipInfo], comment: bytes) -> None:
        """Write the directory, in the order of the source with new members last."""
        rank = {id(member): place for place, member in enumerate(order)}
        start = self.file.tell()
        for entry in sorted(self._entries, key=lambda entry: rank.get(id(entry.member), len(rank))):
            self.file.write(_central_header(entry))
        size = self.file.tell() - start
        count = len(self._entries)
        if start + size >= _LIMIT:
            self.file.write(_zip64_end(count, size, start))
            size = start = _ELSEWHERE
        self.file.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment)


def _zip64_end(count: int, size: int, start: int) -> bytes:
    """The end record of zip64, and the record that leads to it."""
    end = (b"PK\x06\x06", _END64.size - 32, 45, 45, 0, 0, count, count, size, start)
    return _END64.pack(*end, b"PK\x06\x07", 0, start + size, 1)


def _zip64(*values: int) -> bytes:
    """The zip64 record with what does not fit into four bytes; empty where there is nothing."""
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values) if values else b""


def part_name(name: str) -> str:
    """A member's name as a part name: some writers begin with a slash or use backslashes."""
    return name.replace("\\", "/").lstrip("/")


def new_member(name: str) -> zipfile.ZipInfo:
    """A member that the source does not have; its time is fixed, so that equal content gives equal bytes."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def _name(member: zipfile.ZipInfo) -> tuple[bytes, int]:
    """The name's bytes and the flags, with the data descriptor folded away."""
    flags = member.flag_bits & ~0x08
    name = member.orig_filename
    if flags & 0x800:
        return name.encode("utf-8"), flags
    try:
        return name.encode("cp437"), flags
    except UnicodeEncodeError:
        return name.encode("utf-8"), flags | 0x800


def _dos_time(member: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = member.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without(extra: bytes, *kinds: int) -> bytes:
    """An extra field without the records of these kinds."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack("<2H", extra[at : at + 4])
        if kind not in kinds:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _local_header(entry: _Entry, extra: bytes) -> bytes:
    name, flags = _name(entry.member)
    if entry.is_large and not entry.is_roomy:
        raise Declined("A small part of the workbook would grow past 4 GB.", rewritable=False)
    extra = _without(extra, 1)
    if entry.is_roomy:
        extra = _without(extra, _HINT) + (_zip64(entry.size, entry.packed) if entry.is_large else _ROOM)
    packed, size = (_ELSEWHERE, _ELSEWHERE) if entry.is_large else (entry.packed, entry.size)
    version = 45 if entry.is_large else min(entry.member.extract_version, 20)
    start = (b"PK\x03\x04", version, flags, entry.method, *_dos_time(entry.member))
    return _LOCAL.pack(*start, entry.crc, packed, size, len(name), len(extra)) + name + extra


def _central_header(entry: _Entry) -> bytes:
    member = entry.member
    name, flags = _name(member)
    values = (entry.size, entry.packed, entry.offset)
    large = _zip64(*(value for value in values if value >= _LIMIT))
    size, packed, offset = (_ELSEWHERE if value >= _LIMIT else value for value in values)
    extra = large + _without(member.extra, 1)
    version = 45 if large else min(member.extract_version, 20)
    made = member.create_version | member.create_system << 8
    start = (b"PK\x01\x02", made, version, flags, entry.method, *_dos_time(member), entry.crc, packed, size)
    lengths = (len(name), len(extra), len(member.comment), 0)
    record = _CENTRAL.pack(*start, *lengths, member.internal_attr, member.external_attr, offset)
    return record + name + extra + member.comment
