"""What country a cell means: codes, names and spellings of some 50 languages, with every doubt said aloud.

A wrong country is worse than none: names that two countries share, disputed and sub-national names, and near spellings
that could be two countries stay unresolved, with a note that says what to write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hrdd.reference.names import Unresolvable, aliases, codes, countries, fold, main_names, unresolvable
from hrdd.reference.spelling import Near, nearest

How = Literal["code", "name", "alias", "near", "none"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The country that a text means, and how that was found; no country (None) where there is doubt.

    `note` says what was read into the text ("near"), or why there is no country and what to write ("none").
    """

    iso3: str | None
    how: How
    note: str | None = None


BLANK = Resolution(None, "none")
_UNKNOWN = Resolution(None, "none", "it is not a country name or code that is known; write the name or ISO code")
_SPLITS = re.compile(r"\s*[,/;|:()\[\]]\s*|\s+[-–—]\s+|\s+[-–—]|[-–—]\s+")
_BRACKETS = re.compile(r"(.+?)\s*[(\[](.+)[)\]]\s*")
# Words that sheets use for "not available" and "no"; in capitals they are the codes of countries.
_WORDS_LIKE_CODES = {"na", "no"}
# Countries whose name, with something in brackets behind it, may be another's: Guinea (Bissau), Dominica (Republic).
_NOT_WITH_BRACKETS = {"DMA", "GEO", "GIN", "GUY", "IRL", "NER", "SDN", "WSM"}
# Short endings of an address that are no state of the USA.
_TRUSTED_SHORT = {"us", "uk", "uae", "usa", "ksa", "prc"}
_GEORGIAN_CITIES = {"tbilisi", "batumi", "kutaisi", "rustavi", "poti", "gori", "zugdidi"}


def resolve_countries(values: Sequence[str | None]) -> list[Resolution]:
    """The country of each text, in the order given.

    Works value by value without a cache of its own: hand over the distinct values of a column. Never raises.
    """
    return [BLANK if value is None or not value.strip() else _resolve(value.strip()) for value in values]


def _resolve(text: str) -> Resolution:
    steps = (_code, _blocked, _whole, _parts, _bracketed, _address, _spelled)
    return next((found for step in steps if (found := step(text)) is not None), _UNKNOWN)


def _code(text: str) -> Resolution | None:
    """ISO 3166-1 codes in any case; a number is read with its leading zeros."""
    if fold(text) in _WORDS_LIKE_CODES:
        return _word_or_code(text)
    if re.fullmatch(r"[A-Za-z]{2,3}|\d{3}", text) and (iso3 := codes().get(text.upper())):
        return Resolution(iso3, "code")
    if re.fullmatch(r"\d{1,2}", text) and (iso3 := codes().get(text.zfill(3))):
        return _near(text, iso3, f"the numeric code {text.zfill(3)}")
    return None


def _word_or_code(text: str) -> Resolution:
    """NA and NO in capitals are Namibia and Norway, said aloud; "n/a" and "no" in other forms are no country."""
    if iso3 := codes().get(text):
        return _near(text, iso3, "as a code; leave the cell blank if it means something else")
    return Resolution(None, "none", 'it may mean "not available" or "no"; write the name of the country')


def _blocked(text: str) -> Resolution | None:
    """Names that stand for no one country."""
    name = unresolvable().get(fold(text))
    return Resolution(None, "none", _question(name)) if name else None


def _question(name: Unresolvable) -> str:
    """Why a name stands for no one country, and what to write instead."""
    if name.why.startswith("a former"):
        return f"it is {name.why}; write the country of today"
    if not name.candidates:
        return f"it is {name.why}; write the one country that is meant"
    if len(name.candidates) == 1:
        return f"it is {name.why}; write {_label(name.candidates[0])}, and the region in its own column"
    return f"it may mean {name.why}: {_either(name.candidates)}; write which"


def _whole(text: str) -> Resolution | None:
    """The whole text is a known name, also with its parts in another order: "Korea, Republic of"."""
    if (iso3 := main_names().get(fold(text))) is not None:
        return Resolution(iso3, "name")
    spellings = (text.casefold(), fold(text), _turned(text))
    iso3 = next((aliases()[name] for name in spellings if name in aliases()), None)
    return Resolution(iso3, "alias") if iso3 else None


