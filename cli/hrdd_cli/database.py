"""Rows from a database query, and results into a table, by SQLAlchemy; the extra `database` brings it.

What a query gives is kept in a temporary file while it is scored, since it is walked twice and need not give the same
again. A table of results is replaced in one transaction, file by file, and only where it is one of ours.
"""

from __future__ import annotations

import contextlib
import pickle
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from hrdd.errors import HrddError
from hrdd_cli.datasets import ExtraMissing, Framed
from hrdd_cli.files import printable
from hrdd_cli.pieces import ROWS_AT_ONCE
from hrdd_cli.sinks import Put
from hrdd_cli.urls import shown

#: The column that says which file or query a row of a result table came from.
SOURCE = "hrdd_source"
#: What a verdict id is called, by key or by header; both may have "(HRDD)" behind them.
_PROOF = ("hrdd_verdict_id", "Verdict ID")
_ROWS_A_STATEMENT = 500


class NoDatabase(HrddError):
    """A database that cannot be reached, read or written."""


@contextlib.contextmanager
def queried(url: str, query: str) -> Iterator[Framed]:
    """The rows of a query, as a table that can be walked more than once while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="hrdd-") as folder, _told(url):
        kept = Path(folder) / "rows"
        names = _keep(url, query, kept)
        yield Framed(shown(url), names, lambda places: _kept(kept, len(names), places))


def _keep(url: str, query: str, path: Path) -> list[str]:
    """Write the rows of a query into a file of ours, part by part; the names of its columns."""
    sa = _sqlalchemy()
    engine = _engine(url)
    with path.open("wb") as file, engine.connect().execution_options(stream_results=True) as connection:
        result = connection.execute(sa.text(query))
        names = [str(name) for name in result.keys()]  # noqa: SIM118  # a row set has no other way
        while rows := result.fetchmany(ROWS_AT_ONCE):
            columns = {at: pd.Series(column, dtype=object) for at, column in enumerate(zip(*rows, strict=True))}
            pickle.dump(pd.DataFrame(columns), file)
    engine.dispose()
    return names


def _kept(path: Path, width: int, places: Sequence[int] | None) -> Iterator[pd.DataFrame]:
    with path.open("rb") as file, contextlib.suppress(EOFError):
        while True:
            part = pickle.load(file)  # noqa: S301  # written above, in a folder that only we can read
            yield part if places is None else part[list(places)].reindex(columns=range(width))


@contextlib.contextmanager
def table_sink(url: str, table: str, source: str) -> Iterator[Put]:
    """Put the rows of one source into a result table, in place of those that it had there; all of them or none."""
    sa = _sqlalchemy()
    with _told(url):
        engine = _engine(url)
        with engine.begin() as connection:
            known = _is_ours(sa, connection, table, url)
            if known:
                target = sa.table(table, sa.column(SOURCE))
                connection.execute(sa.delete(target).where(target.c[SOURCE] == printable(source)))

            def put(rows: pd.DataFrame) -> None:
                rows = rows.assign(**{SOURCE: printable(source)})
                rows.to_sql(table, connection, if_exists="append", index=False, chunksize=_ROWS_A_STATEMENT)

            yield put
        engine.dispose()


def _is_ours(sa: Any, connection: Any, table: str, url: str) -> bool:
    """Whether the table is there and made by hrdd; one that is somebody else's is refused."""
    seen = sa.inspect(connection)
    if not seen.has_table(table):
        return False
    columns = {column["name"] for column in seen.get_columns(table)}
    if SOURCE not in columns or not any(name.startswith(_PROOF) for name in columns):
        raise NoDatabase(f"{shown(url)} has a table {table} that hrdd did not make; name another with --table.")
    return True


@contextlib.contextmanager
def _told(url: str) -> Iterator[None]:
    """A sentence for whatever the database says, without the password."""
    sa = _sqlalchemy()
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        text = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise NoDatabase(f"{shown(url)}: {text.replace(url, shown(url))}") from error


def _engine(url: str) -> Any:
    sa = _sqlalchemy()
    if url.partition("://")[2].partition("/")[0].count("@") > 1:
        raise NoDatabase(f"{shown(url)}: write an @ of the name or the password as %40, and a / as %2F.")
    made = sa.make_url(url)
    if made.drivername in ("postgresql", "postgres"):
        made = made.set(drivername=_postgres_driver())
    try:
        return sa.create_engine(made)
    except ModuleNotFoundError as error:
        raise ExtraMissing(f"{shown(url)} needs the driver {error.name}: pip install {error.name}.") from error


def _postgres_driver() -> str:
    """The driver that the extra brings, unless one that speaks faster is there."""
    from importlib.util import find_spec

    return next((f"postgresql+{name}" for name in ("psycopg", "psycopg2", "pg8000") if find_spec(name)), "postgresql")


def _sqlalchemy() -> Any:
    try:
        import sqlalchemy
    except ModuleNotFoundError as error:
        raise ExtraMissing('Databases need SQLAlchemy: pip install "hrdd[database]".') from error
    return sqlalchemy
