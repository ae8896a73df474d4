"""Which workbooks come from the template, and in which language they speak."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from hrdd.translations import ENGLISH, say_in

from .layout import COLUMN_NAME_PREFIX, Say

#: The custom property with the code of a workbook's language.
LANGUAGE = "hrdd_language"
#: What follows the header in a question that an answer could lower.
GOOD = " (a good answer"
_TOLD = re.compile(rb'name="%b"[^<>]*>\s*<(?:\w+:)?lpwstr[^<>]*>(\w+)<' % LANGUAGE.encode())


def _part(path: Path, name: str) -> bytes:
    """A small part of a workbook; empty where there is none."""
    try:
        with zipfile.ZipFile(path) as package:
            return package.read(name)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return b""


def is_from_template(path: Path) -> bool:
    """Whether a workbook names its columns as the template does."""
    return f'"{COLUMN_NAME_PREFIX}in_sight"'.encode() in _part(path, "xl/workbook.xml")


def language_of(path: Path) -> str:
    """The code of the language that a workbook was made in; English where it does not say."""
    told = _TOLD.search(_part(path, "docProps/custom.xml"))
    return told[1].decode() if told else ENGLISH


def words_of(path: Path) -> Say:
    """What turns an English text into the language of a workbook."""
    return say_in(language_of(path))


def question_of(asked: str) -> str:
    """The header of the input that a question asks for."""
    return asked.partition(GOOD)[0]


def asked_in(asked: str, say: Say) -> str:
    """A question, with the header as it stands in a workbook of another language."""
    return say(question_of(asked)) + asked[len(question_of(asked)) :]
