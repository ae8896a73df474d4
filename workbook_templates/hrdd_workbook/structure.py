"""Whether a workbook is put together as ISO 29500 asks: what refers to what, what is counted, what stands in order.

A checker for outputs, beside validators that know the schema: each sentence it gives names the part. Many workbooks of
others have faults of their own, so a write is judged by the faults that it adds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from lxml import etree

from hrdd_workbook.package import Package
from hrdd_workbook.parts import OFFICE, OFFICE_STRICT, Book, parse, read_book, relations_of
from hrdd_workbook.refs import Area, area
from hrdd_workbook.strings import decoded
from hrdd_workbook.table import Table, tables_of

#: The order of children by element: ISO 29500-1, 18.2.27, 18.3.1.99, 18.3.1.73, 18.3.1.4, 18.5.1.2, 18.8.39, 18.8.22.
_ORDER = {
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups"
    " externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes"
    " webPublishing fileRecoveryPr webPublishObjects extLst",
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges"
    " scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting"
    " dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties"
    " cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls"
    " webPublishItems tableParts extLst",
    "row": "c extLst",
    "c": "f v is extLst",
    "table": "autoFilter sortState tableColumns tableStyleInfo extLst",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "font": "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme",
}
_RANK = {parent: {name: rank for rank, name in enumerate(names.split())} for parent, names in _ORDER.items()}
_FORMAT_PARTS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
_TYPES = {"worksheet": ".worksheet+xml", "styles": ".styles+xml", "table": ".table+xml", "calcChain": ".calcChain+xml"}
_BUILT_IN_FORMATS = 164


@dataclass(frozen=True)
class _Formats:
    """How many cell formats and differential formats the styles have, and how many shared strings there are."""

    cells: int
    differential: int
    strings: int


def faults(path: Path) -> Counter[str]:
    """The faults of a workbook, each with the number of times that it was found."""
    with Package(path) as package:
        book = read_book(package)
        return Counter(_all(package, book))


def _all(package: Package, book: Book) -> Iterator[str]:
    formats = _formats(package, book)
    yield from _content_types(package)
    yield from _relations(package)
    yield from _told(package, book.part, _workbook)
    yield from _told(package, book.related("styles"), _styles)
    tables: list[Table] = []
    for sheet in book.sheets:
        if sheet.kind == "worksheet":
            own = tables_of(package, sheet.part)
            yield from _told(package, sheet.part, partial(_worksheet, formats=formats, tables=own))
            tables += own
    for table in tables:
        yield from _told(package, table.part, partial(_table, table=table))
    yield from (f"two tables are named {name}" for name in _twice(table.name.casefold() for table in tables))


def _told(package: Package, part: str | None, look: Callable[[etree._Element], Iterator[str]]) -> Iterator[str]:
    """The faults of one part, its name before each."""
    member = package.find(part) if part else None
    if member is not None:
        root = parse(package, member)
        found = chain(_disorder(root), _dead_links(package, member.filename, root), look(root))
        yield from (f"{member.filename}: {fault}" for fault in found)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(root: etree._Element | None, path: str) -> list[etree._Element]:
    return [] if root is None else list(root.iterfind("/".join(f"{{*}}{name}" for name in path.split("/"))))


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _number(element: etree._Element, name: str, default: int = 0) -> int:
    text = element.get(name, "")
    return int(text) if text.isdigit() else default


def _content_types(package: Package) -> Iterator[str]:
    """Every part has a content type, and every type that is given by name is that of a part."""
    types = _types(package)
    yield from (f"two content types for {name}" for name in _twice(name for name, _ in types))
    names = [name for name, _ in types if name.startswith("/")]
    yield from (f"a content type for {name}, which is no part" for name in names if package.find(name) is None)
    known = dict(types)
    for part in package.members:
        if not _type_of(part.filename, known) and not part.filename.endswith(("/", "[Content_Types].xml")):
            yield f"no content type for {part.filename}"


def _types(package: Package) -> list[tuple[str, str]]:
    """The content types by part name, which begins with a slash, or by extension."""
    member = package.find("[Content_Types].xml")
    root = parse(package, member) if member is not None else None
    defaults = ((e.get("Extension", ""), e.get("ContentType", "")) for e in _children(root, "Default"))
    named = ((e.get("PartName", ""), e.get("ContentType", "")) for e in _children(root, "Override"))
    return [(name.casefold(), kind) for name, kind in (*defaults, *named)]


def _type_of(part: str, known: dict[str, str]) -> str:
    name = "/" + part.casefold().lstrip("/")
    return known.get(name) or known.get(name.rsplit(".", 1)[-1], "")


def _relations(package: Package) -> Iterator[str]:
    """Relations have names of their own, and lead to parts of the type that goes with them."""
    types = dict(_types(package))
    for member in package.members:
        folder, _, name = member.filename.rpartition("_rels/")
        if not name.endswith(".rels"):
            continue
        relations = relations_of(package, folder + name.removesuffix(".rels"))
        yield from (f"{member.filename}: two relations {name}" for name in _twice(rel.id for rel in relations))
        for relation in relations:
            if relation.external or relation.target in (".", ""):
                continue
            if package.find(relation.target) is None:
                yield f"{member.filename}: {relation.target} is no part"
            elif not _type_of(relation.target, types).endswith(_TYPES.get(relation.kind, "")):
                yield f"{member.filename}: {relation.target} is of another type than its relation"


def _dead_links(package: Package, part: str, root: etree._Element) -> Iterator[str]:
    """Every id of a relation that a part uses is one of its relations."""
    known = {relation.id for relation in relations_of(package, part)}
    spaces = (f"{{{OFFICE}}}", f"{{{OFFICE_STRICT}}}")
    for element in root.iter("{*}*"):
        for name, value in element.attrib.items():
            if str(name).startswith(spaces) and value and str(value) not in known:
                yield f"{_local(element)} leads to {value!s}, which is no relation"


def _disorder(root: etree._Element) -> Iterator[str]:
    """Children stand in the order of the schema, as far as they are of its namespace."""
    space = f"{{{etree.QName(root).namespace}}}"
    for parent in root.iter(*(space + name for name in _RANK)):
        ranks = _RANK[_local(parent)]
        found = [ranks.get(_local(child), -1) for child in parent if str(child.tag).startswith(space)]
        if found != sorted(found) or -1 in found:
            yield f"the children of {_local(parent)} are out of order"


def _formats(package: Package, book: Book) -> _Formats:
    def count(kind: str, path: str) -> int:
        part = book.related(kind)
        member = package.find(part) if part else None
        return 0 if member is None else len(_children(parse(package, member), path))

    return _Formats(count("styles", "cellXfs/*"), count("styles", "dxfs/*"), count("sharedStrings", "si"))


def _workbook(root: etree._Element) -> Iterator[str]:
    sheets = _children(root, "sheets/sheet")
    names = [sheet.get("name", "") for sheet in sheets]
    yield from (f"two sheets are named {name}" for name in _twice(name.casefold() for name in names))
    misnamed = (name for name in names if not 1 <= len(name) <= 31 or set(name) & set("[]:*?/\\"))
    yield from (f"a sheet cannot be named {name}" for name in misnamed)
    yield from (f"two sheets have the number {number}" for number in _twice(s.get("sheetId", "") for s in sheets))
    defined = _children(root, "definedNames/definedName")
    keys = [f"{name.get('name', '').casefold()} of sheet {name.get('localSheetId', 'all')}" for name in defined]
    yield from (f"{key} is defined twice" for key in _twice(keys))
    yield from ("a name is of no sheet" for name in defined if _number(name, "localSheetId") >= len(sheets))


def _styles(root: etree._Element) -> Iterator[str]:
    for found in root:
        if found.get("count") is not None and _number(found, "count") != len(_children(found, "*")):
            yield f"{_local(found)} does not have as many entries as it says"
    sizes = {name: len(_children(root, f"{name}/*")) for name in _FORMAT_PARTS.values()}
    known = {_number(element, "numFmtId") for element in _children(root, "numFmts/numFmt")}
    for xf in (*_children(root, "cellXfs/xf"), *_children(root, "cellStyleXfs/xf")):
        for name, where in _FORMAT_PARTS.items():
            if _number(xf, name) >= max(sizes[where], 1):
                yield f"a format uses an entry of {where} that is not there"
        if _number(xf, "numFmtId") >= _BUILT_IN_FORMATS and _number(xf, "numFmtId") not in known:
            yield "a format uses a number format that is not there"
    styles = _children(root, "cellStyles/cellStyle")
    yield from (f"two cell styles are named {name}" for name in _twice(s.get("name", "").casefold() for s in styles))
    yield from ("a cell style has no format" for s in styles if _number(s, "xfId") >= max(sizes["cellStyleXfs"], 1))


def _worksheet(root: etree._Element, formats: _Formats, tables: list[Table]) -> Iterator[str]:
    dimension = area(next((d.get("ref", "") for d in _children(root, "dimension")), ""))
    headers: dict[tuple[int, int], str] = {}
    wanted = {table.area.top for table in tables if table.header_rows}
    last = 0
    for row in _children(root, "sheetData/row"):
        number = _number(row, "r", last + 1)
        if number <= last:
            yield "rows are out of order"
        last, spans = number, [tuple(map(int, text.split(":"))) for text in row.get("spans", "").split()]
        column = 0
        for cell in row.iterfind("{*}c"):
            place = area(cell.get("r", "")) or Area(number, column + 1, number, column + 1)
            if place.top != number or place.left <= column:
                yield "cells are out of order"
            column = place.left
            yield from _cell(cell, formats)
            if spans and not any(first <= column <= final for first, final in spans):
                yield "a cell stands outside of the spans of its row"
            if dimension is not None and not dimension.meets(place):
                yield "a cell stands outside of the dimension"
            if number in wanted:
                headers[number, column] = "".join(text.text or "" for text in cell.iterfind("{*}is/{*}t"))
    yield from _around(root, formats)
    for table in tables:
        yield from _table_header(table, headers)


def _cell(cell: etree._Element, formats: _Formats) -> Iterator[str]:
    if _number(cell, "s") >= max(formats.cells, 1):
        yield "a cell has a format that is not there"
    value = cell.find("{*}v") if cell.get("t") == "s" else None
    text = "" if value is None else (value.text or "").strip()
    if text.isdigit() and int(text) >= formats.strings:
        yield "a cell has a shared string that is not there"


def _around(root: etree._Element, formats: _Formats) -> Iterator[str]:
    last = 0
    for col in _children(root, "cols/col"):
        if not last < _number(col, "min") <= _number(col, "max"):
            yield "the settings of columns overlap or are out of order"
        last = _number(col, "max")
    rules = _children(root, "conditionalFormatting/cfRule")
    for rule in rules:
        if rule.get("dxfId") is not None and _number(rule, "dxfId") >= formats.differential:
            yield "a conditional format has a look that is not there"
        if not _number(rule, "priority"):
            yield "a conditional format has no priority"
    yield from ("two conditional formats have one priority" for _ in _twice(rule.get("priority", "") for rule in rules))


def _table_header(table: Table, headers: dict[tuple[int, int], str]) -> Iterator[str]:
    """Header cells that hold their text say what the table's columns are named."""
    for column, name in enumerate(table.columns, table.area.left):
        text = headers.get((table.area.top, column))
        if text and table.header_rows and decoded(text) != decoded(name):
            yield f"a header cell of the table {table.name} differs from the name of its column"


def _table(root: etree._Element, table: Table) -> Iterator[str]:
    columns = _children(root, "tableColumns/tableColumn")
    if len(columns) != table.area.right - table.area.left + 1:
        yield "the table is not as wide as it has columns"
    if any(_number(found, "count") != len(columns) for found in _children(root, "tableColumns")):
        yield "the table does not have as many columns as it says"
    yield from ("two columns of the table share a number" for _ in _twice(c.get("id", "") for c in columns))
    yield from ("two columns of the table share a name" for _ in _twice(c.get("name", "").casefold() for c in columns))
    for found in _children(root, "autoFilter"):
        inner = area(found.get("ref", ""))
        if inner is None or (inner.left, inner.right, inner.top) != (table.area.left, table.area.right, table.area.top):
            yield "the filter of the table is not over its columns"
