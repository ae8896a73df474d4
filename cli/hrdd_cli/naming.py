"""How results are called beside the columns of a table, and which of its columns are results of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrdd.columns import OUTPUTS, HeaderMatch, flag_columns
from hrdd.packs import Catalogue

_PREFIX = "hrdd_"
_PROOF = {"rating", "verdict_id"}


@dataclass(frozen=True)
class Names:
    """The name of each result column by its key, and the positions of the table's columns that they replace."""

    results: Mapping[str, str]
    owned: Mapping[str, int]

    def kept(self, columns: int) -> list[int]:
        """The positions of the columns that are the table's own."""
        ours = set(self.owned.values())
        return [at for at in range(columns) if at not in ours]


def name_results(names: Sequence[str], match: HeaderMatch, catalogue: Catalogue) -> Names:
    """Name results as the inputs are named: by header ("HRDD rating") or by key ("hrdd_rating").

    A table's column with a result's name counts as ours only where rating and verdict id stand there as well;
    else it is the user's, and the result takes the name with "(HRDD)" behind it.
    """
    flags = flag_columns(catalogue.red_flags)
    by_key = sum(names[place] == key for key, place in match.keys.items()) * 2 > len(match.keys)
    shown = {column.key: as_key(column.key) if by_key else column.header for column in (*OUTPUTS, *flags)}
    standing = {name: at for at, name in enumerate(names)}
    owned = {key: standing[name] for key, name in shown.items() if name in standing} or dict(match.owned)
    if not owned.keys() >= _PROOF:
        owned = {}
    taken = {name for at, name in enumerate(names) if at not in owned.values()}
    return Names({key: _free(name, taken) for key, name in shown.items()}, owned)


def as_key(key: str) -> str:
    """A result's key as the name of a column that no input has: "hrdd_rating", "hrdd_2_rf_01"."""
    name = key.lower().replace("-", "_")
    return name if name.startswith(_PREFIX) else _PREFIX + name


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    numbered = (f"{name} (HRDD)", *(f"{name} (HRDD {number})" for number in range(2, len(taken) + 2)))
    return next(other for other in numbered if other not in taken)
