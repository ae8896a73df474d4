"""A few of the faults of `make bench-bulk`: there it is 200 kills, full disks and a clock that jumps as well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "faults.py"


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker processes in /proc")
def test_no_fault_damages_a_workbook_and_a_resumed_run_does_the_rest() -> None:
    """SIGKILL to runs and workers at seeded moments, files deleted and replaced: bytes are the old or the new ones."""
    command = [sys.executable, str(SCRIPT), "kills", "moved", "--times", "2", "--files", "4", "--seed", "3"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("held") == 2
