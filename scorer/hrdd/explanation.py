"""One row in words: what was found and who said so, which rules it answers, what is open, what to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from hrdd.columns import CATEGORY_BY_ID, INPUT_BY_KEY
from hrdd.entries import entries
from hrdd.intake import Intake
from hrdd.packs.schema import NOT_VERIFIED, PROVENANCE_WORDS, Rule
from hrdd.reference import Passport
from hrdd.reference.country_years import GROUPS
from hrdd.results import Scores
from hrdd.sentences import STATE_OF, asked_for, said
from hrdd.signals import SIGNALS, Signal
from hrdd.signals.grades import GRADES, Grades, signal_grades
from hrdd.sources import FIGURES

Where = Callable[[str], str]

_RESEMBLES = "resembles "
_WORDS = {
    "product_category": "words_product",
    "end_user_type": "words_end_user",
}


@dataclass(frozen=True)
class Section:
    """A heading with its lines, as every door prints it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """The rating of one row in words, section by section."""

    transaction_id: str | None
    headline: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The whole as plain text."""
        sections = ["\n".join([section.title, *(f"  {line}" for line in section.lines)]) for section in self.sections]
        return "\n\n".join([self.headline, *sections]) + "\n"


def explain(scores: Scores, row: int, where: Where | None = None) -> Explanation:
    """Explain the row at a 0-based position; `where` turns a column key into the place of its cell."""
    teller = _Teller(scores, row, where or (lambda key: INPUT_BY_KEY[key].header))
    sections = [
        Section("Why", tuple(teller.why())),
        Section("What was found", tuple(teller.found())),
        Section("Red flags it answers", tuple(teller.flags())),
        Section("What is unknown", tuple(teller.unknown())),
        Section("What to ask first", tuple(teller.cell("ask_first"))),
        Section("What would lower it", tuple(teller.cell("lowered_by"))),
        Section("What to do", tuple(teller.todos())),
        Section("Problems in the row", tuple(teller.cell("problems"))),
        Section("Where the rules come from", tuple(teller.provenance())),
        Section("What decided", tuple(teller.decided())),
    ]
    return Explanation(teller.id, teller.headline(), tuple(s for s in sections if s.lines))


@dataclass(frozen=True)
class _Teller:
    scores: Scores
    row: int
    where: Where

    def fact(self, key: str) -> Any:
        return self.scores.trace.rows[key].iloc[self.row]

    @property
    def _taken(self) -> Intake:
        return self.scores.trace.taken

    def cell(self, key: str) -> list[str]:
        text = str(self.scores.columns[key].iloc[self.row])
        return [text] if text else []

    @property
    def id(self) -> str | None:
        found = self.fact("transaction_id")
        return None if pd.isna(found) else str(found)

    def headline(self) -> str:
        row = self.scores.columns.iloc[self.row]
        name = self.id or f"{self.where('transaction_id')} (no id)"
        span = ""
        if row.rating_best != row.rating_worst:
            span = f", {row.rating_best} at best, {row.rating_worst} at worst"
        return f"{name}: {row.rating} - {row.disposition}{span}. This rating is hrdd's own scheme, not the guidance's."

    def why(self) -> Iterator[str]:
        yield from self.cell("why")
        yield from self.cell("advice")
        if self.fact("category_inferred") and not pd.isna(self.fact("category")):
            words = f' from the words "{self.fact("words_product")}"' if self.fact("words_product") else ""
            yield f"Product category, INFERRED{words}: {CATEGORY_BY_ID[self.fact('category')].label}."
        row = self.scores.columns.iloc[self.row]
        classes = self.scores.trace.levels.classes
        if classes.index(row.residual) < classes.index(row.inherent):
            yield f"Inherent class {row.inherent}; with verified safeguards {row.residual}."

    def found(self) -> Iterator[str]:
        for signal in SIGNALS:
            if self._is(signal.id, wanted=True):
                told = f"{self._said(signal.id)} [{signal.id}{self._axes(signal.id)}, {self._grade(signal.id)}]"
                yield f"{told}: {'; '.join(self._evidence(signal))}"

    def _said(self, signal: str) -> str:
        return said(signal, str(self.fact(STATE_OF[signal])) if signal in STATE_OF else "")

    def _is(self, signal: str, *, wanted: bool) -> bool:
        answer = self.scores.signals[signal].iloc[self.row]
        return not pd.isna(answer) and bool(answer) is wanted

    def _grade(self, signal: str) -> str:
        return GRADES[self._grades[signal][0]]

    @cached_property
    def _grades(self) -> dict[str, Grades]:
        answers = self.scores.signals.iloc[[self.row]].reset_index(drop=True)
        return signal_grades(self.scores.trace.rows.alone(self.row), {str(name): answers[name] for name in answers})

    def _axes(self, signal: str) -> str:
        axes = self.scores.trace.levels.axes
        found = [f"{axis} {levels[signal]}" for axis, levels in axes.items() if signal in levels]
        return ", " + ", ".join(found) if found else ", shown, not scored"

    def _evidence(self, signal: Signal) -> Iterator[str]:
        """Cells that speak for the signal, blank ones where none does, then words and data with their dates."""
        said = [key for key in signal.reads if not pd.isna(self._taken.cells[key].iloc[self.row])]
        yield from map(self._told, said or signal.reads)
        yield from self._read_from_words(signal, said)
        yield from self._data(signal)

    def _shown(self, key: str) -> str:
        value = self._taken.cells[key].iloc[self.row]
        if isinstance(value, pd.Timestamp):
            day = value.date().isoformat()
            return f"{day} (the day of scoring; the cell gives none)" if self._taken.undated[self.row] else day
        if key == "product_category":
            return f'"{CATEGORY_BY_ID[value].label}"'
        if INPUT_BY_KEY[key].kind == "country":
            return f"{self.scores.trace.reference.country_name(str(value))} ({value})"
        if str(value) in ("True", "False"):
            return "Yes" if value else "No"
        return f'"{value}"' if isinstance(value, str) else f"{value:g}"

    def _told(self, key: str) -> str:
        """A cell with what it says, or that it says nothing, or nothing that can be used."""
        if not pd.isna(self._taken.cells[key].iloc[self.row]):
            return f"{self.where(key)} = {self._shown(key)}"
        return f"{self.where(key)} {'gives no answer' if self._taken.doubtful(key)[self.row] else 'is blank'}"

    def _read_from_words(self, signal: Signal, said: Sequence[str]) -> Iterator[str]:
        for key, words in _WORDS.items():
            if key in signal.reads and key not in said and self.fact(words):
                read_as = self.fact("category" if key == "product_category" else "type")
                if not pd.isna(read_as):
                    label = CATEGORY_BY_ID[read_as].label if read_as in CATEGORY_BY_ID else read_as
                    yield f'INFERRED from the words "{self.fact(words)}": {label}'

    def _data(self, signal: Signal) -> Iterator[str]:
        """Figures with their year, the entries that decided with their sources, and whose data these are."""
        figures = self._figures(signal.id)
        for year, names in _by_year(figures).items():
            said = ", ".join(f"{name.replace('_', ' ')} {self.fact(name):g}" for name in names)
            yield f"data of {self.fact(year)}: {said}"
        cited = entries(self.scores.trace, self.row, signal.id)
        yield from (f"{_RESEMBLES if signal.id == 'E-NAMEHIT' else ''}{entry.citation}" for entry in cited)
        for passport in self._passports(figures, {entry.table for entry in cited}):
            yield f"{passport.publisher}, {passport.version}, {passport.date.isoformat()} [{passport.id}]"

    def _figures(self, signal: str) -> list[str]:
        """The figures of the first line that has any."""
        lines = ([name for name in line if not pd.isna(self.fact(name))] for line in FIGURES.get(signal, ()))
        return next(filter(None, lines), [])

    def _passports(self, figures: Sequence[str], tables: Collection[str]) -> Iterator[Passport]:
        for passport in self.scores.trace.reference.passports:
            if not set(figures).isdisjoint(passport.columns) or passport.file.removesuffix(".csv") in tables:
                yield passport

    def flags(self) -> Iterator[str]:
        for rule in self.scores.trace.catalogue.red_flags:
            if self.scores.flags[rule.id].iloc[self.row] == "YES":
                yield f"{rule.id} {rule.title} ({self._because(rule)}; {_origin(rule)})"

    def _because(self, rule: Rule) -> str:
        return "by " + ", ".join(name for name in rule.signals if self._is(name, wanted=True))

    def unknown(self) -> Iterator[str]:
        severity, levels = self.scores.trace.rating.worst.severity, self.scores.trace.levels
        for doubt in self.scores.trace.doubts:
            if doubt.level[self.row] and doubt.counts(severity, levels)[self.row]:
                place = self._told(doubt.question) if doubt.question in INPUT_BY_KEY else "counts as poor"
                yield f"{asked_for(doubt.question)}: {place}; at worst {doubt.axis} {doubt.level[self.row]}"
        flags = [rule.id for rule in self.scores.trace.catalogue.red_flags if self._flag_is(rule, "UNKNOWN")]
        if flags:
            yield f"red flags not answered: {', '.join(flags)}"
        if all(self._flag_is(rule, "N/A") for rule in self.scores.trace.catalogue.red_flags):
            yield "the guidance does not apply: it covers products in scope for a government or a party close to one"

    def provenance(self) -> Iterator[str]:
        """What the provenance codes of the row's rules mean."""
        rules = self.scores.trace.catalogue.by_id
        shown = {rule.provenance for rule in self.scores.trace.catalogue.red_flags if self._flag_is(rule, "YES")}
        shown |= {rules[name].provenance for name, mask in self.scores.trace.todos.items() if mask[self.row]}
        for code, words in PROVENANCE_WORDS.items():
            if code in shown:
                yield f"{code}: {words}"

    def _flag_is(self, rule: Rule, answer: str) -> bool:
        return bool(self.scores.flags[rule.id].iloc[self.row] == answer)

    def todos(self) -> Iterator[str]:
        for name, mask in self.scores.trace.todos.items():
            if mask[self.row]:
                rule = self.scores.trace.catalogue.by_id[name]
                yield f"{rule.todo} [{name}, {rule.provenance}]"

    def decided(self) -> Iterator[str]:
        yield f"{self.scores.versions.text}; verdict {self.scores.columns.verdict_id.iloc[self.row]}"
        yield f"judged at {self.fact('as_of_date').date().isoformat()}"
        levels = self.scores.trace.levels
        yield f"levels and thresholds: {levels.owner}, version {levels.version}; judgement, not law"


def _by_year(figures: Sequence[str]) -> dict[str, list[str]]:
    """Figures under the column of the year that they are from."""
    columns = {year: [name for name in figures if name in names] for year, names in GROUPS.items()}
    return {year: names for year, names in columns.items() if names}


def _origin(rule: Rule) -> str:
    """Where a rule comes from, and that it is not verified where it is not."""
    known = [rule.provenance, *rule.sources]
    return ", ".join(known if rule.verified else [*known, NOT_VERIFIED])
