"""Rows out of a database and results into one: SQLite always, PostgreSQL where it is installed."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hrdd_cli.urls import shown

sa = pytest.importorskip("sqlalchemy", reason='pip install "hrdd[database]"')
DAY = ("--date", "2026-11-24")
QUERY = "select * from orders order by transaction_id"
ORDERS = [
    ("T1", "Phone extraction kit", "State Police", "Egypt", 1.5),
    ("T2", "Office chair", "Shop Ltd", "Sweden", None),
    ("T2", "IP camera", "Città di Roma", "Italy", 3.0),
]


def _fill(url: str) -> str:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table orders (transaction_id varchar(9), product varchar(99), "
                                   "end_user varchar(99), destination_country varchar(99), amount float)"))  # fmt: skip
        for order in ORDERS:
            values = dict(zip("abcde", order, strict=True))
            connection.execute(sa.text("insert into orders values (:a, :b, :c, :d, :e)"), values)
    engine.dispose()
    return url


def _rows(url: str, query: str) -> list[Any]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(query))]
    engine.dispose()
    return found


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A SQLite database of orders."""
    return _fill(f"sqlite:///{tmp_path}/orders.db")


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL of the test's own on this machine, and the URL of a database of orders in it."""
    pytest.importorskip("pg8000", reason='pip install "hrdd[database]"')
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if os.name == "nt" or found is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed, so nothing was tested against it")
    with tempfile.TemporaryDirectory(prefix="hrdd-pg-") as folder:  # pytest's own is closed to other users
        yield from _serving(Path(found).resolve().parent, Path(folder), _free_port())


def _serving(programs: Path, home: Path, port: int) -> Iterator[str]:
    user = 65534 if os.geteuid() == 0 else None  # nobody: it refuses to run as root
    if user is not None:
        os.chown(home, user, user)

    def run(*words: object) -> None:
        subprocess.run(list(map(str, words)), check=True, cwd=home, capture_output=True, user=user, group=user)

    (home / "secret").write_text("s3cret!")
    (home / "secret").chmod(0o644)
    run(
        programs / "initdb",
        "-D",
        home / "data",
        "-U",
        "clerk",
        "-A",
        "scram-sha-256",
        "--pwfile",
        home / "secret",
        "-E",
        "UTF8",
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    run(programs / "pg_ctl", "-D", home / "data", "-o", options, "-l", home / "log", "-w", "start")
    try:
        _fill(f"postgresql+pg8000://clerk:s3cret!@127.0.0.1:{port}/postgres")
        yield f"postgresql://clerk:s3cret!@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")


