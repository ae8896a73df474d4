"""The same rules in plain Python, one row at a time: what a team would write without vectors.

Takes the typed facts of one row (`prepared.facts_of`) and answers class, disposition, interval and flags. Policy
and rule texts come from hrdd's own files, so that only the way of computing differs. Answers are True, False or
None for unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from prepared import Answers, Facts

from hrdd.method.levels import CHANNELS, DISPOSITIONS, SEVERITY, Levels, load_levels
from hrdd.packs import Catalogue, Expression, Rule, load_catalogue
from hrdd.packs.logic import AllOf, AnyOf, Not, Signal
from hrdd.signals import BY_ID
from hrdd.signals.end_user import CIVIL, GOVERNMENT, PERHAPS_GOVERNMENT, SECURITY, STATE_TELECOM

Answer = bool | None
Signals = Mapping[str, Answer]
_CONDITIONS, _HOLD, _STOP = (DISPOSITIONS.index(name) for name in ("CONDITIONS", "HOLD", "STOP"))
_SELLS_ON = frozenset({"Distributor", "Reseller", "Integrator", "Agent"})
_NOTICES = frozenset({"Red-flag letter", "Supplier-list letter", "Request to pause the shipment"})
_SERVICES = frozenset({"Technical assistance", "Support or service"})


def either(*answers: Answer) -> Answer:
    """Kleene's or."""
    return True if True in answers else None if None in answers else False


def both(*answers: Answer) -> Answer:
    """Kleene's and."""
    return False if False in answers else None if None in answers else True


def opposite(answer: Answer) -> Answer:
    return None if answer is None else not answer


def one_of(value: str | None, wanted: Collection[str]) -> Answer:
    return None if value is None else value in wanted


def below(value: float | None, limit: float) -> Answer:
    return None if value is None else value < limit


def answered(row: Facts, key: str, otherwise: Answer) -> Answer:
    """The cell's own answer; where it is blank, what the data say; where it says UNKNOWN, unknown."""
    own: Answer = row[key]
    return own if own is not None or key in row["doubt"] else otherwise


def blank_is_no(row: Facts, key: str, answer: Answer) -> Answer:
    return False if row[key] is None and key not in row["doubt"] else answer


def capabilities(row: Facts) -> dict[str, Answer]:
    limited = row["limited_use"]
    unlimited = opposite(limited)
    covert, censor = row["carries_P_COVERT"], row["carries_P_CENSOR"]
    mass, bioid, locate = (both(row[f"carries_P_{name}"], unlimited) for name in ("MASS", "BIOID", "LOCATE"))
    serviced = one_of(row["transaction_type"], _SERVICES)
    return {
        "P-COVERT": either(covert, answered(row, "q_covert_operation", covert)),
        "P-MASS": either(mass, answered(row, "q_population_scale", mass)),
        "P-MINORITY": either(row["words_minority"] is True, row["q_group_profiling"]),
        "P-CENSOR": either(censor, answered(row, "q_blocks_traffic", censor)),
        "P-BIOID": either(bioid, answered(row, "q_identifies_people", bioid)),
        "P-LOCATE": either(locate, answered(row, "q_locates_people", locate)),
        "P-EXTRACT": row["carries_P_EXTRACT"],
        "P-LI": row["carries_P_LI"],
        "P-COMPONENT": either(
            row["carries_P_COMPONENT"], blank_is_no(row, "q_known_misused_system", row["q_known_misused_system"])
        ),
        "P-CYBERTEST": row["carries_P_CYBERTEST"],
        "P-NETMGMT": either(row["carries_P_NETMGMT"], both(row["carries_P_MASS"], limited)),
        "P-BIOID-1TO1": both(row["carries_P_BIOID"], limited),
        "P-LOWINTR": either(row["carries_P_LOWINTR"], both(row["carries_P_LOCATE"], limited)),
        "P-MISUSED": either(row["misuse_reported"] is True, row["q_similar_misused"]),
        "P-SYSTEM": row["q_known_misused_system"],
        "P-MARKETED": either(row["q_covert_marketing"], row["words_covert"] is True),
        "P-CUSTOM": either(row["q_customised"], blank_is_no(row, "transaction_type", serviced)),
    }


def places(row: Facts, levels: Levels) -> dict[str, Answer]:
    at_war = row["at_war"]
    return {
        "C-REGION": row["in_abuse_region"],
        "C-EMBARGO": row["embargoed"],
        "C-HRPOOR": one_of(row["record"], {"poor"}),
        "C-HRMIXED": one_of(row["record"], {"mixed"}),
        "C-NOLAW": answered(row, "q_law_lacks_safeguards", row["law_restrains_nobody"]),
        "C-UNREST": either(answered(row, "q_area_conflict", at_war), at_war),
        "C-WEAKLAW": below(row["rule_of_law"], levels.threshold("weak_rule_of_law")),
        "C-CIVIC": below(row["civil_society"], levels.threshold("civic_space")),
        "C-EXPRESSION": below(row["freedom_expression"], levels.threshold("expression")),
        "C-AUTOCRACY": below(row["regime"], 2),
        "C-SPYWARE": row["spyware_reported"],
    }


