"""Scoring one workbook file: read, score, write back. No printing here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdd.errors import HrddError, NoTransactions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hrdd.engine import Scores
    from hrdd_workbook.read import Transactions


class ReadOnlyKind(HrddError):
    """A file that can be read and not written: another format, or one behind a password."""


@dataclass(frozen=True)
class Target:
    """Where the scored workbook goes: in place, into a folder, or beside the input."""

    in_place: bool = False
    folder: Path | None = None

    def path(self, source: Path) -> Path:
        """The file to write for a source file."""
        if self.in_place:
            return source
        if self.folder is not None:
            return self.folder / source.name
        return source.with_name(f"{source.stem}.scored{source.suffix}")


@dataclass(frozen=True)
class Outcome:
    """What scoring one file came to; counts and sentences, ready for a table or JSON."""

    file: str
    written: str | None
    sheet: str
    rows: int
    ratings: dict[str, int]
    dispositions: dict[str, int]
    unrated: int
    problems: list[str]
    problem_rows: int
    notes: list[str]
    questions: list[tuple[str, int]]
    versions: str = ""
    data: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class How:
    """What to read and whether to write."""

    day: date
    sheet: str | None = None
    password: str | None = None
    dry_run: bool = False
    rewrite: bool = False


def score_file(source: Path, target: Target, how: How) -> Outcome:
    """Score one workbook. Raises HrddError; then nothing was written."""
    from hrdd.engine import score
    from hrdd_workbook.read import read_transactions

    read = read_transactions(source, sheet=how.sheet, password=how.password)
    if not (how.dry_run or read.writable):
        raise ReadOnlyKind(f"{source.name} can be read but not written; add --dry-run, or save it as an open .xlsx.")
    if not len(read.frame):
        raise NoTransactions(f"{source.name}: sheet {read.sheet} has a header of transactions and no row under it.")
    scores = score(read.frame, today=how.day)
    if how.dry_run:
        return _outcome(source, None, read, scores, list(read.notes))
    out = target.path(source)
    notes = _write(read, scores, out, rewrite=how.rewrite)
    return _outcome(source, str(out), read, scores, [*read.notes, *notes])


def _write(read: Transactions, scores: Scores, out: Path, *, rewrite: bool) -> Sequence[str]:
    from hrdd_workbook.outputs import result_columns
    from hrdd_workbook.sheets.pages import pages, scored
    from hrdd_workbook.write import write_columns

    _make_folder(out.parent)
    columns = result_columns(scores, read.previous)
    report = write_columns(
        read.path,
        read.sheet,
        read.header_row,
        columns,
        read.row_numbers.tolist(),
        out=out,
        table=read.table,
        extra_sheets=pages(scored(read, scores.columns, scores.flags, scores.trace.catalogue)),
        rewrite=rewrite,
    )
    return report.notes


def _make_folder(folder: Path) -> None:
    from hrdd_workbook.errors import CannotWriteHere

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWriteHere(
            f"The folder {folder} cannot be made ({error.strerror}); choose another with --out."
        ) from error


def _outcome(source: Path, written: str | None, read: Transactions, scores: Scores, notes: list[str]) -> Outcome:
    from hrdd.record import passports_text

    touched = {row for problem in scores.problems for row in problem.rows.tolist()}
    return Outcome(
        file=str(source),
        written=written,
        sheet=read.sheet,
        rows=len(read.frame),
        ratings=_counts(scores.columns["rating"]),
        dispositions=_counts(scores.columns["disposition"]),
        unrated=int(scores.trace.rating.unrated.sum()),
        problems=[_placed(problem, read) for problem in sorted(scores.problems, key=lambda problem: not problem.grave)],
        problem_rows=len(touched),
        notes=notes,
        questions=first_questions(scores),
        versions=scores.versions.text,
        data=passports_text(scores.trace.reference.passports),
    )


def _counts(column: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts().items()}


def _placed(problem: Any, read: Transactions) -> str:
    """The problem with the cells it is true of: the first three by name, the rest counted."""
    cells = [read.where(int(row), problem.key) for row in problem.rows[:3]]
    more = len(problem.rows) - len(cells)
    return f"{', '.join(cells)}{f' and {more} more' if more else ''}: {problem.text}"


def first_questions(scores: Scores, most: int = 10) -> list[tuple[str, int]]:
    """The questions to ask first over all rows, with the number of rows each settles; most first."""
    from hrdd.columns import INPUT_BY_KEY

    asking = scores.trace.asking
    asked = Counter(asking.questions[at] for at in asking.first.tolist() if at >= 0)
    ranked = sorted(asked.items(), key=lambda item: (-item[1], asking.questions.index(item[0])))
    return [(INPUT_BY_KEY[key].header, count) for key, count in ranked[:most]]
