"""Where the rows of a scored table go: delimited text, JSON lines, Parquet, Feather. Whole files or none."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from hrdd.errors import HrddError
from hrdd_cli.books import make_folder
from hrdd_cli.columnar import pyarrow
from hrdd_workbook.atomic import Place, Stamp, places, temporary, writable

#: Takes the rows of a table, part by part: its own columns and the results, named.
Put = Callable[[pd.DataFrame], None]
Opened = Callable[[IO[bytes]], contextlib.AbstractContextManager[Put]]


class NotWritable(HrddError):
    """A table whose columns cannot be written in the format that was asked for."""


@contextlib.contextmanager
def file_sink(source: Path | None, target: Path, how: Opened, read: Stamp | None = None) -> Iterator[Put]:
    """Write a file beside its target, and make it the target when all rows are in and the source is as it was read."""
    make_folder(target.parent)
    place = writable(target)
    where = Place(place, place) if source is None else places(source, target, read)
    with temporary(place) as made:
        with how(made.file) as put:
            yield put
        made.commit(source, where)


def opened(target: Path, delimiter: str = ",", decimal: str = ".", encoding: str = "utf-8-sig") -> Opened:
    """The writer of a format, by the target's suffix."""
    suffix = target.suffix.lower()
    if suffix == ".jsonl":
        return _json_lines
    if suffix == ".parquet":
        return _parquet
    if suffix in (".feather", ".arrow"):
        return _feather
    return lambda file: _delimited(file, "\t" if suffix == ".tsv" else delimiter, decimal, encoding)


@contextlib.contextmanager
def _delimited(file: IO[bytes], delimiter: str, decimal: str, encoding: str) -> Iterator[Put]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="", write_through=False)
    writer = csv.writer(text, delimiter=delimiter)
    started = list[bool]()

    def put(rows: pd.DataFrame) -> None:
        if not started:
            started.append(True)
            writer.writerow(rows.columns)
        writer.writerows(zip(*(_texts(rows.iloc[:, at], decimal) for at in range(rows.shape[1])), strict=True))

    yield put
    text.flush()
    text.detach()


def _texts(column: pd.Series[Any], decimal: str) -> list[Any]:
    """Cells as text: days without an hour, blanks empty, numbers with the decimal mark of the file."""
    if column.dtype.kind == "M":
        return list(_days(column))
    if column.dtype.kind == "f" and not isinstance(column.dtype, pd.ArrowDtype):
        return [_number(value, decimal) for value in column.tolist()]
    return ["" if value is None or value is pd.NA or value != value else value for value in column.tolist()]


def _number(value: float, decimal: str) -> str:
    if value != value:  # NaN
        return ""
    return f"{value:.15g}".replace(".", decimal)


def _days(column: pd.Series[Any]) -> Any:
    """Dates as ISO days, or as ISO times where any has an hour."""
    times = column.dt.strftime("%Y-%m-%dT%H:%M:%S")
    whole = (column.isna() | (column.dt.normalize() == column)).all()
    return (times.str[:10] if whole else times).fillna("").astype(object)


@contextlib.contextmanager
def _json_lines(file: IO[bytes]) -> Iterator[Put]:
    def put(rows: pd.DataFrame) -> None:
        names = list(rows.columns)
        cells = [_plain(rows.iloc[:, at]) for at in range(rows.shape[1])]
        lines = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in zip(*cells, strict=True))
        file.write("".join(f"{line}\n" for line in lines).encode())

    yield put


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Cells as JSON knows them; what it does not know is spelled out."""
    if column.dtype.kind == "M":
        return [day or None for day in _days(column).tolist()]
    return [_json_value(value) for value in column.tolist()]


def _json_value(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, str | bool | int | float | list | dict) else str(value)


@contextlib.contextmanager
def _parquet(file: IO[bytes]) -> Iterator[Put]:
    pyarrow()
    import pyarrow.parquet as pq

    with _arrow(lambda schema: pq.ParquetWriter(file, schema, compression="zstd")) as put:
        yield put


@contextlib.contextmanager
def _feather(file: IO[bytes]) -> Iterator[Put]:
    pyarrow()
    import pyarrow.ipc as ipc

    options = ipc.IpcWriteOptions(compression="zstd")
    with _arrow(lambda schema: ipc.new_file(file, schema, options=options)) as put:
        yield put


@contextlib.contextmanager
def _arrow(make: Callable[[Any], Any]) -> Iterator[Put]:
    """Write tables of one schema, which the first part decides."""
    arrow = pyarrow()
    with contextlib.ExitStack() as stack:
        writers: list[Any] = []
        schemas: list[Any] = []

        def put(rows: pd.DataFrame) -> None:
            try:
                schema = schemas[0] if schemas else None
                table = arrow.Table.from_pandas(_one_type(rows), schema, preserve_index=False)
                table = table.replace_schema_metadata(None)
            except (arrow.ArrowException, TypeError, ValueError) as error:
                raise NotWritable(f"A column holds values of several types ({error}); write CSV instead.") from error
            if not writers:
                schemas.append(_without_nulls(arrow, table.schema))
                writers.append(stack.enter_context(make(schemas[0])))
            writers[0].write_table(table.cast(schemas[0]))

        yield put


def _without_nulls(arrow: Any, schema: Any) -> Any:
    """A column that is blank in the first part is one of texts."""
    fields = [field.with_type(arrow.string()) if arrow.types.is_null(field.type) else field for field in schema]
    return arrow.schema(fields)


def _one_type(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with columns of several types as texts, since a file of columns has one type in each."""
    mixed = [
        at
        for at, dtype in enumerate(rows.dtypes)
        if isinstance(dtype, np.dtype) and dtype.kind == "O" and not _is_uniform(rows.iloc[:, at])
    ]
    rows = rows.copy(deep=False) if mixed else rows
    for at in mixed:
        rows.isetitem(at, rows.iloc[:, at].map(str, na_action="ignore").array)
    return rows


_UNIFORM = {"string", "integer", "floating", "boolean", "date", "datetime", "datetime64", "decimal", "time", "empty"}


def _is_uniform(column: pd.Series[Any]) -> bool:
    return pd.api.types.infer_dtype(column, skipna=True) in _UNIFORM
