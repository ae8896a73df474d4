"""How fast and how frugal workbook reading and writing are, as ratios measured in one run.

    python benchmarks/workbook_io.py [--rows 100000 ...] [--without-openpyxl] [--repeat 3]

Writing adds 10 columns to a sheet of 12 and is compared with openpyxl (load, add, save) and with the floor:
inflate the old sheet and deflate it again at level 1, nothing else; the floor of the new sheet, which has
nearly twice the bytes, is printed beside it. Reading into the typed frame, child process included, is
compared with python-calamine's own `to_python()`. Every figure is the best of several fresh processes, with
its CPU seconds and its peak memory. Ratios hold on a quiet machine; the load is printed with them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADERS = (
    "Transaction ID",
    "Date",
    "Product",
    "Product description",
    "End user",
    "Destination country",
    "End use",
    "Intermediary",
    "Amount",
    "Quantity",
    "Unit price",
    "Score",
)
SHEET = "Orders"
FIRST = dt.datetime(2024, 1, 1)  # noqa: DTZ001  # a date in a cell has no zone


def build(path: Path, rows: int) -> None:
    """A workbook of transactions with shared strings, a table, a second sheet and a chart."""
    import xlsxwriter

    chance = random.Random(20200901)
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    countries = ("Germany", "Kenya", "Brazil", "Namibia", "Viet Nam", "United Arab Emirates")
    for number in range(1, rows + 1):
        sheet.write_string(number, 0, f"TX-{number:07d}")
        sheet.write_datetime(number, 1, FIRST + dt.timedelta(number % 700), day)
        sheet.write_string(number, 2, f"Face recognition model {number % 40}")
        sheet.write_string(number, 3, f"Camera analytics licence, {number % 97} channels")
        sheet.write_string(number, 4, f"Ministry of Interior {number % 500}")
        sheet.write_string(number, 5, countries[number % 6])
        sheet.write_string(number, 6, f"Traffic enforcement use case {number % 300}")
        sheet.write_string(number, 7, f"Distributor {number % 50}")
        sheet.write_number(number, 8, round(chance.random() * 1e6, 2))
        sheet.write_number(number, 9, number % 100)
        sheet.write_number(number, 10, round(chance.random() * 1e4, 2))
        sheet.write_number(number, 11, chance.random())
    sheet.add_table(0, 0, rows, 11, {"name": "Orders", "columns": [{"header": h} for h in HEADERS]})
    second = book.add_worksheet("Notes")
    second.write("A1", "Prepared by finance")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [SHEET, 1, 8, min(rows, 20), 8]})
    second.insert_chart("C3", chart)
    book.close()


def results(rows: int) -> list[tuple[str, str, list[Any]]]:
    """Ten result columns: five of few texts, three of numbers, a boolean and a sparse sentence."""
    chance = random.Random(1)
    words = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
    columns: list[tuple[str, str, list[Any]]] = [
        (f"HRDD text {n}", "text", [words[chance.randrange(4)] for _ in range(rows)]) for n in range(5)
    ]
    columns += [(f"HRDD number {n}", "number", [chance.random() * 100 for _ in range(rows)]) for n in range(3)]
    columns.append(("HRDD flag", "bool", [chance.random() < 0.5 for _ in range(rows)]))
    reasons = [f"Reason {n % 1000} & more" if chance.random() < 0.4 else None for n in range(rows)]
    return [*columns, ("HRDD reason", "text", reasons)]


def floor(path: Path, _rows: int) -> Callable[[], object]:
    """Inflate the sheet and deflate it again at level 1, piece by piece."""

    def run() -> int:
        with zipfile.ZipFile(path) as book:
            member = book.getinfo("xl/worksheets/sheet1.xml")
        with path.open("rb") as file:
            file.seek(member.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            file.seek(name + extra, 1)
            inflate, deflate = zlib.decompressobj(-15), zlib.compressobj(1, zlib.DEFLATED, -15)
            left, size = member.compress_size, 0
            while left:
                data = file.read(min(left, 1 << 18))
                left -= len(data)
                size += len(deflate.compress(inflate.decompress(data)))
        return size + len(deflate.flush())

    return run


def write(path: Path, rows: int) -> Callable[[], object]:
    """Our writer."""
    from hrdd_workbook import ResultColumn, write_columns

    columns = [ResultColumn(h, h, values, kind=kind) for h, kind, values in results(rows)]  # type: ignore[arg-type]
    numbers = range(2, rows + 2)
    return lambda: write_columns(path, SHEET, 1, columns, numbers, out=path.with_suffix(".new.xlsx"))


def write_openpyxl(path: Path, rows: int) -> Callable[[], object]:
    """openpyxl: load the workbook, add the columns, save it."""
    columns = results(rows)

    def run() -> None:
        import openpyxl

        book = openpyxl.load_workbook(path)
        sheet = book[SHEET]
        for offset, (header, _, values) in enumerate(columns, 13):
            sheet.cell(1, offset, header)
            for number, value in enumerate(values, 2):
                sheet.cell(number, offset, value)
        book.save(path.with_suffix(".openpyxl.xlsx"))

    return run


def read(path: Path, _rows: int) -> Callable[[], object]:
    """Our reader, pandas loaded before, since every door has it loaded."""
    import pandas as pd

    from hrdd_workbook import read_transactions

    pd.DataFrame({"warm": [1]})
    return lambda: read_transactions(path)


def read_calamine(path: Path, _rows: int) -> Callable[[], object]:
    """python-calamine in this process, with nothing around it."""
    import python_calamine

    def run() -> object:
        return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()

    return run


def make(path: Path, rows: int) -> Callable[[], object]:
    """The workbook itself, made in a process of its own so that its memory is not counted with the others'."""
    return lambda: build(path, rows)


