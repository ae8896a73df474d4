"""Writing result columns into a workbook in place: one worksheet's rows change, all else keeps its bytes.

`write_columns` plans on a first walk over the sheet, streams the sheet into a file beside the target, reads
that file back, and only then replaces the target. When anything is odd it declines before, with a reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hrdd_workbook.atomic import Place, places, temporary
from hrdd_workbook.cells import Content, inline_text, plain
from hrdd_workbook.errors import Declined
from hrdd_workbook.fill import Fill, Filler, InTheWay, Target
from hrdd_workbook.frame import Colouring, edit_head, edit_tail
from hrdd_workbook.guard import check_package, refuse_signed
from hrdd_workbook.meant import Meant, MeantColumn
from hrdd_workbook.package import Package, PackageWriter, new_member
from hrdd_workbook.parts import Book, Sheet, read_book, serialise
from hrdd_workbook.place import Ground, Placed, place, to_watch
from hrdd_workbook.refs import LAST_ROW, Area
from hrdd_workbook.results import ExtraSheet, ResultColumn
from hrdd_workbook.sheet import SheetStream, rows_close, rows_open, tail_elements
from hrdd_workbook.spot import FULL_CHECK, check_block, check_values
from hrdd_workbook.strings import header_texts
from hrdd_workbook.styles import COLOURS, Styles, blank_styles
from hrdd_workbook.survey import HeaderCell, Survey, survey
from hrdd_workbook.table import Table, column_name, grow, tables_of
from hrdd_workbook.verify import NotAsIntended, verify
from hrdd_workbook.workbook_parts import Parts, ask_to_recalculate, has_formulas, safe_sheet_name

_LARGE = 4 << 20
_LOOK_OF = {"text": "text", "number": "number", "percent": "percent", "date": "date", "bool": "bool"}


@dataclass(frozen=True)
class WriteReport:
    """What a write did: where the columns stand, and what the user should know.

    `changed` is False when the file already held these very values; it was then not touched. `columns` maps
    the key of each result column to its letters, `headers` to what its header cell says.
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
) -> WriteReport:
    """Write result columns into a worksheet, in place or to `out`, losing nothing of what is there.

    `row_numbers` are the sheet rows (from one, ascending) that the values of every column stand for.
    Columns that are ours are overwritten, empty columns with our headers are filled, others are added: inside
    the table of this name (or the one whose header is `header_row`) or right of the used range. Raises a
    `WorkbookError` with one sentence before anything is changed. `rewrite` goes through openpyxl when the
    byte path declines, with the losses listed in the notes.
    """
    if rewrite:
        from hrdd_workbook.rewrite import rewrite_columns

        try:
            return write_columns(
                path, sheet, header_row, columns, row_numbers, out=out, table=table, extra_sheets=extra_sheets
            )
        except Declined as declined:
            if not declined.rewritable:
                raise
            return rewrite_columns(path, sheet, header_row, columns, row_numbers, out=out, why=declined)
    where = places(path, out)
    check_package(where.source)
    columns, rows = _ordered(columns, row_numbers)
    with Package(where.source) as package:
        refuse_signed(package)
        for way in _WAYS:
            job = _Job(package, sheet, header_row, columns, rows, table, extra_sheets, way)
            try:
                return _written(job, where)
            except (InTheWay, NotAsIntended):
                if way is _WAYS[-1]:
                    raise
    raise AssertionError("the last way returns or raises")


def _written(job: _Job, where: Place) -> WriteReport:
    """Write beside the target, read back, and replace it only when anything differs."""
    with temporary(where.target) as made:
        job.write(made.file)
        made.file.flush()
        job.check(made.path)
        changed = where.target != where.source or not job.is_same()
        if changed:
            made.commit(where.source)
    return job.report(where.target, changed=changed)


