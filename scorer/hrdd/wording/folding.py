"""One form for all spellings: case, accents, width, punctuation and spacing fall away before words are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

#: Ends every text in the haystack; it can stand in no term, so no term reaches across two texts.
END = "\x01"

#: Letters that Unicode does not decompose, or that one keyboard writes for another's.
_LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ə": "e",
    "ک": "ك", "ی": "ي", "ى": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا", "ـ": "",
}  # fmt: skip

#: The Arabic article and the prepositions that fuse with it: "بالشرطة" and "شرطة" are one word.
_ARTICLES = (" وال", " بال", " لل", " ال")

#: Parts of Korean syllables and kana that some systems write apart; all other marks fall away in folding.
_COMPOSED = frozenset(map(chr, (*range(0x1100, 0x1200), 0x3099, 0x309A)))

_ARABIC = re.compile(rb"[\xd8-\xdb]")

#: Bytes of ASCII texts: letters in lower case, digits, END and the bytes of other scripts stay; the rest is blank.
_ASCII = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or chr(byte) == END else ord(" ")
    for byte in (*range(128), *range(128, 256))
).lower()

_CODE_POINTS = 0x110000
_FIRST_STACKING_MARK = 200  # canonical combining classes from here on are accents above or below a letter
_ARABIC_MARKS = range(10, 37)  # Hebrew points and Arabic vowel signs

#: Scripts written without spaces between words, or (Korean) with words that grow by suffixes.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x9FFF),  # Han and kana
    (0xAC00, 0xD7AF),  # Hangul
    (0xF900, 0xFAFF),
)
_IS_UNSPACED = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _UNSPACED) + "]")


def is_unspaced(term: str) -> bool:
    """Whether a term is looked for anywhere in a text, because its script marks no word boundaries."""
    return _IS_UNSPACED.search(term) is not None


def _is_dropped_mark(char: str) -> bool:
    combining = unicodedata.combining(char)
    return combining >= _FIRST_STACKING_MARK or combining in _ARABIC_MARKS or "\ufe00" <= char <= "\ufe0f"


def _fold_char(char: str) -> str:
    """What is left of one character: a letter or digit without its accent, a blank, or nothing."""
    if char == END:
        return END
    if char in _LETTERS:
        return _LETTERS[char]
    if unicodedata.category(char) == "Cf":
        return ""
    pieces = char if is_unspaced(char) else unicodedata.normalize("NFKD", char).casefold()
    kept = "".join(_LETTERS.get(c, c) for c in pieces if not _is_dropped_mark(c))
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in kept)


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _present(codes: npt.NDArray[np.uint32]) -> list[str]:
    seen = np.zeros(int(codes.max(initial=0)) + 1, dtype=bool)
    seen[codes] = True
    return [chr(code) for code in np.flatnonzero(seen)]


def _translate(text: str) -> str:
    """Fold every character through a table of the characters that occur: two array passes, no loop over text."""
    codes = _codes(text)
    if any(char in _COMPOSED for char in _present(codes)):
        text = unicodedata.normalize("NFC", text)
        codes = _codes(text)
    folded = {char: _fold_char(char) for char in _present(codes)}
    long = [char for char, new in folded.items() if len(new) > 1]
    for char in long:
        text = text.replace(char, folded[char])
    if long:
        codes = _codes(text)
        folded |= {char: _fold_char(char) for char in _present(codes)}
    table = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.uint32)
    for char, new in folded.items():
        if len(new) == 1 and ord(char) < len(table):
            table[ord(char)] = ord(new)
    return _squeeze(table[codes])


def _squeeze(codes: npt.NDArray[np.uint32]) -> str:
    """Drop what folds to nothing, and set blanks between unspaced scripts and the letters beside them."""
    codes = codes[codes != 0]
    alone = _unspaced_table()[codes]
    blank = codes <= ord(" ")
    edges = np.flatnonzero((alone[1:] != alone[:-1]) & ~blank[1:] & ~blank[:-1]) + 1
    return np.insert(codes, edges, ord(" ")).astype("<u4").tobytes().decode("utf-32-le")


@cache
def _unspaced_table() -> npt.NDArray[np.bool_]:
    """Per code point, what `is_unspaced` says of it."""
    table = np.zeros(_CODE_POINTS, dtype=bool)
    for low, high in _UNSPACED:
        table[low : high + 1] = True
    return table


def fold_each(texts: Sequence[str]) -> list[str]:
    """Each text in the form in which it is compared, without the blanks around it."""
    line = haystack(texts)[0].decode()
    return [text.strip() for text in line.split(END)[:-1]]


def haystack(texts: Sequence[object]) -> tuple[bytes, npt.NDArray[np.int64]]:
    """All texts folded into one searchable line of UTF-8, and the byte at which each text begins.

    Every text is padded with one blank on both sides, so that a word boundary is a blank. What is no text
    (a missing value, a number) counts as empty.
    """
    plain = [text.replace(END, " ") if isinstance(text, str) else "" for text in texts]
    foreign = [number for number, text in enumerate(plain) if not text.isascii()]
    if foreign:
        joined = _translate(END.join([plain[number] for number in foreign]).casefold())
        for number, text in zip(foreign, joined.split(END), strict=True):
            plain[number] = text
    line = (" " + f" {END} ".join([*plain, ""])).encode().translate(_ASCII)
    while b"  " in line:
        line = line.replace(b"  ", b" ")
    if _ARABIC.search(line):
        for article in _ARTICLES:
            line = line.replace(article.encode(), b" ")
    ends = np.flatnonzero(np.frombuffer(line, dtype=np.uint8) == ord(END))
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else np.zeros(0, dtype=np.int64)
    return line, starts.astype(np.int64)
