"""How fast and how frugal workbook reading and writing are, as ratios measured in one run.

    python benchmarks/workbook_io.py [--rows 100 100000 500000 1048575] [--openpyxl-rows 500000]

Writing adds 10 columns to a sheet of 12 and is compared with openpyxl (load, add, save) and with the floor:
inflate the old sheet and deflate it again at level 1 with zlib, nothing else; the floor of the new sheet, which
has nearly twice the bytes, is printed beside it. So is writing the same results among the columns of the sheet.
Reading into the typed frame, child process included, is compared with python-calamine's own `to_python()`. Every
figure is the best of several fresh processes that take
turns: CPU seconds of the process and its children, wall seconds, and peak memory. Ratios are those of CPU seconds,
which a busy machine hardly changes; of small files, what the guard adds is wall time. openpyxl takes minutes and
gigabytes where there are many rows, so it runs up to --openpyxl-rows only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
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
SMALL = 1000
LARGEST = 1_000_000
FIRST = dt.datetime(2024, 1, 1)  # noqa: DTZ001  # a date in a cell has no zone


def build(path: Path, rows: int, room: Sequence[str] = ()) -> None:
    """A workbook of transactions with shared strings, a table, a second sheet and a chart.

    `room` are headers of empty columns in the midst of the others.
    """
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
        sheet.write_string(number, 6 + len(room), f"Traffic enforcement use case {number % 300}")
        sheet.write_string(number, 7 + len(room), f"Distributor {number % 50}")
        sheet.write_number(number, 8 + len(room), round(chance.random() * 1e6, 2))
        sheet.write_number(number, 9 + len(room), number % 100)
        sheet.write_number(number, 10 + len(room), round(chance.random() * 1e4, 2))
        sheet.write_number(number, 11 + len(room), chance.random())
    headers = [{"header": header} for header in (*HEADERS[:6], *room, *HEADERS[6:])]
    sheet.add_table(0, 0, rows, len(headers) - 1, {"name": "Orders", "columns": headers})
    second = book.add_worksheet("Notes")
    second.write("A1", "Prepared by finance")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [SHEET, 1, 8 + len(room), min(rows, 20), 8 + len(room)]})
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


def make_with_room(path: Path, rows: int) -> Callable[[], object]:
    """The same with empty columns for the results among its own, as in the template."""
    return lambda: build(path, rows, [header for header, _, _ in results(1)])


WORK = {
    "build": make,
    "build with room": make_with_room,
    "floor": floor,
    "write": write,
    "openpyxl": write_openpyxl,
    "read": read,
    "calamine": read_calamine,
}


@dataclass(frozen=True)
class Figure:
    """Wall and CPU seconds of a piece of work with its children, and the peak memory of one of them, in MB."""

    wall: float
    cpu: float
    peak: float


def measure(name: str, path: Path, rows: int) -> None:
    """Run one piece of work and print its figure; called in a process of its own."""
    run = WORK[name](path, rows)
    before, start = _cpu(), time.perf_counter()
    run()
    wall = time.perf_counter() - start
    if "hrdd_workbook.child" in sys.modules:
        sys.modules["hrdd_workbook.child"].end_idle()  # the CPU time of a child counts once it has ended
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"wall": wall, "cpu": _cpu() - before, "peak": peak / 1024}))


def _cpu() -> float:
    """CPU seconds of this process and of its children that have ended, to the microsecond."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def once(name: str, path: Path, rows: int) -> Figure:
    """One piece of work in a fresh process."""
    command = [sys.executable, __file__, "--measure", name, "--path", str(path), "--rows", str(rows)]
    return Figure(**json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def best(works: dict[str, tuple[str, Path]], rows: int, repeat: int) -> dict[str, Figure]:
    """The best of several runs of each piece of work, all of them taking turns."""
    turns = [{label: once(*work, rows) for label, work in works.items()} for _ in range(repeat)]
    return {
        label: Figure(*(min(getattr(turn[label], key) for turn in turns) for key in ("wall", "cpu", "peak")))
        for label in works
    }


def figures(rows: int, folder: Path, repeat: int, openpyxl_rows: int) -> dict[str, Figure]:
    """Measure everything at one size; openpyxl, which takes minutes, only once."""
    path = folder / f"orders{rows}.xlsx"
    new = path.with_suffix(".new.xlsx")
    once("build", path, rows)
    once("write", path, rows)
    works = {name: (name, path) for name in ("floor", "write", "calamine", "read")}
    works["floor of the new sheet"] = ("floor", new)
    if SMALL < rows < LARGEST:
        works["write among"] = ("write", path.with_stem(f"{path.stem}-room"))
        once("build with room", works["write among"][1], rows)
    found = best(works, rows, repeat)
    if rows <= openpyxl_rows:
        found |= best({"openpyxl": ("openpyxl", path)}, rows, 1)
    for left in folder.iterdir():
        left.unlink()
    return found


def report(rows: int, found: dict[str, Figure]) -> None:
    """Print the figures of one size, and the ratios beside their bars."""
    print(f"\n{rows:,} rows x 12 columns, 10 added (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    for name, figure in found.items():
        print(f"  {name:24} {figure.cpu:8.3f} CPU s   {figure.wall:8.3f} s   {figure.peak:8.0f} MB")
    write_, read_, calamine = found["write"], found["read"], found["calamine"]
    if rows <= SMALL:
        _ratio("read - calamine, wall seconds", read_.wall - calamine.wall, "under 0.15")
        return
    _ratio("write / floor", write_.cpu / found["floor"].cpu, "at most 3")
    _ratio("write / floor of the new sheet", write_.cpu / found["floor of the new sheet"].cpu)
    if "write among" in found:
        _ratio("write among columns / write", found["write among"].cpu / write_.cpu)
    if "openpyxl" in found:
        _ratio("openpyxl / write, time", found["openpyxl"].cpu / write_.cpu, "at least 25")
        _ratio("openpyxl / write, memory", found["openpyxl"].peak / write_.peak, "at least 10")
    _ratio("read / calamine to_python", read_.cpu / calamine.cpu, "at most 2")
    if rows >= LARGEST:
        _ratio("peak memory of write, MB", write_.peak, "under 2000")


def _ratio(name: str, value: float, bar: str = "") -> None:
    print(f"  {name:34} {value:8.2f}   {f'(bar: {bar})' if bar else ''}")


def growth(peaks: dict[int, float]) -> None:
    """Print what a row more takes of memory, between each two sizes that are not small."""
    sizes = sorted(rows for rows in peaks if rows > SMALL)
    for less, more in itertools.pairwise(sizes):
        grown = (peaks[more] - peaks[less]) * 1024**2 / (more - less)
        _ratio(f"\n  bytes a row, {less:,} to {more:,}", grown, "under 400, values included")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the ratios for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 100_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--openpyxl-rows", type=int, default=100_000)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        measure(options.measure, options.path, options.rows[0])
        return
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            found = figures(rows, Path(folder), options.repeat, options.openpyxl_rows)
            report(rows, found)
            peaks[rows] = found["write"].peak
    growth(peaks)


if __name__ == "__main__":
    main()
