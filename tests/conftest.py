"""Invented transactions, and the whole scorer on one fixed day, for tests of what must hold for any row."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest

from hrdd.columns import CATEGORIES, INPUTS
from hrdd.engine import Scores, score

Row: TypeAlias = Mapping[str, object]
Breaks: TypeAlias = Callable[[pd.DataFrame], Any]

TODAY = date(2026, 11, 24)
KEYS = [column.key for column in INPUTS]

#: Nothing to be found and nothing left open; rows near it show what one cell does.
BENIGN: dict[str, object] = {
    "as_of_date": "2024-03-01", "transaction_type": "New sale", "product": "Unit X9", "product_category": "component",
    "exporter_country": "Germany", "us_content": "No", "end_user": "Orion", "end_user_type": "Private company",
    "destination_country": "Norway", "end_use": "traffic planning on the ring road", "licence_status": "Not required",
    "government_notice": "None", "screening_result": "Clear", "q_end_user_verified": "Yes",
}  # fmt: skip
BENIGN.update({key: "No" for key in KEYS if key.startswith("q_") and key not in BENIGN})

_TEXTS: dict[str, tuple[object, ...]] = {
    "as_of_date": ("2009-06-01", "2016-05-05", "2019-10-09", "2021-01-01", "2024-03-01", "2025-10-01", "2026-11-20"),
    "product": ("Unit X9", "ProxySG web filter", "body camera", "facial recognition server", "network switch",
                "deep packet inspection", "phone extraction kit", "office laptop", "spyware"),
    "product_description": ("for the second floor", "recognises ethnicity", "covert, without the person knowing",
                            "aggregate traffic counts", "one-to-one check on the device"),
    "exporter": ("Acme Inc", "Blue Coat Systems", "NSO Group"),
    "exporter_country": ("US", "Germany", "GB", "China", "Israel"),
    "end_user": ("Orion", "City Police", "Ministry of Interior", "St Mary Hospital", "Dahua Technology", "Sandvine",
                 "Telecom Egypt", "University of Oslo", "Acme GmbH (owned 60% by a listed party)", "tbd"),
    "destination_country": ("Norway", "Germany", "Canada", "Brazil", "India", "China", "Sudan", "Ukraine", "Ethiopia",
                            "Myanmar", "Iran", "Syria", "Belarus", "Russia", "Egypt", "UAE", "Singapore", "Israel",
                            "Vatican City", "Atlantis"),
    "destination_region": ("Xinjiang", "Guangdong", "Darfur", "Khartoum", "Crimea", "Kyiv", "Tigray", "APAC"),
    "end_use": ("national security", "traffic planning on the ring road", "to be decided", "identify protesters",
                "patient registration", "billing", "face unlock on the device", "n/a"),
    "intermediary": ("Gulf Trading FZE", "Hikvision", "Nordic AS"),
    "intermediary_country": ("AE", "Norway", "Turkey", "Singapore", "China"),
    "owner": ("Somebody", "an Entity List party", "SDN owner", "Dahua Technology"),
    "owner_share": (10, 49.9, 50, "75", 100),
    "evidence": ("report.pdf",),
    "product_category": (*(category.id for category in CATEGORIES), "Probably"),
}  # fmt: skip
_ANSWERS = {
    "yes_no_unknown": ("No", "No", "Yes", "Unknown", "Probably"),
    "verified_no_unknown": ("Verified", "Verified", "No", "Unknown"),
}
#: What seldom occurs, so that a stop does not hide everything else.
_SELDOM = {"licence_status": 0.15, "government_notice": 0.12, "q_repressive_use": 0.15, "owner": 0.3}
#: Cells that decide most, drawn anew in half of the rows that are otherwise near the benign one.
_DRAWN_AGAIN: dict[str, tuple[object, ...]] = {
    "product_category": ("body_worn", "component", "facial_recognition", "intrusion_software", "cyber_testing", None),
    "end_user_type": (),
    "destination_country": (),
}


def _pool(key: str) -> tuple[object, ...]:
    column = next(column for column in INPUTS if column.key == key)
    return _TEXTS.get(key) or _ANSWERS.get(column.kind) or column.choices


_POOLS = {key: pool for key in KEYS if (pool := _pool(key))}


def _drawn(pool: Sequence[object], rng: np.random.Generator, count: int) -> Any:
    return np.array([*pool, ""], dtype=object)[rng.integers(len(pool), size=count)]


def _column(key: str, rng: np.random.Generator, *, near: Any, density: Any) -> Any:
    """Cells of one column: few or many in rows of any kind, and a few changes in rows near the benign one."""
    count, pool = len(near), _POOLS[key]
    cells = _drawn(pool, rng, count)
    anywhere = np.where(rng.random(count) < density * _SELDOM.get(key, 1.0), cells, None)
    changed = np.where(rng.random(count) < 0.25, None, cells)
    usual: Any = BENIGN.get(key)
    close = np.where(rng.random(count) < 0.07, changed, usual)
    again = near & (rng.random(count) < 0.5) & (key in _DRAWN_AGAIN)
    found = np.where(near, close, anywhere)
    return np.where(again, _drawn(_DRAWN_AGAIN.get(key) or pool, rng, count), found)


def _random_rows(seed: int, count: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    near, density = rng.random(count) < 0.6, rng.choice([0.1, 0.3, 0.6, 0.95], size=count)
    return pd.DataFrame({key: _column(key, rng, near=near, density=density) for key in _POOLS}, dtype=object)


@pytest.fixture(scope="session")
def random_rows() -> Callable[[int, int], pd.DataFrame]:
    """Draw `count` rows from a seed: object columns of input keys, blanks as None, no ids.

    One seed is one table, so that a property is tried on thousands of rows in one call of the scorer.
    """
    return _random_rows


@pytest.fixture(scope="session")
def rated() -> list[str]:
    """The results that a rating consists of; what is told beside them may differ."""
    numbers = ["rating", "rating_best", "rating_worst", "disposition", "severity", "likelihood", "inherent", "residual"]
    return [*numbers, "why", "lowered_by"]


@pytest.fixture(scope="session")
def benign() -> dict[str, object]:
    """A row with nothing to be found and nothing left open."""
    return dict(BENIGN)


def _as_frame(rows: pd.DataFrame | Sequence[Row]) -> pd.DataFrame:
    if isinstance(rows, pd.DataFrame):
        frame = rows.reset_index(drop=True)
    else:
        keys = list(dict.fromkeys(key for row in rows for key in row))
        cells = {key: np.array([*(row.get(key) for row in rows), None], dtype=object)[:-1] for key in keys}
        frame = pd.DataFrame(cells, index=range(len(rows)), dtype=object)
    if "transaction_id" not in frame.columns:
        frame = frame.assign(transaction_id=[f"T{at}" for at in range(len(frame))])
    return frame


@pytest.fixture(scope="session")
def scored() -> Callable[..., Scores]:
    """Score a frame, or one mapping per row, on a fixed day; rows without ids get their own."""
    return lambda rows, **options: score(_as_frame(rows), **{"today": TODAY, **options})


def _smallest(row: Row, breaks: Breaks) -> dict[str, object]:
    """Blank as many cells of a row as leave `breaks` (a mask over rows of a frame) true."""
    kept = {key: value for key, value in row.items() if value is not None and value == value}
    spare = list(kept)
    while spare:
        tries = [spare[: size + 1] for size in range(len(spare))]
        rows = [{key: value for key, value in kept.items() if key not in gone} for gone in tries]
        still = np.flatnonzero(breaks(_as_frame(rows)))
        if not len(still):
            spare = spare[1:]
            continue
        kept = rows[still[-1]]
        spare = spare[still[-1] + 2 :]
    return kept


@pytest.fixture(scope="session")
def smallest() -> Callable[[Row, Breaks], dict[str, object]]:
    """Shrink a row that breaks a property to the cells that matter, for the message of a failing test."""
    return _smallest


@pytest.fixture(scope="session")
def office_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of LibreOffice of its own, so that runs beside each other do not meet."""
    return tmp_path_factory.mktemp("office")


@pytest.fixture
def office(office_home: Path) -> Callable[..., list[Path]]:
    """Convert workbooks with LibreOffice, which opens and computes them; skips where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed, so nothing it does was tested")

    def convert(suffix: str, *paths: Path) -> list[Path]:
        folder = paths[0].parent / "converted"
        command = [program, f"-env:UserInstallation={office_home.as_uri()}", "--headless", "--convert-to", suffix]
        ran = subprocess.run([*command, "--outdir", folder, *paths], capture_output=True, text=True, check=False)
        made = [folder / f"{path.stem}.{suffix}" for path in paths]
        assert all(path.exists() for path in made), ran.stderr + ran.stdout
        return made

    return convert
