"""What is known of the place on the row's date: the COUNTRY channel, and context that is shown but not scored."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, answered, is_below, is_one_of


@signal("C-REGION")
def abuse_region(rows: Rows) -> Answer:
    """The destination lies in a region about which a US authority or a UN body has stated mass abuse, on that date.

    Where such a region exists and the row names none, the answer is unknown.
    """
    return rows["in_abuse_region"]


@signal("C-EMBARGO")
def embargo(rows: Rows) -> Answer:
    """An embargo that reaches this exporter, product and end user is in force on the row's date.

    A comprehensive US embargo needs a US exporter or US content; arms embargoes reach surveillance products for
    military, intelligence and police users only.
    """
    return rows["embargoed"]


@signal("C-HRPOOR")
def poor_record(rows: Rows) -> Answer:
    """Civil liberties or freedom of expression in the country lie below the poor threshold in the row's year."""
    return is_one_of(rows["record"], {"poor"})


@signal("C-HRMIXED")
def mixed_record(rows: Rows) -> Answer:
    """The country's record is neither poor nor good in the row's year."""
    return is_one_of(rows["record"], {"mixed"})


@signal("C-NOLAW")
def no_legal_control(rows: Rows) -> Answer:
    """The law lacks independent authorisation by answer, or the rule of law is so low that no law restrains."""
    return answered(rows, "q_law_lacks_safeguards", rows["law_restrains_nobody"])


@signal("C-UNREST")
def unrest(rows: Rows) -> Answer:
    """Conflict or unrest by answer, or deaths in armed conflict at the level of war in the row's year."""
    return answered(rows, "q_area_conflict", rows["at_war"]) | rows["at_war"]


@signal("C-WEAKLAW")
def weak_law(rows: Rows) -> Answer:
    """The rule of law index lies in the lower half of its scale. Shown, not scored by itself."""
    return is_below(rows["rule_of_law"], rows.threshold("weak_rule_of_law"))


@signal("C-CIVIC")
def narrow_civic_space(rows: Rows) -> Answer:
    """The civil society index lies in the lower half of its scale. Shown, not scored by itself."""
    return is_below(rows["civil_society"], rows.threshold("civic_space"))


@signal("C-EXPRESSION")
def curbed_expression(rows: Rows) -> Answer:
    """The freedom of expression index lies in the lower half of its scale. Shown, not scored by itself."""
    return is_below(rows["freedom_expression"], rows.threshold("expression"))


@signal("C-AUTOCRACY")
def autocracy(rows: Rows) -> Answer:
    """The regime is a closed or electoral autocracy (Regimes of the World). Shown, not scored by itself."""
    return is_below(rows["regime"], 2)


@signal("C-SPYWARE")
def reported_spyware(rows: Rows) -> Answer:
    """Public reports name the country's authorities as users of spyware within the look-back. Shown, not scored.

    No entry in the table is no answer.
    """
    return rows["spyware_reported"]


SIGNALS = (
    abuse_region, embargo, poor_record, mixed_record, no_legal_control, unrest,
    weak_law, narrow_civic_space, curbed_expression, autocracy, reported_spyware,
)  # fmt: skip
