"""Drop-downs and messages for columns that have none: rules of a sheet that we have drawn, spelled into a user's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from lxml import etree

from hrdd_workbook.frame import after_formats
from hrdd_workbook.parts import MAIN
from hrdd_workbook.refs import LAST_ROW, Area, area
from hrdd_workbook.sheet import Element, Head

_RANGES = re.compile(rb"<(?:[\w.-]+:)?dataValidation\s[^<>]*?\bsqref\s*=\s*\"([^\"]*)\"|<xm:sqref>([^<]*)</xm:sqref>")
_COUNT = re.compile(rb"\bcount\s*=\s*\"\d+\"")


def rules_of(sheet: etree._Element) -> dict[int, etree._Element]:
    """The rules of a drawn sheet by the number of the column that they are for."""
    found = {}
    for rule in sheet.iter(f"{{{MAIN}}}dataValidation"):
        where = area(rule.get("sqref", ""))
        if where is not None:
            found[where.left] = rule
    return found


def with_rules(
    tail: bytes, head: Head, elements: tuple[Element, ...], header_row: int, rules: Mapping[str, etree._Element]
) -> tuple[bytes, int]:
    """What follows the rows, with rules by the letters of their columns, and how many came in.

    A column that has a rule keeps its own.
    """
    ruled = list(_ruled(tail))
    made = [
        _spelled(head.prefix, rule, f"{letters}{header_row + 1}:{letters}{LAST_ROW}")
        for letters, rule in rules.items()
        if not any(where.meets(_column(letters, header_row)) for where in ruled)
    ]
    if not made:
        return tail, 0
    new = "".join(made).encode()
    standing = next((element for element in elements if element.name == "dataValidations"), None)
    if standing is not None and tail[standing.start : standing.end].endswith(b"/>"):
        return with_rules(tail[: standing.start] + tail[standing.end :], head, (), header_row, rules)
    if standing is not None:
        end = tail.rindex(b"</", standing.start, standing.end)
        old = tail[standing.start : end]
        count = len(re.findall(rb"<(?:[\w.-]+:)?dataValidation[\s>]", old)) + len(made)
        return tail[: standing.start] + _COUNT.sub(b'count="%d"' % count, old, count=1) + new + tail[end:], len(made)
    place = after_formats(tail, head, elements)
    p = head.prefix.encode()
    whole = b'<%bdataValidations count="%d">%b</%bdataValidations>' % (p, len(made), new, p)
    return tail[:place] + whole + tail[place:], len(made)


def _ruled(tail: bytes) -> Iterator[Area]:
    for plain, extended in _RANGES.findall(tail):
        for text in (plain or extended).decode().split():
            where = area(text)
            if where is not None:
                yield where


def _column(letters: str, header_row: int) -> Area:
    where = area(f"{letters}{header_row + 1}:{letters}{LAST_ROW}")
    assert where is not None  # noqa: S101  # letters of a column
    return where


def _spelled(p: str, rule: etree._Element, where: str) -> str:
    told = {str(name): str(value) for name, value in rule.attrib.items()} | {"sqref": where}
    attributes = "".join(f' {name}="{_attribute(value)}"' for name, value in told.items())
    inner = "".join(_formula(p, child) for child in rule)
    return f"<{p}dataValidation{attributes}>{inner}</{p}dataValidation>"


def _formula(p: str, child: etree._Element) -> str:
    name = etree.QName(child).localname
    return f"<{p}{name}>{escape(child.text or '', quote=False)}</{p}{name}>"


def _attribute(value: str) -> str:
    """An attribute's value; a line break in it would be read as a blank."""
    return escape(value).replace("\n", "&#10;")
