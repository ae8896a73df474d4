"""A worksheet as Excel treats it, over openpyxl: what it does to text on entry, how tables and merges behave.

Only what the add-in touches. Reads and writes of cells are counted, and any of them can be made to fail.
"""

from __future__ import annotations

import copyreg
import pickle
import re
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import Table, TableColumn, TableList

from hrdd_workbook.refs import LAST_COLUMN, LAST_ROW, Area, area

EPOCH = datetime(1899, 12, 30)


class Refused(Exception):
    """What Excel throws when it does not do as it is told."""


class XlError(str):
    """An error value in a cell."""


@dataclass
class Log:
    """What was asked of Excel: counts, effects in order, and which write is to fail for how long."""

    reads: int = 0
    writes: int = 0
    effects: list[tuple[str, Any]] = field(default_factory=list)
    fail_at: int | None = None
    fail_for: int = 1
    fail_state: str | None = None

    def read(self) -> None:
        self.reads += 1

    def write(self, what: str) -> None:
        self.writes += 1
        self.effects.append(("write", what))
        if self.fail_at is not None and self.fail_at <= self.writes < self.fail_at + self.fail_for:
            raise Refused(f"no {what}")

    def state(self, name: str, value: Any) -> None:
        self.effects.append((name, value))
        if self.fail_state == name:
            self.fail_state = None
            raise Refused(f"no {name}")


@lru_cache(maxsize=64)
def _opened(content: bytes, **how: bool) -> bytes:
    """A workbook as openpyxl has it, in a form that is ready sooner than the file."""
    return pickle.dumps(openpyxl.load_workbook(BytesIO(content), **how))


copyreg.pickle(TableList, lambda tables: (_tables, ([*tables.values()],)))  # what iterates over it gets no tables


def _tables(tables: list[Table]) -> TableList:
    made = TableList()
    for table in tables:
        made.add(table)
    return made


class Book:
    """An open workbook: formulas as they stand, and the results they had when the file was saved."""

    def __init__(self, path: str, log: Log) -> None:
        self.log, self.path = log, path
        self.name = path.replace("\\", "/").rsplit("/", 1)[-1]
        content = Path(path).read_bytes()
        self.xl = pickle.loads(_opened(content, rich_text=True, keep_vba=path.endswith("m")))
        self._results = pickle.loads(_opened(content, data_only=True))
        for sheet in self.xl.worksheets:
            sheet.column_dimensions.default_factory = sheet._add_column  # which pickling leaves out
        self.sheets = [Grid(self, sheet, self._results[sheet.title]) for sheet in self.xl.worksheets]
        active = self.xl.active.title if self.xl.active is not None else self.sheets[0].name
        self.active = next((sheet for sheet in self.sheets if sheet.name == active), self.sheets[0])
        self.selection = "A1"

    def sheet(self, key: str | int) -> Grid:
        if isinstance(key, int):
            return self.sheets[key - 1]
        found = [sheet for sheet in self.sheets if sheet.name.casefold() == key.casefold()]
        if not found:
            raise KeyError(key)
        return found[0]

    def add_sheet(self, name: str | None, at: int | None) -> Grid:
        self.log.write("a sheet")
        if self.is_fixed:
            raise Refused("The workbook is protected.")
        made = Grid(self, self.xl.create_sheet(name, at), None)
        self.sheets.insert(len(self.sheets) if at is None else at, made)
        self.active = made
        return made

    def delete_sheet(self, sheet: Grid) -> None:
        self.log.write("deleting a sheet")
        self.xl.remove(sheet.ws)
        self.sheets.remove(sheet)
        if self.active is sheet:
            self.active = self.sheets[0]

    @property
    def is_fixed(self) -> bool:
        """Whether no sheet can be added or taken away."""
        return bool(self.xl.security and self.xl.security.lockStructure)

    @property
    def style_names(self) -> list[str]:
        return list(self.xl.named_styles)

    def add_style(self, name: str) -> None:
        self.xl.add_named_style(NamedStyle(name=name))

    def save(self, path: str | None = None) -> str:
        """Save with what a file needs and a session does not: names of table columns, conditional formats."""
        for sheet in self.sheets:
            sheet.settle()
        self.xl.active = self.sheets.index(self.active)
        self.xl.save(path or self.path)
        return path or self.path


