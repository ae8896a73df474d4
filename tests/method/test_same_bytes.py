"""M2, M3 and M6: each row answers for itself, the same in any company, order, chunk, dtype and process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdd.engine import Scores
from hrdd.packs import load_catalogue
from hrdd.packs.catalogue import Catalogue
from hrdd.packs.logic import AllOf, Not, Signal
from hrdd.packs.schema import Pack, Rule

tables = settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
seeds = st.integers(0, 2**32 - 1)
SIZE = 120


def _lines(scores: Scores) -> list[str]:
    """One line for each row with everything that is said of it."""
    whole = pd.concat([scores.columns, scores.flags, scores.signals], axis=1)
    return whole.to_csv(header=False, index=False, lineterminator="\x1e").split("\x1e")[:-1]


def _with_ids(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(transaction_id=[f"T{at}" for at in range(len(rows))])


@tables
@given(seed=seeds)
def test_the_order_of_rows_and_columns_changes_nothing(seed: int, random_rows: Any, scored: Any) -> None:
    """Shuffled rows give the shuffled lines; shuffled columns, and columns of the user's own, give the same lines."""
    rows, rng = _with_ids(random_rows(seed, SIZE)), np.random.default_rng(seed)
    lines = _lines(scored(rows))
    order = rng.permutation(SIZE)
    assert _lines(scored(rows.iloc[order])) == [lines[at] for at in order]
    turned = rows[list(rng.permutation(rows.columns))].assign(remarks="a column of the user's own")
    assert _lines(scored(turned)) == lines


@tables
@given(seed=seeds)
def test_repeating_rows_repeats_what_is_said_of_them(seed: int, random_rows: Any, scored: Any) -> None:
    """A row that stands three times is rated three times alike; only the use of one number twice is reported."""
    rows = _with_ids(random_rows(seed, 40))
    once, thrice = scored(rows), scored(pd.concat([rows] * 3))
    said = [key for key in once.columns.columns if key != "problems"]
    for name, frame in (("columns", once.columns[said]), ("flags", once.flags), ("signals", once.signals)):
        expected = pd.concat([frame] * 3, ignore_index=True)
        pd.testing.assert_frame_equal(getattr(thrice, name)[frame.columns], expected, check_dtype=False)
    assert thrice.columns["problems"].str.contains("used by more than one row").all()


@pytest.mark.parametrize("chunk", [1, 7])
def test_a_row_scored_in_chunks_gives_the_same_bytes(chunk: int, random_rows: Any, scored: Any) -> None:
    """Scored whole or in chunks: every rating, word, flag and verdict id of a row is the same."""
    rows = _with_ids(random_rows(20, 15 if chunk == 1 else 60))
    parts = [scored(rows.iloc[at : at + chunk]) for at in range(0, len(rows), chunk)]
    assert [line for part in parts for line in _lines(part)] == _lines(scored(rows))


@tables
@given(seed=seeds)
def test_the_dtype_of_a_column_changes_nothing(seed: int, random_rows: Any, scored: Any) -> None:
    """Objects, strings, categories in use or not, and numbers with gaps are read alike."""
    rows = _with_ids(random_rows(seed, SIZE))
    rows = rows.assign(owner_share=pd.to_numeric(rows["owner_share"]).astype(object))
    whole = scored(rows)
    texts = rows.astype("string").assign(owner_share=rows["owner_share"].astype("Float64"))
    categories = rows.astype("category").apply(_with_spare)
    for scores in (scored(texts), scored(categories)):
        assert _lines(scores) == _lines(whole)
        assert _problems(scores) == _problems(whole)


def _with_spare(column: Any) -> Any:
    spare = [word for word in ("Probably", "Atlantis") if word not in column.cat.categories]
    return column.cat.add_categories(spare if column.name != "owner_share" else [12.5])


def _problems(scores: Scores) -> set[tuple[str, str, tuple[int, ...]]]:
    return {(problem.key, problem.message, tuple(problem.rows.tolist())) for problem in scores.problems}