def _turned(text: str) -> str:
    """The last part first: "South Sudan, Republic of" and "Sudan (South)" as one would say them."""
    bracketed = _BRACKETS.fullmatch(text)
    first, last = bracketed.groups() if bracketed else text.rpartition(",")[::2]
    return fold(f"{last} {first}") if first else ""


def _exact(part: str) -> Resolution | None:
    return _code(part) or _blocked(part) or _whole(part)


def _parts(text: str) -> Resolution | None:
    """Two spellings of one country side by side: "Germany (DE)", "DE - Germany", "Myanmar / Burma"."""
    parts = [part for part in _SPLITS.split(text) if part]
    if len(parts) < 2:
        parts = _code_and_name(text)
    found = [_exact(part) for part in parts]
    meant = sorted({one.iso3 for one in found if one and one.iso3})
    if len(meant) > 1:
        return Resolution(None, "none", f"it names {len(meant)} countries: {_either(meant)}; write one")
    if not meant or None in found:
        return None
    if all(one and one.iso3 for one in found):
        return Resolution(meant[0], "alias")
    return _with_region(text, meant[0], parts)


def _code_and_name(text: str) -> list[str]:
    """Split "DE Germany" into ["DE", "Germany"], where the first or last word is a code in capitals."""
    words = text.split()
    if len(words) < 2:
        return []
    if words[0].isupper() and words[0] in codes():
        return [words[0], " ".join(words[1:])]
    if words[-1].isupper() and words[-1] in codes():
        return [" ".join(words[:-1]), words[-1]]
    return []


def _with_region(text: str, iso3: str, parts: list[str]) -> Resolution | None:
    """A country beside a name that must be asked about: one of its own regions is no doubt about the country."""
    asked = [unresolvable()[fold(part)] for part in parts if fold(part) in unresolvable()]
    if asked and all(name.candidates == (iso3,) for name in asked):
        return _near(text, iso3, "a country with a region of it")
    if asked and all(iso3 in name.candidates for name in asked):
        return _near(text, iso3, "the country that the text names beside a shared or disputed name")
    return None


def _bracketed(text: str) -> Resolution | None:
    """A country with a remark in brackets: "Myanmar (formerly Burma)"; not where the name is part of another's."""
    bracketed = _BRACKETS.fullmatch(text)
    found = _exact(bracketed.group(1)) if bracketed else None
    if bracketed is None or found is None or found.iso3 is None or fold(bracketed.group(2)) in unresolvable():
        return None
    if found.iso3 in _NOT_WITH_BRACKETS:
        return None
    return _near(text, found.iso3, "the name before the brackets")


def _address(text: str) -> Resolution | None:
    """The last part of an address: "Dubai, UAE". Two-letter endings may be states of the USA and are not read."""
    head, comma, tail = text.rpartition(",")
    tail = tail.strip()
    if not comma or (len(tail) < 3 and tail.casefold() not in _TRUSTED_SHORT):
        return None
    found = _exact(tail)
    if found is None or found.iso3 is None:
        return found
    places = {fold(part) for part in head.split(",")}
    if found.iso3 == "GEO" and not places & _GEORGIAN_CITIES:
        return Resolution(None, "none", "Georgia may be the country or the state of the USA; write GEO or USA")
    if any(
        fold(place) in unresolvable() and found.iso3 not in unresolvable()[fold(place)].candidates for place in places
    ):
        return None
    return _near(text, found.iso3, "the end of an address")


def _spelled(text: str) -> Resolution | None:
    """A near spelling of one country and of no other."""
    near: Near = nearest(fold(text))
    if near.iso3 is not None:
        return _near(text, near.iso3, "a near spelling")
    if near.suggestions:
        return Resolution(None, "none", f"it is near to {_either(near.suggestions)}; write which")
    return None


def _near(text: str, iso3: str, why: str) -> Resolution:
    return Resolution(iso3, "near", f'"{text[:60]}" was read as {_label(iso3)}: {why}')


def _label(iso3: str) -> str:
    return f"{countries()[iso3].name} ({iso3})"


def _either(candidates: Sequence[str]) -> str:
    return " or ".join(_label(iso3) for iso3 in candidates)
