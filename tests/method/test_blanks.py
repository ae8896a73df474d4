"""M5: a blank is its plausible worst. Filling one with a value of its policy set only narrows the interval.

The policy set of a question are the answers that the policy file lets a blank stand for: `blanks` (by the
country's record where it matters), `proportionate`, `civil_in_good_record`. Rules that bound every set:

* no blank is feared to be a STOP, so an answer that stops a row is outside;
* below severity `proportionate` no blank counts, so there only answers that find nothing are inside;
* a blank whose answer is inferred from words, or given by another cell, is no open question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.engine import Scores
from hrdd.method.levels import load_levels
from hrdd.method.rating import STOP
from hrdd.signals.end_user import CIVIL, GOVERNMENT

Mask: TypeAlias = Any
tables = settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
SIZE = 150


class _Blank:
    """What is known of the rows in which one cell is blank."""

    def __init__(self, scores: Scores, at: slice) -> None:
        self.scores, self.at = scores, at

    def among(self, fact: str, *values: str) -> Mask:
        return self.scores.trace.rows[fact].isin(values).to_numpy(dtype=bool)[self.at]

    def missing(self, fact: str) -> Mask:
        return self.scores.trace.rows[fact].isna().to_numpy(dtype=bool)[self.at]

    def found(self, signal: str) -> Mask:
        return self.scores.signals[signal].fillna(value=False).to_numpy(dtype=bool)[self.at]

    def says(self, *facts: str) -> Mask:
        masks = [self.scores.trace.rows[fact].fillna(value=False).to_numpy(dtype=bool) for fact in facts]
        return np.logical_or.reduce(masks)[self.at]

    @property
    def grave(self) -> Mask:
        return self.scores.trace.rating.worst.severity[self.at] >= self.scores.trace.levels.proportionate

    @property
    def poor(self) -> Mask:
        """A poor record; an unknown one counts as poor."""
        return self.among("record", "poor") | self.missing("record")

    @property
    def lenient(self) -> Mask:
        """The rule `civil_in_good_record`."""
        mild = self.scores.trace.rating.best.severity < self.scores.trace.levels.civil_below_severity
        return self.among("record", "good") & self.among("type", *CIVIL) & mild[self.at]


Where: TypeAlias = Callable[[_Blank], Mask]


@dataclass(frozen=True)
class _Fill:
    """An answer to a question, the rows in whose policy set it lies, and the ends of which that is said."""

    key: str
    answer: object
    why: str
    where: Where
    ends: tuple[str, ...] = ("best", "worst")


def _everywhere(blank: _Blank) -> Mask:
    return blank.grave | True


def _grave(blank: _Blank) -> Mask:
    return blank.grave


def _uncategorised(blank: _Blank) -> Mask:
    return blank.missing("category")


def _untyped(blank: _Blank) -> Mask:
    return blank.missing("type") & ~blank.says("words_security")


def _unlimited(blank: _Blank) -> Mask:
    """No claim or words of limited use: they count only with a civil, verified end user and a fair record.

    Until these are known the graver reading stands at both ends, and an answer may lower the low end.
    """
    return ~blank.says("words_limited_product", "words_limited_use", "q_limited_use")


def _read_alike(blank: _Blank) -> Mask:
    """Words are read alike whatever the country's record."""
    return _unlimited(blank) & ~blank.says("category_inferred")


def _elsewhere(blank: _Blank) -> Mask:
    """No embargo on a part of the country is taken to hold."""
    return ~blank.found("C-EMBARGO")


def _telecom(blank: _Blank) -> Mask:
    return _untyped(blank) & _grave(blank)


def _abuser(blank: _Blank) -> Mask:
    return _grave(blank) & blank.found("E-SECURITY") & blank.poor


def _unverified(blank: _Blank) -> Mask:
    return _grave(blank) & ~blank.lenient


def _tied(blank: _Blank) -> Mask:
    return _grave(blank) & blank.poor & ~blank.missing("type") & ~blank.among("type", *GOVERNMENT)


def _cloud(blank: _Blank) -> Mask:
    return _grave(blank) & blank.among("type", "Cloud or compute reseller")


def _possible(blank: _Blank) -> Mask:
    return _grave(blank) & blank.poor


def _owned(blank: _Blank) -> Mask:
    return blank.missing("listed_share") & (_grave(blank) | ~blank.says("owner_listed"))