@dataclass(eq=False)
class Rule:
    """A conditional format of this session."""

    area: str
    formula: str
    operator: str | None
    fill: str | None
    ink: str | None


class Grid:
    """One worksheet."""

    def __init__(self, book: Book, ws: Any, results: Any) -> None:
        self.book, self.ws, self.results, self.log = book, ws, results, book.log
        self.changed: set[tuple[int, int]] = set()
        self.rules: list[Rule] = []
        self.answers: dict[str, Any] = {}  # what formulas that begin so come to; others entered here come to nothing

    @property
    def name(self) -> str:
        return str(self.ws.title)

    @property
    def is_protected(self) -> bool:
        return bool(self.ws.protection.sheet)

    @property
    def used(self) -> Area:
        cells = self.ws._cells
        if not cells:
            return Area(1, 1, 1, 1)
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        return Area(min(rows), min(columns), max(rows), max(columns))

    # ---- values

    def values(self, where: Area) -> list[list[Any]]:
        self.log.read()
        return [[self._value(row, column) for column in _columns(where)] for row in _rows(where)]

    def _value(self, row: int, column: int) -> Any:
        cell = self.ws._cells.get((row, column))
        if cell is None or isinstance(cell, MergedCell):
            return None
        if cell.data_type == "f":
            if self.results is None or (row, column) in self.changed:
                return next((said for start, said in self.answers.items() if str(cell.value).startswith(start)), None)
            found = self.results.cell(row, column)
            return _shown(found.value, found.data_type)
        return _shown(cell.value, cell.data_type)

    def formulas(self, where: Area) -> list[list[str]]:
        self.log.read()
        return [[self._formula(row, column) for column in _columns(where)] for row in _rows(where)]

    def _formula(self, row: int, column: int) -> str:
        cell = self.ws._cells.get((row, column))
        value = None if cell is None or isinstance(cell, MergedCell) else cell.value
        if isinstance(value, ArrayFormula):
            return str(value.text)
        said = "=TABLE()" if isinstance(value, DataTableFormula) else "" if value is None else str(value)
        return said.replace("_xlfn.", "")

    def write(self, where: Area, rows: list[list[Any]], *, formulas: bool = False) -> None:
        self.log.write(f"values in {where}")
        self._refuse(where)
        for row, cells in zip(_rows(where), rows, strict=True):
            for column, value in zip(_columns(where), cells, strict=True):
                self._enter(row, column, value, as_formula=formulas)

    def _refuse(self, where: Area) -> None:
        if self.is_protected:
            raise Refused("The cell or chart you're trying to change is on a protected sheet.")
        for cell in self.ws._cells.values():
            if isinstance(cell.value, ArrayFormula | DataTableFormula):
                block = area(cell.value.ref)
                if block and block.meets(where) and not _covers(where, block):
                    raise Refused("You can't change part of an array.")

    def _enter(self, row: int, column: int, value: Any, *, as_formula: bool) -> None:
        if value is None or value == "":
            cell = self.ws._cells.get((row, column))
            if cell is not None and not isinstance(cell, MergedCell):
                cell.value = None
                self.changed.add((row, column))
            return
        cell = self.ws.cell(row, column)
        if isinstance(cell, MergedCell):
            return
        kind, made = entered(value, cell.number_format, as_formula=as_formula)
        if kind == "f":
            made = re.sub(r"\bAGGREGATE\(", "_xlfn.AGGREGATE(", made)  # as a file spells what came with Excel 2010
        cell._value, cell.data_type = made, kind
        if kind == "d" and cell.number_format == "General":
            cell.number_format = "m/d/yyyy"
        self.changed.add((row, column))

    # ---- looks

    def number_format(self, where: Area) -> str | None:
        self.log.read()
        return self._common(where, lambda cell: cell.number_format, "General")

    def set_number_format(self, areas: list[Area], code: str) -> None:
        self.log.write(f"format {code} in {','.join(map(str, areas))}")
        self._each(areas, lambda cell: setattr(cell, "number_format", code))

    def style(self, where: Area) -> str | None:
        self.log.read()
        return self._common(where, lambda cell: cell.style, "Normal")

    def set_style(self, areas: list[Area], name: str) -> None:
        self.log.write(f"style {name}")
        number = self.book.xl._named_styles.names.index(name)

        def mark(cell: Any) -> None:
            cell._style = copy(cell._style) if cell._style is not None else StyleArray()
            cell._style.xfId = number

        self._each(areas, mark)

    def color(self, where: Area) -> tuple[int, int, int] | None:
        self.log.read()
        fill = self.ws.cell(where.top, where.left).fill
        rgb = fill.fgColor.rgb if fill.fill_type else None
        return tuple(bytes.fromhex(rgb[-6:])) if isinstance(rgb, str) else None  # type: ignore[return-value]

    def set_color(self, areas: list[Area], rgb: str | None) -> None:
        self.log.write("colour")
        fill = PatternFill("solid", fgColor=rgb) if rgb else PatternFill()
        self._each(areas, lambda cell: setattr(cell, "fill", fill))

    def group(self, where: Area) -> None:
        self.log.write("outline")
        self.ws.column_dimensions.group(get_column_letter(where.left), get_column_letter(where.right), outline_level=1)

    def widen(self, where: Area, width: float) -> None:
        self.log.write("width")
        for column in _columns(where):
            self.ws.column_dimensions[get_column_letter(column)].width = width

    def wrap(self, areas: list[Area]) -> None:
        self.log.write("wrapping")
        self._each(areas, lambda cell: setattr(cell, "alignment", copy(cell.alignment) + _WRAPPED))

    def align(self, areas: list[Area], vertical: str) -> None:
        self.log.write("alignment")

        def change(cell: Any) -> None:
            cell.alignment = copy(cell.alignment) + openpyxl.styles.Alignment(vertical=vertical)

        self._each(areas, change)

    def set_font(self, areas: list[Area], **change: Any) -> None:
        self.log.write("font")

        def dress(cell: Any) -> None:
            font = copy(cell.font)
            for name, value in change.items():
                setattr(font, name, value)
            cell.font = font

        self._each(areas, dress)

    def clear(self, areas: list[Area]) -> None:
        self.log.write(f"clearing {','.join(map(str, areas))}")
        for where in areas:
            self._refuse(where)
            for key in [key for key in self.ws._cells if _inside(key, where)]:
                del self.ws._cells[key]
                self.changed.add(key)
            self.rules = [rule for rule in self.rules if rule.area != str(where)]

    def add_rule(self, rule: Rule) -> Rule:
        self.log.write("conditional format")
        self._refuse(areas_of(rule.area)[0])
        self.rules.insert(0, rule)
        return rule

    def delete_rule(self, rule: Rule) -> None:
        self.log.write("conditional format away")
        self.rules.remove(rule)

    def _common(self, where: Area, ask: Any, default: str) -> str | None:
        cells = (self.ws._cells.get((row, column)) for row in _rows(where) for column in _columns(where))
        found = {default if cell is None else ask(cell) for cell in cells}
        return found.pop() if len(found) == 1 else None

    def _each(self, areas: list[Area], do: Any) -> None:
        for where in areas:
            self._refuse(where)
            for row in _rows(where):
                for column in _columns(where):
                    do(self.ws.cell(row, column))

    # ---- merges and tables

    def merged(self, where: Area) -> bool | None:
        self.log.read()
        found = [block for block in self._merges() if block.meets(where)]
        return False if not found else (True if _covers(found[0], where) else None)

    def merge_area(self, row: int, column: int) -> Area:
        self.log.read()
        cell = Area(row, column, row, column)
        return next((block for block in self._merges() if block.meets(cell)), cell)

    def _merges(self) -> list[Area]:
        return [Area(m.min_row, m.min_col, m.max_row, m.max_col) for m in self.ws.merged_cells.ranges]

    @property
    def tables(self) -> list[Table]:
        return list(self.ws.tables.values())

    def resize(self, table: Table, where: Area) -> None:
        """Give a table another area; new headers are made up, as Excel does, and the totals row stays last."""
        self.log.write(f"table to {where}")
        before = area(table.ref)
        assert before is not None
        if (where.top, where.left) != (before.top, before.left):
            raise Refused("The header must remain in the same row, and the table must overlap the original one.")
        table.ref = str(where)
        table.autoFilter = AutoFilter(ref=str(Area(where.top, where.left, where.bottom, where.right)))
        for column in range(before.right + 1, where.right + 1):
            if self._value(where.top, column) is None:
                self._enter(where.top, column, f"Column{column - where.left + 1}", as_formula=False)
        self._name_columns(table)

    def _name_columns(self, table: Table) -> None:
        where = area(table.ref)
        if where is None or not table.headerRowCount:
            return
        names = [str(self._value(where.top, column) or f"Column{column}") for column in _columns(where)]
        old = {column.name: column for column in table.tableColumns}
        table.tableColumns = [_column(old.get(name), at, name) for at, name in enumerate(names, start=1)]

    def settle(self) -> None:
        """What has to be written down before a file is saved."""
        for table in self.tables:
            self._name_columns(table)
        for rule in self.rules:
            look = {"fill": PatternFill(bgColor=rule.fill), "font": Font(color=rule.ink)}
            made = (
                CellIsRule("equal", [rule.formula.removeprefix("=")], **look)
                if rule.operator
                else FormulaRule([rule.formula.removeprefix("=")], **look)
            )
            self.ws.conditional_formatting.add(rule.area.replace(",", " "), made)
        self.rules = []


