"""The macros of the built add-in file, run by a VBA interpreter: from a button to the command line that it starts.

The interpreter is pyOpenVBA, with its model of Excel. What that lacks is added here, each as Excel has it: a window's
handle, `OnUndo`, the Windows shell, and `AppleScriptTask` of a Mac.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import Application, ExcelApplication
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.interpreter import Interpreter, VBAInt, VBAObject, member, method, setter
from pyopenvba.interpreter import _preprocess as preprocessing
from pyopenvba.vba import VBAModuleKind

HWND = 7340556
#: Runs a command line in a folder and gives the exit code; on a Mac there is no folder and the text is of the script.
Start = Callable[[str, str], int]


class Shell(VBAObject):
    """WScript.Shell."""

    vba_type_name = "WshShell"

    def __init__(self, start: Start) -> None:
        self._start, self.folder, self.waited = start, "", None

    @member
    def CurrentDirectory(self) -> str:
        return self.folder

    @setter("CurrentDirectory")
    def _set_folder(self, value: str) -> None:
        self.folder = value

    @method
    def Run(self, Command: str, WindowStyle: Any = 1, WaitOnReturn: Any = False) -> Any:
        assert (int(WindowStyle), bool(WaitOnReturn)) == (0, True), "no window, and Excel waits"
        return VBAInt(self._start(Command, self.folder), "Long")

    @method
    def ExpandEnvironmentStrings(self, Name: str) -> str:
        return os.environ.get(Name.strip("%"), Name)


class Files(VBAObject):
    """Scripting.FileSystemObject."""

    vba_type_name = "FileSystemObject"

    @method
    def FileExists(self, FileSpec: str) -> bool:
        return Path(FileSpec.replace("\\", "/")).exists()


class _Excel(Application):
    vba_type_name = "Application"

    def __init__(self) -> None:
        super().__init__()
        self.undo: tuple[str, str] | None = None

    @member
    def Hwnd(self) -> Any:
        return VBAInt(HWND, "Long")

    @method
    def OnUndo(self, Text: str, Procedure: str) -> None:
        self.undo = (Text, Procedure)


class _Bridge(ExcelBridge):
    def __init__(self, application: Application, start: Start) -> None:
        super().__init__(application)
        self._start = start

    def create(self, type_name_: str) -> object:
        return {"WScript.Shell": Shell(self._start), "Scripting.FileSystemObject": Files()}[type_name_]

    def has_global_member(self, name: str) -> bool:
        return name.casefold() == "applescripttask" or super().has_global_member(name)

    def call_global(self, name: str, args: list[object], named: dict[str, object]) -> object:
        if name.casefold() != "applescripttask":
            return super().call_global(name, args, named)
        script, handler, text = map(str, args)
        assert (script, handler) == ("hrdd.applescript", "startHrdd")
        return str(self._start(text, ""))


class Pressed(VBAObject):
    """The control that Excel hands to a callback."""

    vba_type_name = "IRibbonControl"

    def __init__(self, name: str) -> None:
        self.name = name

    @member
    def ID(self) -> str:
        return self.name


class Macros(ExcelApplication):
    """The add-in, opened, with the user's workbooks beside it; the last one opened is in front."""

    def __init__(self, start: Start) -> None:
        self.application = _Excel()
        self.interpreter = Interpreter(_Bridge(self.application, start))
        self.application.interpreter = self.interpreter

    @classmethod
    def of(cls, addin: Path, start: Start, *, on_a_mac: bool = False) -> Macros:
        """Open the built file and load its modules as they are."""
        from pyopenvba.apps.excel._io import load_workbook

        app = cls(start)
        book = load_workbook(app.application, addin)
        app.application.workbooks_.books.append(book)
        app.application.activate_book(book)
        before = dict(preprocessing.DEFAULT_CONSTANTS)
        preprocessing.DEFAULT_CONSTANTS.update({"Mac": on_a_mac, "Win32": not on_a_mac, "Win64": not on_a_mac})
        try:
            with ExcelFile(addin) as file:
                for module in file.vba_project().modules:
                    is_standard = module.kind is VBAModuleKind.standard
                    source = module.source.replace("WithEvents ", "")  # the one word that this interpreter lacks
                    app.add_module(source, name=module.name, kind="standard" if is_standard else "document")
        finally:
            preprocessing.DEFAULT_CONSTANTS.update(before)
        return app

    def press(self, button: str) -> None:
        """Press a button of the ribbon."""
        self.run("HrddPressed", Pressed(f"hrdd_{button}"))

    @property
    def boxes(self) -> list[str]:
        """What message boxes said."""
        return [dialog[1] for dialog in self.dialogs]
