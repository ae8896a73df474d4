"""What is wrong with a row beyond its single cells: contradictions, and reviews that are not complete."""

from __future__ import annotations

from typing import Any

import numpy as np

from hrdd.columns import fold
from hrdd.facts.distinct import codes_of
from hrdd.intake import Problem
from hrdd.method.levels import Levels
from hrdd.method.rating import Rating
from hrdd.vocabulary import Rows, certainly, is_one_of

_PROCEEDS = {"Proceed", "Proceed with conditions"}


def review_problems(rows: Rows, rating: Rating, levels: Levels) -> list[Problem]:
    """Problems that only several cells together, or cells and rating, show."""
    decided = rows["decision"].notna()
    grave = np.isin(rating.worst.overall, levels.hold_classes)
    proceeds = certainly(is_one_of(rows["decision"], _PROCEEDS))
    same = _folded(rows["approver"]) == _folded(rows["reviewer"])
    clear = certainly(is_one_of(rows["screening_result"], {"Clear"}))
    checks = [
        ("decision_reason", "missing although there is a decision", decided & rows["decision_reason"].isna()),
        ("reviewer", "missing although there is a decision", decided & rows["reviewer"].isna()),
        ("decision_date", "missing although there is a decision", decided & rows["decision_date"].isna()),
        (
            "approver",
            "a second person must sign a HIGH or CRITICAL row",
            proceeds & grave & rows["approver"].isna(),
        ),
        ("approver", "must differ from the reviewer", proceeds & grave & rows["approver"].notna() & same),
        (
            "product_category",
            "the product's own words name a graver category than the one chosen; look again",
            rows["choice_belied"],
        ),
        (
            "destination_country",
            "the row's words name another country, which is under embargo; say where the goods end up",
            rows["embargoed_named"],
        ),
        (
            "destination_region",
            "is no place of that country that is known here and counts as unknown; write the province",
            rows["destination_region"].notna() & rows["destination_country"].notna() & rows["in_abuse_region"].isna(),
        ),
        (
            "screening_result",
            "says Clear, yet the shipped table lists a party by that name",
            clear & rows["vendor_listed"],
        ),
    ]
    return [
        Problem(key, message, found, grave=key != "product_category")  # a choice that words belie was read all the same
        for key, message, where in checks
        if len(found := _positions(where))
    ]


def _folded(column: Any) -> Any:
    """Names in the form in which spellings are compared; None where blank."""
    return np.array([*map(fold, column.cat.categories), None], dtype=object)[codes_of(column)]


def _positions(where: Any) -> Any:
    return np.flatnonzero(where.to_numpy(dtype=bool))
