"""The `hrdd` command. Commands are loaded when they are called, so that help costs no pandas."""

from __future__ import annotations

import errno
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from hrdd import __version__
from hrdd.errors import HrddError, why_not
from hrdd_cli import exit_codes, settings, streams

#: name -> (module, one-line help); the module has a click command `command`.
COMMANDS = {
    "score": ("hrdd_cli.score", "Score workbooks: red flags and ratings into columns beside the inputs."),
    "watch": ("hrdd_cli.watch", "Score what lands in a folder, once it is complete."),
    "check": ("hrdd_cli.check", "Say what is wrong or missing in workbooks before they are scored."),
    "explain": ("hrdd_cli.explain", "Say in words why one row is rated as it is."),
    "template": ("hrdd_cli.template", "Write an empty transactions workbook."),
    "rules": ("hrdd_cli.rules", "Read the rule catalogue."),
    "backtest": ("hrdd_cli.backtest", "Run documented cases at their own dates."),
    "addin": ("hrdd_cli.addin", "Install the Excel add-in, look after it, take it away."),
    "attach": ("hrdd_cli.attach", "Score the workbook that is open in Excel."),
    "data": ("hrdd_cli.data", "List every data file: publisher, version, date, licence, age."),
    "config": ("hrdd_cli.config", "Read the settings in force, and where each comes from."),
}


class _Lazy(click.Group):
    """A group that imports a command only to run it; its list of commands costs nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        settings.prepare(command, cmd_name, ctx)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a user's error is one sentence on standard error and a documented exit code."""
        try:
            return super().invoke(ctx)
        except HrddError as error:
            sentence = str(error)
        except KeyboardInterrupt:
            click.echo("\nhrdd: stopped; what is finished stays as it is.", err=True)
            return ctx.exit(exit_codes.STOPPED)
        except BrokenPipeError:
            streams.hush(sys.stdout)
            return ctx.exit(exit_codes.NOT_READ)
        except OSError as error:
            if error.filename is None:
                if error.errno != errno.ENOSPC:  # a fault of ours
                    raise
                streams.hush(sys.stdout)
            sentence = f"{error.filename or 'Standard output'} cannot be used: {why_not(error)}."
        click.echo(f"hrdd: {sentence}", err=True)
        return ctx.exit(exit_codes.NOTHING_DONE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, epilog=exit_codes.EPILOG)
@click.version_option(__version__, prog_name="hrdd")
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), envvar="HRDD_CONFIG", expose_value=False,
    is_eager=True, callback=settings.remember, metavar="FILE", help="Settings in TOML; see hrdd config show.",
)  # fmt: skip
def cli() -> None:
    """Human-rights due diligence for exporters of surveillance-capable products.

    Red flags and risk ratings for transactions in Excel workbooks, after the U.S. State Department's guidance of
    30 September 2020. The rating is this program's own scheme; it is no legal advice.
    """


def main() -> None:
    """The entry point of the installed command."""
    streams.prepare()
    cli()
