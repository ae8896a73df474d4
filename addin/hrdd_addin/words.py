"""What a scoring came to, in the words of a message box and of our sheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hrdd.explanation import Explanation
from hrdd.reference import load_reference, overdue
from hrdd_addin.pane import Line
from hrdd_addin.scoring import Judged
from hrdd_addin.writing import Outcome

_RATINGS = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNRATED")
_DISPOSITIONS = ("STOP", "HOLD", "CONDITIONS", "NONE")
_NOTES_SHOWN, _ROWS_SHOWN = 3, 20


def summary(judged: Judged, outcome: Outcome) -> str:
    """The result of a scoring, short enough for a message box."""
    chosen = judged.scores.columns[_chosen(judged)]
    lines = [
        f"{_rows(outcome.rows)} of sheet {judged.live.transactions.sheet} scored.",
        f"Ratings: {_counted(chosen['rating'], _RATINGS)}.",
        f"May it ship: {_counted(chosen['disposition'], _DISPOSITIONS)}.",
        *_problem_line(judged),
        *[f"Note: {note}" for note in (*judged.live.transactions.notes, *outcome.notes)][:_NOTES_SHOWN],
        "",
        "Ratings are hrdd's own scheme after public guidance; NONE means nothing found in what was checked.",
    ]
    return "\n".join(lines)


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _chosen(judged: Judged) -> Any:
    rows = judged.live.transactions.row_numbers
    return slice(None) if judged.only is None else [int(row) in judged.only for row in rows]


def _counted(column: Any, words: tuple[str, ...]) -> str:
    counts = column.value_counts()
    return ", ".join(f"{counts[word]} {word}" for word in words if word in counts.index)


def _problem_line(judged: Judged) -> Iterator[str]:
    rows = {row for problem in judged.scores.problems for row in problem.rows.tolist()}
    if rows:
        yield f"Cells that could not be read as they stand: in {_rows(len(rows))}."


def problems(judged: Judged) -> list[Line]:
    """Every cell that is missing, misspelt or doubtful, the grave ones first, with its place."""
    where = judged.live.transactions.where
    found = sorted(judged.scores.problems, key=lambda problem: not problem.grave)
    return [_placed(where(int(row), p.key), p.text) for p in found for row in p.rows]


def _placed(place: str, text: str) -> Line:
    return Line(place, text, is_place="!" in place)


def questions(judged: Judged) -> list[Line]:
    """The questions to ask first, those that settle most rows first, with the first rows of each."""
    asked = judged.scores.columns["ask_first"]
    counts = asked[asked != ""].value_counts()
    lines = []
    for text, count in counts.items():
        lines.append(Line(_rows(count), str(text)))
        rows = (asked == text).to_numpy().nonzero()[0][:_ROWS_SHOWN]
        lines += [_placed(judged.live.transactions.where(int(row), "product"), "") for row in rows]
    return lines


def explanation(told: Explanation, place: str) -> list[Line]:
    """An explanation, line by line, under a link back to its row."""
    lines = [Line(place, told.headline, is_place=True)]
    for section in told.sections:
        first, *rest = section.lines
        lines += [Line(section.title, first), *(Line("", line) for line in rest)]
    return lines


def data(today: date) -> list[Line]:
    """Every data file that ratings stand on, those that are due for a look first."""
    passports = load_reference().passports
    late = {passport.id for passport in overdue(passports, today)}
    ranked = sorted(passports, key=lambda passport: passport.id not in late)
    return [Line("due for a look" if p.id in late else "", _told(p)) for p in ranked]


def _told(passport: Any) -> str:
    return (
        f"{passport.title}: {passport.publisher}, version {passport.version} of {passport.date.isoformat()}, "
        f"{passport.licence}; look again by {passport.look_again_by.isoformat()}"
    )
