"""Labelled texts and the documented cases: how often the readers see what is there."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

from hrdd.wording import read_end_users, read_end_uses, read_products
from hrdd.wording.__main__ import judge_end_users, judge_products, main
from hrdd.wording.end_users import SECURITY_TYPES
from hrdd.wording.products import gravity

HERE = Path(__file__).parent
PRODUCTS = HERE / "labelled_products.csv"
END_USERS = HERE / "labelled_end_users.csv"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a labelled file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases() -> list[dict[str, str]]:
    """The shipped cases."""
    text = (files("hrdd") / "data" / "reference" / "cases.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_no_labelled_surveillance_product_is_missed() -> None:
    """Every description reads at least as grave as its label, or is hinted at."""
    found = judge_products(rows(PRODUCTS))
    assert found["missed"] == []


def test_labelled_ordinary_products_raise_no_alarm_and_are_mostly_read() -> None:
    """No false alarm among ordinary goods, and at most one in twenty is left unread."""
    labelled = rows(PRODUCTS)
    found = judge_products(labelled)
    assert found["false_alarm"] == []
    assert len(found["unread"]) * 20 <= sum(row["kind"] == "ordinary" for row in labelled)


def test_labelled_end_users_are_told_apart() -> None:
    """No security body is missed, no other party is taken for one, and types agree."""
    assert judge_end_users(rows(END_USERS)) == {"missed": [], "false_alarm": [], "other": []}


def test_the_labelled_sets_are_broad() -> None:
    """At least 300 ordinary and 150 surveillance products and 200 names, none twice."""
    products, names = rows(PRODUCTS), rows(END_USERS)
    assert sum(row["kind"] == "ordinary" for row in products) >= 300
    assert sum(row["kind"] == "surveillance" for row in products) >= 150
    assert len(names) >= 200
    assert len({row["text"] for row in products}) == len(products)
    assert len({row["text"] for row in names}) == len(names)


def test_documented_products_never_read_as_less_grave_than_declared() -> None:
    """Exceptions are named: one product whose text speaks of a computer with artificial intelligence only."""
    documented = [case for case in cases() if case["kind"] == "DOCUMENTED"]
    reading = read_products([f"{case['product']} {case['product_description']}" for case in documented])
    lower = [
        case["transaction_id"]
        for case, found, hinted in zip(documented, reading.category, reading.hints, strict=True)
        if not hinted and (found is None or gravity(found) < gravity(case["product_category"]))
    ]
    print("read as less grave than declared:", lower)
    assert lower == ["D50"]


def test_documented_security_bodies_are_seen() -> None:
    """Every documented end user that was declared a security body is read as one."""
    bodies = [case for case in cases() if case["end_user_type"] in SECURITY_TYPES]
    reading = read_end_users([case["end_user"] for case in bodies])
    assert reading.security.all()


def test_benign_uses_are_not_repressive_and_the_documented_one_is() -> None:
    """The end uses of the cases are told apart."""
    told = cases()
    reading = read_end_uses([case["end_use"] for case in told])
    repressive = {case["transaction_id"] for case, found in zip(told, reading.repressive, strict=True) if found}
    assert repressive == {"D03", "D33"}


def test_the_report_prints_recall_and_precision(capsys: object) -> None:
    """`python -m hrdd.wording` reports on both kinds of file."""
    assert main([str(PRODUCTS), str(END_USERS)]) == 0
    told = capsys.readouterr().out  # type: ignore[attr-defined]
    assert "labelled_products.csv: " in told
    assert told.count("recall") == 2
