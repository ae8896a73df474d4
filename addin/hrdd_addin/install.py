"""Putting the add-in where Excel looks for it, and saying in a sentence each what stands in its way.

Excel is not started, no setting of it is changed, and no administrator is needed: a file in the user's own startup
folder is enough. xlwings is not imported, so that its absence can be told.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from os import environ
from pathlib import Path
from tempfile import NamedTemporaryFile

from hrdd import __version__
from hrdd.errors import HrddError, why_not
from hrdd_addin.addin_file import FILE_NAME, NotOurs, Settings, addin_file, read_settings

SCRIPT_NAME = "hrdd.applescript"
AGAIN = "run: hrdd addin install"
_STORE = "Microsoft.Office.Desktop_8wekyb3d8bbwe"


class CannotInstall(HrddError):
    """A computer or a state of it on which the add-in cannot be put in place."""


@dataclass(frozen=True)
class Place:
    """A user's computer as far as the add-in is concerned: its system, its folders, and the Python that runs."""

    system: str
    home: Path
    interpreter: Path
    roaming: Path
    local: Path

    @classmethod
    def here(cls) -> Place:
        """The computer that runs this. Raises CannotInstall where Excel does not exist for it."""
        if sys.platform not in ("win32", "darwin"):
            raise CannotInstall("Excel runs on Windows and macOS; here, score files with: hrdd score FILE")
        home = Path.home()
        roaming = Path(environ.get("APPDATA", home / "AppData" / "Roaming"))
        local = Path(environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return cls(sys.platform, home, Path(sys.executable), roaming, local)

    @property
    def on_windows(self) -> bool:
        """Whether this is Windows; else it is macOS."""
        return self.system == "win32"

    @property
    def addin(self) -> Path:
        """The add-in file in Excel's startup folder."""
        if self.on_windows:
            return self.roaming / "Microsoft" / "Excel" / "XLSTART" / FILE_NAME
        office = self.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return office / "User Content.localized" / "Startup.localized" / "Excel" / FILE_NAME

    @property
    def script(self) -> Path | None:
        """The AppleScript that starts Python; Windows needs none."""
        folder = self.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
        return None if self.on_windows else folder / SCRIPT_NAME

    @property
    def started(self) -> Path:
        """The Python that the add-in is to start: on Windows the one without a black window."""
        silent = self.interpreter.with_name("pythonw.exe")
        return silent if self.on_windows and silent.exists() else self.interpreter


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it is in order, and a sentence."""

    is_fine: bool
    said: str


def install(place: Place) -> list[str]:
    """Write the add-in, and on a Mac its script; sentences on what was written. Raises CannotInstall."""
    if any(sign in str(place.started) for sign in '"%\n'):
        raise CannotInstall(f'The path of Python, {place.started}, has a ", a % or a line break; install it elsewhere.')
    settings = Settings(str(place.started), __version__, require_xlwings())
    _write(place.addin, addin_file(settings))
    if place.script is not None:
        _write(place.script, _script().encode())
    return [f"Wrote {place.addin}", "Start Excel anew: the tab hrdd stands in its ribbon."]


def remove(place: Place) -> list[str]:
    """Take the add-in away; sentences on what was removed."""
    said = []
    for path in filter(None, (place.addin, place.script)):
        if path.exists():
            _reach(path, path.unlink)
            said.append(f"Removed {path}")
    return said or ["The add-in was not installed."]


def status(place: Place) -> list[str]:
    """Where the add-in is and which Python it starts. Raises NotOurs where its place is taken by another file."""
    if not place.addin.exists():
        return [f"The add-in is not installed; {AGAIN}"]
    told = read_settings(place.addin)
    return [
        f"Add-in: {place.addin}",
        f"Built for hrdd {told.hrdd} and xlwings {told.xlwings}",
        f"Starts {told.interpreter}",
    ]


def doctor(place: Place) -> list[Check]:
    """Everything that could stand between the button and its answer, one sentence each."""
    checks = [_library_is_there()]
    try:
        checks += _addin_checks(place)
    except NotOurs as error:
        checks.append(Check(is_fine=False, said=str(error)))
    return [*checks, *(_windows_checks(place) if place.on_windows else _mac_checks(place))]


def _library_is_there() -> Check:
    try:
        return Check(is_fine=True, said=f"xlwings {require_xlwings()} is installed.")
    except CannotInstall as error:
        return Check(is_fine=False, said=str(error))


def _addin_checks(place: Place) -> Iterator[Check]:
    if not place.addin.exists():
        yield Check(is_fine=False, said=f"There is no add-in at {place.addin}; {AGAIN}")
        return
    told = read_settings(place.addin)
    yield Check(is_fine=True, said=f"The add-in is at {place.addin}.")
    yield _versions(told)
    yield _interpreter(told, place)
    yield _not_blocked(place)


def _versions(told: Settings) -> Check:
    try:
        here = (__version__, require_xlwings())
    except CannotInstall:
        here = (__version__, "none")
    if (told.hrdd, told.xlwings) == here:
        return Check(is_fine=True, said=f"It was built for hrdd {here[0]} and xlwings {here[1]}, which are installed.")
    return Check(
        is_fine=False,
        said=f"The add-in was built for hrdd {told.hrdd} and xlwings {told.xlwings}; installed are {here[0]} and "
        f"{here[1]}; {AGAIN}",
    )


def _interpreter(told: Settings, place: Place) -> Check:
    if not Path(told.interpreter).exists():
        return Check(is_fine=False, said=f"The add-in starts {told.interpreter}, which is not there any more; {AGAIN}")
    if Path(told.interpreter) != place.started:
        return Check(
            is_fine=False,
            said=f"The add-in starts {told.interpreter}, and this is {place.started}; to change it, {AGAIN}",
        )
    return Check(is_fine=True, said=f"It starts {told.interpreter}.")


def _not_blocked(place: Place) -> Check:
    """Files from the internet carry a mark by which Windows and macOS keep their macros from running."""
    if not (_is_marked_on_windows(place.addin) if place.on_windows else _is_marked_on_mac(place.addin)):
        return Check(is_fine=True, said="It carries no mark of a file from the internet.")
    return Check(
        is_fine=False,
        said=f"The add-in carries the mark of a file from the internet, so its macros are blocked; "
        f"run: hrdd addin remove, then {AGAIN.removeprefix('run: ')}",
    )


def _is_marked_on_windows(path: Path) -> bool:
    return Path(f"{path}:Zone.Identifier").exists()


def _is_marked_on_mac(path: Path) -> bool:
    asked = subprocess.run(["xattr", "-p", "com.apple.quarantine", str(path)], check=False, capture_output=True)
    return asked.returncode == 0


def _windows_checks(place: Place) -> Iterator[Check]:
    if (place.local / "Packages" / _STORE).exists():
        yield Check(
            is_fine=False,
            said="Excel comes from the Microsoft Store, which keeps worksheet functions such as HRDD.RATING from "
            "starting; the buttons are not affected; the Office installer from office.com mends it.",
        )
    folders = (place.interpreter.parent, place.interpreter.parent.parent)
    try:
        library = f"xlwings64-{require_xlwings()}.dll"
    except CannotInstall:
        return
    if any((folder / library).exists() for folder in folders):
        yield Check(is_fine=True, said="The library for worksheet functions is beside Python.")
    else:
        yield Check(
            is_fine=False,
            said=f"{library} is not beside Python, so worksheet functions show HRDD?; "
            "run: pip install --force-reinstall xlwings",
        )


def _mac_checks(place: Place) -> Iterator[Check]:
    if place.script is None or not place.script.exists():
        yield Check(is_fine=False, said=f"The script that starts Python is not at {place.script}; {AGAIN}")
    elif place.script.read_text(encoding="utf-8") != _script():
        yield Check(is_fine=False, said=f"The script {place.script} is of another version; {AGAIN}")
    else:
        yield Check(is_fine=True, said=f"The script that starts Python is at {place.script}.")
    yield Check(
        is_fine=True,
        said="When a button does nothing: System Settings > Privacy & Security > Automation must allow Python to "
        "control Microsoft Excel.",
    )


def require_xlwings() -> str:
    """The version of xlwings that is installed. Raises CannotInstall where none is."""
    try:
        return version("xlwings")
    except PackageNotFoundError as error:
        raise CannotInstall('xlwings is missing; run: pip install "hrdd[excel]"') from error


def _script() -> str:
    return files("hrdd_addin").joinpath(SCRIPT_NAME).read_text(encoding="utf-8")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""

    def put() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as beside:
            beside.write(content)
        try:
            Path(beside.name).replace(path)
        except OSError:
            Path(beside.name).unlink()
            raise

    _reach(path, put)


def _reach(path: Path, do: Callable[[], object]) -> None:
    try:
        do()
    except PermissionError as error:
        raise CannotInstall(f"{path} is in use or may not be changed; close Excel and run this again.") from error
    except OSError as error:
        raise CannotInstall(f"{path} cannot be changed: {why_not(error)}; mend that and run this again.") from error
