"""Tables in any format that are scored into any format: what is the user's passes through as it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hrdd_workbook import read_transactions

DAY = ("--date", "2026-11-24")
HEAD = ["Transaction ID", "Product", "End user", "Destination country", "Amount", "My notes"]
ROWS = [
    ["T1", "Phone extraction kit", "State Police", "Egypt", "1.234,50", "ring Müller; \"soon\""],
    ["T2", "Office chair", "Shop Ltd", "Sweden", "12,5", ""],
    ["", "", "", "", "", "a remark below"],
    ["T2", "IP camera", "Città di Roma", "Italy", "", "=1+1"],
]  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A CSV file as a German Excel saves it: Windows-1252, semicolons, decimal commas."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEAD, *ROWS])
    path = tmp_path / "orders.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def _read(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_a_csv_file_keeps_its_cells_its_delimiter_and_its_decimal_mark(hrdd: Callable, table: Path) -> None:
    """The results stand right of its columns; a row that is no transaction has none."""
    result = hrdd("score", table, *DAY)
    assert result.exit_code == 0, result.stderr
    assert "read as cp1252" in result.output
    assert "row 2, Transaction ID" not in result.output
    assert "row 3, Transaction ID, row 5, Transaction ID: Transaction ID: used by more than one row" in result.output
    rows = _read(table.with_name("orders.scored.csv"))
    assert [[row[name] for name in HEAD] for row in rows] == ROWS
    assert [row["HRDD rating"] == "" for row in rows] == [False, False, True, False]
    assert "," in rows[0]["Completeness"]
    assert rows[0]["Scored on"] == "2026-11-24"


def test_scoring_a_csv_file_again_in_place_changes_nothing(hrdd: Callable, table: Path) -> None:
    """The day of a verdict that stands is kept; only the encoding was brought to UTF-8 at first."""
    dated = [[*row[:4], "2026-01-31" if row[0] else "", row[5]] for row in ROWS]
    lines = [";".join(row) for row in ([*HEAD[:4], "Date", HEAD[5]], *dated)]
    table.write_text("\n".join(lines).replace('"', ""), "cp1252")
    assert hrdd("score", table, "--in-place", *DAY).exit_code == 0
    once = table.read_bytes()
    assert hrdd("score", table, "--in-place", "--date", "2027-05-05").exit_code == 0
    assert _read(table)[0]["Scored on"] == "2026-11-24"
    assert table.read_bytes() == once


def test_columns_that_are_named_like_results_and_are_the_users_stay(hrdd: Callable, table: Path) -> None:
    """Without rating and verdict id beside it, "Problems" is somebody else's column."""
    table.write_text(table.read_text("cp1252").replace("My notes", "Problems"), "cp1252")
    assert hrdd("score", table, *DAY).exit_code == 0
    row = _read(table.with_name("orders.scored.csv"))[2]
    assert row["Problems"] == "a remark below"
    assert row["Problems (HRDD)"] == ""


def test_json_lines_have_numbers_days_and_nulls(hrdd: Callable, table: Path) -> None:
    """One object per row, under the names that the columns of a CSV file would have."""
    assert hrdd("score", table, "--to", "jsonl", *DAY).exit_code == 0
    rows = [json.loads(line) for line in table.with_name("orders.scored.jsonl").read_text("utf-8").splitlines()]
    assert rows[0]["Scored on"] == "2026-11-24"
    assert isinstance(rows[0]["Completeness"], float)
    assert rows[2]["HRDD rating"] is None
    assert rows[3]["My notes"] == "=1+1"


def test_names_that_are_keys_give_results_that_are_keys(hrdd: Callable, tmp_path: Path) -> None:
    """A table of a data pipeline gets columns of one."""
    path = tmp_path / "orders.csv"
    path.write_text("transaction_id,product,end_user,destination_country\nT1,IP camera,Shop,Norway\n", encoding="utf-8")
    assert hrdd("score", path, *DAY).exit_code == 0
    (row,) = _read(path.with_name("orders.scored.csv"), ",")
    assert {"hrdd_rating", "hrdd_verdict_id", "hrdd_2_rf_01"} <= row.keys()


def test_a_workbook_becomes_a_table_with_all_of_its_columns(hrdd: Callable, book: Callable) -> None:
    """Columns that are no input pass through too."""
    path = book({"product": "IP camera", "end_user": "Shop", "destination_country": "Norway"})
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[0]["E1"], workbook.worksheets[0]["E2"] = "My own", 7
    workbook.save(path)
    assert hrdd("score", path, "--to", "csv", *DAY).exit_code == 0
    (row,) = _read(path.with_name("small.scored.csv"), ",")
    assert row["HRDD rating"] == "LOW"
    assert float(row["My own"]) == 7


