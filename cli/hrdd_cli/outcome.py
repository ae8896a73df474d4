"""What scoring came to, file by file: counts and sentences that add up, ready for a table, a log line or JSON."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdd_cli.fingerprints import of_file
from hrdd_workbook.atomic import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from hrdd_cli.pieces import Piece
    from hrdd_cli.targets import Job

_PLACES = 3
_QUESTIONS = 10


@dataclass
class Tally:
    """Counts over rows. Those of parts of a file add up to those of the file, those of files to those of a run."""

    rows: int = 0
    ratings: Counter[str] = field(default_factory=Counter)
    worst: Counter[str] = field(default_factory=Counter)
    dispositions: Counter[str] = field(default_factory=Counter)
    unrated: int = 0
    problem_rows: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    _problems: dict[tuple[bool, str], tuple[list[str], int]] = field(default_factory=dict)

    def add(self, piece: Piece, where: Callable[[int, str], str]) -> None:
        """Count the results of some rows; `where` names the cell of a row and a column."""
        columns = piece.columns
        self.rows += len(columns)
        for counts, key in ((self.ratings, "rating"), (self.worst, "rating_worst"), (self.dispositions, "disposition")):
            counts.update({str(name): int(count) for name, count in columns[key].value_counts().items()})
        self.unrated += int(piece.unrated.sum())
        self.asked.update(dict(piece.asked))
        self.problem_rows += len({row for problem in piece.problems for row in problem.rows.tolist()})
        for problem in piece.problems:
            places, count = self._problems.setdefault((not problem.grave, problem.text), ([], 0))
            places += [where(int(row), problem.key) for row in problem.rows[: _PLACES - len(places)]]
            self._problems[not problem.grave, problem.text] = (places, count + len(problem.rows))

    @property
    def problems(self) -> list[str]:
        """A sentence per problem, grave ones first, with its first cells and the number of others."""
        told = sorted(self._problems.items(), key=lambda item: item[0][0])
        return [_placed(text, places, count) for (_, text), (places, count) in told]

    @property
    def questions(self) -> list[tuple[str, int]]:
        """The questions to ask first, by header, with the number of rows that each settles; most first."""
        from hrdd.columns import INPUT_BY_KEY

        order = {key: at for at, key in enumerate(INPUT_BY_KEY)}
        ranked = sorted(self.asked.items(), key=lambda item: (-item[1], order[item[0]]))
        return [(INPUT_BY_KEY[key].header, count) for key, count in ranked[:_QUESTIONS]]

    def outcome(self, job: Job, sheet: str, piece: Piece, **rest: Any) -> Outcome:
        """These counts as the outcome of a file; `rest` are the fields of it that no count tells."""
        written = Path(job.target) if job.target is not None and Path(job.target).is_file() else None
        return Outcome(
            file=job.source,
            written=job.target,
            sheet=sheet,
            rows=self.rows,
            ratings=dict(self.ratings),
            worst=dict(self.worst),
            dispositions=dict(self.dispositions),
            unrated=self.unrated,
            problems=self.problems,
            problem_rows=self.problem_rows,
            questions=self.questions,
            versions=piece.versions.text,
            data=list(piece.data),
            written_print=_still(written) if written is not None else "",
            **rest,
        )


def _still(path: Path) -> str:
    """The fingerprint of a file that was just written; none where somebody replaces it at this moment."""
    before, found = stamp(path), of_file(path)
    return found if stamp(path) == before else ""


def _placed(text: str, places: list[str], count: int) -> str:
    more = f" and {count - len(places)} more" if count > len(places) else ""
    return f"{', '.join(places)}{more}: {text}"


@dataclass(frozen=True)
class Outcome:
    """What scoring one file came to."""

    file: str
    written: str | None
    sheet: str
    rows: int
    ratings: dict[str, int]
    worst: dict[str, int]
    dispositions: dict[str, int]
    unrated: int
    problems: list[str]
    problem_rows: int
    notes: list[str]
    questions: list[tuple[str, int]]
    changed: bool = True
    seconds: float = 0.0
    versions: str = ""
    data: list[str] = field(default_factory=list)
    read_print: str = field(default="", repr=False)
    written_print: str = field(default="", repr=False)

    def as_data(self) -> dict[str, Any]:
        """For JSON: all but what only the journal needs."""
        told = dataclasses.asdict(self)
        del told["read_print"], told["written_print"]
        return told


@dataclass(frozen=True)
class Failure:
    """A file that could not be scored: one sentence, and the name of the error behind it."""

    file: str
    reason: str
    kind: str = ""
    trace: str = ""

    @property
    def in_use(self) -> bool:
        """Whether the file is merely open in another program, so that waiting may help."""
        return self.kind == "OpenElsewhere"

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {"file": self.file, "reason": self.reason} | ({"trace": self.trace} if self.trace else {})


Done = Outcome | Failure


def renamed(done: Done, job: Job) -> Done:
    """An answer about a file at hand as one about the file that was named."""
    if isinstance(done, Failure):
        return dataclasses.replace(done, file=job.source)
    return dataclasses.replace(done, file=job.source, written=job.target)


_RATINGS = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
_DISPOSITIONS = ("NONE", "CONDITIONS", "HOLD", "STOP")
#: What --fail-on takes: a rating (an unrated row counts at its worst) or a disposition.
LIMITS = (*_RATINGS[1:], *_DISPOSITIONS[1:])


def reached(limit: str, worst: Mapping[str, int], dispositions: Mapping[str, int]) -> int:
    """How many rows are at this rating or disposition, or above it."""
    scale, counts = (_RATINGS, worst) if limit in _RATINGS else (_DISPOSITIONS, dispositions)
    return sum(counts.get(name, 0) for name in scale[scale.index(limit) :])


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counts by name, summed."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)
