"""Counts in words: one row, two rows."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 row", "306 rows"; `noun` is the singular of one that takes an s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
