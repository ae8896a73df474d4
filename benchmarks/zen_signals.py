"""The canonical signals as expressions of zen-engine over typed facts.

zen's expressions know no third truth value, so every answer is a pair of expressions: where it is known to be
true, and where known to be false; the same trick that hrdd plays with masks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from hrdd.method.levels import Levels
from hrdd.signals.end_user import SECURITY, STATE_TELECOM


class Pair(NamedTuple):
    """An answer as two expressions: where it is known to be true, and where known to be false."""

    yes: str
    no: str


def fact(name: str) -> Pair:
    return Pair(f"bool({name})", f"{name} == false")  # bool(null) is false


def either(*pairs: Pair) -> Pair:
    return Pair(any_of(pair.yes for pair in pairs), all_of(pair.no for pair in pairs))


def both(*pairs: Pair) -> Pair:
    return Pair(all_of(pair.yes for pair in pairs), any_of(pair.no for pair in pairs))


def opposite(pair: Pair) -> Pair:
    return Pair(pair.no, pair.yes)


def any_of(parts: Iterable[str]) -> str:
    return f"({' or '.join(parts)})"


def all_of(parts: Iterable[str]) -> str:
    return f"({' and '.join(parts)})"


def surely(yes: str) -> Pair:
    """What is never unknown."""
    return Pair(f"({yes})", f"not({yes})")


def one_of(name: str, wanted: Collection[str]) -> Pair:
    words = json.dumps(sorted(wanted))
    return Pair(f"({name} in {words})", f"({name} != null and {name} not in {words})")


def below(name: str, limit: float) -> Pair:
    return Pair(f"({name} != null and {name} < {limit})", f"({name} != null and {name} >= {limit})")


def answered(name: str, otherwise: Pair) -> Pair:
    left_open = f"({name} == null and doubt.{name} != true)"
    return Pair(
        f"({name} == true or ({left_open} and {otherwise.yes}))",
        f"({name} == false or ({left_open} and {otherwise.no}))",
    )


def blank_is_no(name: str, pair: Pair) -> Pair:
    return Pair(pair.yes, f"({pair.no} or ({name} == null and doubt.{name} != true))")


def known_unless(unknown: str, pair: Pair) -> Pair:
    return Pair(f"(not({unknown}) and {pair.yes})", f"(not({unknown}) and {pair.no})")


def _capabilities() -> dict[str, Pair]:
    limited = fact("limited_use")
    covert, censor = fact("carries_P_COVERT"), fact("carries_P_CENSOR")
    mass, bioid, locate = (both(fact(f"carries_P_{name}"), opposite(limited)) for name in ("MASS", "BIOID", "LOCATE"))
    serviced = one_of("transaction_type", ("Technical assistance", "Support or service"))
    known_system = "q_known_misused_system"
    return {
        "P-COVERT": either(covert, answered("q_covert_operation", covert)),
        "P-MASS": either(mass, answered("q_population_scale", mass)),
        "P-MINORITY": either(surely("words_minority == true"), fact("q_group_profiling")),
        "P-CENSOR": either(censor, answered("q_blocks_traffic", censor)),
        "P-BIOID": either(bioid, answered("q_identifies_people", bioid)),
        "P-LOCATE": either(locate, answered("q_locates_people", locate)),
        "P-EXTRACT": fact("carries_P_EXTRACT"),
        "P-LI": fact("carries_P_LI"),
        "P-COMPONENT": either(fact("carries_P_COMPONENT"), blank_is_no(known_system, fact(known_system))),
        "P-CYBERTEST": fact("carries_P_CYBERTEST"),
        "P-NETMGMT": either(fact("carries_P_NETMGMT"), both(fact("carries_P_MASS"), limited)),
        "P-BIOID-1TO1": both(fact("carries_P_BIOID"), limited),
        "P-LOWINTR": either(fact("carries_P_LOWINTR"), both(fact("carries_P_LOCATE"), limited)),
        "P-MISUSED": either(surely("misuse_reported == true"), fact("q_similar_misused")),
        "P-SYSTEM": fact("q_known_misused_system"),
        "P-MARKETED": either(fact("q_covert_marketing"), surely("words_covert == true")),
        "P-CUSTOM": either(fact("q_customised"), blank_is_no("transaction_type", serviced)),
    }


def _places(levels: Levels) -> dict[str, Pair]:
    at_war = fact("at_war")
    return {
        "C-REGION": fact("in_abuse_region"),
        "C-EMBARGO": fact("embargoed"),
        "C-HRPOOR": one_of("record", ("poor",)),
        "C-HRMIXED": one_of("record", ("mixed",)),
        "C-NOLAW": answered("q_law_lacks_safeguards", fact("law_restrains_nobody")),
        "C-UNREST": either(answered("q_area_conflict", at_war), at_war),
        "C-WEAKLAW": below("rule_of_law", levels.threshold("weak_rule_of_law")),
        "C-CIVIC": below("civil_society", levels.threshold("civic_space")),
        "C-EXPRESSION": below("freedom_expression", levels.threshold("expression")),
        "C-AUTOCRACY": below("regime", 2),
        "C-SPYWARE": fact("spyware_reported"),
    }


def _listed() -> dict[str, Pair]:
    """Lists: not screened is unknown, unless a table or a name says more."""
    unscreened = "(screening_result == null or screening_result == 'Not screened')"
    possible = "screening_result == 'Possible match'"
    on_list = surely("screening_result == 'Confirmed match' or vendor_listed")
    near = surely(f"{possible} or name_resembles")
    return {
        "E-LISTED": known_unless(f"(({unscreened} or {possible}) and not(vendor_listed))", on_list),
        "E-NAMEHIT": known_unless(f"({unscreened} and not(name_resembles))", near),
    }


def _parties(levels: Levels) -> dict[str, Pair]:
    minority = below("listed_share", levels.threshold("majority_share"))
    owned = both(fact("owner_listed"), opposite(minority))
    in_force = both(fact("affiliates_rule"), fact("us_nexus"))
    no_good_record = opposite(one_of("record", ("good",)))
    letter = one_of("government_notice", ("Red-flag letter",))
    return _listed() | {
        "E-ABUSER": fact("q_agency_misuse"),
        "E-OWNED50": both(owned, in_force),
        "E-OWNED50-SUSP": both(owned, opposite(surely(in_force.yes))),
        "E-OWNED-MIN": both(fact("owner_listed"), minority),
        "E-REEXPORTS": either(fact("q_reexports"), blank_is_no("government_notice", letter)),
        "E-TIES": both(fact("q_government_ties"), no_good_record),
        "E-STATETELCO": both(one_of("type", STATE_TELECOM), no_good_record),
        "E-UNKNOWN": either(surely("end_user == null"), opposite(fact("q_end_user_verified"))),
        "E-NEWCO": fact("q_no_background"),
        "E-IAAS": fact("q_hidden_remote_user"),
        "E-SECURITY": either(one_of("type", SECURITY), fact("words_security")),
    }


def _uses() -> dict[str, Pair]:
    vague = fact("words_vague")
    return {
        "U-REPRESS": fact("q_repressive_use"),
        "U-INCONSIST": fact("q_end_use_inconsistent"),
        "U-VAGUE": either(answered("q_end_use_vague", vague), vague),
        "P-MISFIT": fact("q_product_misfit"),
        "U-NOSAFEG": fact("q_no_safeguards"),
        "U-NATSEC": fact("words_national_security"),
    }


def _trades() -> dict[str, Pair]:
    keys = ("intermediary", "intermediary_role", "intermediary_country")
    blank = all_of(f"{key} == null" for key in keys)
    chain = Pair(f"not({blank})", f"({blank} and not({any_of(f'doubt.{key} == true' for key in keys)}))")
    plain = {
        "I-FALSEDOC": "false_documents", "I-SHELL": "opaque_chain", "I-ROUTE": "odd_route", "T-TIMING": "order_timing",
        "T-NDA": "secrecy", "T-CASH": "unusual_payment", "T-DECLINE": "declines_installation",
        "X-CONFLICT": "conflicting_data",
    }  # fmt: skip
    forwarder = either(one_of("type", ("Freight forwarder",)), fact("words_forwarder"))
    return {name: fact(f"q_{key}") for name, key in plain.items()} | {
        "I-FORWARDER": known_unless("words_forwarder == true and words_vague == false", forwarder),
        "I-HUB": both(chain, either(fact("intermediary_in_hub"), fact("destination_is_hub"))),
        "I-RESELLER": both(chain, one_of("intermediary_role", ("Distributor", "Reseller", "Integrator", "Agent"))),
    }


def _licences() -> dict[str, Pair]:
    notices = ("Red-flag letter", "Supplier-list letter", "Request to pause the shipment")
    return {
        "L-NOLICENCE": one_of("licence_status", ("Required and not held", "Refused")),
        "L-PENDING": one_of("licence_status", ("Applied for",)),
        "L-DENIED": one_of("licence_status", ("Refused", "Refused by another authority")),
        "L-INFORMED": one_of("government_notice", ("Is-informed letter",)),
        "L-NOTICE": one_of("government_notice", notices),
    }


def signals_of(levels: Levels) -> dict[str, Pair]:
    """Every signal that moves a rating or a flag, by id."""
    return _capabilities() | _places(levels) | _parties(levels) | _uses() | _trades() | _licences()
