"""`hrdd rules`: the catalogue, readable in a terminal."""

from __future__ import annotations

import click

from hrdd_cli.options import as_format


@click.group("rules")
def command() -> None:
    """Read the rule catalogue: every red flag, consideration and mitigation, with where it comes from.

    Example: hrdd rules list; hrdd rules show 2-RF-01
    """


@command.command("list")
@as_format
def list_rules(form: str) -> None:
    """List all rules with step, type, title and provenance.

    Example: hrdd rules list --format json
    """
    from hrdd.handbook import rules_as_json
    from hrdd.packs import load_catalogue

    catalogue = load_catalogue()
    if form == "json":
        click.echo(rules_as_json(catalogue))
        return
    from hrdd_cli.tables import show

    rows = [[rule.id, rule.type, rule.title, rule.provenance] for rule in catalogue.rules]
    show(f"Rules of {catalogue.version}", ["Rule", "Type", "Title", "Provenance"], rows)
    click.echo("Only C-FINAL is verified against the guidance; all wording is a paraphrase.")


@command.command("show")
@click.argument("rule_id", metavar="ID")
@as_format
def show_rule(rule_id: str, form: str) -> None:
    """Show one rule: what it finds, why, where it comes from, what it reads, what to do.

    Example: hrdd rules show HRDD-2-RF-01
    """
    from hrdd.handbook import rule_as_json, rule_page
    from hrdd.packs import load_catalogue
    from hrdd_cli.tables import show_page

    catalogue = load_catalogue()
    rule = catalogue.rule(rule_id)
    if form == "json":
        click.echo(rule_as_json(rule, catalogue))
        return
    show_page(rule_page(rule, catalogue))
