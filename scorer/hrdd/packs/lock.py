"""The lock on the catalogue: nothing that a rule asks or says changes without a step of its revision.

`python -m hrdd.packs.lock` rewrites the lock file after such a step, and refuses without one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hrdd.packs.catalogue import Catalogue, pack_fingerprint, rule_fingerprint
from hrdd.packs.loading import load_catalogue

LOCK_FILE = Path(__file__).with_name("catalogue.lock")
_HEAD = "# id, revision, fingerprint of questions and words. Written by python -m hrdd.packs.lock; do not edit.\n"


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock holds of one pack or rule."""

    revision: str
    fingerprint: str


def current(catalogue: Catalogue) -> dict[str, Locked]:
    """Give what a lock of this catalogue holds: packs and rules by id, in order."""
    found = {}
    for pack in catalogue.packs:
        found[pack.id] = Locked(pack.version, pack_fingerprint(pack))
        found.update({rule.id: Locked(str(rule.revision), rule_fingerprint(rule)) for rule in pack.rules})
    return found


def parse_lock(text: str) -> dict[str, Locked]:
    """Read the text of a lock file."""
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {name: Locked(revision, fingerprint) for name, revision, fingerprint in lines}


def lock_text(locked: Mapping[str, Locked]) -> str:
    """Write the text of a lock file."""
    lines = (f"{name} {entry.revision} {entry.fingerprint}\n" for name, entry in locked.items())
    return _HEAD + "".join(lines)


def refusals(now: Mapping[str, Locked], locked: Mapping[str, Locked]) -> list[str]:
    """List what forbids to rewrite the lock: silent changes and ids that are gone."""
    gone = [
        f"{name} is gone; ids stay reserved, so keep it with status: retired." for name in locked if name not in now
    ]
    silent = [
        f"{name} has changed since revision {entry.revision}; step its revision and say why in its changes."
        for name, entry in locked.items()
        if name in now and now[name].fingerprint != entry.fingerprint and now[name].revision == entry.revision
    ]
    return gone + silent


def main() -> int:
    """Rewrite the lock file; give 1 and change nothing where a change has no new revision."""
    now = current(load_catalogue())
    locked = parse_lock(LOCK_FILE.read_text(encoding="utf-8")) if LOCK_FILE.exists() else {}
    problems = refusals(now, locked)
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        return 1
    LOCK_FILE.write_text(lock_text(now), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
