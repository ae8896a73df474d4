"""Giving a workbook what our template has and it has not: columns, lists with drop-downs, and sheets.

The user's cells, columns, formats and sheets stay as they are: columns come right of theirs, sheets behind theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from hrdd.columns import INPUT_BY_KEY, fold
from hrdd.translations import in_other_languages

from . import layout
from .atomic import Place, places, temporary
from .choice_lists import LISTS
from .design import Design, design
from .errors import CannotWriteHere
from .expected import rules_of, with_rules
from .guard import check_package, refuse_signed
from .layout import Field
from .own_words import LANGUAGE, language_of
from .package import Package
from .parts import STRICT, parse, read_book
from .put import keep_styles, styles_of, write_parts
from .read import read_transactions
from .refs import letters
from .results import Kind, ResultColumn
from .sheet import SheetStream, tail_elements
from .template import new_template
from .transactions import Transactions
from .transplant import Transplant, quoted, whole_names
from .verify import Content, read_back
from .workbook_parts import Parts, ask_to_recalculate
from .write import write_columns

_KINDS: dict[str, Kind] = {"date": "date", "number": "number", "percent": "percent"}


@dataclass(frozen=True)
class Upgrade:
    """What a workbook was given: headers of new columns, names of new sheets, and how many columns have a list now.

    `changed` is False where nothing was missing; nothing was written then.
    """

    path: Path
    sheet: str
    columns: tuple[str, ...]
    sheets: tuple[str, ...]
    lists: int
    changed: bool


def upgrade(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    language: str | None = None,
    essentials: bool = False,
    sheet: str | None = None,
) -> Upgrade:
    """Write `path` to `out`, which may be the same file, with everything that the template has.

    `language` is that of new headers, lists and sheets, by default the one that the workbook was made in. Raises a
    `WorkbookError` with one sentence before anything is changed.
    """
    read = read_transactions(path, sheet=sheet)
    if not read.writable:
        raise CannotWriteHere(f"{read.path.name} cannot be written as it is; save it as .xlsx and run again.")
    wanted = design(essentials=essentials, language=language or language_of(read.path))
    places(path, out).refuse_changed()
    with TemporaryDirectory(prefix="hrdd-") as folder:
        grown = Path(folder) / read.path.name
        headers = _grow(read, wanted, grown)
        donor = new_template(Path(folder) / "donor.xlsx", rows=1, wanted=wanted)
        if headers:
            read = read_transactions(grown, sheet=read.sheet)
        return _equip(read, donor, wanted, Path(out), headers)


def _grow(read: Transactions, wanted: Design, target: Path) -> tuple[str, ...]:
    """Write the workbook with the columns that are missing; their headers."""
    missing = [field for field in wanted.fields if field.key not in (read.columns | read.owned)]
    if not missing:
        return ()
    missing.sort(key=lambda field: field.key not in INPUT_BY_KEY)
    rows = read.row_numbers.tolist()
    columns = [_column(field, len(rows)) for field in missing]
    report = write_columns(read.path, read.sheet, read.header_row, columns, rows, out=target, table=read.table)
    return tuple(report.headers.values())


def _column(field: Field, rows: int) -> ResultColumn:
    asked = field.key in INPUT_BY_KEY
    family = field.family if field.family in ("rating", "disposition") else None
    return ResultColumn(
        key=field.key,
        header=field.header,
        values=[None] * rows,
        kind=_KINDS.get(field.family, "text"),
        style="code" if asked and field.number_format == layout.TEXT_FORMAT else None,
        width=field.width,
        family=family,  # type: ignore[arg-type]  # one of the two above
        group=field.level,
        collapsed=field.hidden,
        ours=not asked,
    )


def _equip(read: Transactions, donor_path: Path, wanted: Design, out: Path, headers: tuple[str, ...]) -> Upgrade:
    """Write the workbook, which has new columns under these headers, with sheets, names and drop-downs it lacks."""
    where = places(read.path, out)
    check_package(where.source)
    with Package(where.source) as package, Package(donor_path) as donor:
        refuse_signed(package)
        parts = Parts(package, read_book(package))
        if parts.book.namespace == STRICT:
            raise CannotWriteHere(f"{out.name} is Strict Open XML; save it as Excel Workbook (.xlsx) and run again.")
        sheets = _carry(parts, donor, read, wanted)
        _name_columns(parts, read)
        if wanted.language != language_of(read.path):
            parts.tell(LANGUAGE, wanted.language)
        edit = _Edit(package, parts, read, _rules(donor, read, wanted))
        changed = bool(headers or parts.changed or edit.lists)
        if parts.changed and ask_to_recalculate(parts.tree(parts.book.part)):
            parts.touch(parts.book.part)
        if changed:
            _write(package, parts, edit, where)
    return Upgrade(out, read.sheet, headers, tuple(sheets), edit.lists, changed)


def _write(package: Package, parts: Parts, edit: _Edit, where: Place) -> None:
    with temporary(where.target) as made:
        content = Content()
        write_parts(package, parts, made.file, edit.part, map(content.add, edit.pieces()))
        made.file.flush()
        read_back(package, made.path, parts, edit.part, content)
        made.commit(where.source)


def _carry(parts: Parts, donor: Package, read: Transactions, wanted: Design) -> list[str]:
    """Add the sheets that are missing; their names."""
    sheets = dict(zip(layout.SHEETS, read_book(donor).sheets, strict=True))
    missing = [sheets[name] for name in layout.SHEETS if name != layout.TRANSACTIONS_SHEET and _lacks(parts, name)]
    if not missing:
        return []
    styles = styles_of(parts)
    names = Transplant(donor, parts, styles, {wanted.transactions: read.sheet}).carry(missing)
    keep_styles(parts, styles)
    return names


def _lacks(parts: Parts, name: str) -> bool:
    """Whether a workbook has no such sheet of ours; one that names no column as ours may have one of its own."""
    if name == layout.LISTS_SHEET:
        return not whole_names(parts) >= {choices.defined_name.casefold() for choices in LISTS}
    known = parts.names().keys()
    names = {fold(said) for said in (name, *in_other_languages(name))}
    ours = not known.isdisjoint(layout.COLUMN_NAME_PREFIX + key for key in layout.FIELD_BY_KEY)
    return not ours or not any(fold(sheet.name) in names for sheet in parts.book.sheets)


def _name_columns(parts: Parts, read: Transactions) -> None:
    """Give each of our columns the name by which the other sheets count, where it has none or one that is broken."""
    known, at = whole_names(parts), read.columns | {key: letters(column) for key, column in read.owned.items()}
    for key in layout.FIELD_BY_KEY.keys() & at.keys():
        name = layout.COLUMN_NAME_PREFIX + key
        if name.casefold() not in known:
            where = f"${at[key]}${read.header_row + 1}:${at[key]}${layout.LAST_SHEET_ROW}"
            parts.set_name(name, None, quoted(read.sheet) + where)


def _rules(donor: Package, read: Transactions, wanted: Design) -> dict[str, etree._Element]:
    """The drop-downs and messages of our sheet by the letters that their columns have in the workbook."""
    sheet = read_book(donor).sheets[layout.SHEETS.index(layout.TRANSACTIONS_SHEET)]
    member = donor.find(sheet.part)
    assert member is not None  # noqa: S101  # the donor is ours
    rules = rules_of(parse(donor, member))
    keys = {field.key: rules[at] for at, field in enumerate(wanted.fields, start=1) if at in rules}
    return {letter: keys[key] for key, letter in read.columns.items() if key in keys}


class _Edit:
    """The sheet of transactions with drop-downs for the columns that have none; `lists` counts them."""

    def __init__(self, package: Package, parts: Parts, read: Transactions, rules: dict[str, etree._Element]) -> None:
        self.part = next(sheet.part for sheet in parts.book.sheets if sheet.name == read.sheet)
        self._package, self._where = package, f"{read.path.name}, sheet {read.sheet}"
        stream = self._stream()
        for _ in stream.blocks():
            pass
        elements = tail_elements(stream.head, stream.tail, self._where)
        self._tail, self.lists = with_rules(stream.tail, stream.head, elements, read.header_row, rules)

    def _stream(self) -> SheetStream:
        member = self._package.find(self.part)
        assert member is not None  # noqa: S101  # it was read
        return SheetStream(self._package.chunks(member), self._where)

    def pieces(self) -> Iterator[bytes]:
        """The part as it will be."""
        stream = self._stream()
        yield stream.head.data
        yield stream.head.rows_tag
        yield from stream.blocks()
        yield self._tail