_WRAPPED = openpyxl.styles.Alignment(wrap_text=True)


def _column(old: TableColumn | None, number: int, name: str) -> TableColumn:
    made = copy(old) if old is not None else TableColumn(id=number, name=name)
    made.id = number
    return made


def _rows(where: Area) -> range:
    return range(where.top, where.bottom + 1)


def _columns(where: Area) -> range:
    return range(where.left, where.right + 1)


def _inside(key: tuple[int, int], where: Area) -> bool:
    return where.top <= key[0] <= where.bottom and where.left <= key[1] <= where.right


def _covers(outer: Area, inner: Area) -> bool:
    return (
        outer.top <= inner.top
        and outer.left <= inner.left
        and outer.bottom >= inner.bottom
        and outer.right >= inner.right
    )


def _shown(value: Any, kind: str) -> Any:
    """A value as Excel hands it out: float for numbers, datetime for days, a fraction for times of day."""
    if kind == "e":
        return XlError(value)
    if isinstance(value, bool) or value is None or isinstance(value, datetime):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, time):
        return (datetime.combine(EPOCH, value) - EPOCH) / timedelta(days=1)
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return str(CellRichText(value)) if isinstance(value, CellRichText) else value


_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)(E[-+]?\d+)?\s*%?\s*\Z", re.IGNORECASE)
_DAY = re.compile(r"\s*(\d{1,4})[-/.](\d{1,2})([-/.]\d{1,4})?\s*\Z")
_LONGEST = 32_767


