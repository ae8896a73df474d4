"""Our custom property: the workbook's own record of which headers and sheets are ours.

It is kept where a workbook has custom properties already, as every workbook of our template does; adding the part
would change three others. Elsewhere the named style `styles.MARK` alone tells. A text property holds at most 255
characters in Excel, so the record is spread over "HRDD columns", "HRDD columns 2" and so on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

NAME = "HRDD columns"
_LONGEST = 255
_BLANK = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/customProperties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_STRICT_VALUES = "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"


@dataclass(frozen=True)
class Record:
    """The headers that are ours by the name of their sheet, and the names of sheets that are ours as a whole."""

    columns: Mapping[str, list[str]] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    def extended(self, sheets: Iterable[str], columns: Mapping[str, list[str]] = MappingProxyType({})) -> Record:
        """The record after a write: sheets added, the headers of some sheets anew."""
        return Record({**self.columns, **columns}, tuple(sorted({*self.sheets, *sheets})))


def read_record(root: etree._Element) -> Record:
    """The record in a workbook's custom properties; empty when there is none or somebody garbled it."""
    text = "".join(element[0].text or "" for element in _ours(root) if len(element))
    try:
        told = json.loads(text)
        return Record({str(k): [str(v) for v in vs] for k, vs in told["columns"].items()}, tuple(told["sheets"]))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Record()


def write_record(root: etree._Element, record: Record) -> bool:
    """Put the record into custom properties; False when it stands there already."""
    if read_record(root) == record:
        return False
    for element in _ours(root):
        root.remove(element)
    text = json.dumps({"columns": dict(record.columns), "sheets": record.sheets}, separators=(",", ":"))
    for at in range(0, len(text), _LONGEST):
        _add(root, _name(at // _LONGEST + 1), text[at : at + _LONGEST])
    return True


def blank_properties() -> etree._Element:
    """The custom properties of a workbook that has none."""
    return etree.fromstring(_BLANK)


def tell(root: etree._Element, name: str, text: str) -> None:
    """Write a text property, in the place of one of this name."""
    for element in [child for child in root if child.get("name") == name]:
        root.remove(element)
    _add(root, name, text)


def _add(root: etree._Element, name: str, text: str) -> None:
    namespace = etree.QName(root).namespace
    values = _STRICT_VALUES if namespace == _STRICT else _VALUES
    taken = [int(element.get("pid", "1")) for element in root if (element.get("pid") or "").isdigit()]
    told = {"fmtid": _FORMAT, "pid": str(max([1, *taken]) + 1), "name": name}
    element = etree.SubElement(root, f"{{{namespace}}}property", told)
    etree.SubElement(element, f"{{{values}}}lpwstr").text = text


def _name(number: int) -> str:
    return NAME if number == 1 else f"{NAME} {number}"


def _ours(root: etree._Element) -> list[etree._Element]:
    """Our properties in the order of their numbers."""
    by_name = {element.get("name"): element for element in root if isinstance(element.tag, str)}
    found: list[etree._Element] = []
    while (element := by_name.get(_name(len(found) + 1))) is not None:
        found.append(element)
    return found
