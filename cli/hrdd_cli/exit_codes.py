"""What the exit codes mean. Scripts rely on them; they never change meaning."""

from __future__ import annotations

DONE = 0
REACHED = 1
USAGE = 2
SOME_FAILED = 3
NOTHING_DONE = 4

EPILOG = (
    "Exit codes: 0 done; 1 done, and what --fail-on names was reached; 2 the command line is wrong; "
    "3 some files failed, the rest are done; 4 nothing could be done."
)