def entered(value: Any, number_format: str, *, as_formula: bool = False) -> tuple[str, Any]:
    """The type and value of a cell after Excel was given `value`: text is read as if it had been typed."""
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, datetime):
        return "d", value.replace(tzinfo=None)
    if isinstance(value, int | float):
        return ("s", f"{value:g}") if number_format == "@" else ("n", float(value))
    if len(value) > _LONGEST:
        raise Refused("the text is too long")
    if number_format == "@":
        return "s", value
    return _typed(value, as_formula=as_formula)


def _typed(text: str, *, as_formula: bool) -> tuple[str, Any]:
    if text.startswith("'"):
        return "s", text[1:]
    if _NUMBER.match(text):
        number = float(text.strip().rstrip("%"))
        return "n", number / 100 if "%" in text else number
    if text[:1] in ("=", "+", "-", "@") and len(text) > 1:
        return "f", text if text.startswith("=") else f"={text}"
    if _DAY.match(text):
        return "d", EPOCH + timedelta(days=sum(map(int, re.findall(r"\d+", text))))
    if text.upper() in ("TRUE", "FALSE"):
        return "b", text.upper() == "TRUE"
    return ("e", text) if re.match(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)\Z", text) else ("s", text)


def areas_of(address: str) -> list[Area]:
    """The areas of an address such as "A1:B2,D4" or "F:G"."""
    found = [area(_whole(part)) for part in address.replace("$", "").split(",")]
    if None in found:
        raise Refused(f"no such range: {address}")
    return [one for one in found if one is not None]


def _whole(part: str) -> str:
    """Whole columns and rows with the sheet's last row and column."""
    first, _, last = part.partition(":")
    if first.isalpha():
        return f"{first}1:{last or first}{LAST_ROW}"
    if first.isdigit():
        return f"A{first}:{get_column_letter(LAST_COLUMN)}{last or first}"
    return part
