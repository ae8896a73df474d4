"""Excel as COM shows it to pywin32, over `grid`, with just enough of pywin32 that xlwings' own Windows engine runs.

Every member that is asked for or set is counted. Values are as strict as COM is: dates need a time zone, None is
not written, errors are numbers, one cell is a scalar and more are tuples of tuples.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import Any

import xlwings as xw
from grid import Area, Book, Grid, Log, Refused, Rule, XlError, areas_of

from hrdd_workbook.refs import letters

ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#NULL!": -2146826288,
          "#NUM!": -2146826252, "#REF!": -2146826265, "#VALUE!": -2146826273}  # fmt: skip
REJECTED, FAILED, CLOSED = -2147418111, -2147352567, -2147023174


class com_error(Exception):  # noqa: N801  # pywin32's name
    """What pywin32 raises: a code, and what Excel says."""

    def __init__(self, code: int, said: str = "") -> None:
        details = (0, "Microsoft Excel", said, None, 0, -2146827284) if said else None
        super().__init__(code, "Exception occurred.", details, None)
        self.hresult, self.excepinfo = code, details


class TimeType(datetime):
    """A point in time as pywin32 hands it over."""


class Dispatch:
    """A COM object: members are counted, and may be rejected while Excel is busy."""

    @property
    def _oleobj_(self) -> Any:
        def unknown(*_: Any) -> None:
            raise com_error(FAILED, "no such member")

        return SimpleNamespace(GetIDsOfNames=unknown)

    def __getattribute__(self, name: str) -> Any:
        if name[:1].isupper():
            object.__getattribute__(self, "_session").touch(name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1].isupper():
            self._session.touch(name)
        try:
            object.__setattr__(self, name, value)
        except Refused as error:
            raise com_error(FAILED, str(error)) from error


class Session:
    """One Excel: workbooks, state, accesses, and for how many of them it is busy."""

    def __init__(self) -> None:
        self.log, self.accesses, self.is_busy = Log(), 0, 0
        self.busy_at: dict[int, int] = {}
        self.is_closed = False
        self.asked: dict[str, int] = {}
        self.books: list[Book] = []
        self.app = Application(self)
        self.boxes: list[str] = []

    def touch(self, name: str) -> None:
        if self.is_closed:
            raise com_error(CLOSED, "The RPC server is unavailable.")
        self.is_busy += self.busy_at.pop(self.accesses, 0)
        if self.is_busy:
            self.is_busy -= 1
            raise com_error(REJECTED)
        self.accesses += 1
        self.asked[name] = self.asked.get(name, 0) + 1

    def open(self, path: Any) -> xw.Book:
        self.books.insert(0, Book(str(path), self.log))
        return xw.apps.active.books.active  # type: ignore[union-attr, no-any-return]


class Application(Dispatch):
    """Excel.Application."""

    def __init__(self, session: Session) -> None:
        self._session = session
        object.__setattr__(self, "ScreenUpdating", True)
        object.__setattr__(self, "EnableEvents", True)
        object.__setattr__(self, "Calculation", -4105)
        object.__setattr__(self, "StatusBar", False)
        object.__setattr__(self, "DisplayAlerts", True)
        self.Hwnd, self.Version = 1, "16.0"

    @property
    def Application(self) -> Any:
        return self

    @property
    def Workbooks(self) -> Any:
        books = [Workbook(self._session, book) for book in self._session.books]
        return Many(self._session, books, Application=self)

    @property
    def ActiveWorkbook(self) -> Any:
        return Workbook(self._session, self._session.books[0])

    @property
    def Selection(self) -> Any:
        book = self._session.books[0]
        return Range(self._session, book.active, areas_of(book.selection))


class Many(Dispatch):
    """A collection: callable, counted from one, by number or name."""

    def __init__(self, session: Session, items: Any, **members: Any) -> None:
        self._session, self._found = session, items
        for name, member in members.items():
            object.__setattr__(self, name, member)

    def __call__(self, key: Any) -> Any:
        for number, item in enumerate(self._items, start=1):
            if (
                key == number
                or str(key).casefold() == str(getattr(item, "_name", getattr(item, "Name", ""))).casefold()
            ):
                return item
        raise com_error(FAILED, "Subscript out of range")

    @property
    def _items(self) -> list[Any]:
        found = self._found() if callable(self._found) else self._found
        return list(found)

    def Item(self, key: Any) -> Any:
        return self(key)

    @property
    def Count(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)


class Workbook(Dispatch):
    def __init__(self, session: Session, book: Book) -> None:
        self._session, self._book, self._name = session, book, book.name

    @property
    def Name(self) -> str:
        return self._name

    @property
    def Application(self) -> Any:
        return self._session.app

    @property
    def Worksheets(self) -> Any:
        sheets = [Worksheet(self._session, grid) for grid in self._book.sheets]
        return Many(self._session, sheets, Parent=self)

    @property
    def ActiveSheet(self) -> Any:
        return Worksheet(self._session, self._book.active)

    @property
    def ProtectStructure(self) -> bool:
        return self._book.is_fixed

    @property
    def Styles(self) -> Any:
        names = [SimpleNamespace(Name=name) for name in self._book.style_names]
        return Many(self._session, names, Add=self._add_style)

    def _add_style(self, name: str) -> Any:
        self._book.add_style(name)
        return SimpleNamespace(Name=name)


class Worksheet(Dispatch):
    def __init__(self, session: Session, grid: Grid) -> None:
        self._session, self._grid, self._name = session, grid, grid.name

    @property
    def Name(self) -> str:
        return self._name

    @property
    def Parent(self) -> Any:
        return Workbook(self._session, self._grid.book)

    @property
    def ProtectContents(self) -> bool:
        return self._grid.is_protected

    @property
    def UsedRange(self) -> Any:
        return Range(self._session, self._grid, [self._grid.used])

    @property
    def ListObjects(self) -> Any:
        tables = [ListObject(self._session, self._grid, table) for table in self._grid.tables]
        return Many(self._session, tables)

    def Range(self, first: Any, last: Any = None) -> Any:
        if isinstance(first, str):
            return Range(self._session, self._grid, areas_of(first))
        one, other = first._first, (last or first)._first
        return Range(self._session, self._grid, [Area(one.top, one.left, other.bottom, other.right)])

    @property
    def Cells(self) -> Any:
        return Range(self._session, self._grid, areas_of("A1:XFD1048576"))


class Range(Dispatch):
    def __init__(self, session: Session, grid: Grid, areas: list[Area]) -> None:
        self._session, self._grid, self._areas = session, grid, areas

    def __call__(self, row: int, column: int) -> Any:
        at = (self._first.top + row - 1, self._first.left + column - 1)
        return Range(self._session, self._grid, [Area(*at, *at)])

    @property
    def _first(self) -> Area:
        return self._areas[0]

    @property
    def Worksheet(self) -> Any:
        return Worksheet(self._session, self._grid)

    @property
    def Row(self) -> int:
        return self._first.top

    @property
    def Column(self) -> int:
        return self._first.left

    @property
    def Rows(self) -> Any:
        return SimpleNamespace(Count=self._first.bottom - self._first.top + 1)

    @property
    def Columns(self) -> Any:
        return SimpleNamespace(Count=self._first.right - self._first.left + 1)

    @property
    def Count(self) -> int:
        return sum((a.bottom - a.top + 1) * (a.right - a.left + 1) for a in self._areas)

    @property
    def Address(self) -> str:
        said = ",".join(f"${letters(a.left)}${a.top}:${letters(a.right)}${a.bottom}" for a in self._areas)
        return said if len(said) < 256 else said[:255].rpartition(",")[0]  # without a word, as Excel does

    @property
    def Areas(self) -> Any:
        return Many(self._session, [Range(self._session, self._grid, [area]) for area in self._areas])

    @property
    def Value(self) -> Any:
        rows = tuple(tuple(map(_out, row)) for row in self._grid.values(self._first))
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @Value.setter
    def Value(self, given: Any) -> None:
        where = self._first
        if not isinstance(given, list | tuple):
            given = [[given] * (where.right - where.left + 1)] * (where.bottom - where.top + 1)
        self._grid.write(where, [[_in(value) for value in row] for row in given])

    @property
    def Formula(self) -> Any:
        rows = tuple(map(tuple, self._grid.formulas(self._first)))
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @Formula.setter
    def Formula(self, given: Any) -> None:
        self._grid.write(self._first, given if isinstance(given, list | tuple) else [[given]], formulas=True)

    @property
    def NumberFormat(self) -> Any:
        return self._grid.number_format(self._first)

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        self._grid.set_number_format(self._areas, code)

    @property
    def Style(self) -> Any:
        name = self._grid.style(self._first)
        return None if name is None else SimpleNamespace(Name=name)

    @Style.setter
    def Style(self, name: str) -> None:
        self._grid.set_style(self._areas, name)

    @property
    def MergeCells(self) -> Any:
        return self._grid.merged(self._first)

    @property
    def MergeArea(self) -> Any:
        return Range(self._session, self._grid, [self._grid.merge_area(self.Row, self.Column)])

    @property
    def Interior(self) -> Any:
        return Interior(self._session, self)

    @property
    def Font(self) -> Any:
        return Letters(self._session, self)

    @property
    def EntireColumn(self) -> Any:
        return SimpleNamespace(Group=lambda: self._grid.group(self._first))

    @property
    def FormatConditions(self) -> Any:
        grid = self._grid
        return Many(
            self._session,
            lambda: [FormatCondition(self._session, grid, rule) for rule in grid.rules],
            Add=self._add_rule,
        )

    def _add_rule(self, Type: int, Formula1: str, Operator: int | None = None) -> Any:
        rule = Rule(",".join(map(str, self._areas)), Formula1, "equal" if Operator else None, "FFFFFF", "000000")
        return FormatCondition(self._session, self._grid, self._grid.add_rule(rule))

    def Calculate(self) -> None: ...

    def Clear(self) -> None:
        self._grid.clear(self._areas)


class Letters(Dispatch):
    def __init__(self, session: Session, cells: Range) -> None:
        self._session, self._cells = session, cells

    @property
    def Bold(self) -> bool:
        return False

    @Bold.setter
    def Bold(self, value: bool) -> None:
        self._cells._grid.set_font(self._cells._areas, bold=value)


class Interior(Dispatch):
    def __init__(self, session: Session, cells: Range) -> None:
        self._session, self._cells = session, cells

    @property
    def Color(self) -> int:
        return 0

    @Color.setter
    def Color(self, value: int) -> None:
        self._cells._grid.set_color(self._cells._areas, f"{value:06X}")


class FormatCondition(Dispatch):
    def __init__(self, session: Session, grid: Grid, rule: Rule) -> None:
        self._session, self._grid, self._rule = session, grid, rule
        self.Interior, self.Font, self.StopIfTrue = SimpleNamespace(), SimpleNamespace(), False

    @property
    def Type(self) -> int:
        return 1 if self._rule.operator else 2

    @property
    def Formula1(self) -> str:
        return self._rule.formula

    def SetFirstPriority(self) -> None: ...

    def Delete(self) -> None:
        self._grid.delete_rule(self._rule)


class ListObject(Dispatch):
    def __init__(self, session: Session, grid: Grid, table: Any) -> None:
        self._session, self._grid, self._table, self._name = session, grid, table, table.displayName
        self.SourceType, self.ShowHeaders, self.ShowTotals = 1, table.headerRowCount != 0, bool(table.totalsRowCount)

    @property
    def Name(self) -> str:
        return str(self._name)

    @property
    def Range(self) -> Any:
        return Range(self._session, self._grid, areas_of(self._table.ref))

    def Resize(self, cells: Any) -> None:
        self._grid.resize(self._table, cells._first)


def _out(value: Any) -> Any:
    """A value as pywin32 hands it over."""
    if isinstance(value, XlError):
        return ERRORS[str.__str__(value)]
    if isinstance(value, datetime):
        return TimeType(*value.timetuple()[:6], tzinfo=UTC)
    return value


def _in(value: Any) -> Any:
    """A value as COM takes it; anything else is a mistake of ours."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None, "pywin32 wants times with a zone"
        return value.replace(tzinfo=None)
    assert type(value) in (str, float, int, bool), f"COM does not take {value!r}"
    return value


