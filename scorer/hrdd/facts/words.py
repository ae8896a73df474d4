"""Facts inferred from text: product category, end-user type, the character of the stated use.

Everything here is INFERRED: it stands in for a blank, never overrides a choice, and is never lower than the
words allow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hrdd.columns import CATEGORIES
from hrdd.facts.distinct import codes_of, combined, terms_for
from hrdd.method.levels import SEVERITY, Levels
from hrdd.reference import Reference
from hrdd.reference.tables import Misuse
from hrdd.signals.end_user import CIVIL, GOVERNMENT, SECURITY, STATE_TELECOM
from hrdd.vocabulary import certainly, is_one_of, yes_no
from hrdd.wording import read_end_users, read_end_uses, read_products

Facts = dict[str, Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def add_readings(facts: Facts, doubt: dict[str, Mask], words: Mapping[str, Any]) -> None:
    """Read product, end user and end use; complete category and type where no choice was made.

    `words` are cells under category and type that are no choice: they are read with product and end user.
    """
    _add_product(facts, words)
    _add_end_user(facts, words)
    _add_end_use(facts)
    stated = certainly(facts["words_repressive"]) & facts["q_repressive_use"].isna()
    if stated.any():
        doubt["q_repressive_use"] = doubt.get("q_repressive_use", False) | stated.to_numpy(dtype=bool)


def _certain(mask: Any) -> Any:
    return pd.Series(np.asarray(mask, dtype=bool), dtype="boolean")


def _completed(chosen: Any, inferred: np.ndarray[Any, Any]) -> tuple[Any, Mask]:
    """The choice, or the inferred value where there is none; and where it was inferred."""
    open_ = chosen.isna().to_numpy(dtype=bool)
    values = np.where(open_, inferred, chosen.astype(object).to_numpy())
    by_words = open_ & pd.notna(values)
    return pd.Series(pd.Categorical(pd.Series(values, dtype=object))), by_words


def _add_product(facts: Facts, words: Mapping[str, Any]) -> None:
    said = [words["product_category"]] if "product_category" in words else []
    codes, texts = combined([facts["product"], facts["product_description"], *said])
    reading = read_products(texts)
    facts["category"], by_words = _completed(facts["product_category"], reading.category[codes])
    facts["category_inferred"] = _certain(by_words)
    facts["words_category"] = pd.Series(pd.Categorical(pd.Series(reading.category[codes], dtype=object)))
    facts["choice_named"] = _certain(_among(facts["product_category"], reading.candidates, codes))
    facts["words_empty"] = _certain(reading.empty[codes])
    facts["words_product"] = pd.Series(reading.matched[codes], dtype=object)
    facts["words_limited_product"] = _certain(reading.limited[codes])
    facts["words_hint"] = _certain(reading.hints[codes])
    facts["words_covert"] = yes_no(reading.covert[codes], np.zeros(len(codes), dtype=bool))
    facts["words_minority"] = yes_no(reading.minority[codes], np.zeros(len(codes), dtype=bool))


def _among(chosen: Any, candidates: Sequence[Collection[str]], codes: Any) -> Mask:
    """Where the choice is one of the categories that the words name."""
    names = list(chosen.cat.categories)
    named = np.array([[name in found for name in names] + [False] for found in candidates], dtype=bool)
    among: Mask = named.reshape(len(candidates), len(names) + 1)[codes, codes_of(chosen)]
    return among


def _add_end_user(facts: Facts, words: Mapping[str, Any]) -> None:
    said = [words["end_user_type"]] if "end_user_type" in words else []
    codes, texts = combined([facts["end_user"], *said])
    reading = read_end_users(texts)
    facts["type"], by_words = _completed(facts["end_user_type"], reading.type[codes])
    facts["type_inferred"] = _certain(by_words)
    facts["words_end_user"] = pd.Series(reading.matched[codes], dtype=object)
    unchosen = facts["end_user_type"].isna().to_numpy(dtype=bool)
    facts["words_security"] = _certain(reading.security[codes] & unchosen)
    facts["words_forwarder"] = _certain(reading.forwarder[codes] & unchosen)
    facts["words_listed"] = _certain(reading.listed[codes])
    facts["words_owned_share"] = pd.Series(reading.owned_share[codes], dtype="Float64")
    nobody = reading.placeholder[codes]
    facts["end_user"] = facts["end_user"].mask(nobody)


def _add_end_use(facts: Facts) -> None:
    codes, reading = codes_of(facts["end_use"]), read_end_uses([*facts["end_use"].cat.categories, ""])
    said = codes >= 0
    facts["words_vague"] = yes_no(said & reading.vague[codes], said & ~reading.vague[codes])
    natsec = reading.national_security[codes]
    facts["words_national_security"] = yes_no(said & natsec, said & ~natsec)
    facts["words_repressive"] = _certain(said & reading.repressive[codes])
    facts["words_limited_use"] = _certain(said & reading.limit(codes, facts["category"].astype(object).to_numpy()))
    goods = read_products([*facts["end_use"].cat.categories, ""])
    facts["use_category"] = pd.Series(pd.Categorical(pd.Series(goods.category[codes], dtype=object)))


def add_capabilities(facts: Facts, levels: Levels, doubt: Mapping[str, Mask]) -> None:
    """What the category carries, and whether a claim of low-intrusion use counts."""
    severity = levels.axes[SEVERITY]
    facts["category"] = _part_of_a_system(facts)
    facts["use_is_graver"] = _graver_by_use(facts, severity, levels.condition_severity)
    facts["choice_belied"] = _belied(facts, severity, levels.condition_severity)
    for capability in severity:
        carrying = {category.id for category in CATEGORIES if capability in category.signals}
        facts[f"carries:{capability}"] = is_one_of(facts["category"], carrying)
    asked = doubt.get("q_limited_use", np.zeros(len(facts["category"]), dtype=bool))
    facts["limited_use"] = _certain(_claimed(facts) | (_worded(facts) & ~asked))
    gravest = _reaching(severity, levels.condition_severity)
    facts["grave_capability"] = is_one_of(facts["category"], gravest) & ~facts["limited_use"]


def _reaching(severity: Mapping[str, int], level: int) -> set[str]:
    """The categories that carry a capability of that severity or a graver one."""
    return {c.id for c in CATEGORIES if max((severity[name] for name in c.signals), default=0) >= level}


def _graver_by_use(facts: Facts, severity: Mapping[str, int], grave: int) -> Any:
    """Whether the stated use names a grave capability where the product's words name none: tablets "for IJOP checks".

    Not for a civil buyer where the record is good: a firewall there is for protection from what it names.
    """
    mild = facts["category_inferred"] & ~certainly(is_one_of(facts["category"], _reaching(severity, grave)))
    used = certainly(is_one_of(facts["use_category"], _reaching(severity, grave))) & ~facts["words_limited_use"]
    security = certainly(is_one_of(facts["type"], SECURITY) | facts["words_security"])
    return mild & used & (~certainly(is_one_of(facts["record"], {"good"})) | security)


def _belied(facts: Facts, severity: Mapping[str, int], grave: int) -> Any:
    """Whether the product's own words name a grave capability, and not the milder category that was chosen."""
    chosen = facts["product_category"].notna() & ~certainly(
        is_one_of(facts["product_category"], _reaching(severity, grave))
    )
    worded = is_one_of(facts["words_category"], _reaching(severity, grave))
    return certainly(chosen & worded) & ~facts["choice_named"] & ~facts["words_limited_product"]


