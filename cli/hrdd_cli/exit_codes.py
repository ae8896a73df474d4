"""What the exit codes mean. Scripts rely on them; they never change meaning."""

from __future__ import annotations

DONE = 0
REACHED = 1
USAGE = 2
SOME_FAILED = 3
NOTHING_DONE = 4
#: As of any program that Ctrl-C ends, or that writes into a pipe which nobody reads.
STOPPED = 130
NOT_READ = 141

EPILOG = (
    "Exit codes: 0 done; 1 done, and what --fail-on names was reached; 2 the command line is wrong; "
    "3 some files failed, the rest are done; 4 nothing could be done; 130 stopped by Ctrl-C."
)
