"""What a command takes with all the processes that it starts: seconds, processor time, memory. Linux only."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HRDD = (sys.executable, "-c", "import sys; from hrdd_cli.main import main; sys.argv[0] = 'hrdd'; main()")
_EVERY = 0.1


@dataclass(frozen=True)
class Used:
    """Wall seconds, CPU seconds and peak megabytes: of all processes at once, and of the largest of them."""

    wall: float
    cpu: float
    together: float
    largest: float


def run(command: Sequence[str | Path], cores: int | None = None, fine: Sequence[int] = (0,)) -> Used:
    """Run a command to its end, on so many cores; ends this program where it fails otherwise than is fine."""
    cpu, start = _children(), time.perf_counter()
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        if cores is not None:
            os.sched_setaffinity(child.pid, sorted(os.sched_getaffinity(0))[-cores:])
        together, largest = _watched(child)
        told = child.stdout.read() if child.stdout else b""
    if child.returncode not in fine:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{told.decode()[-4000:]}")
    return Used(time.perf_counter() - start, _children() - cpu, together, largest)


def _watched(child: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Peak megabytes while a process runs. Its output must fit a pipe: ask for little."""
    together = largest = 0.0
    while child.poll() is None:
        held = [_resident(process) for process in tree(child.pid)]
        together, largest = max(together, sum(held)), max(largest, *held, 0.0)
        time.sleep(_EVERY)
    return together, largest


def tree(process: int) -> Iterator[int]:
    """A process and all that it has started, and these."""
    yield process
    try:
        children = [
            Path(f"/proc/{process}/task/{task.name}/children") for task in Path(f"/proc/{process}/task").iterdir()
        ]
        below = [int(word) for path in children for word in path.read_text(encoding="ascii").split()]
    except OSError:
        return
    for each in below:
        yield from tree(each)


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6


def handles(process: int) -> int:
    """How many files, pipes and sockets a process has open."""
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def resident(process: int) -> float:
    """Megabytes that a process and all that it has started hold now."""
    return sum(map(_resident, tree(process)))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
