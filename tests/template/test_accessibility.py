"""Everybody can read a workbook: contrast, no word said by colour alone, texts for charts, a sane order of reading."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from hrdd_workbook import layout, palette
from hrdd_workbook.sheets.charts import RATING_ORDER

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
COLOUR = "{http://schemas.openxmlformats.org/drawingml/2006/main}srgbClr"
STYLES = {
    **{f"tint {family} {tint.word}": tint.style for family, tints in palette.TINTS.items() for tint in tints},
    **{f"band {tone}": style for tone, style in palette.BAND_STYLES.items()},
    **{f"header {tone}": style for tone, style in palette.HEADER_STYLES.items()},
    **{name: style for name, style in vars(palette).items() if isinstance(style, palette.Style)},
}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: palette.Style) -> float:
    """The contrast ratio of ink on paper as WCAG 2 defines it."""
    bright, dark = sorted((luminance(style.ink), luminance(style.fill or "FFFFFF")), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def parts(few: Path) -> dict[str, ET.Element]:
    """The parts of a scored workbook."""
    with zipfile.ZipFile(few) as package:
        names = [name for name in package.namelist() if "sheets/sheet2" not in name]
        return {name: ET.fromstring(package.read(name)) for name in names}


@pytest.fixture(scope="module")
def sheets(few: Path) -> Iterator[list[Worksheet]]:
    """The visible sheets of a scored workbook."""
    book = openpyxl.load_workbook(few)
    yield [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    book.close()


@pytest.mark.parametrize("name", STYLES)
def test_every_style_can_be_read(name: str) -> None:
    """Ink on paper keeps the contrast that people with weak sight need."""
    assert contrast(STYLES[name]) >= 4.5


@pytest.mark.parametrize("tints", [palette.RATING_TINTS[:4], palette.DISPOSITION_TINTS])
def test_gravity_grows_darker(tints: tuple[palette.Tint, ...]) -> None:
    """In grey print, and for eyes that see no red, a graver word still stands on darker paper."""
    papers = [luminance(tint.style.fill or "FFFFFF") for tint in tints]
    assert papers == sorted(papers, reverse=True)
    assert all(a - b > 0.05 for a, b in pairwise(papers))


def test_the_bars_of_a_chart_differ_in_lightness() -> None:
    """Neighbours in a stacked bar can be told apart without colour, and each is edged in ink."""
    papers = [luminance(palette.CHART_FILLS[word]) for word in RATING_ORDER]
    assert all(abs(a - b) > 0.05 for a, b in pairwise(papers))


def rgb(element: ET.Element | None, path: str, otherwise: str) -> str:
    """The colour at a place, as RRGGBB."""
    found = None if element is None else element.find(path.replace("*", MAIN))
    return otherwise if found is None else found.get("rgb", f"FF{otherwise}")[2:]


def test_every_cell_format_of_the_file_can_be_read(parts: dict[str, ET.Element]) -> None:
    """Each font on each fill, of cells and of conditional formats, as they stand in a scored workbook."""
    root = parts["xl/styles.xml"]
    fonts, fills = root.find(f"{MAIN}fonts"), root.find(f"{MAIN}fills")
    formats, overlays = root.find(f"{MAIN}cellXfs"), root.find(f"{MAIN}dxfs")
    assert None not in (fonts, fills, formats, overlays)
    pairs = {
        (
            rgb(fonts[int(xf.get("fontId", "0"))], "*color", "000000"),
            rgb(fills[int(xf.get("fillId", "0"))], "*patternFill/*fgColor", "FFFFFF"),
        )
        for xf in formats
    }
    pairs |= {
        (rgb(dxf, "*font/*color", palette.BODY.ink), rgb(dxf, "*fill/*patternFill/*bgColor", "FFFFFF"))
        for dxf in overlays
    }
    assert len(pairs) > 15
    assert [pair for pair in pairs if contrast(palette.Style(*pair)) < 4.5] == []


def test_the_words_of_charts_can_be_read(parts: dict[str, ET.Element]) -> None:
    """Labels and legends stand in an ink that is read on white."""
    inks = {
        colour.get("val", "")
        for name, root in parts.items()
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name)
        for words in root.iter(f"{CHART}txPr")
        for colour in words.iter(COLOUR)
    }
    assert inks == {palette.QUIET.ink}


def test_no_colour_says_what_nothing_else_says(sheets: list[Worksheet]) -> None:
    """A rule that colours a cell looks for a word in it, or also changes its letters or its frame."""
    (sheet,) = [sheet for sheet in sheets if sheet.title == layout.TRANSACTIONS_SHEET]
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    others = [rule for rule in rules if rule.type != "cellIs"]
    assert len(others) == 3 + sum(field.required for field in layout.FIELDS) - 1
    for rule in others:
        look = rule.dxf
        assert look.font.b or look.font.i or look.border is not None, rule.formula


def test_cells_of_the_heat_map_name_their_class(sheets: list[Worksheet]) -> None:
    """Its colours repeat the word that each number carries."""
    (sheet,) = [sheet for sheet in sheets if sheet.title == layout.DASHBOARD_SHEET]
    formats = {cell.number_format for row in sheet.iter_rows() for cell in row if "[=0]" in cell.number_format}
    assert formats == {f'[=0]"{word.lower()}";#,##0" {word}"' for word in ("LOW", "MEDIUM", "HIGH", "CRITICAL")}


def test_every_chart_says_what_it_shows(parts: dict[str, ET.Element]) -> None:
    """Each has a text for screen readers that names its subject, and none is the same as another."""
    charts = [name for name in parts if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    told = [frame.get("descr", "") for frame in parts["xl/drawings/drawing1.xml"].iter(f"{DRAWING}cNvPr")]
    assert len(told) == len(charts) == len(set(told)) == 3
    assert all(len(text) > 40 for text in told)


def test_sheets_are_read_from_top_to_bottom(sheets: list[Worksheet], parts: dict[str, ET.Element]) -> None:
    """A title comes first, charts come in the order of their tables, and no merged cell spans rows."""
    for sheet in sheets:
        first = next(cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None)
        assert isinstance(first, str)
        assert not first.startswith("=")
        assert all(area.min_row == area.max_row for area in sheet.merged_cells.ranges), sheet.title
    tops = [int(row.text or "") for row in parts["xl/drawings/drawing1.xml"].iterfind(f".//{DRAWING}from/{DRAWING}row")]
    assert tops == sorted(tops)
    assert not next(sheet for sheet in sheets if sheet.title == layout.TRANSACTIONS_SHEET).merged_cells.ranges
