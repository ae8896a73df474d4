"""Makers of workbooks with one rare feature each, for the loss test."""

# XML of one element reads better on one line

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import handmade as h
from handmade import MAIN, MC, MS, REL, ROWS, SHEET_TYPE, X14, X14AC, book, sheet_xml, with_related, with_table

Maker = Callable[[Path], object]
MAKERS: dict[str, Maker] = {}
#: Workbooks that must be declined, with words of the reason.
DECLINED: dict[str, str] = {}


def maker(name: str, declined: str = "") -> Callable[[Maker], Maker]:
    """Register a maker under the file name that it writes."""

    def register(make: Maker) -> Maker:
        MAKERS[name] = make
        if declined:
            DECLINED[name] = declined
        return make

    return register


def _sheet(name: str, sheet: bytes | str, declined: str = "") -> None:
    maker(name, declined)(lambda path: book(sheet).write(path))


# ---- spellings of the sheet

_PREFIXED = (
    ROWS.replace("<row", "<x:row").replace("</row", "</x:row").replace("<c ", "<x:c ").replace("</c>", "</x:c>")
    .replace("<v>", "<x:v>").replace("</v>", "</x:v>")
)  # fmt: skip


def _prefixed(namespace: str) -> str:
    return f'<x:worksheet xmlns:x="{namespace}"><x:dimension ref="A1:C7"/><x:sheetData>{_PREFIXED}</x:sheetData></x:worksheet>'


_NO_ROW_R = ROWS
for _n in range(1, 8):
    _NO_ROW_R = _NO_ROW_R.replace(f'<row r="{_n}">', "<row>")
_NO_R = _NO_ROW_R
for _n in range(1, 8):
    for _letter in "ABC":
        _NO_R = _NO_R.replace(f' r="{_letter}{_n}"', "")
_SPANS = ROWS.replace('<row r="2">', '<row r="2" spans="1:3" ht="30" customHeight="1" x14ac:dyDescent="0.25">')
_SPANS = _SPANS.replace(
    '<row r="4">', '<row r="4" spans="1:3" x14ac:dyDescent="0.3" s="1" customFormat="1" hidden="1">'
)
_AC = f' xmlns:mc="{MC}" mc:Ignorable="x14ac" xmlns:x14ac="{X14AC}"'
_PRETTY = sheet_xml(
    ROWS.replace("<row", "\n    <row").replace("<c ", "\n      <c ").replace("</row>", "\n    </row>") + "\n  "
)