def _modules(session: Session) -> dict[str, Any]:
    """Just enough of pywin32."""
    client = _module("win32com.client", CDispatch=Dispatch, CoClassBaseClass=type("C", (), {}), Dispatch=lambda p: p,
                     DispatchBaseClass=type("B", (), {}), DispatchEx=lambda _: session.app)  # fmt: skip
    constants = {name: at for at, name in enumerate(("MB_OK", "MB_OKCANCEL", "MB_YESNO", "MB_YESNOCANCEL",
                                                     "MB_ICONINFORMATION", "MB_ICONWARNING"))}  # fmt: skip
    return {
        "pywintypes": _module("pywintypes", TimeType=TimeType, com_error=com_error, error=OSError, IID=str),
        "pythoncom": _module("pythoncom", CoInitialize=lambda: None, new=None, ole_error=com_error),
        "win32api": _module("win32api", MessageBox=lambda _, text, *__: session.boxes.append(text) or 6),
        "win32con": _module("win32con", **constants),
        "win32gui": _module("win32gui", FindWindowEx=lambda *_: 1),
        "win32process": _module("win32process", GetWindowThreadProcessId=lambda hwnd: (0, hwnd)),
        "win32timezone": _module("win32timezone", TimeZoneInfo=SimpleNamespace(utc=lambda: UTC)),
        "win32com": _module("win32com", client=client),
        "win32com.client": client,
    }


