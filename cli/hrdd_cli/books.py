"""One workbook: reading its transactions, and writing results beside them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hrdd.errors import HrddError, NoTransactions, why_not
from hrdd_workbook.atomic import Stamp, refuse_open, stamp, temporary
from hrdd_workbook.convert import values_as_xlsx
from hrdd_workbook.errors import CannotWriteHere, ChangedMeanwhile
from hrdd_workbook.outputs import columns_of
from hrdd_workbook.own_words import words_of
from hrdd_workbook.read import read_transactions
from hrdd_workbook.results import WriteReport
from hrdd_workbook.sheets.pages import refreshed
from hrdd_workbook.staleness import EDITED, NOW, check
from hrdd_workbook.transactions import Transactions
from hrdd_workbook.write import write_columns

if TYPE_CHECKING:
    from hrdd_cli.pieces import Piece
    from hrdd_cli.targets import Job


class ReadOnlyKind(HrddError):
    """A file that can be read and not written, since it lies behind a password."""


@dataclass(frozen=True)
class How:
    """How files are read and scored, the same for all files of a run.

    `query` are the URL of a database and the SQL whose rows are scored; `into` the URL of one and the name of the table
    that results go into. They and the password are secrets and no part of the representation.
    """

    day: date
    sheet: str | None = None
    password: str | None = field(default=None, repr=False)
    rewrite: bool = False
    form: str | None = None
    query: tuple[str, str] = field(default=("", ""), repr=False)
    into: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Book:
    """A workbook that was read, and the state of the file at that time."""

    job: Job
    read: Transactions
    state: Stamp | None


def read_book(job: Job, how: How) -> Book:
    """Read the transactions of a workbook; raises before reading where its results could not be written."""
    path = Path(job.source)
    if job.target is not None and Path(job.target).parent.is_dir():
        refuse_open(Path(job.target))
    state = stamp(path)
    read = read_transactions(path, sheet=how.sheet, password=how.password)
    if job.target is not None and not read.writable and job.kind != "old":
        raise ReadOnlyKind(f"{path.name} can be read but not written; add --dry-run, or save it as an open .xlsx.")
    if not len(read.frame):
        raise NoTransactions(f"{path.name}: sheet {read.sheet} has a header of transactions and no row under it.")
    return Book(job, read, state)


def write_book(book: Book, piece: Piece, target: Path, how: How) -> tuple[bool, list[str]]:
    """Write the results; whether that changed the target, and sentences for the report."""
    make_folder(target.parent)
    if book.read.writable:
        report = _write(book, piece, Path(book.job.source), target, how)
        return report.changed, list(report.notes)
    note = (
        f"{book.read.path.name} is of a format that is not written: its values and the results stand in {target.name}; "
        "formulas, formats and macros are in the old file alone."
    )
    with tempfile.TemporaryDirectory(prefix="hrdd-") as folder:
        plain = Path(folder) / target.name
        values_as_xlsx(Path(book.job.source), plain, how.password)
        report = _write(book, piece, plain, plain, how)
        if stamp(Path(book.job.source)) != book.state:
            raise ChangedMeanwhile(f"{book.read.path.name} was changed while it was scored; run again.")
        replace_by(plain, target)
    return True, [note, *report.notes]


def _write(book: Book, piece: Piece, source: Path, target: Path, how: How) -> WriteReport:
    read, say = book.read, words_of(book.read.path)
    live = check(read.frame, read.columns, say(EDITED))
    extra = refreshed(read, piece.columns, piece.flags, piece.catalogue)
    return write_columns(
        source,
        read.sheet,
        read.header_row,
        columns_of(piece.columns, piece.flags, piece.catalogue, read.previous, live, say),
        read.row_numbers.tolist(),
        out=target,
        table=read.table,
        extra_sheets=extra,
        names={NOW: live.now},
        level=6 if extra else 1,
        rewrite=how.rewrite,
        read=book.state if read.writable else None,
    )


def replace_by(made: Path, target: Path) -> None:
    """Put a finished file in the place of another, whole or not at all, on whatever disk it was made."""
    refuse_open(target)
    with temporary(target) as file:
        with made.open("rb") as source:
            while piece := source.read(1 << 20):
                file.file.write(piece)
        file.commit(made)


def make_folder(folder: Path) -> None:
    """Make the folder that results go into."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWriteHere(
            f"The folder {folder} cannot be made: {why_not(error)}; choose another with --out."
        ) from error
