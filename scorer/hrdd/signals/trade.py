"""How the goods and papers travel: the DIVERSION channel."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, is_blank, is_one_of

_CHAIN = ("intermediary", "intermediary_role", "intermediary_country")
_SELLS_ON = frozenset({"Distributor", "Reseller", "Integrator", "Agent"})


def _intermediary(rows: Rows) -> Answer:
    """Whether anybody stands in the chain: by name, role or country; unknown where a cell only says UNKNOWN."""
    doubtful = (
        rows.doubtful("intermediary") | rows.doubtful("intermediary_role") | rows.doubtful("intermediary_country")
    )
    direct = (
        is_blank(rows["intermediary"]) & is_blank(rows["intermediary_role"]) & is_blank(rows["intermediary_country"])
    )
    return ~direct.mask(direct.to_numpy(dtype=bool) & doubtful)


@signal("I-FALSEDOC", "documents are false or forged", ("q_false_documents",))
def false_documents(rows: Rows) -> Answer:
    """False or forged documents were found."""
    return rows["q_false_documents"]


@signal("I-SHELL", "the chain is opaque or a shell company", ("q_opaque_chain",))
def opaque_chain(rows: Rows) -> Answer:
    """A shell company or an opaque chain of companies stands between seller and user."""
    return rows["q_opaque_chain"]


@signal("I-FORWARDER", "a freight forwarder is named as end user", ("end_user_type", "end_user"))
def forwarder(rows: Rows) -> Answer:
    """A freight forwarder stands where the end user should."""
    return is_one_of(rows["type"], {"Freight forwarder"}) | rows["words_forwarder"]


@signal("I-HUB", "goods change hands in a transhipment hub", (*_CHAIN, "destination_country"), ("hubs",))
def hub(rows: Rows) -> Answer:
    """An intermediary sits in a transhipment hub, or serves one.

    Ordinary when: the hub is the buyer's own market. Does not see a diversion arranged after export.
    """
    return _intermediary(rows) & (rows["intermediary_in_hub"] | rows["destination_is_hub"])


@signal("I-RESELLER", "a reseller or agent stands in the chain", _CHAIN)
def reseller(rows: Rows) -> Answer:
    """A distributor, reseller, integrator or agent stands between the seller and the end user."""
    return _intermediary(rows) & is_one_of(rows["intermediary_role"], _SELLS_ON)


@signal("I-ROUTE", "route or delivery is odd", ("q_odd_route",))
def odd_route(rows: Rows) -> Answer:
    """The route or the delivery makes no sense for the destination."""
    return rows["q_odd_route"]


@signal("T-TIMING", "the order was timed to a new control", ("q_order_timing",))
def timing(rows: Rows) -> Answer:
    """The order came just before or after a control took effect."""
    return rows["q_order_timing"]


@signal("T-NDA", "unusual secrecy is demanded", ("q_secrecy",))
def secrecy(rows: Rows) -> Answer:
    """The customer demands unusual secrecy."""
    return rows["q_secrecy"]


@signal("T-CASH", "payment is unusual", ("q_unusual_payment",))
def unusual_payment(rows: Rows) -> Answer:
    """Payment terms are unusual, such as cash where credit is normal."""
    return rows["q_unusual_payment"]


@signal("T-DECLINE", "installation or training is declined", ("q_declines_installation",))
def declines_installation(rows: Rows) -> Answer:
    """The customer declines the installation, training or upkeep that such a product normally needs."""
    return rows["q_declines_installation"]


@signal("X-CONFLICT", "documents or data contradict each other", ("q_conflicting_data",))
def conflict(rows: Rows) -> Answer:
    """Documents contradict each other; the worse reading is used."""
    return rows["q_conflicting_data"]


SIGNALS = (
    false_documents, opaque_chain, forwarder, hub, reseller, odd_route, timing, secrecy,
    unusual_payment, declines_installation, conflict,
)  # fmt: skip
