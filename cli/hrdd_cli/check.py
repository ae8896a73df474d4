"""`hrdd check`: what to mend before scoring."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrdd.counting import counted
from hrdd.errors import HrddError
from hrdd_cli import exit_codes
from hrdd_cli.options import as_format, of_sheet, on_date, with_password

if TYPE_CHECKING:
    from hrdd_workbook.issues import Issue
    from hrdd_workbook.transactions import Transactions

_CELLS_SHOWN = 3


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the checked copies there.")
@click.option("--in-place", is_flag=True, help="Write the sheet into the workbook itself.")
@click.option("--dry-run", is_flag=True, help="Print; write nothing.")
@of_sheet
@with_password
@on_date("The day that rows without a date are judged at (default: today).")
@as_format
def command(files: tuple[Path, ...], form: str, **asked: Any) -> None:
    """Say what is wrong or missing in each FILE: blank cells that are needed, typing errors, contradictions.

    Every cell is named in a sheet, Issues, with a link to it. The sheet goes into a copy beside the file,
    NAME.checked.xlsx, unless --in-place or --out says otherwise; where nothing is found there is no copy. Files that
    cannot be written are checked all the same. Nothing is scored, and no other part of the workbook changes.

    Example: hrdd check orders.xlsx --in-place
    """
    if asked["out"] and asked["in_place"]:
        raise click.UsageError("--out and --in-place exclude each other; give one of them.")
    reports, failures = [], []
    for file in files:
        try:
            reports.append(_checked(file, **asked))
        except HrddError as error:
            failures.append(str(error))
    if form == "json":
        click.echo(json.dumps({"files": reports, "failed": failures}, indent=2, ensure_ascii=False))
    else:
        for report in reports:
            _print(report)
        for reason in failures:
            click.echo(f"hrdd: {reason}", err=True)
    if failures:
        raise click.exceptions.Exit(exit_codes.SOME_FAILED if reports else exit_codes.NOTHING_DONE)


def _checked(
    file: Path, out: Path | None, in_place: bool, dry_run: bool, sheet: str | None, password: str | None, day: date
) -> dict[str, Any]:
    """Check one file, write its sheet, and say what was found as plain data."""
    from hrdd.engine import score
    from hrdd_workbook.issues import issues
    from hrdd_workbook.read import read_transactions

    read = read_transactions(file, sheet=sheet, password=password)
    found = issues(read, score(read.frame, today=day).problems)
    target = file if in_place else (out / file.name if out else file.with_name(f"{file.stem}.checked{file.suffix}"))
    written = None if dry_run or not read.writable else _written(read, found, target, always=in_place)
    return {
        "file": str(file),
        "sheet": read.sheet,
        "rows": len(read.frame),
        "written": written,
        "notes": list(read.notes),
        "issues": [_plain(issue, read) for issue in found],
    }


def _written(read: Transactions, found: Sequence[Issue], target: Path, *, always: bool) -> str | None:
    from hrdd_workbook.own_words import words_of
    from hrdd_workbook.put import put_extra_sheets
    from hrdd_workbook.sheets.issues import issues_sheet

    if not (found or read.notes or always):
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    put_extra_sheets(read.path, [issues_sheet(read, found, read.notes, words_of(read.path))], out=target)
    return str(target)


def _plain(issue: Issue, read: Transactions) -> dict[str, Any]:
    cells = [read.where(row, issue.key) for row in issue.rows]
    return {"column": issue.column, "what": issue.text, "in scoring": issue.effect, "cells": cells}


def _print(report: dict[str, Any]) -> None:
    from hrdd_cli.tables import show

    click.echo(f"\n{report['file']}, sheet {report['sheet']}: {counted(report['rows'], 'row')}")
    for note in report["notes"]:
        click.echo(f"Note: {note}")
    if report["issues"]:
        headers = ["Column", "What", "In scoring", "Cells", "Where"]
        show("", headers, [_line(issue) for issue in report["issues"]], right=(3,))
    else:
        click.echo("Nothing found to mend.")
    if report["written"]:
        click.echo(f"Written: {report['written']}, sheet Issues")


def _line(issue: dict[str, Any]) -> list[str]:
    cells = issue["cells"]
    more = len(cells) - _CELLS_SHOWN
    where = ", ".join(cells[:_CELLS_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return [issue["column"], issue["what"], issue["in scoring"], str(len(cells)), where]
