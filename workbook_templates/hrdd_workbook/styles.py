"""Our looks, appended to a workbook's styles: nothing that is there is changed or renumbered.

The named cell style `MARK` on a header cell records that the column is ours. It survives saving by Excel
and LibreOffice and moves with the cell, so that a user's column of the same header is never taken for ours.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from hrdd_workbook.palette import HEADER_STYLES, LINK, QUIET, RULE_COLOUR, TINTS, TITLE
from hrdd_workbook.parts import MAIN

MARK = "HRDD result"
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_IN_FONT = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_MOST_XFS = 65_000


@dataclass(frozen=True)
class Look:
    """How a cell of ours looks; `size` is in points, `turn` in degrees, `rule` is a hairline below, `side` the
    horizontal alignment. Colours are RRGGBB.
    """

    number_format: str = "General"
    wrap: bool = False
    bold: bool = False
    italic: bool = False
    fill: str | None = None
    ink: str | None = None
    underlined: bool = False
    size: float | None = None
    side: str | None = None
    turn: int = 0
    rule: bool = False


def _answer(word: str) -> Look:
    style = next(tint.style for tint in TINTS["answer"] if tint.word == word)
    return Look(ink=style.ink if style.fill != "A63D2F" else style.fill, bold=style.bold, side="center", rule=True)


LOOKS: dict[str, Look] = {
    "header": Look(bold=True, fill=HEADER_STYLES["result"].fill, ink=HEADER_STYLES["result"].ink, wrap=True),
    "asked": Look(bold=True, fill=HEADER_STYLES["input"].fill, ink=HEADER_STYLES["input"].ink, wrap=True),
    "code": Look(number_format="@"),
    "turned": Look(fill=HEADER_STYLES["result"].fill, ink=HEADER_STYLES["result"].ink, wrap=True, turn=90, size=9),
    "text": Look(),
    "wrapped": Look(wrap=True),
    "number": Look(number_format="General"),
    "decimal": Look(number_format="#,##0.00"),
    "percent": Look(number_format="0%"),
    "date": Look(number_format="yyyy-mm-dd"),
    "bool": Look(),
    "title": Look(bold=True, ink=TITLE.ink, size=20),
    "note": Look(ink=QUIET.ink),
    "link": Look(ink=LINK.ink, wrap=True, underlined=True),
    "word": Look(side="center", rule=True),
    "line": Look(wrap=True, rule=True),
    "count": Look(number_format="#,##0", side="center", rule=True),
    "quiet": Look(ink=QUIET.ink, wrap=True, rule=True),
    "place": Look(ink=LINK.ink, underlined=True, rule=True),
    "YES": _answer("YES"),
    "UNKNOWN": _answer("UNKNOWN"),
    "NO": _answer("NO"),
}
_BUILT_IN = {"General": 0, "0%": 9, "#,##0.00": 4}

#: The look of a result by family and word, as the template has it: one palette for both.
COLOURS = {family: {tint.word: tint.style for tint in TINTS[family]} for family in ("rating", "disposition", "answer")}

_BLANK = (
    f'<styleSheet xmlns="{MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def blank_styles() -> etree._Element:
    """The styles of a workbook that has none."""
    return etree.fromstring(_BLANK.encode())


class Styles:
    """A style sheet that only grows. `changed` says whether anything was appended."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.changed = False
        self._looks: dict[str, int] = {}
        self._namespace = etree.QName(root).namespace

    def marked(self) -> set[int]:
        """The cell formats that carry our named style."""
        xf_id = self._mark_id()
        if xf_id is None:
            return set()
        return {index for index, xf in enumerate(self._items("cellXfs")) if xf.get("xfId", "0") == str(xf_id)}

    def look(self, name: str) -> int:
        """The cell format of a look, appended when it is not there yet."""
        if name not in self._looks:
            self._looks[name] = self._look(name)
        return self._looks[name]

    def _look(self, name: str) -> int:
        look = LOOKS[name]
        xf = self._element("xf", numFmtId=str(self._number_format(look.number_format)))
        xf.set("fontId", str(self._font(look)))
        xf.set("fillId", str(self._fill(look)))
        xf.set("borderId", str(self._border(look)))
        xf.set("xfId", str(self._marking() if name == "header" else 0))
        applied = {
            "NumberFormat": look.number_format != "General",
            "Font": xf.get("fontId") != "0",
            "Fill": look.fill,
            "Border": look.rule,
            "Alignment": look.wrap or look.side or look.turn or look.rule,
        }
        for part, wanted in applied.items():
            if wanted:
                xf.set(f"apply{part}", "1")
        if applied["Alignment"]:
            xf.append(self._alignment(look))
        return self._place("cellXfs", xf)

    def _alignment(self, look: Look) -> etree._Element:
        told = {"horizontal": look.side, "vertical": "bottom" if look.turn or look.fill else "top"}
        told |= {"textRotation": str(look.turn) if look.turn else None, "wrapText": "1" if look.wrap else None}
        return self._element("alignment", **{name: value for name, value in told.items() if value})

    def shows(self, index: int, kind: str) -> bool:
        """Whether a cell format of its own suits values of this kind: dates and shares need a number format."""
        xfs = self._items("cellXfs")
        plain = index == 0 or index >= len(xfs) or (kind in ("date", "percent") and xfs[index].get("numFmtId") == "0")
        return not plain

    def adopt(self, looks: Styles, index: int) -> int:
        """A cell format of another style sheet, appended with the font, fill, border and number format it names."""
        xf = deepcopy(looks._items("cellXfs")[index])
        for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            xf.set(attribute, str(self._place(name, deepcopy(looks._items(name)[int(xf.get(attribute, "0"))]))))
        codes = {item.get("numFmtId"): item.get("formatCode") or "" for item in looks._items("numFmts")}
        code = codes.get(xf.get("numFmtId"))
        if code:
            xf.set("numFmtId", str(self._number_format(code)))
        xf.set("xfId", str(self._marking() if index in looks.marked() else 0))
        return self._place("cellXfs", xf)

    def adopt_difference(self, looks: Styles, index: int) -> int:
        """A differential format of another style sheet, appended when it is not there yet."""
        return self._place("dxfs", deepcopy(looks._items("dxfs")[index]))

    def mark(self, style: int) -> int:
        """A cell format that looks like `style` and carries our named style."""
        xfs = self._items("cellXfs")
        xf = deepcopy(xfs[style] if style < len(xfs) else xfs[0])
        xf.set("xfId", str(self._marking()))
        for part in ("NumberFormat", "Font", "Fill", "Border", "Alignment", "Protection"):
            xf.set(f"apply{part}", "1")
        return self._place("cellXfs", xf)

    def colour(self, family: str, value: str) -> int:
        """The differential format of a value's colour, appended when it is not there yet."""
        style = COLOURS[family][value]
        dxf = self._element("dxf")
        font = etree.SubElement(dxf, self._tag("font"))
        for name, wanted in (("b", style.bold), ("i", style.italic)):
            if wanted:
                etree.SubElement(font, self._tag(name))
        etree.SubElement(font, self._tag("color"), rgb=f"FF{style.ink}")
        if style.fill:
            pattern = etree.SubElement(etree.SubElement(dxf, self._tag("fill")), self._tag("patternFill"))
            pattern.set("patternType", "solid")
            etree.SubElement(pattern, self._tag("fgColor"), rgb=f"FF{style.fill}")
            etree.SubElement(pattern, self._tag("bgColor"), rgb=f"FF{style.fill}")
        return self._place("dxfs", dxf)

    def _tag(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}"

    def _element(self, tag: str, /, **attributes: str) -> etree._Element:
        return self.root.makeelement(self._tag(tag), attributes)

    def _list(self, name: str) -> etree._Element:
        found = self.root.find(self._tag(name))
        if found is None:
            found = self._element(name, count="0")
            later = {self._tag(after) for after in _ORDER[_ORDER.index(name) + 1 :]}
            place = next((i for i, child in enumerate(self.root) if child.tag in later), len(self.root))
            self.root.insert(place, found)
        return found

    def _items(self, name: str) -> list[etree._Element]:
        found = self.root.find(self._tag(name))
        return [] if found is None else [_plain(child) for child in found if isinstance(child.tag, str)]

    def _place(self, name: str, made: etree._Element) -> int:
        items = self._items(name)
        for index, item in enumerate(items):
            if _same(item, made):
                return index
        if name == "cellXfs" and len(items) >= _MOST_XFS:
            return 0
        found = self._list(name)
        found.append(made)
        found.set("count", str(len(items) + 1))
        self.changed = True
        return len(items)

    def _number_format(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        items = self._items("numFmts")
        known = [item.get("numFmtId", "0") for item in items if item.get("formatCode") == code]
        if known and known[0].isdigit():
            return int(known[0])
        taken = [int(item.get("numFmtId", "0")) for item in items if item.get("numFmtId", "0").isdigit()]
        number = max([163, *taken]) + 1
        self._place("numFmts", self._element("numFmt", numFmtId=str(number), formatCode=code))
        return number

    def _font(self, look: Look) -> int:
        """The workbook's own font with what the look changes."""
        marks = {"b": look.bold, "i": look.italic, "u": look.underlined}
        if not any(marks.values()) and not look.ink and not look.size:
            return 0
        fonts = self._items("fonts")
        font = deepcopy(fonts[0]) if fonts else self._element("font")
        said = {child.tag: child for child in font if isinstance(child.tag, str)}
        for name, wanted in marks.items():
            said.pop(self._tag(name), None)
            said |= {self._tag(name): self._element(name)} if wanted else {}
        said[self._tag("color")] = self._element("color", rgb=f"FF{look.ink or '000000'}")
        size = said.get(self._tag("sz"))
        if size is not None and look.size:
            size.set("val", f"{look.size:g}")
        font[:] = sorted(said.values(), key=lambda child: _place_in_font(etree.QName(child).localname))
        return self._place("fonts", font)

    def _border(self, look: Look) -> int:
        if not look.rule:
            return 0
        border = self._element("border")
        for name in ("left", "right", "top", "bottom", "diagonal"):
            side = etree.SubElement(border, self._tag(name))
            if name == "bottom":
                side.set("style", "thin")
                etree.SubElement(side, self._tag("color"), rgb=f"FF{RULE_COLOUR}")
        return self._place("borders", border)

    def _fill(self, look: Look) -> int:
        if not look.fill:
            return 0
        fill = self._element("fill")
        pattern = etree.SubElement(fill, self._tag("patternFill"), patternType="solid")
        etree.SubElement(pattern, self._tag("fgColor"), rgb=f"FF{look.fill}")
        etree.SubElement(pattern, self._tag("bgColor"), indexed="64")
        return self._place("fills", fill)

    def _mark_id(self) -> int | None:
        for style in self._items("cellStyles"):
            if style.get("name") == MARK and (style.get("xfId") or "").isdigit():
                return int(style.get("xfId", "0"))
        return None

    def _marking(self) -> int:
        """The number of our named style, appended when it is not there yet."""
        known = self._mark_id()
        if known is not None:
            return known
        number = len(self._items("cellStyleXfs"))
        found = self._list("cellStyleXfs")
        found.append(self._element("xf", numFmtId="0", fontId="0", fillId="0", borderId="0"))
        found.set("count", str(number + 1))
        self._place("cellStyles", self._element("cellStyle", name=MARK, xfId=str(number)))
        self.changed = True
        return number


def _plain(item: etree._Element) -> etree._Element:
    """The entry itself, or what stands for it where a program wrote one for itself and one for all others."""
    told = item.find("{*}Fallback/{*}*") if etree.QName(item).localname == "AlternateContent" else None
    return item if told is None else told


def _place_in_font(name: str) -> int:
    """Where an element of a font stands; some writers give them in another order, which Excel takes too."""
    return _IN_FONT.index(name) if name in _IN_FONT else len(_IN_FONT)


def _same(one: etree._Element, other: etree._Element) -> bool:
    """Whether two elements say the same, whatever their prefixes and blanks."""
    if one.tag != other.tag or sorted(one.attrib.items()) != sorted(other.attrib.items()) or len(one) != len(other):
        return False
    if (one.text or "").strip() != (other.text or "").strip():
        return False
    return all(_same(a, b) for a, b in zip(one, other, strict=True))
