"""Reading a written workbook back from disk before it replaces anything.

Every member is read from the disk: those that are copied must hold the very bytes of the source, changed parts
what they were to hold, and the sheet the content whose rows were checked while they were written.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipInfo

from lxml import etree

from hrdd_workbook.compare import frame_differences, part_differences
from hrdd_workbook.deflate import crc32
from hrdd_workbook.errors import NotAsIntended, NotAWorkbook
from hrdd_workbook.package import Package
from hrdd_workbook.parts import parse
from hrdd_workbook.sheet import SheetStream, rows_open
from hrdd_workbook.workbook_parts import Parts


@dataclass
class Content:
    """Checksum and size of what a member was given to hold."""

    crc: int = 0
    size: int = 0

    def add(self, piece: bytes) -> bytes:
        """Count a piece, and pass it on."""
        self.crc, self.size = crc32(piece, self.crc), self.size + len(piece)
        return piece


def read_back(source: Package, path: Path, parts: Parts, sheet: str = "", content: Content | None = None) -> None:
    """Compare a written file with its source and with what was meant; raise `NotAsIntended` on any difference.

    `content` sums up the part of the `sheet` whose rows were written.
    """
    try:
        made = Package(path)
    except NotAWorkbook as error:  # which would name a file that is gone a moment later
        raise _differs(source, "the file") from error
    changed = parts.changed
    with made:
        if not _same_listing(source, made, parts):
            raise _differs(source, "the list of parts")
        for member in made.members:
            if content is not None and member.filename == sheet:
                for _ in made.chunks(member):  # which proves the checksum
                    pass
                same = (member.CRC, member.file_size) == (content.crc, content.size)
            elif member.filename in changed:
                grown = member.filename in parts.ours or _only_grew(source, made, member, parts.dropped)
                same = grown and made.read(member) == changed[member.filename]
            else:
                same = _same_bytes(source, made, member)
            if not same:
                raise _differs(source, member.filename)


def _same_listing(source: Package, made: Package, parts: Parts) -> bool:
    """Whether all members stand in their order with their times, attributes and comments, and new ones behind them."""
    added = sorted(set(parts.changed) - {member.filename for member in source.members})
    for old, new in ((source.members, made.members), (source.listed, made.listed)):
        kept = [_listed(member) for member in old if member.filename not in parts.dropped]
        if kept != list(map(_listed, new[: len(kept)])) or added != [member.filename for member in new[len(kept) :]]:
            return False
    return source.comment == made.comment


def _listed(member: ZipInfo) -> tuple[object, ...]:
    return member.filename, member.date_time, member.internal_attr, member.external_attr, member.comment


def _only_grew(source: Package, made: Package, member: ZipInfo, dropped: AbstractSet[str]) -> bool:
    """Whether a part that was changed kept all that the user had in it, but for what led to dropped parts."""
    twin = source.find(member.filename)
    if twin is None:
        return True
    old, gone = parse(source, twin), {name.rsplit("/", 1)[-1] for name in dropped}
    for child in [child for child in old if _leads_to(child) in gone]:
        old.remove(child)
    return not part_differences(old, parse(made, member))


def _leads_to(element: etree._Element) -> str:
    """The file name of the part that a relation or a content type is of."""
    return (element.get("PartName") or element.get("Target") or "").rsplit("/", 1)[-1]


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
