"""What one workbook has lost or changed against another, member by member and cell by cell.

The slow reference beside the writer: everything is parsed into trees by lxml and nothing of the writer's own
reading of sheets is used, so that the two cannot be wrong together.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from hrdd_workbook.package import Package
from hrdd_workbook.refs import column_number

Cells = dict[tuple[int, int], Any]
_OURS = ("dimension", "cols", "sheetFormatPr", "sheetData", "conditionalFormatting")
_APPENDED = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Expected:
    """What may differ: the sheet part, the intended cells by (row, column), and parts that may grow.

    `replaced` are sheets that are ours as a whole, `counting` those whose formulas may have lost their stored results.
    """

    sheet: str
    cells: Mapping[tuple[int, int], Any]
    columns: frozenset[int]
    kept: frozenset[tuple[int, int]] = frozenset()
    tables: frozenset[str] = frozenset()
    styles: str | None = None
    book: str | None = None
    custom: str | None = None
    may_add: bool = False
    replaced: frozenset[str] = frozenset()
    counting: frozenset[str] = frozenset()


@dataclass
class Differences:
    """Sentences, at most a few of each kind."""

    found: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Note one difference."""
        if len(self.found) < 20:
            self.found.append(text)


def compare(before: Path, after: Path, expected: Expected) -> list[str]:
    """Everything that `after` has lost or changed against `before`, beyond what is expected."""
    found = Differences()
    with Package(before) as old, Package(after) as new:
        _compare_members(old, new, expected, found)
        for member in old.members:
            twin = new.find(member.filename)
            if twin is None:
                continue
            name = member.filename
            if name == expected.sheet:
                _compare_sheet(_tree(old, member), _tree(new, twin), expected, found)
            elif name in _may_change(old, expected):
                for text in part_differences(_tree(old, member), _tree(new, twin)):
                    found.add(f"{name}: {text}")
                if name in expected.counting and not _differ_in_results(_tree(old, member), _tree(new, twin)):
                    found.add(f"{name}: more than the stored results of formulas changed")
    return found.found


def _tree(package: Package, member: zipfile.ZipInfo) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(b"".join(package.chunks(member)), parser)


def _compare_members(old: Package, new: Package, expected: Expected, found: Differences) -> None:
    names, twins = [m.filename for m in old.listed], [m.filename for m in new.listed]
    if twins[: len(names)] != names or (len(twins) > len(names) and not expected.may_add):
        found.add(f"members differ: {sorted(set(names) ^ set(twins))[:5]}")
    may_change = _may_change(old, expected)
    if old.comment != new.comment:
        found.add("the archive comment changed")
    for member in old.members:
        twin = new.find(member.filename)
        if twin is None:
            found.add(f"{member.filename} is lost")
            continue
        if (member.date_time, member.external_attr, member.internal_attr, member.comment) != (
            twin.date_time,
            twin.external_attr,
            twin.internal_attr,
            twin.comment,
        ):
            found.add(f"{member.filename}: time or attributes changed")
        if member.filename not in may_change and b"".join(old.raw(member)) != b"".join(new.raw(twin)):
            found.add(f"{member.filename}: compressed bytes changed")


def _may_change(old: Package, expected: Expected) -> set[str | None]:
    """The parts that may differ in what they hold."""
    found = {expected.sheet, expected.styles, expected.book, expected.custom, *expected.tables}
    found |= expected.replaced | expected.counting
    if not expected.may_add:
        return found
    names = (member.filename for member in old.members)
    return found | {name for name in names if name.endswith(".rels") or name == "[Content_Types].xml"}


def _differ_in_results(old: etree._Element, new: etree._Element) -> bool:
    """Whether two sheets say the same but for what their formulas last gave."""
    for formula in [formula for root in (old, new) for formula in root.iterfind(".//{*}c/{*}f")]:
        for value in formula.itersiblings("{*}v"):
            value.getparent().remove(value)  # type: ignore[union-attr]  # it stands beside a formula
    return bool(_shape(old) == _shape(new))


def part_differences(old: etree._Element, new: etree._Element) -> list[str]:
    """What a small part has lost or changed beyond what a write may do to a part of its kind, told by its root."""
    found = Differences()
    compare_kind = _KINDS.get(_local(old))
    if compare_kind is not None:
        compare_kind(old, new, found)
    return found.found


def _shape(element: etree._Element) -> Any:
    """An element as nested tuples that are equal when the XML means the same."""
    if not isinstance(element.tag, str):
        return ("#", element.text, element.tail)
    return (
        element.tag,
        tuple(sorted(element.attrib.items())),
        element.text or "",
        tuple(_shape(child) for child in element),
        element.tail or "",
    )


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else "#"


