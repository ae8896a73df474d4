"""`hrdd score`: the main job, for one file or any number of them."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrdd_cli.options import as_format, databases, of_sheet, on_date, scoring, with_password

if TYPE_CHECKING:
    from hrdd_cli.batch import Run, Runner
    from hrdd_cli.books import How
    from hrdd_cli.files import Found
    from hrdd_cli.journal import Journal
    from hrdd_cli.targets import Job, Output


@click.command("score")
@click.argument("files", nargs=-1, metavar="FILE...")
@scoring
@databases
@of_sheet
@with_password
@on_date("The day that rows without a date are judged at, and the day of scoring (default: today).")
@click.option("--cluster", metavar="ADDRESS", help="Score on the Dask cluster at tcp://HOST:PORT, or on a local one.")
@click.option("--dry-run", is_flag=True, help="Score and report; write nothing.")
@click.option(
    "--fail-on", type=click.Choice(("MEDIUM", "HIGH", "CRITICAL", "CONDITIONS", "HOLD", "STOP"), case_sensitive=False),
    help="Exit with 1 where a row is at this rating or disposition, or above it.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Leave out what an earlier run finished and nobody has changed since.")
@click.option("--summary", type=click.Path(path_type=Path, dir_okay=False), help="Write a run summary as JSON here.")
@as_format
def command(files: tuple[str, ...], **asked: Any) -> None:
    """Score the transactions of each FILE: red flags and ratings into columns beside the inputs.

    FILE is a workbook (.xlsx .xlsm; .xlsb .xls .ods are read and written as .xlsx), a .csv, .parquet or .feather
    file, a folder, a pattern such as "2026/**/*.xlsx", or - for a list of them on standard input. Without --out or
    --in-place the results go into a copy beside the file, NAME.scored.xlsx. Nothing else in the workbook changes. A
    file that fails is reported and the rest goes on.

    Example: hrdd score orders.xlsx --in-place
    """
    run = _run(files, Asked(**asked))
    raise click.exceptions.Exit(run.exit_code(asked["fail_on"]))


@dataclass(frozen=True)
class Asked:
    """The options of one call."""

    out: str | None
    in_place: bool
    to: str | None
    sheet: str | None
    password: str | None
    day: date
    dry_run: bool
    rewrite: bool
    workers: int | None
    wait: float
    journal: Path | None
    log: Path | None
    quiet: bool
    fail_on: str | None
    resume: bool
    summary: Path | None
    form: str
    database: str | None = field(repr=False)
    query: str | None
    into: str | None = field(repr=False)
    table: str
    cluster: str | None

    @property
    def how(self) -> How:
        """How each file is scored."""
        from hrdd_cli.books import How

        query = (self.database or "", self.query or "")
        into = (self.into, self.table) if self.into else None
        return How(self.day, self.sheet, self.password, self.rewrite, self.to, query, into)

    @property
    def output(self) -> Output:
        """Where results go."""
        from hrdd_cli.targets import Output

        label = None
        if self.into:
            from hrdd_cli.urls import shown

            label = f"{shown(self.into)} table {self.table}"
        return Output(self.in_place, self.out, self.to, self.dry_run, label)


def _run(files: Sequence[str], asked: Asked) -> Run:
    from hrdd_cli.events import logs_to_stderr
    from hrdd_cli.report import print_failures, print_run, write_summary
    from hrdd_cli.streams import hush, is_unicode

    run = _scored(files, asked)
    summary = run.summary(asked.fail_on)
    if asked.summary is not None:
        write_summary(asked.summary, summary)
    try:
        if asked.form == "json":
            click.echo(json.dumps(summary, indent=2, ensure_ascii=not is_unicode(sys.stdout)))
        elif not asked.quiet:
            print_run(run, asked.fail_on)
    except BrokenPipeError:  # nobody reads on; the files are done
        hush(sys.stdout)
    if not logs_to_stderr(run.files, quiet=asked.quiet, log=asked.log):
        print_failures(run)
    return run


def _scored(files: Sequence[str], asked: Asked) -> Run:
    """Find the files, score them, and keep count."""
    from hrdd_cli.batch import Plan, run_jobs, size_of, sweep_targets
    from hrdd_cli.events import tell
    from hrdd_cli.outcome import Failure
    from hrdd_cli.pool import default_workers
    from hrdd_cli.sources import find, listed_names

    _check(files, asked)
    found, empty = find(files, listed_names(sys.stdin))
    jobs = _jobs(asked, found)
    workers = asked.workers or default_workers([size_of(job) for job in jobs])
    with tell(len(jobs), quiet=asked.quiet, log=asked.log) as events, _journal(asked, jobs) as journal:
        sweep_targets(jobs)
        with _runner(asked, jobs, workers) as runner:
            try:
                run = run_jobs(jobs, Plan(runner, workers, asked.wait, asked.resume), events, journal)
            finally:
                sweep_targets(jobs)
        for error in empty:
            run.fail(Failure(error.place, str(error), type(error).__name__), events)
    return run


def _check(files: Sequence[str], asked: Asked) -> None:
    """Refuse what does not go together."""
    if bool(files) == bool(asked.database):
        raise click.UsageError("Give either the files to score, or --from and --query.")
    if bool(asked.database) != bool(asked.query):
        raise click.UsageError("--from and --query go together.")
    if sum(map(bool, (asked.out, asked.in_place, asked.into))) > 1:
        raise click.UsageError("--out, --in-place and --into exclude each other; give one of them.")
    if asked.database and not (asked.out or asked.into or asked.dry_run):
        raise click.UsageError("Say where the results of a query go: --out FOLDER or --into URL.")


def _jobs(asked: Asked, found: Sequence[Found]) -> list[Job]:
    from hrdd_cli.targets import clashes

    output = asked.output
    if asked.database:
        from hrdd_cli.urls import shown

        return [output.query_job(shown(asked.database))]
    jobs = output.jobs(found)
    told = clashes(jobs, output)
    if told:
        raise click.UsageError(" ".join(told[:5]))
    return jobs


def _runner(asked: Asked, jobs: Sequence[Job], workers: int) -> contextlib.AbstractContextManager[Runner]:
    """Where files are scored: on a cluster, on processes of this machine, or in this process."""
    from hrdd_cli.batch import in_this_process, on_processes

    if asked.cluster:
        from hrdd_cli.cluster import on_cluster

        return on_cluster(asked.cluster, asked.how, asked.workers)
    several = workers > 1 and len(jobs) > 1
    return contextlib.nullcontext(on_processes(asked.how, workers) if several else in_this_process(asked.how))


def _journal(asked: Asked, jobs: Sequence[Job]) -> contextlib.AbstractContextManager[Journal | None]:
    """The journal of a run that may be worth going on with: of several files, or where it is asked for."""
    from hrdd_cli.journal import NoJournal, default_journal, open_journal

    wanted = asked.resume or asked.journal is not None
    if asked.dry_run or not (wanted or len(jobs) > 1):
        return contextlib.nullcontext()
    try:
        return open_journal(asked.journal or default_journal(), asked.how)
    except NoJournal:
        if wanted:
            raise
        return contextlib.nullcontext()
