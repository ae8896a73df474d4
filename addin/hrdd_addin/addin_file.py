"""The add-in file hrdd.xlam, built from the text in this package: the same text gives the same bytes.

Excel's own files hold a compiled copy of the macros too; this one holds the source alone, which Excel compiles
when it opens the file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hrdd import __version__
from hrdd.errors import HrddError
from hrdd_addin.vba_project import Module, vba_project

FILE_NAME = "hrdd.xlam"
SETTINGS_SHEET = "hrdd"
#: Worksheet functions: the name behind "HRDD.", and what it is told.
FUNCTIONS: Mapping[str, bool] = {"RATING": True, "WHY": True, "SCREEN": False}

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class NotOurs(HrddError):
    """A file in the add-in's place that is another's, or damaged."""


@dataclass(frozen=True)
class Settings:
    """What the add-in is told on its own sheet: which Python it starts, and what it was built with."""

    interpreter: str
    hrdd: str = __version__
    xlwings: str = ""

    @classmethod
    def here(cls, interpreter: str) -> Settings:
        """Settings for what is installed beside this interpreter."""
        return cls(interpreter, xlwings=version("xlwings"))


def addin_file(settings: Settings) -> bytes:
    """The content of hrdd.xlam."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
        ),
        "customUI/customUI14.xml": _text("ribbon", "customUI14.xml"),
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _relations(
            (f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
            (f"{_OFFICE}/styles", "styles.xml"),
            (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/styles.xml": _styles(),
        "xl/vbaProject.bin": vba_project("HrddAddin", modules(settings)),
        "xl/worksheets/sheet1.xml": _sheet(settings),
    }
    return _zipped(parts)


def read_settings(path: Path) -> Settings:
    """What an add-in file on disk says of itself. Raises NotOurs where it is another file."""
    try:
        with zipfile.ZipFile(path) as package:
            sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314  # no entities
        texts = [element.text or "" for element in sheet.iter(f"{{{_MAIN}}}t")]
        return Settings(**dict(zip(texts[::2], texts[1::2], strict=True)))
    except (OSError, zipfile.BadZipFile, KeyError, ET.ParseError, TypeError, ValueError) as error:
        raise NotOurs(f"{path} is not an add-in that hrdd wrote; remove it and run: hrdd addin install") from error


def modules(settings: Settings) -> list[Module]:
    """The modules of the add-in, as Excel will read them."""
    functions = _text("vba", "HrddFunctions.bas").replace("{xlwings}", settings.xlwings)
    return [
        Module("ThisWorkbook", _text("vba", "ThisWorkbook.cls"), "workbook"),
        Module("HrddSettings", "Option Explicit\n", "sheet"),
        Module("HrddRibbon", _text("vba", "HrddRibbon.bas")),
        Module("HrddPython", _text("vba", "HrddPython.bas")),
        Module("HrddFunctions", functions),
        Module("HRDD", worksheet_functions()),
        Module("HrddWords", _help()),
    ]


def worksheet_functions() -> str:
    """The module HRDD: a module of this name lets a cell say =HRDD.RATING(A5:Z5)."""
    made = ["Option Explicit"]
    for name, of_rows in FUNCTIONS.items():
        made += ["", *(_of_rows(name) if of_rows else _of_text(name)), "End Function"]
    return "\n".join(made) + "\n"


def _help() -> str:
    """The words behind the button Help, in the add-in itself: they are wanted most where no Python starts."""
    lines = [line.replace('"', '""') for line in _text("help.txt").splitlines()]
    said = [f'    HrddHelp = HrddHelp & "{line}" & vbLf' for line in lines]
    return "\n".join(["Option Explicit", "", "Public Function HrddHelp() As String", *said, "End Function", ""])


def _of_rows(name: str) -> list[str]:
    return [
        f"Public Function {name}(row As Range, Optional headers As Range) As Variant",
        "    If headers Is Nothing Then Set headers = HrddAbove(row)",
        f'    {name} = HrddAsk("{name.lower()}", row, headers)',
    ]


def _of_text(name: str) -> list[str]:
    return [f"Public Function {name}(text As Variant) As Variant", f'    {name} = HrddAsk("{name.lower()}", text)']


def _text(*place: str) -> str:
    return files("hrdd_addin").joinpath(*place).read_text(encoding="utf-8")


def _content_types() -> str:
    types = {
        "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "xl/styles.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
        "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
        "xl/worksheets/sheet1.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
    }
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _workbook() -> str:
    return (
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
        f'<bookViews><workbookView visibility="hidden"/></bookViews><sheets><sheet name="{SETTINGS_SHEET}" '
        'sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _styles() -> str:
    return (
        f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
        '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
        'patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
        '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _sheet(settings: Settings) -> str:
    rows = "".join(
        f'<row r="{number}">{_cell(f"A{number}", name)}{_cell(f"B{number}", value)}</row>'
        for number, (name, value) in enumerate(vars(settings).items(), start=1)
    )
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetPr codeName="HrddSettings"/><sheetData>{rows}</sheetData>'
        "</worksheet>"
    )


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 0, 0
            package.writestr(member, content)
    return made.getvalue()
