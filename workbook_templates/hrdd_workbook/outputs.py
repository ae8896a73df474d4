"""Scores as result columns: which of them, under which header, in which look, in which outline group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import ALL_OUTPUTS, OUTPUTS, OutputColumn, flag_columns
from hrdd.engine import Scores
from hrdd.packs import Catalogue
from hrdd_workbook.cells import plain
from hrdd_workbook.layout import Say
from hrdd_workbook.own_words import asked_in
from hrdd_workbook.results import ResultColumn
from hrdd_workbook.staleness import Check

_FAMILIES = {"rating", "disposition", "answer"}
_KINDS = {"date": "date", "percent": "percent", "number": "number"}
#: Outline level by group: the trace and the single flags fold away, rating and words stay in sight.
_LEVELS = {"Trace": 1, "Flags": 2, "row_as_scored": 2, "in_sight": 2}
#: A rating is always there, so that it counts as one while its row is in sight: the way to see filters in a formula.
_IN_SIGHT = "_xlfn.AGGREGATE(3,5,{=rating})"


def result_columns(
    scores: Scores, previous: pd.DataFrame | None = None, live: Check | None = None
) -> list[ResultColumn]:
    """The columns to write, in order: ratings, words, trace, what the workbook's formulas need, red flags.

    `previous` are results that the workbook holds already (columns by output key): a row whose verdict did not
    change keeps the day on which it was scored, so that scoring again changes nothing. `live` as for `columns_of`.
    """
    return columns_of(scores.columns, scores.flags, scores.trace.catalogue, previous, live)


def columns_of(
    results: pd.DataFrame,
    flags: pd.DataFrame,
    catalogue: Catalogue,
    previous: pd.DataFrame | None,
    live: Check | None = None,
    say: Say = str,
) -> list[ResultColumn]:
    """The same from the results and flags of any rows, in any order of scoring.

    With `live` come the columns by which the workbook notices edits and filters, computed by formulas of its own.
    Headers are those of the language of `say`, and so are the headers that a question cites.
    """
    values: dict[str, Any] = {column.key: results[column.key] for column in OUTPUTS}
    values["scored_on"] = scored_on(results, previous)
    values["in_sight"] = [1] * len(results)
    formulas = {}
    if live is not None:
        formulas = {"edited": live.formula, "in_sight": _IN_SIGHT}
        values |= {"edited": [None] * len(results), "row_as_scored": live.said}
    if say is not str:
        values["ask_first"] = [asked_in(text, say) for text in values["ask_first"]]
    shown = [
        replace(_column(c, values[c.key], formulas.get(c.key)), header=say(c.header))
        for c in ALL_OUTPUTS
        if c.key in values
    ]
    return shown + [_column(column, flags[column.key]) for column in flag_columns(catalogue.red_flags)]


def _column(column: OutputColumn, values: Any, formula: str | None = None) -> ResultColumn:
    family: Any = column.family if column.family in _FAMILIES else None
    kind: Any = _KINDS.get(column.family, "text")
    level = _LEVELS.get(column.key, _LEVELS.get(column.group, 0))
    return ResultColumn(
        key=column.key,
        header=column.header,
        values=[text or None for text in plain(values)] if kind == "text" else values,
        kind=kind,
        width=column.width,
        family=family,
        group=level,
        collapsed=level > 0,
        formula=formula,
    )


def scored_on(columns: pd.DataFrame, previous: pd.DataFrame | None) -> Any:
    """The day of scoring per row: that of the previous results where their verdict is the same, else today's."""
    today = columns["scored_on"]
    if previous is None or not {"scored_on", "verdict_id"} <= set(previous.columns):
        return today
    same = previous["verdict_id"].astype(object).to_numpy() == columns["verdict_id"].to_numpy()
    before = _moments(previous["scored_on"])
    keep = same & ~np.isnat(before)
    return pd.Series(np.where(keep, before, today.to_numpy()))


def _moments(days: pd.Series) -> Any:
    """The days as moments; a number, which is what a day formatted as General becomes, is Excel's count of days."""
    if pd.api.types.infer_dtype(days) not in ("integer", "floating", "mixed", "mixed-integer", "mixed-integer-float"):
        return pd.to_datetime(days, errors="coerce").astype("datetime64[s]").to_numpy()
    counted = days.map(lambda day: isinstance(day, int | float)).to_numpy(dtype=bool)
    serials = pd.to_numeric(days.where(counted), errors="coerce")
    counts = pd.to_datetime(serials, unit="D", origin="1899-12-30", errors="coerce")
    moments = pd.to_datetime(days.mask(counted), errors="coerce")
    return np.where(counted, counts.astype("datetime64[s]").to_numpy(), moments.astype("datetime64[s]").to_numpy())
