"""Writing result columns into a workbook in place: one worksheet's rows change, all else keeps its bytes.

`write_columns` plans on a first walk over the sheet, streams the sheet into a file beside the target, reads
that file back, and only then replaces the target. When anything is odd it declines before, with a reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import IO

from hrdd_workbook.atomic import Place, Stamp, places, temporary
from hrdd_workbook.cells import plain
from hrdd_workbook.errors import Declined
from hrdd_workbook.fill import Filler, InTheWay
from hrdd_workbook.frame import edit_head, edit_tail
from hrdd_workbook.guard import check_package, refuse_signed
from hrdd_workbook.package import Package, PackageWriter, Written, new_member
from hrdd_workbook.plan import WAYS, Order, Plan
from hrdd_workbook.refs import LAST_ROW, letters
from hrdd_workbook.results import ExtraSheet, ResultColumn
from hrdd_workbook.sheet import rows_close, rows_open
from hrdd_workbook.spot import check_block, check_values
from hrdd_workbook.verify import NotAsIntended, verify


@dataclass(frozen=True)
class WriteReport:
    """What a write did: where the columns stand, and what the user should know.

    `changed` is False when the file already held these very values; it was then not touched. `columns` maps
    the key of each result column to its letters, `headers` to what its header cell says. `table` names the
    table that the columns are part of. After a rewrite, `lost` lists what openpyxl did not keep.
    """

    path: Path
    sheet: str
    rows: int
    changed: bool
    columns: dict[str, str]
    headers: dict[str, str]
    new: tuple[str, ...]
    table: str | None
    notes: tuple[str, ...]
    lost: tuple[str, ...] = ()


def write_columns(
    path: str | os.PathLike[str],
    sheet: str,
    header_row: int,
    columns: Sequence[ResultColumn],
    row_numbers: Sequence[int],
    *,
    out: str | os.PathLike[str] | None = None,
    table: str | None = None,
    extra_sheets: Sequence[ExtraSheet] = (),
    rewrite: bool = False,
    read: Stamp | None = None,
) -> WriteReport:
    """Write result columns into a worksheet, in place or to `out`, losing nothing of what is there.

    `row_numbers` are the sheet rows (from one) that the values of every column stand for. Columns that are
    ours are overwritten, empty columns with our headers are filled, others are added: inside the table of this
    name (or the one whose header is `header_row`) or right of the used range. `extra_sheets` are ours as a
    whole. Raises a `WorkbookError` with one sentence before anything is changed. With `rewrite`, what is
    declined is written through openpyxl, and the report lists what that lost. With `read`, the stamp of the file
    when it was read, a file that has changed since is left alone.
    """
    where = places(path, out, read)
    where.refuse_changed()
    columns, rows = _ordered(columns, row_numbers)
    order = Order(sheet, header_row, columns, rows, table, extra_sheets)
    try:
        return _write_bytes(where, order)
    except Declined as declined:
        if not (rewrite and declined.rewritable):
            raise
        from hrdd_workbook.rewrite import rewrite_columns

        return rewrite_columns(where, order, declined)


def _ordered(columns: Sequence[ResultColumn], row_numbers: Sequence[int]) -> tuple[list[ResultColumn], list[int]]:
    """Columns as plain lists, with the rows ascending."""
    rows = [int(number) for number in row_numbers]
    columns = [replace(column, values=plain(column.values)) for column in columns]
    for column in columns:
        if len(column.values) != len(rows):
            raise ValueError(f"{column.key} has {len(column.values)} values for {len(rows)} rows")
    if any(later <= earlier for earlier, later in pairwise(rows)):
        order = sorted(range(len(rows)), key=rows.__getitem__)
        rows = [rows[index] for index in order]
        columns = [replace(c, values=[c.values[index] for index in order]) for c in columns]
    if len(set(rows)) != len(rows) or (rows and not 1 <= rows[0] <= rows[-1] <= LAST_ROW):
        raise ValueError("row numbers must be distinct rows of a sheet")
    return columns, rows


def _write_bytes(where: Place, order: Order) -> WriteReport:
    check_package(where.source)
    with Package(where.source) as package:
        refuse_signed(package)
        for way in WAYS:
            plan = Plan(package, order, way)
            try:
                return _written(plan, where)
            except (InTheWay, NotAsIntended):
                if way is WAYS[-1]:
                    raise
    raise AssertionError("the last way returns or raises")


def _written(plan: Plan, where: Place) -> WriteReport:
    """Write beside the target, read back, and replace it only when anything differs."""
    with temporary(where.target) as made:
        sheet = _write_members(plan, made.file)
        made.file.flush()
        verify(
            plan.package,
            made.path,
            plan.sheet.part,
            plan.parts.changed,
            plan.meant,
            sheet if plan.in_spots() else None,
        )
        changed = where.target != where.source or not _is_same(plan, sheet)
        where.refuse_changed()
        if changed:
            made.commit(where.source)
    return _report(plan, where.target, changed=changed)


def _write_members(plan: Plan, file: IO[bytes]) -> Written:
    """Stream the workbook with its changes into `file`."""
    writer, package, changed = PackageWriter(file), plan.package, plan.parts.changed
    sheet = Written(0, 0, 0)
    for member in package.members:
        if member.filename == plan.sheet.part:
            sheet = writer.put(member, _sheet_pieces(plan), package.raw_span(member)[2])
        elif member.filename in changed:
            writer.put(member, iter([changed[member.filename]]), package.raw_span(member)[2])
        else:
            writer.copy(package, member)
    for name in sorted(set(changed) - {member.filename for member in package.members}):
        writer.put(new_member(name), iter([changed[name]]))
    writer.finish(package.listed, package.comment)
    return sheet


def _sheet_pieces(plan: Plan) -> Iterator[bytes]:
    stream = plan.stream()
    head = stream.head
    filler = Filler(plan.fill, plan.survey.spelling, plan.where, plan.way.careful)
    yield edit_head(head, plan.placement.columns, plan.reach())
    if not head.childless:
        yield head.rows_tag
    for block in stream.blocks():
        made = filler.block(block)
        if plan.in_spots():
            check_block(block, made, plan.meant, plan.where)
        yield made
    rest = filler.end()
    if head.childless:
        yield rows_open(head) + rest + rows_close(head) if rest else head.rows_tag
    else:
        yield rest
    if plan.in_spots():
        check_values(plan.fill.targets, plan.meant, plan.where)
    if not plan.survey.complete:
        plan.learn_tail(stream)
    yield edit_tail(plan.survey, plan.colourings, plan.order.header_row)


def _is_same(plan: Plan, sheet: Written) -> bool:
    """Whether the written content equals what was there."""
    member = plan.package.find(plan.sheet.part)
    if member is None or (sheet.crc, sheet.size) != (member.CRC, member.file_size):
        return False
    for name, data in plan.parts.changed.items():
        old = plan.package.find(name)
        if old is None or plan.package.read(old) != data:
            return False
    return True


def _report(plan: Plan, path: Path, *, changed: bool) -> WriteReport:
    placed = plan.placement.columns
    return WriteReport(
        path=path,
        sheet=plan.sheet.name,
        rows=len(plan.order.rows),
        changed=changed,
        columns={item.result.key: letters(item.column) for item in placed},
        headers={item.result.key: item.header for item in placed},
        new=tuple(item.result.key for item in placed if item.state == "new"),
        table=plan.table.name if plan.table is not None and plan.is_in_table() else None,
        notes=tuple(_notes(plan)),
    )


def _notes(plan: Plan) -> Iterator[str]:
    yield from plan.placement.notes
    if plan.survey.tail_element("sheetProtection"):
        yield f"Sheet {plan.sheet.name} is protected; its protection was kept."
    shortened = sum(target.content.shortened for target in plan.fill.targets)
    if shortened:
        yield f"{shortened} texts were longer than a cell can hold and end in an ellipsis."
