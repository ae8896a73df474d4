"""`hrdd template`: workbooks to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrdd.counting import counted
from hrdd.translations import languages

if TYPE_CHECKING:
    from hrdd.translations import Language
    from hrdd_workbook.mapping import Match

_FILE = click.Path(path_type=Path)


@click.group("template")
def command() -> None:
    """Write a transactions workbook, empty or with the orders of an export.

    Example: hrdd template new orders.xlsx
    """


@command.command("new")
@click.argument("file", type=_FILE)
@click.option(
    "--rows", default=500, show_default=True, type=click.IntRange(1, 100_000), help="Empty rows in the table."
)
@click.option("--language", metavar="CODE", default="en", help="en, de, fr, es or ja (default: en).")
@click.option("--essentials", is_flag=True, help="Only the columns that a finance export usually has.")
@click.option(
    "--from", "source", type=_FILE, help="Pour in the orders of this table (.xlsx .csv ...), whatever its columns."
)
@click.option("--mapping", type=_FILE, help="With --from: the mapping of columns that an earlier run saved.")
@click.option("--sheet", help="With --from: the sheet that holds the table (default: the fullest header).")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there already.")
def new(
    file: Path,
    rows: int,
    language: str,
    essentials: bool,
    source: Path | None,
    mapping: Path | None,
    sheet: str | None,
    overwrite: bool,
) -> None:  # click passes flags by name
    """Write FILE: table Transactions with every input column, drop-downs, messages, a guide and a dashboard.

    With --from the columns of an export are told by their names, by other names they go by, and by what stands in
    them. How each was read is shown, and saved beside FILE as NAME.mapping.csv: correct it there where it is wrong,
    and give it with --mapping, now and next quarter.

    A FILE that ends in .xltx is a template: Excel opens it as a new workbook, however often.

    With --language headers, lists, messages and the guide are in another language; what scoring writes is English.
    Every language is read, also when one workbook mixes them. All but English have not been reviewed yet.

    Example: hrdd template new orders.xlsx --from export.csv
    """
    from hrdd_workbook.design import design
    from hrdd_workbook.template import new_template, refuse_target

    if source is None and (mapping or sheet):
        raise click.UsageError("--mapping and --sheet go with --from; name the table with --from.")
    refuse_target(file, overwrite=overwrite)
    known = _language(language)
    columns = _poured(file, source, mapping, sheet) if source else None
    wanted = design(essentials=essentials, language=known.code)
    click.echo(f"Wrote {new_template(file, rows=rows, overwrite=overwrite, wanted=wanted, columns=columns)}")
    if not known.reviewed:
        click.echo(f"The words in {known.name} have not been reviewed yet; the first sheet says so.")


@command.command("upgrade")
@click.argument("file", type=_FILE)
@click.option("--out", type=_FILE, help="Write the workbook there (default: NAME.upgraded.xlsx beside it).")
@click.option("--in-place", is_flag=True, help="Write into the workbook itself.")
@click.option("--language", metavar="CODE", help="en, de, fr, es or ja (default: that of the workbook).")
@click.option("--essentials", is_flag=True, help="Only the columns that a finance export usually has.")
@click.option("--sheet", help="The sheet that holds the transactions (default: the fullest header).")
def upgrade(
    file: Path, out: Path | None, in_place: bool, language: str | None, essentials: bool, sheet: str | None
) -> None:  # click passes flags by name
    """Give FILE, an older or hand-made workbook, what the template has and it has not.

    New columns come right of yours, new sheets behind yours, drop-downs and messages to columns that have none. Your
    cells, columns, formulas, formats and sheets stay as they are.

    Example: hrdd template upgrade orders.xlsx --in-place
    """
    from hrdd_workbook.upgrade import upgrade as upgraded

    if out and in_place:
        raise click.UsageError("--out and --in-place exclude each other; give one of them.")
    target = file if in_place else out or file.with_name(f"{file.stem}.upgraded{file.suffix}")
    code = _language(language).code if language else None
    done = upgraded(file, target, language=code, essentials=essentials, sheet=sheet)
    if not done.changed:
        click.echo(f"{file}: nothing is missing; nothing was written.")
        return
    _tell("Columns", done.columns)
    _tell("Sheets", done.sheets)
    click.echo(f"Lists and messages: {counted(done.lists, 'column')} of {done.sheet}")
    click.echo(f"Wrote {target}")


def _tell(what: str, names: tuple[str, ...]) -> None:
    if names:
        click.echo(f"{what}: {', '.join(names)}")


def _language(code: str) -> Language:
    known = languages().get(code.casefold())
    if known is None:
        raise click.UsageError(f"There is no language {code}; choose from {', '.join(languages())}.")
    return known


def _poured(file: Path, source: Path, mapping: Path | None, sheet: str | None) -> dict[str, list[Any]]:
    """The orders of a table by our columns; shows and saves how its columns were mapped."""
    from hrdd_workbook.export import read_export
    from hrdd_workbook.mapping import load_mapping, orders_of, propose, save_mapping

    export = read_export(source, sheet)
    matches = load_mapping(mapping, export) if mapping else propose(export)
    orders = orders_of(export, matches)
    _show(matches)
    rows = max(map(len, orders.values()), default=0)
    click.echo(f"{source.name}, sheet {export.sheet}: {counted(rows, 'order')} under {counted(len(orders), 'column')}")
    click.echo(f"Mapping: {save_mapping(file.with_name(f'{file.stem}.mapping.csv'), matches)}")
    return orders


def _show(matches: list[Match]) -> None:
    from hrdd_cli.tables import show

    rows = [[match.header, match.ours or "-", match.how, match.example] for match in matches]
    show("", ["Their column", "Our column", "How it is known", "For example"], rows)
