"""A frame in, the same frame with results beside it out: for notebooks, Spark and any other engine of tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hrdd.packs import load_catalogue
from hrdd_cli.datasets import cells_of, places, recognised
from hrdd_cli.naming import name_results
from hrdd_cli.pieces import score_part
from hrdd_cli.tabular import named_results


def score_frame(frame: pd.DataFrame, today: date) -> pd.DataFrame:
    """Score the rows of a frame whose columns are named as in a workbook or by key; its own columns pass through.

    Results of an earlier run are replaced. Each row is judged by itself: ids that stand twice are not looked for.
    """
    names = [str(name) for name in frame.columns]
    match = recognised("The table", names)
    named = name_results(names, match, load_catalogue())
    own = frame.iloc[:, named.kept(len(names))].reset_index(drop=True)
    if not len(frame):
        return own.assign(**dict.fromkeys(named.results.values(), pd.Series([], dtype=object)))
    cells = pd.DataFrame({key: cells_of(frame.iloc[:, place]) for key, place in places(match).items()})
    piece = score_part(cells, today, np.zeros(len(frame), dtype=bool))
    results = named_results(piece, named, None)
    return pd.concat([own, results.assign(**_days(results))], axis=1)


def _days(results: pd.DataFrame) -> dict[str, Any]:
    """Columns of days as days, not as midnights."""
    return {str(name): results[name].dt.date for name in results if results[name].dtype.kind == "M"}
