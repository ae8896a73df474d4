"""Draws the dashboard: live formulas over the rows of Transactions that are in sight, and charts of them.

Nothing here is computed by hrdd. The formulas are those that Excel 2016 and LibreOffice 7.4 both know; they follow
edits, filters and new scores by themselves. Left stand tables, right their charts; the five columns of a table are
the five ratings, and in the middle the five steps of likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter

from hrdd.method.levels import load_levels

from .. import layout, palette
from ..design import Design
from ..looks import HAIR, font, paint, set_print
from ..palette import Style
from .charts import RATING_ORDER, Block, stacked_bars
from .lists import QUARTERS, rankings

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

DISPOSITIONS = ("STOP", "HOLD", "CONDITIONS", "NONE")
_LABEL, _FIRST, _TOTAL, _CHART, _LAST = 2, 3, 8, 10, 16
_WIDTHS = {1: 2.5, _LABEL: 40, **dict.fromkeys(range(3, 9), 12), 9: 3, **dict.fromkeys(range(10, 17), 11), 17: 2.5}
_COUNT, _MONEY = '#,##0;-#,##0;"·"', '#,##0;-#,##0;"·"'
_NAME = layout.COLUMN_NAME_PREFIX
_IN_SIGHT = f"{_NAME}in_sight,1"
_SOFT = Style(palette.BODY.ink, "F5F7FA")


def count(*conditions: str) -> str:
    """A formula that counts the rows in sight for which all conditions, pairs of range and criterion, hold."""
    return f"COUNTIFS({','.join((_IN_SIGHT, *conditions))})"


def orders() -> str:
    """A formula that counts all rows in sight; a totals row has no rating in words and is none of them."""
    return count(f"{_NAME}rating", '"?*"')


def draw_dashboard(book: Workbook, design: Design) -> None:
    """Add the sheet; it shows dots until something is scored."""
    sheet = book.create_sheet(design.say(layout.DASHBOARD_SHEET))
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = palette.BAND_STYLES["result"].fill
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    page = _Page(sheet, design)
    page.title()
    row = page.tiles(5)
    row = page.by_quarter(row + 2)
    row = page.by_category(row + 2)
    row = page.heat(row + 2)
    row = page.money(row + 2)
    page.notes(row + 2)
    sheet.print_area = f"A1:{get_column_letter(_LAST + 1)}{row + 5}"
    set_print(sheet, landscape=False)


def _quoted(text: str) -> str:
    """A text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'


