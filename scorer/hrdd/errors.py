"""Errors that are part of the product: one clear sentence each, for a person who can act on it."""

from __future__ import annotations

import errno


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


_REFUSALS = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of its path is a file and no folder",
    errno.EISDIR: "it is a folder",
    errno.EACCES: "you have no right to it",
    errno.EPERM: "you have no right to it",
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EIO: "the disk fails",
    errno.EBUSY: "another program is using it",
    errno.EEXIST: "something of that name is in its place",
}


def why_not(error: Exception) -> str:
    """Why a file could not be read or written, in words that a person can act on.

    >>> why_not(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    'there is no such file or folder'
    """
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    number = error.errno if isinstance(error, OSError) else None
    return _REFUSALS.get(number or 0, f"the system says {error}")
