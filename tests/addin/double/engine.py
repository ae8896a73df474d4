"""An xlwings engine over `grid`: the real xlwings front objects, with no Excel behind them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import xlwings as xw
from grid import Area, Book, Grid, Log, Refused, Rule, XlError, areas_of
from xlwings import base_classes

from hrdd_workbook.refs import letters

_STATE = {"screen_updating": True, "enable_events": True, "calculation": "automatic", "status_bar": False,
          "display_alerts": True, "interactive": True}  # fmt: skip


class Session:
    """One Excel: its workbooks, its state, what it showed, and the answers that the user will give."""

    def __init__(self) -> None:
        self.log = Log()
        self.books: list[Book] = []
        self.state: dict[str, Any] = dict(_STATE)
        self.alerts: list[str] = []
        self.answers: list[str] = []
        self.is_busy = 0

    def open(self, path: Any) -> xw.Book:
        """Open a workbook, as a user would."""
        self.books.insert(0, Book(str(path), self.log))
        return xw.Book(impl=_Book(self, self.books[0]))

    @property
    def is_as_before(self) -> bool:
        """Whether the state of Excel is the one it started with."""
        return self.state == _STATE


class Engine:
    """What xlwings asks an engine for."""

    name, type = "double", "desktop"

    def __init__(self) -> None:
        self.sessions: list[Session] = []

    def start(self) -> Session:
        """A new Excel in front of all others."""
        self.sessions.insert(0, Session())
        return self.sessions[0]

    @property
    def apps(self) -> _Apps:
        return _Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return None if value is None or value != value else value

    @staticmethod
    def clean_value_data(rows: Any, datetime_builder: Any, empty: Any, number_builder: Any, err_to_str: bool) -> Any:
        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty
            if isinstance(value, XlError):
                return str.__str__(value) if err_to_str else None
            return number_builder(value) if number_builder and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in rows]


class _Apps(base_classes.Apps):
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def keys(self) -> list[int]:
        return [id(session) for session in self.engine.sessions]

    def __iter__(self) -> Iterator[_App]:
        return (_App(self.engine, session) for session in self.engine.sessions)

    def __len__(self) -> int:
        return len(self.engine.sessions)

    def add(self, spec: str | None, add_book: bool, visible: bool | None) -> _App:
        assert (spec, add_book, visible) == (None, False, False), "nothing of the user's, and nothing to be seen"
        return _App(self.engine, self.engine.start())

    def __getitem__(self, pid: int) -> _App:
        return next(app for app in self if app.pid == pid)


def _state(name: str) -> property:
    def get(app: _App) -> Any:
        return app.session.state[name]

    def put(app: _App, value: Any) -> None:
        app.session.log.state(name, value)
        app.session.state[name] = value

    return property(get, put)


class _App(base_classes.App):
    screen_updating, enable_events, calculation = (
        _state(n) for n in ("screen_updating", "enable_events", "calculation")
    )
    status_bar, display_alerts, interactive = (_state(n) for n in ("status_bar", "display_alerts", "interactive"))

    def __init__(self, engine: Engine, session: Session) -> None:
        self._engine, self.session = engine, session

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def api(self) -> Any:
        return SimpleNamespace(Hwnd=self.pid)

    @property
    def pid(self) -> int:
        return id(self.session)

    @property
    def books(self) -> _Books:
        if self.session.is_busy:
            self.session.is_busy -= 1
            raise Refused("Call was rejected by callee.")
        return _Books(self)

    @property
    def selection(self) -> _Range | None:
        book = self.session.books[0]
        return _Range(_Sheet(_Book(self.session, book), book.active), areas_of(book.selection))

    @property
    def version(self) -> str:
        return "16.0"

    def quit(self) -> None:
        self._engine.sessions.remove(self.session)

    def activate(self, steal_focus: bool = False) -> None:
        self._engine.sessions.remove(self.session)
        self._engine.sessions.insert(0, self.session)

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: Any) -> str:
        self.session.alerts.append(prompt)
        return self.session.answers.pop(0) if self.session.answers else {"yes_no": "no"}.get(buttons or "", "ok")


class _Books(base_classes.Books):
    def __init__(self, app: _App) -> None:
        self.app = app

    @property
    def active(self) -> _Book:
        return _Book(self.app.session, self.app.session.books[0])

    def __iter__(self) -> Iterator[_Book]:
        return (_Book(self.app.session, book) for book in self.app.session.books)

    def __len__(self) -> int:
        return len(self.app.session.books)

    def __call__(self, key: int | str) -> _Book:
        for at, book in enumerate(self, start=1):
            if key in (at, book.name):
                return book
        raise KeyError(key)

    def open(self, fullname: str, *_: Any, **__: Any) -> _Book:
        self.app.session.open(fullname)
        return self.active


class _Book(base_classes.Book):
    def __init__(self, session: Session, book: Book) -> None:
        self.session, self.book = session, book

    @property
    def name(self) -> str:
        return self.book.name

    @property
    def fullname(self) -> str:
        raise AssertionError("nothing may depend on where a workbook lies; OneDrive says it is a web address")

    @property
    def app(self) -> _App:
        return _App(ENGINE, self.session)

    @property
    def sheets(self) -> _Sheets:
        return _Sheets(self)

    @property
    def api(self) -> Any:
        return SimpleNamespace(Styles=_Styles(self.book), ProtectStructure=self.book.is_fixed)

    def activate(self) -> None:
        self.session.books.remove(self.book)
        self.session.books.insert(0, self.book)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        assert (path, password) == (None, None)
        self.book.save()

    def close(self) -> None:
        self.session.books.remove(self.book)


class _Styles:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __iter__(self) -> Iterator[Any]:
        return (SimpleNamespace(Name=name) for name in self.book.style_names)

    def __call__(self, name: str) -> Any:
        if name not in self.book.style_names:
            raise Refused("Subscript out of range")
        return SimpleNamespace(Name=name)

    def Add(self, name: str) -> Any:  # Excel's name
        self.book.add_style(name)
        return SimpleNamespace(Name=name)


class _Sheets(base_classes.Sheets):
    def __init__(self, book: _Book) -> None:
        self.of = book

    @property
    def active(self) -> _Sheet:
        return _Sheet(self.of, self.of.book.active)

    def __call__(self, key: int | str) -> _Sheet:
        return _Sheet(self.of, self.of.book.sheet(key))

    def __len__(self) -> int:
        return len(self.of.book.sheets)

    def __iter__(self) -> Iterator[_Sheet]:
        return (_Sheet(self.of, sheet) for sheet in self.of.book.sheets)

    def __contains__(self, key: str) -> bool:
        return key.casefold() in {sheet.name.casefold() for sheet in self.of.book.sheets}

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> _Sheet:
        at = None if after is None else self.of.book.sheets.index(after.grid) + 1
        return _Sheet(self.of, self.of.book.add_sheet(name, at))


class _Sheet(base_classes.Sheet):
    def __init__(self, book: _Book, grid: Grid) -> None:
        self.of, self.grid = book, grid

    @property
    def api(self) -> Any:
        return SimpleNamespace(ProtectContents=self.grid.is_protected)

    @property
    def name(self) -> str:
        return self.grid.name

    @property
    def book(self) -> _Book:
        return self.of

    @property
    def used_range(self) -> _Range:
        return _Range(self, [self.grid.used])

    @property
    def cells(self) -> _Range:
        return self.range("A1:XFD1048576")

    @property
    def tables(self) -> _Tables:
        return _Tables(self)

    def range(self, first: Any, last: Any = None) -> _Range:
        if isinstance(first, str):
            return _Range(self, areas_of(first))
        if isinstance(first, _Range):
            first, last = (first.row, first.column), first if last is None else last
        if isinstance(first, tuple) and len(first) == 4:
            row, column, rows, columns = first
            return _Range(self, [Area(row, column, row + rows - 1, column + columns - 1)])
        if isinstance(last, _Range):
            last = (last.row, last.column)
        bottom, right = first if last is None else last
        return _Range(self, [Area(first[0], first[1], bottom, right)])

    def activate(self) -> None:
        self.of.book.active = self.grid

    def delete(self) -> None:
        self.of.book.delete_sheet(self.grid)


class _Range(base_classes.Range):
    def __init__(self, sheet: _Sheet, areas: list[Area]) -> None:
        self._sheet, self.areas, self.grid = sheet, areas, sheet.grid

    @property
    def max_cells_per_read(self) -> int:
        return 4_000_000

    @property
    def max_cells_per_write(self) -> int:
        return 100_000

    @property
    def first(self) -> Area:
        return self.areas[0]

    @property
    def api(self) -> Any:
        return _RangeApi(self)

    @property
    def sheet(self) -> _Sheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self.first.top

    @property
    def column(self) -> int:
        return self.first.left

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

    @property
    def shape(self) -> tuple[int, int]:
        return self.first.bottom - self.first.top + 1, self.first.right - self.first.left + 1

    def __call__(self, row: int, column: int | None = None) -> _Range:
        at = Area(self.row + row - 1, self.column + (column or 1) - 1, 0, 0)
        return _Range(self._sheet, [Area(at.top, at.left, at.top, at.left)])

    @property
    def address(self) -> str:
        def absolute(row: int, column: int) -> str:
            return f"${letters(column)}${row}"

        return ",".join(
            absolute(a.top, a.left)
            + ("" if (a.top, a.left) == (a.bottom, a.right) else f":{absolute(a.bottom, a.right)}")
            for a in self.areas
        )

    @property
    def raw_value(self) -> Any:
        rows = self.grid.values(self.first)
        return rows[0][0] if self.shape == (1, 1) else tuple(map(tuple, rows))

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows, columns = self.shape
        if not isinstance(value, list | tuple):
            value = [[value] * columns] * rows
        self.grid.write(self.first, value)

    @property
    def formula(self) -> Any:
        rows = self.grid.formulas(self.first)
        return rows[0][0] if self.shape == (1, 1) else tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: Any) -> None:
        self.grid.write(self.first, value, formulas=True)

    @property
    def number_format(self) -> str | None:
        return self.grid.number_format(self.first)

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.grid.set_number_format(self.areas, code)

    @property
    def color(self) -> Any:
        return self.grid.color(self.first)

    @color.setter
    def color(self, value: Any) -> None:
        self.grid.set_color(self.areas, None if value is None else _rgb(value))

    @property
    def merge_cells(self) -> bool | None:
        return self.grid.merged(self.first)

    @property
    def merge_area(self) -> _Range:
        return _Range(self._sheet, [self.grid.merge_area(self.row, self.column)])

    @property
    def conditional_formats(self) -> _Rules:
        return _Rules(self)

    @property
    def column_width(self) -> float:
        return 8.43

    @column_width.setter
    def column_width(self, width: float) -> None:
        self.grid.widen(self.first, width)

    @property
    def wrap_text(self) -> bool:
        return False

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.grid.wrap(self.areas)

    @property
    def vertical_alignment(self) -> str | None:
        return None

    @vertical_alignment.setter
    def vertical_alignment(self, value: Any) -> None:
        self.grid.align(self.areas, str(getattr(value, "value", value)))

    @property
    def font(self) -> _Font:
        return _Font(self)

    def clear(self) -> None:
        self.grid.clear(self.areas)

    def select(self) -> None:
        self._sheet.of.book.selection = self.address


class _Font(base_classes.Font):
    def __init__(self, cells: _Range) -> None:
        self.cells = cells

    @property
    def bold(self) -> bool:
        return bool(self.cells.grid.ws.cell(self.cells.row, self.cells.column).font.b)

    @bold.setter
    def bold(self, value: bool) -> None:
        self.cells.grid.set_font(self.cells.areas, bold=value)

    @property
    def color(self) -> Any:
        return None

    @color.setter
    def color(self, value: Any) -> None:
        self.cells.grid.set_font(self.cells.areas, color=_rgb(value))


def _rgb(value: Any) -> str:
    return value.removeprefix("#") if isinstance(value, str) else bytes(value).hex().upper()


class _RangeApi:
    """The few members of Excel's own range that the add-in has to ask for."""

    def __init__(self, cells: _Range) -> None:
        self._cells = cells

    @property
    def Style(self) -> Any:  # Excel's name
        name = self._cells.grid.style(self._cells.first)
        return None if name is None else SimpleNamespace(Name=name)

    @Style.setter
    def Style(self, name: str) -> None:
        self._cells.grid.set_style(self._cells.areas, name)

    @property
    def EntireColumn(self) -> Any:
        return SimpleNamespace(Group=lambda: self._cells.grid.group(self._cells.first))

    def Calculate(self) -> None: ...


