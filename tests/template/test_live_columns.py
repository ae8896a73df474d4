"""Result columns that compute: formulas of ours stand where values stood, and nobody else's are touched."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hrdd_workbook import ResultColumn, write_columns
from hrdd_workbook.cells import formula_pieces
from hrdd_workbook.errors import Declined

ROWS = [2, 3, 4]


def live(values: Any = ("", "", ""), **options: Any) -> list[ResultColumn]:
    """A column of words and one that compares with it."""
    formula = 'IF({A}={=word},"","not <as> it was")'
    word = ResultColumn("word", "Word", ["a", "b", "c"])
    return [word, ResultColumn("same", "Same?", list(values), formula=formula, **options)]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Three rows under a header."""
    book = openpyxl.Workbook()
    for row in (["Letter", "Sum"], ["a", "=1+1"], ["b", 2], ["c", 3]):
        book.active.append(row)  # type: ignore[union-attr]
    path = tmp_path / "plain.xlsx"
    book.save(path)
    return path


def column(path: Path, letter: str, **options: Any) -> list[Any]:
    """What stands in a column of the first sheet."""
    return [cell.value for cell in openpyxl.load_workbook(path, **options).worksheets[0][letter]]


def test_a_formula_is_spelled_for_each_row(plain: Path) -> None:
    """It refers to cells of its own row, in other columns and in other columns of ours, wherever these stand."""
    report = write_columns(plain, "Sheet", 1, live(), ROWS)
    assert report.columns == {"word": "C", "same": "D"}
    assert column(plain, "D")[1:] == [f'=IF(A{row}=C{row},"","not <as> it was")' for row in ROWS]
    assert column(plain, "B")[1] == "=1+1"


def test_its_value_is_stored_until_it_is_computed(plain: Path, computed: Callable[[Path], Any]) -> None:
    """Programs that do not compute see the value that was given; LibreOffice works it out."""
    write_columns(plain, "Sheet", 1, live(["", "", "not <as> it was"]), ROWS)
    assert column(plain, "D", data_only=True)[1:] == [None, None, "not <as> it was"]
    book = openpyxl.load_workbook(plain)
    book.worksheets[0]["A2"] = "changed"
    book.save(plain)
    assert [cell.value for cell in computed(plain).worksheets[0]["D"]][1:] == ["not <as> it was", None, None]


def test_writing_again_changes_nothing_and_new_values_replace_old(plain: Path) -> None:
    """The very bytes stay; other values and fewer rows take their place, formulas and all."""
    write_columns(plain, "Sheet", 1, live(), ROWS)
    before = plain.read_bytes()
    assert not write_columns(plain, "Sheet", 1, live(), ROWS).changed
    assert plain.read_bytes() == before
    fewer = [ResultColumn("word", "Word", ["z", "c"]), ResultColumn("same", "Same?", ["", ""], formula="{B}&1")]
    write_columns(plain, "Sheet", 1, fewer, [2, 4])
    assert column(plain, "D")[1:] == ["=B2&1", None, "=B4&1"]


def test_a_number_that_computes(plain: Path) -> None:
    """Its stored value is a number."""
    write_columns(plain, "Sheet", 1, [ResultColumn("n", "N", [2, 2.5, None], kind="number", formula="{B}*1")], ROWS)
    assert column(plain, "C")[1:] == ["=B2*1", "=B3*1", "=B4*1"]
    assert column(plain, "C", data_only=True)[1:] == [2, 2.5, None]


def test_a_users_formula_in_a_column_of_values_is_still_declined(plain: Path) -> None:
    """Only where we compute may a formula stand."""
    write_columns(plain, "Sheet", 1, live(), ROWS)
    values = [ResultColumn("word", "Word", ["a", "b", "c"]), ResultColumn("same", "Same?", ["x", "y", "z"])]
    with pytest.raises(Declined, match="has a formula in row 2"):
        write_columns(plain, "Sheet", 1, values, ROWS)


def with_chain(path: Path, cells: list[str]) -> Path:
    """Give a workbook the list of formulas that Excel keeps."""
    target = path.with_name("chained.xlsx")
    chain = "".join(f'<c r="{cell}" i="1"/>' for cell in cells)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    more = {
        "[Content_Types].xml": (b"</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'),
        "xl/_rels/workbook.xml.rels": (
            b"</Relationships>",
            f'<Relationship Id="rIdC" Type="{link}" Target="calcChain.xml"/></Relationships>',
        ),
    }
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(target, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            if name in more:
                content = content.replace(more[name][0], more[name][1].encode())
            copy.writestr(name, content)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        copy.writestr("xl/calcChain.xml", f'<calcChain xmlns="{main}">{chain}</calcChain>')
    return target


def names(path: Path) -> set[str]:
    """The members of a package."""
    with zipfile.ZipFile(path) as package:
        return set(package.namelist())


def test_the_list_of_formulas_goes_when_one_of_ours_may(plain: Path) -> None:
    """A link to a formula that is gone would be repaired by Excel; the list is left out and made anew by it."""
    chained = with_chain(plain, ["B2"])
    write_columns(chained, "Sheet", 1, live(), ROWS)
    assert "xl/calcChain.xml" in names(chained)
    write_columns(plain, "Sheet", 1, live(), ROWS)
    again = with_chain(plain, ["B2", "D2", "D3", "D4"])
    assert not write_columns(again, "Sheet", 1, live(), ROWS).changed
    fewer = [ResultColumn("word", "Word", ["a", "b"]), ResultColumn("same", "Same?", ["", ""], formula="{word}")]
    write_columns(again, "Sheet", 1, fewer, ROWS[:2])
    assert names(again) == names(plain)
    with zipfile.ZipFile(again) as package:
        assert b"calcChain" not in package.read("[Content_Types].xml") + package.read("xl/_rels/workbook.xml.rels")


def test_pieces_of_a_formula() -> None:
    """Literal letters and keys of ours; text in braces that is no reference cannot be meant."""
    assert formula_pieces("SUM({A},{=x})", {"x": "AB"}) == ("SUM(A", ",AB", ")")
    assert formula_pieces("1+1", {}) == ("1+1",)
