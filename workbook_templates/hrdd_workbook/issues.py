"""What is wrong or missing in the orders of a workbook, cell by cell, before they are scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hrdd.columns import INPUT_BY_KEY

if TYPE_CHECKING:
    from hrdd.intake import Problem
    from hrdd_workbook.transactions import Transactions

#: What an issue means for scoring, in the order of weight.
EFFECTS = ("missing", "counts as unknown", "read after all")


@dataclass(frozen=True)
class Issue:
    """One thing in one column: the sentence, what it means for scoring, and the 0-based rows it is true of."""

    key: str
    text: str
    effect: str
    rows: tuple[int, ...]

    @property
    def column(self) -> str:
        """The header of the column."""
        return INPUT_BY_KEY[self.key].header


def issues(read: Transactions, problems: Sequence[Problem]) -> list[Issue]:
    """Needed cells that are blank, then what could not be read, then what was read otherwise; most rows first."""
    blank = list(_blank(read))
    told = {(issue.key, row) for issue in blank for row in issue.rows}
    found = [
        Issue(problem.key, problem.message, EFFECTS[1 if problem.grave else 2], rows)
        for problem in problems
        if (rows := tuple(row for row in problem.rows.tolist() if (problem.key, row) not in told))
    ]
    order = {key: rank for rank, key in enumerate(INPUT_BY_KEY)}
    return sorted([*blank, *found], key=lambda i: (EFFECTS.index(i.effect), -len(i.rows), order[i.key], i.text))


def _blank(read: Transactions) -> list[Issue]:
    made = []
    for key, column in INPUT_BY_KEY.items():
        if column.required and key in read.frame:
            rows = np.flatnonzero(read.frame[key].isna().to_numpy()).tolist()
            text = "blank; give each order an id of its own" if key == "transaction_id" else "blank, so it is unknown"
            made += [Issue(key, text, EFFECTS[0], tuple(rows))] if rows else []
    return made
