"""The command that lists payer profiles, or shows one: its numbers, whose they are, and what no program decides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import click

from toolkit import derive
from toolkit.cli.door import found_shelf, main
from toolkit.model import Definitions, Limit, SignerRule
from toolkit.shelf import Citation, Payer, Shelf

_READ = {"read": "", "part": " [read in part]", "not": " [not at hand; from general knowledge]", "": ""}


@main.command()
@click.argument("name", required=False)
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="text for people, json for programs.")  # fmt: skip
@click.pass_context
def payers(ctx: click.Context, name: str | None, format: str) -> None:
    """List the payer profiles, or show one: limits, signers, requirements, sources, and what is our own default.

    NAME may be several with + between them, such as a payer and a state: the strictest holds.

    Example: plankit payers default
    """
    shelf = found_shelf(ctx)
    if format == "json":
        tables = [_as_table(one, shelf) for one in (shelf.profiles(name) if name else shelf.payers.values())]
        click.echo(json.dumps(tables, ensure_ascii=False, indent=2))
    elif name:
        click.echo(page(name, shelf), nl=False)
    else:
        click.echo("".join(f"{line}\n" for line in listed(shelf.payers.values(), shelf)), nl=False)
        click.echo("More on one of them: plankit payers NAME", err=True)


def listed(payers: Iterable[Payer], shelf: Shelf) -> Iterator[str]:
    """Yield a line for each of ``payers``: name, title, kind, review clock, how sure the profile is."""
    width = max(map(len, shelf.payers))
    for payer in payers:
        clock = _limit(_limits(payer, shelf)["review_days"], "review_days")
        parts = (payer.kind, f"review: {clock}", payer.confidence and f"confidence: {payer.confidence}")
        yield f"{payer.name:<{width}}  {payer.title} ({'; '.join(part for part in parts if part)})"


def page(name: str, shelf: Shelf) -> str:
    """Return all that the profile called ``name`` says, or each of several with + between them."""
    several = shelf.profiles(name)
    pages = ["\n".join(_page(payer, shelf)) for payer in several]
    if len(several) > 1:
        pages.insert(0, "Of the limits of these profiles the strictest holds; all their signers and requirements do.")
    return "\n\n".join(pages) + "\n"


def _page(payer: Payer, shelf: Shelf) -> Iterator[str]:
    about = "; ".join(part for part in (payer.kind, payer.confidence and f"confidence: {payer.confidence}") if part)
    yield f"{payer.name}: {payer.title}{f' ({about})' if about else ''}"
    yield ""
    yield "Limits"
    limits = _limits(payer, shelf)
    for name, limit in ((name, limit) for name, limit in limits.items() if name in payer.limits):
        says = f": {limit.says or limit.about}" if limit.says or limit.about else ""
        yield f"  {name.replace('_', ' ').removesuffix(' days')}: {_limit(limit, name)}{says}"
        for level, number in limit.at.items():
            yield f"    at {level}: {derive.counted(name, number)}"
    if limits.keys() - payer.limits.keys():
        yield "  all others: our default, see plankit payers default"
    yield "  The strictest of these and of those of the client’s level of care holds."
    yield "Who signs"
    known = shelf.all()
    asked = shelf.compose([next(iter(shelf.packs))], payer.name)
    usual = {rule.role: rule for rule in shelf.payer("default").signers} if payer.name != "default" else {}
    yield from (f"  {_signer(rule, payer, usual.get(rule.role), known)}" for rule in asked.signers)
    if payer.signature_exception:
        yield f"  where the client does not sign: {payer.signature_exception}"
    if payer.requires:
        yield "Requires"
    for document, paths in payer.requires.items():
        yield f"  {_title(document, known)}: {', '.join(map(partial(_label, known), paths))}"
    if payer.levels:
        yield "Rules that it judges otherwise"
    for code, own in payer.levels.items():
        why = "; ".join(part for part in (own.why, own.source) if part)
        yield f"  {code}: {own.level}{f' ({why})' if why else ''}"
    for title, items in (
        ("Holds also", payer.also),
        ("Not checked against its own words", payer.unverified),
        ("For people to look after, because no program decides it", payer.by_hand),
        ("Notes", payer.notes),
        ("Sources", [*([payer.source] if payer.source else []), *map(_source, payer.citations)]),
    ):
        if items:
            yield title
            yield from (f"  {item}" for item in items)


def _source(one: Citation) -> str:
    dated = f" ({one.date})" if one.date and one.date not in one.title else ""
    return f"{one.title}{dated}{f', {one.url}' if one.url else ''}{_READ.get(one.read, '')}"


def _limits(payer: Payer, shelf: Shelf) -> dict[str, Limit]:
    """Return the limits that hold under ``payer``: its own, and ours where it sets none."""
    return {name: payer.limits.get(name, limit) for name, limit in shelf.payer("default").limits.items()}


def _limit(limit: Limit, name: str) -> str:
    if limit.number is None:
        return "none"
    return f"{derive.counted(name, limit.number)}{' (our default)' if limit.ours else ''}"


def _signer(rule: SignerRule, payer: Payer, usual: SignerRule | None, known: Definitions) -> str:
    """Return who signs what and when; where that is as ``usual``, the default profile tells it."""
    from toolkit.intake.asked import in_words  # no other command without a workbook to write needs it

    when = f", if {in_words(rule.when, known)}" if rule.when else ""
    documents = f" ({', '.join(_title(name, known) for name in rule.documents)})" if rule.documents else ""
    its_own = any(rule.role == own.role for own in payer.signers)
    if usual and when and rule.when == usual.when:
        when = ", where the default profile says so"
    return f"{rule.label}{documents}{when}{'' if its_own else ' (our default)'}"


def _title(document: str, known: Definitions) -> str:
    return known.documents[document].title if document in known.documents else document


def _label(known: Definitions, path: str) -> str:
    item = known.fields.get(path)
    return f"{item.label} ({item.sheet})" if item else path


def _as_table(payer: Payer, shelf: Shelf) -> dict[str, Any]:
    return {
        "name": payer.name,
        "title": payer.title,
        "kind": payer.kind,
        "confidence": payer.confidence,
        "limits": {
            name: {"number": item.number, "says": item.says, "our_default": item.ours, "at": dict(item.at)}
            for name, item in _limits(payer, shelf).items()
        },
        "signers": [
            {"role": rule.role, "label": rule.label, "when": rule.when, "documents": list(rule.documents)}
            for rule in payer.signers
        ],
        "signature_exception": payer.signature_exception,
        "requires": {document: list(paths) for document, paths in payer.requires.items()},
        "levels": {
            code: {"level": own.level, "why": own.why, "source": own.source} for code, own in payer.levels.items()
        },
        "also": list(payer.also),
        "unverified": list(payer.unverified),
        "by_hand": list(payer.by_hand),
        "notes": list(payer.notes),
        "source": payer.source,
        "citations": [
            {"title": one.title, "url": one.url, "date": one.date, "read": one.read} for one in payer.citations
        ],
    }
