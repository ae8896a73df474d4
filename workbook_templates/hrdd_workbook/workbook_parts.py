"""The parts around the sheets: the recalculation flag, and extra sheets that are ours as a whole."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from hrdd_workbook.ownership import Record, blank_properties, read_record, tell, write_record
from hrdd_workbook.parts import (
    OFFICE,
    OFFICE_STRICT,
    RELATIONS,
    STRICT,
    TYPES,
    Book,
    Sheet,
    parse,
    relations_of,
    serialise,
)

if TYPE_CHECKING:
    from hrdd_workbook.package import Package

_BEFORE_CALC = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
)
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_LOOK_AT_MOST = 64 << 20
_SMALL_SHEET = 2 << 20


def has_formulas(package: Package, book: Book, but: str) -> bool:
    """Whether any sheet other than `but` has a formula; very large sheets are taken to have one."""
    if book.related("calcChain") is not None or book.recalculates:
        return True
    left = _LOOK_AT_MOST
    for sheet in book.sheets:
        member = package.find(sheet.part)
        if member is None or sheet.part == but or sheet.kind != "worksheet":
            continue
        left -= member.file_size
        if left < 0:
            return True
        before = b""
        for piece in package.chunks(member):
            if re.search(rb"<(?:[\w.-]+:)?f[\s>/]", before + piece):
                return True
            before = piece[-64:]
    return False


def _child(root: etree._Element, name: str, before: Sequence[str]) -> etree._Element:
    """The child of this name, made after those that come before it where there is none."""
    namespace = etree.QName(root).namespace
    found = root.find(f"{{{namespace}}}{name}")
    if found is None:
        found = root.makeelement(f"{{{namespace}}}{name}")
        earlier = {f"{{{namespace}}}{other}" for other in before}
        places = [index for index, child in enumerate(root) if child.tag in earlier]
        root.insert(places[-1] + 1 if places else 0, found)
    return found


def _names(element: etree._Element, name: str, sheet: int | None) -> bool:
    local = None if sheet is None else str(sheet)
    return element.get("name", "").casefold() == name.casefold() and element.get("localSheetId") == local


def ask_to_recalculate(root: etree._Element) -> bool:
    """Set the flag that makes Excel compute all formulas on opening; False when it was set already."""
    found = _child(root, "calcPr", _BEFORE_CALC)
    if found.get("fullCalcOnLoad") in ("1", "true"):
        return False
    found.set("fullCalcOnLoad", "1")
    return True


@dataclass
class Parts:
    """Parts that change as a whole, by member name; new names become new members.

    `ours` are those that hold nothing of the user's.
    """

    package: Package
    book: Book
    changed: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    ours: set[str] = field(default_factory=set)
    _trees: dict[str, etree._Element] = field(default_factory=dict)

    def tree(self, part: str) -> etree._Element:
        """A part as a tree that may be edited; `touch` it afterwards."""
        if part not in self._trees:
            member = self.package.find(part)
            assert member is not None, part  # noqa: S101  # callers ask for parts that they found
            self._trees[part] = parse(self.package, member)
        return self._trees[part]

    def touch(self, part: str) -> None:
        """Write the edited tree of a part."""
        member = self.package.find(part)
        self.changed[member.filename if member else part] = serialise(self._trees[part])

    @cached_property
    def _custom(self) -> str | None:
        """The part of custom properties, where there is one."""
        related = (rel.target for rel in relations_of(self.package, "") if rel.kind == "custom-properties")
        return next((part for part in related if self.package.find(part) is not None), None)

    @cached_property
    def record(self) -> Record:
        """What the workbook says of columns and sheets of ours."""
        return Record() if self._custom is None else read_record(self.tree(self._custom))

    def keep(self, record: Record) -> None:
        """Write another record, where the workbook has a place for one."""
        if self._custom is not None and write_record(self.tree(self._custom), record):
            self.touch(self._custom)

    def tell(self, name: str, text: str) -> None:
        """Write a text property, with a part for custom properties where the workbook has none."""
        if self._custom is None:
            self._custom = self.free("docProps", "custom", "")
            self._trees[self._custom] = blank_properties()
            self.declare(self._custom, _CUSTOM_TYPE)
            self._relate("_rels/.rels", "custom-properties", self._custom)
        tell(self.tree(self._custom), name, text)
        self.touch(self._custom)

    def drop(self, kind: str) -> None:
        """Leave a part of the workbook out, with all that names it."""
        part = self.book.related(kind)
        member = self.package.find(part) if part else None
        if part is None or member is None:
            return
        self.dropped.add(member.filename)
        folder, name = posixpath.split(self.book.part)
        types, rels = "[Content_Types].xml", posixpath.join(folder, "_rels", f"{name}.rels")
        for where, gone in ((types, lambda e: e.get("PartName") == f"/{part}"), (rels, lambda e: _is_kind(e, kind))):
            root = self.tree(where)
            for element in [child for child in root if isinstance(child.tag, str) and gone(child)]:
                root.remove(element)
            self.touch(where)

    def forget_results(self, mark: bytes) -> None:
        """Drop the stored results of the formulas of every small sheet with `mark` in it."""
        for sheet in self.book.sheets:
            member = self.package.find(sheet.part)
            if member is None or member.filename in self.changed or member.file_size > _SMALL_SHEET:
                continue
            data = self.package.read(member)
            if mark in data:
                bare = re.sub(rb"(</(?:[\w.-]+:)?f>)<(?:[\w.-]+:)?v>[^<]*</(?:[\w.-]+:)?v>", rb"\1", data)
                if bare != data:
                    self.changed[member.filename] = bare

    def names(self) -> dict[str, str]:
        """What the names of the whole workbook stand for, by the name in lower case."""
        elements = self.tree(self.book.part).iter(f"{{{self.book.namespace}}}definedName")
        return {e.get("name", "").casefold(): e.text or "" for e in elements if e.get("localSheetId") is None}

    def set_name(self, name: str, sheet: int | None, text: str) -> None:
        """Define a name of a sheet, given by its position, or of the whole workbook; or define it anew."""
        root = self.tree(self.book.part)
        names = _child(root, "definedNames", _BEFORE_CALC[:-1])
        tag = f"{{{self.book.namespace}}}definedName"
        known = (child for child in names.iterchildren(tag) if _names(child, name, sheet))
        found = next(known, None)
        if found is None:
            local = {} if sheet is None else {"localSheetId": str(sheet)}
            found = etree.SubElement(names, tag, {"name": name} | local)
        if found.text != text:
            found.text = text
            self.touch(self.book.part)

    def add_styles(self, data: bytes) -> None:
        """Give a workbook without styles a part for them."""
        part = self.free(posixpath.dirname(self.book.part), "styles", "")
        self._link(part, "styles", _STYLES_TYPE)
        self.changed[part] = data

    def put_sheet(self, name: str, data: bytes, existing: Sheet | None) -> None:
        """Replace the whole part of our sheet, or add it at the end of the workbook."""
        if existing is not None:
            member = self.package.find(existing.part)
            replaced = member.filename if member else existing.part
            self.changed[replaced] = data
            self.ours.add(replaced)
            return
        self.add_sheet(name, data)

    def add_sheet(self, name: str, data: bytes, *, hidden: bool = False) -> str:
        """Add a sheet at the end of the workbook; its part."""
        part = self.free(posixpath.join(posixpath.dirname(self.book.part), "worksheets"), "hrdd")
        key = self._link(part, "worksheet", _SHEET_TYPE)
        self.changed[part] = data
        self._list_sheet(name, key, hidden=hidden)
        return part

    @property
    def sheet_count(self) -> int:
        """How many sheets the workbook has by now."""
        return len(self.tree(self.book.part).find(f"{{{self.book.namespace}}}sheets"))  # type: ignore[arg-type]

    def _list_sheet(self, name: str, key: str, *, hidden: bool) -> None:
        root = self.tree(self.book.part)
        office = OFFICE_STRICT if self.book.namespace == STRICT else OFFICE
        sheets = root.find(f"{{{self.book.namespace}}}sheets")
        assert sheets is not None  # noqa: S101  # a workbook without sheets was refused
        ids = [int(child.get("sheetId", "0")) for child in sheets]
        attributes = {"name": name, "sheetId": str(max([0, *ids]) + 1), f"{{{office}}}id": key}
        attributes |= {"state": "hidden"} if hidden else {}
        etree.SubElement(sheets, f"{{{self.book.namespace}}}sheet", attributes)
        self.touch(self.book.part)

    def free(self, folder: str, stem: str, number: str = "1") -> str:
        """The name of a part that is not there yet."""
        while True:
            name = posixpath.join(folder, f"{stem}{number}.xml")
            if self.package.find(name) is None and name not in self.changed:
                return name
            number = str(int(number or 0) + 1)

    def declare(self, part: str, content_type: str) -> None:
        """Name a new part in the content types."""
        types = self.tree("[Content_Types].xml")
        etree.SubElement(types, f"{{{TYPES}}}Override", PartName=f"/{part}", ContentType=content_type)
        self.touch("[Content_Types].xml")

    def _link(self, part: str, kind: str, content_type: str) -> str:
        """Name a new part in the content types and in the workbook's relations."""
        self.declare(part, content_type)
        folder, name = posixpath.split(self.book.part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        return self._relate(rels, kind, posixpath.relpath(part, folder) if folder else part)

    def _relate(self, rels: str, kind: str, target: str) -> str:
        root = self.tree(rels)
        taken = {child.get("Id") for child in root}
        key = next(f"rIdHrdd{n}" for n in range(1, 10_000) if f"rIdHrdd{n}" not in taken)
        office = OFFICE_STRICT if self.book.namespace == STRICT else OFFICE
        etree.SubElement(root, f"{{{RELATIONS}}}Relationship", Id=key, Type=f"{office}/{kind}", Target=target)
        self.touch(rels)
        return key


def _is_kind(relation: etree._Element, kind: str) -> bool:
    return relation.get("Type", "").rsplit("/", 1)[-1] == kind


def sheet_names(name: str) -> list[str]:
    """The names, in lower case, under which our sheet of this name may stand."""
    return [candidate.casefold() for candidate in _names_for(name)]


def free_sheet_name(name: str, taken: Sequence[str]) -> str:
    """A sheet name that Excel accepts and nobody has."""
    used = {other.casefold() for other in taken}
    return next(candidate for candidate in _names_for(name) if candidate.casefold() not in used)


def _names_for(name: str) -> list[str]:
    clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "hrdd"
    return [clean, *(f"{clean[:22]} (hrdd{n})" for n in ("", *range(2, 1000)))]
