"""hrdd in Apache Spark: a function for `DataFrame.mapInPandas`, and the schema of what it gives.

    from hrdd_cli.spark import result_schema, scorer

    orders = spark.read.parquet("s3a://finance/orders")
    scored = orders.mapInPandas(scorer(date(2026, 11, 24)), result_schema(orders))
    scored.write.parquet("s3a://finance/orders-scored")

Columns are recognised by name, and pass through; results stand beside them. Rules and data are loaded once in each
Python worker. A row's results do not depend on how rows fall into partitions; ids that stand twice are therefore not
looked for: count them in Spark where that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from hrdd.columns import OUTPUTS, match_headers

if TYPE_CHECKING:
    import pandas as pd


def scorer(today: date) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    """A function from batches of rows to the same rows with results; rows without a date are judged at `today`."""

    def score(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        from hrdd_cli.frames import score_frame

        for batch in batches:
            yield score_frame(batch, today)

    return score


def result_schema(rows: Any) -> str:
    """The schema of the scored rows of a Spark DataFrame, as DDL."""
    own = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in rows.schema.fields)
    return f"{own}, {', '.join(_results(rows.columns))}"


def _results(names: Sequence[str]) -> Iterator[str]:
    from hrdd.packs import load_catalogue
    from hrdd_cli.naming import name_results

    kinds = {column.key: _TYPES.get(column.family, "string") for column in OUTPUTS}
    for key, name in name_results(names, match_headers(names), load_catalogue()).results.items():
        yield f"`{name}` {kinds.get(key, 'string')}"


_TYPES = {"number": "smallint", "percent": "double", "date": "date"}
