"""Reading a written workbook back from disk before it replaces anything.

Other members must hold the very bytes of the source. In the sheet every old row must stand as it was and
every result cell must say what was meant. The check shares no code with the writing of rows: rows in the
usual spelling are compared as bytes, any others are parsed.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import chain, repeat
from typing import TYPE_CHECKING

from hrdd_workbook.errors import WorkbookError
from hrdd_workbook.meant import Meant
from hrdd_workbook.package import Package, Written
from hrdd_workbook.sheet import SheetStream
from hrdd_workbook.verify_odd import compare_parsed

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipInfo

_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class NotAsIntended(WorkbookError):
    """The read-back of a written file differs from what was meant; nothing was replaced."""


class _OddSpelling(Exception):
    """Rows that cannot be compared as bytes, or differ as bytes; the parsed comparison decides."""


def verify(
    source: Package,
    path: Path,
    sheet: str,
    changed: Mapping[str, bytes],
    meant: Meant,
    written: Written | None = None,
) -> None:
    """Compare a written file with its source and with what was meant; raise on any difference.

    When `written` is given, the sheet was checked while it was written; then the bytes on the disk must have
    the checksum that they had on their way there.
    """
    with Package(path) as made:
        names = {member.filename for member in source.members}
        if names | set(changed) != {member.filename for member in made.members}:
            raise _differs(source, "the list of parts")
        for member in made.members:
            if member.filename in changed:
                same = made.read(member) == changed[member.filename]
            elif member.filename == sheet and written is not None:
                same = (_packed_crc(made, member), member.CRC) == (written.packed_crc, written.crc)
            elif member.filename == sheet:
                same = _same_sheet(source, made, sheet, meant)
            else:
                twin = source.find(member.filename)
                assert twin is not None  # noqa: S101  # the names are the same
                same = (member.CRC, member.compress_size) == (twin.CRC, twin.compress_size)
                same = same and all(map(bytes.__eq__, source.raw(twin), made.raw(member)))
            if not same:
                raise _differs(source, member.filename)


def _packed_crc(package: Package, member: ZipInfo) -> int:
    crc = 0
    for data in package.raw(member):
        crc = zlib.crc32(data, crc)
    return crc


def _differs(source: Package, what: str) -> NotAsIntended:
    return NotAsIntended(
        f"{source.path.name} was not replaced: when the result was read back, {what} was not as meant."
    )


def _same_sheet(source: Package, made: Package, sheet: str, meant: Meant) -> bool:
    """Compare by the quickest way that can settle it; only a comparison of parsed rows may say no."""
    for way in (_grown, _same_rows):
        with contextlib.suppress(_OddSpelling):
            way(_stream(source, sheet), _stream(made, sheet), meant)
            return True
    return compare_parsed(_pieces(source, sheet), _pieces(made, sheet), meant)


def _pieces(package: Package, sheet: str) -> Iterator[bytes]:
    member = package.find(sheet)
    assert member is not None  # noqa: S101  # it was written
    return package.ahead(member)


def _stream(package: Package, sheet: str) -> SheetStream:
    return SheetStream(_pieces(package, sheet), package.path.name, tolerant=True)


def _grown(old: SheetStream, new: SheetStream, meant: Meant) -> None:
    """All columns are new: spell out what the rows should have become and compare the bytes."""
    if old.head.childless or old.head.prefix != meant.prefix or not meant.all_new():
        raise _OddSpelling
    made = _Bytes(new.blocks())
    for block in old.blocks():
        made.expect(_grown_block(block, meant))
    made.expect_end()
    _same_frame(old, new)


def _grown_block(block: bytes, meant: Meant) -> bytes:
    """What a block of the source should have become."""
    start, end = meant.row_start, f"</{meant.prefix}row>".encode()
    rows = block.split(end)
    if rows.pop() or not all(map(bytes.startswith, rows, repeat(start))):
        raise _OddSpelling
    texts = [row[len(start) : row.index(b'"', len(start))] for row in rows]
    numbers = list(map(int, texts))
    wanted = meant.wanted(numbers[0], numbers[-1])
    if wanted == numbers:
        cells = meant.cells(bisect_left(meant.rows, wanted[0]), texts)
        return b"".join(chain.from_iterable(zip(_without_spans(rows), *cells, repeat(end), strict=False)))
    return end.join([*_partly_grown(rows, texts, numbers, wanted, meant), b""])


def _partly_grown(
    rows: list[bytes], texts: list[bytes], numbers: list[int], wanted: list[int], meant: Meant
) -> list[bytes]:
    place = {number: at for at, number in enumerate(numbers)}
    if not all(map(place.__contains__, wanted)):
        raise _OddSpelling
    picked = [place[number] for number in wanted]
    cells = meant.cells(bisect_left(meant.rows, wanted[0]) if wanted else 0, [texts[at] for at in picked])
    made = list(rows)
    for at, tail in zip(picked, map(b"".join, zip(*cells, strict=False)), strict=True):
        made[at] = _without_spans([rows[at]])[0] + tail
    if meant.header_row in place:
        at = place[meant.header_row]
        made[at] = _without_spans([rows[at]])[0] + meant.header_cells()
    return made


class _Bytes:
    """A stream of bytes that is compared with what is expected next."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def expect(self, data: bytes) -> None:
        """Take as many bytes and compare them."""
        while len(self._held) < len(data):
            piece = next(self._pieces, None)
            if piece is None:
                raise _OddSpelling
            self._held = self._held + piece if self._held else piece
        if not self._held.startswith(data):
            raise _OddSpelling
        self._held = self._held[len(data) :]

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self._held or next(self._pieces, None) is not None:
            raise _OddSpelling