def _position(row: int, text: str | None, last: int) -> tuple[int, int]:
    if text is None:
        return row, last + 1
    match = re.match(r"\$?([A-Za-z]+)\$?(\d+)\Z", text.strip())
    return (int(match[2]), column_number(match[1])) if match else (row, last + 1)


def sheet_cells(root: etree._Element) -> Iterator[tuple[tuple[int, int], etree._Element]]:
    """The cells of a worksheet tree with their places; those without r are counted."""
    number = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r") or number + 1)
        column = 0
        for cell in row.iterfind("{*}c"):
            place = _position(number, cell.get("r"), column)
            column = place[1]
            yield place, cell


def _compare_sheet(old: etree._Element, new: etree._Element, expected: Expected, found: Differences) -> None:
    if old.attrib != new.attrib or old.nsmap != new.nsmap:
        found.add("the worksheet element's attributes changed")
    ours = set(expected.cells)
    before = {place: _shape(cell) for place, cell in sheet_cells(old) if place not in ours}
    after_cells = list(sheet_cells(new))
    after = {place: _shape(cell) for place, cell in after_cells if place not in ours}
    if len({place for place, _ in after_cells}) != len(after_cells):
        found.add("a cell stands twice in the sheet")
    for place in sorted(before.keys() | after.keys()):
        if before.get(place) != after.get(place) and place not in expected.kept:
            found.add(f"cell {place} changed: {str(before.get(place))[:120]} -> {str(after.get(place))[:120]}")
    _compare_results(dict(after_cells), expected, found)
    _compare_rows(old, new, expected, found)
    found.found += frame_differences(old, new, expected.columns)


def frame_differences(old: etree._Element, new: etree._Element, columns: Collection[int]) -> list[str]:
    """What differs around the rows of two worksheets, beyond the settings and formats of some columns."""
    found = Differences()
    _compare_children(old, new, found)
    _compare_columns(old, new, columns, found)
    return found.found


def cell_value(cell: etree._Element) -> Any:
    """What a written cell says: text, number, bool or None."""
    kind, value = cell.get("t", "n"), cell.find("{*}v")
    if kind == "inlineStr":
        text = "".join(part.text or "" for part in cell.iterfind("{*}is/{*}t"))
        return _CODED.sub(lambda match: chr(int(match[1], 16)), text)
    if value is None or not value.text:
        return None
    if kind == "b":
        return value.text == "1"
    return float(value.text) if kind == "n" else value.text


def _compare_results(after: dict[tuple[int, int], Any], expected: Expected, found: Differences) -> None:
    for place, value in expected.cells.items():
        cell = after.get(place)
        said = None if cell is None else cell_value(cell)
        if said != value or type(said) is not type(value):
            found.add(f"result cell {place} says {said!r}, not {value!r}")


def _compare_rows(old: etree._Element, new: etree._Element, expected: Expected, found: Differences) -> None:
    before, after = _row_shapes(old), _row_shapes(new)
    rows = {row for row, _ in expected.cells}
    numbers = list(after)
    if numbers != sorted(numbers):
        found.add("rows are out of order")
    for number in sorted(before.keys() | after.keys()):
        if number not in before and number in rows and after[number] == ((), "", ""):
            continue
        if before.get(number) != after.get(number):
            found.add(f"row {number} changed: {before.get(number)} -> {after.get(number)}")


def _row_shapes(root: etree._Element) -> dict[int, Any]:
    shapes: dict[int, Any] = {}
    number = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r") or number + 1)
        told = {name: value for name, value in row.attrib.items() if name not in ("r", "spans")}
        others = "".join(str(_shape(child)) for child in row if _local(child) != "c")
        shapes[number] = (tuple(sorted(told.items())), others, row.tail or "")
    return shapes


def _compare_children(old: etree._Element, new: etree._Element, found: Differences) -> None:
    before = [_shape(child) for child in old if _local(child) not in _OURS]
    after = [_shape(child) for child in new if _local(child) not in _OURS]
    if before != after:
        found.add("an element beside the rows changed")
    formats = [_shape(child) for child in old if _local(child) == "conditionalFormatting"]
    grown = [_shape(child) for child in new if _local(child) == "conditionalFormatting"]
    if grown[: len(formats)] != formats:
        found.add("a conditional format changed")
    for name in ("dimension", "sheetFormatPr"):
        _compare_attributes(old.find(f"{{*}}{name}"), new.find(f"{{*}}{name}"), name, found)


def _told(element: etree._Element | None, *but: str) -> dict[str, str]:
    """The attributes of an element except some."""
    if element is None:
        return {}
    return {str(name): str(value) for name, value in element.attrib.items() if name not in but}


