"""`hrdd data`: what the product carries, how old it is, and what is overdue for a look."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from hrdd_cli.options import as_format, on_date


@click.command("data")
@on_date("The day against which look-again dates are held (default: today).")
@as_format
def command(day: date, form: str) -> None:
    """List every data file: publisher, version, date, licence, rows, look-again date, what uses it.

    Overdue files are marked. The "Data:" line of hrdd score names those that a rating may hang on.

    Example: hrdd data --format json
    """
    from hrdd.reference import load_reference, overdue

    passports = load_reference().passports
    late = {passport.id for passport in overdue(passports, day)}
    rows = [_row(passport, passport.id in late) for passport in passports]
    if form == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    _print(rows)


def _row(passport: Any, late: bool) -> dict[str, Any]:  # one fact of the row
    from hrdd.sources import used_by

    names = ("id", "title", "publisher", "version", "licence", "rows", "status", "source", "attribution", "sha256")
    row = {name: getattr(passport, name) for name in names}
    return row | {
        "date": passport.date.isoformat(),
        "look_again_by": passport.look_again_by.isoformat(),
        "overdue": late,
        "used_by": used_by(passport),
    }


def _print(rows: list[dict[str, Any]]) -> None:
    from hrdd_cli.tables import show

    show(
        "Data that hrdd carries",
        ["File", "Publisher", "Version", "Date", "Licence", "Rows", "Status", "Look again by", "Used by"],
        [
            [
                row["title"], row["publisher"], row["version"], row["date"], row["licence"], str(row["rows"]),
                row["status"], f"{row['look_again_by']} OVERDUE" if row["overdue"] else row["look_again_by"],
                row["used_by"],
            ]
            for row in rows
        ],
    )  # fmt: skip
