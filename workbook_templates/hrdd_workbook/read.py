"""Reading transactions from a file: values as they stand, and where each of them stands.

Nothing is guessed from a column's look: `00123`, `n/a` and `NA` are text, numbers are numbers, dates are dates.
"""

from __future__ import annotations

import os
import threading
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np

from hrdd.columns import INPUTS
from hrdd.counting import counted
from hrdd.errors import HrddError
from hrdd_workbook.child import Child, Objects, decoded, unpacked
from hrdd_workbook.errors import HostileFile, NoTransactions
from hrdd_workbook.find import HEADER_ROWS, TABLE, Found, best_header, header_at, within
from hrdd_workbook.refs import LAST_ROW, letters
from hrdd_workbook.rows import filled, totals
from hrdd_workbook.scan import Scan, scan
from hrdd_workbook.source import Source, open_source
from hrdd_workbook.table import Table
from hrdd_workbook.transactions import (
    RECALLED,
    CellError,
    NoCachedValue,
    Transactions,
    below_note,
    error_note,
    frame_of,
    missing_notes,
    sums_notes,
)

_PATIENCE = 2.0


def read_transactions(
    path: str | os.PathLike[str], *, sheet: str | None = None, password: str | None = None
) -> Transactions:
    """Read the transactions of a workbook (.xlsx .xlsm .xltx .xltm .xlsb .xls .ods) or a .csv file.

    They are looked for in the table named Transactions, else below the row that reads most like a header
    among the first fifty of each sheet. Raises `NoTransactions` when there is none, and another
    `WorkbookError` with one sentence when the file cannot be read.
    """
    with open_source(Path(path), password) as source:
        if source.kind == "text":
            from hrdd_workbook.text import read_text

            return read_text(Path(path))
        return _Reading(source, sheet).run()


