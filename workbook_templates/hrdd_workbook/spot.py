"""Checking a very large sheet while it is written: some rows of every block, and every distinct value.

The full read-back spells out every cell a second time, which would double the time of a large write. Above
`FULL_CHECK` result cells, these are decoded instead; what reaches the disk is then proved by checksum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hrdd_workbook.meant import Meant, content_of, meaning_of
from hrdd_workbook.verify import NotAsIntended, same_row

if TYPE_CHECKING:
    from hrdd_workbook.fill import Target

FULL_CHECK = 250_000


def check_block(old: bytes, new: bytes, meant: Meant, where: str) -> None:
    """Decode the first and the last row of a block before and after; a shift of values would show in both."""
    start, end = meant.row_start, f"</{meant.prefix}row>".encode()
    for at, twin in ((old.find(start), new.find(start)), (old.rfind(start), new.rfind(start))):
        if at >= 0 and not same_row(_row(old, at, end), _row(new, twin, end), meant):
            raise NotAsIntended(f"{where}: a row was not as meant after writing.")


def _row(block: bytes, at: int, end: bytes) -> bytes:
    stop = block.find(end, at)
    return block[at : stop if stop >= 0 else len(block)] if at >= 0 else b""


def check_values(targets: Sequence[Target], meant: Meant, where: str) -> None:
    """Decode every distinct text that was written."""
    for target, wanted in zip(targets, meant.columns, strict=True):
        for value, rest in target.content.items():
            attributes, _, inner = rest[1:].partition(b">")
            if content_of(attributes, inner) != meaning_of(wanted, value):
                raise NotAsIntended(f"{where}: the value {value!r} was not spelled as meant.")
