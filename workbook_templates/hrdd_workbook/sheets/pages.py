"""The sheets that scoring writes anew each time: red flags by order, questions, decisions, and what the flags are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.handbook import provenance_sentence
from hrdd.packs import ANSWER_WORDS, Catalogue, load_catalogue

from .. import layout, palette
from ..layout import Say
from ..own_words import GOOD, asked_in, is_from_template, question_of, words_of
from ..results import ExtraSheet, Formula, Link, Shown

if TYPE_CHECKING:
    import pandas as pd

    from ..transactions import Transactions

#: The signs of the answers: filled, hollow, dash, and nothing for a flag that does not apply.
GLYPHS = {"YES": "●", "UNKNOWN": "○", "NO": "–", "N/A": ""}
#: The order of gravity, the gravest first; an unrated order may be anything.
GRAVITY = ("CRITICAL", "UNRATED", "HIGH", "MEDIUM", "LOW")
HEADER_ROW = 4
_TAB = palette.BAND_STYLES["result"].fill
_IDS_SHOWN = 12
_GRAVE = frozenset({"CRITICAL", "HIGH", "UNRATED"})
_HELD = frozenset({"HOLD", "STOP"})
_SAID = ("rating", "disposition", "flag_count", "unknown_count", "ask_first", "why", "problems")
_REVIEW = tuple(INPUT_BY_KEY[key].header for key in ("decision_reason", "reviewer", "approver", "decision_date"))


@dataclass(frozen=True)
class Scored:
    """Orders with what scoring said of them; `ids` are shown, `places` are where each stands in the workbook."""

    ids: Sequence[Any]
    places: Sequence[str]
    columns: dict[str, str]
    decisions: Sequence[Any]
    said: Mapping[str, Sequence[Any]]
    flags: pd.DataFrame
    catalogue: Catalogue

    @property
    def ranked(self) -> list[int]:
        """The positions of the orders, the gravest first, and of equals that with more red flags."""
        gravity = {word: rank for rank, word in enumerate(GRAVITY)}
        ranks, counts = [gravity[word] for word in self.said["rating"]], self.said["flag_count"]
        return sorted(range(len(ranks)), key=lambda at: (ranks[at], -counts[at], at))

    def link(self, at: int) -> Link:
        """The id of an order, leading to its row."""
        return Link(str(self.ids[at]), self.places[at], "place")


def scored(read: Transactions, results: pd.DataFrame, flags: pd.DataFrame, catalogue: Catalogue) -> Scored:
    """Bring together what was read and what scoring said of it, row by row."""
    sheet = "'" + read.sheet.replace("'", "''") + "'"
    blank, rows = [None] * len(read.frame), read.row_numbers.tolist()
    first = read.columns.get("transaction_id", "A")
    return Scored(
        ids=ids_of(read),
        places=[f"{sheet}!{first}{row}" for row in rows],
        columns={key: f"{sheet}!{letter}{read.header_row}" for key, letter in read.columns.items()},
        decisions=read.frame["decision"].tolist() if "decision" in read.frame else blank,
        said={key: results[key].tolist() for key in _SAID},
        flags=flags,
        catalogue=catalogue,
    )


def ids_of(read: Transactions) -> list[Any]:
    """What each order is called: its id, or its row where it has none."""
    blank = [None] * len(read.frame)
    ids = read.frame["transaction_id"].tolist() if "transaction_id" in read.frame else blank
    return [_id(value, row) for value, row in zip(ids, read.row_numbers.tolist(), strict=True)]


def _id(value: Any, row: int) -> Any:
    if value is None:
        return f"row {row}"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def refreshed(read: Transactions, results: pd.DataFrame, flags: pd.DataFrame, catalogue: Catalogue) -> list[ExtraSheet]:
    """The sheets to write anew where the workbook was made from the template; none for any other workbook."""
    if not is_from_template(read.path):
        return []
    return pages(scored(read, results, flags, catalogue), words_of(read.path))


def pages(orders: Scored, say: Say = str) -> list[ExtraSheet]:
    """The four sheets, each written where a workbook has it."""
    return [red_flags(orders, say), questions(orders, say), review(orders, say), about(orders.catalogue, say)]


def empty_pages(say: Say = str) -> list[ExtraSheet]:
    """The same before anything was scored: headers, and a sentence that says when they fill."""
    import pandas as pd

    catalogue = load_catalogue()
    flags = pd.DataFrame({rule.id: [] for rule in catalogue.red_flags})
    made = pages(Scored((), (), {}, (), dict.fromkeys(_SAID, ()), flags, catalogue), say)
    nothing = [Shown(say("Nothing is scored yet."), "note")]
    return [*(replace(p, rows=[*p.rows[:2], nothing, *p.rows[3:]]) for p in made[:-1]), made[-1]]


def _head(title: str, note: str, say: Say) -> list[list[Any]]:
    return [[Shown(say(title), "title")], [Shown(say(note), "note")], []]


_HEIGHTS = {1: 30.0, 2: 18.0}


def heights(rows: Sequence[Sequence[Any]], widths: Sequence[float], header: float) -> dict[int, float]:
    """How high the titles, the header and each line have to be for their texts to show at these widths."""
    found = {**_HEIGHTS, HEADER_ROW: header}
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        texts = [str(cell.value) if isinstance(cell, Shown) else "" for cell in row]
        lines = [-(-len(text) // max(int(width * 1.15), 1)) for text, width in zip(texts, widths, strict=False)]
        found[number] = layout.LINE_HEIGHT * max(1, *lines) + 3
    return found


def red_flags(orders: Scored, say: Say) -> ExtraSheet:
    """Every order that a flag applies to against every flag, as signs; the gravest orders on top."""
    rules = orders.catalogue.red_flags
    note = (
        "● YES    ○ UNKNOWN    – NO    blank: does not apply.    The gravest orders stand on top. Written by scoring."
    )
    head = _head("Red flags", note, say)
    named = [say(text) for text in ("Transaction ID", "HRDD rating", "Disposition")]
    titles = [Shown(f"{rule.id.removeprefix('HRDD-')}  {rule.title}", "turned") for rule in rules]
    head.append([*named, Shown("● " + say("YES"), "turned"), Shown("○ " + say("UNKNOWN"), "turned"), *titles])
    rows = list(_matrix(orders))
    width = 5 + len(rules)
    if rows:
        head[2] = [None, None, Shown(say("Orders with ●"), "note"), None, None, *_counts(width, len(rows))]
    return ExtraSheet(
        name=say(layout.RED_FLAGS_SHEET),
        rows=[*head, *rows],
        widths=[18, 12, 14, 6, 6, *([5] * len(rules))],
        header_row=HEADER_ROW,
        families={2: "rating", 3: "disposition"},
        filtered=True,
        tab=_TAB,
        heights={**_HEIGHTS, HEADER_ROW: 200},
        frozen=3,
        optional=True,
    )


def _counts(width: int, rows: int) -> Iterator[Formula]:
    from ..refs import letters

    for column in range(6, width + 1):
        letter = letters(column)
        yield Formula(f'COUNTIF({letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + rows},"●")', look="count")


def _matrix(orders: Scored) -> Iterator[list[Any]]:
    """A line for each order that any flag applies to."""
    signs = {word: Shown(GLYPHS[word], word) if GLYPHS[word] else None for word in ANSWER_WORDS}
    table = np.array([[signs[word] for word in orders.flags[name]] for name in orders.flags], dtype=object).T
    for at in orders.ranked:
        line = table[at].tolist()
        if any(sign is not None for sign in line):
            words = [Shown(orders.said[key][at], "word") for key in ("rating", "disposition")]
            counts = [Shown(int(orders.said[key][at]), "count") for key in ("flag_count", "unknown_count")]
            yield [orders.link(at), *words, *counts, *line]


def questions(orders: Scored, say: Say) -> ExtraSheet:
    """What to ask first: the question that would settle most orders on top, with these orders."""
    note = (
        "The answers that would settle most orders stand on top. "
        "Write an answer into its column on Transactions, and score again."
    )
    head = _head("Questions", note, say)
    texts = ("", "Ask", "Orders it would settle", "HIGH, CRITICAL or UNRATED", "Answered since scoring", "Orders")
    head.append([say(text) for text in texts])
    rows, widths = list(_asked(orders, say)), (5, 48, 14, 14, 14, 90)
    return ExtraSheet(
        name=say(layout.QUESTIONS_SHEET),
        rows=[*head, *rows],
        widths=widths,
        header_row=HEADER_ROW,
        tab=_TAB,
        heights=heights(rows, widths, 34),
        optional=True,
    )


def _asked(orders: Scored, say: Say) -> Iterator[list[Any]]:
    keys = {column.header: key for key, column in INPUT_BY_KEY.items()}
    asked = [question_of(text) for text in orders.said["ask_first"]]
    by_question: dict[str, list[int]] = {}
    for at in orders.ranked:
        if asked[at]:
            by_question.setdefault(asked[at], []).append(at)
    order = {header: rank for rank, header in enumerate(keys)}
    ranked = sorted(by_question.items(), key=lambda item: (-len(item[1]), order.get(item[0], 0)))
    for number, (question, rows) in enumerate(ranked, start=1):
        grave = sum(orders.said["rating"][at] in _GRAVE for at in rows)
        key = keys[question]
        where = orders.columns.get(key)
        words = Link(say(question), where, "place") if where else Shown(say(question), "line")
        counts = [Shown(len(rows), "count"), Shown(grave, "count"), _answered(say(question), key)]
        yield [Shown(number, "count"), words, *counts, Shown(_listed(orders, rows, say), "quiet")]


def _answered(question: str, key: str) -> Formula:
    """A live count of the orders edited since scoring whose first question has an answer by now."""
    name = layout.COLUMN_NAME_PREFIX
    exact = question.replace("~", "~~").replace("?", "~?").replace("*", "~*").replace('"', '""')
    counts = (
        f'COUNTIFS({name}ask_first,"{asked}",{name}{key},"<>",{name}edited,"?*")'
        for asked in (exact, f"{exact}{GOOD}*")
    )
    return Formula(f"IFERROR({'+'.join(counts)},0)", look="count")


def _listed(orders: Scored, rows: Sequence[int], say: Say) -> str:
    shown = ", ".join(str(orders.ids[at]) for at in rows[:_IDS_SHOWN])
    more = len(rows) - _IDS_SHOWN
    return say("{} and {} more").format(shown, more) if more > 0 else shown


def review(orders: Scored, say: Say) -> ExtraSheet:
    """Orders that wait for a decision, or whose decision is not complete; the gravest on top."""
    note = (
        "Orders on HOLD or STOP, or rated HIGH, CRITICAL or UNRATED. "
        "Decide on Transactions, in the green columns; hrdd never decides."
    )
    head = _head("Review", note, say)
    texts = (
        "Transaction ID",
        "HRDD rating",
        "Disposition",
        "What is missing",
        "Decision now",
        "Why this rating",
        "Ask first",
    )
    head.append([say(text) for text in texts])
    rows, widths = list(_waiting(orders, say)), (18, 12, 14, 26, 22, 70, 40)
    return ExtraSheet(
        name=say(layout.REVIEW_SHEET),
        rows=[*head, *rows],
        widths=widths,
        header_row=HEADER_ROW,
        families={2: "rating", 3: "disposition"},
        filtered=True,
        tab=palette.BAND_STYLES["review"].fill,
        heights=heights(rows, widths, 20),
        frozen=1,
        optional=True,
    )


def _waiting(orders: Scored, say: Say) -> Iterator[list[Any]]:
    name, said = layout.COLUMN_NAME_PREFIX, orders.said
    for at in orders.ranked:
        rating, disposition = said["rating"][at], said["disposition"][at]
        missing = _missing(orders, at, say) if rating in _GRAVE or disposition in _HELD else ""
        if missing:
            id_ = orders.ids[at]
            wanted = str(id_) if isinstance(id_, int | float) else '"' + str(id_).replace('"', '""') + '"'
            now = f'IFERROR(INDEX({name}decision,MATCH({wanted},{name}transaction_id,0))&"","")'
            words = [Shown(said["why"][at], "line"), Shown(asked_in(said["ask_first"][at], say), "line")]
            state = [Shown(rating, "word"), Shown(disposition, "word"), Shown(missing, "line")]
            yield [orders.link(at), *state, Formula(now, "", "line"), *words]


def _missing(orders: Scored, at: int, say: Say) -> str:
    """What a decision still lacks, in the words of the problems that scoring reports; empty when it is complete."""
    if orders.decisions[at] is None:
        return say("a decision")
    problems = orders.said["problems"][at].split("; ")
    return ", ".join(say(header) for header in _REVIEW if any(problem.startswith(header) for problem in problems))


def about(catalogue: Catalogue, say: Say) -> ExtraSheet:
    """Each red flag in plain words, and how well its text is confirmed."""
    note = "In our own words. Red flags are circumstances to look into; none of them is a finding about anybody."
    head = _head("About the flags", note, say)
    texts = ("Id", "Red flag", "What it finds", "Step", "Where it stands", "Verified")
    head.append([say(text) for text in texts])
    rows = [[Shown(text, "line") for text in _about(rule, say)] for rule in catalogue.red_flags]
    widths = (16, 44, 80, 7, 52, 10)
    return ExtraSheet(
        name=say(layout.FLAGS_SHEET),
        rows=[*head, *rows],
        widths=widths,
        header_row=HEADER_ROW,
        tab=_TAB,
        heights=heights(rows, widths, 20),
        optional=True,
    )


def _about(rule: Any, say: Say) -> tuple[str, ...]:
    confirmed = say("yes") if rule.verified else say("no")
    return (rule.id, rule.title, rule.paraphrase, str(rule.step), provenance_sentence(rule), confirmed)
