"""What the product can do to people: the severity axis, and the product's own history."""

from __future__ import annotations

from hrdd.signals.registry import signal
from hrdd.vocabulary import Answer, Rows, answered, blank_is_no, certainly, is_one_of


def _carries(rows: Rows, capability: str) -> Answer:
    """Whether the row's category, chosen or inferred, carries a capability; NA where there is no category."""
    return rows[f"carries:{capability}"]


def _limited(rows: Rows) -> Answer:
    return rows["limited_use"]


@signal("P-COVERT")
def covert(rows: Rows) -> Answer:
    """The product enters or observes devices, communications or places without the person knowing."""
    carries = _carries(rows, "P-COVERT")
    return carries | answered(rows, "q_covert_operation", carries)


@signal("P-MASS")
def mass(rows: Rows) -> Answer:
    """The product collects or analyses whole populations or networks."""
    carries = _carries(rows, "P-MASS") & ~_limited(rows)
    return carries | answered(rows, "q_population_scale", carries)


@signal("P-MINORITY")
def minority(rows: Rows) -> Answer:
    """A feature or label sorts people by ethnicity, religion or a similar ground."""
    return certainly(rows["words_minority"]) | rows["q_group_profiling"]


@signal("P-CENSOR")
def censor(rows: Rows) -> Answer:
    """The product blocks, throttles or shuts down traffic at network scale."""
    carries = _carries(rows, "P-CENSOR")
    return carries | answered(rows, "q_blocks_traffic", carries)


@signal("P-BIOID")
def bioid(rows: Rows) -> Answer:
    """The product identifies persons one-to-many by face, gait, voice, emotion, fingerprint or DNA."""
    carries = _carries(rows, "P-BIOID") & ~_limited(rows)
    return carries | answered(rows, "q_identifies_people", carries)


@signal("P-LOCATE")
def locate(rows: Rows) -> Answer:
    """The product finds or tracks phones, vehicles or persons."""
    carries = _carries(rows, "P-LOCATE") & ~_limited(rows)
    return carries | answered(rows, "q_locates_people", carries)


@signal("P-EXTRACT")
def extract(rows: Rows) -> Answer:
    """The product takes the whole content of a device in custody, or opens protected content."""
    return _carries(rows, "P-EXTRACT")


@signal("P-LI")
def lawful_interception(rows: Rows) -> Answer:
    """The product has a targeted lawful-interception function."""
    return _carries(rows, "P-LI")


@signal("P-COMPONENT")
def component(rows: Rows) -> Answer:
    """The product is a component, computing service or general part of a system with such capabilities.

    What goes into a system known to be misused is a part of it, whatever it is by itself.
    """
    key = "q_known_misused_system"
    return _carries(rows, "P-COMPONENT") | blank_is_no(rows, key, rows[key])


@signal("P-CYBERTEST")
def cyber_testing(rows: Rows) -> Answer:
    """The product is an authorised security-testing tool that can be turned to intrusion."""
    return _carries(rows, "P-CYBERTEST")


@signal("P-NETMGMT")
def network_management(rows: Rows) -> Answer:
    """The product manages traffic in aggregate, without content or identity, or protects a network."""
    return _carries(rows, "P-NETMGMT") | (_carries(rows, "P-MASS") & _limited(rows))


@signal("P-BIOID-1TO1")
def one_to_one(rows: Rows) -> Answer:
    """A product of a biometric category whose use is limited, with a verified end user, to low-intrusion checks."""
    return _carries(rows, "P-BIOID") & _limited(rows)


@signal("P-LOWINTR")
def low_intrusion(rows: Rows) -> Answer:
    """An ordinary camera, sensor or recorder without identification or hidden use."""
    return _carries(rows, "P-LOWINTR") | (_carries(rows, "P-LOCATE") & _limited(rows))


@signal("P-MISUSED")
def misused(rows: Rows) -> Answer:
    """The same or a like product was publicly reported to have been misused, on or before the row's date.

    Reads the answer, else a dated table of reported cases by product and maker names. Does not see reports that
    are not in the table, so no entry is no answer.
    """
    return certainly(rows["misuse_reported"]) | rows["q_similar_misused"]


@signal("P-SYSTEM")
def misused_system(rows: Rows) -> Answer:
    """The deal includes things that build, customise or configure a system known to be misused."""
    return rows["q_known_misused_system"]


@signal("P-MARKETED")
def covert_marketing(rows: Rows) -> Answer:
    """The product is advertised for covert surveillance, by answer or in its own description."""
    return rows["q_covert_marketing"] | certainly(rows["words_covert"])


@signal("P-CUSTOM")
def customised(rows: Rows) -> Answer:
    """The seller customises, operates or supports the product at the end user's."""
    serviced = is_one_of(rows["transaction_type"], {"Technical assistance", "Support or service"})
    return rows["q_customised"] | blank_is_no(rows, "transaction_type", serviced)


SIGNALS = (
    covert, mass, minority, censor, bioid, locate, extract, lawful_interception, component, cyber_testing,
    network_management, one_to_one, low_intrusion, misused, misused_system, covert_marketing, customised,
)  # fmt: skip