_PROCESS = """
import datetime, hashlib, json, sys
import pandas as pd
from hrdd.engine import score
rows = pd.DataFrame(json.load(sys.stdin), dtype=object)
scores = score(rows.where(rows.notna(), None), today=datetime.date(2026, 11, 24))
whole = pd.concat([scores.columns, scores.flags, scores.signals], axis=1)
print(hashlib.sha256(whole.to_csv().encode()).hexdigest())
"""


def _digest_elsewhere(rows: str, seed: str) -> str:
    """The digest of what another process, with its own order of hashes, says of the rows."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", _PROCESS], input=rows, capture_output=True, text=True, env=environment, check=True
    )
    return done.stdout.strip()


def test_another_process_gives_the_same_bytes(random_rows: Any, scored: Any) -> None:
    """Processes with other hash seeds agree with this one on every byte."""
    rows = _with_ids(random_rows(5, SIZE))
    scores = scored(rows)
    whole = pd.concat([scores.columns, scores.flags, scores.signals], axis=1)
    here = hashlib.sha256(whole.to_csv().encode()).hexdigest()
    text = json.dumps(rows.to_dict("records"))
    assert {_digest_elsewhere(text, seed) for seed in ("1", "4321")} == {here}


def _same_rating(one: Scores, other: Scores) -> bool:
    said = [key for key in one.columns.columns if key not in ("versions", "verdict_id")]
    return one.columns[said].equals(other.columns[said]) and one.signals.equals(other.signals)


def _pack(name: str, rules: tuple[Rule, ...]) -> Pack:
    base = load_catalogue().packs[0]
    return replace(base, id=name, name=name, rules=rules, scope="any")


def _never_asked() -> Rule:
    """A rule whose condition is false of every row: a signal and its opposite."""
    rule = load_catalogue().red_flags[0]
    impossible = AllOf((Signal("P-COVERT"), Not(Signal("P-COVERT"))))
    return replace(rule, id="TEST-1-RF-01", pack="TEST", applies_when=impossible, yes_when=Signal("P-COVERT"))


def test_an_empty_pack_changes_nothing(random_rows: Any, scored: Any) -> None:
    """A pack without rules adds nothing to any rating, word or flag; only the versions name it."""
    rows, shipped = random_rows(3, SIZE), load_catalogue()
    whole = scored(rows)
    more = scored(rows, catalogue=Catalogue((*shipped.packs, _pack("EMPTY", ()))))
    assert _same_rating(whole, more)
    assert more.flags.equals(whole.flags)


def test_a_rule_that_never_applies_changes_nothing(random_rows: Any, scored: Any) -> None:
    """A rule that is N/A, or unknown where its signal is, adds to no rating; N/A is counted nowhere."""
    rows, shipped = random_rows(3, SIZE), load_catalogue()
    whole = scored(rows)
    more = scored(rows, catalogue=Catalogue((*shipped.packs, _pack("TEST", (_never_asked(),)))))
    answer = more.flags["TEST-1-RF-01"]
    assert (answer[whole.signals["P-COVERT"].notna().to_numpy(dtype=bool)] == "N/A").all()
    assert more.flags.drop(columns="TEST-1-RF-01").equals(whole.flags)
    settled = (answer == "N/A").to_numpy()
    said = [key for key in whole.columns.columns if key not in ("versions", "verdict_id")]
    assert more.columns.loc[settled, said].equals(whole.columns.loc[settled, said])


def test_a_pack_that_answers_yes_changes_no_rating(random_rows: Any, scored: Any, rated: list[str]) -> None:
    """Packs cite facts and weigh none: the same flags twice over leave class, disposition and overall alone."""
    rows, shipped = random_rows(4, SIZE), load_catalogue()
    again = tuple(replace(rule, id=f"TEST-{rule.id}", pack="TEST") for rule in shipped.red_flags)
    whole, more = scored(rows), scored(rows, catalogue=Catalogue((*shipped.packs, _pack("TEST", again))))
    assert more.columns[rated].equals(whole.columns[rated])
    assert (more.columns["flag_count"] > whole.columns["flag_count"]).any()
