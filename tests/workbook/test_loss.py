"""Nothing is lost: every workbook of the corpus comes out intact or is declined with a reason."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import handmade
import pytest

from hrdd_workbook import losstest
from hrdd_workbook.compare import Expected, compare

CORPUS_AT_LEAST = 60


def test_a_workbook_comes_out_intact_or_is_declined(
    workbook: Path, workbook_name: str, declined: dict[str, str]
) -> None:
    """Three columns are added and added again; members and cells are compared by the slow reference."""
    outcome = losstest.try_one(workbook, score=False)
    if workbook_name in declined:
        assert outcome.outcome == "declined"
        assert declined[workbook_name] in outcome.why
    else:
        assert (outcome.outcome, outcome.why) == ("intact", "")


def test_the_corpus_is_wide(corpus_names: list[str]) -> None:
    """At least sixty workbooks, most of them with a feature of their own."""
    assert len(corpus_names) >= CORPUS_AT_LEAST


def test_the_command_prints_a_table_and_fails_on_a_loss(
    build: Callable[[str], Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line per outcome, the reasons below, and exit code 1 as soon as something was lost."""
    folder = build("signed.xlsx").parent
    build("table.xlsx")
    assert losstest.main([str(folder), "--jobs", "1", "--no-score"]) == 0
    printed = capsys.readouterr().out
    assert "1  intact" in printed
    assert "1  declined" in printed
    assert "signed.xlsx: " in printed
    monkeypatch.setattr(losstest, "compare", lambda *_: ["a cell is gone"])
    assert losstest.main([str(folder), "--jobs", "1", "--no-score"]) == 1
    assert "a cell is gone" in capsys.readouterr().out


def test_a_workbook_of_transactions_is_scored_too(build: Callable[[str], Path]) -> None:
    """By the command, twice: the second time nothing changes."""
    outcome = losstest.try_one(build("xlsxwriter-plain.xlsx"))
    assert (outcome.outcome, outcome.why, outcome.scored) == ("intact", "", True)


def test_a_filled_template_is_scored_without_loss(tmp_path: Path) -> None:
    """Its own sheets are replaced as a whole, and formulas that count transactions forget what they gave."""
    path, examples = tmp_path / "filled.xlsx", Path(__file__).parents[2] / "examples"
    changed(
        examples / "documented-cases.xlsx",
        path,
        lambda data: (
            re.sub(rb"</f>(?:<v\s*/>|<v></v>)?", b"</f><v>5</v>", data) if b"orders_in_sight" in data else data
        ),
    )
    outcome = losstest.try_one(path)
    assert (outcome.outcome, outcome.why, outcome.scored) == ("intact", "", True)


def test_a_counting_sheet_loses_nothing_but_results(tmp_path: Path) -> None:
    """The stored result of a formula may go; the formula and every other cell may not."""
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>'
    path, part = handmade.book(handmade.sheet_xml(rows)).write(tmp_path / "book.xlsx"), "xl/worksheets/sheet1.xml"
    expected = Expected("another sheet", {}, frozenset(), counting=frozenset({part}))
    for old, new, fine in (("<v>2</v>", "", True), ("<v>3</v>", "", False), ("1+1", "1+2", False)):
        other = tmp_path / "other.xlsx"
        changed(path, other, lambda data, old=old, new=new: data.replace(old.encode(), new.encode()))
        said = [] if fine else [f"{part}: more than the stored results of formulas changed"]
        assert compare(path, other, expected) == said


def changed(path: Path, other: Path, change: Callable[[bytes], bytes]) -> None:
    """Write a copy of a workbook whose worksheets are changed."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            data = source.read(member)
            target.writestr(member, change(data) if member.filename.startswith("xl/worksheets/sheet") else data)


def test_the_reference_sees_every_kind_of_damage(build: Callable[[str], Path], tmp_path: Path) -> None:
    """A changed cell, a lost part, another time and a lost element are all named."""
    path = build("everything-around-rows.xlsx")
    expected = Expected("xl/worksheets/sheet1.xml", {}, frozenset())
    assert compare(path, path, expected) == []
    for name, old, new, said in (
        ("xl/worksheets/sheet1.xml", b"<v>44003</v>", b"<v>44004</v>", "cell (3, 3) changed"),
        ("xl/worksheets/sheet1.xml", b'<mergeCell ref="A9:B9"/>', b"", "beside the rows"),
        ("xl/worksheets/sheet1.xml", b'priority="7"', b'priority="8"', "conditional format"),
        ("xl/worksheets/sheet1.xml", b'width="30"', b'width="31"', "settings of column"),
        ("xl/sharedStrings.xml", b"Kenya", b"Kenia", "compressed bytes changed"),
    ):
        other = tmp_path / "other.xlsx"
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as target:
            for member in source.infolist():
                data = source.read(member)
                target.writestr(member, data.replace(old, new) if member.filename == name else data)
        assert any(said in text for text in compare(path, other, expected)), said