def _part_of_a_system(facts: Facts) -> Any:
    """What is ordinary by its words alone, and may not be so in the hands of a security body or state telecom.

    IT and network tools may be parts of a system; words that say next to nothing ("equipment") leave the product
    unknown for any government, and for anyone where no product is named. Not where the country's record is good: an
    office computer for a police station there is that.
    """
    inferred = certainly(facts["category_inferred"])
    ordinary = inferred & certainly(is_one_of(facts["category"], {"general_it", "network_management"}))
    wary = ordinary & ~certainly(is_one_of(facts["record"], {"good"}))
    nobody = facts["end_user"].isna()
    security = certainly(is_one_of(facts["type"], SECURITY | STATE_TELECOM) | facts["words_security"]) | nobody
    government = security | certainly(is_one_of(facts["type"], GOVERNMENT))
    nothing = certainly(facts["words_empty"]) | _matching(facts, _EMPTY.fullmatch, ordinary)
    unsaid = nothing & ((wary & government) | (ordinary & facts["product"].isna()))
    category = facts["category"].cat.set_categories([c.id for c in CATEGORIES])
    category = category.mask(_matching(facts, _COMPUTING.search, wary & security), "component")
    return category.mask(unsaid.to_numpy(dtype=bool))


#: Goods that compute, store or carry data, in the languages of most orders; chairs and toner are ordinary anywhere.
_COMPUTING = re.compile(
    r"serv(er|eur|idor)|laptop|notebook|comput|ordinat|rechner|workstation|storage|speicher|stockage|gpu|processor|"
    r"router|routeur|switch|netw|netz|réseau|red de datos|software|logiciel|data ?cent|datenbank|database|firewall|"
    r"modem|gateway|сервер|компьютер|ноутбук|сеть|сетев|服务器|電腦|电脑|计算机|网络|サーバ|서버|컴퓨터|خادم|حاسوب|شبكة",
    re.IGNORECASE,
)
#: Words of an order that do not say what is sold.
_EMPTY = re.compile(
    r"(?:\W|\d|_|equipment|goods|hardware|systems?|services?|training|consult(?:ing|ancy)|annual|yearly|maintenance|"
    r"renewal|support|contract|licen[cs]es?|spare|parts?|black|box|year|for|of|and|the|course|delivery|project|"
    r"mat[ée]riel|[ée]quipement|ger[äa]te?|ausr[üu]stung|wartung|equipos?|servicios?|оборудование|设备|設備)+",
    re.IGNORECASE,
)


