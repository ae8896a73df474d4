"""Sheets that are ours as a whole, spelled out from plain rows; each write replaces the whole part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from hrdd_workbook.cells import Content, inline_text, number_text, plain
from hrdd_workbook.refs import Area, letters
from hrdd_workbook.results import ExtraSheet, Formula, Kind, Link, Shown

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KINDS: dict[str, tuple[Kind, str]] = {
    "text": ("text", "wrapped"),
    "number": ("number", "number"),
    "bool": ("bool", "bool"),
    "date": ("date", "date"),
}


_PRINT = (
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
)


def sheet_xml(
    extra: ExtraSheet, formats: Mapping[str, int], colours: Mapping[str, Mapping[str, int]], main: str
) -> bytes:
    """The worksheet part of an extra sheet.

    `formats` has the cell format of each look, `colours` the differential format of each word by family, and
    `main` is the namespace of the workbook.
    """
    area = Area(1, 1, max(len(extra.rows), 1), max([1, *map(len, extra.rows)]))
    pieces = [
        f'{_DECLARED}<worksheet xmlns="{main}">',
        _properties(extra),
        f'<dimension ref="{area}"/>',
        _views(extra),
        _columns(extra),
        f"<sheetData>{''.join(_rows(extra, formats))}</sheetData>",
        _filter(extra, area),
        "".join(_conditional(extra, colours, area.bottom)),
        _links(extra),
        _PRINT,
        "</worksheet>",
    ]
    return "".join(pieces).encode()


def has_formula(extra: ExtraSheet) -> bool:
    """Whether any cell of the sheet is to be computed."""
    return any(isinstance(value, Formula) for row in extra.rows for value in row)


def _properties(extra: ExtraSheet) -> str:
    tab = f'<tabColor rgb="FF{extra.tab}"/>' if extra.tab else ""
    return f'<sheetPr>{tab}<pageSetUpPr fitToPage="1"/></sheetPr>'


def _views(extra: ExtraSheet) -> str:
    at, beside = extra.header_row, extra.frozen
    first = f'topLeftCell="{letters(beside + 1)}{at + 1}"'
    split = f'xSplit="{beside}" ySplit="{at}" {first} activePane="bottomRight"'
    pane = split if beside else f'ySplit="{at}" {first} activePane="bottomLeft"'
    frozen = f'<pane {pane} state="frozen"/>'
    return f'<sheetViews><sheetView showGridLines="0" workbookViewId="0">{frozen}</sheetView></sheetViews>'


def _columns(extra: ExtraSheet) -> str:
    cols = "".join(
        f'<col min="{at}" max="{at}" width="{width:g}" customWidth="1"/>' for at, width in enumerate(extra.widths, 1)
    )
    return f"<cols>{cols}</cols>" if cols else ""


def _rows(extra: ExtraSheet, formats: Mapping[str, int]) -> Iterator[str]:
    contents = {name: Content(kind, "", _lead(formats[look])) for name, (kind, look) in _KINDS.items()}
    named = {look: Content("text", "", _lead(formats[look])) for look in formats}
    known: dict[Any, str] = {}
    for number, row in enumerate(extra.rows, 1):
        look = "header" if number == extra.header_row else "title" if number < extra.header_row else None
        yield f'<row r="{number}"{_height(extra, number)}>'
        for column, value in enumerate(plain(row), 1):
            if value is None:
                continue
            if type(value) is Shown:
                if value not in known:
                    known[value] = _shown(value, formats, named).decode()
                yield f'<c r="{letters(column)}{number}{known[value]}'
            else:
                titled = look is not None and isinstance(value, str)
                content = named[look][value] if titled else _content(value, formats, contents)  # type: ignore[index]
                yield f'<c r="{letters(column)}{number}' + content.decode()
        yield "</row>"


def _height(extra: ExtraSheet, number: int) -> str:
    """A height is fixed down to the header; below, it is a first guess that programs fit anew."""
    if number not in extra.heights:
        return ""
    fixed = ' customHeight="1"' if number <= extra.header_row else ""
    return f' ht="{extra.heights[number]:g}"{fixed}'


def _shown(shown: Shown, formats: Mapping[str, int], named: Mapping[str, Content]) -> bytes:
    if isinstance(shown.value, str) or shown.value is None:
        return named[shown.look][shown.value]
    return _lead(formats[shown.look]) + f"><v>{number_text(shown.value)}</v></c>".encode()


def _lead(style: int) -> bytes:
    return b'" s="%d"' % style


def _content(value: Any, formats: Mapping[str, int], contents: Mapping[str, Content]) -> bytes:
    if isinstance(value, Link):
        return _lead(formats[value.look]) + inline_text(value.text)
    if isinstance(value, Formula):
        return _lead(formats[value.look]) + _formula(value)
    return contents[_kind(value)][value]


def _formula(formula: Formula) -> bytes:
    text = f"<f>{escape(formula.text, quote=False)}</f>"
    if isinstance(formula.value, str):
        return f' t="str">{text}<v>{escape(formula.value, quote=False)}</v></c>'.encode()
    stored = "" if formula.value is None else f"<v>{number_text(formula.value)}</v>"
    return f">{text}{stored}</c>".encode()


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "date" if isinstance(value, dt.date) else "text"


def _filter(extra: ExtraSheet, area: Area) -> str:
    width = len(extra.rows[extra.header_row - 1])
    where = Area(extra.header_row, 1, max(area.bottom, extra.header_row), width)
    return f'<autoFilter ref="{where}"/>' if extra.filtered else ""


def _conditional(extra: ExtraSheet, colours: Mapping[str, Mapping[str, int]], bottom: int) -> Iterator[str]:
    priority = 0
    for column, family in sorted(extra.families.items()):
        where = Area(extra.header_row + 1, column, max(bottom, extra.header_row + 1), column)
        yield f'<conditionalFormatting sqref="{where}">'
        for word, dxf in colours[family].items():
            priority += 1
            yield f'<cfRule type="cellIs" dxfId="{dxf}" priority="{priority}" operator="equal">'
            yield f"<formula>{escape(chr(34) + word + chr(34), quote=False)}</formula></cfRule>"
        yield "</conditionalFormatting>"


def _links(extra: ExtraSheet) -> str:
    found = [
        f'<hyperlink ref="{letters(column)}{row}" location="{escape(value.place)}" display="{escape(value.text)}"/>'
        for row, cells in enumerate(extra.rows, 1)
        for column, value in enumerate(cells, 1)
        if isinstance(value, Link)
    ]
    return f"<hyperlinks>{''.join(found)}</hyperlinks>" if found else ""
