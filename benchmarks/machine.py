"""What a figure was measured on, and how busy that was."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("hrdd", "numpy", "pandas", "ahocorasick-rs", "openpyxl", "python-calamine", "zen-engine")
ADDITIONS = 20_000_000


def pin_to_one_core() -> None:
    """Keep this process on one core, where the system can; a busy second core then tells nothing."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process, all threads; it leaves out the time that other processes took the core."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def additions() -> int:
    """A fixed piece of plain Python work, to tell a slow program from a slow machine."""
    total = 0
    for number in range(ADDITIONS):
        total += number
    return total


def described() -> list[str]:
    """The machine, its load, Python and the libraries, a line each."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return [
        f"Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; load {load}",
        f"Python {platform.python_version()} ({platform.python_implementation()}); {libraries}",
        "Absolute times mean little on a shared machine; compare the ratios, which were measured side by side.",
    ]


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
