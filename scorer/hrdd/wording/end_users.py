"""What the name of an end user says about the kind of party it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from hrdd.wording.lexicon import Bits, Bools, Found, Hits, Ints, Lexicon, Words, lexicon
from hrdd.wording.slips import slips

_STATE_TELECOM = "State-owned telecom"
_PRIVATE_TELECOM = "Private telecom"
_CIVIL = "Other civil government"
_COMPANY = "Private company"
_FORWARDER = "Freight forwarder"

SECURITY_TYPES = (
    "Intelligence or state security",
    "Military",
    "Police or law enforcement",
    "Border or customs",
    "Prison or detention",
)
GOVERNMENT_TYPES = (
    *SECURITY_TYPES,
    "Telecom ministry or regulator",
    _STATE_TELECOM,
    "Government regulator",
    _CIVIL,
    "State-owned enterprise",
)
_SERVICES = (
    "International organisation",
    "Fire or rescue",
    "Medical",
    "Research or education",
    "Public transport",
)
#: Which type stands when a name allows several: the one that asks for most care.
_ORDER = (
    *GOVERNMENT_TYPES,
    *_SERVICES,
    "Surveillance vendor",
    _FORWARDER,
    "Cloud or compute reseller",
    _PRIVATE_TELECOM,
    "Technology vendor",
    _COMPANY,
)

#: What may stand between a country and "telecom" in the name of a national operator.
_BETWEEN = re.compile(rb" ?(?:(?:of|de|du|the|la|le|d|company|corporation|authority|operator|national) ?)*")
_SHARE = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s*(?:%|٪|％|per\s?cent|percent|pct\b|prozent|por ?ciento|pour ?cent)", re.IGNORECASE
)
_PER_CENT = re.compile(r"[%٪％]|[cz]ent|pct", re.IGNORECASE)
_HELD = re.compile(
    r"own|held|hold|stake|share|subsidiar|parent|propri|détenu|detenu|filiale|gehör|besitz|anteil|tochter|"
    r"participa|propiedad|controlad|posse|eigendom|udział|własno|принадлеж|дол[яи]|владе|належ|част[кц]|"
    r"sahip|hisse|مملوك|حصة|سهم|持股|控股|所有|出資|保有|지분|소유|dimiliki|saham|sở hữu|listed",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class EndUserReading:
    """What end-user texts allow, one item per text.

    `type` is a label of the end-user types, the gravest reading, or None. `security`: the words allow a police,
    military, intelligence, border or prison reading, also behind "government agency". `government`: any public
    body. `listed`: the text itself says that the party or its owner is on a list. `owned_share`: the share in
    per cent that the text says somebody holds, else nan. `placeholder`: no name at all. `forwarder`: a freight
    forwarder. `matched`: the words that decided.
    """

    type: Words
    security: Bools
    government: Bools
    listed: Bools
    owned_share: npt.NDArray[np.float64]
    placeholder: Bools
    forwarder: Bools
    matched: Words


@cache
def _bit(label: str) -> np.uint64:
    return np.uint64(1 << _ORDER.index(label))


@cache
def _any_bit(labels: tuple[str, ...]) -> np.uint64:
    return np.uint64(sum(1 << _ORDER.index(label) for label in labels))


def read_end_users(texts: Sequence[object]) -> EndUserReading:
    """Infer the kind of party from its name, in any of the known languages; security words win over civil ones."""
    words = lexicon("end_users")
    found = words.find(texts)
    reading = _read(words, found, texts)
    rows, righted = slips("end_users").righted(found)
    if len(rows):
        _doubt(reading, rows, _read(words, words.find(righted), righted))
    return reading


def _doubt(reading: EndUserReading, rows: Ints, righted: EndUserReading) -> None:
    """Allow a security reading, and no type, where a name reads as a security body with its slips put right."""
    graver = righted.security & ~reading.security[rows]
    doubted = rows[graver]
    reading.type[doubted] = None
    reading.security[doubted] = True
    reading.matched[doubted] = righted.matched[graver]


def _read(words: Lexicon, found: Found, texts: Sequence[object]) -> EndUserReading:
    """What the words say as they are written."""
    hits = words.hits(found)
    firm, loose = _types(words, found, hits)
    bits = firm | loose
    placeholder = _placeholder(words, found, texts)
    kind = _gravest(bits)
    kind[placeholder] = None
    return EndUserReading(
        type=kind,
        security=_security(words, hits, bits) & ~placeholder,
        government=(bits & _any_bit(GOVERNMENT_TYPES) != 0) & ~placeholder,
        listed=hits.of(words.marks("mark", "listed")).any(),
        owned_share=_shares(texts),
        placeholder=placeholder,
        forwarder=bits & _bit(_FORWARDER) != 0,
        matched=_matched(words, hits, kind),
    )


def _types(words: Lexicon, found: Found, hits: Hits) -> tuple[Bits, Bits]:
    """Bits of the types named; loose words ("county", "intelligence") give way to a company or a service."""
    named = words.marks("type") | words.marks("ordinary") | words.marks("brand")
    firm = hits.bits(words.bits_of(_ORDER, named & words.is_firm))
    loose = hits.bits(words.bits_of(_ORDER, named & ~words.is_firm))
    firm[_national_telecom(words, found, firm)] |= _bit(_STATE_TELECOM)
    yields = firm & _any_bit((*_SERVICES, _COMPANY)) != 0
    loose[yields] = 0
    return firm, loose


def _national_telecom(words: Lexicon, found: Found, firm: Bits) -> Bools:
    """Names that join a country and "telecom" ("Telecom Egypt"), unless they carry a private operator's name."""
    telecom = words.positions(found, words.marks("type", _PRIVATE_TELECOM))
    country = words.positions(found, words.marks("country"))
    both = np.zeros(len(found.begins), dtype=bool)
    for row in np.intersect1d(found.rows[telecom], found.rows[country]):
        both[row] = _is_joined(found, telecom[found.rows[telecom] == row], country[found.rows[country] == row])
    branded = np.zeros(len(found.begins), dtype=bool)
    branded[found.rows[words.positions(found, words.marks("brand"))]] = True
    return np.asarray(both & ~branded & (firm & _bit(_PRIVATE_TELECOM) != 0), dtype=bool)


