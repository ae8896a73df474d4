"""What it is said to be for: the USE channel."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, answered


@signal("U-REPRESS")
def repressive(rows: Rows) -> Answer:
    """Use against dissent or minorities is known or stated. Words alone raise the question, a person answers it."""
    return rows["q_repressive_use"]


@signal("U-INCONSIST")
def inconsistent(rows: Rows) -> Answer:
    """The story does not fit: the stated end use is not one this buyer would have."""
    return rows["q_end_use_inconsistent"]


@signal("U-VAGUE")
def vague(rows: Rows) -> Answer:
    """The end use is vague or withheld, by answer or by its words; a blank end use is unknown."""
    return answered(rows, "q_end_use_vague", rows["words_vague"]) | rows["words_vague"]


@signal("P-MISFIT")
def misfit(rows: Rows) -> Answer:
    """The product or its quantity does not fit the buyer's business or the country's industry."""
    return rows["q_product_misfit"]


@signal("U-NOSAFEG")
def no_safeguards(rows: Rows) -> Answer:
    """The buyer has no policy, oversight or safeguard for the product's use."""
    return rows["q_no_safeguards"]


@signal("U-NATSEC")
def national_security(rows: Rows) -> Answer:
    """The end use says national security or law enforcement and nothing concrete."""
    return rows["words_national_security"]


SIGNALS = (repressive, inconsistent, vague, misfit, no_safeguards, national_security)
