"""Which data speak for which signal: the figures behind a country's record, and the passports of every file."""

from __future__ import annotations

from hrdd.reference import Passport
from hrdd.signal_table import signal_table

_LIBERTIES = ("civil_liberties", "freedom_expression")
_RECORD = (*_LIBERTIES, "rule_of_law")
_STANDS_IN = ("wgi_voice", "wgi_rule_of_law")

#: The indicators that speak for a signal; those of a second line stand in where the first has no figure.
FIGURES: dict[str, tuple[tuple[str, ...], ...]] = {
    "C-HRPOOR": (_LIBERTIES, ("wgi_voice",)),
    "C-HRMIXED": (_RECORD, _STANDS_IN),
    "C-NOLAW": (("rule_of_law",),),
    "C-WEAKLAW": (("rule_of_law",),),
    "C-EXPRESSION": (("freedom_expression",),),
    "C-CIVIC": (("civil_society",),),
    "C-AUTOCRACY": (("regime",),),
    "C-UNREST": (("conflict_deaths",),),
    "E-TIES": (_RECORD, _STANDS_IN),
    "E-STATETELCO": (_RECORD, _STANDS_IN),
}

#: What reads the files that no signal names: the cells that are understood with them.
_READERS = {
    "countries.csv": "reading of countries",
    "country_aliases.csv": "reading of countries",
    "unresolvable_names.csv": "reading of countries",
    "categories.csv": "reading of products",
    "wording_products.csv": "reading of products",
    "wording_trade_names.csv": "reading of products",
    "wording_end_users.csv": "reading of end users",
    "wording_end_uses.csv": "reading of end uses",
}
_BACKTEST = "cases.csv"


def signals_of(passport: Passport) -> tuple[str, ...]:
    """The signals that the data of a passport speak for, by id."""
    stem = passport.file.removesuffix(".csv")
    return tuple(
        name for name, words in signal_table().items() if stem in words.uses and speaks_for(passport, figures_of(name))
    )


def figures_of(signal: str) -> frozenset[str]:
    """All indicators that may speak for a signal."""
    return frozenset(name for line in FIGURES.get(signal, ()) for name in line)


def speaks_for(passport: Passport, figures: frozenset[str]) -> bool:
    """Whether a passport is that of some of the figures; one of a whole file is that of all."""
    return not passport.columns or not figures.isdisjoint(passport.columns)


def used_by(passport: Passport) -> str:
    """What the data of a passport are used for: signals by id, the reading of cells, backtests, or nothing yet."""
    if passport.file == _BACKTEST:
        return "hrdd backtest"
    return ", ".join(signals_of(passport)) or _READERS.get(passport.file, "nothing yet")