def _is_joined(found: Found, telecoms: npt.NDArray[np.int64], countries: npt.NDArray[np.int64]) -> bool:
    for one in telecoms:
        for other in countries:
            first, second = sorted((one, other), key=lambda n: (int(found.starts[n]), int(found.ends[n])))
            between = found.line[int(found.ends[first]) : int(found.starts[second])]
            if found.starts[first] != found.starts[second] and _BETWEEN.fullmatch(between):
                return True
    return False


def _gravest(bits: Bits) -> Words:
    kind = np.full(len(bits), None, dtype=object)
    for label in reversed(_ORDER):
        kind[bits & _bit(label) != 0] = label
    return kind


def _security(words: Lexicon, hits: Hits, bits: Bits) -> Bools:
    """Security types, and bare "government agency", "security", "presidency" with no civil purpose beside it."""
    bare = hits.of(words.marks("mark", "security")).any()
    civil = bits & _any_bit((*_SERVICES, _COMPANY, _PRIVATE_TELECOM, _FORWARDER)) != 0
    civil |= hits.of(words.marks("civil")).any()
    typed = bits & _any_bit(SECURITY_TYPES) != 0
    return np.asarray(typed | (bare & ~civil), dtype=bool)


def _placeholder(words: Lexicon, found: Found, texts: Sequence[object]) -> Bools:
    """Texts made only of words such as "unknown" and "various customers", or of signs such as "-" and "?"."""
    empty = words.consists_of(found, words.marks("placeholder") | words.marks("filler"))
    return empty | words.wordless(found, texts)


def _shares(texts: Sequence[object]) -> npt.NDArray[np.float64]:
    """The highest percentage of a text that speaks of ownership."""
    shares = np.full(len(texts), np.nan)
    for row, text in enumerate(texts):
        if isinstance(text, str) and _PER_CENT.search(text):
            shares[row] = _share(text)
    return shares


def _share(text: str) -> float:
    found = [float(number.replace(",", ".")) for number in _SHARE.findall(text)]
    possible = [number for number in found if number <= 100]
    return max(possible) if possible and _HELD.search(text) else float("nan")


def _matched(words: Lexicon, hits: Hits, kind: Words) -> Words:
    named = hits.of(words.marks("type") | words.marks("ordinary") | words.marks("brand"))
    agrees = kind[named.rows] == words.targets[named.entries]
    told = Hits(hits.size, named.rows[agrees], named.entries[agrees]).first(words.terms, words.lengths)
    telecom = hits.of(words.marks("type", _PRIVATE_TELECOM)).first(words.terms, words.lengths)
    return np.where((told == "") & (kind == _STATE_TELECOM), telecom, told)