def _matching(facts: Facts, matches: Callable[[str], object], among: Any) -> Mask:
    """Where product and description match, of the rows asked about; each distinct text is looked at once."""
    codes, texts = combined((facts["product"], facts["product_description"]))
    asked, found = among.to_numpy(dtype=bool), np.zeros(len(texts), dtype=bool)
    for code in np.unique(codes[asked]).tolist():
        found[code] = bool(matches(texts[code]))
    matching: Mask = asked & found[codes]
    return matching


def _claimed(facts: Facts) -> Mask:
    """Limited by answer, with a verified end user; what may be a security body needs a good record or evidence."""
    civil = certainly(~(is_one_of(facts["type"], SECURITY) | facts["words_security"]))
    trusted = certainly(is_one_of(facts["record"], {"good"}))
    backed = civil | trusted | facts["evidence"].notna()
    claimed = certainly(facts["q_limited_use"]) & certainly(facts["q_end_user_verified"]) & backed
    return np.asarray(claimed.to_numpy(dtype=bool))


def _worded(facts: Facts) -> Mask:
    """Limited by its words: an inferred category, a civil end user, a country record that is not poor.

    Where the record is good, a named end user counts as civil that nothing shows to be a government.
    """
    worded = facts["words_limited_product"] | facts["words_limited_use"]
    good = certainly(is_one_of(facts["record"], {"good"}))
    private = facts["end_user"].notna() & ~certainly(is_one_of(facts["type"], GOVERNMENT))
    civil = (certainly(is_one_of(facts["type"], CIVIL)) | (good & private)) & ~facts["words_security"]
    trusted = good | certainly(is_one_of(facts["record"], {"mixed"}))
    open_ = facts["category_inferred"] & facts["q_limited_use"].isna()
    return np.asarray((worded & civil & trusted & open_).to_numpy(dtype=bool))


