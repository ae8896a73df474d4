"""Scoring one workbook file: read, score, write back. No printing here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hrdd.engine import Scores
    from hrdd_workbook.read import Transactions


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


def score_file(source: Path, target: Target, *, sheet: str | None, day: date, dry_run: bool, rewrite: bool) -> Outcome:
    """Score one workbook. Raises HrddError; then nothing was written."""
    from hrdd.engine import score
    from hrdd_workbook.outputs import result_columns
    from hrdd_workbook.read import read_transactions
    from hrdd_workbook.write import write_columns

    read = read_transactions(source, sheet=sheet)
    scores = score(read.frame, today=day)
    written = None
    notes = list(read.notes)
    if not dry_run:
        out = target.path(source)
        out.parent.mkdir(parents=True, exist_ok=True)
        report = write_columns(
            source, read.sheet, read.header_row, result_columns(scores, read.previous), read.row_numbers,
            out=out, table=read.table, rewrite=rewrite,
        )  # fmt: skip
        written, notes = str(out), [*notes, *report.notes]
    return _outcome(source, written, read, scores, notes)


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
