"""The loss test of the whole way: `hrdd score` on a workbook that carries transactions, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipInfo

from hrdd.counting import counted
from hrdd.errors import HrddError
from hrdd_workbook.compare import Cells, Expected, compare, sheet_cells
from hrdd_workbook.ownership import read_record
from hrdd_workbook.package import Package
from hrdd_workbook.parts import Book, Sheet, parse, read_book, relations_of
from hrdd_workbook.read import read_transactions
from hrdd_workbook.structure import faults
from hrdd_workbook.styles import Styles
from hrdd_workbook.table import tables_of
from hrdd_workbook.transactions import Transactions

#: The command as a user has it; this package knows no command line, so it is asked as another program is.
_HRDD = (sys.executable, "-c", "from hrdd_cli.main import main; main()")
_DAY = "2026-01-01"
_SECONDS = 300
#: The name by which formulas count the transactions in sight; their stored results are dropped with every scoring.
_SEEN = b"orders_in_sight"


@dataclass(frozen=True)
class Scored:
    """What came of scoring a workbook: nothing, a sentence that declined it, or what was lost."""

    declined: str = ""
    lost: tuple[str, ...] = ()


class Crashed(Exception):
    """The command ended in another way than with a sentence."""


def can_score() -> bool:
    """Whether the command is installed."""
    return find_spec("hrdd_cli") is not None


def score_loss(path: Path, folder: Path) -> Scored | None:
    """Score a workbook into a folder, twice; None where it carries no transactions, or cannot be read as its own.

    Raises `Crashed` where the command ends without a sentence.
    """
    read = _read(path)
    if read is None or not len(read.frame) or not read.writable:
        return None
    out = folder / path.name
    told = _run(path, folder, "--out", str(folder))
    if told:
        return Scored(declined=told)
    once = out.read_bytes()
    again = _run(out, folder, "--in-place")
    unchanged = out.read_bytes() == once
    return Scored(lost=(*_lost(read, out), *([] if unchanged and not again else ["scoring again changed the file"])))


def _read(path: Path) -> Transactions | None:
    try:
        return read_transactions(path)
    except HrddError:
        return None


def _run(path: Path, folder: Path, *options: str) -> str:
    """Run the command; the sentence that it declined with, or nothing."""
    command = (*_HRDD, "score", str(path), *options, "--journal", str(folder / "journal"), "--date", _DAY, "--quiet")
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
    said = (ran.stdout + ran.stderr).strip()
    if ran.returncode not in (0, 3, 4) or "Traceback" in said or (ran.returncode and not said):
        raise Crashed(f"hrdd score ended with {ran.returncode}: {said[-300:]}")
    return said if ran.returncode else ""


def _lost(read: Transactions, out: Path) -> Iterator[str]:
    """What the scored workbook has lost or changed beside results, and whether it reads as before."""
    before, after = _cells(read.path, read.sheet), _cells(out, read.sheet)
    results = _result_columns(before, after, read)
    rows = range(read.header_row, max(read.row_numbers.tolist()) + 1)  # rows between transactions are emptied
    kept = frozenset((row, column) for row in rows for column in results)
    yield from compare(read.path, out, _expected(read, frozenset(results), kept))
    for place in sorted(kept & before.keys()):
        if place[1] not in read.owned.values() and len(before[place]):
            yield f"a result stands on what the user had in {place}"
    again = read_transactions(out)
    if not again.frame.equals(read.frame) or again.row_numbers.tolist() != read.row_numbers.tolist():
        yield "the transactions do not read as before"
    yield from _unanswered(again, after)
    yield from sorted((faults(out) - faults(read.path)).elements())


def _result_columns(before: Cells, after: Cells, read: Transactions) -> set[int]:
    """The columns whose header the scoring wrote, maybe into a blank cell, and those that were ours before."""
    header = read.header_row
    headed = {column for (row, column), cell in after.items() if row == header and len(cell)}
    new = {column for column in headed if not len(before.get((header, column), ()))}
    return new | set(read.owned.values())


def _unanswered(read: Transactions, cells: Cells) -> Iterator[str]:
    """Every transaction has a rating."""
    rating = read.owned.get("rating", 0)
    empty = [row for row in read.row_numbers.tolist() if not len(cells.get((row, rating), ()))]
    if empty:
        yield f"without a rating: {counted(len(empty), 'transaction')}, the first in row {empty[0]}"


def _cells(path: Path, sheet: str) -> Cells:
    with Package(path) as package:
        part = next(found.part for found in read_book(package).sheets if found.name == sheet)
        member = package.find(part)
        return {} if member is None else dict(sheet_cells(parse(package, member)))


def _expected(read: Transactions, columns: frozenset[int], kept: frozenset[tuple[int, int]]) -> Expected:
    with Package(read.path) as package:
        book = read_book(package)
        part = next(found.part for found in book.sheets if found.name == read.sheet)
        custom, styles = _related(package, "", "custom-properties"), _related(package, book.part, "styles")
        member = package.find(book.part)
        return Expected(
            part,
            {},
            columns,
            kept=kept,
            tables=frozenset(table.part for table in tables_of(package, part)),
            styles=styles.filename if styles else None,
            custom=custom.filename if custom else None,
            book=member.filename if member else book.part,
            may_add=True,
            replaced=_replaced(package, book, custom, styles),
            counting=frozenset(sheet.part for sheet in book.sheets if _counts(package, sheet)),
        )


def _related(package: Package, part: str, kind: str) -> ZipInfo | None:
    targets = [rel.target for rel in relations_of(package, part) if rel.kind == kind]
    return package.find(targets[0]) if targets else None


def _replaced(package: Package, book: Book, custom: ZipInfo | None, styles: ZipInfo | None) -> frozenset[str]:
    """The sheets that are ours as a whole: the workbook lists them, or a first cell of theirs carries our style."""
    listed = read_record(parse(package, custom)).sheets if custom else ()
    marked = set(map(str, Styles(parse(package, styles)).marked())) if styles else set()
    ours = (s for s in book.sheets if s.name in listed or marked & _first_styles(package, s))
    return frozenset(sheet.part for sheet in ours)


def _first_styles(package: Package, sheet: Sheet) -> set[str]:
    """The styles of the cells in the first column."""
    member = package.find(sheet.part)
    cells = sheet_cells(parse(package, member)) if member else ()
    return {cell.get("s", "0") for (_, column), cell in cells if column == 1}


def _counts(package: Package, sheet: Sheet) -> bool:
    """Whether formulas of a sheet count the transactions in sight."""
    member = package.find(sheet.part)
    return member is not None and _SEEN in package.read(member)
