"""How the goods and papers travel: the DIVERSION channel."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, certainly, is_blank, is_one_of

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


@signal("I-FALSEDOC")
def false_documents(rows: Rows) -> Answer:
    """False or forged documents were found."""
    return rows["q_false_documents"]


@signal("I-SHELL")
def opaque_chain(rows: Rows) -> Answer:
    """A shell company or an opaque chain of companies stands between seller and user."""
    return rows["q_opaque_chain"]


@signal("I-FORWARDER")
def forwarder(rows: Rows) -> Answer:
    """A freight forwarder stands where the end user should.

    A logistics firm by its name alone that states a use of its own is a question, not an answer.
    """
    own_use = certainly(rows["words_forwarder"]) & certainly(~rows["words_vague"])
    return (is_one_of(rows["type"], {"Freight forwarder"}) | rows["words_forwarder"]).mask(own_use.to_numpy(dtype=bool))


@signal("I-HUB")
def hub(rows: Rows) -> Answer:
    """An intermediary sits in a transhipment hub, or serves one.

    Ordinary when: the hub is the buyer's own market. Does not see a diversion arranged after export.
    """
    return _intermediary(rows) & (rows["intermediary_in_hub"] | rows["destination_is_hub"])


@signal("I-RESELLER")
def reseller(rows: Rows) -> Answer:
    """A distributor, reseller, integrator or agent stands between the seller and the end user."""
    return _intermediary(rows) & is_one_of(rows["intermediary_role"], _SELLS_ON)


@signal("I-ROUTE")
def odd_route(rows: Rows) -> Answer:
    """The route or the delivery makes no sense for the destination."""
    return rows["q_odd_route"]


@signal("T-TIMING")
def timing(rows: Rows) -> Answer:
    """The order came just before or after a control took effect."""
    return rows["q_order_timing"]


@signal("T-NDA")
def secrecy(rows: Rows) -> Answer:
    """The customer demands unusual secrecy."""
    return rows["q_secrecy"]


@signal("T-CASH")
def unusual_payment(rows: Rows) -> Answer:
    """Payment terms are unusual, such as cash where credit is normal."""
    return rows["q_unusual_payment"]


@signal("T-DECLINE")
def declines_installation(rows: Rows) -> Answer:
    """The customer declines the installation, training or upkeep that such a product normally needs."""
    return rows["q_declines_installation"]


@signal("X-CONFLICT")
def conflict(rows: Rows) -> Answer:
    """Documents contradict each other; the worse reading is used."""
    return rows["q_conflicting_data"]


SIGNALS = (
    false_documents, opaque_chain, forwarder, hub, reseller, odd_route, timing, secrecy,
    unusual_payment, declines_installation, conflict,
)  # fmt: skip
