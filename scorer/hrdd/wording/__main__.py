"""`python -m hrdd.wording FILE...`: how well the readers do on labelled texts.

A file of products has the columns text, kind (ordinary or surveillance), category (may be blank) and round; a file
of end users has text, kind (a type, placeholder or blank), security (yes or no) and round. A file of rows has product,
kind, category, end_user, end_user_type, security, end_use and use, the round, and in first_* what was read at first.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from hrdd.wording.end_users import read_end_users
from hrdd.wording.judging import Row, first_read, read_rows, report_rows
from hrdd.wording.products import gravity, read_products

_UNDER_CARE = 2  # from this gravity on a category is more than ordinary cameras and network tools


def judge_products(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The labelled texts by what became of them.

    `missed`: surveillance read as less grave than labelled and without a hint, of which `silent` as ordinary
    goods. `false_alarm`: ordinary goods with a hint, a covert or minority mark, or an unlimited grave category.
    `unread`: ordinary goods without a reading. `other`: surveillance in another category, no less grave.
    """
    reading = read_products([row["text"] for row in rows])
    found: dict[str, list[str]] = {name: [] for name in ("missed", "silent", "false_alarm", "unread", "other")}
    for n, row in enumerate(rows):
        category, hinted = reading.category[n], bool(reading.hints[n])
        grave = gravity(category) if category else -1
        if row["kind"] == "surveillance":
            wanted = gravity(row["category"]) if row["category"] else _UNDER_CARE
            if grave < wanted and not hinted:
                found["missed"].append(row["text"])
                found["silent"] += [row["text"]] if category else []
            elif category != row["category"]:
                found["other"].append(row["text"])
        elif hinted or reading.covert[n] or reading.minority[n] or (grave >= _UNDER_CARE and not reading.limited[n]):
            found["false_alarm"].append(row["text"])
        elif category is None:
            found["unread"].append(row["text"])
    return found


def judge_end_users(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The labelled names by what became of them.

    `missed`: security bodies not seen as such. `false_alarm`: others seen as security bodies. `other`: the type
    differs from the label.
    """
    reading = read_end_users([row["text"] for row in rows])
    found: dict[str, list[str]] = {name: [] for name in ("missed", "false_alarm", "other")}
    for n, row in enumerate(rows):
        kind = "placeholder" if reading.placeholder[n] else reading.type[n] or ""
        security = bool(reading.security[n])
        if (row["security"] == "yes") != security:
            found["false_alarm" if security else "missed"].append(row["text"])
        if kind != row["kind"]:
            found["other"].append(row["text"])
    return found


def report(path: Path) -> str:
    """Counts and the texts behind them, for one labelled file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if "product" in rows[0]:
        return "\n".join(_rounds(path.name, rows)) + "\n"
    products = "category" in rows[0]
    found = judge_products(rows) if products else judge_end_users(rows)
    sure = [row for row in rows if (row["kind"] == "surveillance" if products else row["security"] == "yes")]
    seen, alarms = len(sure) - len(found["missed"]), len(found["false_alarm"])
    lines = [
        f"{path.name}: {len(rows)} texts, {len(sure)} to be found",
        f"  recall {seen}/{len(sure)}, precision {seen}/{seen + alarms}",
    ]
    lines += [f"  {name} {len(texts)}: {'; '.join(texts)}" for name, texts in found.items()]
    return "\n".join(lines) + "\n"


def _rounds(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """Each round as it was read at first, and as it is read now."""
    for number in sorted({row["round"] for row in rows}):
        some = [row for row in rows if row["round"] == number]
        yield from report_rows(f"{name}, round {number}, first reading", some, first_read(some))
        yield from report_rows(f"{name}, round {number}, now", some, read_rows(some))


def main(arguments: Sequence[str]) -> int:
    """Report on each file named."""
    for argument in arguments:
        sys.stdout.write(report(Path(argument)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
