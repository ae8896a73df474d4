"""What it is said to be for: the USE channel."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, answered


@signal("U-REPRESS", "use against dissent or minorities is known or stated", ("q_repressive_use", "end_use"))
def repressive(rows: Rows) -> Answer:
    """Use against dissent or minorities is known or stated. Words alone raise the question, a person answers it."""
    return rows["q_repressive_use"]


@signal("U-INCONSIST", "the stated use does not fit the buyer", ("q_end_use_inconsistent",))
def inconsistent(rows: Rows) -> Answer:
    """The story does not fit: the stated end use is not one this buyer would have."""
    return rows["q_end_use_inconsistent"]


@signal("U-VAGUE", "the stated use is vague or withheld", ("q_end_use_vague", "end_use"))
def vague(rows: Rows) -> Answer:
    """The end use is vague or withheld, by answer or by its words; a blank end use is unknown."""
    return answered(rows, "q_end_use_vague", rows["words_vague"]) | rows["words_vague"]


@signal("P-MISFIT", "the product does not fit the buyer's business", ("q_product_misfit",))
def misfit(rows: Rows) -> Answer:
    """The product or its quantity does not fit the buyer's business or the country's industry."""
    return rows["q_product_misfit"]


@signal("U-NOSAFEG", "the buyer has no policy or oversight for its use", ("q_no_safeguards",))
def no_safeguards(rows: Rows) -> Answer:
    """The buyer has no policy, oversight or safeguard for the product's use."""
    return rows["q_no_safeguards"]


@signal("U-NATSEC", "the stated use is bare security or law enforcement", ("end_use",))
def national_security(rows: Rows) -> Answer:
    """The end use says national security or law enforcement and nothing concrete."""
    return rows["words_national_security"]


SIGNALS = (repressive, inconsistent, vague, misfit, no_safeguards, national_security)
