"""Installing into fake homes of Windows and macOS: one clear sentence for each thing that stands in the way."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from click.testing import CliRunner
from openpyxl import load_workbook

from hrdd_addin import install as installing
from hrdd_addin.addin_file import NotOurs, Settings, addin_file, read_settings
from hrdd_addin.install import CannotInstall, Place, doctor, install, remove, status
from hrdd_cli.main import cli

Make = Callable[..., Path]


@pytest.fixture
def windows(tmp_path: Path) -> Place:
    """A Windows home with Python in a virtual environment, and a space in the user's name."""
    home = tmp_path / "Ann Lee"
    scripts = home / "hrdd" / "Scripts"
    scripts.mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe"):
        (scripts / name).write_bytes(b"")
    (scripts.parent / f"xlwings64-{importlib.metadata.version('xlwings')}.dll").write_bytes(b"")
    data = home / "AppData"
    return Place("win32", home, scripts / "python.exe", data / "Roaming", data / "Local")


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A Mac home; `xattr` is a script that knows no quarantine."""
    home = tmp_path / "ann"
    python = home / "hrdd" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.write_bytes(b"")
    _xattr(tmp_path, monkeypatch, code=1)
    return Place("darwin", home, python, home, home)


def _xattr(folder: Path, monkeypatch: pytest.MonkeyPatch, *, code: int) -> None:
    (folder / "bin").mkdir(exist_ok=True)
    script = folder / "bin" / "xattr"
    script.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")


@pytest.fixture(params=["windows", "mac"])
def place(request: pytest.FixtureRequest) -> Place:
    """Either home."""
    found: Place = request.getfixturevalue(request.param)
    return found


def to_mend(place: Place) -> list[str]:
    """What the doctor finds."""
    return [check.said for check in doctor(place) if not check.is_fine]


def test_the_addin_is_where_excel_looks(windows: Place, mac: Place) -> None:
    """Excel's own startup folders, of this user alone."""
    assert windows.addin.parts[-5:] == ("Roaming", "Microsoft", "Excel", "XLSTART", "hrdd.xlam")
    assert "UBF8T346G9.Office" in mac.addin.parts
    assert mac.script is not None
    assert mac.script.parts[-3:] == ("Application Scripts", "com.microsoft.Excel", "hrdd.applescript")


def test_after_installing_the_doctor_finds_nothing(place: Place) -> None:
    """And status names the Python that is started."""
    install(place)
    assert to_mend(place) == []
    assert status(place)[2] == f"Starts {place.started}"


def test_on_windows_no_black_window_opens(windows: Place) -> None:
    """The add-in starts pythonw.exe where there is one."""
    install(windows)
    assert read_settings(windows.addin).interpreter.endswith("pythonw.exe")


def test_installing_twice_changes_nothing(place: Place) -> None:
    """The same bytes."""
    install(place)
    before = place.addin.read_bytes()
    install(place)
    assert place.addin.read_bytes() == before
    assert [path.name for path in place.addin.parent.iterdir()] == ["hrdd.xlam"]


def test_removing_leaves_nothing(place: Place) -> None:
    """And a second time it says so."""
    install(place)
    remove(place)
    assert not place.addin.exists()
    assert place.script is None or not place.script.exists()
    assert remove(place) == ["The add-in was not installed."]


def test_not_installed_is_one_sentence(place: Place) -> None:
    """With what to run."""
    assert status(place) == ["The add-in is not installed; run: hrdd addin install"]
    assert f"There is no add-in at {place.addin}; run: hrdd addin install" in to_mend(place)


def test_another_version_is_one_sentence(place: Place) -> None:
    """Built before an update of hrdd or xlwings."""
    install(place)
    place.addin.write_bytes(addin_file(Settings(str(place.started), "0.0.1", "0.30.0")))
    (said,) = to_mend(place)
    assert said.startswith("The add-in was built for hrdd 0.0.1 and xlwings 0.30.0; installed are ")
    assert said.endswith("run: hrdd addin install")