class _Reading:
    def __init__(self, source: Source, sheet: str | None) -> None:
        self.source, self.wanted = source, sheet
        self.notes: list[str] = []
        self._scans: dict[str, _Scanning] = {}

    def run(self) -> Transactions:
        """Read; what the scan of the bytes finds hostile is said before what calamine made of it."""
        try:
            return self._read()
        except HrddError as error:
            for scanning in self._scans.values():
                scanning.raise_hostile(error)
            raise
        finally:
            for scanning in self._scans.values():
                scanning.stop()

    def _read(self) -> Transactions:
        with Child(self.source.file, self.source.name, self.source.megabytes) as child:
            child.send("sheets")
            self.source.look()
            self.sheets = [(name, kind) for name, kind, _ in child.receive()]
            found, table, height = self._find(child)
            self._begin_scan(found.sheet)
            start, stop = self._rows(found, table, height)
            keys = [column.key for column in INPUTS if column.key in found.match.keys]
            places = [found.match.keys[key] for key in keys]
            kept = [key for key in RECALLED if key in found.match.owned]
            both = [*places, *(found.match.owned[key] for key in kept)]
            columns = [decoded(c) for c in self._ask(child, found.sheet, start, stop, both)]
            if stop < height:
                self._warn_below(child, found, table, stop, height, places)
        read = dict(zip(keys, columns[: len(keys)], strict=True))
        return self._made(found, table, read, dict(zip(kept, columns[len(keys) :], strict=True)), start)

    def _ask(self, child: Child, sheet: int, start: int, stop: int, places: list[int]) -> Any:
        return child.ask("columns", index=sheet, start=start, stop=stop, places=places)

    def _find(self, child: Child) -> tuple[Found, Table | None, int]:
        """The header, the table around it, and the number of rows that the sheet has."""
        named = self._named_table()
        if named is not None:
            sheet, table = named
            self._begin_scan(sheet)
            rows, height, merged = self._head(child, sheet, table.area.top)
            found = header_at(sheet, table.area.top, rows, merged)
            if found is not None and found.match.score > 0:
                return within(found, table), table, height
        return self._search(child)

    def _named_table(self) -> tuple[int, Table] | None:
        for index, (name, _) in enumerate(self.sheets):
            if self.wanted is not None and name.casefold() != self.wanted.casefold():
                continue
            for table in self.source.tables(name):
                if table.name.casefold() == TABLE and table.header_rows:
                    return index, table
        return None

    def _head(self, child: Child, sheet: int, count: int) -> tuple[list[list[Any]], int, Any]:
        rows, height, merged = child.ask("head", index=sheet, count=max(count, HEADER_ROWS))
        return [[unpacked(value) for value in row] for row in rows], height, merged

    def _search(self, child: Child) -> tuple[Found, Table | None, int]:
        best: Found | None = None
        best_height, alike = 0, []
        candidates = self._candidates()
        if len(candidates) == 1:
            self._begin_scan(candidates[0])
        for index in candidates:
            rows, height, merged = self._head(child, index, HEADER_ROWS)
            found = best_header(index, rows, merged)
            if found is not None:
                alike.append(index)
            if found is None or (best is not None and found.match.score <= best.match.score):
                child.forget(index)
                continue
            if best is not None:
                child.forget(best.sheet)
            best, best_height = found, height
        if best is None:
            raise self._none_found()
        self._tell_others([self.sheets[index][0] for index in alike if index != best.sheet], best)
        tables = self.source.tables(self.sheets[best.sheet][0])
        table = next((t for t in tables if t.area.top == best.row and t.header_rows), None)
        return (best if table is None else within(best, table)), table, best_height

    def _tell_others(self, others: list[str], best: Found) -> None:
        """A workbook may hold a sheet a month; only one is read, and the others are named."""
        if others:
            self.notes.append(
                f"Only sheet {self.sheets[best.sheet][0]} was read; {', '.join(others)} reads like transactions too: "
                "run again with --sheet for it."
            )

    def _candidates(self) -> list[int]:
        found = [
            index
            for index, (name, kind) in enumerate(self.sheets)
            if kind == "WorkSheet" and (self.wanted is None or name.casefold() == self.wanted.casefold())
        ]
        if not found and self.wanted is not None:
            names = ", ".join(name for name, _ in self.sheets[:8])
            raise NoTransactions(f"{self.source.name} has no sheet {self.wanted}; it has {names}.")
        return found

    def _none_found(self) -> NoTransactions:
        where = f"sheet {self.wanted}" if self.wanted else "any sheet"
        return NoTransactions(
            f"{self.source.name}: no row among the first {HEADER_ROWS} of {where} reads like a header of "
            "transactions; name the columns as in the template, at least product, end user and destination."
        )

    def _rows(self, found: Found, table: Table | None, height: int) -> tuple[int, int]:
        stop = min(height, table.data_bottom if table else LAST_ROW)
        return found.row, max(found.row, stop)

    def _begin_scan(self, index: int) -> None:
        name = self.sheets[index][0]
        if name not in self._scans:
            self._scans[name] = _Scanning(self.source, name)

    def _warn_below(
        self, child: Child, found: Found, table: Table | None, stop: int, height: int, places: list[int]
    ) -> None:
        bottom = table.area.bottom if table else stop
        below = [decoded(c) for c in self._ask(child, found.sheet, bottom, height, places)]
        count = int(filled(below).sum()) if below else 0
        if count and table is not None:
            self.notes.append(below_note(count, table.name))

    def _made(
        self, found: Found, table: Table | None, columns: dict[str, Objects], before: dict[str, Objects], start: int
    ) -> Transactions:
        name = self.sheets[found.sheet][0]
        self._mark(columns, found, start, self._scans[name].result())
        kept = np.flatnonzero(filled(list(columns.values())) & ~totals(columns))
        return Transactions(
            path=self.source.path,
            frame=frame_of({key: values[kept] for key, values in columns.items()}, len(kept)),
            sheet=name,
            table=table.name if table else None,
            header_row=found.row,
            row_numbers=kept.astype(np.int64) + start + 1,
            columns={key: letters(found.match.keys[key] + 1) for key in columns},
            owned={key: place + 1 for key, place in found.match.owned.items()},
            previous=frame_of({key: values[kept] for key, values in before.items()}, len(kept)),
            notes=(*found.match.notes, *missing_notes(columns), *sums_notes(columns), *self.notes),
            writable=self.source.writable,
        )

    def _mark(self, columns: dict[str, Objects], found: Found, start: int, seen: Scan | None) -> None:
        """Put error cells and formulas without results where calamine showed blanks."""
        if seen is None:
            return
        keys = {found.match.keys[key] + 1: key for key in columns}
        for (row, column), text in seen.errors.items():
            self._set(columns, keys.get(column), row - 1 - start, CellError(text))
        for row, column in seen.uncached:
            self._set(columns, keys.get(column), row - 1 - start, NoCachedValue())
        self._tell(seen, keys, range(start + 1, start + 1 + max(map(len, columns.values()), default=0)))

    def _set(self, columns: dict[str, Objects], key: str | None, index: int, value: Any) -> None:
        if key is not None and 0 <= index < len(columns[key]):
            columns[key][index] = value

    def _tell(self, seen: Scan, keys: dict[int, str], rows: range) -> None:
        uncached = sum(column in keys and row in rows for row, column in seen.uncached)
        errors = sum(column in keys and row in rows for row, column in seen.errors)
        if uncached:
            told = f"Unknown, for want of a stored result: {counted(uncached, 'formula')}"
            self.notes.append(f"{told}; open the file in Excel, save it and run again.")
        if errors:
            self.notes.append(error_note(errors))
        if seen.hidden_rows:
            self.notes.append(f"Hidden rows ({seen.hidden_rows}) were read like all others.")
        if seen.hidden_columns:
            self.notes.append("Hidden columns were read like all others.")


class _Scanning:
    """The scan of one sheet in a thread, while the child reads."""

    def __init__(self, source: Source, sheet: str) -> None:
        self._source, self._sheet = source, sheet
        self._found: Scan | None = None
        self._error: Exception | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            pieces = self._source.sheet_pieces(self._sheet)
            if pieces is not None:
                running = takewhile(lambda _: not self._stopped.is_set(), pieces)
                self._found = scan(running, f"{self._source.name}, sheet {self._sheet}")
        except Exception as error:  # noqa: BLE001  # carried to the thread that asks
            self._error = error

    def stop(self) -> None:
        """Nobody will ask any more."""
        self._stopped.set()
        self._thread.join()

    def raise_hostile(self, other: HrddError) -> None:
        """Raise what the scan found hostile, in place of another error, if it comes to that soon."""
        self._thread.join(_PATIENCE)
        if isinstance(self._error, HostileFile):
            raise self._error from other

    def result(self) -> Scan | None:
        """What was found; None for formats that are not scanned."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found
