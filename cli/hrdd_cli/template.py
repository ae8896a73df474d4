"""`hrdd template`: workbooks to fill in."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("template")
def command() -> None:
    """Write an empty transactions workbook.

    Example: hrdd template new orders.xlsx
    """


@command.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--rows", default=500, show_default=True, type=click.IntRange(1, 100_000), help="Empty rows in the table."
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there already.")
def new(file: Path, rows: int, overwrite: bool) -> None:  # click passes flags by name
    """Write FILE: table Transactions with every input column, drop-downs, messages and a guide.

    Example: hrdd template new orders.xlsx
    """
    from hrdd_workbook.template import new_template

    click.echo(f"Wrote {new_template(file, rows=rows, overwrite=overwrite)}")
