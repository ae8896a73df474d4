"""Cells of an open sheet as blocks of values: each is one access to Excel, whatever its size.

xlwings looks at every cell five times over; nearly all of them are texts, numbers or blanks, which need no look.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlwings as xw

from hrdd_addin.excel import ON_MAC

Rows = list[list[Any]]
_AS_READ, _AS_ENTERED = frozenset({str, float, bool, type(None)}), frozenset({str, float, bool})
_HOW = {"ndim": 2, "err_to_str": True}


def read(cells: xw.Range) -> Rows:
    """The values of a range, always as rows; errors as their text, numbers as float, blanks as None."""
    if ON_MAC:  # where large blocks have to travel in pieces
        rows: Rows = cells.options(**_HOW).value
        return rows
    said = cells.raw_value
    found = said if isinstance(said, (tuple, list)) else ((said,),)
    return [_cleaned(row) for row in (found if isinstance(found[0], (tuple, list)) else (found,))]


def enter(cells: xw.Range, rows: Rows) -> None:
    """Enter texts, numbers, days and None for nothing."""
    if ON_MAC:
        cells.value = rows
    else:
        cells.raw_value = list(_prepared(rows))


def _cleaned(row: Any) -> list[Any]:
    made = list(row)
    if "" in made:
        made = [None if value == "" else value for value in made]
    if not _AS_READ.issuperset(map(type, made)):
        clean = _engine().clean_value_data
        made = [v if type(v) in _AS_READ else clean([[v]], datetime, None, None, True)[0][0] for v in made]
    return made


def _prepared(rows: Rows) -> Iterator[list[Any]]:
    prepare = _engine().prepare_xl_data_element
    return ([v if type(v) in _AS_ENTERED else prepare(v, {}) for v in row] for row in rows)


def _engine() -> Any:
    """Excel's own way with values, Windows or double: times with a zone, errors as numbers."""
    engine: Any = xw.engines.active
    return engine.impl
