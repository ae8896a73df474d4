"""The process that opens a workbook with calamine, so that a file which aborts it ends only itself.

Run by path, with the standard library and python_calamine alone. It takes requests on standard input, one
line each, and answers with marshalled tuples behind an eight-byte length: ("ok", value) or ("error", text).
"open" names a workbook, "forget" lets go of a sheet and "close" of the workbook, so that the process is ready for
the next one; these three have no answer.
A column travels as its distinct values and one code per row; dates are tuples, since marshal knows none.
"""

from __future__ import annotations

import array
import contextlib
import datetime as dt
import gc
import json
import marshal
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count
from typing import Any

_EQUAL = {bool, int, float}
_TURNED = 5000  # rows at a time: as many as a cache holds


def limit(megabytes: int) -> None:
    """Bound the address space where the platform can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def packed(value: Any) -> Any:
    """A cell's value as marshal can carry it."""
    if isinstance(value, dt.datetime):
        return ("datetime", value.isoformat())
    if isinstance(value, dt.date):
        return ("date", value.toordinal())
    if isinstance(value, dt.time):
        return ("time", value.isoformat())
    if isinstance(value, dt.timedelta):
        return ("span", value.total_seconds())
    return value


def encoded(values: Sequence[Any]) -> tuple[list[Any], bytes]:
    """Distinct values in order of appearance, and one 32-bit code per row."""
    distinct, codes = _numbered(values)
    kinds = set(map(type, distinct))
    if kinds & _EQUAL and len(_EQUAL.intersection(map(type, values))) > 1:  # 1, 1.0 and True are one key
        told, codes = _numbered([(type(value).__name__, value) for value in values])
        distinct = [value for _, value in told]
    return distinct if kinds <= {str, *_EQUAL} else [packed(value) for value in distinct], codes


def _numbered(keys: Sequence[Any]) -> tuple[list[Any], bytes]:
    codes: dict[Any, int] = defaultdict(count().__next__)
    found = array.array("i", list(map(codes.__getitem__, keys)))
    return list(codes), found.tobytes()


class Reader:
    """One open workbook and the sheets that were read from it."""

    def __init__(self, path: str) -> None:
        import python_calamine

        self.book = python_calamine.CalamineWorkbook.from_path(path)
        self._rows: dict[int, list[list[Any]]] = {}

    def sheets(self) -> list[tuple[str, str, bool]]:
        """Name, kind and visibility of each sheet."""
        return [
            (sheet.name, str(sheet.typ).rsplit(".", 1)[-1], str(sheet.visible).endswith("Visible"))
            for sheet in self.book.sheets_metadata
        ]

    def _read(self, index: int) -> list[list[Any]]:
        """The rows of a sheet, kept until they are forgotten, since getting a sheet parses it."""
        if index not in self._rows:
            self._parse(index)
        return self._rows[index]

    def _parse(self, index: int) -> Any:
        sheet = self.book.get_sheet_by_index(index)
        self._rows[index] = sheet.to_python(skip_empty_area=False)
        return sheet

    def forget(self, index: int) -> None:
        """Let go of the rows of a sheet."""
        self._rows.pop(index, None)

    def head(self, index: int, count: int) -> tuple[list[list[Any]], int, Any]:
        """The first rows of a sheet, the number of rows, and its merged ranges."""
        sheet = self._parse(index)
        rows = self._rows[index]
        merged = [tuple(map(tuple, item)) for item in (sheet.merged_cell_ranges or [])[:5000]]
        return [[packed(value) for value in row] for row in rows[:count]], len(rows), merged

    def columns(self, index: int, start: int, stop: int, places: list[int]) -> list[tuple[list[Any], bytes]]:
        """Some columns of some rows, each encoded."""
        rows = self._read(index)[start:stop]
        width = len(rows[0]) if rows else 0
        turned = [list(zip(*rows[at : at + _TURNED], strict=True)) for at in range(0, len(rows), _TURNED)]
        return [
            encoded(list(chain.from_iterable(part[place] for part in turned)) if place < width else [""] * len(rows))
            for place in places
        ]


class Server:
    """Serves requests, with at most one workbook open."""

    def __init__(self) -> None:
        self._path = ""
        self._reader: Reader | None = None

    def open(self, path: str, megabytes: int) -> None:
        """Take another workbook, to be opened by the first question about it, within this much memory."""
        limit(megabytes)
        self._path, self._reader = path, None

    def forget(self, index: int) -> None:
        """Let go of the rows of a sheet that nobody will ask for."""
        if self._reader is not None:
            self._reader.forget(index)

    def close(self) -> None:
        """Let go of the workbook, so that its file may be replaced."""
        self._reader = None

    def answer(self, what: str, **arguments: Any) -> bytes:
        """Serve one request."""
        try:
            self._reader = self._reader or Reader(self._path)
            return marshal.dumps(("ok", getattr(self._reader, what)(**arguments)))
        except BaseException as error:  # noqa: BLE001  # a panic of the reader is no Exception, and is an answer too
            return marshal.dumps(("error", f"{type(error).__name__}: {error}"[:500]))


def main() -> None:
    """Serve requests until standard input ends."""
    gc.disable()  # a million cells make no cycles, and looking for them costs a third of the time
    sys.path.append(sys.argv[1])
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)
    server = Server()
    for line in sys.stdin:
        request = json.loads(line)
        what = request.pop("what")
        if what in ("open", "forget", "close"):
            getattr(server, what)(**request)
            continue
        data = server.answer(what, **request)
        out.write(len(data).to_bytes(8, "little"))
        out.write(data)
        out.flush()


if __name__ == "__main__":
    main()
