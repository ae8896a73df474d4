"""Errors that are part of the product: one clear sentence each, for a person who can act on it."""

from __future__ import annotations


class HrddError(Exception):
    """Something a user can mend: says what, where, what was expected and what to do.

    Bugs are never of this type, so a door may print it without a traceback.
    """


class UnknownRule(HrddError):
    """A rule id that the catalogue does not have."""


class BadCatalogue(HrddError):
    """A rule pack or level file that does not follow its schema."""


class NoTransactions(HrddError):
    """A table or sheet in which no transactions could be recognised."""


class RepeatedColumn(HrddError):
    """A table in which two columns claim to be the same input."""
