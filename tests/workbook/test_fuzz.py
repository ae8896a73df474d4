"""The sheet stream against a slow reference: random sheets in odd but legal spellings, cut into random pieces."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Iterator

import pytest
from lxml import etree
from spellings import WORDS, spelled

from hrdd_workbook.cells import Content, inline_text
from hrdd_workbook.check import RowCheck
from hrdd_workbook.compare import Differences, Expected, _compare_sheet, sheet_cells
from hrdd_workbook.cuts import Cut, Target
from hrdd_workbook.errors import Declined, NotAsIntended
from hrdd_workbook.fill import Edit, Fill, Filler
from hrdd_workbook.grammar import UsualRows
from hrdd_workbook.meaning import MeantColumn
from hrdd_workbook.refs import LAST_COLUMN, letters, pattern_before, pattern_from
from hrdd_workbook.sheet import SheetStream, rows_close, rows_open, spelling, tail_elements

SHEETS_PER_SEED = 40


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """The data in pieces of a size."""
    return (data[at : at + size] for at in range(0, len(data), size))


def rewritten(data: bytes, size: int, fill: Fill, *, careful: bool = False) -> bytes:
    """What the writer makes of a sheet that comes in pieces."""
    stream = SheetStream(pieces(data, size), "a sheet")
    filler = Filler(fill, spelling(stream.head.prefix), "a sheet", careful)
    check = RowCheck(stream.head, fill, [meant(target) for target in fill.targets], "a sheet")
    made: list[bytes] = []
    for block in stream.blocks():
        edits = list(filler.block(block))
        check.block(block, edits)
        made += [edit.new for edit in edits]
    end = filler.end()
    check.block(b"", [end])
    check.end()
    rest = end.new
    tail_elements(stream.head, stream.tail, "a sheet")
    start = stream.head.data + (rows_open(stream.head) if rest or not stream.head.childless else stream.head.rows_tag)
    close = rows_close(stream.head) if rest else b""
    return start + b"".join(made) + rest + close + stream.tail


def meant(target: Target) -> MeantColumn:
    """What the check is told about a column."""
    header = None if target.header is None else "Result"
    style = None if target.header is None else 1
    return MeantColumn(target.column, "text", target.values, target.style, target.fresh, header, style)


def draw_fill(rng: random.Random, tree: etree._Element, prefix: str) -> tuple[Fill, Expected]:
    """Columns to write: new ones right of everything, or some that stand there already."""
    places = [place for place, _ in sheet_cells(tree)]
    widest = max((column for _, column in places), default=0)
    fresh = rng.random() < 0.6
    columns = sorted(rng.sample(range(1, widest + 4), k=min(3, widest + 3)))
    if fresh:
        columns = [widest + 1 + offset for offset in range(rng.randrange(1, 4))]
    last = max((row for row, _ in places), default=1)
    rows = sorted(rng.sample(range(2, last + 5), k=rng.randrange(1, last + 3)))
    if rng.random() < 0.5:
        rows = list(range(2, last + 2))
    targets, cells = [], {}
    for column in columns:
        values = [rng.choice(WORDS) for _ in rows]
        header = b'" s="1"' + inline_text("Result", prefix) if fresh else None
        targets.append(Target(column, values, Content("text", prefix, b'" s="2"'), 2, fresh, header))
        cells |= {(row, column): value for row, value in zip(rows, values, strict=True)}
        if fresh:
            cells[1, column] = "Result"
    expected = Expected("", cells, frozenset(columns))
    return Fill(tuple(targets), rows, 1), expected


def styles_kept(old: etree._Element, new: etree._Element, expected: Expected, fresh: bool) -> bool:
    """A result cell keeps the style that it had; a new one has ours."""
    before = {place: cell.get("s") for place, cell in sheet_cells(old)}
    after = {place: cell.get("s") for place, cell in sheet_cells(new)}
    data = [place for place in expected.cells if place[0] > 1]
    return all(after[place] == ("2" if fresh else before.get(place) or "2") for place in data)


@pytest.mark.parametrize("seed", range(16))
def test_any_spelling_in_any_pieces_gives_the_meant_cells_and_no_other_change(seed: int) -> None:
    """Pieces of 7 and 64 bytes and the whole at once agree, with and without the quick ways."""
    rng = random.Random(seed)
    for _ in range(SHEETS_PER_SEED):
        how = spelled(rng)
        data = how.sheet()
        old = etree.fromstring(data)
        fill, expected = draw_fill(rng, old, how.prefix)
        try:
            made = {
                rewritten(data, size, fill, careful=careful) for size in (7, 64, 1 << 20) for careful in (False, True)
            }
        except Declined as declined:
            assert "has a formula" in str(declined), data  # most sheets are not declined
            continue
        assert len(made) == 1, data
        found = Differences()
        new = etree.fromstring(made.pop())
        _compare_sheet(old, new, expected, found)
        assert found.found == [], data
        assert styles_kept(old, new, expected, fill.targets[0].fresh), data


@pytest.mark.parametrize("seed", range(8))
def test_writing_the_same_again_changes_no_byte(seed: int) -> None:
    """The second pass over its own output gives the very same bytes, in all ways."""
    rng = random.Random(1000 + seed)
    for _ in range(SHEETS_PER_SEED):
        how = spelled(rng)
        data = how.sheet()
        fill, _ = draw_fill(rng, etree.fromstring(data), how.prefix)
        try:
            once = rewritten(data, 1 << 20, fill)
        except Declined:
            continue
        targets = tuple(
            Target(target.column, target.values, target.content, target.style, False) for target in fill.targets
        )
        again = Fill(targets, fill.rows, 1)
        for careful in (False, True):
            assert rewritten(once, 64, again, careful=careful) == once, data


def damaged(rng: random.Random, edits: list[Edit]) -> list[Edit] | None:
    """The edits of a block with one digit changed, one row lost or all rows of one left out; None where none can be."""
    at = rng.randrange(len(edits))
    edit, way = edits[at], rng.randrange(3)
    spans = [match.span() for match in re.finditer(rb"spans\s*=\s*(?:\"[^\"]*\"|'[^']*')", edit.new)]
    digits = [
        match.start()
        for match in re.finditer(rb"\d", edit.new)
        if not any(start <= match.start() < stop for start, stop in spans)
    ]
    if way == 0 and digits:
        place = rng.choice(digits)
        other = b"%d" % ((int(edit.new[place : place + 1]) + rng.randrange(1, 10)) % 10)
        return [*edits[:at], edit._replace(new=edit.new[:place] + other + edit.new[place + 1 :]), *edits[at + 1 :]]
    first, close, rest = edit.new.partition(b"row>")
    if way == 1 and close and first.count(b"row") == 1:
        return [*edits[:at], edit._replace(new=rest), *edits[at + 1 :]]
    return edits[:at] + edits[at + 1 :] if way == 2 and edit.old else None


@pytest.mark.parametrize("seed", range(8))
def test_the_check_finds_any_damage(seed: int) -> None:
    """Whatever went wrong in a stretch of rows, in bulk or cell by cell: a digit, a row, all of its rows."""
    rng = random.Random(2000 + seed)
    found = 0
    while found < SHEETS_PER_SEED:
        how = spelled(rng)
        data = how.sheet()
        fill, _ = draw_fill(rng, etree.fromstring(data), how.prefix)
        stream = SheetStream(iter([data]), "a sheet")
        filler = Filler(fill, spelling(stream.head.prefix), "a sheet", careful=rng.random() < 0.3)
        check = RowCheck(stream.head, fill, [meant(target) for target in fill.targets], "a sheet")
        try:
            blocks = [(block, list(filler.block(block))) for block in stream.blocks()]
            blocks.append((b"", [filler.end()]))
        except Declined:
            continue
        at = rng.randrange(len(blocks))
        block, edits = blocks[at]
        worse = damaged(rng, edits)
        if worse is None:
            continue
        found += 1
        blocks[at] = block, worse
        with pytest.raises(NotAsIntended):
            check_all(check, blocks)


def check_all(check: RowCheck, blocks: list[tuple[bytes, list[Edit]]]) -> None:
    """Follow all edits of a sheet."""
    for block, edits in blocks:
        check.block(block, edits)
    check.end()


HEAD = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData></sheetData></worksheet>'
)
_ROW = b'<row r="2"><c r="A2"><v>1</v></c>%b<c r="C2"><v>3</v></c></row>'
_RESULT = b'<c r="B2" s="2" t="inlineStr"><is><t>HIGH</t></is></c>'


@pytest.mark.parametrize(
    ("stood", "written", "kept_after"),
    [
        (b'<c r="B2"><f>A2</f></c>', _RESULT, b""),
        (b'<c r="B2" t="n" s="5"/>', _RESULT, b""),
        (b"", b'<c r="B2" s="5" t="inlineStr"><is><t>HIGH</t></is></c>', b""),
        (b"", b'<c r="B2" s="2" t="inlineStr"><is><t>LOW</t></is></c>', b""),
        (b'<c s="2" r="B2"></c>', _RESULT, b'<c s="2" r="B2"></c>'),
        (b'<c r="D2" x="a>b"/><c s="2" r="B2"></c>', _RESULT, b'<c r="D2" x="a>b"/><c s="2" r="B2"></c>'),
        (b'<c r="E3"/>', _RESULT, b'<c r="E3"/>'),
        (b'<c r="D2"/>', _RESULT, b'<c r="D2"/>'),
        (b'</row><row r="3"><c r="B3"/>', _RESULT, b'</row><row r="3"><c r="B3"/>'),
    ],
)
def test_the_check_of_results_among_others_takes_no_row_for_another(
    stood: bytes, written: bytes, kept_after: bytes
) -> None:
    """A formula, another style or value, a cell that hides, a wrong row or order, and a second row are all found."""
    target = Target(2, ["HIGH"], Content("text", "", b'" s="2"'), 2, False)
    head = SheetStream(iter([HEAD]), "a sheet").head
    for old, new, fine in (
        (_ROW % stood, _ROW % (written + kept_after), False),
        (_ROW % b"", _ROW % _RESULT, True),
    ):
        check = RowCheck(head, Fill((target,), [2], 1), [meant(target)], "a sheet")
        row = old[len(b'<row r="') : -len(b"</row>")]
        rows = UsualRows([b"2"], [2], [b""], [b""], [row])
        with contextlib.nullcontext() if fine else pytest.raises(NotAsIntended):
            check.block(old, [Edit(old, new, Cut(rows, [[b""], [b"more"]], [b'" s="2"']))])


_HIGH = b'<c r="B%d" s="2" t="inlineStr"><is><t>HIGH</t></is></c>'
_LEFT, _RIGHT = b'<c r="A%d"><v>1</v></c>', b'<c r="C%d"><v>9</v></c>'


@pytest.mark.parametrize(
    ("first", "second", "left", "fine"),
    [
        (_LEFT, _LEFT, _LEFT, True),
        (_LEFT + _HIGH, _LEFT + _HIGH, _LEFT, True),
        (_LEFT, _HIGH + _LEFT, _HIGH + _LEFT, False),
        (_LEFT, _RIGHT + _LEFT, _RIGHT + _LEFT, False),
        (_LEFT, b'<c s="1" r="B%d"/>' + _LEFT, b'<c s="1" r="B%d"/>' + _LEFT, False),
        (_LEFT + _HIGH, _LEFT + _RIGHT, _LEFT + _RIGHT, False),
        (_LEFT + _HIGH, _LEFT + _HIGH + _RIGHT, _LEFT, False),
        (_LEFT, _LEFT + b"<extLst/>", _LEFT + b"<extLst/>", False),
    ],
)
def test_the_check_of_ends_believes_no_order_of_cells(first: bytes, second: bytes, left: bytes, fine: bool) -> None:
    """Whatever the writer says of two rows: a cell in or right of results that was kept, or lost, is found."""
    target = Target(2, ["HIGH", "HIGH"], Content("text", "", b'" s="2"'), 2, False)
    inner = [first % ((2,) * first.count(b"%d")), second % ((3,) * second.count(b"%d"))]
    made = [_LEFT % 2 + _HIGH % 2, left % ((3,) * left.count(b"%d")) + _HIGH % 3]
    old, new = (
        b"".join(b'<row r="%d">%b</row>' % row for row in zip((2, 3), cells, strict=True)) for cells in (inner, made)
    )
    rows = UsualRows([b"2", b"3"], [2, 3], [b""] * 2, [b""] * 2, [b'2">' + inner[0], b'3">' + inner[1]])
    check = RowCheck(SheetStream(iter([HEAD]), "a sheet").head, Fill((target,), [2, 3], 1), [meant(target)], "a sheet")
    with contextlib.nullcontext() if fine else pytest.raises(NotAsIntended):
        check.block(old, [Edit(old, new, Cut(rows, [[b""] * 2, [b""] * 2], [b'" s="2"']))])


def test_patterns_tell_the_columns_left_and_right_of_one() -> None:
    """Of all columns, wherever the letters get longer."""
    every = [(column, letters(column).encode()) for column in range(1, LAST_COLUMN + 1)]
    for edge in (1, 2, 26, 27, 28, 702, 703, LAST_COLUMN):
        before, on = re.compile(pattern_before(edge)), re.compile(pattern_from(edge))
        assert [column for column, text in every if before.fullmatch(text)] == list(range(1, edge))
        assert [column for column, text in every if on.fullmatch(text)] == list(range(edge, LAST_COLUMN + 1))