def _compare_attributes(old: Any, new: Any, name: str, found: Differences) -> None:
    if old is None:
        return
    allowed = {"dimension": "ref", "sheetFormatPr": "outlineLevelCol"}[name]
    if _told(old, allowed) != _told(new, allowed):
        found.add(f"{name} changed")


def _compare_columns(old: etree._Element, new: etree._Element, ours: Collection[int], found: Differences) -> None:
    before, after = _column_settings(old), _column_settings(new)
    edges = sorted({edge for spans in (before, after) for first, last, _ in spans for edge in (first, last)})
    for column in edges:
        if column not in ours and _setting(before, column) != _setting(after, column):
            found.add(f"the settings of column {column} changed")


def _column_settings(root: etree._Element) -> list[tuple[int, int, dict[str, str]]]:
    return [
        (
            int(col.get("min", "1")),
            int(col.get("max", "1")),
            _told(col, "min", "max"),
        )
        for col in root.iterfind("{*}cols/{*}col")
    ]


def _setting(spans: list[tuple[int, int, dict[str, str]]], column: int) -> dict[str, str] | None:
    return next((told for first, last, told in spans if first <= column <= last), None)


def _compare_table(old: etree._Element, new: etree._Element, found: Differences) -> None:
    if _told(old, "ref") != _told(new, "ref"):
        found.add("an attribute of the table changed")
    names = [child.get("name", "").casefold() for child in new.iterfind("{*}tableColumns/{*}tableColumn")]
    if len(set(names)) != len(names):
        found.add("two columns of the table share a name")
    for child, twin in zip(old, new, strict=False):
        if _local(child) == "tableColumns":
            if [_shape(c) for c in child] != [_shape(c) for c in twin][: len(child)]:
                found.add("a column of the table changed")
        elif _local(child) == "autoFilter":
            if [_shape(c) for c in child] != [_shape(c) for c in twin]:
                found.add("the filter of the table changed")
        elif _shape(child) != _shape(twin):
            found.add(f"{_local(child)} of the table changed")


def _compare_styles(old: etree._Element, new: etree._Element, found: Differences) -> None:
    for child in old:
        name = _local(child)
        twin = new.find(child.tag) if isinstance(child.tag, str) else None
        before = [_shape(item) for item in child if isinstance(item.tag, str)]
        after = [] if twin is None else [_shape(item) for item in twin if isinstance(item.tag, str)]
        if name in _APPENDED:
            after = after[: len(before)]
        if name != "#" and before != after:
            found.add(f"styles: {name} changed")


def _compare_custom(old: etree._Element, new: etree._Element, found: Differences) -> None:
    before, after = ([_shape(child) for child in root if not _is_our_name(child)] for root in (old, new))
    if before != after:
        found.add("a custom property of the user changed")


def _compare_book(old: etree._Element, new: etree._Element, found: Differences) -> None:
    grown = ("calcPr", "sheets", "definedNames")
    before = [_shape(child) for child in old if _local(child) not in grown]
    after = [_shape(child) for child in new if _local(child) not in grown]
    if before != after:
        found.add("the workbook part changed beyond its sheets and its recalculation flag")
    _compare_list(old.find("{*}sheets"), new.find("{*}sheets"), found)
    before, after = _users_names(old), _users_names(new)
    if after[: len(before)] != before:
        found.add("a defined name changed")
    calc, twin = old.find("{*}calcPr"), new.find("{*}calcPr")
    if _told(calc, "fullCalcOnLoad") != _told(twin, "fullCalcOnLoad"):
        found.add("the calculation settings changed")


def _users_names(book: etree._Element) -> list[Any]:
    return [_shape(name) for name in book.iterfind("{*}definedNames/{*}definedName") if not _is_our_name(name)]


def _is_our_name(element: etree._Element) -> bool:
    """Whether a defined name or a custom property is one of those that we write."""
    return element.get("name", "").casefold().startswith(("hrdd", "orders_"))


def _compare_list(old: etree._Element | None, new: etree._Element | None, found: Differences) -> None:
    """Lists may only grow at their ends."""
    before = [] if old is None else list(map(_shape, old))
    after = [] if new is None else list(map(_shape, new))
    if after[: len(before)] != before:
        found.add("an entry was lost or changed")


_KINDS: Mapping[str, Callable[[etree._Element, etree._Element, Differences], None]] = {
    "styleSheet": _compare_styles,
    "table": _compare_table,
    "workbook": _compare_book,
    "Properties": _compare_custom,
    "Relationships": _compare_list,
    "Types": _compare_list,
}
