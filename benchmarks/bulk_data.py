"""Workbooks and Parquet files of generated orders, as large or as many as a benchmark asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import rows

from hrdd.columns import INPUT_BY_KEY

SHEET = "Orders"
_KINDS_OF_BOOKS = 20


def orders(count: int, width: int) -> pd.DataFrame:
    """So many orders with the first columns in which anything stands."""
    frame = rows.quarter(count)
    return frame[[key for key in frame.columns if frame[key].notna().any()][:width]]


def book(path: Path, frame: pd.DataFrame) -> None:
    """A workbook with one sheet, headers in its first row."""
    import xlsxwriter

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as made:
        sheet = made.add_worksheet(SHEET)
        sheet.write_row(0, 0, [INPUT_BY_KEY[key].header for key in frame.columns])
        for number, row in enumerate(frame.itertuples(index=False), 1):
            sheet.write_row(number, 0, row)


def books(folder: Path, count: int, height: int, width: int = 25) -> None:
    """Many workbooks, of which every twentieth is the same."""
    folder.mkdir()
    several = min(count, _KINDS_OF_BOOKS)
    frame = orders(several * height, width)
    for number in range(several):
        book(folder / f"{number}.xlsx", frame.iloc[number * height : (number + 1) * height])
    for number in range(several, count):
        shutil.copyfile(folder / f"{number % several}.xlsx", folder / f"{number}.xlsx")


def parquet(folder: Path, count: int, height: int) -> None:
    """So many Parquet files, the rows of each under ids of their own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    table = pa.Table.from_pandas(_typed(rows.quarter(height)), preserve_index=False)
    at = table.column_names.index("transaction_id")
    for number in range(count):
        ids = pa.array([f"P{number:04d}-{row:07d}" for row in range(height)])
        pq.write_table(table.set_column(at, "transaction_id", ids), folder / f"{number:04d}.parquet")


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns as a data warehouse has them: numbers, days, texts; those that are blank are not there."""
    frame = frame.dropna(axis="columns", how="all").convert_dtypes()
    return frame.assign(as_of_date=pd.to_datetime(frame["as_of_date"]))
