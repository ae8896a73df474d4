"""Tables and lines on a terminal; plain, wide and free of colour codes where it is none."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

_WIDE = 160


def show(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print a table; columns at the positions `right` are aligned to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE, title_justify="left", title_style="bold", pad_edge=False)
    for position, header in enumerate(headers):
        table.add_column(header, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=_width(), soft_wrap=False, highlight=False).print(table)


def show_page(markdown: str) -> None:
    """Print a page: laid out on a terminal, as Markdown where it is none."""
    if not sys.stdout.isatty():
        sys.stdout.write(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(_width(), 110)).print(Markdown(markdown))


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
