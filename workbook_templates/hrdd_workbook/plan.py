"""What a write will do, decided before a byte is written: places, contents, styles and the parts that change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hrdd.columns import fold
from hrdd_workbook.cells import Computed, Content, formula_pieces, inline_text
from hrdd_workbook.cuts import Target
from hrdd_workbook.errors import Declined
from hrdd_workbook.extra_sheets import has_formula
from hrdd_workbook.fill import Fill, InTheWay
from hrdd_workbook.frame import Colouring, column_styles
from hrdd_workbook.meaning import MeantColumn
from hrdd_workbook.own_sheets import put_sheets
from hrdd_workbook.package import Package
from hrdd_workbook.parts import Book, Sheet, read_book, serialise
from hrdd_workbook.place import Ground, Placed, place, to_watch
from hrdd_workbook.refs import Area, letters
from hrdd_workbook.results import ExtraSheet, ResultColumn
from hrdd_workbook.sheet import SheetStream, tail_elements
from hrdd_workbook.strings import decoded, header_texts
from hrdd_workbook.styles import COLOURS, Styles, blank_styles
from hrdd_workbook.survey import HeaderCell, Survey, survey
from hrdd_workbook.table import Table, column_name, grow, tables_of
from hrdd_workbook.workbook_parts import Parts, ask_to_recalculate, has_formulas

_LARGE = 4 << 20


@dataclass(frozen=True)
class Order:
    """What is asked for: where, and which columns for which sheet rows (ascending, as plain lists)."""

    sheet: str
    header_row: int
    columns: Sequence[ResultColumn]
    rows: list[int]
    table: str | None = None
    extra_sheets: Sequence[ExtraSheet] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    level: int = 1


@dataclass(frozen=True)
class Way:
    """How boldly to write: trusting the sheet's dimension, trusting the usual spelling, or neither."""

    brief: bool
    careful: bool


WAYS = (Way(brief=True, careful=False), Way(brief=False, careful=False), Way(brief=False, careful=True))


