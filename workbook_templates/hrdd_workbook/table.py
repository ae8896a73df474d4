"""Tables: which one holds the transactions, and how it grows by our columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from hrdd_workbook.parts import parse, relations_of
from hrdd_workbook.refs import Area, area

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from hrdd_workbook.package import Package


@dataclass(frozen=True)
class Table:
    """A table as its part says: names, area, and whether its first and last rows are header and totals."""

    part: str
    name: str
    area: Area
    header_rows: int
    totals_rows: int
    columns: tuple[str, ...]
    linked: bool

    @property
    def data_bottom(self) -> int:
        """The last row of data."""
        return self.area.bottom - self.totals_rows


def tables_of(package: Package, sheet_part: str) -> list[Table]:
    """The tables of a worksheet."""
    found = []
    for relation in relations_of(package, sheet_part):
        member = package.find(relation.target) if relation.kind == "table" else None
        table = _read(package, member) if member is not None else None
        if table is not None:
            found.append(table)
    return found


def _read(package: Package, member: ZipInfo) -> Table | None:
    root = parse(package, member)
    where = area(root.get("ref", ""))
    if where is None:
        return None
    columns = root.find(f"{{{etree.QName(root).namespace}}}tableColumns")
    names = () if columns is None else tuple(child.get("name", "") for child in columns)
    return Table(
        member.filename,
        root.get("displayName") or root.get("name") or "",
        where,
        _count(root.get("headerRowCount", "1")),
        _count(root.get("totalsRowCount", "0")),
        names,
        root.get("tableType") == "queryTable" or bool(relations_of(package, member.filename)),
    )


def _count(text: str) -> int:
    return int(text) if text.isdigit() else 0


def grow(root: etree._Element, headers: list[str], bottom: int) -> None:
    """Widen a table by columns at its right edge; `bottom` is its last row, totals included."""
    namespace = etree.QName(root).namespace
    where = area(root.get("ref", ""))
    columns = root.find(f"{{{namespace}}}tableColumns")
    assert where is not None  # noqa: S101  # the caller read this table already
    assert columns is not None  # noqa: S101
    wider = Area(where.top, where.left, bottom, where.right + len(headers))
    root.set("ref", str(wider))
    _grow_filter(root.find(f"{{{namespace}}}autoFilter"), len(headers))
    ids = [int(child.get("id", "0")) for child in columns if child.get("id", "0").isdigit()]
    for offset, header in enumerate(headers, 1):
        etree.SubElement(columns, f"{{{namespace}}}tableColumn", id=str(max(ids) + offset), name=header)
    columns.set("count", str(len(columns)))


def _grow_filter(element: etree._Element | None, more: int) -> None:
    where = area(element.get("ref", "")) if element is not None else None
    if element is not None and where is not None:
        element.set("ref", str(Area(where.top, where.left, where.bottom, where.right + more)))


def column_name(header: str) -> str:
    """A header as a table spells it: line breaks and other control characters as _xHHHH_."""
    return "".join(f"_x{ord(char):04x}_" if ord(char) < 32 else char for char in header)
