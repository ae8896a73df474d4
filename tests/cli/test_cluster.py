"""A run on a Dask cluster of this machine: the same bytes, also when a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

distributed = pytest.importorskip("distributed", reason='pip install "hrdd[cluster]": nothing was tested on Dask')
DAY = ("--date", "2026-11-24")
PRODUCTS = ("IP camera", "Office chair", "Phone extraction kit", "Facial recognition server")
USERS = ("State Police", "Shop Ltd", "Ministry of Interior", "University of Oslo")
COUNTRIES = ("Egypt", "Norway", "Belarus", "Italy")

pytestmark = pytest.mark.filterwarnings("default")  # what Dask's own libraries warn of is theirs


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A partitioned table as CSV, in a tree of folders."""
    for part in range(8):
        path = tmp_path / "orders" / f"region={part % 2}" / f"part-{part}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            f"T{part}-{at},{PRODUCTS[at % 4]},{USERS[at // 4 % 4]} {at % 7},{COUNTRIES[at // 16 % 4]}"
            for at in range(400)
        ]
        path.write_text("transaction_id,product,end_user,destination_country\n" + "\n".join(rows), encoding="utf-8")
    return tmp_path / "orders"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Any]:
    """A scheduler and two worker processes that are restarted when they die."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        host="127.0.0.1",
        local_directory=str(tmp_path / "dask"),
    ) as made:
        yield made


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_cluster_gives_the_bytes_of_one_machine_although_a_worker_is_killed(
    hrdd: Callable, parts: Path, cluster: Any, tmp_path: Path
) -> None:
    """Its partitions are done again by others; the summaries are the same but for seconds and places."""
    pytest.importorskip("pyarrow", reason='pip install "hrdd[cluster]"')
    told = {name: tmp_path / f"{name}.json" for name in ("here", "there")}
    to = ("--to", "parquet", *DAY)
    assert (
        hrdd("score", parts, "--out", tmp_path / "here", "--workers", 1, "--summary", told["here"], *to).exit_code == 0
    )

    def kill() -> None:
        while not list((tmp_path / "there").rglob("*.parquet")):
            time.sleep(0.02)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

    killing = threading.Thread(target=kill, daemon=True)
    killing.start()
    result = hrdd(
        "score",
        parts,
        "--out",
        tmp_path / "there",
        "--cluster",
        cluster.scheduler_address,
        "--summary",
        told["there"],
        *to,
    )
    killing.join(timeout=10)
    assert not killing.is_alive()
    assert result.exit_code == 0, result.stderr
    assert _contents(tmp_path / "here") == _contents(tmp_path / "there")
    here, there = (json.loads(path.read_text("utf-8")) for path in told.values())
    for key in ("rows", "ratings", "dispositions", "versions"):
        assert here[key] == there[key]


def test_a_bad_partition_is_told_and_the_rest_is_done(hrdd: Callable, parts: Path, tmp_path: Path) -> None:
    """On a cluster that the run starts for itself."""
    (parts / "region=0" / "part-0.csv").write_text("nothing\n")
    result = hrdd("score", parts, "--out", tmp_path / "out", "--cluster", "local", "--workers", 1, *DAY)
    assert result.exit_code == 3
    assert result.stderr.count('"event": "scored"') == 7
    assert "part-0.csv" in result.stderr


def test_a_scheduler_that_is_not_there_is_one_sentence(
    hrdd: Callable, parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its address."""
    monkeypatch.setattr("hrdd_cli.cluster.PATIENCE", 1)
    result = hrdd("score", parts, "--cluster", "tcp://127.0.0.1:9", "--dry-run")
    assert result.exit_code == 4
    assert "tcp://127.0.0.1:9 cannot be reached" in result.stderr