class Plan:
    """One write: everything that is known about it, in the order in which it becomes known."""

    def __init__(self, package: Package, order: Order, way: Way) -> None:
        self.package, self.order, self.way = package, order, way
        self.book = read_book(package)
        self.sheet = _sheet_named(self.book, order.sheet, package.path.name)
        self.where = f"{package.path.name}, sheet {self.sheet.name}"
        self.parts = Parts(package, self.book)
        self.tables = tables_of(package, self.sheet.part)
        self.table = _table(self.tables, order.table, order.header_row)
        self.styles = self._styles()
        self.survey, self.ground = self._look()
        self.placement = place(order.columns, self.ground)
        self.fill = Fill(self._targets(), order.rows, order.header_row, self._clear_to())
        self.colourings = tuple(self._colourings())
        self._prepare_parts()

    def stream(self) -> SheetStream:
        """The worksheet part from its start."""
        member = self.package.find(self.sheet.part)
        if member is None:
            raise Declined(f"{self.where} has no content in the file.", rewritable=False)
        return SheetStream(self.package.chunks(member), self.where)

    def _is_large(self) -> bool:
        member = self.package.find(self.sheet.part)
        return member is not None and member.file_size > _LARGE

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
            texts.update(self._table_names())
            untold = [cell for cell in header if cell.column not in texts]
            texts.update(header_texts(self.package, member, untold))
            marked.update(cell.column for cell in header if cell.style in marked_formats)
            return to_watch(self.order.columns, texts, marked, self.table)

        found = survey(self.stream(), self.order.header_row, watch, brief=self.way.brief and self._is_large())
        last = max([self.order.header_row, found.last_row, *self.order.rows[-1:]])
        if self.table is not None:
            last = max(self.table.area.bottom, *self.order.rows[-1:], self.order.header_row)
        others = tuple(table for table in self.tables if table is not self.table)
        listed = frozenset(fold(header) for header in self.parts.record.columns.get(self.sheet.name, ()))
        return found, Ground(found, texts, marked, self.table, others, self.order.header_row, last, listed)

    def _table_names(self) -> dict[int, str]:
        """What the header of the table says; a table's names are those of its header cells."""
        if self.table is None or self.table.area.top != self.order.header_row or not self.table.header_rows:
            return {}
        return {at: decoded(name) for at, name in enumerate(self.table.columns, self.table.area.left)}

    def _targets(self) -> tuple[Target, ...]:
        prefix = self.survey.head.prefix
        styles = {cell.column: cell.style for cell in self.survey.header}
        kept = column_styles(self.survey.head, [item.column for item in self.placement.columns if item.state != "new"])
        made = []
        for item in self.placement.columns:
            look = kept.get(item.column, 0)
            if not self.styles.shows(look, item.result.kind):
                look = self.styles.look(item.result.style or item.result.kind)
            content = self._content(item, prefix, b'" s="%d"' % look)
            header = restyle = None
            if item.state == "new":
                header = b'" s="%d"' % self.styles.look(item.result.head) + inline_text(item.header, prefix)
            elif item.state == "adopted" or item.column not in self.ground.marked:
                restyle = self.styles.mark(styles.get(item.column, 0))
            made.append(Target(item.column, item.result.values, content, look, item.state == "new", header, restyle))
        return tuple(made)

    def _content(self, item: Placed, prefix: str, lead: bytes) -> Content | Computed:
        kind, formula = item.result.kind, self._pieces(item.result.formula)
        return (
            Computed(kind, prefix, lead, formula)
            if formula
            else Content(kind, prefix, lead, date1904=self.book.date1904)
        )

    def _pieces(self, formula: str | None, lead: str = "") -> tuple[str, ...]:
        """A formula cut where the row's number goes; no pieces where there is none."""
        at = {placed.result.key: letters(placed.column) for placed in self.placement.columns}
        return () if formula is None else formula_pieces(formula, at, lead)

    def _name(self) -> None:
        """Give the sheet its names; the row that they are spelled for is that of the cell that uses them."""
        sheet = "'" + self.sheet.name.replace("'", "''") + "'!$"
        for name, formula in self.order.names.items():
            text = "1".join(self._pieces(formula, sheet))
            self.parts.set_name(name, self.book.sheets.index(self.sheet), text)

    def _clear_to(self) -> int:
        """The last row in which older results are emptied when no transaction stands there any more."""
        if all(item.state == "new" for item in self.placement.columns):
            return 0
        if self.table is not None:
            return self.table.data_bottom
        return max(self.order.rows, default=0)

    def _fresh(self) -> list[Placed]:
        return [item for item in self.placement.columns if item.state == "new"]

    def _prepare_parts(self) -> None:
        fresh = self._fresh()
        if fresh and self.placement.joins_table and self.table is not None:
            grow(
                self.parts.tree(self.table.part),
                [column_name(item.header) for item in fresh],
                self.table.area.bottom,
            )
            self.parts.touch(self.table.part)
        self._name()
        sheets = put_sheets(self.order.extra_sheets, self.parts, self.styles)
        headers = [item.header for item in self.placement.columns if item.result.ours]
        self.parts.keep(self.parts.record.extended(sheets, {self.sheet.name: headers}))
        part = self.book.related("styles")
        if part is None or self.package.find(part) is None:
            self.parts.add_styles(serialise(self.styles.root))
        elif self.styles.changed:
            self.parts.touch(part)
        known = self.sheet.part if self.survey.complete else ""
        live = [item for item in self.placement.columns if item.result.formula is not None]
        if self._breaks_chain(live):
            self.parts.drop("calcChain")
        ours = bool(live) or any(map(has_formula, self.order.extra_sheets))
        if ours or self.survey.has_formulas or has_formulas(self.package, self.book, known):
            root = self.parts.tree(self.book.part)
            if ask_to_recalculate(root):
                self.parts.touch(self.book.part)

    def _breaks_chain(self, live: Sequence[Placed]) -> bool:
        """Whether a cell of ours that computed and is cleared now stands in Excel's chain of formulas.

        Excel repairs a workbook whose chain names a cell without a formula; without the chain it makes a new one.
        """
        part = self.book.related("calcChain")
        member = self.package.find(part) if part else None
        columns = {letters(item.column).encode() for item in live if item.state == "ours"}
        if member is None or not columns:
            return False
        filled = set(self.order.rows)
        named = re.findall(rb"\br\s*=\s*[\"']([A-Z]+)(\d+)", self.package.read(member))
        return any(column in columns and int(row) not in filled for column, row in named)

    def _colourings(self) -> Iterator[Colouring]:
        fresh = self._fresh()
        for family, values in COLOURS.items():
            columns = tuple(item.column for item in fresh if item.result.family == family)
            if columns:
                formats = tuple((value, self.styles.colour(family, value)) for value in values)
                yield Colouring(columns, formats)

    def learn_tail(self, stream: SheetStream) -> None:
        """Complete a brief survey; what follows the rows must not speak against the placement."""
        self.survey.tail = stream.tail
        self.survey.tail_elements = tail_elements(stream.head, stream.tail, self.where)
        if place(self.order.columns, self.ground) != self.placement:
            raise InTheWay(f"{self.where}: merged cells lie where results should stand.")

    def reach(self) -> Area:
        """The cells that are written, header included."""
        columns = [item.column for item in self.placement.columns]
        rows = [self.order.header_row, *self.order.rows[:1], *self.order.rows[-1:]]
        return Area(min(rows), min(columns), max(rows), max(columns))

    def meant(self) -> list[MeantColumn]:
        """The result columns as they should be read back."""
        return [
            MeantColumn(
                item.column,
                item.result.kind,
                item.result.values,
                target.style,
                target.fresh,
                item.header if item.state == "new" else None,
                self.styles.look(item.result.head) if item.state == "new" else target.restyle,
                self.book.date1904,
                self._pieces(item.result.formula),
            )
            for item, target in zip(self.placement.columns, self.fill.targets, strict=True)
        ]

    def is_in_table(self) -> bool:
        """Whether all result columns are, or become, columns of the table."""
        table = self.table
        if table is None:
            return False
        inside = range(table.area.left, table.area.right + 1)
        return all(
            item.column in inside or (item.state == "new" and self.placement.joins_table)
            for item in self.placement.columns
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
