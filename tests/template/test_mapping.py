"""Tables of any shape become orders: columns are told by name, alias, near spelling or content, and it is said."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hrdd.engine import score
from hrdd_cli.main import cli
from hrdd_workbook import layout
from hrdd_workbook.errors import NoTransactions
from hrdd_workbook.export import header_row, read_export
from hrdd_workbook.mapping import BadMapping, Match, load_mapping, orders_of, propose, save_mapping
from hrdd_workbook.read import read_transactions
from hrdd_workbook.template import new_template

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-2026q3.xlsx"
STRANGE = """Quarter;;;;;;;
;;;;;;;
Beleg;Wann;Käufer;Ziel;Gegenstand;Wert EUR;Whg;Kostenstelle
450001;31.07.2026;Ministerium des Innern;Kasachstan;Gesichtserkennung Server;1.234,50;EUR;K100
450002;02.08.2026;Stadtwerke München GmbH;Deutschland;IP-Kameras;15.000,00;EUR;K100
450003;15.08.2026;Royal Thai Police;Thailand;Mobile forensic extraction kit;99.000,00;USD;K200
Summe;;;;;115.234,50;;
"""


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """An export whose headers say nothing to us, with a title above and a total below."""
    path = tmp_path / "export.csv"
    path.write_text(STRANGE, encoding="utf-8")
    return path


def by_key(matches: list[Match]) -> dict[str | None, str]:
    """The header of theirs for each key of ours."""
    return {match.key: match.header for match in matches}


def test_columns_without_a_telling_name_are_told_by_what_stands_in_them(strange: Path) -> None:
    """Ids, dates, parties, countries, products, amounts and currencies; a cost centre is left out and said so."""
    matches = propose(read_export(strange))
    assert by_key(matches) == {
        "transaction_id": "Beleg",
        "as_of_date": "Wann",
        "end_user": "Käufer",
        "destination_country": "Ziel",
        "product": "Gegenstand",
        "amount": "Wert EUR",
        "currency": "Whg",
        None: "Kostenstelle",
    }
    assert {match.how.split(":")[0] for match in matches} == {"content", "left out"}


def test_dates_and_amounts_become_such_and_totals_are_no_orders(strange: Path) -> None:
    """The decimal mark is that of the column, and a row that adds up is left behind."""
    export = read_export(strange)
    orders = orders_of(export, propose(export))
    assert orders["amount"] == [1234.5, 15000.0, 99000.0]
    assert [value.date() if isinstance(value, dt.datetime) else value for value in orders["as_of_date"]] == [
        dt.date(2026, 7, 31),
        dt.date(2026, 8, 2),
        dt.date(2026, 8, 15),
    ]
    assert orders["transaction_id"] == ["450001", "450002", "450003"]


def test_a_poured_export_scores_as_the_export_itself(tmp_path: Path) -> None:
    """Every order of a finance export comes through the template with the same rating, flags and words."""
    export = read_export(EXAMPLE)
    path = new_template(tmp_path / "orders.xlsx", columns=orders_of(export, propose(export)))
    day = dt.date(2026, 11, 24)
    ours, theirs = (score(read_transactions(file).frame, today=day) for file in (path, EXAMPLE))
    for key in ("rating", "disposition", "why", "ask_first", "red_flags", "judged_on"):
        assert ours.columns[key].tolist() == theirs.columns[key].tolist()


def test_a_mapping_is_kept_corrected_and_used_again(strange: Path, tmp_path: Path) -> None:
    """What a person wrote into the saved mapping holds, also against what the columns look like."""
    export = read_export(strange)
    saved = save_mapping(tmp_path / "q3.mapping.csv", propose(export))
    assert [(m.header, m.key) for m in load_mapping(saved, export)] == [(m.header, m.key) for m in propose(export)]
    text = saved.read_text(encoding="utf-8-sig").replace("Kostenstelle,,left out", "Kostenstelle,Exporter,by hand")
    saved.write_text(text.replace("Gegenstand,Product", "Gegenstand,product_description"), encoding="utf-8")
    matches = by_key(load_mapping(saved, export))
    assert (matches["exporter"], matches["product_description"]) == ("Kostenstelle", "Gegenstand")
    assert "product" not in matches


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Nirgends,Product,name", 'export.csv has no column "Nirgends", which bad.csv maps'),
        ("Beleg,Shoe size,name", 'names "Shoe size", which is no input column of hrdd'),
        ("Beleg,Product,name\nZiel,product,name", "maps two columns to Product; keep one of them"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_a_reason(
    strange: Path, tmp_path: Path, line: str, reason: str
) -> None:
    """One sentence says which file, which column, and what to do."""
    bad = tmp_path / "bad.csv"
    bad.write_text(f"their column,our column,how\n{line}\n", encoding="utf-8")
    with pytest.raises(BadMapping, match=reason):
        load_mapping(bad, read_export(strange))


def test_a_file_that_is_no_mapping_is_told(strange: Path, tmp_path: Path) -> None:
    """Its first line must name the columns."""
    with pytest.raises(BadMapping, match="is no mapping: its first line must name the columns their column, our"):
        load_mapping(strange, read_export(strange))
    with pytest.raises(BadMapping, match="cannot be read"):
        load_mapping(tmp_path / "nowhere.csv", read_export(strange))


def test_the_fullest_sheet_is_taken_unless_another_is_named(tmp_path: Path) -> None:
    """A cover sheet is no table; a sheet that is asked for is taken, and one that is not there is said."""
    book = openpyxl.Workbook()
    book.active.append(["Cover", None])  # type: ignore[union-attr]
    wide, narrow = book.create_sheet("Wide"), book.create_sheet("Narrow")
    for row in (["a", "b", "c"], [1, 2, 3]):
        wide.append(row)
    for row in (["x", "y"], [1, 2]):
        narrow.append(row)
    book.save(tmp_path / "book.xlsx")
    assert read_export(tmp_path / "book.xlsx").headers == ("a", "b", "c")
    assert read_export(tmp_path / "book.xlsx", "narrow").headers == ("x", "y")
    with pytest.raises(NoTransactions, match=r"book\.xlsx, sheet Nobody: no row among the first 50 names columns"):
        read_export(tmp_path / "book.xlsx", "Nobody")


CELLS = st.one_of(st.none(), st.text(max_size=6), st.floats(allow_nan=False), st.dates())


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_no_table_is_too_odd_to_look_for_a_header(rows: list[list[Any]]) -> None:
    """The header is one of the rows and names at least two columns, or there is none."""
    at, named = header_row(rows)
    assert (at, named) == (0, 0) or (1 <= at <= len(rows) and named >= 2)


def test_the_command_shows_saves_and_pours(strange: Path, tmp_path: Path) -> None:
    """`template new --from` prints the mapping, writes it beside the workbook, and fills the table."""
    target = tmp_path / "q3.xlsx"
    ran = CliRunner().invoke(cli, ["template", "new", str(target), "--from", str(strange), "--essentials"])
    assert ran.exit_code == 0, ran.output
    assert "Käufer" in ran.output
    assert "100 % are countries" in ran.output
    assert "3 orders under 7 columns" in ran.output
    with (tmp_path / "q3.mapping.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ["Käufer", "End user", "content: 100 % name kinds of organisations"] in list(csv.reader(file))
    sheet = openpyxl.load_workbook(target)[layout.TRANSACTIONS_SHEET]
    headers = [cell.value for cell in sheet[layout.HEADER_ROW]]
    assert "Leverage over the end user" not in headers
    assert sheet.cell(layout.FIRST_ROW, headers.index("End user") + 1).value == "Ministerium des Innern"


def test_options_that_need_a_table_say_so(tmp_path: Path) -> None:
    """A mapping without a table to map is a wrong command line."""
    ran = CliRunner().invoke(cli, ["template", "new", str(tmp_path / "a.xlsx"), "--mapping", "m.csv"])
    assert ran.exit_code == 2
    assert "--mapping and --sheet go with --from" in ran.output


def test_a_name_over_bare_numbers_gives_way_to_a_better_one(tmp_path: Path) -> None:
    """Item and Kunde are numbers here; the words of product and customer stand elsewhere, and are taken."""
    path = tmp_path / "sap.csv"
    path.write_text(
        "Order no;Item;Material Description;Kunde;Kundenname;Country\n"
        "4711;10;IMSI catcher;20001;Ministry of Interior;Egypt\n4712;20;PTZ camera;20002;Bank of Oslo;Norway\n"
    )
    ours = {match.header: match.key for match in propose(read_export(path))}
    assert (ours["Item"], ours["Kunde"]) == (None, None)
    assert (ours["Material Description"], ours["Kundenname"]) == ("product", "end_user")


def test_a_name_over_bare_numbers_stands_where_nothing_else_does(tmp_path: Path) -> None:
    """A table that knows its products by number alone keeps them."""
    path = tmp_path / "codes.csv"
    path.write_text("Order no;Item;Customer;Country\nA1;10;Bank of Oslo;Norway\nA2;20;Bank of Turku;Finland\n")
    assert {match.header: match.key for match in propose(read_export(path))}["Item"] == "product"


def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path) -> None:
    """Groups over columns, as pivot exports have them: every column is known by its group and its own name."""
    book: Any = openpyxl.Workbook()
    for row in (
        ["Orders of the quarter"],
        ["Order", None, "Customer", None, "Goods", "Money"],
        ["Number", "Entered", "Name", "Destination", "Text", "Gross"],
        ["0001", dt.datetime(2026, 7, 1), "Ministry of Defence", "Kenya", "Facial recognition server", 1000.5],
        ["0002", dt.datetime(2026, 7, 2), "Bank of Oslo", "Norway", "Router", 20.0],
    ):
        book.active.append(row)
    book.save(tmp_path / "groups.xlsx")
    export = read_export(tmp_path / "groups.xlsx")
    assert export.headers[:4] == ("Order Number", "Order Entered", "Customer Name", "Customer Destination")
    ours = [match.key for match in propose(export)]
    assert ours == ["transaction_id", "as_of_date", "end_user", "destination_country", "product", "amount"]


def test_a_first_order_of_words_is_no_second_header(tmp_path: Path) -> None:
    """A column without a name makes no group of the others."""
    path = tmp_path / "gap.csv"
    path.write_text("Order no,Product,,End user\nA1,Camera,new,Bank\nA2,Server,old,Police\n")
    assert read_export(path).headers == ("Order no", "Product", "End user")


def test_amounts_with_the_sign_of_their_currency_are_amounts(tmp_path: Path) -> None:
    """They are told by it, and poured in as numbers; a text that is no amount stays as it is."""
    path = tmp_path / "signs.csv"
    path.write_text(
        "Order no;Product;x\nA1;Camera;€ 1.234,50\nA2;Camera;99,00 EUR\nA3;Camera;$ 0,80\nA4;Camera;?\n" * 4
    )
    export = read_export(path)
    matches = [Match(m.header, m.place, m.key or "amount", m.how) for m in propose(export)]
    orders = orders_of(export, matches)
    assert orders["amount"][:4] == [1234.5, 99.0, 0.8, "?"]
    assert orders["currency"][:4] == ["EUR", "EUR", None, None]
    path.write_text("Order no;Product;x\nA1;Camera;€ 1.234,50\nA2;Camera;99,00 EUR\n")
    assert propose(read_export(path))[2].key == "amount"
