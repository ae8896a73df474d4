"""A file to score: how it is called, how it is read, and whether it is one by its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from hrdd.errors import HrddError

Kind = Literal["book", "old", "text", "arrow", "query", "other"]
#: What hrdd reads, by suffix: workbooks it writes in place, older formats, delimited text, columnar files.
KINDS: dict[str, Kind] = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), "book"),
    **dict.fromkeys((".xlsb", ".xls", ".ods"), "old"),
    **dict.fromkeys((".csv", ".tsv", ".txt"), "text"),
    **dict.fromkeys((".parquet", ".feather", ".arrow"), "arrow"),
}
_NOT_FROM_FOLDERS = {".txt", ".xltx", ".xltm"}
SCORED = ".scored"


class NoFiles(HrddError):
    """A folder, pattern or list in which there is nothing to score; `place` is what was named."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True)
class Found:
    """One file to score, and its place below the folder that was named, which an output folder repeats."""

    path: str
    below: str

    @property
    def suffix(self) -> str:
        """The suffix in small letters, dot included."""
        return PurePosixPath(self.path).suffix.lower() if is_url(self.path) else Path(self.path).suffix.lower()

    @property
    def kind(self) -> Kind:
        """How the file is read."""
        return KINDS.get(self.suffix, "other")


def is_url(path: str) -> bool:
    """Whether a path is for fsspec to open, such as s3://bucket/orders.parquet."""
    return "://" in path


def printable(path: str) -> str:
    """A path as text that any encoding of Unicode can hold; bytes that are no character are spelled out."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def to_score(name: str) -> bool:
    """Whether a file of a folder is one to score, by its name."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    if suffix not in KINDS or suffix in _NOT_FROM_FOLDERS or name.startswith((".", "~$")):
        return False
    return not path.stem.endswith(SCORED)
