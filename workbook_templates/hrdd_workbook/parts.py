"""Finding the way inside a workbook: relationships, sheets, tables and styles, by the rules of the format."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

from hrdd_workbook.errors import HostileFile, NotAWorkbook
from hrdd_workbook.package import part_name

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from hrdd_workbook.package import Package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


@dataclass(frozen=True)
class Relation:
    """One relationship of a part: its id, the last word of its type, and the part it leads to."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Sheet:
    """A sheet as the workbook lists it; `kind` is worksheet, chartsheet, dialogsheet or macrosheet."""

    name: str
    kind: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Book:
    """What the workbook part says: sheets in order, its namespaces, and whether dates count from 1904."""

    part: str
    sheets: tuple[Sheet, ...]
    relations: tuple[Relation, ...]
    date1904: bool
    recalculates: bool
    namespace: str

    def related(self, kind: str) -> str | None:
        """The part that a relationship of this kind leads to, such as styles or sharedStrings."""
        return next((rel.target for rel in self.relations if rel.kind == kind and not rel.external), None)


def parse(package: Package, member: ZipInfo) -> etree._Element:
    """A small part as a tree; entities and document types are refused, nothing outside is fetched."""
    return parse_bytes(package.read(member), package.path.name, member.filename)


def parse_bytes(data: bytes, file_name: str, part_name: str) -> etree._Element:
    """Parse XML that may come from anyone."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or _declares_type(data):
        raise HostileFile(
            f"{file_name}: {part_name} declares a document type, which no workbook does; it was not read."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAWorkbook(f"{file_name} is damaged: {part_name} is not readable XML ({error}).") from error


def _declares_type(data: bytes) -> bool:
    """Whether a UTF-16 part hides a document type from the plain search."""
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") and "<!DOCTYPE" in data.decode("utf-16", "replace")


def refuse_document_type(package: Package, part: str | None) -> None:
    """Refuse a part that begins with a document type, whose entities could stand for anything."""
    member = package.find(part) if part else None
    start = next(package.chunks(member), b"") if member is not None and member.file_size else b""
    if b"<!DOCTYPE" in start[:4096]:
        raise HostileFile(
            f"{package.path.name}: {part} declares a document type, which no workbook does; it was not read."
        )


def relations_of(package: Package, part: str) -> tuple[Relation, ...]:
    """The relationships of a part ("" for the package itself); none when there is no such list."""
    folder, name = posixpath.split(part_name(part))
    member = package.find(posixpath.join(folder, "_rels", f"{name}.rels"))
    if member is None:
        return ()
    root = parse(package, member)
    return tuple(
        Relation(
            element.get("Id", ""),
            element.get("Type", "").rsplit("/", 1)[-1],
            _target(folder, element.get("Target", "")),
            element.get("TargetMode") == "External",
        )
        for element in root.iter(f"{{{RELATIONS}}}Relationship")
    )


def _target(folder: str, target: str) -> str:
    target = unquote(target).replace("\\", "/").split("#")[0]
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def read_book(package: Package) -> Book:
    """Follow the package's relations to the workbook part and list its sheets."""
    start = next((rel for rel in relations_of(package, "") if rel.kind == "officeDocument"), None)
    member = package.find(start.target if start else "xl/workbook.xml")
    if member is None:
        raise NotAWorkbook(
            f"{package.path.name} is a zip but holds no workbook; save it as .xlsx from Excel and retry."
        )
    root = parse(package, member)
    namespace = etree.QName(root).namespace or ""
    if namespace not in (MAIN, STRICT) or etree.QName(root).localname != "workbook":
        raise NotAWorkbook(
            f"{package.path.name}: {member.filename} is not a spreadsheet; only workbooks can be scored."
        )
    part = part_name(member.filename)
    relations = relations_of(package, part)
    sheets = _sheets(package, root, relations)
    return Book(part, sheets, relations, _counts_1904(root), _recalculates(root), namespace)


def _sheets(package: Package, root: etree._Element, relations: tuple[Relation, ...]) -> tuple[Sheet, ...]:
    by_id = {rel.id: rel for rel in relations}
    found = []
    for element in root.iter(f"{{{etree.QName(root).namespace}}}sheet"):
        key = element.get(f"{{{OFFICE}}}id") or element.get(f"{{{OFFICE_STRICT}}}id") or ""
        relation = by_id.get(key)
        if relation is None or relation.external:
            continue
        member = package.find(relation.target)
        part = member.filename if member else relation.target
        hidden = element.get("state", "visible") != "visible"
        found.append(Sheet(element.get("name", ""), _sheet_kind(relation.kind), part, hidden))
    return tuple(found)


def _sheet_kind(kind: str) -> str:
    return "macrosheet" if "macrosheet" in kind.lower() else kind


def _recalculates(root: etree._Element) -> bool:
    """Whether the workbook asks for a recalculation on opening already."""
    calc = root.find(f"{{{etree.QName(root).namespace}}}calcPr")
    return calc is not None and calc.get("fullCalcOnLoad") in ("1", "true")


def _counts_1904(root: etree._Element) -> bool:
    properties = next(root.iter(f"{{{etree.QName(root).namespace}}}workbookPr"), None)
    return properties is not None and properties.get("date1904") in ("1", "true")


def serialise(root: etree._Element) -> bytes:
    """The bytes of a tree that was parsed from a part, with the declaration that it had."""
    tree = root.getroottree()
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=tree.docinfo.standalone is not False)
