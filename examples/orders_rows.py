"""The rows of an invented quarter, with the mess that order extracts have in real life.

The ordinary orders are drawn from the tables in `sources/` with a fixed seed; the notable ones are written
out there, one by one. Nobody in it exists, but for official bodies under generic names and one listed vendor.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

SEED = 20260930
ORDINARY = 282
FIRST_DAY = dt.date(2026, 7, 1)
FIRST_NUMBER = 70026001
FIRST_CUSTOMER, FIRST_NOTABLE_CUSTOMER = 10230, 11900

#: Euro for one unit of each currency; the sheet "FX rates" shows them.
RATES = {"EUR": 1.0, "USD": 0.91, "GBP": 1.16, "SEK": 0.088, "CHF": 1.05}
ENTITIES = {
    "EUR": "Halden Systems GmbH",
    "CHF": "Halden Systems GmbH",
    "USD": "Halden Systems Inc.",
    "GBP": "Halden Systems Ltd",
    "SEK": "Halden Systems AB",
}
REPS = ("A. Lindqvist", "B. Okafor", "C. Marchetti", "D. Sørby", "E. Whitlock", "F. Tanaka", "G. Reuter")
COST_CENTRES = ("0410", "0412", "0420", "0431", "0500")
INCOTERMS = ("DAP", "FCA", "EXW", "CIP", "DDP")
REMARKS = (
    "Partial delivery agreed",
    "Liefertermin bestätigt",
    "Customer collects",
    "Replacement under warranty",
    "Framework contract, call-off 3",
    "Price list 2026/2",
    "Invoice to head office",
)
ANSWERS = ("Yes", "Yes", "Yes", "Yes", "yes", "YES", "", "", "", "No", "N/A")

#: One line of the extract: header -> value; a header that is absent is a blank cell.
Row = dict[str, object]
T = TypeVar("T")


class Dice:
    """Picks that stay the same on every Python: all rest on `Random.random`, whose sequence is guaranteed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # an example, no secret

    def chance(self, share: float) -> bool:
        """Say yes in `share` of all calls."""
        return self._random.random() < share

    def below(self, limit: int) -> int:
        """Pick a whole number from 0 to `limit` - 1."""
        return int(self._random.random() * limit)

    def one(self, values: Sequence[T]) -> T:
        """Pick one of `values`, each as likely as the next."""
        return values[self.below(len(values))]

    def mostly_first(self, values: Sequence[T]) -> T:
        """Pick the first of `values` in more than half of all calls."""
        return values[0] if self.chance(0.55) else self.one(values)


