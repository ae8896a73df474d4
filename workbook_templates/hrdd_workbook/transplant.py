"""Carrying sheets over from a workbook that we have drawn into one that is a user's, with looks, charts and names.

Nothing that is there changes: sheets come behind the last one, their formats behind the last format.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape

from lxml import etree

from hrdd_workbook.package import Package
from hrdd_workbook.parts import MAIN, OFFICE, RELATIONS, TYPES, Sheet, parse, read_book, relations_of, serialise
from hrdd_workbook.styles import Styles
from hrdd_workbook.workbook_parts import Parts, free_sheet_name

_LOCAL = "localSheetId"


def quoted(sheet: str) -> str:
    """The name of a sheet as formulas put it before a cell."""
    return "'" + sheet.replace("'", "''") + "'!"


def whole_names(parts: Parts) -> set[str]:
    """The names of a workbook that lead to a sheet it has; others were left over when that sheet was deleted."""
    starts = [start for sheet in parts.book.sheets for start in (quoted(sheet.name), f"{sheet.name}!")]
    return {name for name, text in parts.names().items() if "#REF!" not in text and text.startswith(tuple(starts))}


class Transplant:
    """Sheets of `donor` for the workbook of `parts`; `renamed` are names of sheets there, by those in the donor."""

    def __init__(self, donor: Package, parts: Parts, styles: Styles, renamed: dict[str, str]) -> None:
        self.donor, self.parts, self.styles, self.renamed = donor, parts, styles, dict(renamed)
        self.book = read_book(donor)
        self._looks = Styles(self._tree(self.book.related("styles") or ""))
        self._formats: dict[str, str] = {}
        self._copied: dict[str, str] = {}

    def _tree(self, part: str) -> etree._Element:
        member = self.donor.find(part)
        assert member is not None, part  # noqa: S101  # the donor is ours
        return parse(self.donor, member)

    def carry(self, sheets: Iterable[Sheet]) -> list[str]:
        """Add these sheets of the donor, and define the names that the workbook does not have; their names there."""
        taken = [sheet.name for sheet in self.parts.book.sheets]
        places: dict[str, int] = {}
        sheets = list(sheets)
        for sheet in sheets:
            self.renamed[sheet.name] = free_sheet_name(sheet.name, taken)
            taken.append(self.renamed[sheet.name])
        for sheet in sheets:
            places[sheet.name] = self.parts.sheet_count
            self._add(sheet)
        self._define(places)
        return [self.renamed[sheet.name] for sheet in sheets]

    def _add(self, sheet: Sheet) -> None:
        root = self._tree(sheet.part)
        self._restyle(root)
        for view in root.iter(f"{{{MAIN}}}sheetView"):
            view.set("tabSelected", "0")
        data = self._with_their_names(serialise(root))
        part = self.parts.add_sheet(self.renamed[sheet.name], data, hidden=sheet.hidden)
        self._relate(sheet.part, part)

    def _restyle(self, root: etree._Element) -> None:
        for tag, attribute in (("c", "s"), ("row", "s"), ("col", "style")):
            for element in root.iter(f"{{{MAIN}}}{tag}"):
                told = element.get(attribute)
                if told is not None:
                    if told not in self._formats:
                        self._formats[told] = str(self.styles.adopt(self._looks, int(told)))
                    element.set(attribute, self._formats[told])
        for rule in root.iter(f"{{{MAIN}}}cfRule"):
            if rule.get("dxfId") is not None:
                rule.set("dxfId", str(self.styles.adopt_difference(self._looks, int(rule.get("dxfId", "0")))))

    def _with_their_names(self, data: bytes) -> bytes:
        """A part whose references are to the sheets under the names that they have in the workbook."""
        for here, there in self.renamed.items():
            if here != there:
                data = data.replace(escape(quoted(here), quote=False).encode(), escape(quoted(there), False).encode())
        return data

    def _relate(self, old: str, new: str) -> None:
        """Copy what a part leads to, and lead the new part there."""
        found = relations_of(self.donor, old)
        if not found:
            return
        folder, name = posixpath.split(new)
        root = etree.fromstring(f'<Relationships xmlns="{RELATIONS}"/>'.encode())
        for relation in found:
            target = posixpath.relpath(self._copy(relation.target), folder)
            told = {"Id": relation.id, "Type": f"{OFFICE}/{relation.kind}", "Target": target}
            etree.SubElement(root, f"{{{RELATIONS}}}Relationship", told)
        self.parts.changed[posixpath.join(folder, "_rels", f"{name}.rels")] = serialise(root)

    def _copy(self, part: str) -> str:
        if part not in self._copied:
            member = self.donor.find(part)
            assert member is not None, part  # noqa: S101  # the donor is ours
            folder, name = posixpath.split(part)
            stem = re.sub(r"\d*\.xml$", "", name)
            new = self._copied[part] = self.parts.free(folder, f"{stem}Hrdd")
            self.parts.changed[new] = self._with_their_names(self.donor.read(member))
            self.parts.declare(new, self._content_type(part))
            self._relate(part, new)
        return self._copied[part]

    def _content_type(self, part: str) -> str:
        types = self._tree("[Content_Types].xml").iter(f"{{{TYPES}}}Override")
        return next(element.get("ContentType", "") for element in types if element.get("PartName") == f"/{part}")

    def _define(self, places: dict[str, int]) -> None:
        """The donor's names, as far as they are of sheets that came over and the workbook has none of that name."""
        known = whole_names(self.parts)
        for element, text in self._names():
            name, local = element.get("name", ""), element.get(_LOCAL)
            if local is not None:
                sheet = self.book.sheets[int(local)].name
                if sheet in places:
                    self.parts.set_name(name, places[sheet], text)
            elif name.casefold() not in known and any(text.startswith(quoted(self.renamed[s])) for s in places):
                self.parts.set_name(name, None, text)

    def _names(self) -> Iterator[tuple[etree._Element, str]]:
        """The donor's defined names, with what they stand for under the names of sheets there."""
        for element in self._tree(self.book.part).iter(f"{{{MAIN}}}definedName"):
            text = element.text or ""
            here = next((name for name in self.renamed if text.startswith(quoted(name))), None)
            if here is not None:
                text = text.replace(quoted(here), quoted(self.renamed[here]))
            yield element, text
