"""The lock holds the catalogue still."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdd.packs import Catalogue, lock
from hrdd.packs.lock import LOCK_FILE, Locked, current, lock_text, parse_lock, refusals


def test_the_lock_is_the_catalogue(catalogue: Catalogue) -> None:
    """Each rule stands in the lock as it is; after a change step its revision and run python -m hrdd.packs.lock."""
    locked = parse_lock(LOCK_FILE.read_text(encoding="utf-8"))
    assert refusals(current(catalogue), locked) == []
    assert current(catalogue) == locked
    assert LOCK_FILE.read_text(encoding="utf-8") == lock_text(current(catalogue))


def test_a_silent_change_is_refused() -> None:
    """Changed words under the same revision are refused; with the next revision they pass."""
    locked = {"A-1": Locked("1", "aaaa")}
    assert "A-1 has changed since revision 1" in refusals({"A-1": Locked("1", "bbbb")}, locked)[0]
    assert refusals({"A-1": Locked("2", "bbbb")}, locked) == []
    assert refusals({"A-1": Locked("1", "aaaa"), "A-2": Locked("1", "cccc")}, locked) == []


def test_an_id_never_goes() -> None:
    """A rule that is gone is refused; ids stay reserved."""
    assert refusals({}, {"A-1": Locked("1", "aaaa")}) == [
        "A-1 is gone; ids stay reserved, so keep it with status: retired."
    ]


def test_the_command_rewrites_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], catalogue: Catalogue
) -> None:
    """Without a lock it writes one; with a silent change it writes nothing and says which rule."""
    path = tmp_path / "catalogue.lock"
    monkeypatch.setattr(lock, "LOCK_FILE", path)
    assert lock.main() == 0
    written = path.read_text(encoding="utf-8")
    assert parse_lock(written) == current(catalogue)
    tampered = lock_text({**current(catalogue), "DEF-01": Locked("1", "0" * 16)})
    path.write_text(tampered, encoding="utf-8")
    assert lock.main() == 1
    assert path.read_text(encoding="utf-8") == tampered
    assert "DEF-01 has changed since revision 1" in capsys.readouterr().err
