"""What can go wrong with a workbook file, each in one sentence that a person can act on.

Nothing is ever changed in the user's file when one of these is raised.
"""

from __future__ import annotations

from hrdd.errors import HrddError, NoTransactions

__all__ = [
    "CannotWriteHere",
    "ChangedMeanwhile",
    "Declined",
    "HostileFile",
    "NoTransactions",
    "NotAWorkbook",
    "NotAsIntended",
    "OpenElsewhere",
    "ProtectedByPassword",
    "Unreadable",
    "WorkbookError",
]


class WorkbookError(HrddError):
    """Any error about a workbook file."""


class NotAWorkbook(WorkbookError):
    """A file that is no workbook, or one that is cut off or damaged."""


class ProtectedByPassword(WorkbookError):
    """An encrypted workbook, and no password or the wrong one was given."""


class OpenElsewhere(WorkbookError):
    """A workbook that is open in Excel or LibreOffice now."""


class CannotWriteHere(WorkbookError):
    """A place that cannot be written: read-only, full, or not a plain file."""


class ChangedMeanwhile(WorkbookError):
    """A file that somebody saved anew between reading it and writing its results."""


class HostileFile(WorkbookError):
    """A file built to exhaust memory or time, or to mislead a reader; it is not opened further."""


class Unreadable(WorkbookError):
    """A workbook that the reader gave up on, with what it said."""


class Declined(WorkbookError):
    """An edit that would not be free of loss; said before anything is written.

    `--rewrite` may still do it, with a list of what is lost, when `rewritable` is true.
    """

    def __init__(self, sentence: str, *, rewritable: bool = True) -> None:
        super().__init__(sentence)
        self.rewritable = rewritable


class NotAsIntended(WorkbookError):
    """What was written differs from what was meant when it was checked; nothing was replaced."""
