"""What the words on the command line stand for: files, folders, patterns, a list on standard input, URLs."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TextIO

from hrdd.errors import HrddError
from hrdd_cli.files import Found, NoFiles, is_url, to_score
from hrdd_cli.urls import shown


def find(words: Iterable[str], listed: Iterable[str] = ()) -> tuple[list[Found], list[NoFiles]]:
    """The files that the words name, each once, in order; "-" stands for the names of `listed`.

    A file that is named is taken as it is, whether it exists or not. Of a folder those that can hold transactions are
    taken, without results of earlier runs, hidden files and what Excel and LibreOffice leave beside open ones.
    """
    found: dict[str, Found] = {}
    empty = []
    for name in chain.from_iterable(listed if word == "-" else (word,) for word in words):
        try:
            for file in _named(name):
                found.setdefault(file.path if is_url(file.path) else os.path.realpath(file.path), file)
        except HrddError as error:
            empty.append(error if isinstance(error, NoFiles) else NoFiles(shown(name), str(error)))
    return list(found.values()), empty


def listed_names(stream: TextIO | None) -> Iterator[str]:
    """The names that a stream lists, each ended by a nought byte where there is one, else one a line.

    They may be of any bytes, as names of files are; read only when asked for.
    """
    told = b"" if stream is None else stream.buffer.read()
    for name in told.split(b"\0") if b"\0" in told else told.splitlines():
        if name.strip():
            yield name.decode(getattr(stream, "encoding", None) or "utf-8", "surrogateescape")


def _named(word: str) -> Sequence[Found]:
    if is_url(word):
        from hrdd_cli.remote import find_urls

        return find_urls(word)
    path = Path(word)
    if path.is_dir():
        inside = [Found(str(file), file.relative_to(path).as_posix()) for file in _walk(path)]
        if not inside:
            raise NoFiles(word, f"The folder {word} holds no workbook, CSV or Parquet file to score.")
        return inside
    if not path.exists() and glob.has_magic(word):
        return _matching(word)
    return [Found(word, path.name)]


def _matching(pattern: str) -> list[Found]:
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # the pattern may be absolute
    files = [Found(name, Path(name).name) for name in names if Path(name).is_file() and to_score(Path(name).name)]
    if not files:
        raise NoFiles(pattern, f"No file to score matches {pattern}.")
    return files


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if to_score(name))
