"""The commands that list what is on the shelf: populations, rules, fields, the JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click
from msgspec.structs import replace

from toolkit import report
from toolkit.cli.door import found_shelf, main, unknown
from toolkit.model import Definitions, Field, Requirement, Rule
from toolkit.rules import FAMILIES, by_family, family
from toolkit.shelf import Payer


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
            beside = f" (beside {document.of}, when you ask for it: -d {document.name})" if document.of else ""
            lacking = "" if where or document.drawing else " (no template yet)"
            click.echo(f"{'':<12}   {document.name}: {document.title}{beside}{lacking}")


@main.command()
@click.option("--family", "families", multiple=True, metavar="LETTERS",
              help="Only this family, such as GT (may be repeated).")  # fmt: skip
@click.option("--payer", default="default", show_default=True, help="The payer at whose levels to list them.")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="text for people, json for programs.")  # fmt: skip
@click.pass_context
def rules(ctx: click.Context, families: tuple[str, ...], payer: str, format: str) -> None:
    """List the rules by family: code, level and what is wrong.

    Example: plankit rules --family GT
    """
    shelf = found_shelf(ctx)
    by = by_family(shelf.rules)
    asked = [name.strip().upper() for several in families for name in several.split(",")] or list(by)
    for name in asked:
        if name not in by:
            raise unknown("family of rules", name, by)
    listed = {name: [_judged(shelf.rules[code], shelf.payer(payer)) for code in by[name]] for name in asked}
    if format == "json":
        click.echo(json.dumps([_rule_table(one) for several in listed.values() for one in several], indent=2))
        return
    for name, several in listed.items():
        click.echo(f"{name}  {FAMILIES.get(name, name)} ({len(several)})")
        for one in several:
            click.echo(f"  {one.code}  {one.level:<8} {one.summary}")
    click.echo(f"{sum(map(len, listed.values()))} rules. What one of them asks for: plankit rule CODE", err=True)


def _judged(rule: Rule, payer: Payer) -> Rule:
    """Return ``rule`` at the level at which ``payer`` judges it."""
    own = payer.levels.get(rule.code)
    return replace(rule, level=own.level) if own else rule


def _rule_table(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "family": FAMILIES.get(family(rule.code), family(rule.code)),
        "name": rule.name,
        "level": rule.level,
        "phase": rule.phase,
        "waivable": rule.waivable,
        "documents": list(rule.documents),
        "summary": rule.summary,
        "why": rule.why,
        "source": rule.source,
    }


@main.command()
@click.option("--payer", default="default", show_default=True, help="The payer at whose level to show it.")
@click.argument("code")
@click.pass_context
def rule(ctx: click.Context, code: str, payer: str) -> None:
    """Explain one rule: why it matters, an example, what to write instead, who asks for it.

    Example: plankit rule SM006
    """
    shelf = found_shelf(ctx)
    known = shelf.rules
    found = known.get(code.upper())
    if found is None:
        raise unknown("rule", code, known, "See: plankit rules")
    click.echo(report.page(found, shelf.all(), shelf.payer(payer).levels.get(found.code)).rstrip())


@main.command()
@click.argument("population", nargs=-1)
@click.option("--required", is_flag=True, help="Only those that a document cannot do without.")
@click.option("--payer", default="default", show_default=True, help="With a population: the payer that asks too.")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="text for people, json for programs.")  # fmt: skip
@click.pass_context
def fields(ctx: click.Context, population: tuple[str, ...], required: bool, payer: str, format: str) -> None:
    """List every field: its name, sheet, column and question, and who requires it in which documents.

    Example: plankit fields adult trauma
    """
    found = found_shelf(ctx)
    definitions = found.compose(population, payer) if population else found.all()
    listed = [item for item in definitions.fields.values() if not item.derived and (item.required_by or not required)]
    if format == "json":
        click.echo(json.dumps([_as_table(item) for item in listed], ensure_ascii=False, indent=2))
        return
    click.echo("* required in every row of its sheet   ? required in some cases, see the brackets   no mark: optional")
    for item in listed:
        mark = "*" if _is_always_required(item) else "?" if item.required_by else " "
        asks = "; ".join([*(_asks(one, definitions) for one in item.required_by), *_but(item, definitions)])
        line = f"{mark} {item.path:<42} {item.sheet} › {item.label}: {item.prompt}"
        click.echo(f"{line}{f' [{asks}]' if asks else ''}")


def _asks(one: Requirement, definitions: Definitions) -> str:
    where = ", ".join((*one.documents, *(["in some cases"] if one.when else ())))
    return f"{definitions.titles.get(one.by, one.by)}: {where}"


def _is_always_required(item: Field) -> bool:
    return not item.unless and not item.one_row and any(one.documents for one in item.required_by)


def _but(item: Field, definitions: Definitions) -> Iterator[str]:
    """Yield when an answer that documents require may be left blank."""
    if item.required_by and item.unless:
        other = definitions.fields.get(item.unless)
        yield f"unless «{other.label if other else item.unless}» is answered"
    if item.required_by and item.one_row:
        yield "in at least one row"


def _as_table(item: Field) -> dict[str, Any]:
    return {
        "path": item.path,
        "sheet": item.sheet,
        "label": item.label,
        "kind": item.kind,
        "prompt": item.prompt,
        "asked_by": item.pack,
        "required_by": [{"by": one.by, "documents": list(one.documents), "when": one.when} for one in item.required_by],
        "source": item.source,
    }


@main.command()
@click.argument("population", nargs=-1)
@click.pass_context
def schema(ctx: click.Context, population: tuple[str, ...]) -> None:
    """For programmers: print the JSON Schema of an input file.

    Example: plankit schema > plankit.schema.json
    """
    from toolkit.schema import json_schema

    found = found_shelf(ctx)
    definitions = found.compose(population) if population else found.all()
    click.echo(json.dumps(json_schema(definitions), indent=2))
