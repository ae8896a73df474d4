"""What a run prints when it is through: every file where they are few, the totals where they are many."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrdd.counting import counted
from hrdd.errors import HrddError

if TYPE_CHECKING:
    from hrdd_cli.batch import Run
    from hrdd_cli.outcome import Outcome

_RATINGS = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNRATED")
_DISPOSITIONS = ("STOP", "HOLD", "CONDITIONS", "NONE")
_FILES_SHOWN = 10
_FAILURES_SHOWN = 20
_PROBLEMS_SHOWN = 8


class NoSummary(HrddError):
    """A run summary that cannot be written."""


def write_summary(path: Path, summary: dict[str, Any]) -> None:
    """The machine-readable run summary, whole or not at all."""
    from hrdd_workbook.atomic import temporary

    text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
    if not path.parent.is_dir():
        raise NoSummary(f"There is no folder {path.parent} for the summary {path.name}.")
    with temporary(path) as made:
        made.file.write(text.encode(errors="backslashreplace"))
        made.commit()


def print_run(run: Run, limit: str | None) -> None:
    """The run for a person."""
    if len(run.outcomes) > _FILES_SHOWN:
        _print_totals(run)
    else:
        for outcome in run.outcomes:
            _print_outcome(outcome)
    if run.unchanged:
        click.echo(f"\nUnchanged since they were scored: {counted(len(run.unchanged), 'file')}")
    if limit:
        click.echo(f"\nAt {limit} or above: {counted(run.reached(limit), 'row')}")
    if run.outcomes:
        click.echo("\n" + run.outcomes[0].versions)
        click.echo("Data: " + "; ".join(run.outcomes[0].data))
        click.echo("Ratings are hrdd's own scheme after public guidance; NONE means nothing found in what was checked.")


def print_failures(run: Run) -> None:
    """The sentences on the files that failed."""
    for failure in run.failures[:_FAILURES_SHOWN]:
        click.echo(f"hrdd: {failure.reason}", err=True)
    if len(run.failures) > _FAILURES_SHOWN:
        more = counted(len(run.failures) - _FAILURES_SHOWN, "more file")
        click.echo(f"hrdd: and {more} failed; --summary names all.", err=True)


def _print_totals(run: Run) -> None:
    summary = run.summary()
    click.echo(f"\n{counted(len(run.outcomes), 'file')}: {counted(summary['rows'], 'row')}")
    _print_counts(summary["ratings"], summary["dispositions"])
    click.echo(f"Problems: on {counted(sum(outcome.problem_rows for outcome in run.outcomes), 'row')}")


def _print_counts(ratings: dict[str, int], dispositions: dict[str, int]) -> None:
    from hrdd_cli.tables import show

    counts = [(name, ratings.get(name, 0)) for name in _RATINGS]
    ships = [(name, dispositions.get(name, 0)) for name in _DISPOSITIONS]
    rows = [
        [name, str(count), *([ships[at][0], str(ships[at][1])] if at < len(ships) else ["", ""])]
        for at, (name, count) in enumerate(counts)
    ]
    show("", ["Rating", "Rows", "Disposition", "Rows"], rows, right=(1, 3))


def _print_outcome(outcome: Outcome) -> None:
    click.echo(f"\n{outcome.file}, sheet {outcome.sheet}: {counted(outcome.rows, 'row')}")
    _print_counts(outcome.ratings, outcome.dispositions)
    click.echo(f"Problems: {len(outcome.problems)}, on {counted(outcome.problem_rows, 'row')}")
    for problem in outcome.problems[:_PROBLEMS_SHOWN]:
        click.echo(f"  {problem}")
    if len(outcome.problems) > _PROBLEMS_SHOWN:
        click.echo(f"  and {len(outcome.problems) - _PROBLEMS_SHOWN} more; the Problems column names all of them")
    for note in _shorter(outcome.notes):
        click.echo(f"Note: {note}")
    for at, (question, count) in enumerate(outcome.questions[:3], start=1):
        click.echo(f"Ask {at}: {question} ({counted(count, 'row')})")
    click.echo(_where(outcome))


def _where(outcome: Outcome) -> str:
    if not outcome.written:
        return "Dry run: nothing was written"
    return f"{'Written' if outcome.changed else 'Unchanged, it holds these results'}: {outcome.written}"


_RENAMED = re.compile(r'^Header (".*") was read as "(.*)"\.$')


def _shorter(notes: Sequence[str]) -> list[str]:
    """The notes, those on plainly renamed headers as one."""
    renamed = [match for note in notes if (match := _RENAMED.match(note))]
    rest = [note for note in notes if not _RENAMED.match(note)]
    if not renamed:
        return rest
    return [f"read under other headers: {', '.join(f'{m[1]} as {m[2]}' for m in renamed)}", *rest]
