"""`hrdd explain`: one row in words."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from functools import partial
from pathlib import Path

import click

from hrdd.errors import HrddError
from hrdd_cli.options import as_format, of_sheet, on_date, with_password


class NoSuchRow(HrddError):
    """A transaction id that the workbook does not have."""


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--row", "wanted", required=True, metavar="ID", help="The transaction id of the row.")
@of_sheet
@with_password
@on_date("The day that a row without a date is judged at (default: today).")
@as_format
def command(file: Path, wanted: str, sheet: str | None, password: str | None, day: date, form: str) -> None:
    """Say why the row ID of FILE is rated as it is: what was found, who said so, which rules, what to ask.

    Example: hrdd explain orders.xlsx --row 4500012
    """
    from hrdd.engine import score
    from hrdd.explanation import explain
    from hrdd_workbook.read import read_transactions

    read = read_transactions(file, sheet=sheet, password=password)
    scores = score(read.frame, today=day)
    ids = scores.trace.rows["transaction_id"].astype(object)
    found = [at for at, name in enumerate(ids) if str(name) == wanted]
    if not found:
        raise NoSuchRow(_not_there(wanted, [str(name) for name in ids.dropna()], file))
    for row in found:
        words = explain(scores, row, partial(read.where, row))
        click.echo(
            json.dumps(dataclasses.asdict(words), indent=2, ensure_ascii=False) if form == "json" else words.text
        )


def _not_there(wanted: str, ids: list[str], file: Path) -> str:
    from rapidfuzz import process

    near = [name for name, _, _ in process.extract(wanted, ids, limit=3)]
    return f'{file} has no transaction "{wanted}"; the nearest ids are {", ".join(near) or "none at all"}.'
