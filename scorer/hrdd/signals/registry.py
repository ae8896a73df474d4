"""What a signal is: a named observation on a row, asked of all rows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hrdd.signal_table import signal_table
from hrdd.vocabulary import Answer, Rows

Asks = Callable[[Rows], Answer]


@dataclass(frozen=True)
class Signal:
    """One canonical observation: TRUE, FALSE or UNKNOWN for each row.

    Its words stand in the table of signals; `doc` says what it means in full and what it does not see; `asks`
    answers it for all rows.
    """

    id: str
    says: str
    reads: tuple[str, ...]
    uses: tuple[str, ...]
    doc: str
    asks: Asks


def signal(name: str) -> Callable[[Asks], Signal]:
    """Declare the function that answers a signal of the table; its docstring is the public description."""
    words = signal_table()[name]

    def declare(asks: Asks) -> Signal:
        if not asks.__doc__:
            raise TypeError(f"Signal {name} has no docstring that says what it means.")
        return Signal(name, words.says, words.reads, words.uses, " ".join(asks.__doc__.split()), asks)

    return declare
