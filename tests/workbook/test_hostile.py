"""Hostile and broken files: one sentence each, in bounded time and memory, for the reader and the writer."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hrdd_workbook import ResultColumn, read_transactions, write_columns
from hrdd_workbook.errors import HostileFile, NotAWorkbook, ProtectedByPassword, WorkbookError

Make = Callable[[Path, Any], object]
HEADER = "Transaction ID", "Product", "End user", "Destination country"
MAKERS: dict[str, tuple[Make, type[WorkbookError] | None, str]] = {}


def probe(name: str, error: type[WorkbookError] | None, said: str = "") -> Callable[[Make], Make]:
    """Register a file, the error that it must give (None: it is read), and words of the sentence."""

    def register(make: Make) -> Make:
        MAKERS[name] = (make, error, said)
        return make

    return register


def transactions(xml: Any, more: str = "") -> str:
    """Rows of transactions as inline strings."""
    cells = "".join(f'<c r="{"ABCD"[n]}1" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(HEADER))
    row = "".join(f'<c r="{letter}2" t="inlineStr"><is><t>x{letter}</t></is></c>' for letter in "ABCD")
    return xml.sheet_xml(f'<row r="1">{cells}</row><row r="2">{row}</row>{more}')


def zipped(
    path: Path, xml: Any, sheet: str | bytes, change: Callable[[dict[str, bytes]], object] | None = None
) -> None:
    """A workbook of this sheet, after a change to its members."""
    members = xml.book(sheet).members()
    if change:
        change(members)
    xml.plain_zip(path, members)


@probe("empty.xlsx", NotAWorkbook, "is empty")
def _empty(path: Path, _xml: Any) -> None:
    path.write_bytes(b"")


@probe("text.xlsx", NotAWorkbook, "whatever its name says")
def _text(path: Path, _xml: Any) -> None:
    path.write_text("Transaction ID,Product\n1,camera\n")


@probe("page.xls", NotAWorkbook, "whatever its name says")
def _page(path: Path, _xml: Any) -> None:
    path.write_text("<html><table><tr><td>1</td></tr></table></html>")


@probe("cut.xlsx", NotAWorkbook, "not a complete workbook")
def _cut(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml))
    path.write_bytes(path.read_bytes()[:-400])


@probe("document.xlsx", NotAWorkbook, "")
def _document(path: Path, _xml: Any) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<document/>")


@probe("wrong-checksum.xlsx", NotAWorkbook, "")
def _wrong_checksum(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml))
    with zipfile.ZipFile(path) as package:
        member = package.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    data[member.header_offset + 14] ^= 255
    at = data.rindex(zlib.crc32(b"").to_bytes(0, "little") + b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    data[at + 16] ^= 255
    path.write_bytes(data)


@probe("ole.xlsx", None, "")
def _ole(path: Path, _xml: Any) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


@probe("spaces-bomb.xlsx", HostileFile, "zip bomb")
def _spaces(path: Path, xml: Any) -> None:
    _bomb(path, xml, b" ", 90 << 20)


@probe("rows-bomb.xlsx", HostileFile, "zip bomb")
def _rows_bomb(path: Path, xml: Any) -> None:
    _bomb(path, xml, b'<row><c t="inlineStr"><is><t>abcdefgh</t></is></c></row>', 90 << 20)


@probe("strings-bomb.xlsx", HostileFile, "zip bomb")
def _strings_bomb(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml), lambda members: members.pop("xl/sharedStrings.xml"))
    _append(path, "xl/sharedStrings.xml", b"<sst><si><t>", b"A", 90 << 20)


def _bomb(path: Path, xml: Any, unit: bytes, size: int) -> None:
    start, _, _ = transactions(xml).partition("</sheetData>")
    zipped(path, xml, "", lambda members: members.pop("xl/worksheets/sheet1.xml"))
    _append(path, "xl/worksheets/sheet1.xml", start.encode(), unit, size)


def _append(path: Path, name: str, start: bytes, unit: bytes, size: int) -> None:
    """Add a member of much repetition without holding it."""
    block = unit * ((1 << 20) // len(unit))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as package,
        package.open(name, "w") as member,
    ):
        member.write(start)
        for _ in range(size // len(block)):
            member.write(block)


@probe("lying-size.xlsx", HostileFile, "more than it declares")
def _lying(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml, "<!-- -->" * 50_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_DOCTYPE = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}<!ENTITY file SYSTEM "file:///etc/passwd">]>'


@probe("laughs-in-sheet.xlsx", HostileFile, "document type")
def _laughs(path: Path, xml: Any) -> None:
    zipped(path, xml, _DOCTYPE + transactions(xml).replace("xA", "&l9;"))


@probe("file-entity.xlsx", HostileFile, "document type")
def _file_entity(path: Path, xml: Any) -> None:
    zipped(path, xml, _DOCTYPE + transactions(xml).replace("xA", "&file;"))


@probe("laughs-in-workbook.xlsx", HostileFile, "document type")
def _laughs_in_book(path: Path, xml: Any) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(xml.DECLARATION.encode(), _DOCTYPE.encode())

    zipped(path, xml, transactions(xml), change)


@probe("laughs-in-strings.xlsx", HostileFile, "document type")
def _laughs_in_strings(path: Path, xml: Any) -> None:
    def change(members: dict[str, bytes]) -> None:
        text = _DOCTYPE + xml.STRINGS.replace("Product", "&l9;")
        members["xl/sharedStrings.xml"] = text.encode()

    zipped(path, xml, xml.sheet_xml(xml.ROWS), change)


@probe("far-cell.xlsx", HostileFile, "far outside the data")
def _far_cell(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


@probe("beyond-the-grid.xlsx", WorkbookError, "")
def _beyond(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml, '<row r="1048577"><c r="AAAA1048577"><v>1</v></c></row>'))


@probe("huge-dimension.xlsx", None, "")
def _huge_dimension(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'))


@probe("missing-strings.xlsx", WorkbookError, "")
def _missing_strings(path: Path, xml: Any) -> None:
    zipped(path, xml, xml.sheet_xml(xml.ROWS.replace("<v>2</v>", "<v>99</v>")))


@probe("doubled-member.xlsx", HostileFile, "twice")
def _doubled(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/worksheets/sheet1.xml", "<other/>")


@probe("doubled-in-other-case.xlsx", HostileFile, "twice")
def _doubled_case(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml), lambda members: members.update({"xl/worksheets/SHEET1.xml": b"<other/>"}))


@probe("climbing-names.xlsx", None, "")
def _climbing(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml), lambda members: members.update({"../../evil": b"x", "/etc/evil": b"x"}))


@probe("relation-to-the-system.xlsx", WorkbookError, "")
def _relation(path: Path, xml: Any) -> None:
    def change(members: dict[str, bytes]) -> None:
        name = "xl/_rels/workbook.xml.rels"
        members[name] = members[name].replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")

    zipped(path, xml, transactions(xml), change)


@probe("encrypted-member.xlsx", ProtectedByPassword, "encrypted parts")
def _encrypted_member(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml))
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at + 1)) > 0:
        data[at + 8] |= 1
    path.write_bytes(data)


@probe("many-members.xlsx", HostileFile, "parts, where")
def _many(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml), lambda members: members.update({f"x/{n}": b"" for n in range(20_100)}))


@probe("many-sheets.xlsx", None, "")
def _many_sheets(path: Path, xml: Any) -> None:
    made = xml.book(transactions(xml))
    for number in range(2, 400):
        name = f"worksheets/sheet{number}.xml"
        made.sheets.append((f"S{number}", f"rIdS{number}"))
        made.book_rels.append((f"rIdS{number}", "worksheet", name))
        made.parts[f"xl/{name}"] = xml.sheet_xml("<row><c><v>1</v></c></row>")
    made.write(path)


@probe("endless-row.xlsx", None, "")
def _endless_row(path: Path, xml: Any) -> None:
    cells = "".join(f"<c><v>{n}</v></c>" for n in range(16_000))
    zipped(path, xml, transactions(xml, f'<row r="3">{cells}</row>'))


@probe("not-xml.xlsx", NotAWorkbook, "")
def _not_xml(path: Path, xml: Any) -> None:
    zipped(path, xml, transactions(xml)[:-40])


@probe("utf-16.xlsx", WorkbookError, "UTF-16")
def _utf_16(path: Path, xml: Any) -> None:
    zipped(path, xml, ('<?xml version="1.0" encoding="UTF-16"?>' + transactions(xml)).encode("utf-16"))


_RUN = """
import resource, sys
sys.path.insert(0, {folder!r})
from hrdd.errors import HrddError
from hrdd_workbook import ResultColumn, read_transactions, write_columns
column = ResultColumn("rating", "HRDD rating", ["HIGH"])
def read():
    read_transactions(sys.argv[1])