class _Rules(base_classes.ConditionalFormats):
    def __init__(self, cells: _Range) -> None:
        self.cells = cells

    def _found(self) -> list[_Rule]:
        here = self.cells.areas
        rules = self.cells.grid.rules
        return [_Rule(self.cells.grid, r) for r in rules if any(a.meets(b) for a in here for b in areas_of(r.area))]

    def __iter__(self) -> Iterator[_Rule]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def __call__(self, at: int) -> _Rule:
        return self._found()[at - 1]

    def _add(self, formula: str, operator: str | None, spec: Any) -> _Rule:
        fill, ink = (_rgb(spec[name]) if spec.get(name) else None for name in ("fill_color", "font_color"))
        address = ",".join(map(str, self.cells.areas))
        return _Rule(self.cells.grid, self.cells.grid.add_rule(Rule(address, formula, operator, fill, ink)))

    def add_cell_value(self, spec: Any) -> _Rule:
        return self._add(spec["formula1"], spec["operator"], spec)

    def add_custom(self, spec: Any) -> _Rule:
        return self._add(spec["formula"], None, spec)


class _Rule(base_classes.ConditionalFormat):
    def __init__(self, grid: Grid, rule: Rule) -> None:
        self.grid, self.rule = grid, rule

    @property
    def type(self) -> str:
        return "cell_value" if self.rule.operator else "custom"

    @property
    def formula(self) -> str | None:
        return None if self.rule.operator else self.rule.formula

    def delete(self) -> None:
        self.grid.delete_rule(self.rule)


