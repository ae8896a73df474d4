"""Scores as result columns: which of them, under which header, in which look, in which outline group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import OUTPUTS, WORKBOOK_OUTPUTS, OutputColumn, flag_columns
from hrdd.engine import Scores
from hrdd.packs import Catalogue
from hrdd_workbook.results import ResultColumn

_FAMILIES = {"rating", "disposition", "answer"}
_KINDS = {"date": "date", "percent": "percent", "number": "number"}
#: Outline level by group: the trace and the single flags fold away, rating and words stay in sight.
_LEVELS = {"Trace": 1, "Flags": 2, "Workbook": 2}


def result_columns(scores: Scores, previous: pd.DataFrame | None = None) -> list[ResultColumn]:
    """The columns to write, in order: ratings, words, trace, what the workbook's formulas need, red flags.

    `previous` are results that the workbook holds already (columns by output key): a row whose verdict did not
    change keeps the day on which it was scored, so that scoring again changes nothing.
    """
    return columns_of(scores.columns, scores.flags, scores.trace.catalogue, previous)


def columns_of(
    results: pd.DataFrame, flags: pd.DataFrame, catalogue: Catalogue, previous: pd.DataFrame | None
) -> list[ResultColumn]:
    """The same from the results and flags of any rows, in any order of scoring."""
    values = {column.key: results[column.key] for column in OUTPUTS}
    values["scored_on"] = scored_on(results, previous)
    values["in_sight"] = pd.Series(np.ones(len(results), dtype=np.int64))
    shown = [_column(column, values[column.key]) for column in (*OUTPUTS, *WORKBOOK_OUTPUTS) if column.key in values]
    return shown + [_column(column, flags[column.key]) for column in flag_columns(catalogue.red_flags)]


def _column(column: OutputColumn, values: Any) -> ResultColumn:
    family: Any = column.family if column.family in _FAMILIES else None
    kind: Any = _KINDS.get(column.family, "text")
    level = _LEVELS.get(column.group, 0)
    return ResultColumn(
        key=column.key,
        header=column.header,
        values=_blank_texts(values) if kind == "text" else values,
        kind=kind,
        width=column.width,
        family=family,
        group=level,
        collapsed=level > 0,
    )


def _blank_texts(values: Any) -> Any:
    """Empty texts as empty cells."""
    return values.astype(object).where(values != "", None)


def scored_on(columns: pd.DataFrame, previous: pd.DataFrame | None) -> Any:
    """The day of scoring per row: that of the previous results where their verdict is the same, else today's."""
    today = columns["scored_on"]
    if previous is None or not {"scored_on", "verdict_id"} <= set(previous.columns):
        return today
    same = previous["verdict_id"].astype(object).to_numpy() == columns["verdict_id"].to_numpy()
    before = pd.to_datetime(previous["scored_on"], errors="coerce").astype("datetime64[s]").to_numpy()
    keep = same & ~np.isnat(before)
    return pd.Series(np.where(keep, before, today.to_numpy()))
