"""The worksheet functions HRDD.RATING, HRDD.WHY and HRDD.SCREEN (Windows): called by name from the add-in's VBA.

Values come as Excel hands them over: rows of cells, dates and error codes among them. Whatever happens, a cell
gets an answer or `NO_ANSWER`, never the text of an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, wraps
from typing import Any

import numpy as np
import xlwings as xw

from hrdd import score
from hrdd.reference import load_reference
from hrdd.screening import Screen, vendor_table
from hrdd_addin.live import as_read
from hrdd_workbook.find import best_header
from hrdd_workbook.transactions import frame_of

NO_ANSWER = "HRDD?"
Rows = Sequence[Sequence[Any]]
Answers = str | list[list[str]]


def _never_fails(answer: Callable[..., Answers]) -> Callable[..., Answers]:
    @wraps(answer)
    def safely(*given: Any) -> Answers:
        try:
            return answer(*given)
        except Exception:  # noqa: BLE001  # the cell shows the sentinel
            return NO_ANSWER

    return safely


@_never_fails
def rating(rows: Any, headers: Any = None) -> Answers:
    """The rating of each row."""
    return _one_or_all(_scored(rows, headers, "rating"))


@_never_fails
def why(rows: Any, headers: Any = None) -> Answers:
    """Why each row is rated as it is."""
    return _one_or_all(_scored(rows, headers, "why"))


@_never_fails
def screen(names: Any) -> Answers:
    """What stands on the shipped lists for each name, today."""
    return _one_or_all([[_entries(str(name)) if name else "" for name in row] for row in _cleaned(names)])


def _scored(rows: Any, headers: Any, key: str) -> list[list[str]]:
    """One column of results for rows under headers; a row without any cell has an empty answer."""
    cells = np.array(_cleaned(rows), dtype=object)
    found = best_header(0, _cleaned(headers), ())
    if found is None:
        raise ValueError("no headers of transactions")
    columns = {
        name: np.array([as_read(v) for v in cells[:, at]], dtype=object) for name, at in found.match.keys.items()
    }
    scores = score(frame_of(columns, len(cells)), today=date.today())  # noqa: DTZ011  # the day on the user's wall
    blank = [all(value is None for value in row) for row in cells]
    return [["" if empty else str(value)] for empty, value in zip(blank, scores.columns[key], strict=True)]


def _cleaned(values: Any) -> list[list[Any]]:
    """Cells as xlwings makes them of what Excel hands over: always rows, error codes as their text."""
    engine: Any = xw.engines.active
    options = {"ndim": 2, "err_to_str": True}
    rows: list[list[Any]] = xw.conversion.read(None, values, options, engine.name)  # type: ignore[no-untyped-call]
    return rows


def _one_or_all(answers: list[list[str]]) -> Answers:
    return answers[0][0] if len(answers) == 1 and len(answers[0]) == 1 else answers


@cache
def _screen() -> Screen:
    return vendor_table(load_reference())


def _entries(name: str) -> str:
    found = _screen().entries(name, np.datetime64(date.today()))  # noqa: DTZ011
    listed = [f"listed: {entry.citation}" for entry in found.exact]
    return "; ".join(listed + [f"resembles: {entry.citation}" for entry in found.resembles]) or "no entry found"