def write():
    write_columns(sys.argv[1], "Orders", 1, [column], [2], out=sys.argv[2])
def cpu():
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
took = []
for work in (read, write):
    start = cpu()
    try:
        work()
        print("done|")
    except HrddError as error:
        print(type(error).__name__ + "|" + str(error))
    if "hrdd_workbook.child" in sys.modules:
        sys.modules["hrdd_workbook.child"].end_idle()  # the CPU time of a child counts once it has ended
    took.append(cpu() - start)
peaks = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]  # ru_maxrss is the parent's at first
peak = max(int(peaks[0].split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024
print(f"{{max(took):.2f}} {{peak}}")
"""


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_hostile_file_ends_in_one_sentence(name: str, tmp_path: Path, xml: Any) -> None:
    """Read and written in a process of its own, in under 5 CPU seconds and 500 MB each, and never with a traceback."""
    make, error, said = MAKERS[name]
    path = tmp_path / name
    make(path, xml)
    before = path.read_bytes()
    code = _RUN.format(folder=str(Path(__file__).parent))
    ran = subprocess.run(
        [sys.executable, "-c", code, path, tmp_path / "out.xlsx"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    read, wrote, used = ran.stdout.splitlines()
    if error is not None:
        assert said in read or said in wrote
        assert "done" not in read
        if error is not WorkbookError:
            assert read.startswith(error.__name__)
    seconds, peak = map(float, used.split())
    assert seconds < 5
    assert peak < 500
    assert path.read_bytes() == before


def test_an_encrypted_workbook_asks_for_its_password(tmp_path: Path, build: Callable[[str], Path]) -> None:
    """The right one opens it for reading, a wrong one is told; writing is declined."""
    from msoffcrypto.format.ooxml import OOXMLFile

    plain, path = build("openpyxl-plain.xlsx"), tmp_path / "secret.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("open sesame", target)
    with pytest.raises(ProtectedByPassword, match="protected by a password"):
        read_transactions(path)
    with pytest.raises(ProtectedByPassword, match="does not open"):
        read_transactions(path, password="wrong")
    with pytest.raises(ProtectedByPassword):
        write_columns(path, "Orders", 1, [ResultColumn("r", "R", [])], [])
    read = read_transactions(path, password="open sesame")
    assert len(read.frame) == 9
    assert not read.writable


def test_time_is_bounded_even_when_the_child_hangs(
    build: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that never answers is ended, and the sentence says so."""
    from hrdd_workbook import child

    program = build("openpyxl-plain.xlsx").with_name("hangs.py")
    program.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(child, "_PROGRAM", program)
    monkeypatch.setattr(child, "_idle", [])
    monkeypatch.setattr(child, "_BASE_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(HostileFile, match="was not read within"):
        read_transactions(program.with_name("openpyxl-plain.xlsx"))
    assert time.monotonic() - start < 5
