"""Round trips: written, written again, and taken out again, a workbook is what it was, member by member."""

from __future__ import annotations

import hashlib
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import handmade
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from spellings import spelled

from hrdd_workbook import ResultColumn, WriteReport, write_columns
from hrdd_workbook.compare import Expected, compare, sheet_cells
from hrdd_workbook.errors import Declined
from hrdd_workbook.losstest import Where, first_rows
from hrdd_workbook.refs import area, column_number, letters

SHEET, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
GROWN = ("styles.xml", "workbook.xml", "custom.xml")
ONE = ["HIGH", "a & b", None, " two\nlines ", "=1+1", "LOW"]
OTHER = ["LOW", "HIGH", "c < d", None, "_x0041_", "HIGH"]


def columns(words: Sequence[str | None], rows: int) -> list[ResultColumn]:
    """A column of coloured words, one of numbers in an outline, and one that computes."""
    texts = [words[at % len(words)] for at in range(rows)]
    numbers = [None if text is None else float(len(text)) for text in texts]
    return [
        ResultColumn("rating", "HRDD rating", texts, family="rating", width=12),
        ResultColumn("score", "HRDD score", numbers, kind="number", group=1),
        ResultColumn("twice", "HRDD twice", [n or 0 for n in numbers], kind="number", formula="2*{=score}"),
    ]


def write(path: Path, where: Where, words: Sequence[str | None], out: Path | None = None) -> WriteReport:
    """Write these words, in place or to another file."""
    return write_columns(path, where.sheet, where.header_row, columns(words, len(where.rows)), where.rows, out=out)


def hashes(path: Path) -> dict[str, str]:
    """Every member, in order, with the hash of its content, its time and its attributes."""
    with zipfile.ZipFile(path) as book:
        return {
            m.filename: f"{hashlib.sha256(book.read(m)).hexdigest()} {m.date_time} {m.external_attr}"
            for m in book.infolist()
        }


