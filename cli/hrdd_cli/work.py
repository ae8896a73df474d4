"""The work on a few files, in whichever process or on whichever machine it runs: read, score, write.

Small workbooks are scored in one call of the scorer and written one by one. Whatever goes wrong with a file is an
answer about that file, and the others go on. Nothing is printed here.
"""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from hrdd.errors import HrddError, why_not
from hrdd_cli.books import Book, How, read_book, write_book
from hrdd_cli.files import is_url
from hrdd_cli.fingerprints import of_file
from hrdd_cli.outcome import Done, Failure, Outcome, Tally, renamed
from hrdd_cli.pieces import Piece, score_tables
from hrdd_cli.targets import Job
from hrdd_workbook.write import without_collection

_T = TypeVar("_T")
_BOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")


def score_files(jobs: Sequence[Job], how: How) -> Iterator[Done]:
    """Score a few files; one answer for each, in no promised order."""
    here = [job for job in jobs if job.kind == "query" or how.into or not _is_remote(job)]
    books = [job for job in here if _is_book(job) and not how.into]
    yield from _score_books(books, how)
    for job in jobs:
        if job not in here:
            yield _attempt(job, lambda job=job: _score_remote(job, how))  # type: ignore[misc]  # bound at once
        elif job not in books:
            yield _score_table(job, how)


def _score_remote(job: Job, how: How) -> Done:
    from hrdd_cli.remote import at_hand, put_back

    with at_hand(job) as local:
        done = next(score_files([local], how))
        if isinstance(done, Outcome):
            put_back(job, local)
        return renamed(done, job)


def _is_remote(job: Job) -> bool:
    return is_url(job.source) or is_url(job.target or "")


def _is_book(job: Job) -> bool:
    """Whether the results go into a workbook as such, or nowhere."""
    return job.kind in ("book", "old", "other") and (job.target is None or job.target.lower().endswith(_BOOKS))


def _score_table(job: Job, how: How) -> Done:
    from hrdd_cli.tabular import score_table

    if (job.target or "").lower().endswith(_BOOKS) and not how.into:
        return _attempt(job, lambda: _score_into_book(job, how))
    with without_collection():
        return _attempt(job, lambda: score_table(job, how))


def _score_into_book(job: Job, how: How) -> Done:
    """Put a table into a new workbook, and score that."""
    from hrdd_cli.tabular import table_as_book

    with tempfile.TemporaryDirectory(prefix="hrdd-") as folder:
        book = Path(folder) / f"{Path(job.source).stem}.xlsx"
        table_as_book(job, book, how)
        return renamed(next(_score_books([Job(str(book), "book", job.target)], how)), job)


def _score_books(jobs: Sequence[Job], how: How, *, again: bool = True) -> Iterator[Done]:
    """Score workbooks together; one that was changed meanwhile is scored once more by itself."""
    started, read = time.perf_counter(), list[Book]()
    for job in jobs:
        book = _attempt(job, lambda job=job: read_book(job, how))  # type: ignore[misc]  # bound at once
        if isinstance(book, Failure):
            yield book
        else:
            read.append(book)
    with without_collection():
        pieces = _pieces(read, how)
    share = (time.perf_counter() - started) / max(len(read), 1)
    for book, piece in zip(read, pieces, strict=True):
        done = piece if isinstance(piece, Failure) else _written(book, piece, how, share)
        if again and isinstance(done, Failure) and done.kind == "ChangedMeanwhile":
            yield from _score_books([book.job], how, again=False)
        else:
            yield done


def _pieces(books: Sequence[Book], how: How) -> Sequence[Piece | Failure]:
    try:
        return score_tables([book.read.frame for book in books], how.day) if books else []
    except Exception:  # noqa: BLE001  # a fault of the scorer is told of the one file that shows it
        return [
            _attempt(book.job, lambda book=book: score_tables([book.read.frame], how.day)[0])  # type: ignore[misc]
            for book in books
        ]


def _written(book: Book, piece: Piece, how: How, share: float) -> Done:
    started = time.perf_counter()

    def work() -> Outcome:
        tally, changed, notes = Tally(), False, list[str]()
        tally.add(piece, book.read.where)
        read_print = of_file(Path(book.job.source))
        if book.job.target is not None:
            with without_collection():
                changed, notes = write_book(book, piece, Path(book.job.target), how)
        return tally.outcome(
            book.job, book.read.sheet, piece, notes=[*book.read.notes, *notes], changed=changed,
            seconds=share + time.perf_counter() - started, read_print=read_print,
        )  # fmt: skip

    return _attempt(book.job, work)


def _attempt(job: Job, work: Callable[[], _T]) -> _T | Failure:
    """What the work gives, or one sentence about the file; a fault of ours carries its trace for the log."""
    try:
        return work()
    except HrddError as error:
        return Failure(job.source, str(error), type(error).__name__)
    except OSError as error:
        return Failure(job.source, f"{job.source} cannot be used: {why_not(error)}.", type(error).__name__)
    except MemoryError:
        return Failure(job.source, f"{job.source} needs more memory than there is; run with fewer --workers.")
    except Exception as error:  # noqa: BLE001  # one file must never stop the others
        sentence = (
            f"{job.source} could not be scored: a fault in hrdd ({type(error).__name__}: {error}); please report it."
        )
        return Failure(job.source, sentence, type(error).__name__, traceback.format_exc())
