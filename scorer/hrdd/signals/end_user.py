"""Who will use it: the END USER channel."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, blank_is_no, certainly, exceeds, is_blank, is_one_of

SECURITY = frozenset(
    {
        "Police or law enforcement",
        "Intelligence or state security",
        "Military",
        "Border or customs",
        "Prison or detention",
    }
)
GOVERNMENT = SECURITY | {
    "Government regulator",
    "Telecom ministry or regulator",
    "Other civil government",
    "State-owned telecom",
    "State-owned enterprise",
}
#: Bodies that are public in one country and private in the next: a question, not an answer.
PERHAPS_GOVERNMENT = frozenset({"Research or education", "Medical", "Fire or rescue", "Public transport"})
STATE_TELECOM = frozenset({"State-owned telecom", "Telecom ministry or regulator"})
#: Named end users that a good-record country gives no reason to hold while their verification is open.
CIVIL = frozenset(
    {
        "Private telecom",
        "Private company",
        "Research or education",
        "Medical",
        "Fire or rescue",
        "Public transport",
        "International organisation",
        "Other civil government",
    }
)


@signal("E-LISTED")
def listed(rows: Rows) -> Answer:
    """A confirmed match of the user's own screening, or a party that the shipped table names, on the row's date.

    Not screened is unknown. The shipped table holds makers of surveillance products only.
    """
    confirmed = is_one_of(rows["screening_result"], {"Confirmed match"})
    open_result = is_one_of(rows["screening_result"], {"Not screened", "Possible match"})
    not_known = open_result.fillna(value=True) & ~rows["vendor_listed"]
    return (confirmed | rows["vendor_listed"]).mask(not_known.to_numpy(dtype=bool))


@signal("E-NAMEHIT")
def name_hit(rows: Rows) -> Answer:
    """A possible match of the user's own screening, or a name or text that points to a list without proof.

    Names of end users, intermediaries and owners are looked up, each of several in a cell.
    """
    possible = is_one_of(rows["screening_result"], {"Possible match"})
    unscreened = is_one_of(rows["screening_result"], {"Not screened"}).fillna(value=True)
    not_known = unscreened & ~rows["name_resembles"]
    return (possible | rows["name_resembles"]).mask(not_known.to_numpy(dtype=bool))


@signal("E-ABUSER")
def abuser(rows: Rows) -> Answer:
    """Credible reports of abuse, or of misuse of such products, by this very end user."""
    return rows["q_agency_misuse"]


def _majority(rows: Rows) -> Answer:
    """Whether a listed owner, and not another, holds half or more."""
    return rows["owner_listed"] & exceeds(rows["listed_share"], rows.threshold("majority_share"))


@signal("E-OWNED50")
def majority_owner_listed(rows: Rows) -> Answer:
    """A listed party owns 50 per cent or more, a 50 % rule is in force on the date, and the row has a US nexus."""
    return _majority(rows) & rows["affiliates_rule"] & rows["us_nexus"]


@signal("E-OWNED50-SUSP")
def majority_owner_rule_suspended(rows: Rows) -> Answer:
    """As above, where the rule is not in force on the date, or where no US nexus is established."""
    return _majority(rows) & ~(rows["affiliates_rule"] & rows["us_nexus"]).fillna(value=False)


@signal("E-OWNED-MIN")
def minority_owner_listed(rows: Rows) -> Answer:
    """A listed party is among the owners, and no majority of it is known: a tie to look at."""
    majority = certainly(exceeds(rows["listed_share"], rows.threshold("majority_share")))
    return rows["owner_listed"] & ~majority


@signal("E-REEXPORTS")
def reexports(rows: Rows) -> Answer:
    """The end user passes such products on, by answer or by an authority's red-flag letter."""
    letter = is_one_of(rows["government_notice"], {"Red-flag letter"})
    return rows["q_reexports"] | blank_is_no(rows, "government_notice", letter)


@signal("E-TIES")
def close_ties(rows: Rows) -> Answer:
    """A party is closely tied to a government whose record is not good."""
    return rows["q_government_ties"] & ~is_one_of(rows["record"], {"good"})


@signal("E-STATETELCO")
def state_telecom(rows: Rows) -> Answer:
    """A state-owned telecom or a telecom ministry in a country whose record is not good."""
    return is_one_of(rows["type"], STATE_TELECOM) & ~is_one_of(rows["record"], {"good"})


@signal("E-UNKNOWN")
def unknown_end_user(rows: Rows) -> Answer:
    """The end user is not named, or was not verified."""
    return is_blank(rows["end_user"]) | ~rows["q_end_user_verified"]


@signal("E-NEWCO")
def little_background(rows: Rows) -> Answer:
    """The customer is new, thin on background or without a web presence."""
    return rows["q_no_background"]


@signal("E-IAAS")
def hidden_remote_user(rows: Rows) -> Answer:
    """The real user is hidden behind a cloud or compute service."""
    return rows["q_hidden_remote_user"]


@signal("E-SECURITY")
def security_body(rows: Rows) -> Answer:
    """Police, intelligence, military, border or prison service, by choice or by the words of the name."""
    return is_one_of(rows["type"], SECURITY) | rows["words_security"]


SIGNALS = (
    listed, name_hit, abuser, majority_owner_listed, majority_owner_rule_suspended, minority_owner_listed,
    reexports, close_ties, state_telecom, unknown_end_user, little_background, hidden_remote_user, security_body,
)  # fmt: skip
