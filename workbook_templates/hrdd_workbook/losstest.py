"""The loss test: write columns into every workbook under a folder and compare everything before and after.

    python -m hrdd_workbook.losstest FOLDER

prints how many workbooks came out intact, were declined with a reason, lost something or crashed, and ends
with 1 when any lost something or crashed. The workbooks themselves are only read. Those that carry transactions are
scored as well, by `hrdd score` where it is installed, and no output may have a fault of structure that its source
does not have.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hrdd.errors import HrddError
from hrdd_workbook.compare import Expected, compare, sheet_cells
from hrdd_workbook.errors import Declined, NotAsIntended, NoTransactions
from hrdd_workbook.losstest_score import can_score, score_loss
from hrdd_workbook.package import Package
from hrdd_workbook.parts import Book, parse, read_book, relations_of
from hrdd_workbook.refs import column_number
from hrdd_workbook.results import ResultColumn, WriteReport
from hrdd_workbook.structure import faults
from hrdd_workbook.table import tables_of
from hrdd_workbook.write import write_columns

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")
OUTCOMES = ("intact", "declined", "not openable", "no rows", "LOST", "CRASHED")
_MOST_ROWS = 50
_WORDS = ("HIGH", "LOW & <lower>", None, "CRITICAL", " spaced\ntext ", "=1+1", "_x0041_")


@dataclass(frozen=True)
class Outcome:
    """What became of one workbook: one of `OUTCOMES`, and why."""

    path: Path
    outcome: str
    why: str = ""
    scored: bool = False


@dataclass(frozen=True)
class Where:
    """The first worksheet with rows: its name, part, header row and rows to fill."""

    sheet: str
    part: str
    header_row: int
    rows: list[int]


def try_one(path: Path, score: bool = True) -> Outcome:
    """Write into a copy of one workbook and compare, and score it where it can be; never raises."""
    try:
        with tempfile.TemporaryDirectory(prefix="losstest-") as folder:
            written = _tried(path, Path(folder) / f"written{path.suffix.lower()}")
            scores = score and written.outcome == "intact" and can_score()
            return _scored(path, Path(folder)) if scores else written
    except Declined as declined:
        return Outcome(path, "declined", str(declined))
    except NoTransactions as nothing:
        return Outcome(path, "no rows", str(nothing))
    except NotAsIntended as error:
        return Outcome(path, "LOST", str(error))
    except HrddError as error:
        return Outcome(path, "not openable", str(error))
    except BaseException as error:  # noqa: BLE001  # a crash of any kind is the finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(path, "CRASHED", f"{type(error).__name__}: {error} ({where.name}:{where.lineno})")


def _tried(path: Path, out: Path) -> Outcome:
    before = path.read_bytes()
    where = first_rows(path)
    columns = _columns(len(where.rows))
    report = write_columns(path, where.sheet, where.header_row, columns, where.rows, out=out)
    found = compare(path, out, _expected(path, where, columns, report))
    if path.read_bytes() != before:
        found.append("the source itself changed")
    found += _second_write(out, where, columns)
    found += sorted((faults(out) - faults(path)).elements())
    return Outcome(path, "LOST" if found else "intact", "; ".join(found))


def _scored(path: Path, folder: Path) -> Outcome:
    scored = score_loss(path, folder)
    if scored is None:
        return Outcome(path, "intact")
    outcome = "LOST" if scored.lost else "declined" if scored.declined else "intact"
    return Outcome(path, outcome, "; ".join(scored.lost) or scored.declined, scored=True)


def _columns(count: int) -> list[ResultColumn]:
    words = [_WORDS[index % len(_WORDS)] for index in range(count)]
    scores = [index * 1.1 if index % 5 else None for index in range(count)]
    return [
        ResultColumn("rating", "HRDD rating", words, family="rating", width=13),
        ResultColumn("severity", "Severity (0-4)", scores, kind="number", group=1, collapsed=True),
        ResultColumn("flag", "1-RF-01 Loss test", [i % 2 == 0 for i in range(count)], kind="bool"),
    ]


def _second_write(out: Path, where: Where, columns: list[ResultColumn]) -> list[str]:
    """A second write of equal values must leave the file alone."""
    before = out.read_bytes()
    report = write_columns(out, where.sheet, where.header_row, columns, where.rows)
    same = out.read_bytes() == before
    return [] if same and not report.changed else ["a second write of equal values changed the file"]


def first_rows(path: Path) -> Where:
    """Where a workbook has its first cells; raises where it has none, or cannot be opened."""
    from hrdd_workbook.guard import check_package

    check_package(path)
    with Package(path) as package:
        book = read_book(package)
        for sheet in book.sheets:
            member = package.find(sheet.part)
            if sheet.kind != "worksheet" or member is None:
                continue
            places = sorted({row for (row, _), _ in sheet_cells(parse(package, member))})
            if places:
                rows = _rows_below(package, sheet.part, places)
                return Where(sheet.name, sheet.part, places[0], rows)
    raise NoTransactions("no worksheet has any cell")


def _rows_below(package: Package, part: str, places: list[int]) -> list[int]:
    """Rows to fill: those with cells below the header, within a table when the header is a table's."""
    bottom = next((t.data_bottom for t in tables_of(package, part) if t.area.top == places[0]), places[-1])
    return [row for row in places[1 : _MOST_ROWS + 1] if row <= bottom]


