"""Workbooks spelled out as XML: what no library here writes, but Excel and others do."""

# XML of one element reads better on one line

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REL_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MS = "http://schemas.microsoft.com/office"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
    '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" '
    'fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    '</cellStyles><dxfs count="0"/><tableStyles count="0"/></styleSheet>'
)
STRINGS = (
    f'<sst xmlns="{MAIN}" count="6" uniqueCount="6"><si><t>Product</t></si><si><t>End user</t></si><si><t>Destination '
    'country</t></si><si><t>Face recognition</t></si><si><r><t xml:space="preserve">Ministry </t></r><r><rPr><b/></rPr>'
    '<t>of Interior</t></r></si><si><t xml:space="preserve"> Kenya </t></si></sst>'
)
HEADER = (
    '<row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
)
ROWS = HEADER + "".join(
    f'<row r="{n}"><c r="A{n}" t="s"><v>3</v></c><c r="B{n}" t="s"><v>4</v></c><c r="C{n}" s="2"><v>{44000 + n}</v></c></row>'
    for n in range(2, 8)
)


@dataclass
class Book:
    """A workbook in parts; `write` makes the zip. Content types and relations follow from the parts."""

    parts: dict[str, bytes | str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    book_rels: list[tuple[str, str, str]] = field(default_factory=list)
    sheets: list[tuple[str, str]] = field(default_factory=lambda: [("Orders", "rId1")])
    book_extra: str = ""
    book_start: str = ""
    main_type: str = f"{SHEET_TYPE}.sheet.main+xml"
    namespace: str = MAIN
    relation: str = REL

    def write(self, path: Path, zipper: Callable[[Path, Mapping[str, bytes]], None] | None = None) -> Path:
        """Write the workbook as a zip."""
        (zipper or plain_zip)(path, self.members())
        return path

    def members(self) -> dict[str, bytes]:
        """All parts with the ones that list them."""
        parts = dict(self.parts)
        rels = "".join(
            f'<Relationship Id="{key}" Type="{self.relation}/{kind}" Target="{target}"/>'
            for key, kind, target in self.book_rels
        )
        sheets = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="{key}"/>' for n, (name, key) in enumerate(self.sheets, 1)
        )
        listed = {
            "[Content_Types].xml": self._content_types(),
            "_rels/.rels": relations((("rId1", f"{self.relation}/officeDocument", "xl/workbook.xml"),)),
            "xl/workbook.xml": f'<workbook xmlns="{self.namespace}" xmlns:r="{self.relation}">{self.book_start}'
            f"<sheets>{sheets}</sheets>{self.book_extra}</workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{rels}</Relationships>',
        }
        return {name: _bytes(content) for name, content in (listed | parts).items()}

    def _content_types(self) -> str:
        overrides = {"/xl/workbook.xml": self.main_type} | {f"/{name}": kind for name, kind in self.types.items()}
        listed = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        return (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Default Extension="vml" '
            f'ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>{listed}</Types>'
        )


def _bytes(content: bytes | str) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if content.startswith("<?xml") else DECLARATION + content).encode()


def relations(rows: tuple[tuple[str, str, str], ...], extra: str = "") -> str:
    """A relationships part."""
    listed = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in rows)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}{extra}</Relationships>'


