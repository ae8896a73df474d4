"""`hrdd addin`: the Excel add-in on this computer. Loaded by name, since the doors do not know each other."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

import click

from hrdd_cli import exit_codes
from hrdd_cli.options import on_date


@click.group("addin")
def command() -> None:
    """Install the Excel add-in, look after it, take it away.

    Example: hrdd addin install
    """


def _install() -> Any:
    return import_module("hrdd_addin.install")


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        click.echo(sentence)


@command.command("install")
def install() -> None:
    """Put the add-in into Excel's startup folder.

    No administrator is needed, and no setting of Excel is changed.

    Example: hrdd addin install
    """
    _say(_install().install(_install().Place.here()))


@command.command("status")
def status() -> None:
    """Say where the add-in is and what it starts.

    Example: hrdd addin status
    """
    _say(_install().status(_install().Place.here()))


@command.command("remove")
def remove() -> None:
    """Take the add-in away.

    Example: hrdd addin remove
    """
    _say(_install().remove(_install().Place.here()))


@command.command("doctor")
@click.option("--excel", "with_excel", is_flag=True, help="Start an Excel, score in it and compare every cell.")
@on_date("The day of the test's scoring (default: today).")
def doctor(with_excel: bool, day: Any) -> None:
    """Check what stands between a button and its answer.

    One sentence for each thing; what is to mend comes with what to do.

    Example: hrdd addin doctor --excel
    """
    checks = _install().doctor(_install().Place.here())
    for check in checks:
        click.echo(f"{'in order' if check.is_fine else 'TO MEND '}  {check.said}")
    otherwise = _self_test(day) if with_excel else []
    if otherwise or not all(check.is_fine for check in checks):
        raise click.exceptions.Exit(exit_codes.SOME_FAILED)


def _self_test(day: Any) -> list[str]:
    """Run the self-test in an Excel of its own; what came out otherwise."""
    _install().require_xlwings()
    report = import_module("hrdd_addin.selftest").in_new_excel(day)
    _say(f"TO MEND   {said}" for said in report.otherwise)
    click.echo(report.said)
    return list(report.otherwise)
