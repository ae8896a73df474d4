"""Scoring many tables as one, and one table in parts: what a call of the scorer costs is paid once for many rows.

A row's results do not depend on the rows around it, but for ids that are borne twice; these are looked for in each
table as a whole, before it is joined with others or cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hrdd.engine import Scores, score
from hrdd.intake import Problem, repeated_ids
from hrdd.packs import Catalogue
from hrdd.record import Versions, passports_text

#: Rows that are scored in one call: enough to make its fixed cost small, few enough to bound memory.
ROWS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Piece:
    """The results of some rows without the trace behind them, so that it costs what the results cost."""

    columns: pd.DataFrame
    flags: pd.DataFrame
    problems: tuple[Problem, ...]
    unrated: np.ndarray[Any, np.dtype[np.bool_]]
    asked: tuple[tuple[str, int], ...]
    versions: Versions
    catalogue: Catalogue
    data: tuple[str, ...]


def score_tables(frames: Sequence[pd.DataFrame], today: date) -> list[Piece]:
    """Score tables of input keys, several small ones in one call and a large one in parts; one piece for each."""
    if sum(map(len, frames)) <= ROWS_AT_ONCE:
        return _together(frames, today)
    return [_in_parts(frame, today) for frame in frames]


def score_part(frame: pd.DataFrame, today: date, repeated: Any) -> Piece:
    """Score rows of a table of which `repeated` is known, as `repeated_ids` tells it for the whole table."""
    return _cut(score(frame, today=today, repeated=repeated), 0, len(frame))


def _together(frames: Sequence[pd.DataFrame], today: date) -> list[Piece]:
    repeated = np.concatenate([_repeated(frame) for frame in frames])
    whole = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    scores = score(whole, today=today, repeated=repeated)
    ends = np.cumsum([len(frame) for frame in frames]).tolist()
    return [_cut(scores, end - len(frame), end) for frame, end in zip(frames, ends, strict=True)]


def _in_parts(frame: pd.DataFrame, today: date) -> Piece:
    repeated = _repeated(frame)
    starts = range(0, len(frame), ROWS_AT_ONCE)
    parts = (slice(start, start + ROWS_AT_ONCE) for start in starts)
    return _joined([score_part(frame.iloc[part], today, repeated[part]) for part in parts])


def _repeated(frame: pd.DataFrame) -> Any:
    known = "transaction_id" in frame.columns
    return repeated_ids(frame["transaction_id"]) if known else np.zeros(len(frame), dtype=bool)


def _cut(scores: Scores, start: int, stop: int) -> Piece:
    asking = scores.trace.asking
    first = asking.first[start:stop]
    counts = np.bincount(first[first >= 0], minlength=len(asking.questions)).tolist()
    whole = (start, stop) == (0, len(scores.columns))
    return Piece(
        columns=scores.columns if whole else scores.columns.iloc[start:stop].reset_index(drop=True),
        flags=scores.flags if whole else scores.flags.iloc[start:stop].reset_index(drop=True),
        problems=tuple(_problems(scores.problems, start, stop)),
        unrated=scores.trace.rating.unrated[start:stop],
        asked=tuple((key, count) for key, count in zip(asking.questions, counts, strict=True) if count),
        versions=scores.versions,
        catalogue=scores.trace.catalogue,
        data=tuple(passports_text(scores.trace.reference.passports)),
    )


def _problems(problems: Sequence[Problem], start: int, stop: int) -> Iterator[Problem]:
    for problem in problems:
        low, high = np.searchsorted(problem.rows, (start, stop))
        if low < high:
            yield replace(problem, rows=problem.rows[low:high] - start)


def _joined(pieces: Sequence[Piece]) -> Piece:
    starts = np.cumsum([0, *(len(piece.columns) for piece in pieces[:-1])]).tolist()
    asked: dict[str, int] = {}
    for piece in pieces:
        for key, count in piece.asked:
            asked[key] = asked.get(key, 0) + count
    shifted = zip(pieces, starts, strict=True)
    return replace(
        pieces[0],
        columns=pd.concat([piece.columns for piece in pieces], ignore_index=True),
        flags=pd.concat([piece.flags for piece in pieces], ignore_index=True),
        problems=tuple(replace(found, rows=found.rows + at) for piece, at in shifted for found in piece.problems),
        unrated=np.concatenate([piece.unrated for piece in pieces]),
        asked=tuple(asked.items()),
    )