def different(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The members that differ, lost and added ones included."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def removed(path: Path, report: WriteReport, part: str, out: Path) -> Path:
    """The workbook after a user has deleted the result columns: by other code than wrote them."""
    gone = {column_number(found) for found in report.columns.values()}
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        target.comment = source.comment
        for member in source.infolist():
            data = source.read(member)
            if member.filename == part:
                data = _without_cells(data, gone)
            elif report.table and member.filename.startswith("xl/tables/"):
                data = _without_columns(data, set(report.headers.values()))
            target.writestr(member, data)
    return out


def _without_cells(data: bytes, gone: set[int]) -> bytes:
    root = etree.fromstring(data)
    for cell in root.findall("{*}sheetData/{*}row/{*}c"):
        place = area(cell.get("r", ""))
        if place is not None and place.left in gone:
            _drop(cell)
    for element in root.findall("{*}conditionalFormatting"):
        found = [area(ref) for ref in element.get("sqref", "").split()]
        if all(place is not None and place.left in gone for place in found):
            _drop(element)
    for element in root.findall("{*}cols/{*}col"):
        if int(element.get("min", "0")) in gone and element.get("min") == element.get("max"):
            _drop(element)
    for element in root.findall("{*}cols"):
        if not len(element):
            _drop(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _without_columns(data: bytes, headers: set[str]) -> bytes:
    root = etree.fromstring(data)
    listed = root.find("{*}tableColumns")
    assert listed is not None
    ours = [column for column in listed if column.get("name") in headers]
    for element in (root, *root.iterfind("{*}autoFilter")) if ours else ():
        place = area(element.get("ref", ""))
        assert place is not None
        element.set("ref", f"{letters(place.left)}{place.top}:{letters(place.right - len(ours))}{place.bottom}")
    for column in ours:
        _drop(column)
    listed.set("count", str(len(listed)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _drop(element: etree._Element) -> None:
    """Take an element out; the blanks behind it stay."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def check_round_trip(path: Path, where: Where, folder: Path) -> None:
    """Write, write other values, write the first again, remove, write a last time."""
    before, out = hashes(path), folder / f"once-{path.name}"
    report = write(path, where, ONE, out)
    once = hashes(out)
    assert list(once)[: len(before)] == list(before)
    assert write(out, where, OTHER).changed
    assert different(once, hashes(out)) in ([where.part], ["xl/calcChain.xml", where.part])
    write(out, where, ONE)
    assert different(once, hashes(out)) in ([], ["xl/calcChain.xml"])
    without = removed(out, report, where.part, folder / f"without-{path.name}")
    left = different(before, hashes(without))
    assert all(name in {where.part, TABLE} or name.endswith(GROWN) for name in left), left
    _nothing_changed(path, without, where, frozenset(map(column_number, report.columns.values())), left)
    assert write(without, where, ONE).columns == report.columns
    again = different(once, hashes(without))
    assert all(name in (where.part, TABLE) for name in again), again


def _nothing_changed(path: Path, without: Path, where: Where, ours: frozenset[int], left: Sequence[str]) -> None:
    """No cell, format, setting or column of a table is another than before the first write."""
    grown = {name.rpartition("/")[2].removesuffix(".xml"): name for name in left if name.endswith(GROWN)}
    parts = {"styles": grown.get("styles"), "book": grown.get("workbook"), "custom": grown.get("custom")}
    expected = Expected(where.part, {}, ours, kept=_blank(path, where), tables=frozenset(left) & {TABLE}, **parts)
    assert [text for text in compare(path, without, expected) if "compressed bytes" not in text] == []


def _blank(path: Path, where: Where) -> frozenset[tuple[int, int]]:
    """Cells that had a format and no content: a result may take their place."""
    with zipfile.ZipFile(path) as book:
        return frozenset(place for place, cell in sheet_cells(etree.fromstring(book.read(where.part))) if not len(cell))


NAMES = (
    "spans-and-heights.xlsx", "prefixed.xlsx", "pretty.xlsx", "single-quotes.xlsx", "empty-rows.xlsx", "strict.xlsx",
    "kinds-of-cells.xlsx", "formulas.xlsx", "array-formula.xlsx", "everything-around-rows.xlsx", "one-col-for-all.xlsx",
    "table.xlsx", "table-with-totals.xlsx", "table-with-filter-and-sort.xlsx", "pivot-table.xlsx", "macros.xlsm",
    "custom-properties.xlsx", "stored.xlsx", "streamed.xlsx", "openpyxl-rules.xlsx", "openpyxl-merged.xlsx",
    "xlsxwriter-objects.xlsx", "xlsxwriter-sparklines.xlsx", "pandas-with-index.xlsx",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_round_trip_leaves_every_member_as_it_was(name: str, build: Callable[[str], Path], tmp_path: Path) -> None:
    """By hash, order, time and attributes: other values change the sheet alone, and the first ones bring it back."""
    path = build(name)
    check_round_trip(path, first_rows(path), tmp_path)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**9), table=st.booleans())
def test_any_sheet_makes_the_round_trip(seed: int, table: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any mix of types, styles, gaps, formulas and spellings, as a table or not."""
    rng, folder = random.Random(seed), tmp_path_factory.mktemp("round")
    how = spelled(rng)
    how.prefix, how.pretty, how.numbered = "", "", 1.0
    numbers = sorted(rng.sample(range(2, 30), rng.randrange(1, 9)))
    rows = "".join([handmade.HEADER, *(how.row(number, True) for number in numbers)])
    made = (
        handmade.with_table(handmade.table_xml(f"A1:C{numbers[-1]}"), rows)
        if table
        else handmade.book(handmade.sheet_xml(rows))
    )
    path = made.write(folder / "book.xlsx")
    try:
        check_round_trip(path, Where("Orders", SHEET, 1, numbers), folder)
    except Declined as declined:
        assert re.search("formula|array|out of place", str(declined)), declined
