"""`hrdd config`: which settings are in force, and where each of them comes from."""

from __future__ import annotations

import json

import click

from hrdd_cli.options import as_format
from hrdd_cli.settings import in_force


@click.group("config")
def command() -> None:
    """Read the settings: flags, then the environment (HRDD_...), then a configuration file."""


@command.command("show")
@click.argument("of", metavar="COMMAND", default="score")
@as_format
@click.pass_context
def show_settings(context: click.Context, of: str, form: str) -> None:
    """Say for every option of COMMAND (default: score) its value and where that comes from.

    An option is set by its flag, else by the variable HRDD_ and its name (HRDD_FAIL_ON for --fail-on), else by the
    configuration file: config.toml among the user's own files, or the one that --config or HRDD_CONFIG names.
    Passwords are not shown.

    Example: hrdd config show score
    """
    from hrdd_cli.tables import show

    root = context.find_root()
    group = root.command
    found = group.get_command(root, of) if isinstance(group, click.Group) else None
    if found is None:
        raise click.UsageError(f"There is no command {of}.")
    rows = [list(row) for row in in_force(found, of, root)]
    if form == "json":
        click.echo(json.dumps([dict(zip(("option", "value", "from"), row, strict=True)) for row in rows], indent=2))
        return
    show(f"Settings of hrdd {of}", ["Option", "Value", "From"], rows)
