"""Reading a written workbook back from disk before it replaces anything.

Every member is read from the disk: those that are copied must hold the very bytes of the source, changed parts
what they were to hold, and the sheet the content whose rows were checked while they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipInfo

from lxml import etree

from hrdd_workbook.compare import frame_differences
from hrdd_workbook.deflate import crc32
from hrdd_workbook.errors import NotAsIntended
from hrdd_workbook.package import Package
from hrdd_workbook.sheet import SheetStream, rows_open


@dataclass
class Content:
    """Checksum and size of what a member was given to hold."""

    crc: int = 0
    size: int = 0

    def add(self, piece: bytes) -> bytes:
        """Count a piece, and pass it on."""
        self.crc, self.size = crc32(piece, self.crc), self.size + len(piece)
        return piece


def read_back(
    source: Package,
    path: Path,
    changed: Mapping[str, bytes],
    dropped: AbstractSet[str] = frozenset(),
    sheet: str = "",
    content: Content | None = None,
) -> None:
    """Compare a written file with its source and with what was meant; raise `NotAsIntended` on any difference.

    `changed` are whole parts as they should be, `dropped` those that should be gone; `content` sums up the one of the
    `sheet`.
    """
    with Package(path) as made:
        names = {member.filename for member in source.members} - dropped
        if names | set(changed) != {member.filename for member in made.members}:
            raise _differs(source, "the list of parts")
        for member in made.members:
            if content is not None and member.filename == sheet:
                for _ in made.chunks(member):  # which proves the checksum
                    pass
                same = (member.CRC, member.file_size) == (content.crc, content.size)
            elif member.filename in changed:
                same = made.read(member) == changed[member.filename]
            else:
                same = _same_bytes(source, made, member)
            if not same:
                raise _differs(source, member.filename)


def _same_bytes(source: Package, made: Package, member: ZipInfo) -> bool:
    twin = source.find(member.filename)
    if twin is None or (member.CRC, member.compress_size) != (twin.CRC, twin.compress_size):
        return False
    return all(map(bytes.__eq__, source.raw(twin), made.raw(member)))


def check_frame(stream: SheetStream, head: bytes, tail: bytes, columns: frozenset[int]) -> None:
    """What stands around the rows must be as it was, but for the columns, formats and dimension of results."""
    before, after = stream.head.data + _no_rows(stream) + stream.tail, head + _no_rows(stream) + tail
    if before == after:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    found = frame_differences(etree.fromstring(before, parser), etree.fromstring(after, parser), columns)
    if found:
        raise NotAsIntended(f"{stream.where}: the file was not replaced, since {found[0]}.")


def _no_rows(stream: SheetStream) -> bytes:
    return stream.head.rows_tag if stream.head.childless else rows_open(stream.head)


def _differs(source: Package, what: str) -> NotAsIntended:
    return NotAsIntended(
        f"{source.path.name} was not replaced: when the result was read back, {what} was not as meant."
    )
