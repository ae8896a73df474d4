"""Generated transactions for benchmarks: every input column, the mess of real orders, the same rows every time."""

# ruff: noqa: E501
from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import CATEGORIES, INPUT_BY_KEY, INPUTS

COUNTRIES = ["Germany", "DE", "France", "Egypt", "U.A.E.", "China", "Kenya", "Brasil", "Singapore", "Sweden", "Türkiye",
             "Iran", "Congo", "Bangladesh", "Hong Kong", "Mexico", "India", "Belarus", "Viet Nam", "Italy", None]  # fmt: skip
PRODUCTS = ["IP camera", "Deep packet inspection probe", "Phone extraction kit", "Server rack", "Network switch",
            "Facial recognition software", "Thermal imager", "Cell site simulator", "Laptop", "Drone with camera"]  # fmt: skip
USERS = ["City Police", "Ministry of Interior", "Kestrel GmbH", "University of X", "Telecom Operator", "General Hospital",
         "State Security Service", "Retail Bank plc", "Freight Forwarding Ltd", "Municipality"]  # fmt: skip
USES = ["Traffic management", "Law enforcement", "Resale", "Loss prevention", "National security", None, "Research"]


def transactions(rows: int, seed: int = 7) -> pd.DataFrame:
    """A frame of `rows` transactions: names and ids are distinct per row, answers are mostly blank."""
    random = np.random.default_rng(seed)
    return pd.DataFrame({column.key: _column(column.key, rows, random) for column in INPUTS})


def _column(key: str, rows: int, random: Any) -> Any:
    number = np.arange(rows).astype(str).astype(object)
    distinct = {
        "transaction_id": "T" + number,
        "product": _pick(PRODUCTS, rows, random) + " model " + number,
        "product_description": "Order line " + number + " with standard accessories",
        "end_user": _pick(USERS, rows, random) + " no. " + number,
        "end_use": _pick(USES, rows, random),
        "destination_country": _pick(COUNTRIES, rows, random),
        "exporter_country": _pick(["US", "DE", "GB"], rows, random),
        "as_of_date": _pick([f"{year}-06-30" for year in range(2008, 2027)], rows, random),
        "amount": np.round(random.uniform(100, 1e6, rows), 2).astype(object),
        "product_category": _pick([*(category.label for category in CATEGORIES), None], rows, random),
    }
    if key in distinct:
        return distinct[key]
    choices = INPUT_BY_KEY[key].choices
    if not choices:
        return np.full(rows, None, dtype=object)
    return _pick([*choices, *[None] * (4 * len(choices))], rows, random)


def _pick(words: list[Any], rows: int, random: Any) -> Any:
    return np.array(words, dtype=object)[random.integers(0, len(words), rows)]
