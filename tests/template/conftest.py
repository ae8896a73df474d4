"""A scored workbook of some hundred orders, and LibreOffice to compute its formulas."""

from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from hrdd.columns import CATEGORY_BY_ID, INPUTS
from hrdd.engine import Scores, score
from hrdd_workbook import write_columns
from hrdd_workbook.outputs import columns_of
from hrdd_workbook.own_words import words_of
from hrdd_workbook.read import read_transactions
from hrdd_workbook.sheets.pages import refreshed
from hrdd_workbook.staleness import EDITED, NOW, check
from hrdd_workbook.template import new_template

sys.path.insert(0, str(Path(__file__).parent))

from figures import ALWAYS

sys.path.pop(0)

TODAY = dt.date(2026, 11, 24)
Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class ScoredBook:
    """A workbook that was scored in place, what was read from it, and the scorer's own results."""

    path: Path
    frame: pd.DataFrame
    scores: Scores


def _cell(kind: str, text: str) -> Any:
    if kind == "date" and text:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time())
    if kind == "number" and text:
        return float(text)
    return CATEGORY_BY_ID[text].label if kind == "category" and text else text or None


def documented() -> Columns:
    """The documented cases by column key."""
    text = (files("hrdd") / "data" / "reference" / "cases.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {column.key: [_cell(column.kind, row[column.key]) for row in rows] for column in INPUTS}


def invented(rows: int) -> Columns:
    """Documented cases over and over, with ids, dates, amounts, currencies and decisions of their own."""
    dice, cases = random.Random(7), documented()
    many = {key: [values[at % len(values)] for at in range(rows)] for key, values in cases.items()}
    many["transaction_id"] = [f"SO-{450_000 + at}" for at in range(rows)]
    many["as_of_date"] = [dt.datetime(2024, 1, 1) + dt.timedelta(days=dice.randrange(1000)) for _ in range(rows)]
    many["amount"] = [None if at % 17 == 3 else round(dice.lognormvariate(10, 1.5), 2) for at in range(rows)]
    money = ["USD", "EUR", "GBP", "CHF", "JPY", "SEK", "PLN", "doubloons", None]
    many["currency"] = [dice.choices(money, [9, 8, 5, 4, 3, 2, 1, 1, 1])[0] for _ in range(rows)]
    many["decision"] = [dice.choice(["Hold", "Decline", None, None]) for _ in range(rows)]
    return many


def score_in_place(path: Path) -> ScoredBook:
    """Score a workbook as `hrdd score --in-place` does."""
    read = read_transactions(path)
    scores = score(read.frame, today=TODAY)
    catalogue = scores.trace.catalogue
    say = words_of(path)
    live = check(read.frame, read.columns, say(EDITED))
    columns = columns_of(scores.columns, scores.flags, catalogue, read.previous, live, say)
    extra = refreshed(read, scores.columns, scores.flags, catalogue)
    rows = read.row_numbers.tolist()
    names = {NOW: live.now}
    write_columns(path, read.sheet, read.header_row, columns, rows, table=read.table, extra_sheets=extra, names=names)
    return ScoredBook(path, read.frame, scores)


@pytest.fixture(scope="session")
def make_scored() -> Callable[..., ScoredBook]:
    """Write a template with so many invented orders and score it."""

    def make(path: Path, rows: int, **options: Any) -> ScoredBook:
        return score_in_place(new_template(path, rows=rows, columns=invented(rows), **options))

    return make


@pytest.fixture(scope="session")
def scored_book(make_scored: Callable[..., ScoredBook], tmp_path_factory: pytest.TempPathFactory) -> ScoredBook:
    """Three hundred scored orders; not to be changed."""
    return make_scored(tmp_path_factory.mktemp("scored") / "orders.xlsx", 300)


@pytest.fixture(scope="session")
def few(make_scored: Callable[..., ScoredBook], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of six scored orders; not to be changed."""
    return make_scored(tmp_path_factory.mktemp("few") / "orders.xlsx", 6).path


@pytest.fixture(scope="session")
def rescore() -> Callable[[Path], ScoredBook]:
    """Score a workbook in place."""
    return score_in_place


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Open a workbook in LibreOffice, compute every formula anew, and save it; the path of the saved file."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is NOT installed: its formulas were not computed (libreoffice-calc)")
    profile, made = tmp_path_factory.mktemp("profile"), tmp_path_factory.mktemp("saved")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")

    def convert(path: Path, kind: str = "xlsx") -> Path:
        folder = made / f"{len(list(made.iterdir()))}"
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
        ran = subprocess.run(
            [*command, "--outdir", folder, path], capture_output=True, text=True, check=True, timeout=300
        )
        saved = folder / f"{path.stem}.{kind}"
        assert saved.exists(), ran.stdout + ran.stderr
        return saved

    return convert


@pytest.fixture(scope="session")
def computed(office: Callable[[Path], Path]) -> Callable[[Path], Any]:
    """The workbook with the values that LibreOffice computes."""
    return lambda path: openpyxl.load_workbook(office(path), data_only=True)
