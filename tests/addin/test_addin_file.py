"""The add-in file: built from text, the same each time, and read back by programs that did not write it."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba import ExcelFile, check_file
from pyvbaanalysis import analyze_loose_files, analyze_office_file

from hrdd_addin.actions import ACTIONS
from hrdd_addin.addin_file import Settings, addin_file, modules
from hrdd_addin.vba_project import compressed

RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
SETTINGS = Settings.here(r"C:\Users\Ann Lee\AppData\Local\hrdd\venv\Scripts\pythonw.exe")
SOFFICE = shutil.which("soffice")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The add-in file on disk."""
    path = tmp_path / "hrdd.xlam"
    path.write_bytes(addin_file(SETTINGS))
    return path


@pytest.fixture
def ribbon() -> ET.Element:
    """The ribbon as the built file carries it."""
    with zipfile.ZipFile(BytesIO(addin_file(SETTINGS))) as package:
        return ET.fromstring(package.read("customUI/customUI14.xml"))


def test_the_same_text_gives_the_same_bytes() -> None:
    """Two builds are one file, so that a file can be held against its source."""
    assert addin_file(SETTINGS) == addin_file(SETTINGS)


def test_an_independent_reader_finds_every_module_as_it_was_written(built: Path) -> None:
    """pyOpenVBA, which shares no code with the writer, reads names, kinds and source."""
    assert check_file(built).issues == ()
    with ExcelFile(built) as book:
        assert [reference.name for reference in book.references()] == ["stdole", "Office"]
        for module in modules(SETTINGS):
            said = book.get_module(module.name).replace("\r\n", "\n")
            assert said.rstrip().endswith(module.source.rstrip())


def test_the_project_is_open_and_has_no_password(built: Path) -> None:
    """IT can read every line of the add-in in Excel's own editor."""
    with zipfile.ZipFile(built) as package:
        project = package.read("xl/vbaProject.bin")
    for key, length in (("CMG", 22), ("DPB", 16), ("GC", 16)):
        assert re.search(rb'%s="[0-9A-F]{%d}"' % (key.encode(), length), project)


def test_the_macros_compile(built: Path) -> None:
    """Every name is declared and every call fits, as a compiler would see it, on Windows and on a Mac."""
    assert {name: found for name, found in analyze_office_file(built).items() if found} == {}


def test_the_compiler_would_see_a_slip(tmp_path: Path) -> None:
    """The check above is not blind: a misspelt call is found."""
    for module in modules(SETTINGS):
        text = module.text.decode().replace("HrddLaunch(HrddSetting", "HrddLanch(HrddSetting")
        (tmp_path / f"{module.name}.{'cls' if module.is_document else 'bas'}").write_text(text)
    found = analyze_loose_files([str(path) for path in sorted(tmp_path.iterdir())])
    assert any("HrddLanch" in problem.message for problems in found.values() for problem in problems)


def test_every_button_calls_a_public_sub_with_the_right_signature(ribbon: ET.Element) -> None:
    """Excel says nothing when a callback is missing or has other arguments; the button is dead."""
    source = next(module.source for module in modules(SETTINGS) if module.name == "HrddRibbon")
    signatures = dict(re.findall(r"^Public Sub (\w+)\((.*)\)$", source, re.MULTILINE))
    for element in ribbon.iter():
        for attribute, wanted in (
            ("onAction", r"\w+ As IRibbonControl"),
            ("getEnabled", r"\w+ As IRibbonControl, ByRef \w+"),
            ("onLoad", r"\w+ As IRibbonUI"),
        ):
            if attribute in element.attrib:
                assert re.fullmatch(wanted, signatures[element.attrib[attribute]])


def test_ids_images_and_key_tips_are_unique(ribbon: ET.Element) -> None:
    """Excel refuses a ribbon in which an id occurs twice; two buttons that look alike mislead."""
    for attribute in ("id", "imageMso", "keytip"):
        said = [element.attrib[attribute] for element in ribbon.iter() if attribute in element.attrib]
        assert len(said) == len(set(said))


def test_every_button_is_an_action_and_every_action_has_a_button(ribbon: ET.Element) -> None:
    """The action's name is the button's id, so neither can be missing."""
    buttons = {button.attrib["id"].removeprefix("hrdd_") for button in ribbon.iter(f"{RIBBON}button")}
    assert buttons == {*ACTIONS, "help"}
    assert all("screentip" in button.attrib for button in ribbon.iter(f"{RIBBON}button"))


def test_the_library_is_the_one_of_the_installed_xlwings() -> None:
    """The name of the library carries xlwings' version; another version would not be found."""
    source = next(module.source for module in modules(SETTINGS) if module.name == "HrddFunctions")
    named = set(re.findall(r"xlwings(?:32|64)-([\d.]+)\.dll", source))
    assert named == {version("xlwings")} == {SETTINGS.xlwings}


def test_the_settings_name_the_interpreter_and_the_versions(built: Path) -> None:
    """What the add-in starts stands on its own sheet, for IT to read and for `status` to check."""
    from hrdd_addin.addin_file import read_settings

    assert read_settings(built) == SETTINGS


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is NOT installed: that it opens the add-in was not checked")
def test_libreoffice_opens_the_add_in(built: Path, tmp_path: Path) -> None:
    """Another office program reads the file and its sheet (under .xlsm, since it does not know .xlam)."""
    copy = tmp_path / "hrdd.xlsm"
    with zipfile.ZipFile(built) as package, zipfile.ZipFile(copy, "w") as target:
        for name in package.namelist():
            data = package.read(name)
            target.writestr(name, data.replace(b"ms-excel.addin.macro", b"ms-excel.sheet.macro"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(copy)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert SETTINGS.interpreter in (tmp_path / "hrdd.csv").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("olevba") is None, reason="olevba is not installed: its reading was not compared")
def test_olevba_finds_every_module(built: Path) -> None:
    """The tool that security people use lists the same modules."""
    said = subprocess.run(["olevba", "-c", str(built)], check=False, capture_output=True, text=True).stdout
    assert all(f"{module.name}." in said for module in modules(SETTINGS))


@given(st.binary(max_size=9000) | st.text("abc\n", max_size=9000).map(str.encode))
def test_what_is_compressed_can_be_read_back(data: bytes) -> None:
    """The compression of VBA projects loses nothing, whatever the bytes and however they repeat."""
    from pyopenvba.vba import decompress

    assert decompress(compressed(data)) == data
