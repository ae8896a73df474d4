"""Cell references: column letters and ranges, as numbers counted from one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?\Z")


@cache
def letters(column: int) -> str:
    """The letters of a column: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def column_number(text: str) -> int:
    """The number of a column given by letters; the inverse of `letters`."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def pattern_from(column: int) -> bytes:
    """A pattern of bytes for the letters of this column and of every column right of it."""
    text = letters(column)
    after = (
        f"{text[:at]}[{chr(ord(letter) + 1)}-Z]" + "[A-Z]" * (len(text) - at - 1)
        for at, letter in enumerate(text)
        if letter != "Z"
    )
    longer = ["[A-Z]" * length for length in range(len(text) + 1, 4)]
    return f"(?:{'|'.join([text, *after, *longer])})".encode()


def pattern_before(column: int) -> bytes:
    """A pattern of bytes for the letters of every column left of this one; it matches nothing left of the first."""
    text = letters(column)
    before = (
        f"{text[:at]}[A-{chr(ord(letter) - 1)}]" + "[A-Z]" * (len(text) - at - 1)
        for at, letter in enumerate(text)
        if letter != "A"
    )
    shorter = ["[A-Z]" * length for length in range(1, len(text))]
    return f"(?:{'|'.join([*before, *shorter])})".encode()


@dataclass(frozen=True)
class Area:
    """A rectangle of cells: first and last row and column, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first = f"{letters(self.left)}{self.top}"
        last = f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def meets(self, other: Area) -> bool:
        """Whether the two share a cell."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def area(ref: str) -> Area | None:
    """Read "B4:M20" or "B4"; None for anything else, such as whole columns."""
    match = _RANGE.match(ref.strip())
    if not match:
        return None
    left, top = column_number(match[1]), int(match[2])
    right = column_number(match[3]) if match[3] else left
    bottom = int(match[4]) if match[4] else top
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
