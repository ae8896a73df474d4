"""A compound file (MS-CFB, version 3) in memory: the container in which Excel keeps a VBA project.

Only what a project needs: a tree of storages and streams, written once, the same bytes for the same content.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Tree: TypeAlias = Mapping[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT_SECTOR, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


def compound_file(tree: Tree) -> bytes:
    """The bytes of a compound file with these storages (mappings) and streams (bytes)."""
    entries = _entries(tree)
    mini = _Chains(_MINI)
    for entry in entries[1:]:
        if entry.kind == _STREAM and len(entry.data) < _CUTOFF:
            entry.start = mini.add(entry.data)
    entries[0].data = mini.content
    big = _Chains(_SECTOR)
    for entry in entries:
        if entry.kind == _ROOT or len(entry.data) >= _CUTOFF:
            entry.start = big.add(entry.data)
    mini_table = big.add(struct.pack(f"<{len(mini.next)}I", *mini.next))
    directory = big.add(b"".join(entry.packed() for entry in entries))
    return _assembled(big, directory, mini_table, len(mini.next))


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    child: int = _NONE
    left: int = _NONE
    right: int = _NONE
    colour: int = _BLACK
    start: int = _END

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        start = self.start if self.data else (0 if self.kind == _STORAGE else _END)
        head = struct.pack("<64sHBB3I", name, len(name) + 2, self.kind, self.colour, self.left, self.right, self.child)
        return head + bytes(36) + struct.pack("<IQ", start, len(self.data))


def _entries(tree: Tree) -> list[_Entry]:
    entries = [_Entry("Root Entry", _ROOT)]
    _add_children(entries, 0, tree)
    return entries


def _add_children(entries: list[_Entry], parent: int, tree: Tree) -> None:
    """Append the children of a storage; they form a search tree by length, then by letters in upper case."""
    places = []
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        content = tree[name]
        places.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entries.append(_Entry(name, _STORAGE))
            _add_children(entries, places[-1], content)
    deepest = len(places).bit_length() - 1
    entries[parent].child = _balanced(entries, places, deepest)


def _balanced(entries: list[_Entry], places: Sequence[int], levels: int) -> int:
    """Link places as a balanced tree whose lowest, incomplete level alone is red; return its root."""
    if not places:
        return _NONE
    middle = len(places) // 2
    entry = entries[places[middle]]
    entry.left = _balanced(entries, places[:middle], levels - 1)
    entry.right = _balanced(entries, places[middle + 1 :], levels - 1)
    entry.colour = _RED if levels == 0 and len(entries) > 2 else _BLACK
    return places[middle]


@dataclass
class _Chains:
    """Streams cut into sectors of one size, with the table that links them."""

    size: int
    next: list[int] = field(default_factory=list)
    content: bytes = b""

    def add(self, data: bytes) -> int:
        """Append a stream; return its first sector."""
        count = -(-len(data) // self.size)
        if not count:
            return _END
        first = len(self.next)
        self.next += [*range(first + 1, first + count), _END]
        self.content += data.ljust(count * self.size, b"\0")
        return first


def _assembled(big: _Chains, directory: int, mini_table: int, mini_count: int) -> bytes:
    """Header, sectors and the allocation table, which has to hold its own sectors too."""
    per_sector = _SECTOR // 4
    table_sectors = 1
    while table_sectors * per_sector < len(big.next) + table_sectors:
        table_sectors += 1
    first = len(big.next)
    table = [*big.next, *[_FAT_SECTOR] * table_sectors]
    table += [_FREE] * (table_sectors * per_sector - len(table))
    if table_sectors > 109:
        raise ValueError("a VBA project of more than 7 MB is not written")
    mini_sectors = -(-mini_count * 4 // _SECTOR)
    header = b"".join(_header(first, table_sectors, directory, mini_table, mini_sectors))
    return header + big.content + struct.pack(f"<{len(table)}I", *table)


def _header(first: int, table_sectors: int, directory: int, mini_table: int, mini_sectors: int) -> Iterator[bytes]:
    yield bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    yield struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    yield struct.pack("<IIIII", 0, table_sectors, directory, 0, _CUTOFF)
    yield struct.pack("<IIII", mini_table, mini_sectors, _END, 0)
    places = [*range(first, first + table_sectors), *[_FREE] * (109 - table_sectors)]
    yield struct.pack("<109I", *places)