def parties(row: Facts, levels: Levels) -> dict[str, Answer]:
    screened, on_table, resembles = row["screening_result"], row["vendor_listed"], row["name_resembles"]
    unscreened = screened is None or screened == "Not screened"
    majority = opposite(below(row["listed_share"], levels.threshold("majority_share")))
    owned = both(row["owner_listed"], majority)
    in_force = both(row["affiliates_rule"], row["us_nexus"])
    no_good_record = opposite(one_of(row["record"], {"good"}))
    letter = one_of(row["government_notice"], {"Red-flag letter"})
    return {
        "E-LISTED": None
        if (unscreened or screened == "Possible match") and not on_table
        else screened == "Confirmed match" or on_table,
        "E-NAMEHIT": None if unscreened and not resembles else screened == "Possible match" or resembles,
        "E-ABUSER": row["q_agency_misuse"],
        "E-OWNED50": both(owned, in_force),
        "E-OWNED50-SUSP": both(owned, in_force is not True),
        "E-OWNED-MIN": both(row["owner_listed"], opposite(majority)),
        "E-REEXPORTS": either(row["q_reexports"], blank_is_no(row, "government_notice", letter)),
        "E-TIES": both(row["q_government_ties"], no_good_record),
        "E-STATETELCO": both(one_of(row["type"], STATE_TELECOM), no_good_record),
        "E-UNKNOWN": either(row["end_user"] is None, opposite(row["q_end_user_verified"])),
        "E-NEWCO": row["q_no_background"],
        "E-IAAS": row["q_hidden_remote_user"],
        "E-SECURITY": either(one_of(row["type"], SECURITY), row["words_security"]),
    }


def uses(row: Facts) -> dict[str, Answer]:
    vague = row["words_vague"]
    return {
        "U-REPRESS": row["q_repressive_use"],
        "U-INCONSIST": row["q_end_use_inconsistent"],
        "U-VAGUE": either(answered(row, "q_end_use_vague", vague), vague),
        "P-MISFIT": row["q_product_misfit"],
        "U-NOSAFEG": row["q_no_safeguards"],
        "U-NATSEC": row["words_national_security"],
    }


def in_chain(row: Facts) -> Answer:
    keys = ("intermediary", "intermediary_role", "intermediary_country")
    if any(row[key] is not None for key in keys):
        return True
    return None if any(key in row["doubt"] for key in keys) else False


def forwarder(row: Facts) -> Answer:
    """A logistics firm by its name alone that states a use of its own is a question, not an answer."""
    if row["words_forwarder"] and row["words_vague"] is False:
        return None
    return either(one_of(row["type"], {"Freight forwarder"}), row["words_forwarder"])


def trades(row: Facts) -> dict[str, Answer]:
    chain, licence, notice = in_chain(row), row["licence_status"], row["government_notice"]
    return {
        "I-FALSEDOC": row["q_false_documents"],
        "I-SHELL": row["q_opaque_chain"],
        "I-FORWARDER": forwarder(row),
        "I-HUB": both(chain, either(row["intermediary_in_hub"], row["destination_is_hub"])),
        "I-RESELLER": both(chain, one_of(row["intermediary_role"], _SELLS_ON)),
        "I-ROUTE": row["q_odd_route"],
        "T-TIMING": row["q_order_timing"],
        "T-NDA": row["q_secrecy"],
        "T-CASH": row["q_unusual_payment"],
        "T-DECLINE": row["q_declines_installation"],
        "X-CONFLICT": row["q_conflicting_data"],
        "L-NOLICENCE": one_of(licence, {"Required and not held", "Refused"}),
        "L-PENDING": one_of(licence, {"Applied for"}),
        "L-DENIED": one_of(licence, {"Refused", "Refused by another authority"}),
        "L-INFORMED": one_of(notice, {"Is-informed letter"}),
        "L-NOTICE": one_of(notice, _NOTICES),
    }


@dataclass
class State:
    """What is taken to be true of the row: the level of each axis, and which gates are shut."""

    levels: dict[str, int]
    hold: bool
    stop: bool
    conditions: bool


