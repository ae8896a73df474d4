"""Evidence is a document that somebody can open; a promise of one is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[[str, object], Any]


@pytest.mark.parametrize(
    "cell",
    ["to follow", "Pending", "will be provided by the customer", "TBC; to follow", "requested\nawaiting customer",
     "yes", "ok", "x", "see above", "to follow 12/2026", "folgt", "en attente du client", "pendiente", "attached",
     "not yet"],
)  # fmt: skip
def test_a_promise_is_no_evidence_and_is_reported(cell: str, read: Read) -> None:
    """What names no document counts as none, and the row says so."""
    value, doubt, told = read("evidence", cell)
    assert (value, doubt) == (None, False)
    assert "names no document" in told or "is read as unknown" in told


@pytest.mark.parametrize("cell", ["n/a", "-", "none", "", None])
def test_nothing_is_no_evidence_without_a_word(cell: object, read: Read) -> None:
    """A dash is a blank."""
    assert read("evidence", cell) == (None, False, None)


@pytest.mark.parametrize("cell", ["TBC", "unknown", "?"])
def test_an_unknown_is_no_evidence(cell: str, read: Read) -> None:
    """A placeholder is blank and told."""
    assert read("evidence", cell) == (None, False, f'"{cell}" is read as unknown')


@pytest.mark.parametrize(
    "cell",
    ["report.pdf", "https://example.org/file/1", "EUS-2026-014", "4711", "KYC file", "to follow; contract.docx",
     "see end-user certificate", "Registerauszug", "email of 3 March"],
)  # fmt: skip
def test_what_names_a_document_is_evidence(cell: str, read: Read) -> None:
    """A link, a file name, a number or the name of a document is taken as it stands."""
    assert read("evidence", cell) == (cell, False, None)