def order_rows(sources: Path) -> list[Row]:
    """All orders of the quarter by day, the notable among the ordinary, with numbers and mess."""
    dice = Dice(SEED)
    products = {row["material"]: row for row in _table(sources, "products.csv")}
    rows = _ordinary(dice, sources, products) + _notable(dice, sources, products)
    rows.sort(key=lambda row: str(row["Posting date"]))
    for position, row in enumerate(rows):
        row["Order no"] = FIRST_NUMBER + position
    return _with_mess(rows)


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _ordinary(dice: Dice, sources: Path, products: dict[str, dict[str, str]]) -> list[Row]:
    offers: dict[str, list[dict[str, str]]] = {}
    for offer in _table(sources, "offers.csv"):
        offers.setdefault(offer["kind"], []).append(offer)
    customers = _table(sources, "customers.csv")
    rows = []
    for index in range(ORDINARY):
        customer = customers[index % len(customers)]
        spellings = customer["countries"].split("|")
        row = _ordinary_row(dice, customer, offers, products)
        row["Customer no"] = f"{FIRST_CUSTOMER + 7 * (index % len(customers)):07d}"
        row["Ship-to country"] = spellings[index // len(customers) % len(spellings)]
        rows.append(row)
    return rows


def _ordinary_row(
    dice: Dice,
    customer: dict[str, str],
    offers: dict[str, list[dict[str, str]]],
    products: dict[str, dict[str, str]],
) -> Row:
    offer = dice.one(offers[customer["kind"]])
    product = products[offer["material"]]
    quantity = 1 + dice.below(int(product["most"]))
    through = dice.chance(0.7)
    row = _common(dice, product, quantity, customer["currency"])
    return row | {
        "Posting date": FIRST_DAY + dt.timedelta(days=dice.below(92)),
        "Customer": customer["name"],
        "City": customer["city"],
        "Reseller": customer["reseller"] if through else "",
        "Reseller country": customer["reseller_country"] if through else "",
        "Intended use": dice.one(offer["use"].split("|")),
        "End user verified?": dice.one(ANSWERS),
        "Remarks": dice.one(REMARKS) if dice.chance(0.14) else "",
    }


def _notable(dice: Dice, sources: Path, products: dict[str, dict[str, str]]) -> list[Row]:
    rows = []
    for position, note in enumerate(_table(sources, "notable_orders.csv")):
        row = _common(dice, products[note["material"]], int(note["quantity"]), note["currency"])
        rows.append(
            row
            | {
                "Posting date": dt.date.fromisoformat(note["day"]),
                "Customer no": f"{FIRST_NOTABLE_CUSTOMER + 3 * position:07d}",
                "Customer": note["customer"],
                "City": note["city"],
                "Ship-to country": note["country"],
                "Reseller": note["reseller"],
                "Reseller country": note["reseller_country"],
                "Intended use": note["use"],
                "End user verified?": note["verified"],
                "Remarks": note["remark"],
            }
        )
    return rows


def _common(dice: Dice, product: dict[str, str], quantity: int, currency: str) -> Row:
    """What an order takes from its product and from the way the exporter works."""
    discount = (82 + dice.below(19)) / 100
    value = round(float(product["price"]) * quantity * discount / RATES[currency], 2)
    return {
        "Material no.": product["material"],
        "Material description": product["description"],
        "Qty": quantity,
        "Net value": value,
        "Curr.": currency,
        "Margin": (int(product["margin"]) - 6 + dice.below(11)) / 100,
        "ECCN": product["eccn"] if dice.chance(0.78) else dice.one(("", "", "", "N/A")),
        "Selling entitiy": ENTITIES[currency],
        "Sales rep": dice.one(REPS),
        "Cost centre": dice.one(COST_CENTRES),
        "Incoterm": dice.mostly_first(INCOTERMS),
    }


def _with_mess(rows: list[Row]) -> list[Row]:
    """Bring in what hands and systems do to an extract, at fixed places so that every kind is there."""
    for position, row in enumerate(rows):
        _write_date_as_text(position, row)
        if position % 31 == 11:
            row["Net value"] = _amount_as_text(position, row["Net value"])
        if position % 17 == 5:
            row["Order no"] = str(row["Order no"])
    _spoil_single_cells([row for row in rows if int(str(row["Customer no"])) < FIRST_NOTABLE_CUSTOMER])
    rows.insert(259, {})
    return rows


def _spoil_single_cells(rows: list[Row]) -> None:
    """Spoil one cell each of some ordinary orders."""
    rows[41]["Posting date"] = "KW 29"
    rows[77]["Order no"] = rows[76]["Order no"]
    rows[122]["Order no"] = ""
    rows[150]["Qty"] = "2 pcs"
    rows[163]["Ship-to country"] = "N/A"
    rows[188]["Ship-to country"] = ""
    rows[201]["Customer"] = "n/a"
    rows[226]["Material description"] = ""
    rows[240]["End user verified?"] = "Probably"


def _write_date_as_text(position: int, row: Row) -> None:
    day = row["Posting date"]
    if not isinstance(day, dt.date):
        return
    if position % 9 == 4:
        row["Posting date"] = day.strftime("%d.%m.%Y")
    elif position % 13 == 7:
        row["Posting date"] = day.isoformat()


def _amount_as_text(position: int, value: object) -> str:
    german = f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return german if position % 2 else f"{value:,.2f}"
