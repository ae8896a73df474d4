"""Writing result columns into a workbook in place: one worksheet's rows change, all else keeps its bytes.

`write_columns` plans on a first walk over the sheet, streams the sheet into a file beside the target, reads
that file back, and only then replaces the target. When anything is odd it declines before, with a reason.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import IO

from hrdd.counting import counted
from hrdd_workbook.atomic import Place, Stamp, places, readable, temporary
from hrdd_workbook.cells import plain
from hrdd_workbook.check import RowCheck
from hrdd_workbook.errors import Declined, NotAsIntended
from hrdd_workbook.fill import Filler, InTheWay
from hrdd_workbook.frame import edit_head, edit_tail
from hrdd_workbook.grammar import in_order
from hrdd_workbook.guard import check_package, refuse_signed
from hrdd_workbook.package import Package, PackageWriter, new_member
from hrdd_workbook.plan import WAYS, Order, Plan
from hrdd_workbook.refs import LAST_ROW, letters
from hrdd_workbook.results import ExtraSheet, ResultColumn, WriteReport
from hrdd_workbook.sheet import rows_close, rows_open
from hrdd_workbook.verify import Content, check_frame, read_back


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
    names: Mapping[str, str] = MappingProxyType({}),
    level: int = 1,
    rewrite: bool = False,
    read: Stamp | None = None,
) -> WriteReport:
    """Write result columns into a worksheet, in place or to `out`, losing nothing of what is there.

    `row_numbers` are the sheet rows (from one) that the values of every column stand for. Columns that are
    ours are overwritten, empty columns with our headers are filled, others are added: inside the table of this
    name (or the one whose header is `header_row`) or right of the used range. `extra_sheets` are ours as a
    whole. `names` are defined for this sheet alone, from formulas spelled as those of columns are: each stands for
    what it says of the row that uses it. At deflate `level` 6 a file is a third smaller, for three times the time
    of packing. Raises a `WorkbookError` with one sentence before anything is changed. With `rewrite`, what is
    declined is written through openpyxl, and the report lists what that lost. With `read`, the stamp of the file
    when it was read, a file that has changed since is left alone.
    """
    columns, rows = _ordered(columns, row_numbers)
    order = Order(sheet, header_row, columns, rows, table, extra_sheets, names, level)
    with readable(path):
        where = places(path, out, read)
        where.refuse_changed()
        return _write(where, order, rewrite=rewrite)


def _write(where: Place, order: Order, *, rewrite: bool) -> WriteReport:
    try:
        return _write_bytes(where, order)
    except Declined as declined:
        if not declined.rewritable:
            raise
        if not rewrite:
            reason = str(declined).removesuffix(".")
            raise type(declined)(
                f"{reason}; --rewrite writes it with openpyxl and lists what that loses."
            ) from declined
        from hrdd_workbook import rewrite as last_resort

        return last_resort.rewrite(where, declined, lambda copied: _write_bytes(copied, order))


def _ordered(columns: Sequence[ResultColumn], row_numbers: Sequence[int]) -> tuple[list[ResultColumn], list[int]]:
    """Columns as plain lists, with the rows ascending."""
    rows = list(map(int, row_numbers))
    columns = [replace(column, values=plain(column.values)) for column in columns]
    for column in columns:
        if len(column.values) != len(rows):
            raise ValueError(f"{column.key} has {counted(len(column.values), 'value')} for {counted(len(rows), 'row')}")
    if not in_order(rows):
        order = sorted(range(len(rows)), key=rows.__getitem__)
        rows = [rows[index] for index in order]
        columns = [replace(c, values=[c.values[index] for index in order]) for c in columns]
    if not in_order(rows) or (rows and not 1 <= rows[0] <= rows[-1] <= LAST_ROW):
        raise ValueError("row numbers must be distinct rows of a sheet")
    return columns, rows


def _write_bytes(where: Place, order: Order) -> WriteReport:
    content = where.content or where.source
    check_package(content)
    with Package(content) as package:
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
        content = Content()
        _write_members(plan, made.file, content)
        made.file.flush()
        read_back(plan.package, made.path, plan.parts, plan.sheet.part, content)
        changed = where.target != where.source or where.content is not None or not _is_same(plan, content)
        if changed:
            made.commit(where.source, where)
        else:
            where.refuse_changed()
    return _report(plan, where.target, changed=changed)


def _write_members(plan: Plan, file: IO[bytes], content: Content) -> None:
    """Stream the workbook with its changes into `file`; `content` sums up the sheet."""
    writer, package, changed = PackageWriter(file, plan.order.level), plan.package, plan.parts.changed
    for member in package.members:
        if member.filename == plan.sheet.part:
            with without_collection():
                writer.put(member, map(content.add, _sheet_pieces(plan)), package.raw_span(member)[2])
        elif member.filename in plan.parts.dropped:
            continue
        elif member.filename in changed:
            writer.put(member, [changed[member.filename]], package.raw_span(member)[2])
        else:
            writer.copy(package, member)
    for name in sorted(set(changed) - {member.filename for member in package.members}):
        writer.put(new_member(name), [changed[name]])
    writer.finish(package.listed, package.comment)


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """No search for cycles: rows make none, and looking for them costs a third of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _sheet_pieces(plan: Plan) -> Iterator[bytes]:
    """The worksheet part as it will be, checked stretch by stretch."""
    stream = plan.stream()
    head, new_head = stream.head, edit_head(stream.head, plan.placement.columns, plan.reach())
    filler = Filler(plan.fill, plan.survey.spelling, plan.where, plan.way.careful)
    check = RowCheck(head, plan.fill, plan.meant(), plan.where)
    yield new_head
    if not head.childless:
        yield head.rows_tag
    for block in stream.blocks():
        edits = list(filler.block(block))
        check.block(block, edits)
        yield from (edit.new for edit in edits)
    rest = filler.end()
    check.block(b"", [rest])
    check.end()
    if head.childless:
        yield rows_open(head) + rest.new + rows_close(head) if rest.new else head.rows_tag
    else:
        yield rest.new
    if not plan.survey.complete:
        plan.learn_tail(stream)
    new_tail = edit_tail(plan.survey, plan.colourings, plan.order.header_row)
    check_frame(stream, new_head, new_tail, frozenset(item.column for item in plan.placement.columns))
    yield new_tail


def _is_same(plan: Plan, sheet: Content) -> bool:
    """Whether the written content equals what was there."""
    member = plan.package.find(plan.sheet.part)
    if plan.parts.dropped or member is None or (sheet.crc, sheet.size) != (member.CRC, member.file_size):
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
    shortened = sum(len(target.content.shortened) for target in plan.fill.targets)
    if shortened:
        yield f"Longer than a cell can hold, and cut to end in an ellipsis: {counted(shortened, 'text')}."