_sheet("rows-without-r.xlsx", sheet_xml(_NO_ROW_R))
_sheet("cells-without-r.xlsx", sheet_xml(_NO_R))
_sheet("some-without-r.xlsx", sheet_xml(ROWS.replace(' r="B3"', "").replace('<row r="5">', "<row>")))
_sheet("wrong-dimension.xlsx", sheet_xml(before='<dimension ref="A1"/>'))
_sheet("huge-dimension.xlsx", sheet_xml(before='<dimension ref="A1:XFD1048576"/>'))
_sheet("odd-dimension.xlsx", sheet_xml(before='<dimension ref=""/>'))
_sheet("spans-and-heights.xlsx", sheet_xml(_SPANS, root=_AC))
_sheet("prefixed.xlsx", _prefixed(MAIN))
_sheet("pretty.xlsx", _PRETTY)
_sheet("windows-lines.xlsx", _PRETTY.replace("\n", "\r\n"))
_sheet("single-quotes.xlsx", sheet_xml(ROWS.replace('"', "'")))
_sheet(
    "attributes-in-other-order.xlsx",
    sheet_xml(ROWS.replace('r="C5" s="2"', 's="2" r="C5"').replace('r="A3" t="s"', 't="s" r="A3"')),
)
_sheet(
    "blanks-in-tags.xlsx",
    sheet_xml(ROWS.replace("</c>", "</c >").replace("</row>", "</row\n>").replace('<c r="A2"', '<c\tr="A2"')),
)
_sheet("greater-in-attributes.xlsx", sheet_xml(ROWS.replace('<row r="3">', '<row r="3" y:z="a>b" xmlns:y="urn:y">')))
_sheet(
    "empty-rows.xlsx",
    sheet_xml(
        ROWS.replace('<row r="4">', '<row r="4"/><row r="5" ht="20"/><row r="6">')
        .replace(
            '<row r="5"><c r="A5" t="s"><v>3</v></c><c r="B5" t="s"><v>4</v></c><c r="C5" s="2"><v>44005</v></c></row>',
            "",
        )
        .replace('r="A4"', 'r="A6"')
        .replace('r="B4"', 'r="B6"')
        .replace('r="C4"', 'r="C6"')
        .replace(
            '<row r="6"><c r="A6" t="s"><v>3</v></c><c r="B6" t="s"><v>4</v></c><c r="C6" s="2"><v>44006</v></c></row>',
            "",
        )
    ),
)
_sheet(
    "gaps-between-rows.xlsx",
    sheet_xml(ROWS.replace('"7"', '"70"').replace("A7", "A70").replace("B7", "B70").replace("C7", "C70")),
)
_sheet("byte-order-mark.xlsx", b"\xef\xbb\xbf" + (h.DECLARATION + sheet_xml()).encode())
_sheet("no-declaration.xlsx", sheet_xml().encode())
_sheet("comment-before-rows.xlsx", sheet_xml(before="<!-- <sheetData> is next --><dimension ref='A1:C7'/>"))
_sheet(
    "instruction-after-rows.xlsx",
    sheet_xml(
        after="<?app keep this?><pageMargins left='0.7' right='0.7' top='1' bottom='1' header='0.3' footer='0.3'/>"
    ),
)
_sheet(
    "comment-among-rows.xlsx", sheet_xml(ROWS.replace('<row r="3">', '<!-- here --><row r="3">')), "comments or CDATA"
)
_sheet("cdata-among-rows.xlsx", sheet_xml(ROWS.replace("<v>3</v>", "<v><![CDATA[3]]></v>", 1)), "comments or CDATA")
_sheet(
    "rows-out-of-order.xlsx",
    sheet_xml(ROWS.replace('"4"', '"9"').replace("A4", "A9").replace("B4", "B9").replace("C4", "C9")),
    "in order",
)
_sheet("cells-out-of-order.xlsx", sheet_xml(ROWS.replace("A3", "D3")), "in order")
_sheet("utf-16.xlsx", ('<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml()).encode("utf-16"), "UTF-16")
_sheet("latin-1.xlsx", ('<?xml version="1.0" encoding="ISO-8859-1"?>' + sheet_xml()).encode("latin-1"), "ISO-8859-1")
_sheet(
    "full-to-the-last-column.xlsx",
    sheet_xml(ROWS.replace("<v>44003</v></c></row>", '<v>44003</v></c><c r="XFD3"><v>1</v></c></row>')),
    "do not fit",
)
_sheet(
    "merged-across-the-sheet.xlsx",
    sheet_xml(after='<mergeCells count="1"><mergeCell ref="A3:XFD3"/></mergeCells>'),
    "do not fit",
)


@maker("strict.xlsx")
def _strict(path: Path) -> None:
    made = book(sheet_xml(namespace=h.STRICT).replace(REL, h.REL_STRICT), namespace=h.STRICT, relation=h.REL_STRICT)
    made.book_start = '<workbookPr dateCompatibility="0"/>'
    made.write(path)


@maker("strict-prefixed.xlsx")
def _strict_prefixed(path: Path) -> None:
    book(_prefixed(h.STRICT), namespace=h.STRICT, relation=h.REL_STRICT).write(path)


# ---- cells

_FORMULAS = (
    ROWS.replace("<v>44002</v></c></row>", '<v>44002</v></c><c r="D2"><f t="shared" ref="D2:D5" si="0">C2*2</f><v>88004</v></c></row>')
    .replace("<v>44003</v></c></row>", '<v>44003</v></c><c r="D3"><f t="shared" si="0"/><v>88006</v></c></row>')
    .replace("<v>44004</v></c></row>", '<v>44004</v></c><c r="D4" t="str"><f>UPPER("a &lt; b")</f><v>A &lt; B</v></c></row>')
    .replace("<v>44005</v></c></row>", '<v>44005</v></c><c r="D5"><f>SUM(C2:C4)</f></c></row>')
)  # fmt: skip
_ARRAY = ROWS.replace(
    "<v>44002</v></c></row>",
    '<v>44002</v></c><c r="D2" cm="1"><f t="array" ref="D2:D4">_xlfn.SEQUENCE(3)</f><v>1</v></c></row>',
).replace("<v>44003</v></c></row>", '<v>44003</v></c><c r="D3"><v>2</v></c></row>')
_KINDS = (
    ROWS.replace("<v>44002</v></c></row>", '<v>44002</v></c><c r="D2" t="e"><v>#N/A</v></c><c r="E2" t="b"><v>1</v></c></row>')
    .replace("<v>44003</v></c></row>", '<v>44003</v></c><c r="D3" t="d"><v>2024-02-03T04:05:06</v></c><c r="E3"/></row>')
    .replace("<v>44004</v></c></row>", '<v>44004</v></c><c r="D4" t="inlineStr"><is><r><rPr><b/><family val="2"/><color rgb="FF00FF00"/></rPr><t xml:space="preserve"> rich </t></r><rPh sb="0" eb="1"><t>ph</t></rPh></is></c></row>')
    .replace("<v>44005</v></c></row>", '<v>44005</v></c><c r="D5" t="inlineStr"><is><t>_x0007_ &amp; _x005F_x0041_ > "quoted"</t></is></c></row>')
    .replace("<v>44006</v></c></row>", f'<v>44006</v></c><c r="D6" t="inlineStr"><is><t>{"long " * 6500}</t></is></c><c r="E6"><v>27.299999999999997</v></c></row>')
)  # fmt: skip
_sheet("kinds-of-cells.xlsx", sheet_xml(_KINDS))


@maker("formulas.xlsx")
def _formulas(path: Path) -> None:
    made = book(sheet_xml(_FORMULAS))
    made.parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="D2" i="1"/><c r="D3"/><c r="D4"/></calcChain>'
    made.types["xl/calcChain.xml"] = f"{SHEET_TYPE}.calcChain+xml"
    made.book_rels.append(("rId9", "calcChain", "calcChain.xml"))
    made.book_extra = '<definedNames><definedName name="all">Orders!$A$1:$C$7</definedName></definedNames><calcPr calcId="191029" iterate="1"/>'
    made.write(path)


@maker("array-formula.xlsx")
def _array(path: Path) -> None:
    made = book(sheet_xml(_ARRAY))
    made.parts["xl/metadata.xml"] = (
        f'<metadata xmlns="{MAIN}"><metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" '
        'cellMeta="1"/></metadataTypes><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    )
    made.types["xl/metadata.xml"] = f"{SHEET_TYPE}.sheetMetadata+xml"
    made.book_rels.append(("rId9", "sheetMetadata", "metadata.xml"))
    made.write(path)


@maker("dates-from-1904.xlsx")
def _dates_1904(path: Path) -> None:
    made = book()
    made.book_start = '<workbookPr date1904="1"/>'
    made.write(path)


@maker("no-styles.xlsx")
def _no_styles(path: Path) -> None:
    made = book(sheet_xml(ROWS.replace(' s="1"', "").replace(' s="2"', "")))
    del made.parts["xl/styles.xml"], made.types["xl/styles.xml"]
    made.book_rels = [rel for rel in made.book_rels if rel[1] != "styles"]
    made.write(path)


@maker("bare-styles.xlsx")
def _bare_styles(path: Path) -> None:
    made = book(sheet_xml(ROWS.replace(' s="1"', "").replace(' s="2"', "")))
    made.parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}"/>'
    made.write(path)


@maker("alternate-styles.xlsx")
def _alternate_styles(path: Path) -> None:
    """Entries of which a program has one for itself and one for all others, as Hancom Office writes them."""
    made = book()
    for tag in (r"<font>.*?</font>", r'<xf [^>]*fontId="1"[^>]*/>'):
        made.parts["xl/styles.xml"] = re.sub(
            tag,
            lambda found: (
                f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:hs="urn:hs" Requires="hs">{found[0]}'
                f"</mc:Choice><mc:Fallback>{found[0]}</mc:Fallback></mc:AlternateContent>"
            ),
            str(made.parts["xl/styles.xml"]),
            count=1,
        )
    made.write(path)


# ---- around the rows

_EVERYTHING_AFTER = (
    '<sheetCalcPr fullCalcOnLoad="1"/><sheetProtection sheet="1" objects="1"/><protectedRanges><protectedRange sqref="A1:B2" name="r"/>'
    '</protectedRanges><scenarios><scenario name="s" count="1"><inputCells r="A2" val="1"/></scenario></scenarios>'
    '<autoFilter ref="A1:C7"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>'
    '<mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells><phoneticPr fontId="0"/><conditionalFormatting sqref="C2:C7">'
    '<cfRule type="dataBar" priority="7"><dataBar><cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/></dataBar>'
    '<extLst><ext uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}" xmlns:x14="' + X14 + '"><x14:id>{F}</x14:id></ext></extLst>'
    '</cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="list" sqref="B2:B7">'
    '<formula1>"a,b"</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref="A2" location="Orders!A1"/></hyperlinks>'
    '<printOptions gridLines="1"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    '<pageSetup orientation="landscape"/><headerFooter><oddHeader>&amp;L&amp;P</oddHeader></headerFooter>'
    '<rowBreaks count="1" manualBreakCount="1"><brk id="4" max="16383" man="1"/></rowBreaks><colBreaks count="1" manualBreakCount="1">'
    '<brk id="2" max="1048575" man="1"/></colBreaks><ignoredErrors><ignoredError sqref="A1:C7" numberStoredAsText="1"/></ignoredErrors>'
)  # fmt: skip
_X14 = (
    '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="' + X14 + '"><x14:conditionalFormattings>'
    '<x14:conditionalFormatting xmlns:xm="' + MS + '/excel/2006/main"><x14:cfRule type="dataBar" id="{F}" priority="12"><x14:dataBar minLength="0" '
    'maxLength="100"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/></x14:dataBar></x14:cfRule><xm:sqref>C2:C7</xm:sqref></x14:conditionalFormatting>'
    '</x14:conditionalFormattings></ext><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="' + X14 + '"><x14:dataValidations count="1" '
    'xmlns:xm="' + MS + '/excel/2006/main"><x14:dataValidation type="list"><x14:formula1><xm:f>Other!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>B3</xm:sqref>'
    '</x14:dataValidation></x14:dataValidations></ext><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="' + X14 + '"><x14:sparklineGroups '
    'xmlns:xm="' + MS + '/excel/2006/main"><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Orders!C2:C7</xm:f><xm:sqref>C8</xm:sqref></x14:sparkline>'
    '</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>'
)  # fmt: skip
_VIEW = (
    '<sheetPr codeName="Sheet1"><tabColor rgb="FFFF0000"/><outlinePr summaryRight="0"/></sheetPr><dimension ref="A1:C7"/><sheetViews><sheetView '
    'tabSelected="1" workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/><selection '
    'pane="bottomRight" activeCell="B2" sqref="B2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" outlineLevelCol="2"/>'
)  # fmt: skip
_sheet(
    "everything-around-rows.xlsx",
    sheet_xml(
        before=_VIEW
        + '<cols><col min="1" max="2" width="30" customWidth="1" outlineLevel="2"/><col min="3" max="16384" width="9" style="1"/></cols>',
        after=_EVERYTHING_AFTER + _X14,
    ),
)
_sheet("extensions-only.xlsx", sheet_xml(after=_X14))
_sheet("one-col-for-all.xlsx", sheet_xml(before='<cols><col min="1" max="16384" width="12.5" customWidth="1"/></cols>'))
_sheet(
    "merged-title.xlsx",
    sheet_xml(after='<mergeCells count="2"><mergeCell ref="A9:H9"/><mergeCell ref="A10:H12"/></mergeCells>'),
)
_sheet(
    "alternate-content.xlsx",
    sheet_xml(
        root=f' xmlns:mc="{MC}"',
        after=f'<mc:AlternateContent><mc:Choice Requires="x14" xmlns:x14="{X14}"><controls/></mc:Choice></mc:AlternateContent>',
    ),
)
_sheet(
    "row-extension.xlsx",
    sheet_xml(ROWS.replace("<v>44003</v></c></row>", '<v>44003</v></c><extLst><ext uri="urn:x"/></extLst></row>')),
)
_sheet(
    "macro-extension-names.xlsx",
    sheet_xml(
        root=' xmlns:xr="' + MS + '/spreadsheetml/2014/revision" xr:uid="{00000000-0001-0000-0000-000000000000}"'
    ),
)

# ---- tables

maker("table.xlsx")(lambda path: with_table().write(path))
maker("table-with-totals.xlsx")(
    lambda path: with_table(h.table_xml("A1:C7", extra=' totalsRowCount="1"', inner='<autoFilter ref="A1:C6"/>')).write(
        path
    )
)
maker("table-with-filter-and-sort.xlsx")(
    lambda path: with_table(
        h.table_xml(
            inner='<autoFilter ref="A1:C7"><filterColumn colId="2"><top10 val="3"/></filterColumn></autoFilter><sortState ref="A2:C7"><sortCondition ref="A1"/></sortState>'
        )
    ).write(path)
)
maker("table-without-filter.xlsx")(
    lambda path: with_table(h.table_xml(inner="<!-- -->").replace("<!-- -->", "")).write(path)
)
maker("table-without-header.xlsx")(lambda path: with_table(h.table_xml(extra=' headerRowCount="0"')).write(path))
maker("table-from-a-query.xlsx")(lambda path: with_table(h.table_xml(extra=' tableType="queryTable"')).write(path))
maker("table-with-data-beside.xlsx")(
    lambda path: with_table(
        rows=ROWS.replace("<v>44003</v></c></row>", '<v>44003</v></c><c r="D3"><v>1</v></c></row>')
    ).write(path)
)
maker("table-prefixed.xlsx")(
    lambda path: with_table(
        h.table_xml().replace("<table ", "<x:table ").replace("</table>", "</x:table>").replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        .replace("<autoFilter", "<x:autoFilter").replace("<tableColumn", "<x:tableColumn").replace("</tableColumns", "</x:tableColumns").replace("<tableStyleInfo", "<x:tableStyleInfo")
    ).write(path)
)  # fmt: skip


# ---- other parts


def _related(name: str, rows: list[tuple[str, str, str, str | bytes, str]], after: str = "") -> None:
    maker(name)(lambda path: with_related(book(sheet_xml(after=after)), rows).write(path))


_VML = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="s"/></xml>'
_COMMENTS = f'<comments xmlns="{MAIN}"><authors><author>A</author></authors><commentList><comment ref="A2" authorId="0"><text><t>note</t></text></comment></commentList></comments>'
_related(
    "comments-and-threads.xlsx",
    [
        ("rId1", "vmlDrawing", "drawings/vmlDrawing1.vml", _VML, ""),
        ("rId2", "comments", "comments1.xml", _COMMENTS, f"{SHEET_TYPE}.comments+xml"),
        ("rId3", f"{MS}/2017/10/relationships/threadedComment", "threadedComments/threadedComment1.xml",
         f'<ThreadedComments xmlns="{MS}/spreadsheetml/2018/threadedcomments"/>', "application/vnd.ms-excel.threadedcomments+xml"),
    ],
    '<legacyDrawing r:id="rId1"/>',
)  # fmt: skip
_related(
    "printer-settings.xlsx",
    [
        (
            "rId1",
            "printerSettings",
            "printerSettings/printerSettings1.bin",
            bytes(range(256)) * 4,
            f"{SHEET_TYPE}.printerSettings",
        )
    ],
    '<pageSetup r:id="rId1"/>',
)
_related(
    "pivot-table.xlsx",
    [
        (
            "rId1",
            "pivotTable",
            "pivotTables/pivotTable1.xml",
            f'<pivotTableDefinition xmlns="{MAIN}" name="P" cacheId="1"/>',
            f"{SHEET_TYPE}.pivotTable+xml",
        )
    ],
)
_related(
    "slicer.xlsx",
    [
        (
            "rId1",
            f"{MS}/2007/relationships/slicer",
            "slicers/slicer1.xml",
            f'<slicers xmlns="{X14}"/>',
            "application/vnd.ms-excel.slicer+xml",
        )
    ],
)
_related(
    "embedded-object.xlsx",
    [
        (
            "rId1",
            "oleObject",
            "embeddings/oleObject1.bin",
            b"\xd0\xcf\x11\xe0" + bytes(500),
            "application/vnd.openxmlformats-officedocument.oleObject",
        )
    ],
)
_related(
    "active-x.xlsx",
    [
        (
            "rId1",
            "control",
            "activeX/activeX1.xml",
            '<ax:ocx xmlns:ax="urn:ax"/>',
            "application/vnd.ms-office.activeX+xml",
        )
    ],
)


def _parts(name: str, parts: dict[str, str | bytes], **options: object) -> None:
    def make(path: Path) -> None:
        made = book(**options)  # type: ignore[arg-type]
        made.parts |= parts
        made.write(path)

    maker(name)(make)


_parts(
    "custom-xml.xlsx",
    {
        "customXml/item1.xml": "<a b='c'/>",
        "customXml/itemProps1.xml": "<d/>",
        "customXml/_rels/item1.xml.rels": h.relations(()),
    },
)
_parts(
    "custom-properties.xlsx",
    {
        "docProps/custom.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
        "docProps/app.xml": "<Properties/>",
        "docProps/thumbnail.jpeg": b"\xff\xd8\xff\xe0" + bytes(99),
    },
)
_parts("persons-and-labels.xlsx", {"xl/persons/person.xml": "<personList/>", "docMetadata/LabelInfo.xml": "<labels/>"})
_parts("external-links.xlsx", {"xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"/>'})
_parts("web-extension.xlsx", {"xl/webextensions/webextension1.xml": "<we/>", "xl/webextensions/taskpanes.xml": "<tp/>"})
_parts(
    "data-model.xlsx",
    {"xl/model/item.data": bytes(range(256)) * 20, "xl/connections.xml": f'<connections xmlns="{MAIN}"/>'},
)
_parts(
    "macros.xlsm",
    {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 30},
    main_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_parts("template.xltx", {}, main_type=f"{SHEET_TYPE}.template.main+xml")
_parts(
    "macro-template.xltm",
    {"xl/vbaProject.bin": bytes(300)},
    main_type="application/vnd.ms-excel.template.macroEnabled.main+xml",
)
_parts("names-that-climb.xlsx", {"../../evil.txt": b"never extracted", "/absolute.txt": b"nor this"})


@maker("signed.xlsx", "digitally signed")
def _signed(path: Path) -> None:
    made = book()
    made.parts |= {"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": "<Signature/>"}
    made.write(path)


@maker("chart-sheet-first.xlsx")
def _chart_sheet(path: Path) -> None:
    made = book()
    made.sheets = [("Chart", "rId8"), ("Orders", "rId1")]
    made.parts["xl/chartsheets/sheet1.xml"] = f'<chartsheet xmlns="{MAIN}"><sheetViews/></chartsheet>'
    made.types["xl/chartsheets/sheet1.xml"] = f"{SHEET_TYPE}.chartsheet+xml"
    made.book_rels.append(("rId8", "chartsheet", "chartsheets/sheet1.xml"))
    made.write(path)


@maker("macro-and-dialog-sheets.xlsm")
def _old_sheets(path: Path) -> None:
    made = book()
    made.sheets = [("Dialog", "rId7"), ("Orders", "rId1")]
    made.parts["xl/dialogsheets/sheet1.xml"] = f'<dialogsheet xmlns="{MAIN}"/>'
    made.book_rels.append(("rId7", "dialogsheet", "dialogsheets/sheet1.xml"))
    made.write(path)


@maker("absolute-targets.xlsx")
def _absolute(path: Path) -> None:
    made = book()
    made.book_rels = [(key, kind, f"/xl/{target}") for key, kind, target in made.book_rels]
    made.write(path)


@maker("parts-in-odd-places.xlsx")
def _odd_places(path: Path) -> None:
    made = book()
    made.parts["sheet.xml"] = made.parts.pop("xl/worksheets/sheet1.xml")
    made.book_rels[0] = ("rId1", "worksheet", "../sheet.xml")
    made.write(path)


maker("stored.xlsx")(lambda path: book().write(path, h.stored_zip))
maker("streamed.xlsx")(lambda path: book().write(path, h.streamed_zip))
maker("zip64.xlsx")(lambda path: book().write(path, h.zip64_zip))
maker("backslashes.xlsx")(lambda path: book().write(path, h.backslash_zip))
maker("other-case.xlsx")(lambda path: book().write(path, h.other_case_zip))