def _vague(blank: _Blank) -> Mask:
    return _grave(blank) & ~blank.among("record", "good")


def _hinted(blank: _Blank) -> Mask:
    return _uncategorised(blank) & blank.says("words_hint")


def _untyped_unlimited(blank: _Blank) -> Mask:
    return _untyped(blank) & _unlimited(blank)


def _product() -> Iterator[_Fill]:
    yield _Fill("product", "Unit X9", "a name that says nothing leaves the category open", _uncategorised)
    mild = ("general_it", "body_worn", "component", "cyber_testing", "facial_recognition", "lawful_interception")
    for category in mild:
        yield _Fill("product_category", category, "an unknown product is of severity 3 at worst", _uncategorised)
    yield _Fill(
        "product_category",
        "intrusion_software",
        "an unknown product whose words hint at surveillance is of severity 4 at worst",
        _hinted,
    )


def _place() -> Iterator[_Fill]:
    for country in ("Norway", "Canada", "Brazil", "Egypt", "UAE", "Vatican City"):
        yield _Fill("destination_country", country, "words may read lower in a fair record", _read_alike, ("best",))
        inside = _everywhere if country == "Norway" else _grave
        yield _Fill("destination_country", country, "the worst band is 3; a region is asked apart", inside, ("worst",))
    yield _Fill(
        "destination_region", "Guangdong", "an embargo on a part holds until the row goes elsewhere", _elsewhere
    )
    yield _Fill("destination_region", "Xinjiang", "a blank region is the worst of its country", _grave, ("worst",))
    yield _Fill("us_content", "No", "US rules do not reach the row", _everywhere)
    yield _Fill("us_content", "Yes", "US rules reach the row, short of a stop", _grave)


def _end_user() -> Iterator[_Fill]:
    yield _Fill("end_user", "Orion", "no name is itself a finding, which a name takes away", _everywhere, ("worst",))
    for kind in ("Private company", "Medical", "Other civil government", "Technology vendor"):
        yield _Fill("end_user_type", kind, "nothing is found by it", _untyped, ("worst",))
        yield _Fill("end_user_type", kind, "...", _untyped_unlimited, ("best",))
    yield _Fill(
        "end_user_type", "State-owned telecom", "an unknown body may be one; not a police", _telecom, ("worst",)
    )
    yield _Fill("q_agency_misuse", "No", "no reports", _everywhere)
    yield _Fill("q_agency_misuse", "Yes", "4 is the worst of a security body in a poor record only", _abuser)
    yield _Fill("q_end_user_verified", "Yes", "verified", _everywhere, ("worst",))
    yield _Fill("q_end_user_verified", "Yes", "...", _unlimited, ("best",))
    yield _Fill("q_end_user_verified", "No", "level 2 and a hold; the civil rule fears 1 and no hold", _unverified)
    yield _Fill("q_government_ties", "No", "no ties", _everywhere)
    yield _Fill("q_government_ties", "Yes", "level 2 for private bodies in a poor record", _tied)
    yield _Fill("q_hidden_remote_user", "No", "nobody hidden", _everywhere)
    yield _Fill("q_hidden_remote_user", "Yes", "level 2 and a hold for cloud resellers", _cloud)


def _lists_and_use() -> Iterator[_Fill]:
    yield _Fill("screening_result", "Clear", "nothing found", _everywhere)
    yield _Fill("screening_result", "Not screened", "the same as a blank", _everywhere)
    yield _Fill("screening_result", "Possible match", "level 3 in poor records only", _possible)
    for share in (10, 50, 100):
        yield _Fill("owner_share", share, "level 3 and a hold where the owner is listed", _owned)
    yield _Fill("end_use", "traffic planning on the ring road", "a concrete use", _everywhere)
    yield _Fill("end_use", "national security", "level 1", _grave)
    yield _Fill("end_use", "to be decided", "level 2 where the record is not good", _vague)


FILLS = (*_product(), *_place(), *_end_user(), *_lists_and_use())


def _with_cell(rows: pd.DataFrame, key: str, value: object) -> pd.DataFrame:
    return rows.assign(**{key: np.array([value] * len(rows), dtype=object)})


