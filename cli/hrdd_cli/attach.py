"""`hrdd attach`: score the workbook that is open in Excel, from outside Excel."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from hrdd_cli.options import on_date


class _Terminal:
    """Speaks on the terminal; where nobody can answer, the answer is no."""

    def say(self, text: str) -> None:
        click.echo(text)

    def ask(self, text: str) -> bool:
        if sys.stdin.isatty():
            return click.confirm(text)
        click.echo(text.rpartition("\n\n")[0])
        return False


@click.command("attach")
@click.option("--book", "name", default="", help="The name of the open workbook (default: the one in front).")
@click.option("--selection", is_flag=True, help="Score the selected rows only.")
@click.option("--undo", "undo", is_flag=True, help="Take the last scoring back instead.")
@on_date("The day of scoring (default: today).")
def command(name: str, selection: bool, undo: bool, day: Any) -> None:
    """Score the workbook that is open in Excel: for desktops on which Excel may not start programs.

    Put a shortcut to it on the desktop. Nothing is saved; that stays with Excel.

    Example: hrdd attach --book orders.xlsx
    """
    if selection and undo:
        raise click.UsageError("--selection and --undo exclude each other; give one of them.")
    action = "undo" if undo else "score_selection" if selection else "score_sheet"
    import_module("hrdd_addin.install").require_xlwings()
    actions = import_module("hrdd_addin.actions")
    book = import_module("hrdd_addin.excel").open_book(name)
    actions.act(action, actions.Desk(book, day, _Terminal()))
