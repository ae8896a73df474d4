"""Documented cases at their own dates: whether each rating is inside the range that the record supports.

Judges the method, not companies: the documented rows are scandals, the benign ones are invented, and no share
printed here is a probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from hrdd.columns import ESSENTIALS, INPUT_BY_KEY
from hrdd.engine import Scores, score
from hrdd.errors import HrddError, why_not
from hrdd.method.levels import DISPOSITIONS, Levels, load_levels

_EXPECTED = ("expected_disposition", "expected_min", "expected_max")


class BadCases(HrddError):
    """A file of cases that cannot be run."""


@dataclass(frozen=True)
class Backtest:
    """The result: a summary and one record per case, ready for JSON; `scores` has the traces."""

    summary: dict[str, Any]
    rows: list[dict[str, Any]]
    scores: Scores
    cases: pd.DataFrame


def load_cases(path: Path | None = None) -> pd.DataFrame:
    """Read cases as text, blanks as None: the template's columns and the expected_* ones.

    Raises BadCases where the file cannot be read or lacks what a backtest needs.
    """
    source: Any = path or files("hrdd") / "data" / "reference" / "cases.csv"
    try:
        with source.open(encoding="utf-8-sig", newline="") as lines:
            cases = pd.read_csv(lines, dtype=object, keep_default_na=False)
    except OSError as error:
        raise BadCases(f"{source} cannot be read: {why_not(error)}; name a CSV file of cases.") from error
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadCases(f"{source} cannot be read as a table; save the cases as CSV in UTF-8.") from error
    missing = [name for name in ("transaction_id", *_EXPECTED) if name not in cases.columns]
    if missing:
        raise BadCases(
            f"{source} lacks the columns {', '.join(missing)}; a backtest needs them for every case, commas between."
        )
    if cases.empty:
        raise BadCases(f"{source} has no case under its header; add one line per case.")
    return cases.replace("", None)


def beside(cases: pd.DataFrame) -> Backtest:
    """Run cases with all their columns, the summary of the essentials alone beside its own under `essentials`."""
    result = backtest(cases)
    result.summary["essentials"] = backtest(cases, essentials=True).summary
    return result


#: What a summary counts: words, the key of the count, the key of what it is out of (none: a list, empty at best).
COUNTS = (
    ("Within the expected range", "within", "cases"),
    ("Rated HIGH or above where the record says so", "grave_rated_high_or_above", "grave_cases"),
    ("Stops found", "stop_found", "stop_cases"),
    ("Benign rows below HOLD", "benign_below_hold", "benign_cases"),
    ("Pairs in the right order", "pairs_in_order", "pairs"),
    ("Unrated", "unrated", "cases"),
    ("Grave cases with disposition NONE", "grave_with_disposition_none", None),
    ("Benign rows rated HIGH or above", "benign_rated_high_or_above", None),
)


def counts(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The counts of a summary in words: what, and how many of how many."""
    return [
        (words, f"{summary[key]} of {summary[of]}" if of else ", ".join(summary[key]) or "none")
        for words, key, of in COUNTS
    ]


def backtest(cases: pd.DataFrame, *, essentials: bool = False, levels: Levels | None = None) -> Backtest:
    """Score cases and hold them against what is expected of them.

    `essentials` blanks every column that a finance export would not have. Cases without a date are judged at
    the last day of the shipped cases' year, so that no clock decides. Raises BadCases where an expectation is not
    in the words of the policy.
    """
    levels = levels or load_levels()
    _refuse_other_words(cases, levels)
    keys = [key for key in cases.columns if key in (ESSENTIALS if essentials else INPUT_BY_KEY)]
    scores = score(cases[keys], today=date(2026, 11, 24), levels=levels)
    rows = [_row(cases.iloc[at], scores, at, levels) for at in range(len(cases))]
    return Backtest(_summary(cases, rows, levels), rows, scores, cases)


def _refuse_other_words(cases: pd.DataFrame, levels: Levels) -> None:
    """Raise BadCases at the first case whose expectation is no range of classes or no disposition."""
    words = {"expected_min": levels.classes, "expected_max": levels.classes, "expected_disposition": DISPOSITIONS}
    for case in cases[["transaction_id", *words]].to_dict("records"):
        for key, allowed in words.items():
            if case[key] not in allowed:
                said = f'"{case[key]}"' if case[key] else "blank"
                raise BadCases(f"Case {case['transaction_id']}: {key} is {said}; expected one of {', '.join(allowed)}.")
        least, most = (levels.classes.index(case[key]) for key in ("expected_min", "expected_max"))
        if least > most:
            raise BadCases(f"Case {case['transaction_id']}: expected_min is above expected_max; swap the two.")