def plain_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """A zip as most programs write it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name, (2021, 5, 6, 7, 8, 10)), data, zipfile.ZIP_DEFLATED)


def sheet_xml(rows: str = ROWS, *, before: str = "", after: str = "", root: str = "", namespace: str = MAIN) -> str:
    """A worksheet part."""
    return (
        f'<worksheet xmlns="{namespace}" xmlns:r="{REL}"{root}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def book(sheet: bytes | str | None = None, **options: object) -> Book:
    """A workbook with one sheet, shared strings and styles."""
    made = Book(**options)  # type: ignore[arg-type]
    made.parts |= {
        "xl/worksheets/sheet1.xml": sheet_xml() if sheet is None else sheet,
        "xl/sharedStrings.xml": STRINGS.replace(MAIN, made.namespace),
        "xl/styles.xml": STYLES.replace(MAIN, made.namespace),
    }
    made.types |= {
        "xl/worksheets/sheet1.xml": f"{SHEET_TYPE}.worksheet+xml",
        "xl/sharedStrings.xml": f"{SHEET_TYPE}.sharedStrings+xml",
        "xl/styles.xml": f"{SHEET_TYPE}.styles+xml",
    }
    made.book_rels += [
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "sharedStrings", "sharedStrings.xml"),
        ("rId3", "styles", "styles.xml"),
    ]
    return made


def table_xml(ref: str = "A1:C7", *, extra: str = "", inner: str = "", name: str = "Orders1") -> str:
    """A table part over the rows of `ROWS`."""
    columns = "".join(
        f'<tableColumn id="{n}" name="{header}"/>'
        for n, header in enumerate(("Product", "End user", "Destination country"), 1)
    )
    body = inner or f'<autoFilter ref="{ref}"/>'
    return (
        f'<table xmlns="{MAIN}" id="1" name="{name}" displayName="{name}" ref="{ref}"{extra}>{body}'
        f'<tableColumns count="3">{columns}</tableColumns><tableStyleInfo name="TableStyleMedium2" '
        'showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>'
    )


def with_related(made: Book, rows: list[tuple[str, str, str, str | bytes, str]]) -> Book:
    """Give the first sheet related parts: id, kind, target below xl/, content, content type."""
    listed = []
    for key, kind, target, content, content_type in rows:
        made.parts[f"xl/{target}"] = content
        if content_type:
            made.types[f"xl/{target}"] = content_type
        listed.append((key, kind if "://" in kind else f"{REL}/{kind}", f"../{target}"))
    made.parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(tuple(listed))
    return made


def with_table(table: str | None = None, rows: str = ROWS, **options: str) -> Book:
    """A workbook whose rows are a table."""
    after = options.pop("after", "")
    sheet = sheet_xml(rows, after=after + '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>', **options)
    content = table_xml() if table is None else table
    return with_related(book(sheet), [("rId1", "table", "tables/table1.xml", content, f"{SHEET_TYPE}.table+xml")])


# ---- zips that are legal and unusual


def stored_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Nothing compressed, an archive comment, extra fields and comments on members."""
    with zipfile.ZipFile(path, "w") as package:
        package.comment = b"from the archive"
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1999, 12, 31, 23, 59, 58))
            info.extra = b"UT\x05\x00\x03\x01\x02\x03\x04"
            info.comment = b"a member"
            info.external_attr = 0o640 << 16
            package.writestr(info, data)


def streamed_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Sizes behind the data, as writers to a pipe do."""

    class Pipe:
        def __init__(self, file: object) -> None:
            self.file = file

        def write(self, data: bytes) -> int:
            return self.file.write(data)  # type: ignore[attr-defined,no-any-return]

        def flush(self) -> None:
            self.file.flush()  # type: ignore[attr-defined]

    with path.open("wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[call-overload]
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def zip64_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Sizes in zip64 records although they are small."""
    body, directory = b"", b""
    for name, data in members.items():
        encoded, crc = name.encode(), zlib.crc32(data)
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = deflate.compress(data) + deflate.flush()
        wide = struct.pack("<HHQQ", 1, 16, len(data), len(packed))
        fixed = struct.pack("<HHHHHI", 45, 0, 8, 0x6000, 0x5221, crc) + b"\xff" * 8
        offset = len(body)
        body += b"PK\x03\x04" + fixed + struct.pack("<HH", len(encoded), len(wide)) + encoded + wide + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 45) + fixed
        directory += struct.pack("<HHHHHII", len(encoded), len(wide), 0, 0, 0, 0, offset) + encoded + wide
    count = len(members)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(body + directory + end)


def backslash_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Names with backslashes, as some Windows tools write them."""
    plain_zip(path, {name.replace("/", "\\"): data for name, data in members.items()})


def other_case_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Names in another case than the relations give."""
    plain_zip(path, {name.replace("worksheets/sheet1", "WorkSheets/Sheet1"): data for name, data in members.items()})
