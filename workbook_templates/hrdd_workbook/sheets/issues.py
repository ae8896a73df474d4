"""The sheet of issues: what to look at before scoring, each line with a link to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .. import layout, palette
from ..issues import Issue
from ..layout import Say
from ..results import ExtraSheet, Link, Shown
from .pages import HEADER_ROW, heights, ids_of

if TYPE_CHECKING:
    from ..transactions import Transactions

#: More lines than anybody will go through; what is left out is counted.
MOST = 5_000
_WIDTHS = (24, 18, 30, 80, 20)


def issues_sheet(read: Transactions, found: Sequence[Issue], notes: Sequence[str], say: Say = str) -> ExtraSheet:
    """A line for every cell; sentences on the whole file stand last, without a link."""
    cells = sum(len(issue.rows) for issue in found)
    note = say("Cells to look at: {}; those that are missing stand first. Written by  hrdd check.").format(cells)
    head: list[list[Any]] = [[Shown(say(layout.ISSUES_SHEET), "title")], [Shown(note, "note")]]
    head.append([Shown(_left_out(cells, say), "note")] if cells > MOST else [])
    texts = ("Where", "Order", "Column", "What", "In scoring")
    whole, nothing = Shown(say("the file"), "line"), Shown("", "line")
    lines = [*_lines(read, found, say), *([whole, nothing, nothing, Shown(text, "line"), nothing] for text in notes)]
    return ExtraSheet(
        name=say(layout.ISSUES_SHEET),
        rows=[*head, [say(text) for text in texts], *lines],
        widths=_WIDTHS,
        header_row=HEADER_ROW,
        filtered=True,
        tab=palette.DUPLICATE.ink,
        heights=heights(lines, _WIDTHS, 20),
    )


def _left_out(cells: int, say: Say) -> str:
    return say("The first {} are listed; {} more are like them.").format(MOST, cells - MOST)


def _lines(read: Transactions, found: Sequence[Issue], say: Say) -> Iterator[list[Any]]:
    ids, left = ids_of(read), MOST
    for issue in found:
        for row in issue.rows[:left]:
            where = read.where(row, issue.key)
            order, column = Shown(str(ids[row]), "line"), Shown(say(issue.column), "line")
            told = [Shown(issue.text, "line"), Shown(say(issue.effect), "quiet")]
            yield [Link(where, where, "place"), order, column, *told]
        left = max(left - len(issue.rows), 0)
