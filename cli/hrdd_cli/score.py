"""`hrdd score`: the main job."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import click

from hrdd.errors import HrddError
from hrdd_cli import exit_codes
from hrdd_cli.options import as_format, of_sheet, on_date, with_password
from hrdd_cli.scoring import How, Outcome, Target, score_file

_RATINGS = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNRATED")
_DISPOSITIONS = ("STOP", "HOLD", "CONDITIONS", "NONE")
_PROBLEMS_SHOWN = 8


@click.command("score")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write the scored workbooks into this folder."
)
@click.option("--in-place", is_flag=True, help="Write the results into the workbooks themselves.")
@of_sheet
@with_password
@on_date("The day that rows without a date are judged at, and the day of scoring (default: today).")
@as_format
@click.option("--dry-run", is_flag=True, help="Score and report; write nothing.")
@click.option(
    "--rewrite", is_flag=True, help="Where lossless writing declines: write with openpyxl and list what is lost."
)
def command(  # one parameter per option
    files: tuple[Path, ...],
    out: Path | None,
    in_place: bool,
    sheet: str | None,
    password: str | None,
    day: date,
    form: str,
    dry_run: bool,
    rewrite: bool,
) -> None:
    """Score the transactions of each FILE: red flags and ratings into columns beside the inputs.

    Without --out or --in-place the results go into a copy beside the file, NAME.scored.xlsx. Nothing else in the
    workbook changes. A file that fails is reported and the rest goes on.

    Example: hrdd score orders.xlsx --in-place
    """
    if out and in_place:
        raise click.UsageError("--out and --in-place exclude each other; give one of them.")
    _refuse_overwriting(files, out)
    how = How(day=day, sheet=sheet, password=password, dry_run=dry_run, rewrite=rewrite)
    target, outcomes, failures = Target(in_place, out), [], []
    for file in files:
        try:
            outcomes.append(score_file(file, target, how))
        except HrddError as error:
            failures.append((str(file), str(error)))
    if form == "json":
        click.echo(json.dumps(_as_data(outcomes, failures), indent=2, ensure_ascii=False))
    else:
        _print(outcomes, failures)
    if failures:
        raise click.exceptions.Exit(exit_codes.SOME_FAILED if outcomes else exit_codes.NOTHING_DONE)


def _refuse_overwriting(files: tuple[Path, ...], out: Path | None) -> None:
    """With --out no two files may become one, and none may replace the file that it was read from."""
    if out is None:
        return
    names = Counter(file.name.casefold() for file in files)
    twice = sorted({str(file) for file in files if names[file.name.casefold()] > 1})
    if twice:
        raise click.UsageError(f"{' and '.join(twice)} would become one file; use separate folders.")
    for file in files:
        if (out / file.name).resolve() == file.resolve():
            raise click.UsageError(f"--out would replace {file} itself; use --in-place, or another folder.")


def _as_data(outcomes: list[Outcome], failures: list[tuple[str, str]]) -> dict[str, object]:
    return {
        "files": [dataclasses.asdict(outcome) for outcome in outcomes],
        "failed": [{"file": file, "reason": reason} for file, reason in failures],
    }


def _print(outcomes: list[Outcome], failures: list[tuple[str, str]]) -> None:
    for outcome in outcomes:
        _print_outcome(outcome)
    for _, reason in failures:
        click.echo(f"hrdd: {reason}", err=True)
    if outcomes:
        click.echo("\n" + outcomes[0].versions)
        click.echo("Data: " + "; ".join(outcomes[0].data))
        click.echo("Ratings are hrdd's own scheme after public guidance; NONE means nothing found in what was checked.")


def _print_outcome(outcome: Outcome) -> None:
    from hrdd_cli.tables import show

    click.echo(f"\n{outcome.file}, sheet {outcome.sheet}: {outcome.rows} rows")
    counts = [(name, outcome.ratings.get(name, 0)) for name in _RATINGS]
    ships = [(name, outcome.dispositions.get(name, 0)) for name in _DISPOSITIONS]
    rows = [
        [name, str(count), *([ships[at][0], str(ships[at][1])] if at < len(ships) else ["", ""])]
        for at, (name, count) in enumerate(counts)
    ]
    show("", ["Rating", "Rows", "Disposition", "Rows"], rows, right=(1, 3))
    click.echo(f"Problems: {len(outcome.problems)}, on {outcome.problem_rows} rows")
    for problem in outcome.problems[:_PROBLEMS_SHOWN]:
        click.echo(f"  {problem}")
    if len(outcome.problems) > _PROBLEMS_SHOWN:
        click.echo(f"  and {len(outcome.problems) - _PROBLEMS_SHOWN} more; the Problems column names all of them")
    for note in _shorter(outcome.notes):
        click.echo(f"Note: {note}")
    for at, (question, count) in enumerate(outcome.questions[:3], start=1):
        click.echo(f"Ask {at}: {question} ({count} rows)")
    click.echo(f"Written: {outcome.written}" if outcome.written else "Dry run: nothing was written")


_RENAMED = re.compile(r'^Header (".*") was read as "(.*)"\.$')


def _shorter(notes: list[str]) -> list[str]:
    """The notes, those on plainly renamed headers as one."""
    renamed = [match for note in notes if (match := _RENAMED.match(note))]
    rest = [note for note in notes if not _RENAMED.match(note)]
    if not renamed:
        return rest
    return [f"read under other headers: {', '.join(f'{m[1]} as {m[2]}' for m in renamed)}", *rest]