def test_a_csv_file_becomes_a_workbook(hrdd: Callable, table: Path) -> None:
    """Numbers are numbers there, texts stay texts although they look like formulas."""
    assert hrdd("score", table, "--to", "xlsx", *DAY).exit_code == 0
    sheet = openpyxl.load_workbook(table.with_name("orders.scored.xlsx")).worksheets[0]
    assert sheet["E2"].value == 1234.5
    assert (sheet["F5"].value, sheet["F5"].data_type) == ("=1+1", "s")
    assert "HRDD rating" in [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_an_older_workbook_is_written_as_a_new_one_beside_it(
    hrdd: Callable, orders: Path, suffix: str, office: Callable
) -> None:
    """Read, scored, and said: values and results stand in the .xlsx, the old file is as it was."""
    (old,) = office(suffix, orders)
    before = old.read_bytes()
    result = hrdd("score", old, "--in-place", *DAY)
    assert result.exit_code == 0, result.stderr
    assert "is of a format that is not written" in result.output
    assert old.read_bytes() == before
    scored, given = (read_transactions(path) for path in (old.with_name("orders.scored.xlsx"), old))
    assert scored.frame.equals(given.frame)
    assert "rating" in scored.owned
    assert scored.previous is not None
    assert scored.previous["verdict_id"].notna().all()


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_columnar_files_keep_their_types(hrdd: Callable, tmp_path: Path, kind: str) -> None:
    """Decimals, times with a zone and lists pass through untouched; results are texts, numbers and days."""
    pa = pytest.importorskip("pyarrow", reason='pip install "hrdd[parquet]"')
    table = _columnar(pa)
    path = tmp_path / f"orders.{kind}"
    _save(table, path)
    result = hrdd("score", path, *DAY)
    assert result.exit_code == 0, result.stderr
    scored = _load(path.with_name(f"orders.scored.{kind}"))
    assert scored.select(table.column_names).cast(table.schema).equals(table)
    assert scored["hrdd_scored_on"].to_pylist()[0].isoformat()[:10] == "2026-11-24"
    assert scored["hrdd_rating"].to_pylist() == ["CRITICAL", "LOW", None]
    assert hrdd("score", path.with_name(f"orders.scored.{kind}"), *DAY).exit_code == 0
    assert _load(path.with_name(f"orders.scored.{kind}")).equals(scored)


def test_parts_change_nothing(hrdd: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is scored in parts: the same bytes, and an id that stands twice is found across parts."""
    pa = pytest.importorskip("pyarrow", reason='pip install "hrdd[parquet]"')
    table = pa.concat_tables([_columnar(pa)] * 3)
    path = tmp_path / "orders.parquet"
    _save(table, path)
    assert hrdd("score", path, "--out", tmp_path / "whole", *DAY).exit_code == 0
    for module in ("pieces", "datasets", "columnar", "tabular"):
        monkeypatch.setattr(f"hrdd_cli.{module}.ROWS_AT_ONCE", 2)
    assert hrdd("score", path, "--out", tmp_path / "parts", *DAY).exit_code == 0
    whole, parts = (_load(tmp_path / name / "orders.parquet") for name in ("whole", "parts"))
    assert [name for name in whole.column_names if not whole[name].equals(parts[name])] == []
    assert whole.schema == parts.schema
    assert "more than one row" in whole["hrdd_problems"].to_pylist()[0]


def test_a_damaged_or_foreign_columnar_file_is_one_sentence(hrdd: Callable, tmp_path: Path) -> None:
    """Each with its name; nothing is written."""
    pa = pytest.importorskip("pyarrow", reason='pip install "hrdd[parquet]"')
    _save(pa.table({"a": [1], "b": [2]}), tmp_path / "foreign.parquet")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    result = hrdd("score", tmp_path / "foreign.parquet", tmp_path / "cut.parquet", "--in-place")
    assert result.exit_code == 4
    assert "foreign.parquet has no columns of transactions" in result.stderr
    assert "cut.parquet could not be read as parquet" in result.stderr


def _columnar(pa: Any) -> Any:
    from datetime import UTC, datetime
    from decimal import Decimal

    return pa.table(
        {
            "transaction_id": ["T1", "T2", None],
            "product": pa.array(["Phone extraction kit", "Office chair", None]).dictionary_encode(),
            "end_user": ["State Police", "Shop Ltd", None],
            "destination_country": ["Egypt", "Sweden", None],
            "amount": pa.array([Decimal("1.50"), None, None], pa.decimal128(12, 2)),
            "owner_share": [None, 12.5, None],
            "seen": pa.array([datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)] * 3, pa.timestamp("us", "UTC")),
            "tags": [["a", "b"], None, []],
            "number": pa.array([2**60, None, 1], pa.int64()),
        }
    )


def _save(table: Any, path: Path) -> None:
    import pyarrow.feather as feather
    import pyarrow.parquet as pq

    pq.write_table(table, path) if path.suffix == ".parquet" else feather.write_feather(table, path)


def _load(path: Path) -> Any:
    import pyarrow.feather as feather
    import pyarrow.parquet as pq

    return pq.read_table(path) if path.suffix == ".parquet" else feather.read_table(path)