class _Tables(base_classes.Tables):
    def __init__(self, sheet: _Sheet) -> None:
        self.of = sheet

    def __iter__(self) -> Iterator[_Table]:
        return (_Table(self.of, table) for table in self.of.grid.tables)

    def __len__(self) -> int:
        return len(self.of.grid.tables)

    def __call__(self, key: int | str) -> _Table:
        for at, table in enumerate(self, start=1):
            if key in (at, table.name):
                return table
        raise KeyError(key)


class _Table(base_classes.Table):
    def __init__(self, sheet: _Sheet, table: Any) -> None:
        self.of, self.table = sheet, table

    @property
    def api(self) -> Any:
        return SimpleNamespace(SourceType=3 if self.table.tableType == "queryTable" else 1)

    @property
    def name(self) -> str:
        return str(self.table.displayName)

    @property
    def range(self) -> _Range:
        return self.of.range(self.table.ref)

    @property
    def show_headers(self) -> bool:
        return self.table.headerRowCount != 0

    @property
    def show_totals(self) -> bool:
        return bool(self.table.totalsRowCount)

    def resize(self, cells: Any) -> None:
        self.of.grid.resize(self.table, cells.impl.first)


ENGINE = Engine()


def install() -> Engine:
    """Make the double the engine that xlwings uses."""
    if "double" not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=ENGINE))
    xw.engines["double"].activate()
    ENGINE.sessions.clear()
    return ENGINE
