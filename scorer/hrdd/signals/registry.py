"""What a signal is: a named observation on a row, asked of all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hrdd.vocabulary import Answer, Rows

Asks = Callable[[Rows], Answer]


@dataclass(frozen=True)
class Signal:
    """One canonical observation: TRUE, FALSE or UNKNOWN for each row.

    `says` is a phrase that is true of the row when the signal is TRUE; `reads` are the input columns, `uses`
    the data files (passport ids) that answer it; `doc` says what it means and what it does not see.
    """

    id: str
    says: str
    reads: tuple[str, ...]
    uses: tuple[str, ...]
    doc: str
    asks: Asks


def signal(id: str, says: str, reads: Sequence[str] = (), uses: Sequence[str] = ()) -> Callable[[Asks], Signal]:  # noqa: A002  # a signal has an id
    """Declare a signal; the function's docstring is its public description."""

    def declare(asks: Asks) -> Signal:
        if not asks.__doc__:
            raise TypeError(f"Signal {id} has no docstring that says what it means.")
        return Signal(id, says, tuple(reads), tuple(uses), " ".join(asks.__doc__.split()), asks)

    return declare
