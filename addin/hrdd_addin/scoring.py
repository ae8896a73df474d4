"""Scoring an open sheet: read, judge, write. No talking to the user here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import xlwings as xw

from hrdd import Scores, score
from hrdd_addin.excel import calm
from hrdd_addin.live import LiveSheet, read_sheet
from hrdd_addin.writing import Outcome, write_results
from hrdd_workbook.errors import NoTransactions
from hrdd_workbook.outputs import result_columns
from hrdd_workbook.staleness import check


@dataclass(frozen=True)
class Judged:
    """A sheet with its scores, before or after they are written."""

    live: LiveSheet
    scores: Scores
    only: Collection[int] | None = None


def judge(sheet: xw.Sheet, today: date, only: Collection[int] | None = None) -> Judged:
    """Read and score a sheet; write nothing. Raises NoTransactions where there is no row, or none in `only`."""
    with calm(sheet.book.app, f"hrdd: reading sheet {sheet.name} ..."):
        live = read_sheet(sheet)
        if not len(live.transactions.frame):
            raise NoTransactions(f"Sheet {sheet.name} has a header of transactions and no row under it.")
        if only is not None and not set(only) & set(live.transactions.row_numbers.tolist()):
            raise NoTransactions("No transaction is selected; select cells in the rows to score.")
        sheet.book.app.status_bar = f"hrdd: scoring {len(live.transactions.frame):,} rows ..."
        return Judged(live, score(live.transactions.frame, today=today), only)


def judge_row(sheet: xw.Sheet, today: date, row: int) -> tuple[LiveSheet, int, Scores]:
    """Read a sheet and score the one transaction in this row of it, at this 0-based position. Raises NoTransactions.

    No row's result depends on another row, so the others are not scored.
    """
    with calm(sheet.book.app, f"hrdd: reading sheet {sheet.name} ..."):
        live = read_sheet(sheet)
        found = np.flatnonzero(live.transactions.row_numbers == row)
        if not len(found):
            raise NoTransactions(f"Row {row} of sheet {sheet.name} is no transaction; select a cell in one.")
        position = int(found[0])
        frame = live.transactions.frame.iloc[[position]].reset_index(drop=True)
        return live, position, score(frame, today=today)


def score_sheet(sheet: xw.Sheet, today: date, only: Collection[int] | None = None) -> tuple[Judged, Outcome]:
    """Score a sheet and write the results. Raises an HrddError; then nothing changed."""
    judged = judge(sheet, today, only)
    read = judged.live.transactions
    edits = check(read.frame, read.columns) if judged.live.notices_edits else None
    return judged, write_results(judged.live, result_columns(judged.scores, read.previous, edits), only)
