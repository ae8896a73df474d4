"""Writing sheets of ours into a workbook whose other parts keep every byte."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import IO

from hrdd_workbook.atomic import Place, places, readable, temporary
from hrdd_workbook.extra_sheets import has_formula
from hrdd_workbook.guard import check_package, refuse_signed
from hrdd_workbook.own_sheets import put_sheets
from hrdd_workbook.package import Package, PackageWriter, new_member
from hrdd_workbook.parts import read_book, serialise
from hrdd_workbook.results import ExtraSheet
from hrdd_workbook.styles import Styles, blank_styles
from hrdd_workbook.verify import read_back
from hrdd_workbook.workbook_parts import Parts, ask_to_recalculate


def put_extra_sheets(
    path: str | os.PathLike[str], sheets: Sequence[ExtraSheet], *, out: str | os.PathLike[str] | None = None
) -> tuple[str, ...]:
    """Add or replace sheets that are ours as a whole, in place or to `out`; the names that they stand under.

    Raises a `WorkbookError` with one sentence before anything is changed.
    """
    with readable(path):
        return _put(places(path, out), sheets)


def _put(where: Place, sheets: Sequence[ExtraSheet]) -> tuple[str, ...]:
    check_package(where.source)
    with Package(where.source) as package:
        refuse_signed(package)
        parts, names = _edited(package, sheets)
        with temporary(where.target) as made:
            write_parts(package, parts, made.file)
            made.file.flush()
            read_back(package, made.path, parts)
            made.commit(where.source)
    return tuple(names)


def _edited(package: Package, sheets: Sequence[ExtraSheet]) -> tuple[Parts, list[str]]:
    """The parts that change."""
    parts = Parts(package, read_book(package))
    styles = styles_of(parts)
    names = put_sheets(sheets, parts, styles)
    parts.keep(parts.record.extended(names))
    keep_styles(parts, styles)
    if any(map(has_formula, sheets)) and ask_to_recalculate(parts.tree(parts.book.part)):
        parts.touch(parts.book.part)
    return parts, names


def styles_of(parts: Parts) -> Styles:
    """The styles of a workbook, to grow."""
    part = parts.book.related("styles")
    return Styles(blank_styles() if part is None or parts.package.find(part) is None else parts.tree(part))


def keep_styles(parts: Parts, styles: Styles) -> None:
    """Write the styles where they grew, or where the workbook had none."""
    part = parts.book.related("styles")
    if part is None or parts.package.find(part) is None:
        parts.add_styles(serialise(styles.root))
    elif styles.changed:
        parts.touch(part)


def write_parts(package: Package, parts: Parts, file: IO[bytes], sheet: str = "", pieces: Iterable[bytes] = ()) -> None:
    """Write a workbook with its changed parts; `pieces` are what the part of one large `sheet` is to hold."""
    writer = PackageWriter(file, level=6)
    for member in package.members:
        if member.filename == sheet:
            writer.put(member, pieces, package.raw_span(member)[2])
        elif member.filename in parts.changed:
            writer.put(member, [parts.changed[member.filename]], package.raw_span(member)[2])
        elif member.filename not in parts.dropped:
            writer.copy(package, member)
    for name in sorted(set(parts.changed) - {member.filename for member in package.members}):
        writer.put(new_member(name), [parts.changed[name]])
    writer.finish(package.listed, package.comment)
