"""From a formula in a cell to Python and back: the add-in's macros in an interpreter, xlwings' own server behind them.

Two things that cannot be here are put in their places: the library of xlwings that starts the server, as macros of the
same names, and COM between the two, as objects that hold what travels.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import com
import macros
import pytest
from pyopenvba.interpreter import VBAObject, VBARuntimeError, method
from pyopenvba.interpreter._values import EMPTY, VBAArray, VBADate

from hrdd_addin import functions
from hrdd_addin.addin_file import Settings, addin_file

LIBRARY = """
Public Function LoadLibrary(ByVal path As String) As Long
    LoadLibrary = 1
End Function
Public Function XLPyDLLActivateAuto(ByRef result As Variant, _
        Optional ByVal config As String = "", Optional ByVal mode As Long = 1) As Long
    If mode = 1 Then Set result = CreateObject("Test.Server " & config)
End Function
"""
WINDOWS = r"C:\Users\Ann Lee\hrdd\Scripts\pythonw.exe"


class Held(VBAObject):
    """What stands for an object of Python on the other side."""

    vba_type_name = "Object"

    def __init__(self, held: Any) -> None:
        self.obj = held.obj


def sent(value: Any) -> Any:
    """A value as COM hands it to Python."""
    if isinstance(value, VBAArray):
        rows, columns = (range(low, high + 1) for low, high in value.bounds)
        return tuple(tuple(sent(value.get([row, column])) for column in columns) for row in rows)
    if isinstance(value, VBADate):
        return com._out(value.to_datetime())
    return None if value is EMPTY or value is None else float(value) if isinstance(value, int) else value


class Server(VBAObject):
    """xlwings' server, with its own code behind each name."""

    vba_type_name = "Object"

    def __init__(self, real: Any) -> None:
        self.real = real

    @method
    def Module(self, Name: str) -> Any:
        return self.real.Module(Name)

    @method
    def Tuple(self, One: Any, Other: Any = None) -> Any:
        return self.real.Tuple(*(sent(one) for one in (One, Other) if str(one) != "Missing"))

    @method
    def Call(self, Target: Any, Name: str, Given: Any) -> Any:
        return self.real.Call(Target, Name, Given)

    @method
    def Var(self, Given: Any) -> Any:
        said = self.real.Var(Given)
        if isinstance(said, str):
            return said
        assert type(said) is list, "a tuple would be taken for several results"
        return VBAArray([(1, len(said)), (1, len(said[0]))], items=[row[0] for row in said])


@pytest.fixture
def cells(make: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, excel: Any) -> Any:
    """The add-in open beside a workbook; asks a function of the add-in about cells."""
    addin = tmp_path / "hrdd.xlam"
    addin.write_bytes(addin_file(Settings.here(WINDOWS)))
    started: list[str] = []
    asked: list[str] = []
    real = _server(monkeypatch)
    create = macros._Bridge.create

    def created(bridge: Any, name: str) -> Any:
        if not name.startswith("Test.Server "):
            return create(bridge, name)
        started.append(name.removeprefix("Test.Server "))
        return Server(real)

    monkeypatch.setattr(macros._Bridge, "create", created)
    add = macros.Macros.add_module

    def without_library(app: Any, source: str, **how: Any) -> Any:
        source = re.sub(r"(?m)^Private Declare .*$", "", source).replace("StrPtr(", "(")
        return add(app, source, **how)

    monkeypatch.setattr(macros.Macros, "add_module", without_library)
    app = macros.Macros.of(addin, lambda *_: 0)
    app.add_module(LIBRARY, name="Library")
    book = app.open_workbook(make())
    app.activate_workbook(book)

    def ask(formula: str) -> Any:
        name, addresses = formula.split("(")
        given = ", ".join(f'ActiveSheet.Range("{part}")' for part in addresses.rstrip(")").split(","))
        asked.append(formula)
        macro = f"Asked{len(asked)}"
        app.add_module(f"Public Function {macro}()\n    {macro} = {name}({given})\nEnd Function\n", name=f"Of{macro}")
        return app.run(macro)

    return SimpleNamespace(ask=ask, started=started)


def _server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The class that xlwings' server shows to Excel, loaded over what stands for pywin32."""
    modules = com._modules(com.Session())

    def unwrap(given: Any) -> Any:
        if not isinstance(given, Held):
            raise TypeError("no object of ours")
        return given

    util = com._module("win32com.server.util", wrap=Held, unwrap=unwrap)
    server = com._module("win32com.server", util=util)
    modules["pythoncom"].__dict__.update(TypeIIDs={0: type("D", (), {})}, IID_IDispatch=0)
    modules["win32com"].server = server
    modules |= {"win32event": ModuleType("win32event"), "win32com.server": server, "win32com.server.util": util}
    for name in ("dispatcher", "policy"):
        modules[f"win32com.server.{name}"] = ModuleType(name)
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("xlwings.udfs", "xlwings.com_server"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    loaded = importlib.import_module("xlwings.com_server")
    loaded.loop.close()
    real = loaded.XLPython()
    for name in ("xlwings.udfs", "xlwings.com_server"):
        monkeypatch.delitem(sys.modules, name)
    return real


def _refused(*_: Any) -> Any:
    raise VBARuntimeError(429, "ActiveX component can't create object")


def test_one_row_has_one_word_and_the_headers_are_found_above(cells: Any) -> None:
    """RATING and WHY of a row; the server is started as the add-in says, by its own words alone."""
    assert cells.ask("RATING(A2:H2)") == "HIGH"
    assert cells.started == [f'"{WINDOWS}" -E -P -B -m hrdd_addin serve $(CLSID)']
    assert cells.ask("WHY(A2:H2)").startswith("Severity")
    assert cells.ask("RATING(A3:H3,A1:H1)") == "LOW"


def test_a_block_spills_a_word_for_each_row(cells: Any) -> None:
    """As an array of one column."""
    answer = cells.ask("RATING(A2:H4)")
    assert answer == [["HIGH"], ["LOW"], ["CRITICAL"]]


def test_a_name_is_screened(cells: Any) -> None:
    """From a cell."""
    assert cells.ask("SCREEN(E2)") == "no entry found"


def test_what_cannot_be_answered_shows_the_sentinel(cells: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No headers above, or a server that does not start: never the text of an error."""
    assert cells.ask("RATING(A1:H1)") == functions.NO_ANSWER
    monkeypatch.setattr(macros._Bridge, "create", _refused)
    assert cells.ask("RATING(A2:H2)") == functions.NO_ANSWER
