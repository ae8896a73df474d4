"""`hrdd explain`: one row in words."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrdd.errors import HrddError
from hrdd_cli.options import as_format, of_sheet, on_date, with_password

if TYPE_CHECKING:
    from hrdd_workbook.transactions import Transactions


class NoSuchRow(HrddError):
    """A transaction id, or a row of the sheet, that the file does not have."""


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--row", "wanted", required=True, metavar="ID",
    help="The transaction id; where no transaction has that id, 17 or '#17' is row 17 of the sheet.",
)  # fmt: skip
@of_sheet
@with_password
@on_date("The day that a row without a date is judged at (default: today).")
@as_format
def command(file: Path, wanted: str, sheet: str | None, password: str | None, day: date, form: str) -> None:
    """Say why a row of FILE is rated as it is: what was found, who said so, which rules, what to ask.

    An id that stands in several rows explains each of them. JSON is one list, with the row of the sheet for each.

    Example: hrdd explain orders.xlsx --row 4500012
    """
    import pandas as pd

    from hrdd import explain, score
    from hrdd_workbook.read import read_transactions

    read = read_transactions(file, sheet=sheet, password=password)
    scores = score(read.frame, today=day)
    ids: list[str | None] = [None if pd.isna(name) else str(name) for name in scores.trace.rows["transaction_id"]]
    told = [
        (int(read.row_numbers[at]), explain(scores, at, partial(read.where, at))) for at in _rows(wanted, ids, read)
    ]
    if form == "json":
        rows = [{"row": number, **dataclasses.asdict(words)} for number, words in told]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for number, words in told:
        click.echo(f"Row {number} of sheet {read.sheet}\n{words.text}")


def _rows(wanted: str, ids: list[str | None], read: Transactions) -> list[int]:
    """The positions of the rows that have an id; where none has, that of the row of the sheet."""
    import numpy as np

    named = [at for at, name in enumerate(ids) if name == wanted]
    placed = np.flatnonzero(read.row_numbers.astype(str) == wanted.removeprefix("#")).tolist()
    if not (named or placed):
        raise NoSuchRow(_not_there(wanted, [name for name in ids if name], read))
    return named or placed


def _not_there(wanted: str, ids: list[str], read: Transactions) -> str:
    from rapidfuzz import process

    near = ", ".join(name for name, _, _ in process.extract(wanted, list(dict.fromkeys(ids)), limit=3))
    if not len(read.row_numbers):
        return f"{read.path.name}: sheet {read.sheet} has a header of transactions and no row under it."
    return (
        f'{read.path.name}: sheet {read.sheet} has no transaction "{wanted}"; the nearest ids are '
        f"{near or 'none at all'}; row {read.first_row} of the sheet is --row '#{read.first_row}'."
    )
