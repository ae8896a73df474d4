"""`hrdd backtest`: documented cases at their own dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrdd_cli.options import as_format

if TYPE_CHECKING:
    from hrdd.backtest import Backtest


@click.command("backtest")
@click.argument("cases", required=False, type=click.Path(path_type=Path))
@click.option("--essentials", is_flag=True, help="List the rows scored with only what a finance export has.")
@click.option("--compare", is_flag=True, help="Hold the method against simpler ones, and its levels one step off.")
@as_format
def command(cases: Path | None, essentials: bool, compare: bool, form: str) -> None:
    """Run documented cases (default: the shipped ones) and list every row outside its expected range.

    The summary tells the same cases beside it with the essentials only, what a finance export has: what bulk triage
    of orders is worth. --essentials lists their rows.

    The columns expected_disposition, expected_min and expected_max of CASES.csv say what is expected; the scorer
    never reads them. The documented rows are scandals and the benign ones are invented: no share is a probability.

    Example: hrdd backtest --essentials
    """
    from hrdd.backtest import backtest, beside, load_cases

    table = load_cases(cases)
    result = backtest(table, essentials=True) if essentials else beside(table)
    if compare:
        from hrdd.comparison import compare_methods

        result.summary["comparison"] = compare_methods(result, essentials=essentials)
    if form == "json":
        click.echo(json.dumps({"summary": result.summary, "rows": result.rows}, indent=2, ensure_ascii=False))
        return
    _print_rows(result)
    _print_summary(result.summary)


def _print_rows(result: Backtest) -> None:
    from hrdd_cli.tables import show

    title = result.cases.get("title")
    status = result.cases.get("allegation_status")
    rows = [
        [
            row["transaction_id"],
            _text(title, at),
            _text(status, at).replace("_", " ").lower(),
            f"{row['expected_disposition']} {row['expected_min']}..{row['expected_max']}",
            f"{row['disposition']} {_span(row)}",
            "yes" if row["within"] else "NO",
        ]
        for at, row in enumerate(result.rows)
    ]
    show("Backtest", ["Case", "Title", "Status of the record", "Expected", "Rated", "Within"], rows)
    for at, row in enumerate(result.rows):
        if not row["within"]:
            click.echo(f"{row['transaction_id']} outside: {result.scores.columns.why.iloc[at]}")


def _text(column: Any, at: int) -> str:
    return "" if column is None else str(column.iloc[at] or "")


def _span(row: dict[str, Any]) -> str:
    return f"UNRATED {row['overall_low']}..{row['overall']}" if row["unrated"] else row["overall"]


def _print_summary(summary: dict[str, Any]) -> None:
    from hrdd.backtest import counts
    from hrdd_cli.tables import show

    runs = (
        {"All columns": summary, "Essentials only": summary["essentials"]}
        if "essentials" in summary
        else {"Essentials only": summary}
    )
    told = [dict(counts(run)) for run in runs.values()]
    show("", ["", *runs], [[words, *(run[words] for run in told)] for words in told[0]])
    for line in summary.get("comparison", []):
        click.echo(line)