def _ordered(columns: Sequence[ResultColumn], row_numbers: Sequence[int]) -> tuple[list[ResultColumn], list[int]]:
    """Columns as plain lists, with the rows ascending."""
    rows = [int(number) for number in row_numbers]
    columns = [replace(column, values=plain(column.values)) for column in columns]
    for column in columns:
        if len(column.values) != len(rows):
            raise ValueError(f"{column.key} has {len(column.values)} values for {len(rows)} rows")
    if any(later <= earlier for earlier, later in zip(rows, rows[1:], strict=False)):
        order = sorted(range(len(rows)), key=rows.__getitem__)
        rows = [rows[index] for index in order]
        columns = [replace(c, values=[c.values[index] for index in order]) for c in columns]
    if len(set(rows)) != len(rows) or (rows and not 1 <= rows[0] <= rows[-1] <= LAST_ROW):
        raise ValueError("row numbers must be distinct rows of a sheet")
    return columns, rows


@dataclass(frozen=True)
class _Way:
    """How boldly to write: trusting the sheet's dimension, trusting the usual spelling, or neither."""

    brief: bool
    careful: bool


_WAYS = (_Way(brief=True, careful=False), _Way(brief=False, careful=False), _Way(brief=False, careful=True))


class _Job:
    """One write: everything that is known about it, in the order in which it becomes known."""

    def __init__(
        self,
        package: Package,
        sheet: str,
        header_row: int,
        columns: Sequence[ResultColumn],
        rows: list[int],
        table: str | None,
        extra_sheets: Sequence[ExtraSheet],
        way: _Way,
    ) -> None:
        self.way = way
        self.package, self.rows, self.header_row = package, rows, header_row
        self.columns, self.extra_sheets = columns, extra_sheets
        self.book = read_book(package)
        self.sheet = _sheet_named(self.book, sheet, package.path.name)
        self.where = f"{package.path.name}, sheet {self.sheet.name}"
        self.parts = Parts(package, self.book)
        self.tables = tables_of(package, self.sheet.part)
        self.table = _table(self.tables, table, header_row)
        self.styles = self._styles()
        self.survey, self.ground = self._look()
        self.placement = place(columns, self.ground)
        self.targets = self._targets()
        self.fill = Fill(self.targets, rows, header_row, self._clear_to())
        self._prepare_parts()
        self.meant = self._meant()
        self.written_sheet: tuple[int, int] = (0, 0)

    def _member(self) -> str:
        return self.sheet.part

    def _is_large(self) -> bool:
        member = self.package.find(self.sheet.part)
        return member is not None and member.file_size > _LARGE

    def _stream(self) -> SheetStream:
        member = self.package.find(self.sheet.part)
        if member is None:
            raise Declined(f"{self.where} has no content in the file.", rewritable=False)
        return SheetStream(self.package.ahead(member), self.where)

    def _styles(self) -> Styles:
        part = self.book.related("styles")
        if part is None or self.package.find(part) is None:
            return Styles(blank_styles())
        return Styles(self.parts.tree(part))

    def _look(self) -> tuple[Survey, Ground]:
        marked_formats = self.styles.marked()
        strings = self.book.related("sharedStrings")
        member = self.package.find(strings) if strings else None
        texts: dict[int, str] = {}
        marked: set[int] = set()

        def watch(header: list[HeaderCell]) -> set[int]:
            texts.update(header_texts(self.package, member, header))
            marked.update(cell.column for cell in header if cell.style in marked_formats)
            return to_watch(self.columns, texts, marked, self.table)

        found = survey(self._stream(), self.header_row, watch, brief=self.way.brief and self._is_large())
        last = max([self.header_row, found.last_row, *self.rows[-1:]])
        if self.table is not None:
            last = max(self.table.area.bottom, *self.rows[-1:], self.header_row)
        others = tuple(table for table in self.tables if table is not self.table)
        return found, Ground(found, texts, marked, self.table, others, self.header_row, last)

    def _targets(self) -> tuple[Target, ...]:
        prefix = self.survey.head.prefix
        styles = {cell.column: cell.style for cell in self.survey.header}
        made = []
        for item in self.placement.columns:
            look = self.styles.look(item.result.style or _LOOK_OF[item.result.kind])
            content = Content(item.result.kind, prefix, b'" s="%d"' % look, date1904=self.book.date1904)
            header = restyle = None
            if item.state == "new":
                header = b'" s="%d"' % self.styles.look("header") + inline_text(item.header, prefix)
            elif item.state == "adopted":
                restyle = self.styles.mark(styles.get(item.column, 0))
            made.append(Target(item.column, item.result.values, content, look, item.state == "new", header, restyle))
        return tuple(made)

    def _clear_to(self) -> int:
        """The last row in which older results are emptied when no transaction stands there any more."""
        if all(item.state == "new" for item in self.placement.columns):
            return 0
        if self.table is not None:
            return self.table.data_bottom
        return max(self.rows, default=0)

    def _prepare_parts(self) -> None:
        fresh = [item for item in self.placement.columns if item.state == "new"]
        if fresh and self.placement.joins_table and self.table is not None:
            grow(
                self.parts.tree(self.table.part),
                [column_name(item.header) for item in fresh],
                self.table.area.bottom,
            )
            self.parts.touch(self.table.part)
        self.colourings = tuple(self._colourings(fresh))
        self._extra()
        part = self.book.related("styles")
        if part is None or self.package.find(part) is None:
            self.parts.add_styles(serialise(self.styles.root))
        elif self.styles.changed:
            self.parts.touch(part)
        known = self.sheet.part if self.survey.complete else ""
        if self.survey.has_formulas or has_formulas(self.package, self.book, known):
            root = self.parts.tree(self.book.part)
            if ask_to_recalculate(root):
                self.parts.touch(self.book.part)

    def _colourings(self, fresh: Sequence[Placed]) -> Iterator[Colouring]:
        for family, values in COLOURS.items():
            columns = tuple(item.column for item in fresh if item.result.family == family)
            if columns:
                formats = tuple((value, self.styles.colour(family, value)) for value in values)
                yield Colouring(columns, formats)

    def _extra(self) -> None:
        if not self.extra_sheets:
            return
        looks = {name: self.styles.look(name) for name in ("wrapped", "number", "bool", "date", "header")}
        taken = [sheet.name for sheet in self.book.sheets]
        for extra in self.extra_sheets:
            existing = next((s for s in self.book.sheets if s.name.casefold() == extra.name.casefold()), None)
            if existing is not None and not self._is_ours(existing):
                existing = None
            name = extra.name if existing else safe_sheet_name(extra.name, taken)
            taken.append(name)
            self.parts.put_sheet(replace(extra, name=name), existing, looks)

    def _is_ours(self, sheet: Sheet) -> bool:
        """Whether the first header cell of a sheet carries our named style."""
        member = self.package.find(sheet.part)
        if member is None or sheet.kind != "worksheet":
            return False
        found = survey(SheetStream(self.package.chunks(member), self.where), 1, lambda _: set())
        return bool(found.header) and found.header[0].style in self.styles.marked()

    def write(self, file: object) -> None:
        """Stream the workbook with its changes into `file`."""
        writer = PackageWriter(file)  # type: ignore[arg-type]  # an open binary file
        for member in self.package.members:
            if member.filename == self.sheet.part:
                entry = writer.put(member, self._sheet_pieces(), self.package.raw_span(member)[2])
                self.written_sheet = (entry.crc, entry.size)
            elif member.filename in self.parts.changed:
                data = self.parts.changed[member.filename]
                writer.put(member, iter([data]), self.package.raw_span(member)[2])
            else:
                writer.copy(self.package, member)
        known = {member.filename for member in self.package.members}
        for name in sorted(set(self.parts.changed) - known):
            writer.put(new_member(name), iter([self.parts.changed[name]]))
        writer.finish(self.package.listed, self.package.comment)

    def _sheet_pieces(self) -> Iterator[bytes]:
        stream = self._stream()
        head = stream.head
        yield edit_head(head, self.placement.columns, self._reach())
        filler = Filler(self.fill, self.survey.spelling, self.where, self.way.careful)
        begun = not head.childless
        if begun:
            yield head.rows_tag
        for block in stream.blocks():
            made = filler.block(block)
            if self._in_spots():
                check_block(block, made, self.meant, self.where)
            yield made
        rest = filler.end()
        if self._in_spots():
            for at, target in enumerate(self.targets):
                check_values(target, at, self.meant, self.where)
        if head.childless:
            yield rows_open(head) + rest + rows_close(head) if rest else head.rows_tag
        else:
            yield rest
        if not self.survey.complete:
            self._learn_tail(stream)
        yield edit_tail(self.survey, self.colourings, self.header_row)

    def _learn_tail(self, stream: SheetStream) -> None:
        """Complete a brief survey; what follows the rows must not speak against the placement."""
        self.survey.tail = stream.tail
        self.survey.tail_elements = tail_elements(stream.head, stream.tail, self.where)
        if place(self.columns, self.ground) != self.placement:
            raise InTheWay(f"{self.where}: merged cells are in the way.")

    def _reach(self) -> Area:
        columns = [item.column for item in self.placement.columns]
        rows = [self.header_row, *self.rows[:1], *self.rows[-1:]]
        return Area(min(rows), min(columns), max(rows), max(columns))

    def check(self, path: Path) -> None:
        """Read the written file back and compare it with the source and with the values."""
        written = self.written_sheet if self._in_spots() else None
        verify(self.package, path, self.sheet.part, self.parts.changed, self.meant, written)

    def _in_spots(self) -> bool:
        return len(self.rows) * len(self.columns) > FULL_CHECK and not self.way.careful

    def _meant(self) -> Meant:
        columns = [
            MeantColumn(
                item.column,
                item.result.kind,
                item.result.values,
                target.style,
                item.header if item.state == "new" else None,
                self.styles.look("header") if item.state == "new" else 0,
                self.book.date1904,
            )
            for item, target in zip(self.placement.columns, self.targets, strict=True)
        ]
        return Meant(self.survey.head.prefix, self.header_row, self.rows, columns, self.fill.clear_to)

    def is_same(self) -> bool:
        """Whether the written content equals what was there."""
        member = self.package.find(self.sheet.part)
        assert member is not None  # noqa: S101  # it was streamed
        if self.written_sheet != (member.CRC, member.file_size):
            return False
        for name, data in self.parts.changed.items():
            old = self.package.find(name)
            if old is None or self.package.read(old) != data:
                return False
        return True

    def report(self, path: Path, *, changed: bool) -> WriteReport:
        """What was done."""
        from hrdd_workbook.refs import letters

        placed = self.placement.columns
        notes = list(self.placement.notes)
        if self.survey.tail_element("sheetProtection"):
            notes.append(f"Sheet {self.sheet.name} is protected; its protection was kept.")
        shortened = sum(target.content.shortened for target in self.targets)
        if shortened:
            notes.append(f"{shortened} texts were longer than a cell can hold and end in an ellipsis.")
        joined = self.table if self.placement.joins_table or self._all_in_table() else None
        return WriteReport(
            path=path,
            sheet=self.sheet.name,
            rows=len(self.rows),
            changed=changed,
            columns={item.result.key: letters(item.column) for item in placed},
            headers={item.result.key: item.header for item in placed},
            new=tuple(item.result.key for item in placed if item.state == "new"),
            table=joined.name if joined else None,
            notes=tuple(notes),
        )

    def _all_in_table(self) -> bool:
        table = self.table
        return table is not None and all(
            table.area.left <= item.column <= table.area.right for item in self.placement.columns
        )


def _sheet_named(book: Book, name: str, file_name: str) -> Sheet:
    for sheet in book.sheets:
        if sheet.name.casefold() == name.casefold():
            if sheet.kind != "worksheet":
                raise Declined(
                    f"{file_name}: {sheet.name} is a {sheet.kind}; results can only stand in a worksheet.",
                    rewritable=False,
                )
            return sheet
    names = ", ".join(sheet.name for sheet in book.sheets[:8])
    raise Declined(f"{file_name} has no sheet {name}; it has {names}.", rewritable=False)


def _table(tables: Sequence[Table], name: str | None, header_row: int) -> Table | None:
    """The table to join: the one of this name, or the first whose header is the header row."""
    for table in tables:
        if name is not None and table.name.casefold() == name.casefold():
            return table
    at_header = [table for table in tables if table.area.top == header_row and table.header_rows]
    return at_header[0] if at_header and name is None else None