def test_a_python_that_is_gone_is_one_sentence(place: Place) -> None:
    """A deleted or moved environment."""
    install(place)
    place.started.unlink()
    assert any("is not there any more; run: hrdd addin install" in said for said in to_mend(place))


def test_another_python_is_one_sentence(place: Place, tmp_path: Path) -> None:
    """Two environments, and the add-in starts the other."""
    other = tmp_path / "python"
    other.write_bytes(b"")
    install(Place(place.system, place.home, other, place.roaming, place.local))
    assert any(f"The add-in starts {other}, and this is {place.started}" in said for said in to_mend(place))


def test_a_blocked_file_is_one_sentence(windows: Place, mac: Place, tmp_path: Path, monkeypatch: Any) -> None:
    """The mark of the web on Windows (a stream beside the file), quarantine on a Mac."""
    for home in (windows, mac):
        install(home)
    Path(f"{windows.addin}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", encoding="utf-8")
    _xattr(tmp_path, monkeypatch, code=0)
    for home in (windows, mac):
        (said,) = to_mend(home)
        assert "mark of a file from the internet, so its macros are blocked" in said


def test_excel_from_the_store_is_one_sentence(windows: Place) -> None:
    """It cannot start the server of worksheet functions."""
    install(windows)
    (windows.local / "Packages" / "Microsoft.Office.Desktop_8wekyb3d8bbwe").mkdir(parents=True)
    (said,) = to_mend(windows)
    assert "Microsoft Store" in said


def test_a_missing_library_is_one_sentence(windows: Place) -> None:
    """Worksheet functions need the one of the installed xlwings."""
    install(windows)
    next(windows.interpreter.parents[1].glob("*.dll")).unlink()
    (said,) = to_mend(windows)
    assert "worksheet functions show HRDD?" in said


def test_a_missing_or_old_script_is_one_sentence(mac: Place) -> None:
    """Without it no button can start Python."""
    install(mac)
    assert mac.script is not None
    mac.script.write_text("-- of last year", encoding="utf-8")
    assert any("is of another version" in said for said in to_mend(mac))
    mac.script.unlink()
    assert any("The script that starts Python is not at" in said for said in to_mend(mac))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_another_file_in_the_place_is_one_sentence(place: Place, content: bytes) -> None:
    """A file of the same name that hrdd did not write; installing replaces it."""
    place.addin.parent.mkdir(parents=True)
    place.addin.write_bytes(content)
    with pytest.raises(NotOurs, match="is not an add-in that hrdd wrote"):
        status(place)
    assert any("is not an add-in that hrdd wrote" in said for said in to_mend(place))
    install(place)
    assert not any("is not an add-in" in said for said in to_mend(place))


def test_a_missing_xlwings_is_one_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(installing, "version", missing)
    with pytest.raises(CannotInstall, match=r'pip install "hrdd\[excel\]"'):
        install(place)
    assert any("xlwings is missing" in said for said in to_mend(place))


def test_a_file_in_use_is_one_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel holds the add-in open while it runs (Windows)."""
    install(place)

    def held(self: Path, target: Path) -> None:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "replace", held)
    before = sorted(path.name for path in place.addin.parent.iterdir())
    with pytest.raises(CannotInstall, match="close Excel and run this again"):
        install(place)
    assert sorted(path.name for path in place.addin.parent.iterdir()) == before


@pytest.mark.parametrize("name", ["100%PATH%", 'py"thon', "a\nb"])
def test_a_path_that_a_shell_would_misread_is_refused(place: Place, tmp_path: Path, name: str) -> None:
    """Windows expands %NAME% in what it starts."""
    other = Place(place.system, place.home, tmp_path / name / "python", place.roaming, place.local)
    with pytest.raises(CannotInstall, match="install it elsewhere"):
        install(other)


def test_the_commands_say_the_same(windows: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hrdd addin install`, `status`, `doctor`, `remove`, with exit codes for scripts."""
    monkeypatch.setattr(Place, "here", classmethod(lambda _cls: windows))

    def run(word: str) -> Any:
        return CliRunner().invoke(cli, ["addin", word], prog_name="hrdd")

    assert run("doctor").exit_code == 3
    assert f"Wrote {windows.addin}" in run("install").output
    assert "Starts" in run("status").output
    assert run("doctor").exit_code == 0
    assert "TO MEND" not in run("doctor").output
    assert f"Removed {windows.addin}" in run("remove").output


