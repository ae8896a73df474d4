"""The way of last resort: openpyxl loads and saves the whole workbook, and what that loses is listed.

It is taken only when the user asked for it and the byte path declined.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdd.columns import fold
from hrdd_workbook.atomic import Place, temporary
from hrdd_workbook.cells import TEXT_LIMIT
from hrdd_workbook.errors import Declined
from hrdd_workbook.package import Package
from hrdd_workbook.refs import letters
from hrdd_workbook.results import ResultColumn
from hrdd_workbook.styles import LOOKS, MARK

if TYPE_CHECKING:
    from hrdd_workbook.plan import Order
    from hrdd_workbook.write import WriteReport

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_KEPT = re.compile(
    r"(xl/(workbook|styles|sharedStrings|calcChain|theme/theme\d+)|docProps/\w+)\.xml|\[Content|.*\.rels$"
)


def rewrite_columns(where: Place, order: Order, why: Declined) -> WriteReport:
    """Write the columns through openpyxl, atomically; the report lists what was lost on the way."""
    from hrdd_workbook.write import WriteReport

    book, cached = _load(where.source), _cached_formulas(where.source)
    sheet = book[_sheet_name(book, order.sheet)]
    placed = {column.key: _put(sheet, column, order) for column in order.columns}
    with temporary(where.target) as made:
        book.save(made.file)
        made.file.flush()
        lost = _lost(where.source, made.path, cached)
        made.commit(where.source)
    return WriteReport(
        path=where.target,
        sheet=sheet.title,
        rows=len(order.rows),
        changed=True,
        columns={key: letters(at) for key, at in placed.items()},
        headers={key: str(sheet.cell(order.header_row, at).value) for key, at in placed.items()},
        new=tuple(placed),
        table=None,
        notes=(f"The whole workbook was rewritten, because: {why}", *lost),
        lost=tuple(lost),
    )


def _load(path: Path) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(path, keep_vba=path.suffix.lower() in (".xlsm", ".xltm"), rich_text=True)
        except Exception as error:  # openpyxl raises whatever its parsers meet
            raise Declined(
                f"{path.name} cannot be rewritten either, since openpyxl does not read it "
                f"({type(error).__name__}: {error}); save it anew from Excel.",
                rewritable=False,
            ) from error


def _sheet_name(book: Any, wanted: str) -> str:
    for name in book.sheetnames:
        if name.casefold() == wanted.casefold():
            return str(name)
    raise Declined(f"openpyxl finds no sheet {wanted} in the workbook.", rewritable=False)


def _put(sheet: Any, column: ResultColumn, order: Order) -> int:
    """Write one column where its header stands, or right of the used range; the column's number."""
    at = _standing(sheet, column, order.header_row)
    if at is None:
        at = sheet.max_column + 1
        _set(sheet, order.header_row, at, _free_header(sheet, column.header, order.header_row))
    for row, value in zip(order.rows, column.values, strict=True):
        _set(sheet, row, at, _plain(value, column.kind))
        sheet.cell(row, at).number_format = LOOKS[column.style or column.kind].number_format
    return at


def _standing(sheet: Any, column: ResultColumn, header_row: int) -> int | None:
    for cell in sheet[header_row]:
        if fold(cell.value or "") != fold(column.header):
            continue
        below = (sheet.cell(row, cell.column).value for row in range(header_row + 1, sheet.max_row + 1))
        if cell.style == MARK or all(value is None for value in below):
            return int(cell.column)
    return None


def _free_header(sheet: Any, header: str, header_row: int) -> str:
    used = {fold(cell.value or "") for cell in sheet[header_row]}
    names = [header, f"{header} (HRDD)", *(f"{header} (HRDD {n})" for n in range(2, 100))]
    return next(name for name in names if fold(name) not in used)


def _set(sheet: Any, row: int, column: int, value: Any) -> None:
    from openpyxl.cell.cell import MergedCell

    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        raise Declined(f"Merged cells cover {cell.coordinate}; unmerge them and run again.", rewritable=False)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _plain(value: Any, kind: str) -> Any:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    if kind == "text":
        return _CONTROL.sub(" ", str(value))[:TEXT_LIMIT] or None
    return bool(value) if kind == "bool" else value


def _cached_formulas(path: Path) -> int:
    """How many formulas have a stored result, all of which openpyxl drops."""
    with Package(path) as package:
        sheets = [member for member in package.members if member.filename.startswith("xl/worksheets/sheet")]
        return sum(len(re.findall(rb"</(?:\w+:)?f><(?:\w+:)?v>[^<]", package.read(member))) for member in sheets)


def _lost(before: Path, after: Path, cached: int) -> list[str]:
    """Sentences about what the rewritten file no longer has."""
    with Package(before) as old, Package(after) as new:
        gone = _kinds(old) - _kinds(new)
    lost = [f"Lost: {count} x {kind}." for kind, count in sorted(gone.items())]
    if cached:
        lost.append(f"Lost: the stored results of {cached} formulas, until Excel opens the file.")
    lost.append("Lost, if there were any: sparklines, extended formats and validations, slicers, form controls.")
    return lost


def _kinds(package: Package) -> Counter[str]:
    names = (member.filename for member in package.members)
    return Counter(re.sub(r"\d+", "", name.rsplit("/", 1)[0]) for name in names if not _KEPT.match(name))
