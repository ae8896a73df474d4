"""Fingerprints of files: equal fingerprints, equal bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path


def of_file(path: Path) -> str:
    """A fingerprint of what a file holds, of 128 bits; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def of_text(text: str) -> str:
    """A fingerprint of a text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
