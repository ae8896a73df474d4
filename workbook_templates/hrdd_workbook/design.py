"""One workbook as it is to be drawn: its language, its columns, and where each of them stands."""

from __future__ import annotations

from dataclasses import dataclass

from hrdd.translations import ENGLISH, say_in

from . import layout
from .choice_lists import LISTS, ChoiceList, choice_lists
from .layout import Field, Say
from .refs import letters

#: The bands of a workbook that asks for no more than a finance export usually has.
_ESSENTIAL_BANDS = frozenset({"Order", "Essentials", "Your decision"})


@dataclass(frozen=True)
class Design:
    """The columns and lists of a workbook in its language; `say` turns an English text into that language."""

    fields: tuple[Field, ...] = layout.FIELDS
    lists: tuple[ChoiceList, ...] = LISTS
    say: Say = str
    language: str = ENGLISH

    @property
    def transactions(self) -> str:
        """The name of the sheet that is filled in."""
        return self.say(layout.TRANSACTIONS_SHEET)

    def column(self, key: str) -> int:
        """The number of a column, from one."""
        return next(at for at, field in enumerate(self.fields, start=1) if field.key == key)

    def letter(self, key: str) -> str:
        """The letters of a column."""
        return letters(self.column(key))

    def whole(self, key: str) -> str:
        """The whole column below its header, as formulas refer to it."""
        letter = self.letter(key)
        return f"'{self.transactions}'!${letter}${layout.FIRST_ROW}:${letter}${layout.LAST_SHEET_ROW}"

    @property
    def in_sight(self) -> int:
        """How many columns are always in sight; they stand first."""
        return sum(field.level == 0 for field in self.fields)


def design(*, essentials: bool = False, language: str = ENGLISH) -> Design:
    """The columns of a workbook in a language: all of them, or those that a finance export usually has."""
    say = say_in(language)
    lists = choice_lists(say)
    fields = layout.fields(lists, say)
    if essentials:
        kept = {
            key for band in layout.BANDS if band.title in _ESSENTIAL_BANDS or band.tone == "result" for key in band.keys
        }
        fields = tuple(field for field in fields if field.key in kept)
    return Design(fields, lists, say, language)
