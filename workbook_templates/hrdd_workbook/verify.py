"""Reading a written workbook back before it replaces anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hrdd_workbook.errors import WorkbookError
from hrdd_workbook.package import Package
from hrdd_workbook.rows import Fill


class NotAsIntended(WorkbookError):
    """The read-back of a written file differs from what was meant; nothing was replaced."""


def verify(
    source: Package,
    path: Path,
    sheet_part: str,
    changed: Mapping[str, bytes],
    fill: Fill,
    sheet: tuple[int, int],
) -> None:
    """Compare a written file with its source and with the intended values; raise on any difference."""
    with Package(path) as made:
        for member in source.members:
            twin = made.find(member.filename)
            if twin is None:
                raise NotAsIntended(f"{source.path.name}: {member.filename} is missing after writing.")
            if member.filename in changed or member.filename == sheet_part:
                continue
            if any(a != b for a, b in zip(source.raw(member), made.raw(twin), strict=True)):
                raise NotAsIntended(f"{source.path.name}: {member.filename} came back changed.")
