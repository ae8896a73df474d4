"""Parquet and Feather files by pyarrow, in batches; the extra `parquet` brings it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from hrdd_cli.datasets import ExtraMissing, Framed
from hrdd_cli.pieces import ROWS_AT_ONCE
from hrdd_workbook.errors import NotAWorkbook


def columnar(path: Path) -> Framed:
    """A Parquet or Feather file; its own columns keep their types."""
    arrow = pyarrow()
    try:
        names = _schema(path).names
    except (arrow.ArrowException, OSError) as error:
        raise NotAWorkbook(f"{path.name} could not be read as {path.suffix[1:]} ({_line(error)}).") from error
    return Framed(path.name, names, lambda places: _parts(path, names, places))


def pyarrow() -> Any:
    """The library, or one sentence on how to get it."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError as error:
        raise ExtraMissing('Parquet and Feather need pyarrow: pip install "hrdd[parquet]".') from error
    return pa


def _schema(path: Path) -> Any:
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        return pq.read_schema(path)
    import pyarrow.ipc as ipc

    with ipc.open_file(path) as file:
        return file.schema


def _parts(path: Path, names: Sequence[str], places: Sequence[int] | None) -> Iterator[pd.DataFrame]:
    arrow = pyarrow()
    try:
        for table in _tables(path, None if places is None else [names[place] for place in places]):
            part = table.to_pandas(types_mapper=pd.ArrowDtype)
            yield part if places is None else part.set_axis(places, axis=1).reindex(columns=range(len(names)))
    except arrow.ArrowException as error:
        raise NotAWorkbook(f"{path.name} is damaged ({_line(error)}).") from error


def _tables(path: Path, columns: Sequence[str] | None) -> Iterator[Any]:
    arrow = pyarrow()
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=columns):
                yield arrow.Table.from_batches([batch])
        return
    import pyarrow.ipc as ipc

    with ipc.open_file(path) as file:
        for at in range(file.num_record_batches):
            table = arrow.Table.from_batches([file.get_batch(at)])
            table = table if columns is None else table.select(columns)
            for start in range(0, len(table), ROWS_AT_ONCE):
                yield table.slice(start, ROWS_AT_ONCE)


def _line(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