def _module(name: str, **members: Any) -> ModuleType:
    made = ModuleType(name)
    made.__file__ = name
    made.__dict__.update(members)
    return made


@contextmanager
def windows(monkeypatch: Any) -> Iterator[tuple[Session, Any]]:
    """Run xlwings' own Windows engine over one Excel; gives the Excel and the engine's module."""
    session = Session()
    for name, module in _modules(session).items():
        monkeypatch.setitem(sys.modules, name, module)
    to_app = SimpleNamespace(PyCom_PyObjectFromIUnknown=lambda *_: session.app)
    user = SimpleNamespace(
        GetTopWindow=lambda _: 1, GetWindow=lambda *_: 0, GetForegroundWindow=lambda: 1, SetForegroundWindow=id
    )
    loaders = SimpleNamespace(
        ole32=SimpleNamespace(CLSIDFromString=id_), oleacc=SimpleNamespace(AccessibleObjectFromWindow=id_)
    )
    monkeypatch.setattr(ctypes, "PyDLL", lambda _: _Settable(to_app))
    monkeypatch.setattr(ctypes, "oledll", loaders, raising=False)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user), raising=False)
    monkeypatch.setitem(__builtins__ if isinstance(__builtins__, dict) else vars(__builtins__), "WindowsError", OSError)
    monkeypatch.delitem(sys.modules, "xlwings._xlwindows", raising=False)
    native = importlib.import_module("xlwings._xlwindows")
    monkeypatch.setattr(xw, "_xlwindows", native, raising=False)
    before = xw.engines.active
    xw.engines.add(xw.Engine(impl=native.engine))
    xw.engines["excel"].activate()
    try:
        yield session, native
    finally:
        import atexit

        atexit.unregister(native.cleanup)
        xw.engines.engines[:] = [engine for engine in xw.engines.engines if engine.name != "excel"]
        del xw.engines.engines_by_name["excel"]
        xw.engines.active = before
        del sys.modules["xlwings._xlwindows"]


def id_(*_: Any) -> int:
    """A call that succeeds."""
    return 0


class _Settable:
    """A library whose functions can be given a result type."""

    def __init__(self, functions: SimpleNamespace) -> None:
        call = functions.PyCom_PyObjectFromIUnknown

        class Function:
            restype: Any = None

            def __call__(self, *given: Any) -> Any:
                return call(*given)

        self.PyCom_PyObjectFromIUnknown = Function()