def _widened(scores: Scores, fill: _Fill, before: slice, after: slice) -> Mask:
    """The rows of the policy set whose interval widens when the blank of `before` is filled as in `after`."""
    rating = scores.trace.rating
    stopped = rating.worst.disposition == STOP
    wider = np.zeros(len(stopped), dtype=bool)[before]
    for end in fill.ends:
        for measure in ("class_", "disposition", "overall"):
            value = getattr(getattr(rating, end), measure)
            wider |= value[after] < value[before] if end == "best" else value[after] > value[before]
    return wider & fill.where(_Blank(scores, before)) & ~(stopped[after] & ~stopped[before])


@tables
@given(seed=st.integers(0, 2**32 - 1))
def test_filling_a_blank_within_its_policy_set_only_narrows_the_interval(
    seed: int, random_rows: Any, scored: Any, smallest: Any
) -> None:
    """The low end never falls and the high end never rises when a blank is answered within its policy set."""
    rows = random_rows(seed, SIZE)
    pairs = [(_with_cell(rows, fill.key, None), _with_cell(rows, fill.key, fill.answer)) for fill in FILLS]
    scores = scored(pd.concat([part for pair in pairs for part in pair]))
    for at, fill in enumerate(FILLS):
        start = 2 * SIZE * at
        before, after = slice(start, start + SIZE), slice(start + SIZE, start + 2 * SIZE)
        wrong = np.flatnonzero(_widened(scores, fill, before, after))
        if len(wrong):
            row = smallest(rows.iloc[int(wrong[0])].to_dict(), lambda tried, fill=fill: _alone(tried, fill, scored))
            raise AssertionError(f"{fill.key} = {fill.answer!r} widens {len(wrong)} rows, as {row}: {fill.why}")


def _alone(rows: pd.DataFrame, fill: _Fill, scored: Any) -> Mask:
    """The same for one answer."""
    pair = [_with_cell(rows, fill.key, None), _with_cell(rows, fill.key, fill.answer)]
    scores = scored(pd.concat(pair).drop(columns="transaction_id"))
    return _widened(scores, fill, slice(len(rows)), slice(len(rows), None))


@tables
@given(seed=st.integers(0, 2**32 - 1))
def test_saying_unknown_is_never_rated_lower_than_a_blank(seed: int, random_rows: Any, scored: Any) -> None:
    """A cell that says UNKNOWN leaves the high end where a blank has it, or higher."""
    rows = random_rows(seed, SIZE)
    keys = sorted({fill.key for fill in FILLS} - {"product"})
    blanks = pd.concat([_with_cell(rows, key, None) for key in keys])
    said = pd.concat([_with_cell(rows, key, "Unknown") for key in keys])
    rating = scored(pd.concat([blanks, said])).trace.rating
    for measure in ("class_", "disposition", "overall"):
        value = getattr(rating.worst, measure)
        lower = np.flatnonzero(value[len(blanks) :] < value[: len(blanks)])
        assert not len(lower), f"{measure}: {keys[lower[0] // SIZE]} in {rows.iloc[lower[0] % SIZE].dropna().to_dict()}"


def test_a_listed_owner_of_unknown_share_is_never_rated_below_one_of_ten_per_cent(
    benign: dict[str, object], scored: Any
) -> None:
    """An owner on a list holds an ordinary camera at 10 per cent; a blank share must not let it go."""
    row = {**benign, "product_category": "body_worn", "owner": "an Entity List party"}
    ten, blank = scored([{**row, "owner_share": 10}, {**row, "owner_share": None}]).columns["rating_worst"]
    assert load_levels().classes.index(blank) >= load_levels().classes.index(ten)


def test_a_date_that_cannot_be_read_holds_the_row(benign: dict[str, object], scored: Any) -> None:
    """What is judged at the wrong day may have been listed on the right one."""
    found = scored([{**benign, "as_of_date": "03/04/2024"}, benign])
    assert found.columns["disposition"].iloc[0] == "HOLD"
    assert "Date" in found.columns["why"].iloc[0]


def test_a_gate_cell_that_cannot_be_read_holds_whatever_the_severity(benign: dict[str, object], scored: Any) -> None:
    """An ordinary camera for a party whose match is misspelt is no row in which nothing was found."""
    row = {**benign, "product_category": "body_worn"}
    cells = {
        "screening_result": "Confirmed match - OFAC",
        "licence_status": "Required, not held!",
        "government_notice": "#N/A",
    }
    found = scored([{**row, key: text} for key, text in cells.items()])
    assert set(found.columns["disposition"]) == {"HOLD"}
