"""Writes an openpyxl workbook so that the same content gives the same bytes, whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdd.errors import why_not

from .atomic import refuse_open
from .errors import CannotWriteHere

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Every time stamp inside the file, since the format cannot do without: the day of the guidance.
STAMP = dt.datetime(2020, 9, 30)  # noqa: DTZ001  # neither zip nor openpyxl take a time zone
Edit = Callable[[bytes], bytes]
_APPLICATION = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>hrdd</Application></Properties>"
)


def write_workbook(target: Path, book: Workbook, edits: Mapping[str, Edit]) -> Path:
    """Write `book` beside `target`, then put it in its place; return `target`.

    `edits` are applied to the parts of these names. Raises CannotWriteHere or OpenElsewhere, with the file as it
    was, when that is not possible.
    """
    book.properties.created = book.properties.modified = STAMP
    raw = io.BytesIO()
    book.save(raw)
    return put(_timeless(raw, _alt_texts(book), edits), target)


def put(content: bytes, target: Path) -> Path:
    """Write a file beside `target`, then put it in its place; return `target`. Raises as `write_workbook` does."""
    try:
        _put(content, target)
    except OSError as error:
        raise CannotWriteHere(f"{target} could not be written: {why_not(error)}; nothing was changed.") from error
    return target


def _put(content: bytes, target: Path) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:80]}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o666 & ~_umask())
        refuse_open(target)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Read the mask for new files, which mkstemp overrides; the system offers no other way than to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _alt_texts(book: Workbook) -> Iterator[str]:
    """What a screen reader says of each chart, in the order in which openpyxl writes them."""
    sheets: Any = book.worksheets
    return (chart.alt_text for sheet in sheets for chart in sheet._charts)  # noqa: SLF001  # it has no other name


def _timeless(raw: io.BytesIO, alts: Iterator[str], edits: Mapping[str, Edit]) -> bytes:
    """Copy a workbook, its members in their order, with one time stamp, no library's name and texts for charts."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w") as copy:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            content = _content(name, source.read(name), alts)
            copy.writestr(member, edits.get(name, bytes)(content), compresslevel=6)
    return out.getvalue()


def _content(name: str, content: bytes, alts: Iterator[str]) -> bytes:
    if name.startswith("xl/drawings/drawing"):
        return re.sub(rb'name="Chart \d+"', lambda found: found[0] + f' descr="{escape(next(alts))}"'.encode(), content)
    if name == "docProps/app.xml":
        return _APPLICATION
    if name == "docProps/core.xml":
        return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{STAMP.isoformat()}Z".encode(), content)
    return content