def test_a_query_is_scored_into_a_file(hrdd: Callable, sqlite: str, tmp_path: Path) -> None:
    """Its columns and the results, named alike; an id that stands twice is found."""
    result = hrdd("score", "--from", sqlite, "--query", QUERY, "--out", tmp_path / "out", *DAY)
    assert result.exit_code == 0, result.stderr
    with (tmp_path / "out" / "query.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["hrdd_rating"] for row in rows] == ["CRITICAL", "LOW", "LOW"]
    assert "more than one row" in rows[1]["hrdd_problems"]
    assert rows[0]["amount"] == "1.5"


def test_a_table_of_results_is_replaced_and_never_doubled(hrdd: Callable, sqlite: str) -> None:
    """Running again gives the same rows; other sources in the same table stay."""
    score = ("score", "--from", sqlite, "--query", QUERY, "--into", sqlite, *DAY)
    for _ in range(2):
        assert hrdd(*score).exit_code == 0
    rows = _rows(sqlite, "select transaction_id, hrdd_rating, hrdd_source from hrdd_scores order by 1, 2")
    assert [row[:2] for row in rows] == [("T1", "CRITICAL"), ("T2", "LOW"), ("T2", "LOW")]
    assert {row[2] for row in rows} == {sqlite}


def test_files_go_into_a_table_too(hrdd: Callable, sqlite: str, tmp_path: Path) -> None:
    """Each under its own name, on one process or several."""
    for number in range(3):
        text = f"transaction_id,product,end_user,destination_country\nF{number},IP camera,Shop,Norway\n"
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
    result = hrdd("score", tmp_path, "--into", sqlite, "--table", "scored", "--workers", 1, *DAY)
    assert result.exit_code == 0, result.stderr
    rows = _rows(sqlite, "select hrdd_source, transaction_id from scored order by 2")
    assert rows == [(str(tmp_path / f"{number}.csv"), f"F{number}") for number in range(3)]


def test_a_table_of_somebody_else_is_left_alone(hrdd: Callable, sqlite: str) -> None:
    """It has no verdict ids of ours, so nothing is put there."""
    result = hrdd("score", "--from", sqlite, "--query", QUERY, "--into", sqlite, "--table", "orders", *DAY)
    assert result.exit_code == 4
    assert "has a table orders that hrdd did not make" in result.stderr
    assert len(_rows(sqlite, "select * from orders")) == 3


def test_a_failing_query_is_one_sentence(hrdd: Callable, sqlite: str, tmp_path: Path) -> None:
    """With what the database says."""
    result = hrdd("score", "--from", sqlite, "--query", "select * from nowhere", "--out", tmp_path, *DAY)
    assert result.exit_code == 4
    assert "no such table: nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_does_not_go_together_is_a_usage_error(hrdd: Callable, sqlite: str, tmp_path: Path) -> None:
    """Each with its sentence."""
    assert hrdd("score").exit_code == 2
    assert hrdd("score", "a.xlsx", "--from", sqlite, "--query", QUERY).exit_code == 2
    assert hrdd("score", "--from", sqlite, "--out", tmp_path).exit_code == 2
    assert hrdd("score", "--from", sqlite, "--query", QUERY).exit_code == 2
    assert hrdd("score", "a.xlsx", "--into", sqlite, "--in-place").exit_code == 2


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://clerk:s3cret@db:5432/x", "postgresql://clerk@db:5432/x"),
        ("postgresql://clerk:p@ss@db/x", "postgresql://clerk@db/x"),
        ("sqlite:///orders.db", "sqlite:///orders.db"),
        ("postgresql://db/x?user=clerk&password=s3cret&ssl=1", "postgresql://db/x?user=clerk&password=***&ssl=1"),
        ("abfs://box/x.csv?sv=2&sig=s3cret", "abfs://box/x.csv?sv=2&sig=***"),
        ("a:b@c.csv", "a:b@c.csv"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, words: str) -> None:
    """Whatever signs the password has."""
    assert shown(url) == words


def test_postgresql_in_and_out(hrdd: Callable, postgres: str, tmp_path: Path) -> None:
    """The whole way; the password stands in no message, log, summary or table."""
    told, log = tmp_path / "summary.json", tmp_path / "log"
    score = ("score", "--from", postgres, "--query", QUERY, "--into", postgres, "--summary", told, "--log", log, *DAY)
    for _ in range(2):
        result = hrdd(*score)
        assert result.exit_code == 0, result.stderr
    url = postgres.replace("postgresql:", "postgresql+pg8000:")
    rows = _rows(url, "select transaction_id, hrdd_rating, hrdd_severity, hrdd_source from hrdd_scores order by 1, 2")
    assert [row[:2] for row in rows] == [("T1", "CRITICAL"), ("T2", "LOW"), ("T2", "LOW")]
    assert isinstance(rows[0][2], int)
    assert json.loads(told.read_text("utf-8"))["rows"] == 3
    wrong = hrdd("score", "--from", postgres.replace("s3cret!", "wr0ng!"), "--query", QUERY, "--dry-run", "--log", log)
    assert wrong.exit_code == 4
    everything = result.output + wrong.output + wrong.stderr + told.read_text("utf-8") + log.read_text("utf-8")
    assert "s3cret" not in everything + str(rows)
    assert "wr0ng" not in everything


def test_a_table_with_headers_as_in_a_workbook_is_ours_as_well(hrdd: Callable, tmp_path: Path) -> None:
    """Scored into its table twice, its rows stand there once."""
    path, url = tmp_path / "orders.csv", f"sqlite:///{tmp_path}/risk.db"
    path.write_text("Transaction ID,Product,End user,Destination country\nT1,IP camera,Police,Egypt\n", "utf-8")
    for _ in range(2):
        result = hrdd("score", path, "--into", url, *DAY)
        assert result.exit_code == 0, result.output
    assert _rows(url, "select count(*) from hrdd_scores") == [(1,)]


def test_an_at_sign_in_a_password_is_asked_for_as_its_code(hrdd: Callable) -> None:
    """Else a part of the password would be taken for the host, and shown."""
    result = hrdd("score", "--from", "postgresql://u:one@secret@127.0.0.1:1/x", "--query", "select 1", "--dry-run")
    assert result.exit_code == 4
    assert "%40" in result.output
    assert "secret" not in result.output
