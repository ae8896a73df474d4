"""What stood in the result columns before a scoring: on disk, so that it can be put back even after a crash.

Of what was written only a fingerprint is kept; it tells whether somebody changed the cells since.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import xlwings as xw

from hrdd.errors import HrddError
from hrdd_addin import blocks, excel
from hrdd_addin.blocks import Rows


class NothingToUndo(HrddError):
    """No scoring of this workbook is on record."""


class ChangedSince(HrddError):
    """The result columns no longer hold what the last scoring wrote."""


@dataclass(frozen=True)
class Written:
    """One block: its address, its values before (None where the columns were new), and a fingerprint of what comes.

    The columns at the places `computed` hold formulas, whose results may change without anybody having changed them.
    """

    area: str
    before: Rows | None
    headers: tuple[str, ...]
    after: str | None = None
    computed: tuple[int, ...] = ()

    def stands_as_before(self, got: Rows) -> bool:
        """Whether the block was not written yet; Excel itself makes up headers for new columns of a table."""
        if self.before is None:
            return all(value is None for row in got[1:] for value in row)
        return self.entered(got) == self.entered(self.before)

    def entered(self, rows: Rows) -> Rows:
        """Only what was entered, without what formulas made."""
        if not self.computed:
            return rows
        return [[None if at in self.computed else value for at, value in enumerate(row)] for row in rows]


@dataclass(frozen=True)
class Record:
    """One scoring of one sheet; `table_area` is the table's address before it grew."""

    book: str
    sheet: str
    table: str | None
    table_area: str | None
    written: tuple[Written, ...]
    is_done: bool = False

    @property
    def path(self) -> Path:
        """The one file a workbook has, by its name: the last scoring is the one that can be undone."""
        return data_folder() / f"undo-{key(self.book)}.json"

    def save(self) -> None:
        """Write the record, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(asdict(self), default=_told, ensure_ascii=False), encoding="utf-8")
        os.replace(beside, self.path)  # noqa: PTH105  # the same, in fewer words

    def remove(self) -> None:
        """Forget the scoring."""
        self.path.unlink(missing_ok=True)

    @classmethod
    def of(cls, book: str) -> Record:
        """The record of a workbook. Raises NothingToUndo."""
        try:
            told = json.loads(cls(book, "", None, None, ()).path.read_text(encoding="utf-8"), object_hook=_untold)
        except (OSError, ValueError) as error:
            raise NothingToUndo(f"There is no scoring of {book} to undo.") from error
        if told["book"] != book:
            raise NothingToUndo(f"There is no scoring of {book} to undo.")
        written = tuple(Written(**block | _tuples(block)) for block in told.pop("written"))
        return cls(**told, written=written)


def _tuples(block: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(block.get(name, ())) for name in ("headers", "computed")}


def key(name: str) -> int:
    """A number by which the add-in's VBA finds the record of a workbook too: it has nothing like a hash."""
    total, spelled = 0, name.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(spelled), 2):
        total = (total * 31 + int.from_bytes(spelled[at : at + 2], "little")) % 2**40
    return total


def data_folder() -> Path:
    """The folder of this user in which the add-in keeps its records; HRDD_HOME names another."""
    if "HRDD_HOME" in os.environ:
        return Path(os.environ["HRDD_HOME"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "hrdd"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "hrdd"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "hrdd"


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"day": value.isoformat()}
    raise TypeError(type(value).__name__)


def _untold(value: dict[str, Any]) -> Any:
    return datetime.fromisoformat(value["day"]) if set(value) == {"day"} else value


def digest(rows: Sequence[Sequence[Any]]) -> str:
    """A fingerprint of a block of values."""
    try:
        told = msgspec.msgpack.encode(rows)
    except UnicodeEncodeError:  # half of a character, which Excel lets stand in a cell
        told = repr(rows).encode("ascii", "backslashreplace")
    return hashlib.sha256(told).hexdigest()


def undo(book: xw.Book) -> Record:
    """Take the last scoring of a workbook back. Raises ChangedSince where cells were changed after it."""
    record = Record.of(book.name)
    if record.sheet not in [sheet.name for sheet in book.sheets]:
        raise ChangedSince(f"The sheet {record.sheet} is not there any more, so its scoring cannot be undone.")
    sheet = book.sheets[record.sheet]
    excel.refuse_protected(sheet)
    _refuse_changed(sheet, record)
    replace(record, is_done=False).save()  # should it stop in the midst, some blocks are old and some new
    with excel.calm(book.app, "hrdd: taking the last scoring back ..."):
        whole = put_back(sheet, record)
    if not whole:
        raise excel.ExcelIsBusy("Excel did not take all former values back; leave the cell, and undo again.")
    record.remove()
    return record


def _refuse_changed(sheet: xw.Sheet, record: Record) -> None:
    for written in record.written:
        got = blocks.read(sheet.range(written.area))
        is_new = digest(written.entered(got)) == written.after
        if not is_new and (record.is_done or not written.stands_as_before(got)):
            raise ChangedSince(
                f"{sheet.name}!{written.area} was changed after the last scoring, so it was left as it is; "
                "score again, or take your changes back first."
            )


def put_back(sheet: xw.Sheet, record: Record) -> bool:
    """Put every block back, each apart from the others; whether all of it was done."""
    done = True
    if record.table is not None and record.table_area is not None:
        table, area = record.table, record.table_area
        done = excel.restore(lambda: _shrink(sheet, table, area))
    back = [_is_back(sheet.range(written.area), written) for written in record.written]
    return all(back) and done


def _is_back(cells: xw.Range, written: Written) -> bool:
    """Put one block back, or see that it was never changed; not the first refusal ends it for the others."""
    return excel.restore(lambda: _put_back(cells, written)) or excel.restore(lambda: _see_unchanged(cells, written))


def _see_unchanged(cells: xw.Range, written: Written) -> None:
    values = blocks.read(cells)
    if written.entered(values) != written.entered(written.before or [[None] * len(values[0])] * len(values)):
        raise ChangedSince(written.area)


def _shrink(sheet: xw.Sheet, name: str, area: str) -> None:
    table = sheet.tables[name]
    if str(excel.area_of(table.range)) != area:
        table.resize(sheet.range(area))


def _put_back(cells: xw.Range, written: Written) -> None:
    if written.before is None:
        cells.clear()
    else:
        blocks.enter(cells, written.before)
