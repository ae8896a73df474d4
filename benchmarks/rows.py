"""Generated transactions for benchmarks: the same rows every time, by the row's position and fixed seeds.

`quarter` is what a finance team has: many orders of fewer customers and products, most questions unanswered.
`distinct` is the hard case: no text stands twice, and nearly every row answers another set of questions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import CATEGORIES, ESSENTIALS, INPUTS, Column

Cells = np.ndarray[Any, np.dtype[np.object_]]

CUSTOMERS, PRODUCTS = 20_000, 5_000
_ORDERS = 100_000

COUNTRIES = (
    ("Germany", "Deutschland", "DE"), ("France", "FR"), ("United Kingdom", "UK", "Great Britain"), ("Italy", "Italia"),
    ("Poland", "Polska"), ("Sweden", "SE"), ("Türkiye", "Turkey"), ("Egypt", "EG"), ("U.A.E.", "United Arab Emirates"),
    ("Saudi Arabia", "KSA"), ("India", "IN"), ("China", "PR China", "CN"), ("Hong Kong",), ("Singapore", "SG"),
    ("Viet Nam", "Vietnam"), ("Bangladesh",), ("Kenya", "KE"), ("Nigeria",), ("South Africa", "ZA"),
    ("Brazil", "Brasil"), ("Mexico", "México"), ("Colombia",), ("United States", "USA", "U.S."), ("Canada", "CA"),
    ("Japan", "JP"), ("Kazakhstan",), ("Serbia",), ("Ukraine",), ("Belarus",), ("Iran",), ("Congo",), ("Ethiopia",),
)  # fmt: skip
_NAMES = (
    "Kestrel", "Halden", "Birkental", "Nordlicht", "Lindqvist", "Okafor", "Marchetti", "Whitlock", "Tanaka",
    "Reuter", "Alvarez", "Petrov", "Novak", "Haddad", "Mensah", "Silva", "Costa", "Demir", "Kaya", "Nguyen",
    "Sharma", "Rahman", "Khan", "Chen", "Wong", "Suzuki", "Kim", "Moreau", "Dubois", "Rossi", "Bianchi", "Keller",
    "Vogel", "Brandt", "Larsen", "Hansen", "Virtanen", "Kowalski", "Horvat", "Popescu", "Ivanova", "Abebe",
    "Diallo", "Mwangi", "Adeyemi", "Botha", "Fernandez", "Ramos", "Castillo", "Torres", "Murphy", "Campbell",
    "Fraser", "Bennett", "Carter", "Hughes", "Parker", "Sullivan", "Walsh", "Young",
)  # fmt: skip
_TRADES = (
    "Logistics", "Foods", "Textiles", "Insurance", "Motors", "Energy", "Retail", "Media", "Pharma", "Steel", "Telecom",
    "Software", "Airlines", "Hotels", "Construction", "Chemicals", "Mining", "Farms", "Printing", "Bank",
)  # fmt: skip
_FORMS = ("GmbH", "Ltd", "Inc.", "S.A.", "AG", "B.V.", "S.r.l.", "Pty Ltd", "AB", "plc")
_BODIES = (
    "{} City Police", "University of {}", "{} General Hospital", "Municipality of {}", "{} Fire Service",
    "Ministry of Interior, {} office", "{} Airport Authority", "{} Water Works", "{} Border Guard", "{} Prison Service",
)  # fmt: skip
_ORDINARY = (
    "Access switch", "Server rack", "Office laptop", "Patch cable", "Storage array", "Wireless access point",
    "Uninterruptible power supply", "Network firewall", "Video conference unit", "Label printer", "Backup software",
    "Endpoint protection licence", "Docking station", "Fibre trunk cable",
)  # fmt: skip
_SENSITIVE = (
    "IP camera", "Dome camera 4K", "Video management software", "Facial recognition software", "Body-worn camera",
    "Thermal imager", "Number plate reader", "Deep packet inspection probe", "Phone extraction kit",
    "Drone with camera", "Lawful interception module", "Fingerprint terminal",
)  # fmt: skip
_DETAILS = (
    "with mounting kit and two years of support", "19 inch, spare parts included",
    "for indoor use, delivered in one lot",
    "extended warranty, on-site exchange next business day", "Lieferung inkl. Zubehör", "avec licence d'un an",
    "replacement for the series that ended in 2024", "as quoted, firmware of the current release",
)  # fmt: skip
_USES = (
    "Traffic management", "Resale", "Loss prevention in shops", "Law enforcement", "Office network", "Research",
    "Access control at the plant", "National security", "Zutrittskontrolle", "as required", "Perimeter protection",
)  # fmt: skip
_EXPORTERS = (("Halden Systems GmbH", "DE"), ("Halden Systems Inc.", "US"), ("Halden Systems Ltd", "GB"))


def quarter(orders: int = _ORDERS) -> pd.DataFrame:
    """Orders of one quarter, one fifth as many customers and one twentieth as many products.

    Customers bring country, name and what they were asked, products bring their texts; one customer in eight was
    asked the compliance questions and answered three in four. One order in two hundred holds a typo.
    """
    dice = np.random.default_rng(7)
    customers = _customers(max(1, orders * CUSTOMERS // _ORDERS), dice)
    products = _products(max(1, orders * PRODUCTS // _ORDERS), dice)
    of_customer, of_product = dice.integers(0, len(customers), orders), dice.integers(0, len(products), orders)
    orders_own = _order_cells(orders, dice)
    cells = {name: customers[name].to_numpy()[of_customer] for name in customers.columns}
    cells |= {name: products[name].to_numpy()[of_product] for name in products.columns}
    return _frame(cells | orders_own, orders)


def distinct(rows: int = _ORDERS) -> pd.DataFrame:
    """The hard case: no text stands twice. What orders have is filled on every row, all else on one row in five."""
    dice = np.random.default_rng(11)
    numbers = [str(number) for number in range(rows)]
    stems: dict[str, Sequence[Any]] = {
        "product": (*_ORDINARY, *_SENSITIVE),
        "product_description": _DETAILS,
        "end_user": [body.format("Karlo") for body in _BODIES] + [f"Kestrel {trade}" for trade in _TRADES],
        "end_use": _USES,
        "owner": [f"{name} Holding" for name in _NAMES],
        "intermediary": [f"{name} Trading" for name in _NAMES],
    }
    cells: dict[str, Any] = {}
    for column in INPUTS:
        if column.kind == "text":
            cells[column.key] = _numbered(_pick(stems.get(column.key, (column.header,)), rows, dice), numbers)
            if column.key not in ESSENTIALS:
                cells[column.key][dice.random(rows) > 1 / 5] = None
    cells |= {column.key: _answers(column, rows, dice) for column in INPUTS if column.choices}
    countries = [spelling for spellings in COUNTRIES for spelling in spellings]
    cells |= {c.key: _pick((*countries, None), rows, dice) for c in INPUTS if c.kind == "country"}
    cells |= {"as_of_date": _days(dt.date(2008, 1, 1), 6800, rows, dice), "amount": _amounts(rows, dice)}
    cells |= {"owner_share": _pick((None, None, None, 10.0, 50.0, 75.0), rows, dice)}
    return _frame(cells, rows)


def _frame(cells: dict[str, Any], rows: int) -> pd.DataFrame:
    """A frame of plain objects, as the workbook reader gives it, with every input column of the template."""
    blank = np.full(rows, None, dtype=object)
    columns = {column.key: cells.get(column.key, blank) for column in INPUTS}
    return pd.DataFrame(columns, index=pd.RangeIndex(rows), dtype=object, copy=False)


def _customers(count: int, dice: np.random.Generator) -> pd.DataFrame:
    """Customers by their master data; the number in the name keeps them apart."""
    spellings = [COUNTRIES[place] for place in dice.integers(0, len(COUNTRIES), count)]
    cells = {
        "end_user": np.array([_customer(number) for number in range(count)], dtype=object),
        "destination_country": np.array([names[n % len(names)] for n, names in enumerate(spellings)], dtype=object),
        "intermediary": np.array([_reseller(number) for number in range(count)], dtype=object),
        "intermediary_country": np.array([_seat(number) for number in range(count)], dtype=object),
    }
    asked = dice.random(count) < 1 / 8
    for column in INPUTS:
        if column.choices and column.key not in ("product_category", "transaction_type"):
            cells[column.key] = np.where(asked, _answers(column, count, dice, 3 / 4), None)
    return pd.DataFrame(cells, dtype=object)


def _customer(number: int) -> str:
    name = _NAMES[number % len(_NAMES)]
    place = number // len(_NAMES)
    if number % 8 == 0:
        return f"{_BODIES[place % len(_BODIES)].format(name)} no. {place // len(_BODIES) + 1}"
    trade, form = _TRADES[place % len(_TRADES)], _FORMS[place // len(_TRADES) % len(_FORMS)]
    return f"{name} {trade} {place // 200 + 1} {form}"


def _reseller(number: int) -> str | None:
    return f"{_NAMES[number % 40]} Distribution {number % 400}" if number % 3 == 0 else None


def _seat(number: int) -> str | None:
    return COUNTRIES[number % 400 % len(COUNTRIES)][0] if number % 3 == 0 else None


def _products(count: int, dice: np.random.Generator) -> pd.DataFrame:
    """Products by their material texts: four in five ordinary goods, one in three with a category."""
    sensitive = dice.random(count) < 1 / 5
    names = np.where(sensitive, _pick(_SENSITIVE, count, dice), _pick(_ORDINARY, count, dice))
    numbers = [f"M{number:05d}" for number in range(count)]
    labels = [category.label for category in CATEGORIES if category.id in ("video_surveillance", "general_it")]
    return pd.DataFrame(
        {
            "product": _numbered(names, numbers),
            "product_description": _numbered(_pick(_DETAILS, count, dice), numbers),
            "product_category": np.where(sensitive, None, _pick((*labels, None, None, None, None), count, dice)),
            "control_code": _pick(("EAR99", "5A991.b", "5D002.c", "4A994"), count, dice),
        },
        dtype=object,
    )


def _order_cells(orders: int, dice: np.random.Generator) -> dict[str, Cells]:
    """What belongs to the order itself: number, day, amount, entity and use, and now and then a typo."""
    of_entity = dice.integers(0, len(_EXPORTERS), orders)
    verified = _pick(("Yes", "Yes", "yes", None, None, None, "No", "N/A"), orders, dice)
    verified[dice.random(orders) < 1 / 200] = "Probably"
    return {
        "transaction_id": np.array([f"SO-{number:07d}" for number in range(orders)], dtype=object),
        "as_of_date": _days(dt.date(2026, 7, 1), 92, orders, dice),
        "amount": _amounts(orders, dice),
        "currency": _pick(("EUR", "USD", "GBP"), orders, dice),
        "quantity": dice.integers(1, 60, orders).astype(float).astype(object),
        "exporter": np.array([name for name, _ in _EXPORTERS], dtype=object)[of_entity],
        "exporter_country": np.array([country for _, country in _EXPORTERS], dtype=object)[of_entity],
        "end_use": _pick((*_USES, None, None, None), orders, dice),
        "q_end_user_verified": verified,
        "transaction_type": _pick(("New sale", "New sale", "Renewal"), orders, dice),
    }


def _answers(column: Column, rows: int, dice: np.random.Generator, share: float = 1 / 5) -> Cells:
    """One of the column's choices on a share of the rows, blank on the others."""
    found = _pick(column.choices, rows, dice)
    found[dice.random(rows) > share] = None
    return found


def _amounts(rows: int, dice: np.random.Generator) -> Cells:
    return np.round(dice.uniform(100, 1e6, rows), 2).astype(object)


def _days(first: dt.date, span: int, rows: int, dice: np.random.Generator) -> Cells:
    days = [first + dt.timedelta(days=step) for step in range(span)]
    return _pick(days, rows, dice)


def _pick(values: Sequence[Any], rows: int, dice: np.random.Generator) -> Cells:
    return np.array(values, dtype=object)[dice.integers(0, len(values), rows)]


def _numbered(stems: Cells, numbers: Sequence[str]) -> Cells:
    return np.array([f"{stem} {number}" for stem, number in zip(stems, numbers, strict=True)], dtype=object)
