"""Reading a written workbook back from disk before it replaces anything.

Other members must hold the very bytes of the source. In the sheet every old row must stand as it was and
every result cell must say what was meant. The check shares no code with the writing of rows: rows in the
usual spelling are compared as bytes, any others are parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import TYPE_CHECKING

from hrdd_workbook.errors import WorkbookError
from hrdd_workbook.meant import Meant
from hrdd_workbook.package import Package
from hrdd_workbook.sheet import SheetStream
from hrdd_workbook.verify_odd import compare_parsed

if TYPE_CHECKING:
    from pathlib import Path

_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class NotAsIntended(WorkbookError):
    """The read-back of a written file differs from what was meant; nothing was replaced."""


class _OddSpelling(Exception):
    """Rows that cannot be compared as bytes."""


def verify(source: Package, path: Path, sheet: str, changed: Mapping[str, bytes], meant: Meant) -> None:
    """Compare a written file with its source and with what was meant; raise on any difference."""
    with Package(path) as made:
        names = {member.filename for member in source.members}
        if names | set(changed) != {member.filename for member in made.members}:
            raise _differs(source, "the list of parts")
        for member in made.members:
            if member.filename in changed:
                same = made.read(member) == changed[member.filename]
            elif member.filename == sheet:
                same = _same_sheet(source, made, sheet, meant)
            else:
                twin = source.find(member.filename)
                assert twin is not None  # noqa: S101  # the names are the same
                same = member.CRC == twin.CRC and all(
                    map(bytes.__eq__, source.raw(twin), made.raw(member))
                )
            if not same:
                raise _differs(source, member.filename)


def _differs(source: Package, what: str) -> NotAsIntended:
    return NotAsIntended(
        f"{source.path.name} was not replaced: when the result was read back, {what} was not as meant."
    )


def _same_sheet(source: Package, made: Package, sheet: str, meant: Meant) -> bool:
    try:
        return _same_rows(_stream(source, sheet), _stream(made, sheet), meant)
    except _OddSpelling:
        return compare_parsed(_pieces(source, sheet), _pieces(made, sheet), meant)


def _pieces(package: Package, sheet: str) -> Iterator[bytes]:
    member = package.find(sheet)
    assert member is not None  # noqa: S101  # it was written
    return package.ahead(member)


def _stream(package: Package, sheet: str) -> SheetStream:
    return SheetStream(_pieces(package, sheet), package.path.name)


def _same_rows(old: SheetStream, new: SheetStream, meant: Meant) -> bool:
    if old.head.childless or old.head.prefix != meant.prefix:
        raise _OddSpelling
    before, after = _Rows(old), _Rows(new)
    while (count := min(before.count(), after.count())) > 0:
        if not _same_block(before.take(count), after.take(count), meant):
            return False
    return before.count() == after.count() == 0 and _same_frame(old, new)


def _same_frame(old: SheetStream, new: SheetStream) -> bool:
    """What stands around the rows may grow, never shrink; the edits there are tested apart."""
    return len(new.tail) >= len(old.tail) and new.tail.endswith(old.tail[-64:])


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


def _same_block(old: list[bytes], new: list[bytes], meant: Meant) -> bool:
    """Whether the new rows are the old ones with the meant cells in them."""
    texts = [row[len(meant.row_start) : row.index(b'"', len(meant.row_start))] for row in old]
    if _only_grown(old, new, texts, meant):
        return True
    return all(_same_row(before, after, meant) for before, after in zip(old, new, strict=True))


def _only_grown(old: list[bytes], new: list[bytes], texts: list[bytes], meant: Meant) -> bool:
    """Whether all rows to fill gained just the meant cells at their end, and others stand as they were."""
    numbers = list(map(int, texts))
    wanted = meant.wanted(numbers[0], numbers[-1])
    if wanted != numbers:
        place = {number: at for at, number in enumerate(numbers)}
        if not wanted or not all(map(place.__contains__, wanted)):
            return False
        filled = set(wanted)
        rest = [at for at, number in enumerate(numbers) if number not in filled]
        if any(old[at] != new[at] for at in rest):
            return False
        picked = [place[number] for number in wanted]
        old, new, texts = _picked(old, picked), _picked(new, picked), _picked(texts, picked)
    bare = _without_spans(old)
    if not all(map(bytes.startswith, new, bare)):
        return False
    tails = [row[len(before) :] for row, before in zip(new, bare, strict=True)]
    return tails == meant.tails(bisect_left(meant.rows, wanted[0]), texts)


def _picked(rows: list[bytes], places: list[int]) -> list[bytes]:
    return [rows[place] for place in places]


def _without_spans(rows: list[bytes]) -> list[bytes]:
    match = _SPANS.search(rows[0], 0, rows[0].find(b">") + 1)
    return rows if match is None else [row.replace(match[0], b"", 1) for row in rows]


def _same_row(old: bytes, new: bytes, meant: Meant) -> bool:
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