@dataclass
class Doubts:
    """What the open questions of the row may hide: axis, level, whether it may hold the row, and always counts."""

    found: list[tuple[str, int, bool, bool]] = field(default_factory=list)

    def add(self, is_open: Answer, axis: str, level: int, *, hold: bool = False, always: bool = False) -> None:
        if is_open:
            self.found.append((axis, level, hold, always))


class RowByRow:
    """Rates rows one at a time by the shipped policy and packs."""

    def __init__(self, levels: Levels | None = None, catalogue: Catalogue | None = None) -> None:
        self.levels = levels or load_levels()
        self.packs = (catalogue or load_catalogue()).packs
        self.table = self.levels.table.tolist()
        self.gated = {*self.levels.gates["STOP"], *self.levels.gates["HOLD"]}
        self.read_by: dict[str, list[tuple[str, str, int]]] = {}
        for axis, of_axis in self.levels.axes.items():
            for name, level in of_axis.items():
                for key in BY_ID[name].reads:
                    self.read_by.setdefault(key, []).append((axis, name, level))

    def rate(self, row: Facts) -> Answers:
        """Everything that is asked of one row."""
        levels = self.levels
        signals = {**capabilities(row), **places(row, levels), **parties(row, levels), **uses(row), **trades(row)}
        best = self._known(signals)
        worst = self._feared(best, self._doubts(row, signals, best.levels[SEVERITY]))
        low = self._judge(best)[2]
        class_, disposition, high = self._judge(worst)
        if high - low >= levels.unrated_span:
            disposition = max(disposition, _HOLD)
            high = max(high, levels.floors[disposition])
        scope = self._in_scope(row)
        return {
            "class": levels.classes[class_],
            "disposition": DISPOSITIONS[disposition],
            "low": levels.classes[low],
            "high": levels.classes[high],
            "flags": {
                rule.id: _flag(rule, signals, scope if pack.scope == "guidance" else True)
                for pack in self.packs
                for rule in pack.flags
            },
        }

    def _known(self, signals: Signals) -> State:
        tops = {
            axis: max((level for name, level in of_axis.items() if signals[name]), default=0)
            for axis, of_axis in self.levels.axes.items()
        }
        stop, hold, conditions = (
            any(signals[name] for name in self.levels.gates[gate]) for gate in ("STOP", "HOLD", "CONDITIONS")
        )
        return State(tops, hold, stop, conditions)

    def _feared(self, best: State, doubts: Doubts) -> State:
        tops, hold = dict(best.levels), best.hold
        for axis, level, _, _ in doubts.found:
            if axis == SEVERITY and level > tops[axis]:
                tops[axis] = level
        grave = tops[SEVERITY] >= self.levels.proportionate
        for axis, level, holds, always in doubts.found:
            if axis != SEVERITY and (grave or always):
                tops[axis] = max(tops[axis], level)
                hold = hold or holds
        return State(tops, hold, best.stop, best.conditions)

    def _judge(self, state: State) -> tuple[int, int, int]:
        """Class, disposition and overall."""
        levels, severity = self.levels, state.levels[SEVERITY]
        channels = [state.levels[channel] for channel in CHANNELS]
        highest = max(channels)
        others = sum(level >= levels.bump_level for level in channels) - (highest >= levels.bump_level)
        class_ = self.table[severity][min(highest + (others >= levels.bump_channels), 4)]
        disposition = 0
        if state.conditions or severity >= levels.condition_severity or class_ in levels.condition_classes:
            disposition = _CONDITIONS
        if state.hold or class_ in levels.hold_classes:
            disposition = _HOLD
        if state.stop:
            disposition = _STOP
        return class_, disposition, max(class_, levels.floors[disposition])

    def _by_record(self, question: str, row: Facts) -> int:
        return self.levels.blanks[question][row["record"] or "poor"]

    def _doubts(self, row: Facts, signals: Signals, severity: int) -> Doubts:
        doubts, blanks = Doubts(), self.levels.blanks
        doubts.add(row["category"] is None, SEVERITY, blanks["product"]["hinted" if row["words_hint"] else "severity"])
        doubts.add(row["choice_belied"] or row["use_is_graver"], SEVERITY, blanks["product"]["severity"])
        self._doubts_of_place(doubts, row, signals)
        self._doubts_of_end_user(doubts, row, signals, severity)
        for key in row["feared"]:
            for axis, name, level in self.read_by.get(key, ()):
                hold, always = name in self.gated, key in row["always"]
                doubts.add(signals[name] is None, axis, level, hold=hold, always=always)
        return doubts

    def _doubts_of_place(self, doubts: Doubts, row: Facts, signals: Signals) -> None:
        blanks, country = self.levels.blanks, row["destination_country"]
        doubts.add(row["record"] is None, "COUNTRY", blanks["destination_country"]["level"])
        region_open = signals["C-REGION"] is None and country is not None
        doubts.add(region_open, "COUNTRY", blanks["destination_region"]["level"], hold=True)
        hangs = row["embargo_hangs"] or row["embargo_hangs_on_exporter"]
        doubts.add(hangs, "COUNTRY", blanks["us_content"]["level"], hold=True, always=True)
        elsewhere = row["embargoed_named"]
        doubts.add(elsewhere, "COUNTRY", blanks["destination_country"]["level"], hold=True, always=True)
        undated = "as_of_date" in row["doubt"]
        doubts.add(undated, "COUNTRY", blanks["as_of_date"]["level"], hold=True, always=True)
        open_by_country = {
            "E-TIES": row["q_government_ties"] is True,
            "E-STATETELCO": row["type"] is not None,
            "I-HUB": country is None,
        }
        for axis, of_axis in self.levels.axes.items():
            for name, rest in open_by_country.items():
                if name in of_axis:
                    doubts.add(rest and signals[name] is None, axis, of_axis[name])

    def _doubts_of_end_user(self, doubts: Doubts, row: Facts, signals: Signals, severity: int) -> None:
        blanks, kind, record = self.levels.blanks, row["type"], row["record"]
        axis, named = "END USER", row["end_user"] is not None
        doubts.add(not named, axis, blanks["end_user"]["level"])
        lenient = self._lenient(row, signals, severity)
        verify = self.levels.civil_level if lenient else self._by_record("q_end_user_verified", row)
        doubts.add(named and signals["E-UNKNOWN"] is None, axis, verify, hold=not lenient)
        doubts.add(named and kind is None, axis, self._by_record("end_user_type", row))
        abuse_open = signals["E-ABUSER"] is None and signals["E-SECURITY"] is True
        doubts.add(abuse_open, axis, self._by_record("q_agency_misuse", row))
        ties_open = signals["E-TIES"] is None and row["q_government_ties"] is None and record in (None, "poor")
        private = kind is not None and kind not in GOVERNMENT
        doubts.add(ties_open and private, axis, blanks["q_government_ties"]["level"])
        remote = signals["E-IAAS"] is None and kind == "Cloud or compute reseller"
        doubts.add(remote, axis, blanks["q_hidden_remote_user"]["level"], hold=True)
        unscreened = signals["E-LISTED"] is None and signals["E-NAMEHIT"] is not True
        doubts.add(unscreened, axis, self._by_record("screening_result", row), hold=record != "good")
        share_open = row["owner_listed"] is True and row["listed_share"] is None
        doubts.add(share_open, axis, blanks["owner_share"]["level"], hold=True)
        unsaid = row["end_use"] is None and signals["U-VAGUE"] is not True
        doubts.add(unsaid, "USE", self._by_record("end_use", row))

    def _lenient(self, row: Facts, signals: Signals, severity: int) -> bool:
        """A named civil end user in a good-record country, below the severity where even that is not enough."""
        hinted = row["category"] is None and row["words_hint"]
        civil = row["type"] in CIVIL and signals["E-SECURITY"] is not True and not hinted
        return civil and row["record"] == "good" and severity < self.levels.civil_below_severity

    def _in_scope(self, row: Facts) -> Answer:
        kind, ties = row["type"], row["q_government_ties"]
        government = either(one_of(kind, GOVERNMENT), row["words_security"])
        if government is not True and kind in PERHAPS_GOVERNMENT:
            government = None
        if ties is None and row["record"] in ("good", "mixed") and "q_government_ties" not in row["doubt"]:
            ties = False
        return both(opposite(one_of(row["category"], {"general_it"})), either(government, ties))


def ask(expression: Expression, signals: Signals) -> Answer:
    """Answer a rule's question for one row."""
    match expression:
        case Signal(id=name):
            return signals[name]
        case Not(of=inner):
            return opposite(ask(inner, signals))
        case AnyOf(parts=parts):
            return either(*[ask(part, signals) for part in parts])
        case AllOf(parts=parts):
            return both(*[ask(part, signals) for part in parts])


def _flag(rule: Rule, signals: Signals, scope: Answer) -> str:
    applies = scope if rule.applies_when is None else both(scope, ask(rule.applies_when, signals))
    if applies is False:
        return "N/A"
    yes = None if rule.yes_when is None else ask(rule.yes_when, signals)
    if yes:
        return "YES" if applies else "UNKNOWN"
    if rule.never_no or (rule.no_when is None and rule.yes_when is None):
        return "UNKNOWN"
    ruled_out = yes is False or rule.yes_when is None
    if ruled_out and (rule.no_when is None or ask(rule.no_when, signals) is True):
        return "NO"
    return "UNKNOWN"