WORK = {
    "build": make,
    "floor": floor,
    "write": write,
    "openpyxl": write_openpyxl,
    "read": read,
    "calamine": read_calamine,
}


@dataclass(frozen=True)
class Figure:
    """Wall and CPU seconds and the peak memory of one process and its children, in MB."""

    wall: float
    cpu: float
    peak: float


def measure(name: str, path: Path, rows: int) -> None:
    """Run one piece of work and print its figure; called in a process of its own."""
    run = WORK[name](path, rows)
    before, start = _cpu(), time.perf_counter()
    run()
    wall, cpu = time.perf_counter() - start, _cpu() - before
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak / 1024}))


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def best(name: str, path: Path, rows: int, repeat: int) -> Figure:
    """The best of several runs, each in a fresh process."""
    figures = []
    for _ in range(repeat):
        command = [sys.executable, __file__, "--measure", name, "--path", str(path), "--rows", str(rows)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        figures.append(Figure(told["wall"], told["cpu"], told["peak"]))
    return Figure(*(min(getattr(f, key) for f in figures) for key in ("wall", "cpu", "peak")))


def report(rows: int, folder: Path, repeat: int, *, openpyxl: bool) -> None:
    """Measure one size and print the ratios beside their bars."""
    path = folder / f"orders{rows}.xlsx"
    best("build", path, rows, 1)
    found = {name: best(name, path, rows, repeat) for name in ("floor", "write", "calamine", "read")}
    new = folder / f"orders{rows}.new.xlsx"
    found["floor of the new sheet"] = best("floor", new, rows, repeat)
    if openpyxl:
        found["openpyxl"] = best("openpyxl", path, rows, 1)
    print(f"\n{rows:,} rows x 12 columns, 10 added (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    for name, figure in found.items():
        print(f"  {name:24} {figure.wall:8.3f} s   {figure.cpu:8.3f} CPU s   {figure.peak:8.0f} MB")
    write_, read_ = found["write"], found["read"]
    _ratio("write / floor", write_.wall / found["floor"].wall, "at most 3")
    _ratio("write / floor of the new sheet", write_.wall / found["floor of the new sheet"].wall, "")
    if openpyxl:
        _ratio("openpyxl / write, time", found["openpyxl"].wall / write_.wall, "at least 25")
        _ratio("openpyxl / write, memory", found["openpyxl"].peak / write_.peak, "at least 10")
    _ratio("read / calamine to_python", read_.wall / found["calamine"].wall, "at most 2")
    if rows <= 1000:
        print(f"  guard of the reader: {read_.wall - found['calamine'].wall:.3f} s (bar: under 0.15)")


def _ratio(name: str, value: float, bar: str) -> None:
    print(f"  {name:34} {value:6.2f}   {f'(bar: {bar})' if bar else ''}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the ratios for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 100_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--without-openpyxl", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        measure(options.measure, options.path, options.rows[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            report(rows, Path(folder), options.repeat, openpyxl=not options.without_openpyxl)


if __name__ == "__main__":
    main()
