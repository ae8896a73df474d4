"""One worker thread beside the caller: zlib lets go of the interpreter, so a second core inflates or deflates."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

_DEPTH = 8
#: Seconds after which the busy thread hands over; the usual 5 ms would let the other core wait for it.
_SWITCH = 0.0005
_T = TypeVar("_T")


def read_ahead(pieces: Iterator[_T], depth: int = _DEPTH) -> Iterator[_T]:
    """The same pieces, produced by a thread up to `depth` ahead; its exceptions are raised here."""
    held: queue.Queue[_T | BaseException | None] = queue.Queue(depth)
    stop = threading.Event()
    thread = threading.Thread(target=_produce, args=(pieces, held, stop), daemon=True)
    thread.start()
    try:
        while (item := held.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        while thread.is_alive():
            _drain(held)
            thread.join(0.01)


def _produce(pieces: Iterator[_T], held: queue.Queue[_T | BaseException | None], stop: threading.Event) -> None:
    last: BaseException | None = None
    try:
        for piece in pieces:
            if stop.is_set():
                return
            held.put(piece)
    except BaseException as error:  # noqa: BLE001  # carried to the thread that reads
        last = error
    held.put(last)


def _drain(held: queue.Queue[_T]) -> None:
    while True:
        try:
            held.get_nowait()
        except queue.Empty:
            return


def write_behind(pieces: Iterator[_T], consume: Callable[[_T], None], depth: int = _DEPTH) -> None:
    """Feed every piece to `consume` in a thread while the next ones are made; its exceptions are raised here."""
    held: queue.Queue[_T | None] = queue.Queue(depth)
    failed: list[BaseException] = []

    def work() -> None:
        while (piece := held.get()) is not None:
            if not failed:
                try:
                    consume(piece)
                except BaseException as error:  # noqa: BLE001  # carried to the thread that writes
                    failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        for piece in pieces:
            if failed:
                break
            held.put(piece)
    finally:
        held.put(None)
        thread.join()
        sys.setswitchinterval(before)
    if failed:
        raise failed[0]
