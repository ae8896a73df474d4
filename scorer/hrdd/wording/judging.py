"""How the readings of whole rows (product, end user, end use) compare with what a person labelled.

Severity is the gravity of the category; a limited use counts as 1, a hint as 4, because an unknown product with a hint
is rated so. A label may name several categories ("a;b"): any of them is right, and so is any severity among theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrdd.wording.end_users import read_end_users
from hrdd.wording.end_uses import read_end_uses
from hrdd.wording.products import gravity, read_products

Row = dict[str, str]
HINT, UNREAD = "hint", "unread"
_LIMITED = " limited"
_USES = ("repressive", "national_security", "vague", "plain")


@dataclass(frozen=True)
class Said:
    """What was read of one row: product (a category, perhaps limited; a hint; unread), end user and end use."""

    product: str
    end_user: str
    security: bool
    use: str


def read_rows(rows: Sequence[Row]) -> list[Said]:
    """Read the rows as the tables stand now."""
    products = read_products([row["product"] for row in rows])
    users = read_end_users([row["end_user"] for row in rows])
    uses = read_end_uses([row["end_use"] for row in rows])
    said = []
    for n in range(len(rows)):
        category = products.category[n]
        limited = products.limited[n] or category in uses.limits[n]
        product = HINT if products.hints[n] else category + _LIMITED * bool(limited) if category else UNREAD
        marks = (uses.repressive[n], uses.national_security[n], uses.vague[n], True)
        use = next(name for name, mark in zip(_USES, marks, strict=True) if mark)
        kind = "placeholder" if users.placeholder[n] else users.type[n] or ""
        said.append(Said(product, kind, bool(users.security[n]), use))
    return said


def first_read(rows: Sequence[Row]) -> list[Said]:
    """What was read of the rows when they were new, before the tables were changed for them."""
    return [
        Said(row["first_product"], row["first_end_user"], row["first_security"] == "yes", row["first_use"])
        for row in rows
    ]


def outcome(row: Row, said: Said) -> str:
    """Whether the product was read "right", "too low" or "too high" in severity, or stayed unread."""
    if said.product == UNREAD:
        return UNREAD
    severities = [gravity(category) for category in row["category"].split(";")]
    lowest, highest = (min(severities), max(severities)) if row["kind"] == "surveillance" else (0, 1)
    found = _severity(said.product)
    if found < lowest:
        return "too low"
    return "too high" if found > highest else "right"


def _severity(product: str) -> int:
    if product == HINT:
        return 4
    name = product.removesuffix(_LIMITED)
    return min(gravity(name), 1) if name != product else gravity(name)


def report_rows(title: str, rows: Sequence[Row], said: Sequence[Said]) -> Iterator[str]:
    """Counts by severity, by category, by end user and by use, with the texts behind what is not right."""
    yield f"{title}: {len(rows)} rows"
    yield from _by_severity(rows, said)
    yield from _by_category(rows, said)
    yield from _by_end_user(rows, said)
    seen = sum(row["use"] == one.use for row, one in zip(rows, said, strict=True))
    repressive = [one.use == "repressive" for row, one in zip(rows, said, strict=True) if row["use"] == "repressive"]
    yield f"  end uses: {seen} of {len(rows)} as labelled; repressive ones seen: {sum(repressive)} of {len(repressive)}"
    for wrong in ("too low", "too high", UNREAD):
        texts = [row["product"] for row, one in zip(rows, said, strict=True) if outcome(row, one) == wrong]
        yield f"  {wrong} {len(texts)}: {'; '.join(texts)}"


def _by_severity(rows: Sequence[Row], said: Sequence[Said]) -> Iterator[str]:
    counts = Counter((_label(row), outcome(row, one), one.product == HINT) for row, one in zip(rows, said, strict=True))
    yield "  labelled severity: right, of these by a hint; too low; too high; unread"
    for label in sorted({label for label, _, _ in counts}):
        right = [counts[label, "right", False], counts[label, "right", True]]
        others = [counts[label, name, False] + counts[label, name, True] for name in ("too low", "too high", UNREAD)]
        yield f"    {label:<10} {sum(right):>3} {right[1]:>3}; {others[0]:>3}; {others[1]:>3}; {others[2]:>3}"


def _label(row: Row) -> str:
    if row["kind"] != "surveillance":
        return "ordinary"
    return f"severity {max(gravity(category) for category in row['category'].split(';'))}"


def _by_category(rows: Sequence[Row], said: Sequence[Said]) -> Iterator[str]:
    labelled, found, named, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row, one in zip(rows, said, strict=True):
        categories, product = row["category"].split(";"), one.product.removesuffix(_LIMITED)
        named[product] += 1
        right[product] += product in categories
        if row["kind"] == "surveillance":
            labelled[categories[0]] += 1
            found[categories[0]] += product in categories
    yield "  category: found of those labelled (recall); right of those read as it (precision)"
    for category in sorted(labelled):
        recall = f"{found[category]} of {labelled[category]}"
        yield f"    {category:<24} {recall}; {right[category]} of {named[category]}"


def _by_end_user(rows: Sequence[Row], said: Sequence[Said]) -> Iterator[str]:
    pairs = [(row, one) for row, one in zip(rows, said, strict=True)]
    bodies = [one.security for row, one in pairs if row["security"] == "yes"]
    others = [one.security for row, one in pairs if row["security"] != "yes"]
    types = sum(one.end_user in row["end_user_type"].split(";") for row, one in pairs)
    yield f"  end users: security bodies seen {sum(bodies)} of {len(bodies)}; others taken for one {sum(others)} of"
    yield f"    {len(others)}; type as labelled {types} of {len(rows)}"