class _Page:
    """The sheet while it is drawn, from top to bottom; each part returns the row after its last."""

    def __init__(self, sheet: Worksheet, design: Design) -> None:
        self.sheet, self.design, self.say = sheet, design, design.say

    def put(self, row: int, column: int, value: str, style: Style = palette.BODY, size: float = 11) -> None:
        """Write a cell in its look, in the middle of its height."""
        self.sheet.row_dimensions[row].height = self.sheet.row_dimensions[row].height or _LINE
        cell = self.sheet.cell(row, column, value)
        paint(cell, style)
        cell.font = font(style, size)
        cell.alignment = Alignment(vertical="center", horizontal="left" if column == _LABEL else "center")

    def number(self, row: int, column: int, formula: str, style: Style = palette.BODY, form: str = _COUNT) -> None:
        """Write a live number; what cannot be counted, since its column was deleted, shows as nought."""
        self.put(row, column, f"=IFERROR({formula},0)", style)
        self.sheet.cell(row, column).number_format = form

    def title(self) -> None:
        self.put(2, _LABEL, self.say("Dashboard"), palette.TITLE, 20)
        scored = f"{_NAME}in_sight"
        said = self.say("Orders in sight: {}. Set a filter on Transactions, and every figure here follows it.")
        before, after = said.split("{}")
        nothing = self.say("Nothing is scored yet: the figures appear with the first scoring.")
        formula = f"=IF(COUNT({scored})=0,{_quoted(nothing)},{_quoted(before)}&{orders()}&{_quoted(after)})"
        self.put(3, _LABEL, formula, palette.QUIET)
        self.sheet.row_dimensions[2].height = 30

    def tiles(self, row: int) -> int:
        """The figures that a reader looks for first, large, each over what it counts."""
        graves = "+".join(count(f"{_NAME}rating", f'"{word}"') for word in ("HIGH", "CRITICAL"))
        held = "+".join(count(f"{_NAME}disposition", f'"{word}"') for word in ("HOLD", "STOP"))
        decided = "+".join(
            count(f"{_NAME}disposition", f'"{word}"', f"{_NAME}decision", '"?*"') for word in ("HOLD", "STOP")
        )
        tiles = (
            (2, 2, orders(), "orders in sight"),
            (3, 4, graves, "HIGH or CRITICAL"),
            (5, 6, held, "HOLD or STOP"),
            (7, 8, f"{held}-({decided})", "of these without a decision"),
            (10, 11, count(f"{_NAME}ask_first", '"?*"'), "with an open question"),
            (12, 13, count(f"{_NAME}edited", '"?*"'), "edited since scoring"),
            (
                14,
                16,
                f"COUNTIF(rules_verified,{_quoted(self.say('no'))})/COUNTA(rules_verified)",
                "of the rules are unverified",
            ),
        )
        for left, right, formula, words in tiles:
            self._tile(row, left, right, formula, self.say(words))
        self.sheet.cell(row, 14).number_format = "0%"
        self.sheet.row_dimensions[row].height, self.sheet.row_dimensions[row + 1].height = 36, 20
        return row + 2

    def _tile(self, row: int, left: int, right: int, formula: str, words: str) -> None:
        self.number(row, left, formula, Style(palette.TITLE.ink, _SOFT.fill, bold=True), "#,##0")
        self.put(row + 1, left, words, Style(palette.QUIET.ink, _SOFT.fill))
        for at, size in ((row, 24), (row + 1, 10)):
            for column in range(left, right + 1):
                cell = self.sheet.cell(at, column)
                paint(cell, _SOFT)
                cell.border = Border(left=_GAP if column == left else None, right=_GAP if column == right else None)
            first = self.sheet.cell(at, left)
            first.font = font(Style(palette.TITLE.ink, bold=at == row) if at == row else palette.QUIET, size)
            first.alignment = Alignment(horizontal="center", vertical="center")
            if right > left:
                self.sheet.merge_cells(start_row=at, start_column=left, end_row=at, end_column=right)

    def heading(self, row: int, text: str, left: int = _LABEL, right: int = _TOTAL) -> None:
        self.put(row, left, self.say(text), palette.TITLE, 13)
        self.sheet.cell(row, left).alignment = Alignment(horizontal="left", vertical="center")
        for column in range(left, right + 1):
            self.sheet.cell(row, column).border = Border(bottom=HAIR)
        self.sheet.row_dimensions[row].height = 24

    def ratings(self, row: int, first: str, last: str) -> None:
        """The header of a table by rating: each word in the look that it has everywhere."""
        tints = {tint.word: tint.style for tint in palette.RATING_TINTS}
        self.put(row, _LABEL, self.say(first), palette.QUIET)
        for column, word in enumerate(RATING_ORDER, start=_FIRST):
            self.put(row, column, word, tints[word])
        self.put(row, _TOTAL, self.say(last), palette.QUIET)

    def line(
        self, row: int, label: str, formulas: Sequence[str], form: str = _COUNT, style: Style = palette.BODY
    ) -> None:
        """A label, and a live number in each column from the first on."""
        self.put(row, _LABEL, label, style)
        for column, formula in enumerate(formulas, start=_FIRST):
            self.number(row, column, formula, style, form)
        for column in range(_LABEL, _TOTAL + 1):
            self.sheet.cell(row, column).border = Border(bottom=HAIR)

    def total(self, row: int) -> None:
        """All rows in sight by rating, counted apart from the lines above."""
        formulas = [count(f"{_NAME}rating", cell) for cell in self._words()]
        self.line(
            row,
            self.say("All in sight"),
            [*formulas, orders()],
            style=Style(palette.BODY.ink, bold=True),
        )

    def _words(self) -> list[str]:
        """The cells with the words of the ratings, in the header of the table."""
        return [f"{get_column_letter(column)}${self.head}" for column in range(_FIRST, _TOTAL)]

    def _by_rating(self, *conditions: str) -> list[str]:
        each = [count(f"{_NAME}rating", word, *conditions) for word in self._words()]
        return [*each, count(*conditions)]

    def by_quarter(self, row: int) -> int:
        """Ratings over the last two years, and what is older."""
        self.heading(row, "Ratings by quarter")
        self.head = row + 1
        self.ratings(self.head, "Quarter of the order", "Orders")
        starts = [f"INDEX(quarter_starts,{at})" for at in range(1, QUARTERS + 1)]
        judged = f"{_NAME}judged_on"
        before = self._guarded(starts[0], self._by_rating(judged, f'"<"&{starts[0]}'))
        self.line(row + 2, self.say("Earlier"), before)
        for at, start in enumerate(starts, start=row + 3):
            label = f'=IF({start}="","",YEAR({start})&" Q"&INT((MONTH({start})+2)/3))'
            until = f'"<"&EDATE({start},3)'
            self.line(at, label, self._guarded(start, self._by_rating(judged, f'">="&{start}', judged, until)))
        last = row + 2 + QUARTERS
        self.total(last + 1)
        alt = self.say("Stacked columns: orders by quarter and rating. The table left of it has the same figures.")
        stacked_bars(self.sheet, Block(self.head, _LABEL, last, _TOTAL - 1), Block(row, _CHART, last + 1, _LAST), alt)
        return last + 1

    @staticmethod
    def _guarded(cell: str, formulas: Sequence[str]) -> list[str]:
        return [f'IF({cell}="",0,{formula})' for formula in formulas]

    def by_category(self, row: int) -> int:
        """Ratings of the categories that occur most, and of all others together."""
        self.heading(row, "Ratings by product category")
        self.head = row + 1
        self.ratings(self.head, "Category as read", "Orders")
        last = self._ranked(row + 2, "category_read", self.say("Other or unknown category"))
        self.total(last + 1)
        alt = self.say(
            "Stacked bars: orders by product category and rating. The table left of it has the same figures."
        )
        stacked_bars(
            self.sheet, Block(self.head, _LABEL, last, _TOTAL - 1), Block(row, _CHART, last + 1, _LAST), alt, lying=True
        )
        return last + 1

    def _ranked(self, row: int, key: str, others: str) -> int:
        """A line for each value that occurs most, then one for the rest; the row of that one."""
        places = next(ranking.places for ranking in rankings(self.design) if ranking.key == key)
        for at in range(places):
            place = f"INDEX(rank_{key}_places,{at + 1})"
            value = f"INDEX(rank_{key}_values,{place})"
            label = f'=IFERROR(INDEX(rank_{key}_words,{place}),"")'
            self.line(row + at, label, self._guarded(place, self._by_rating(f"{_NAME}{key}", value)))
        columns = [get_column_letter(column) for column in range(_FIRST, _TOTAL + 1)]
        wholes = [*(count(f"{_NAME}rating", word) for word in self._words()), orders()]
        rest = [f"{whole}-SUM({c}{row}:{c}{row + places - 1})" for whole, c in zip(wholes, columns, strict=True)]
        self.line(row + places, others, rest)
        return row + places

    def heat(self, row: int) -> int:
        """Severity by likelihood, each cell on the paper of its class and with its word; dispositions beside."""
        self.heading(row, "Severity and likelihood")
        self.put(row + 1, _LABEL, self.say("Likelihood, from 0 to 4:"), palette.QUIET)
        for likelihood in range(5):
            self.put(row + 1, _FIRST + likelihood, f"{likelihood}", palette.QUIET)
        self.put(row + 1, _TOTAL, self.say("Orders"), palette.QUIET)
        tints, levels = {tint.word: tint.style for tint in palette.RATING_TINTS}, load_levels()
        for offset, severity in enumerate(range(4, -1, -1), start=row + 2):
            of_row = [f"{_NAME}severity", str(severity)]
            formulas = [count(*of_row, f"{_NAME}likelihood", str(likelihood)) for likelihood in range(5)]
            self.line(offset, f"{self.say('Severity')} {severity}", [*formulas, count(*of_row)])
            for likelihood in range(5):
                word = levels.classes[levels.table[severity][likelihood]]
                cell = self.sheet.cell(offset, _FIRST + likelihood)
                paint(cell, tints[word])
                cell.number_format = f'[=0]"{word.lower()}";#,##0" {word}"'
            self.sheet.row_dimensions[offset].height = 22
        self._dispositions(row)
        return row + 6

    def _dispositions(self, row: int) -> None:
        self.heading(row, "Dispositions and decisions", _CHART, _LAST)
        for column, words in ((13, "Orders"), (14, "Decided"), (15, "Open"), (16, "Asking")):
            self.put(row + 1, column, self.say(words), palette.QUIET)
        tints = {tint.word: tint.style for tint in palette.DISPOSITION_TINTS}
        for at, word in enumerate(DISPOSITIONS, start=row + 2):
            self.put(at, _CHART, word, tints[word])
            self.sheet.merge_cells(start_row=at, start_column=_CHART, end_row=at, end_column=_CHART + 2)
            of_word = [f"{_NAME}disposition", f'"{word}"']
            decided = count(*of_word, f"{_NAME}decision", '"?*"')
            asking = count(*of_word, f"{_NAME}ask_first", '"?*"')
            for column, formula in (
                (13, count(*of_word)),
                (14, decided),
                (15, f"{count(*of_word)}-{decided}"),
                (16, asking),
            ):
                self.number(at, column, formula)
            for column in range(_CHART, _LAST + 1):
                self.sheet.cell(at, column).border = Border(bottom=HAIR)

    def money(self, row: int) -> int:
        """Amounts by currency and rating; amounts of different currencies are never added up."""
        self.heading(row, "Amount by currency and rating")
        self.head = row + 1
        self.ratings(self.head, "Currency", "Total")
        amount, currency = f"{_NAME}amount", f"{_NAME}currency"
        places = next(ranking.places for ranking in rankings(self.design) if ranking.key == "currency")
        for at in range(places):
            place = f"INDEX(rank_currency_places,{at + 1})"
            code = f"INDEX(rank_currency_values,{place})"
            sums = [f"SUMIFS({amount},{_IN_SIGHT},{currency},{code},{_NAME}rating,{word})" for word in self._words()]
            whole = f"SUMIFS({amount},{_IN_SIGHT},{currency},{code})"
            label = f'=IFERROR({code},"")'
            self.line(row + 2 + at, label, self._guarded(place, [*sums, whole]), _MONEY)
        last = row + 1 + places
        alt = self.say(
            "Bars of equal length: the share of each rating in the amount of a currency. The table has the sums."
        )
        stacked_bars(
            self.sheet, Block(self.head, _LABEL, last, _TOTAL - 1), Block(row, _CHART, last + 1, _LAST), alt,
            lying=True, shares=True,
        )  # fmt: skip
        self.put(last + 1, _LABEL, self.say("Orders that are not in these sums"), palette.QUIET)
        codes = f"B{row + 2}:B{last}"
        summed = f'SUMPRODUCT(({codes}<>"")*{count(amount, _ANY_NUMBER, currency, codes)})'
        self.number(last + 1, _TOTAL, f"{orders()}-{summed}", palette.QUIET)
        return last + 1

    def notes(self, row: int) -> None:
        """Where the figures come from, and what they are not."""
        said = f'INDEX({_NAME}versions,MATCH("?*",{_NAME}versions,0))'
        versions = f'=IFERROR({_quoted(self.say("Scored with") + " ")}&{said},"")'
        lines = (
            self.say(
                "The rating is this product's own scheme, not a figure of the guidance. "
                "NONE means: nothing found in what was checked."
            ),
            self.say("An order that was edited since scoring keeps its old rating here until it is scored again."),
            versions,
        )
        for at, text in enumerate(lines, start=row):
            self.put(at, _LABEL, text, palette.QUIET, 10)


_LINE = 19.0
_GAP = Side(style="thick", color="FFFFFF")
_ANY_NUMBER = '">-1E300"'
