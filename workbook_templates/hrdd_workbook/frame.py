"""Edits before and after the rows: dimension, widths and outline, conditional formats. All are splices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hrdd_workbook.place import Placed
from hrdd_workbook.refs import LAST_ROW, Area, letters
from hrdd_workbook.sheet import Element, Head, attributes, dimension, start_tag
from hrdd_workbook.survey import Survey

_BEFORE_FORMATS = (
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
)
_BEFORE_COLS = ("sheetPr", "dimension", "sheetViews", "sheetFormatPr")
_COL = re.compile(rb"<[\w.-]*:?col(?=[\s/])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")


@dataclass(frozen=True)
class _Splice:
    start: int
    end: int
    data: bytes


def _apply(data: bytes, splices: Sequence[_Splice]) -> bytes:
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end), reverse=True):
        data = data[: splice.start] + splice.data + data[splice.end :]
    return data


def edit_head(head: Head, placed: Sequence[Placed], rows: Area) -> bytes:
    """The bytes before the rows, with the dimension grown and the widths of new columns set."""
    fresh = [item for item in placed if item.state == "new"]
    splices = [*_dimension(head, rows), *_columns(head, fresh), *_outline(head, fresh)]
    return _apply(head.data, splices)


def _dimension(head: Head, rows: Area) -> list[_Splice]:
    told = dimension(head)
    if told is None:
        return []
    old, start, end = told
    new = Area(
        min(old.top, rows.top),
        min(old.left, rows.left),
        max(old.bottom, rows.bottom),
        max(old.right, rows.right),
    )
    return [] if new == old else [_Splice(start, end, str(new).encode())]


def _columns(head: Head, fresh: Sequence[Placed]) -> list[_Splice]:
    wanted = {item.column: _settings(item) for item in fresh}
    wanted = {column: settings for column, settings in wanted.items() if settings}
    if not wanted:
        return []
    element, p = head.element("cols"), head.prefix
    spans = _spans(head.data[element.start : element.end]) if element else []
    made = "".join(_col(p, *span) for span in _overlaid(spans, wanted))
    data = f"<{p}cols>{made}</{p}cols>".encode()
    if element:
        return [_Splice(element.start, element.end, data)]
    place = _after(head.data, head.elements, _BEFORE_COLS, len(start_tag(head)))
    return [_Splice(place, place, data)]


def _settings(item: Placed) -> dict[str, str]:
    settings: dict[str, str] = {}
    if item.result.width:
        settings |= {"width": f"{item.result.width:g}", "customWidth": "1"}
    if item.result.group:
        settings["outlineLevel"] = str(min(item.result.group, 7))
    if item.result.group and item.result.collapsed:
        settings |= {"hidden": "1"}
    if settings and "width" not in settings:
        settings["width"] = "9.140625"
    return settings


def _spans(text: bytes) -> list[tuple[int, int, dict[str, str]]]:
    spans = []
    for tag in _COL.findall(text):
        told = attributes(tag)
        first, last = int(told.pop("min", "1")), int(told.pop("max", "1"))
        spans.append((first, last, told))
    return sorted(spans, key=lambda span: span[:2])


def column_styles(head: Head, columns: Sequence[int]) -> dict[int, int]:
    """The cell formats that new cells of these columns take over from their columns, where those have one."""
    spans = [(first, last, told["style"]) for first, last, told in _spans(head.data) if told.get("style", "").isdigit()]
    return {column: int(style) for first, last, style in spans for column in columns if first <= column <= last}


def _overlaid(
    spans: list[tuple[int, int, dict[str, str]]], wanted: dict[int, dict[str, str]]
) -> list[tuple[int, int, dict[str, str]]]:
    """Split the spans around the wanted columns, which take over the style of the span they stood in."""
    made, styles = [], {}
    for first, last, told in spans:
        start = first
        for column in sorted(column for column in wanted if first <= column <= last):
            if start < column:
                made.append((start, column - 1, told))
            styles[column] = told.get("style")
            start = column + 1
        if start <= last:
            made.append((start, last, told))
    for column, settings in wanted.items():
        style = styles.get(column)
        made.append((column, column, settings | ({"style": style} if style else {})))
    return sorted(made, key=lambda span: span[0])


def _col(prefix: str, first: int, last: int, told: dict[str, str]) -> str:
    rest = "".join(f' {name}="{value}"' for name, value in told.items())
    return f'<{prefix}col min="{first}" max="{last}"{rest}/>'


def _outline(head: Head, fresh: Sequence[Placed]) -> list[_Splice]:
    level = max((min(item.result.group, 7) for item in fresh), default=0)
    if not level:
        return []
    element = head.element("sheetFormatPr")
    if element is None:
        place = _after(head.data, head.elements, ("sheetPr", "dimension", "sheetViews"), len(start_tag(head)))
        tag = f'<{head.prefix}sheetFormatPr defaultRowHeight="15" outlineLevelCol="{level}"/>'
        return [_Splice(place, place, tag.encode())]
    text = head.data[element.start : element.end]
    match = re.search(rb"(\boutlineLevelCol\s*=\s*[\"'])(\d+)", text)
    if match is None:
        place = element.start + len(re.match(rb"<[\w:.-]+", text)[0])  # type: ignore[index]  # a tag begins so
        return [_Splice(place, place, f' outlineLevelCol="{level}"'.encode())]
    grown = str(max(level, int(match[2]))).encode()
    return [_Splice(element.start + match.start(2), element.start + match.end(2), grown)]


def _after(data: bytes, elements: Sequence[Element], names: Sequence[str], otherwise: int) -> int:
    """The offset after the last element of these names and the blanks that follow it."""
    end = max((element.end for element in elements if element.name in names), default=otherwise)
    return len(data) - len(data[end:].lstrip())


@dataclass(frozen=True)
class Colouring:
    """The columns of one family and the differential formats of its values."""

    columns: tuple[int, ...]
    formats: tuple[tuple[str, int], ...]


def edit_tail(survey: Survey, colourings: Sequence[Colouring], header_row: int) -> bytes:
    """The bytes after the rows, with the colours of new columns after the user's own formats."""
    if not colourings:
        return survey.tail
    priority = max((int(text) for text in re.findall(rb"\bpriority\s*=\s*[\"'](\d+)", survey.tail)), default=0)
    made = []
    for colouring in colourings:
        made.append(_formats(survey.head.prefix, colouring, header_row, priority))
        priority += len(colouring.formats)
    place = _after(survey.tail, survey.tail_elements, _BEFORE_FORMATS, _rows_end(survey))
    return _apply(survey.tail, [_Splice(place, place, "".join(made).encode())])


def _rows_end(survey: Survey) -> int:
    return 0 if survey.head.childless else survey.tail.index(b">") + 1


def after_formats(tail: bytes, head: Head, elements: Sequence[Element]) -> int:
    """The offset after the last conditional format, or where it would stand: there the drop-downs begin."""
    return _after(tail, elements, _BEFORE_FORMATS, 0 if head.childless else tail.index(b">") + 1)


def _formats(p: str, colouring: Colouring, header_row: int, priority: int) -> str:
    runs: list[list[int]] = []
    for column in sorted(colouring.columns):
        if runs and runs[-1][1] == column - 1:
            runs[-1][1] = column
        else:
            runs.append([column, column])
    where = " ".join(f"{letters(a)}{header_row + 1}:{letters(b)}{LAST_ROW}" for a, b in runs)
    rules = "".join(
        f'<{p}cfRule type="cellIs" dxfId="{dxf}" priority="{priority + rank}" operator="equal">'
        f"<{p}formula>{escape(chr(34) + value + chr(34), quote=False)}</{p}formula></{p}cfRule>"
        for rank, (value, dxf) in enumerate(colouring.formats, 1)
    )
    return f'<{p}conditionalFormatting sqref="{where}">{rules}</{p}conditionalFormatting>'