def _expected(path: Path, where: Where, columns: list[ResultColumn], report: WriteReport) -> Expected:
    at = {column.key: column_number(report.columns[column.key]) for column in columns}
    cells: dict[tuple[int, int], Any] = {}
    for column in columns:
        cells[where.header_row, at[column.key]] = report.headers[column.key]
        for row, value in zip(where.rows, column.values, strict=True):
            cells[row, at[column.key]] = _read_back(value)
    with Package(path) as package:
        book = read_book(package)
        tables = frozenset(table.part for table in tables_of(package, where.part))
        styles = _part(package, book, "styles")
        member = package.find(book.part)
        return Expected(
            where.part,
            cells,
            frozenset(at.values()),
            tables=tables,
            styles=styles,
            book=member.filename if member else book.part,
            custom=_custom(package),
            may_add=styles is None,
        )


def _part(package: Package, book: Book, kind: str) -> str | None:
    part = book.related(kind)
    member = package.find(part) if part else None
    return member.filename if member else None


def _custom(package: Package) -> str | None:
    parts = [rel.target for rel in relations_of(package, "") if rel.kind == "custom-properties"]
    member = package.find(parts[0]) if parts else None
    return member.filename if member else None


def _read_back(value: Any) -> Any:
    return float(value) if isinstance(value, float) else value


def workbooks(folder: Path) -> Iterator[Path]:
    """The workbooks under a folder, in order of their paths."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(("~$", ".~")):
            yield path


def run(paths: Iterable[Path], jobs: int, score: bool = True) -> list[Outcome]:
    """Try every workbook, each in a worker process."""
    paths, tried = list(paths), partial(try_one, score=score)
    if jobs == 1 or len(paths) < 4:
        return list(map(tried, paths))
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(tried, paths, chunksize=8))


def table(outcomes: Sequence[Outcome], folder: Path) -> str:
    """The result as text: counts, reasons of declining, and every loss and crash."""
    counts = Counter(outcome.outcome for outcome in outcomes)
    lines = [f"{len(outcomes):6}  workbooks"]
    lines += [f"{counts[name]:6}  {name}" for name in OUTCOMES]
    lines.append(f"{sum(outcome.scored for outcome in outcomes):6}  of them scored by hrdd score as well")
    for name in OUTCOMES[1:]:
        chosen = [outcome for outcome in outcomes if outcome.outcome == name]
        if chosen and name != "no rows":
            lines += ["", f"{name}:"]
            lines += [f"  {outcome.path.relative_to(folder)}: {outcome.why}" for outcome in chosen]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the loss test over a folder; 1 when anything was lost or crashed."""
    parser = argparse.ArgumentParser(prog="python -m hrdd_workbook.losstest", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-score", action="store_true", help="only write columns; run no `hrdd score`")
    options = parser.parse_args(arguments)
    outcomes = run(workbooks(options.folder), options.jobs, not options.no_score)
    sys.stdout.write(table(outcomes, options.folder) + "\n")
    return int(any(outcome.outcome in ("LOST", "CRASHED") for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
