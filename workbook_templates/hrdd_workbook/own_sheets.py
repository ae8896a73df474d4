"""Sheets that are ours as a whole: found among those of a workbook, replaced or added."""

from __future__ import annotations

from collections.abc import Sequence

from hrdd_workbook.extra_sheets import sheet_xml
from hrdd_workbook.parts import Sheet
from hrdd_workbook.results import ExtraSheet
from hrdd_workbook.sheet import SheetStream
from hrdd_workbook.styles import COLOURS, LOOKS, Styles
from hrdd_workbook.survey import survey
from hrdd_workbook.workbook_parts import Parts, free_sheet_name, sheet_names


def put_sheets(extras: Sequence[ExtraSheet], parts: Parts, styles: Styles) -> list[str]:
    """Replace or add our sheets among the parts of a workbook; the names that they stand under.

    Where any is written, the formulas of sheets that count transactions forget their results: the programs that
    trust a stored result would show the old one beside the new rows.
    """
    formats = {name: styles.look(name) for name in LOOKS} if extras else {}
    taken, made = [sheet.name for sheet in parts.book.sheets], []
    for extra in extras:
        ours = (s for s in parts.book.sheets if _is_named(s, extra.name) and _is_ours(s, extra, parts, styles))
        existing = next(ours, None)
        if existing is None and extra.optional:
            continue
        name = existing.name if existing else free_sheet_name(extra.name, taken)
        taken.append(name)
        made.append(name)
        colours: dict[str, dict[str, int]] = {
            family: {word: styles.colour(family, word) for word in COLOURS[family]}
            for family in sorted(set(extra.families.values()))
        }
        parts.put_sheet(name, sheet_xml(extra, formats, colours, parts.book.namespace), existing)
    if made:
        parts.forget_results(b"orders_in_sight")
    return made


def _is_named(sheet: Sheet, name: str) -> bool:
    return sheet.name.casefold() in sheet_names(name)


def _is_ours(sheet: Sheet, extra: ExtraSheet, parts: Parts, styles: Styles) -> bool:
    """Whether the workbook's record names a sheet, or its first header cell carries our named style."""
    member = parts.package.find(sheet.part)
    if member is None or sheet.kind != "worksheet":
        return False
    if sheet.name in parts.record.sheets:
        return True
    where = f"{parts.package.path.name}, sheet {sheet.name}"
    found = survey(SheetStream(parts.package.chunks(member), where), extra.header_row, lambda _: set())
    return bool(found.header) and found.header[0].style in styles.marked()
