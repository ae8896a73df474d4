"""The page of the method: every number of the policy file in words, with its unit and the reason for it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from hrdd.columns import INPUT_BY_KEY
from hrdd.handbook import table
from hrdd.method.levels import CHANNELS, DISPOSITIONS, SEVERITY, Levels, load_levels
from hrdd.method.policy import GATE_CELLS
from hrdd.signals import BY_ID

RECORDS = ("poor", "mixed", "good")


def method() -> str:
    """Write the whole page from the policy file as it runs."""
    levels = load_levels()
    sections = [
        ("Levels", _levels(levels)),
        ("Likelihood", _likelihood(levels)),
        ("Class by severity and likelihood", _class(levels)),
        ("Disposition", _disposition(levels)),
        ("Overall rating", _overall(levels)),
        ("Open questions", _open_questions(levels)),
        ("Safeguards and the residual class", _safeguards(levels)),
        ("Low-intrusion use", _limited_use(levels)),
        ("Thresholds", _thresholds(levels)),
    ]
    return "\n\n".join([_head(levels), *(f"## {title}\n\n{text}" for title, text in sections)])


def _page(*parts: str) -> str:
    """Paragraphs, folded to lines, and tables, as they are."""
    return "\n\n".join(part if part.startswith(("#", "|")) else textwrap.fill(part, 118) for part in parts)


def _head(levels: Levels) -> str:
    return _page(
        "# The method's numbers",
        f"Policy version {levels.version}, owner {levels.owner}. {levels.reason}",
        "The guidance itself has no score, weight or threshold: every number here is this product's own judgement "
        "unless it names a source. All of them stand in `scorer/hrdd/method/levels.yaml`; a company may keep its own "
        f"copy, and every scored row says which one decided (this one: `{levels.fingerprint[:8]}`).",
        "Severity and likelihood are levels from 0, nothing found, to 4: ordinal labels, no probabilities, no amounts.",
    )


def _says(signals: Iterable[str]) -> str:
    return "; ".join(f"{BY_ID[name].says} (`{name}`)" for name in signals)


def _levels(levels: Levels) -> str:
    rows = [
        (axis, level, _says(names))
        for axis in (SEVERITY, *CHANNELS)
        for level, names in _by_level(levels.axes[axis]).items()
    ]
    return _page(
        "What each signal counts for where it is true. A signal may speak on severity and on a channel; one that is "
        "not in the table is shown and counts for nothing by itself.",
        table(("Axis", "Level", "Signals"), rows),
    )


def _by_level(signals: Mapping[str, int]) -> dict[int, list[str]]:
    levels = sorted(set(signals.values()), reverse=True)
    return {level: [name for name in signals if signals[name] == level] for level in levels}


def _likelihood(levels: Levels) -> str:
    return _page(
        f"The highest of the {len(CHANNELS)} channels, and one more, at most 4, where {levels.bump_channels} or more "
        f"*other* channels stand at level {levels.bump_level} or above. Severity is the highest of its own axis.",
        "Channels are not added up, so that one fact counts once; only independent trouble of some weight on several "
        "of them makes harm likelier than the worst of them says.",
    )


def _class(levels: Levels) -> str:
    rows = [(f"S{s}", *(levels.classes[code] for code in row)) for s, row in enumerate(levels.table.tolist())]
    return _page(
        table(("Severity \\ likelihood", "L0", "L1", "L2", "L3", "L4"), rows),
        "The class never falls along a row or a column and never rises by more than one from cell to cell, so that one "
        "level more never jumps a class. Severity weighs more than likelihood: UN Guiding Principle 14 puts it first.",
    )


def _disposition(levels: Levels) -> str:
    hold, conditions = (_classes(levels, codes) for codes in (levels.hold_classes, levels.condition_classes))
    also = {
        "STOP": "nothing else",
        "HOLD": f"any row of class {hold}; any UNRATED row; open questions that say so below",
        "CONDITIONS": f"any row of class {conditions}; severity {levels.condition_severity} or more",
        "NONE": "every other row: nothing found in what was checked",
    }
    rows = [(name, _says(levels.gates.get(name, ())) or "none", also[name]) for name in reversed(DISPOSITIONS)]
    return _page(
        "Whether a row may move, whatever its class: the strictest that applies. STOP is for what law or an authority "
        "forbids, or use that is known to repress; HOLD for what a person has to settle first; CONDITIONS for what may "
        "go with safeguards.",
        table(("Disposition", "Signals that bring it", "Also"), rows),
    )


def _classes(levels: Levels, codes: Sequence[int]) -> str:
    return " or ".join(levels.classes[code] for code in codes)


def _overall(levels: Levels) -> str:
    floors = [(name, levels.classes[floor]) for name, floor in zip(DISPOSITIONS, levels.floors, strict=True)]
    return _page(
        "The worse of the class and the floor of the disposition, because a row that must not move is not low:",
        table(("Disposition", "Overall at least"), floors),
        "A row is rated twice, with its open questions at their best and at their plausible worst. Where the two lie "
        f"{levels.unrated_span} or more classes apart there is no rating: the row is UNRATED and held, with its range.",
    )


def _open_questions(levels: Levels) -> str:
    rows = [(_header(key), *_worst(answers)) for key, answers in levels.blanks.items()]
    return _page(
        "What an open question counts for at its plausible worst, as a level on its channel (the product: of "
        "severity). A plausible worst is policy, not everything bad: unknown is never low, and is worse where the "
        "country's record is worse. An unknown record counts as poor. A cell that is filled in and cannot be read "
        "counts as the worst that its signals could be.",
        table(("Open question", "Record poor", "Record mixed", "Record good"), rows),
        f"Below severity {levels.proportionate} an open question does not count, so that ordinary orders are not held "
        "for blanks. It counts there all the same where law or a sanction may hang on it: a date or a cell of a gate "
        f"that is filled in and cannot be read ({', '.join(sorted(_header(key) for key in GATE_CELLS))}), words of "
        "repression, and the exporter or content that an embargo hangs on.",
        "In a country with a good record, a named civil end user that nobody has verified counts at level "
        f"{levels.civil_level} and does not hold a row below severity {levels.civil_below_severity}: what the question "
        "is about is seldom found there.",
    )


def _header(key: str) -> str:
    return INPUT_BY_KEY[key].header


def _worst(answers: Mapping[str, int]) -> tuple[str, str, str]:
    if "severity" in answers:
        words = f"severity {answers['severity']}, {answers['hinted']} where the text hints at surveillance"
        return words, words, words
    poor, mixed, good = (str(answers.get(record, answers.get("level"))) for record in RECORDS)
    return poor, mixed, good


def _safeguards(levels: Levels) -> str:
    severity, likelihood, floor = levels.residual_floor
    rows = [(channel, _says(levels.safeguards[channel]) or "none") for channel in CHANNELS]
    return _page(
        "The residual class is worked out again from the channels that no *verified* safeguard answers; it is at most "
        "one class below the inherent one. Safeguards never change severity, a gate or a flag.",
        table(("Channel", "Safeguards that answer it"), rows),
        f"At severity {severity} with likelihood {likelihood} or more the residual class stays at least "
        f"{levels.classes[floor]}: a contract does not undo harm of that kind.",
    )


def _limited_use(levels: Levels) -> str:
    rows = [(_says([before]), _says([after])) for before, after in levels.limited_use.items()]
    return _page(
        "A claim of low-intrusion use turns these capabilities into those, and no others. It counts with a verified "
        "end user; for what may be a security body only with a good record or evidence attached.",
        table(("Capability", "Counts as"), rows),
    )


def _thresholds(levels: Levels) -> str:
    rows = [
        (f"`{name}`", f"{t.value:g}", t.unit, t.means, t.because, t.looked_at.isoformat())
        for name, t in levels.thresholds.items()
    ]
    return table(("Threshold", "Value", "Unit", "Means", "Because", "Looked at"), rows)
