"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import click

from hrdd.errors import why_not

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

as_format = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How to print."
)

of_sheet = click.option("--sheet", help="The sheet that holds the transactions (default: found by its content).")


def with_password(command: Callable[..., Any]) -> Callable[..., Any]:
    """A `--password-file FILE` option that arrives as the text `password`; it is read, and never printed."""
    option = click.option(
        "--password-file",
        "password",
        type=_Password(),
        help="A file whose first line is the workbook's password. Protected workbooks are read, not written.",
    )
    return option(command)


class _Password(click.ParamType[str]):
    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            with Path(str(value)).open(encoding="utf-8-sig") as file:
                password = file.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            self.fail(f"{value} cannot be read: {why_not(error)}.", param, ctx)
        return password or self.fail(f"the first line of {value} is empty; write the password there.", param, ctx)


def on_date(words: str) -> Decorator:
    """A `--date YYYY-MM-DD` option that arrives as a `date` named `day`; today where it is not given."""
    return click.option("--date", "day", type=_Day(), default=lambda: date.today().isoformat(), help=words)  # noqa: DTZ011


class _Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007  # a calendar day has no zone
        except ValueError:
            self.fail(f'"{value}" is not a date; write it as YYYY-MM-DD.', param, ctx)


_FORMATS = ("xlsx", "csv", "parquet", "feather", "jsonl")
_DATABASE = (
    click.option("--from", "database", metavar="URL", help="Score the rows of a query to this database."),
    click.option("--query", metavar="SQL", help="The query whose rows --from scores."),
    click.option("--into", metavar="URL", help="Write the results into a table of this database."),
    click.option("--table", metavar="NAME", default="hrdd_scores", show_default=True, help="The table of --into."),
)
_FILE = click.Path(path_type=Path, dir_okay=False)
_SCORING = (
    click.option("--out", metavar="FOLDER", help="Write the results into this folder, or fsspec URL."),
    click.option("--in-place", is_flag=True, help="Write the results into the files themselves."),
    click.option("--to", type=click.Choice(_FORMATS), help="The format of the results (default: as read)."),
    click.option(
        "--rewrite", is_flag=True, help="Where lossless writing declines: write with openpyxl and list what is lost."
    ),
    click.option("--workers", type=click.IntRange(1), help="Processes to score with (default: by cores and memory)."),
    click.option(
        "--wait", type=click.FloatRange(0), default=0.0, metavar="SECONDS", show_default=True,
        help="How long to wait for files that are open in Excel or LibreOffice.",
    ),
    click.option("--journal", type=_FILE, help="Where finished files are noted (default: among the user's own files)."),
    click.option("--log", type=_FILE, help="Append one JSON line per file here."),
    click.option("--quiet", is_flag=True, help="Print nothing but the sentences on files that failed."),
)  # fmt: skip


def scoring(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that scores files: where to, how, with how many processes, what is told."""
    return reduce(lambda made, option: option(made), reversed(_SCORING), command)


def databases(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for rows that come from a database, or results that go into one."""
    return reduce(lambda made, option: option(made), reversed(_DATABASE), command)
