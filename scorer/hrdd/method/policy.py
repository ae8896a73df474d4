"""The plausible worst of every open question. Policy, not 'everything bad': the numbers stand in levels.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hrdd.columns import INPUT_BY_KEY
from hrdd.method.levels import CHANNELS, SEVERITY, Levels
from hrdd.method.rating import NO_DATA, Doubt, Ints, Mask, top
from hrdd.signals import BY_ID
from hrdd.signals.end_user import CIVIL, GOVERNMENT
from hrdd.vocabulary import Rows, certainly, is_one_of

#: Questions in the order in which they are asked where two would settle a row equally well.
QUESTIONS = (
    "product",
    "product_category",
    "end_user",
    "as_of_date",
    "destination_country",
    "destination_region",
    "us_content",
    "exporter_country",
    "end_user_type",
    "q_agency_misuse",
    "q_end_user_verified",
    "screening_result",
    "owner_share",
    "end_use",
    "q_government_ties",
    "q_hidden_remote_user",
)


@dataclass(frozen=True)
class _Asked:
    """One run of the policy over rows: what is true, what is open."""

    rows: Rows
    true: Mapping[str, Mask]
    false: Mapping[str, Mask]
    levels: Levels

    def open(self, signal: str) -> Mask:
        return ~(self.true[signal] | self.false[signal])

    def says(self, key: str, wanted: set[str] | frozenset[str]) -> Mask:
        return certainly(is_one_of(self.rows[key], wanted)).to_numpy(dtype=bool)

    def says_so(self, fact: str) -> Mask:
        return np.asarray(certainly(self.rows[fact]).to_numpy(dtype=bool))

    def blank(self, key: str) -> Mask:
        return np.asarray(self.rows[key].isna().to_numpy(dtype=bool))

    def good(self) -> Mask:
        return self.says("record", {"good"})

    def poor(self) -> Mask:
        """A poor record; an unknown one counts as poor."""
        return self.says("record", {"poor"}) | self.blank("record")

    def by_record(self, question: str) -> Ints:
        """A question's level by the country's record; an unknown record counts as poor."""
        policy = self.levels.blanks[question]
        level = np.full(len(self.rows), policy["poor"], dtype=np.int8)
        level[self.says("record", {"mixed"})] = policy["mixed"]
        level[self.good()] = policy["good"]
        return level

    def doubt(self, question: str, axis: str, where: Mask, level: Any = None, *, hold: Any = False) -> Doubt:
        if level is None:
            level = self.levels.blanks[question]["level"]
        return Doubt(question, axis, (where * np.asarray(level)).astype(np.int8), where & hold)


def open_questions(rows: Rows, true: Mapping[str, Mask], false: Mapping[str, Mask], levels: Levels) -> list[Doubt]:
    """Every open question that is open on at least one row, decisive blanks before doubtful cells."""
    asked = _Asked(rows, true, false, levels)
    found = [*_product(asked), *_place(asked), *_end_user(asked), *_lists(asked), *_use(asked)]
    found.extend(_doubtful_cells(asked))
    return _merged([doubt for doubt in found if doubt.level.any()])


def rank(question: str) -> tuple[int, str]:
    """The place of a question among all: first those of QUESTIONS, then the rest by name."""
    return (QUESTIONS.index(question) if question in QUESTIONS else len(QUESTIONS), question)


def _merged(doubts: list[Doubt]) -> list[Doubt]:
    """One doubt per question and axis, at its worst; in an order that hangs on no other row."""
    merged: dict[tuple[str, str, bool], Doubt] = {}
    for doubt in doubts:
        key = (doubt.question, doubt.axis, doubt.always)
        known = merged.get(key)
        merged[key] = (
            doubt
            if known is None
            else replace(doubt, level=np.maximum(known.level, doubt.level), hold=known.hold | doubt.hold)
        )
    axes = (SEVERITY, *CHANNELS)
    return [merged[key] for key in sorted(merged, key=lambda key: (rank(key[0]), axes.index(key[1]), key[2]))]


def _product(asked: _Asked) -> Iterator[Doubt]:
    """An unknown product is as severe as policy says, more so where its words hint at surveillance."""
    policy, unknown = asked.levels.blanks["product"], asked.blank("category")
    hinted = asked.says_so("words_hint")
    level = np.where(hinted, policy["hinted"], policy["severity"])
    unnamed, misread = asked.blank("product"), asked.rows.was_misread("product_category")
    yield asked.doubt("product", SEVERITY, unknown & unnamed & ~misread, level)
    yield asked.doubt("product_category", SEVERITY, (unknown & ~unnamed) | misread, level)
    # A choice stands; that the product's own words name something graver, and not it, is a question all the same.
    yield asked.doubt("product_category", SEVERITY, asked.says_so("choice_belied"), policy["severity"])
    yield asked.doubt("product_category", SEVERITY, asked.says_so("use_is_graver"), policy["severity"])


def _place(asked: _Asked) -> Iterator[Doubt]:
    # The row stands at the day of scoring, and a rule or listing of its true day may stop it: it is held.
    undated = asked.doubt("as_of_date", "COUNTRY", asked.rows.doubtful("as_of_date"), hold=True)
    yield replace(undated, always=True)
    yield from _country(asked)
    yield asked.doubt(
        "destination_region",
        "COUNTRY",
        asked.open("C-REGION") & ~asked.blank("destination_country"),
        hold=True,
    )
    elsewhere = asked.says_so("embargoed_named")
    yield replace(asked.doubt("destination_country", "COUNTRY", elsewhere, hold=True), always=True)
    yield from _nexus(asked)


def _nexus(asked: _Asked) -> Iterator[Doubt]:
    """Where an embargo hangs on whose rules bind the row. It binds ordinary goods too: it counts at any severity."""
    exporter = asked.says_so("embargo_hangs_on_exporter")
    content, by_content = asked.blank("us_content"), asked.says_so("embargo_hangs")
    for question, where in (
        ("us_content", by_content & content),
        ("exporter_country", exporter | by_content & ~content),
    ):
        yield replace(asked.doubt(question, "COUNTRY", where, hold=True), always=True)


def _country(asked: _Asked) -> Iterator[Doubt]:
    """A country that is not known, or of which there are no data: its record, and what its record alone keeps open."""
    nowhere, level = asked.blank("destination_country"), asked.levels.blanks["destination_country"]["level"]
    rest = {
        "E-TIES": asked.says_so("q_government_ties"),
        "E-STATETELCO": ~asked.blank("type"),
        "I-HUB": nowhere,
    }
    for question, where in (("destination_country", nowhere), (NO_DATA, ~nowhere)):
        yield asked.doubt(question, "COUNTRY", where & asked.blank("record"), level)
        for axis, levels in asked.levels.axes.items():
            for signal in sorted(rest.keys() & levels.keys()):
                yield asked.doubt(question, axis, where & asked.open(signal) & rest[signal], levels[signal])


def _end_user(asked: _Asked) -> Iterator[Doubt]:
    unnamed, channel = asked.blank("end_user"), "END USER"
    yield asked.doubt("end_user", channel, unnamed)
    yield _verification(asked, ~unnamed)
    untyped = (~unnamed & asked.blank("type")) | asked.rows.was_misread("end_user_type")
    yield asked.doubt("end_user_type", channel, untyped, asked.by_record("end_user_type"))
    abuse_open = asked.open("E-ABUSER") & asked.true["E-SECURITY"]
    yield asked.doubt("q_agency_misuse", channel, abuse_open, asked.by_record("q_agency_misuse"))
    private = ~asked.blank("type") & ~asked.says("type", GOVERNMENT)
    ties_open = asked.open("E-TIES") & asked.blank("q_government_ties") & private & asked.poor()
    yield asked.doubt("q_government_ties", channel, ties_open)
    cloud = asked.says("type", {"Cloud or compute reseller"})
    yield asked.doubt("q_hidden_remote_user", channel, asked.open("E-IAAS") & cloud, hold=True)


def _lenient(asked: _Asked) -> Mask:
    """Named civil end users in a good-record country, below the severity where even that is not enough."""
    severity = top(asked.true, asked.levels.axes[SEVERITY], len(asked.rows))
    hinted = asked.blank("category") & asked.says_so("words_hint")
    civil: Mask = asked.says("type", CIVIL) & ~asked.true["E-SECURITY"] & ~hinted
    return asked.good() & civil & (severity < asked.levels.civil_below_severity)


def _verification(asked: _Asked, named: Mask) -> Doubt:
    lenient, question = _lenient(asked), "q_end_user_verified"
    level = np.where(lenient, asked.levels.civil_level, asked.by_record(question))
    return asked.doubt(question, "END USER", asked.open("E-UNKNOWN") & named, level, hold=~lenient)


def _lists(asked: _Asked) -> Iterator[Doubt]:
    unscreened = asked.open("E-LISTED") & ~asked.true["E-NAMEHIT"] & ~asked.rows.was_misread("screening_result")
    level = asked.by_record("screening_result")
    yield asked.doubt("screening_result", "END USER", unscreened, level, hold=~asked.good())
    share_open = asked.says_so("owner_listed") & asked.blank("listed_share")
    yield asked.doubt("owner_share", "END USER", share_open, hold=True)


def _use(asked: _Asked) -> Iterator[Doubt]:
    unsaid = asked.blank("end_use") & ~asked.true["U-VAGUE"]
    yield asked.doubt("end_use", "USE", unsaid, asked.by_record("end_use"))
    # Words of repression are no answer to the question, and no silence either: they count at any severity.
    stated = asked.says_so("words_repressive") & asked.blank("q_repressive_use")
    level = asked.levels.axes["USE"].get("U-REPRESS", 0)
    yield replace(asked.doubt("q_repressive_use", "USE", stated, level, hold=True), always=True)


#: Cells that shut gates: one that is filled in and cannot be read may be the word that stops the row.
GATE_CELLS = frozenset(
    {"destination_country", "screening_result", "licence_status", "government_notice", "q_repressive_use"}
)


def _doubtful_cells(asked: _Asked) -> Iterator[Doubt]:
    """A cell that says UNKNOWN, is a typo or unreadable counts as the worst that its signal could be.

    Where a blank is an open question already, or its words are only looked up, "Unknown" says no more than a blank.
    """
    gates = {name for gate in ("STOP", "HOLD") for name in asked.levels.gates[gate]}
    for axis in (SEVERITY, *CHANNELS):
        for signal, level in asked.levels.axes[axis].items():
            for key in BY_ID[signal].reads:
                open_, unread = asked.open(signal), asked.rows.was_misread(key)
                if unread.any():
                    misread = asked.doubt(key, axis, unread & open_, level, hold=signal in gates)
                    yield replace(misread, always=key in GATE_CELLS)
                if key not in QUESTIONS and INPUT_BY_KEY[key].kind != "text":
                    said = asked.rows.doubtful(key) & ~unread & open_
                    yield asked.doubt(key, axis, said, level, hold=signal in gates)
