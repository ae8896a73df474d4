"""The policy file: table, axes, gates, blanks and thresholds, held against the specification cell by cell."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import yaml

from hrdd.columns import CATEGORIES, INPUT_BY_KEY
from hrdd.errors import BadCatalogue
from hrdd.method.levels import CHANNELS, DISPOSITIONS, SEVERITY, load_levels
from hrdd.method.policy import QUESTIONS
from hrdd.method.rating import CONDITIONS, HOLD, NONE, STOP, State, judge, likelihood
from hrdd.signals import BY_ID, SIGNALS

CLASSES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")

#: Class by severity (rows S0 to S4) and likelihood (columns L0 to L4).
TABLE = (
    ("LOW", "LOW", "LOW", "LOW", "MEDIUM"),
    ("LOW", "LOW", "LOW", "MEDIUM", "MEDIUM"),
    ("LOW", "LOW", "MEDIUM", "HIGH", "HIGH"),
    ("LOW", "MEDIUM", "HIGH", "HIGH", "CRITICAL"),
    ("MEDIUM", "HIGH", "HIGH", "CRITICAL", "CRITICAL"),
)

#: Every signal that is scored, with its level: the canonical table of signals.
AXES = {
    SEVERITY: {
        4: "P-COVERT P-MASS P-MINORITY",
        3: "P-CENSOR P-BIOID P-LOCATE P-EXTRACT P-LI",
        2: "P-COMPONENT P-CYBERTEST",
        1: "P-NETMGMT P-BIOID-1TO1 P-LOWINTR",
    },
    "COUNTRY": {4: "C-REGION", 3: "C-EMBARGO C-HRPOOR", 2: "C-NOLAW C-UNREST", 1: "C-HRMIXED"},
    "END USER": {
        4: "E-LISTED E-ABUSER",
        3: "E-OWNED50 E-OWNED50-SUSP E-REEXPORTS E-NAMEHIT",
        2: "E-TIES E-STATETELCO E-UNKNOWN E-NEWCO E-IAAS E-OWNED-MIN",
        1: "E-SECURITY",
    },
    "USE": {4: "U-REPRESS", 3: "U-INCONSIST", 2: "U-VAGUE P-MISFIT U-NOSAFEG", 1: "U-NATSEC"},
    "PRODUCT HISTORY": {2: "P-MISUSED P-MARKETED P-MINORITY P-SYSTEM", 1: "P-CUSTOM"},
    "DIVERSION": {
        4: "I-FALSEDOC",
        3: "I-SHELL I-FORWARDER",
        2: "I-HUB I-ROUTE T-TIMING T-NDA X-CONFLICT",
        1: "I-RESELLER T-CASH T-DECLINE",
    },
    "LICENCE": {3: "L-NOLICENCE L-DENIED L-INFORMED", 2: "L-PENDING L-NOTICE"},
}

GATES = {
    "STOP": "C-EMBARGO E-LISTED E-OWNED50 L-NOLICENCE L-INFORMED U-REPRESS",
    "HOLD": "E-UNKNOWN E-NAMEHIT E-OWNED-MIN E-OWNED50-SUSP I-FALSEDOC I-FORWARDER L-DENIED L-PENDING L-NOTICE "
    "E-REEXPORTS U-INCONSIST X-CONFLICT C-REGION E-IAAS",
    "CONDITIONS": "P-CYBERTEST P-MISUSED",
}

#: Shown, or counted in the residual class only.
NOT_SCORED = "C-WEAKLAW C-CIVIC C-EXPRESSION C-AUTOCRACY C-SPYWARE L-AUTHOK"


@pytest.mark.parametrize("severity", range(5))
@pytest.mark.parametrize("like", range(5))
def test_the_class_of_every_cell_is_that_of_the_specification(severity: int, like: int) -> None:
    """Class by severity and likelihood, cell by cell."""
    levels = load_levels()
    assert levels.classes == CLASSES
    assert levels.classes[levels.table[severity, like]] == TABLE[severity][like]


@pytest.mark.parametrize("axis", [0, 1])
def test_the_table_never_falls_and_never_jumps_two_classes(axis: int) -> None:
    """From one cell to the next, along a row or a column, the class stays or rises by one."""
    steps = np.diff(load_levels().table, axis=axis)
    assert set(np.unique(steps)) <= {0, 1}


def test_every_axis_has_the_signals_and_levels_of_the_specification() -> None:
    """Severity and the six channels, complete and with nothing more."""
    expected = {
        axis: {name: level for level, names in by_level.items() for name in names.split()}
        for axis, by_level in AXES.items()
    }
    assert {axis: dict(found) for axis, found in load_levels().axes.items()} == expected
    assert tuple(expected) == (SEVERITY, *CHANNELS)


def test_every_signal_is_scored_shown_or_a_safeguard() -> None:
    """No signal is forgotten: each stands on an axis, among those only shown, or answers for the residual class."""
    scored = {name for levels in load_levels().axes.values() for name in levels}
    safeguards = {signal.id for signal in SIGNALS if signal.id.startswith("M-")}
    assert scored | set(NOT_SCORED.split()) | safeguards == set(BY_ID)
    assert not scored & (set(NOT_SCORED.split()) | safeguards)


def test_every_name_in_the_file_is_a_signal() -> None:
    """Axes, gates, safeguards and limited use speak of signals that are worked out."""
    levels = load_levels()
    named = {name for found in levels.axes.values() for name in found}
    named |= {name for found in (*levels.gates.values(), *levels.safeguards.values()) for name in found}
    named |= {*levels.limited_use, *levels.limited_use.values()}
    assert named <= set(BY_ID)


@pytest.mark.parametrize("gate", GATES)
def test_the_gates_are_those_of_the_specification(gate: str) -> None:
    """What stops, holds and puts conditions on a row, whatever its class."""
    assert set(load_levels().gates[gate]) == set(GATES[gate].split())


def test_classes_and_severity_gate_too() -> None:
    """HIGH and CRITICAL hold, MEDIUM and severity 3 put conditions, a hold is MEDIUM and a stop CRITICAL at least."""
    levels = load_levels()
    assert [CLASSES[at] for at in levels.hold_classes] == ["HIGH", "CRITICAL"]
    assert [CLASSES[at] for at in levels.condition_classes] == ["MEDIUM"]
    assert levels.condition_severity == 3
    assert [CLASSES[at] for at in levels.floors] == ["LOW", "LOW", "MEDIUM", "CRITICAL"]
    assert DISPOSITIONS == ("NONE", "CONDITIONS", "HOLD", "STOP")


def _judged(severity: int, channels: tuple[int, ...], *gates: str) -> tuple[str, int, str]:
    """Class, disposition and overall of one state."""
    state = State(
        np.array([severity], dtype=np.int8),
        np.array(channels, dtype=np.int8).reshape(-1, 1),
        *(np.array([gate in gates]) for gate in ("STOP", "HOLD", "CONDITIONS")),
    )
    verdict = judge(state, load_levels())
    return CLASSES[verdict.class_[0]], int(verdict.disposition[0]), CLASSES[verdict.overall[0]]


@pytest.mark.parametrize(
    ("severity", "channels", "gates", "expected"),
    [
        (0, (0, 0, 0, 0, 0, 0), (), ("LOW", NONE, "LOW")),
        (0, (0, 0, 0, 0, 0, 0), ("CONDITIONS",), ("LOW", CONDITIONS, "LOW")),
        (0, (0, 0, 0, 0, 0, 0), ("HOLD",), ("LOW", HOLD, "MEDIUM")),
        (0, (0, 0, 0, 0, 0, 0), ("STOP",), ("LOW", STOP, "CRITICAL")),
        (1, (0, 4, 0, 0, 0, 0), (), ("MEDIUM", CONDITIONS, "MEDIUM")),
        (3, (0, 0, 0, 0, 0, 0), (), ("LOW", CONDITIONS, "LOW")),
        (3, (2, 0, 0, 0, 0, 0), (), ("HIGH", HOLD, "HIGH")),
        (3, (2, 0, 0, 0, 0, 0), ("STOP", "HOLD"), ("HIGH", STOP, "CRITICAL")),
        (4, (3, 0, 0, 0, 0, 0), (), ("CRITICAL", HOLD, "CRITICAL")),
    ],
)
def test_overall_is_the_worse_of_class_and_gate(
    severity: int, channels: tuple[int, ...], gates: tuple[str, ...], expected: tuple[str, int, str]
) -> None:
    """A gate shuts whatever the class, and a class holds whatever the gates."""
    assert _judged(severity, channels, *gates) == expected


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ((0, 0, 0, 0, 0, 0), 0),
        ((3, 0, 0, 0, 0, 0), 3),
        ((3, 2, 0, 0, 0, 0), 3),
        ((3, 2, 2, 0, 0, 0), 4),
        ((3, 1, 1, 1, 1, 1), 3),
        ((2, 2, 0, 0, 0, 0), 2),
        ((2, 2, 2, 0, 0, 0), 3),
        ((4, 4, 4, 4, 4, 4), 4),
        ((1, 1, 1, 1, 1, 1), 1),
    ],
)
def test_two_other_channels_at_level_two_add_one(channels: tuple[int, ...], expected: int) -> None:
    """Likelihood is the highest channel, plus one, at most 4, where two or more others stand at 2 or more."""
    assert likelihood(np.array(channels, dtype=np.int8).reshape(-1, 1), load_levels()).tolist() == [expected]


#: Plausible worst of a decisive blank; where it hangs on the country's record: poor, mixed, good.
BLANKS = {
    "product": {"severity": 3, "hinted": 4},
    "as_of_date": {"level": 3},
    "destination_country": {"level": 3},
    "destination_region": {"level": 4},
    "us_content": {"level": 3},
    "exporter_country": {"level": 3},
    "end_user": {"level": 3},
    "q_end_user_verified": {"poor": 3, "mixed": 3, "good": 2},
    "screening_result": {"poor": 3, "mixed": 2, "good": 1},
    "q_agency_misuse": {"poor": 4, "mixed": 3, "good": 2},
    "end_use": {"poor": 2, "mixed": 2, "good": 1},
    "end_user_type": {"poor": 3, "mixed": 2, "good": 1},
    "q_government_ties": {"level": 2},
    "q_hidden_remote_user": {"level": 2},
    "owner_share": {"level": 3},
}


def test_the_plausible_worst_of_every_blank_is_that_of_the_policy() -> None:
    """Each decisive question has its level, and no other question has one."""
    levels = load_levels()
    assert {key: dict(policy) for key, policy in levels.blanks.items()} == BLANKS
    assert set(levels.blanks) <= set(INPUT_BY_KEY)
    assert set(levels.blanks) <= set(QUESTIONS)


def test_a_better_record_never_makes_a_blank_worse() -> None:
    """By record, the plausible worst falls from poor over mixed to good, or stays; severity where hinted is higher."""
    for key, policy in load_levels().blanks.items():
        if "poor" in policy:
            assert policy["poor"] >= policy["mixed"] >= policy["good"] >= 1, key
        if "hinted" in policy:
            assert policy["hinted"] >= policy["severity"], key


def test_policy_numbers_are_those_of_the_specification() -> None:
    """Spans, bumps, proportion and the residual floor."""
    levels = load_levels()
    assert (levels.bump_channels, levels.bump_level) == (2, 2)
    assert (levels.unrated_span, levels.proportionate) == (2, 2)
    assert (levels.civil_below_severity, levels.civil_level) == (4, 1)
    assert levels.residual_floor == (4, 3, CLASSES.index("HIGH"))


def test_limited_use_only_ever_mildens() -> None:
    """Each capability that a limited use turns into another turns into one of the lowest severity."""
    levels = load_levels()
    for capability, milder in levels.limited_use.items():
        assert levels.axes[SEVERITY][milder] == 1 < levels.axes[SEVERITY][capability]


def test_every_category_carries_capabilities_that_are_scored() -> None:
    """What a category says of itself stands on the severity axis; only general IT carries nothing."""
    severity = load_levels().axes[SEVERITY]
    for category in CATEGORIES:
        assert set(category.signals) <= set(severity), category.id
        assert bool(category.signals) is (category.id != "general_it"), category.id


def test_safeguards_are_safeguards_and_none_answers_for_a_licence() -> None:
    """Only M- signals count for the residual class; nothing stands in for a licence."""
    levels = load_levels()
    assert set(levels.safeguards) == set(CHANNELS)
    assert all(name.startswith("M-") for names in levels.safeguards.values() for name in names)
    assert levels.safeguards["LICENCE"] == ()


def test_every_threshold_says_why_and_when() -> None:
    """A number that decides has a unit, a meaning, a reason and the day somebody last looked at it."""
    for name, threshold in load_levels().thresholds.items():
        assert threshold.unit, name
        assert len(threshold.means) > 20, name
        assert len(threshold.because) > 20, name
        assert isinstance(threshold.looked_at, date), name


def test_the_file_names_its_owner_reason_and_version() -> None:
    """Levels are a policy that somebody answers for; the fingerprint names the very file."""
    levels = load_levels()
    assert levels.version
    assert levels.owner
    assert len(levels.reason) > 20
    assert len(levels.fingerprint) == 64


def _shipped() -> dict[str, object]:
    text = (files("hrdd") / "method" / "levels.yaml").read_text(encoding="utf-8")
    found: dict[str, object] = yaml.safe_load(text)
    return found


def test_a_companys_own_copy_decides_and_shows_in_the_fingerprint(tmp_path: Path) -> None:
    """A changed copy loads, differs in its fingerprint, and only in what was changed."""
    copy = tmp_path / "levels.yaml"
    copy.write_text(yaml.safe_dump({**_shipped(), "proportionate": 1}), encoding="utf-8")
    own, shipped = load_levels(copy), load_levels()
    assert own.proportionate == 1
    assert own.fingerprint != shipped.fingerprint
    assert own.axes == shipped.axes


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"severity": {4: ["P-NOSUCH"]}}, "P-NOSUCH"),
        ({"severity": {5: ["P-MASS"]}}, "5"),
        ({"severity": {0: ["P-MASS"]}}, "0"),
        ({"gates": {"STOP": ["E-NOSUCH"], "HOLD": [], "CONDITIONS": []}}, "E-NOSUCH"),
        ({"table": [["LOW"]]}, "5 by 5"),
        ({"table": [["LOW"] * 4 + ["GRAVE"]] * 5}, "GRAVE"),
        ({"table": [["MEDIUM"] * 5] * 5}, "start at LOW"),
        ({"table": [["LOW", "HIGH", "HIGH", "HIGH", "HIGH"]] * 5}, "at most one class"),
        ({"table": [["LOW", "MEDIUM", "LOW", "MEDIUM", "MEDIUM"]] * 5}, "at most one class"),
        ({"floors": {"NONE": "MEDIUM", "CONDITIONS": "MEDIUM", "HOLD": "HIGH", "STOP": "HIGH"}}, "start at LOW"),
        ({"floors": {"NONE": "LOW", "CONDITIONS": "HIGH", "HOLD": "LOW", "STOP": "HIGH"}}, "never fall"),
        ({"blanks": {"product": {"severity": 3, "hinted": 4}}}, "q_end_user_verified"),
        ({"blanks": {**BLANKS, "end_use": {"poor": 1, "mixed": 2, "good": 1}}}, "end_use"),
        ({"blanks": {**BLANKS, "end_user": {"level": 7}}}, "end_user"),
        ({"blanks": {**BLANKS, "amount": {"level": 1}}}, "amount"),
        ({"limited_use": {"P-NOSUCH": "P-NETMGMT"}}, "P-NOSUCH"),
        ({"hold_classes": ["GRAVE"]}, "GRAVE"),
        ({"floors": {}}, "NONE"),
        ({"thresholds": {"war": {"value": 1}}}, "unit"),
    ],
)
def test_a_copy_that_cannot_be_used_is_refused_by_name(change: dict[str, object], named: str, tmp_path: Path) -> None:
    """A misspelt signal, class or field stops the program with the file and the entry."""
    copy = tmp_path / "own-levels.yaml"
    copy.write_text(yaml.safe_dump({**_shipped(), **change}), encoding="utf-8")
    with pytest.raises(BadCatalogue) as refused:
        load_levels(copy)
    assert "own-levels.yaml" in str(refused.value)
    assert named in str(refused.value)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    """Broken YAML is told with the file's name."""
    copy = tmp_path / "own-levels.yaml"
    copy.write_text("severity: [4", encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"own-levels\.yaml"):
        load_levels(copy)