def _row(case: Any, scores: Scores, at: int, levels: Levels) -> dict[str, Any]:
    got, rating = scores.columns.iloc[at], scores.trace.rating
    row = {
        "transaction_id": case.transaction_id,
        "overall": got.rating_worst,
        "overall_low": got.rating_best,
        "unrated": bool(rating.unrated[at]),
        "disposition": got.disposition,
        "class": got.inherent,
        "severity": int(got.severity),
        "likelihood": int(got.likelihood),
        "signals": {name: _plain(scores.signals[name].iloc[at]) for name in scores.signals.columns},
    }
    row.update({name: case[name] for name in ("expected_min", "expected_max", "expected_disposition")})
    return row | {"within": _within(row, levels)}


def _plain(answer: Any) -> bool | None:
    return None if pd.isna(answer) else bool(answer)


def _within(row: dict[str, Any], levels: Levels) -> bool:
    """Headline in range and disposition as expected; for UNRATED its interval meets the range, held or stopped."""
    low, high, least, most = (
        levels.classes.index(row[name]) for name in ("overall_low", "overall", "expected_min", "expected_max")
    )
    if row["unrated"]:
        return low <= most and high >= least and row["disposition"] in ("HOLD", "STOP")
    return least <= high <= most and row["disposition"] == row["expected_disposition"]


def _summary(cases: pd.DataFrame, rows: Sequence[dict[str, Any]], levels: Levels) -> dict[str, Any]:
    rank = {name: at for at, name in enumerate(levels.classes)}
    grave = [row for row in rows if rank[row["expected_min"]] >= rank["HIGH"]]
    stops = [row for row in rows if row["expected_disposition"] == "STOP"]
    benign = [row for row, kind in zip(rows, _kinds(cases), strict=True) if kind.startswith("BENIGN")]
    pairs = list(_pairs(cases, rows, rank))
    return {
        "cases": len(rows),
        "within": sum(row["within"] for row in rows),
        "outside": [row["transaction_id"] for row in rows if not row["within"]],
        "unrated": sum(row["unrated"] for row in rows),
        "grave_cases": len(grave),
        "grave_rated_high_or_above": sum(rank[row["overall"]] >= rank["HIGH"] for row in grave),
        "grave_with_disposition_none": [row["transaction_id"] for row in grave if row["disposition"] == "NONE"],
        "stop_cases": len(stops),
        "stop_found": sum(row["disposition"] == "STOP" for row in stops),
        "benign_cases": len(benign),
        "benign_below_hold": sum(row["disposition"] in ("NONE", "CONDITIONS") for row in benign),
        "benign_rated_high_or_above": [row["transaction_id"] for row in benign if rank[row["overall"]] >= rank["HIGH"]],
        "pairs": len(pairs),
        "pairs_in_order": sum(in_order for _, in_order in pairs),
        "pairs_out_of_order": [name for name, in_order in pairs if not in_order],
    }


def _kinds(cases: pd.DataFrame) -> list[str]:
    return [str(kind or "") for kind in cases["kind"]] if "kind" in cases.columns else [""] * len(cases)


def _pairs(cases: pd.DataFrame, rows: Sequence[dict[str, Any]], rank: dict[str, int]) -> Any:
    """Every two cases of a pair of which one is expected to come out worse, and whether it does."""
    named = cases["pair"] if "pair" in cases.columns else pd.Series([None] * len(cases))
    for name, members in pd.Series(range(len(cases))).groupby(named.to_numpy(), sort=True):
        for worse in members:
            for milder in members:
                wanted = _ordered(rows[worse], rows[milder], rank, expected=True)
                if wanted is not None:
                    pair = f"{name}: {rows[worse]['transaction_id']} over {rows[milder]['transaction_id']}"
                    yield pair, _ordered(rows[worse], rows[milder], rank, expected=False) is True


def _ordered(worse: dict[str, Any], milder: dict[str, Any], rank: dict[str, int], *, expected: bool) -> bool | None:
    """True where the first of two rows is worse; None where neither class nor disposition says so."""
    low, high, ships = ("expected_min", "expected_max", "expected_disposition")
    if not expected:
        low, high, ships = ("overall", "overall", "disposition")
    if rank[worse[low]] > rank[milder[high]]:
        return True
    stricter = DISPOSITIONS.index(worse[ships]) > DISPOSITIONS.index(milder[ships])
    return True if stricter and rank[worse[high]] >= rank[milder[high]] else None