def _same_rows(old: SheetStream, new: SheetStream, meant: Meant) -> None:
    """Compare row by row, with the result cells taken out of both."""
    if old.head.childless or old.head.prefix != meant.prefix:
        raise _OddSpelling
    before, after = _Rows(old), _Rows(new)
    while (count := min(before.count(), after.count())) > 0:
        pairs = zip(before.take(count), after.take(count), strict=True)
        if not all(same_row(row, twin, meant) for row, twin in pairs):
            raise _OddSpelling
    if before.count() or after.count():
        raise _OddSpelling
    _same_frame(old, new)


def _same_frame(old: SheetStream, new: SheetStream) -> None:
    """After the rows, text may have come in at one place, and nothing else may have changed."""
    more = len(new.tail) - len(old.tail)
    same = _alike(old.tail, new.tail)
    if more < 0 or old.tail[same:] != new.tail[same + more :]:
        raise _OddSpelling


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes the two have in common at their start."""
    lengths = range(min(len(one), len(other)) + 1)
    return bisect_left(lengths, 1, key=lambda length: one[:length] != other[:length]) - 1


class _Rows:
    """The rows of a sheet, each without its end tag, to be taken in any number."""

    def __init__(self, stream: SheetStream) -> None:
        prefix = stream.head.prefix.encode()
        self._end = b"</" + prefix + b"row>"
        self._start = b"<" + prefix + b'row r="'
        self._blocks = stream.blocks()
        self._held: list[bytes] = []

    def count(self) -> int:
        """How many rows are at hand; zero at the end of the sheet."""
        while not self._held:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._held = block.split(self._end)
            if self._held.pop() or not all(map(bytes.startswith, self._held, repeat(self._start))):
                raise _OddSpelling
        return len(self._held)

    def take(self, count: int) -> list[bytes]:
        """The next rows."""
        taken, self._held = self._held[:count], self._held[count:]
        return taken


def _without_spans(rows: list[bytes]) -> list[bytes]:
    match = _SPANS.search(rows[0], 0, rows[0].find(b">") + 1)
    return rows if match is None else [row.replace(match[0], b"", 1) for row in rows]


def same_row(old: bytes, new: bytes, meant: Meant) -> bool:
    """Whether two rows are equal but for result cells, and those say what was meant.

    A row may carry empty rows before it, which have no end tag of their own.
    """
    kept, before = meant.apart(_SPANS.sub(b"", old))
    other, after = meant.apart(_SPANS.sub(b"", new))
    if kept != other:
        return False
    numbers = [int(text) for text in re.findall(re.escape(meant.row_start) + rb'(\d+)"', new)]
    if not after.keys() <= set(numbers):
        return False
    return all(meant.says(number, after.get(number, {}), before.get(number, {})) for number in numbers)
