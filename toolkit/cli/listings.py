"""The commands that list what is on the shelf: populations, payers, rules, fields, the JSON Schema."""

from __future__ import annotations

import json

import click

from toolkit import report
from toolkit.cli.door import found_shelf, main, unknown


@main.command()
@click.pass_context
def packs(ctx: click.Context) -> None:
    """List the populations and their documents.

    Example: plankit packs
    """
    for pack in found_shelf(ctx).packs.values():
        who = "by age" if pack.kind == "life_stage" else "where the sheet Clients says yes"
        click.echo(f"{pack.name:<12} {pack.title} ({who})")
        for document in pack.documents.values():
            where = pack.file(document.template)
            click.echo(f"{'':<12}   {document.name}: {document.title}{'' if where else ' (no template yet)'}")


@main.command()
@click.pass_context
def payers(ctx: click.Context) -> None:
    """List the payer profiles and their limits.

    Example: plankit payers
    """
    for payer in found_shelf(ctx).payers.values():
        click.echo(f"{payer.name:<12} {payer.title}")
        for name, limit in payer.limits.items():
            click.echo(f"{'':<12}   {name.replace('_', ' ')}: {limit}")


@main.command()
@click.pass_context
def rules(ctx: click.Context) -> None:
    """List the rules: code, level and what is wrong.

    Example: plankit rules
    """
    for code, rule in found_shelf(ctx).rules.items():
        click.echo(f"{code}  {rule.level:<8} {rule.summary}")


@main.command()
@click.argument("code")
@click.pass_context
def rule(ctx: click.Context, code: str) -> None:
    """Explain one rule: why it matters, an example, and what to write instead.

    Example: plankit rule SM006
    """
    known = found_shelf(ctx).rules
    found = known.get(code.upper())
    if found is None:
        raise unknown("rule", code, known, "See: plankit rules")
    click.echo(report.page(found).rstrip())


@main.command()
@click.argument("population", nargs=-1)
@click.option("--required", is_flag=True, help="Only those that a document cannot do without.")
@click.pass_context
def fields(ctx: click.Context, population: tuple[str, ...], required: bool) -> None:
    """List every field: its name, sheet, column and question.

    Example: plankit fields adult trauma
    """
    found = found_shelf(ctx)
    definitions = found.compose(population) if population else found.all()
    for item in definitions.fields.values():
        if item.derived or (required and not item.required and not item.required_when):
            continue
        mark = "*" if item.required else "?" if item.required_when else " "
        click.echo(f"{mark} {item.path:<42} {item.sheet} › {item.label}: {item.prompt}")


@main.command()
@click.argument("population", nargs=-1)
@click.pass_context
def schema(ctx: click.Context, population: tuple[str, ...]) -> None:
    """Print the JSON Schema of an input file.

    Example: plankit schema > plankit.schema.json
    """
    from toolkit.schema import json_schema

    found = found_shelf(ctx)
    definitions = found.compose(population) if population else found.all()
    click.echo(json.dumps(json_schema(definitions), indent=2))