@pytest.mark.parametrize("behaves", [True, False])
def test_the_doctor_tries_an_excel_of_its_own(
    windows: Place, excel: Any, make: Make, home: Path, monkeypatch: pytest.MonkeyPatch, *, behaves: bool
) -> None:
    """The test's workbook is saved with its sheet of results, its Excel is closed, and the user's is not touched."""
    from hrdd_addin import writing

    monkeypatch.setattr(Place, "here", classmethod(lambda _cls: windows))
    excel.open(make())
    install(windows)
    if not behaves:
        monkeypatch.setitem(writing.FORMATS, "text", "General")
        monkeypatch.setattr(writing._Writing, "_compare", lambda *_: None)
    done = CliRunner().invoke(cli, ["addin", "doctor", "--excel", "--date", "2026-11-24"], prog_name="hrdd")
    assert done.exit_code == (0 if behaves else 3), done.output
    assert ("6 of 6 checks came out as expected" in done.output) == behaves
    assert ("TO MEND   Text that looks like a number" in done.output) != behaves
    saved = load_workbook(home / "hrdd self-test.xlsx")
    labels = [row[0].value for row in saved["hrdd self-test"].iter_rows(min_row=2, max_row=7)]
    assert (labels == ['="as expected"'] * 6) == behaves
    assert len(xw.apps) == 1
    assert excel.log.effects == []


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="Excel exists here")
@pytest.mark.parametrize("words", [["addin", "install"], ["addin", "doctor"], ["attach"]])
def test_where_there_is_no_excel_it_is_one_sentence(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux has none; the sentence names the way that works."""
    import xlwings as xw

    monkeypatch.setattr(xw.engines, "active", None)
    done = CliRunner().invoke(cli, words, prog_name="hrdd")
    assert done.exit_code == 4
    assert done.output.count("\n") == 1


def test_the_places_of_this_computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As Windows and macOS tell them."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path / "R"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "L"))
    assert Place.here().addin == tmp_path / "R" / "Microsoft" / "Excel" / "XLSTART" / "hrdd.xlam"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert Place.here().addin.is_relative_to(Path.home() / "Library")


def test_attach_scores_the_open_workbook(excel: Any, make: Make) -> None:
    """From a terminal, with the summary there; --undo takes it back."""
    excel.open(make())
    done = CliRunner().invoke(cli, ["attach", "--book", "orders.xlsx", "--date", "2026-11-24"])
    assert done.exit_code == 0
    assert done.output.startswith("5 rows of sheet Orders scored.")
    assert "Show the cells" not in done.output
    excel.books[0].selection = "$A$3"
    assert "1 row of sheet" in CliRunner().invoke(cli, ["attach", "--selection"]).output
    assert "before the last scoring" in CliRunner().invoke(cli, ["attach", "--undo"]).output
    assert CliRunner().invoke(cli, ["attach", "--undo", "--selection"]).exit_code == 2


def test_attach_says_what_is_not_open(excel: Any, make: Make) -> None:
    """One sentence and exit code 4."""
    excel.open(make())
    done = CliRunner().invoke(cli, ["attach", "--book", "gone.xlsx"])
    assert done.exit_code == 4
    assert "gone.xlsx is not open for editing" in done.output


def test_looking_after_the_addin_needs_no_xlwings() -> None:
    """The commands load no xlwings and no pandas, so that its absence can be told."""
    code = "import hrdd_addin.install, hrdd_cli.addin, hrdd_cli.attach, sys; "
    code += "print('xlwings' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
