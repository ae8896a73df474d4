"""What people and programs do to a workbook: it still scores the same, or says clearly what is wrong."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from hrdd.columns import INPUT_BY_KEY, INPUTS, match_headers
from hrdd.engine import Scores, score
from hrdd.translations import in_other_languages
from hrdd_workbook import layout
from hrdd_workbook.errors import WorkbookError
from hrdd_workbook.read import read_transactions

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]
ROWS = 6
REQUIRED = [column.key for column in INPUTS if column.required]
OPTIONAL = [column.key for column in INPUTS if not column.required]


def names_of(key: str) -> list[str]:
    """The headers under which a column is known: its own, in every language, and its aliases."""
    column = INPUT_BY_KEY[key]
    names = (column.header, column.header.upper(), *in_other_languages(column.header), *column.aliases)
    return [name for name in names if match_headers([name]).keys == {key: 0}]


NAMES = {column.key: names_of(column.key) for column in INPUTS}


def said(scores: Scores) -> list[list[Any]]:
    """What scoring says that a reader acts upon."""
    return scores.columns[["rating", "disposition", "why", "ask_first", "red_flags"]].to_numpy().tolist()


def mangled(source: Path, target: Path, dice: random.Random, gone: list[str]) -> Path:
    """The workbook after somebody moved, renamed, added, hid and deleted columns, and wrote above the header."""
    book = openpyxl.load_workbook(source)
    sheet = book[layout.TRANSACTIONS_SHEET]
    keys = {field.header: field.key for field in layout.FIELDS}
    rows = sheet.iter_rows(min_row=layout.HEADER_ROW, max_row=layout.HEADER_ROW + ROWS, values_only=True)
    columns = {keys.get(head, head): [head, *values] for head, *values in zip(*rows, strict=True)}
    kept = {key: values for key, values in columns.items() if key not in gone}
    for key in dice.sample(list(NAMES), 20):
        if key in kept:
            kept[key][0] = dice.choice(NAMES[key])
    kept |= {f"theirs {n}": [f"Cost centre {n}", *range(ROWS)] for n in range(dice.randrange(4))}
    _rewrite(sheet, dice.sample(list(kept.values()), len(kept)), dice)
    book.save(target)
    return target


def _rewrite(sheet: Any, columns: list[list[Any]], dice: random.Random) -> None:
    """Put other columns in the place of what stands there, a few rows lower, under a title, with or without a table."""
    sheet.delete_rows(1, sheet.max_row)
    above, table = dice.randrange(1, 6), sheet.tables.pop(layout.TABLE_NAME)
    for at, values in enumerate(columns, start=1):
        for row, value in enumerate(values, start=above + 1):
            sheet.cell(row, at).value = value
        sheet.column_dimensions[get_column_letter(at)].hidden = dice.random() < 0.3
    sheet["A1"] = "Orders of the quarter, as sent to legal"
    if dice.random() < 0.5:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    if dice.random() < 0.5:
        table.ref = table.autoFilter.ref = f"A{above + 1}:{get_column_letter(len(columns))}{above + 1 + ROWS}"
        table.tableColumns = []
        table._initialise_columns()
        for column, values in zip(table.tableColumns, columns, strict=True):
            column.name = str(values[0])
        sheet.add_table(table)


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)
@given(seed=st.integers(0, 10**9), gone=st.lists(st.sampled_from(OPTIONAL), max_size=4))
def test_ratings_stay_whatever_was_done_to_the_columns(
    few: Path, rescore: Callable[[Path], Any], tmp_path: Path, seed: int, gone: list[str]
) -> None:
    """Results are those of the same cells; an optional column that was deleted counts as one without an answer."""
    path = mangled(few, tmp_path / "mangled.xlsx", random.Random(seed), gone)
    blank = read_transactions(few).frame.assign(**dict.fromkeys(gone))
    found = rescore(path)
    assert said(found.scores) == said(score(blank, today=found.scores.columns["scored_on"][0]))
    assert not [note for note in read_transactions(path).notes if "There is no column" in note]


@pytest.mark.parametrize("key", REQUIRED)
def test_a_required_column_that_is_gone_is_told(few: Path, tmp_path: Path, key: str) -> None:
    """By a note, or by a sentence instead of a result; never by silence."""
    path = mangled(few, tmp_path / "mangled.xlsx", random.Random(key), [key])
    try:
        notes = read_transactions(path).notes
    except WorkbookError as error:
        notes = (str(error),)
    assert any(f'no column "{INPUT_BY_KEY[key].header}"' in note for note in notes)


def by_openpyxl(source: Path, target: Path) -> None:
    """Load and save."""
    openpyxl.load_workbook(source).save(target)


def by_pandas(source: Path, target: Path) -> None:
    """Read the sheet with the defaults of pandas, and write it as one: no table, no looks, no other sheet."""
    pd.read_excel(source, sheet_name=layout.TRANSACTIONS_SHEET, header=1, engine="openpyxl").to_excel(
        target, index=False
    )


@pytest.mark.parametrize("save", [by_openpyxl, by_pandas, None], ids=["openpyxl", "pandas", "LibreOffice"])
def test_a_workbook_that_another_program_saved_scores_the_same(
    few: Path,
    rescore: Callable[[Path], Any],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    save: Callable[[Path, Path], None] | None,
) -> None:
    """Every result of every row, also when it is scored anew in the saved file, and again after that."""
    path = tmp_path / "saved.xlsx"
    if save is None:
        shutil.copy(request.getfixturevalue("office")(few), path)
    else:
        save(few, path)
    before = rescore(Path(shutil.copy(few, tmp_path / "as-it-was.xlsx"))).scores.columns
    for _ in range(2):
        assert rescore(path).scores.columns.equals(before)
