"""Rule packs: texts as data, answered for whole tables of rows.

A pack is a YAML file that counsel can read: every entry has a paraphrase, a source and how well that source
is confirmed. Its flags cite signals by id; the signals are worked out elsewhere, once for all packs.
"""

from hrdd.packs.answer import ANSWER_WORDS, Answer, Answers, answers, count, todos
from hrdd.packs.catalogue import Catalogue, rule_as_data, rule_fingerprint
from hrdd.packs.loading import load_catalogue, load_pack
from hrdd.packs.logic import Expression, Mask, Signals, Truth, evaluate
from hrdd.packs.schema import PROVENANCE_WORDS, Pack, Rule, Source

__all__ = [
    "ANSWER_WORDS",
    "PROVENANCE_WORDS",
    "Answer",
    "Answers",
    "Catalogue",
    "Expression",
    "Mask",
    "Pack",
    "Rule",
    "Signals",
    "Source",
    "Truth",
    "answers",
    "count",
    "evaluate",
    "load_catalogue",
    "load_pack",
    "rule_as_data",
    "rule_fingerprint",
    "todos",
]
