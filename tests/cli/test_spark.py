"""The documented example for Spark, run on a Spark of this machine; skipped loudly where there is none."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hrdd_cli.frames import score_frame
from hrdd_cli.spark import result_schema, scorer

DAY = date(2026, 11, 24)
ORDERS = pd.DataFrame(
    {
        "transaction_id": ["T1", "T2", "T3"],
        "product": ["Phone extraction kit", "Office chair", "IP camera"],
        "end_user": ["State Police", "Shop Ltd", None],
        "destination_country": ["Egypt", "Sweden", "Italy"],
        "amount": [1.5, None, 3.0],
    }
)


def test_a_frame_comes_back_with_results_beside_its_columns(hrdd: Callable, tmp_path: Path) -> None:
    """The same that the command writes for the same rows."""
    scored = score_frame(ORDERS, DAY)
    assert scored[list(ORDERS)].equals(ORDERS)
    path = tmp_path / "orders.csv"
    ORDERS.to_csv(path, index=False)
    assert hrdd("score", path, "--date", DAY).exit_code == 0
    written = pd.read_csv(tmp_path / "orders.scored.csv", encoding="utf-8-sig", keep_default_na=False)
    for name in ("hrdd_rating", "hrdd_why", "hrdd_verdict_id", "hrdd_2_rf_01"):
        assert scored[name].fillna("").tolist() == written[name].tolist()
    assert score_frame(scored, DAY).columns.tolist() == scored.columns.tolist()
    assert score_frame(ORDERS.iloc[:0], DAY).columns.tolist() == scored.columns.tolist()


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A Spark session on one core of this machine."""
    pytest.importorskip("pyspark", reason='pip install "hrdd[spark]": nothing was tested in Spark')
    pytest.importorskip("pyarrow", reason='pip install "hrdd[spark]": nothing was tested in Spark')
    if shutil.which("java") is None:
        pytest.skip("Java is not installed, so nothing was tested in Spark")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)  # else Spark takes whichever python3 it finds

    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": str(tmp_path),
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.mark.filterwarnings("default")  # what Spark's own libraries warn of is theirs
def test_map_in_pandas_gives_what_the_scorer_gives(spark: Any) -> None:
    """Rows in two partitions; the declared schema fits what comes."""
    orders = spark.createDataFrame(ORDERS).repartition(2)
    scored = orders.mapInPandas(scorer(DAY), result_schema(orders)).toPandas().sort_values("transaction_id")
    expected = score_frame(ORDERS, DAY)
    assert scored.columns.tolist() == expected.columns.tolist()
    for name in ("hrdd_rating", "hrdd_severity", "hrdd_completeness", "hrdd_scored_on", "hrdd_verdict_id"):
        assert scored[name].tolist() == expected[name].tolist()