#: Kinds of reported products whose name alone says the category.
_KINDS = {
    "spyware": "intrusion_software",
    "deep packet inspection": "dpi_ip_surveillance",
    "mass interception": "mass_interception",
    "internet filtering": "internet_filtering",
    "lawful interception": "lawful_interception",
    "monitoring centre": "lawful_interception",
    "forensic extraction": "mobile_forensics",
    "facial recognition": "facial_recognition",
    "cell-site simulator": "imsi_catcher",
}


def add_known_products(facts: Facts, reference: Reference) -> None:
    """The category of a product whose own name is known from reports, where its words say nothing."""
    codes, texts = combined((facts["product"],), folded=True)
    terms = [(name, _KINDS[entry.kind]) for entry in reference.misuse if entry.kind in _KINDS for name in entry.terms]
    category = np.full(len(texts), None, dtype=object)
    text, term = terms_for(*(name for name, _ in terms)).found_in(texts)
    category[text] = np.array([known for _, known in terms], dtype=object)[term]
    named = category[codes]
    open_ = facts["category"].isna().to_numpy(dtype=bool) & pd.notna(named)
    if open_.any():
        facts["category"], _ = _completed(facts["category"], named)
        facts["category_inferred"] = _certain(certainly(facts["category_inferred"]).to_numpy(dtype=bool) | open_)
        facts["words_product"] = facts["words_product"].mask(open_, facts["product"].astype(object))


def add_spyware_makers(facts: Facts, reference: Reference) -> None:
    """What a maker of nothing but spyware sells is spyware, where the product's words say nothing of note."""
    codes, texts = combined((facts["exporter"],), folded=True)
    makers = terms_for(*(name for entry in reference.misuse if entry.kind == "spyware" for name in entry.terms))
    named = np.zeros(len(texts), dtype=bool)
    named[makers.found_in(texts)[0]] = True
    ordinary = certainly(is_one_of(facts["category"], {"general_it"}) & facts["category_inferred"]).to_numpy(dtype=bool)
    unsaid = facts["category"].isna().to_numpy(dtype=bool) | ordinary
    sold = named[codes] & unsaid
    if sold.any():
        kinds = [category.id for category in CATEGORIES]
        facts["category"] = facts["category"].cat.set_categories(kinds).mask(sold, "intrusion_software")
        facts["category_inferred"] = _certain(certainly(facts["category_inferred"]).to_numpy(dtype=bool) | sold)
        facts["words_product"] = facts["words_product"].mask(sold, facts["exporter"].astype(object))


def misuse_reports(facts: Facts, reference: Reference) -> Iterator[tuple[Misuse, Mask]]:
    """Each report of misuse that some row names by product or maker, and the rows that do, on or after its day."""
    codes, texts = combined((facts["product"], facts["product_description"], facts["exporter"]), folded=True)
    days = np.asarray(facts["as_of_date"].to_numpy().astype("datetime64[D]"))
    terms = [(at, name) for at, entry in enumerate(reference.misuse) for name in entry.terms]
    text, term = terms_for(*(name for _, name in terms)).found_in(texts)
    entry_of = np.array([at for at, _ in terms])[term]
    for at in np.unique(entry_of):
        named = np.zeros(len(texts), dtype=bool)
        named[text[entry_of == at]] = True
        yield reference.misuse[at], named[codes] & reference.misuse[at].holds_on(days)


def add_misuse(facts: Facts, reference: Reference) -> None:
    """Whether product or maker stands in the table of reported misuse, on or before the row's date."""
    reported = np.zeros(len(facts["as_of_date"]), dtype=bool)
    for _, named in misuse_reports(facts, reference):
        reported |= named
    facts["misuse_reported"] = yes_no(reported, np.zeros(len(reported), dtype=bool))
