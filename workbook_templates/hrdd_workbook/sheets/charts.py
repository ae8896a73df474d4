"""Stacked bars by rating, in the workbook's own colours: the only kind of chart that the dashboard needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties

from .. import palette

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: The ratings in the order of columns and of bars, the gravest at the foot.
RATING_ORDER = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNRATED")
_SMALL, _NONE = 900, LineProperties(noFill=True)


@dataclass(frozen=True)
class Block:
    """Cells of a sheet: first and last row, first and last column, counted from one."""

    top: int
    left: int
    bottom: int
    right: int


def stacked_bars(
    sheet: Worksheet, data: Block, place: Block, alt: str, *, lying: bool = False, shares: bool = False
) -> None:
    """Put a chart over `place`: a series for each column of `data`, whose first row and column are labels.

    `lying` turns the bars, for long labels; with `shares` every bar is as long as any other. `alt` is what a
    screen reader says of the chart.
    """
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap = (
        "bar" if lying else "col",
        "percentStacked" if shares else "stacked",
        100,
    )
    chart.gapWidth = 45
    values = Reference(sheet, min_col=data.left + 1, min_row=data.top, max_col=data.right, max_row=data.bottom)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=data.left, min_row=data.top + 1, max_row=data.bottom))
    for series, column in zip(chart.series, range(data.left + 1, data.right + 1), strict=True):
        _colour(series, str(sheet.cell(data.top, column).value))
    _quiet_axes(chart, lying=lying, shares=shares)
    chart.legend.position, chart.legend.txPr = "b", _words()
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=_NONE)
    chart.anchor = _over(place)  # type: ignore[assignment]  # openpyxl takes both
    chart.alt_text = alt  # type: ignore[attr-defined]  # no subclass: openpyxl would write it without its series
    sheet.add_chart(chart)


def _colour(series: object, word: str) -> None:
    look = GraphicalProperties(solidFill=palette.CHART_FILLS[word])
    look.line = LineProperties(solidFill=palette.QUIET.ink, w=3175)
    series.graphicalProperties = look  # type: ignore[attr-defined]  # openpyxl's series


def _quiet_axes(chart: BarChart, *, lying: bool, shares: bool) -> None:
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _words()
        axis.majorTickMark = axis.minorTickMark = "none"
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=palette.RULE_COLOUR))
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill="E4E8EC")))
    chart.y_axis.number_format = "0%" if shares else '[=0]0;[<1]"";#,##0'
    chart.y_axis.numFmt.sourceLinked = False
    if lying:
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.crosses = "max"


def _words() -> RichText:
    ink = CharacterProperties(sz=_SMALL, solidFill=palette.QUIET.ink, latin=Font(typeface=palette.FONT))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=ink), endParaRPr=ink)])


def _over(place: Block) -> TwoCellAnchor:
    """An anchor from the first to the last cell of a block."""
    return TwoCellAnchor(
        editAs="oneCell",
        _from=AnchorMarker(col=place.left - 1, row=place.top - 1),
        to=AnchorMarker(col=place.right, row=place.bottom),
    )
