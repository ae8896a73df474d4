"""`hrdd watch`: scores what lands in a folder, once it is complete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hrdd_cli.options import of_sheet, scoring, with_password


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@scoring
@of_sheet
@with_password
@click.option(
    "--every", type=click.FloatRange(0.1), default=2.0, show_default=True, metavar="SECONDS", help="How often to look."
)
@click.option(
    "--settle", type=click.FloatRange(0), default=4.0, show_default=True, metavar="SECONDS",
    help="How long a file must have stayed the same.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="End when all that is there and complete is scored.")
def command(folder: Path, **asked: Any) -> None:
    """Score every file that lands in FOLDER or below it, once it is complete; one that changes is scored again.

    A file is complete when its size and time have stayed the same for a while, nobody has it open, and, of a workbook
    or a Parquet file, when its end is there. What is finished is noted in the journal, so that a restart scores nothing
    twice. Rows without a date are judged at the day of scoring. SIGTERM or Ctrl-C end it after the files at hand.

    Example: hrdd watch /srv/orders --out /srv/scored
    """
    from hrdd_cli.watching import Wanted, watch

    if asked["out"] and asked["in_place"]:
        raise click.UsageError("--out and --in-place exclude each other; give one of them.")
    watch(folder, Wanted(**asked))
