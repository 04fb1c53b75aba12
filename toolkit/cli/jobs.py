"""The commands that make something: the demonstration, blank workbooks, a check, the documents, templates."""

from __future__ import annotations

import atexit
import gc
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from toolkit import batch, derive, intake, report, shelf
from toolkit.cli.door import Named, OfDocuments, PopulationFlags, found_shelf, main, unknown
from toolkit.errors import WriteError
from toolkit.kept import kept
from toolkit.model import Batch, Definitions
from toolkit.packed import Part
from toolkit.rules import by_family, is_chosen, wider
from toolkit.shelf import read_toml

F = TypeVar("F", bound=Callable[..., Any])
_TYPED = click.core.ParameterSource.COMMANDLINE


def _input(function: F) -> F:
    """Add what every command that reads clients takes."""
    for option in (
        click.option("--today", type=click.DateTime(["%Y-%m-%d", "%m/%d/%Y"]), help="Check as on this day."),
        click.option("-d", "--document", cls=OfDocuments, multiple=True, help="Only this document (may be repeated)."),
        click.option(
            "--payer",
            multiple=True,
            default=["default"],
            show_default=True,
            help="The payer whose rules apply (plankit payers lists them), or several with + between them, such as a "
            "payer and a state: the strictest holds. Repeat it to check against several side by side.",
        ),
        click.option(
            "--waivers",
            type=Named(exists=True, dir_okay=False, path_type=Path),
            help="A TOML file of what was accepted, beside the sheet Waivers of the workbook.",
        ),
        click.option(
            "--fingerprints",
            type=Named(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Also look for copies from earlier runs; FILE keeps of each text some numbers, no word.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=1),
            help="How many processes work (default: what suits; on "
            "Windows and macOS always 1). The files are the same.",
        ),
        click.argument("source", metavar="INPUT", type=Named(path_type=Path)),
    ):
        function = option(function)
    return function


def _begun(source: Path, jobs: int | None) -> AbstractContextManager[Callable[[Definitions], Batch]]:
    """Begin to read the clients, in a process of its own unless one alone is to work; give what does the rest."""
    return nullcontext(partial(intake.read, source)) if jobs == 1 else intake.begin(source)


def _documents(found: shelf.Shelf, names: tuple[str, ...]) -> tuple[str, ...] | None:
    known = found.all().documents
    for name in names:
        if name not in known:
            raise unknown("document", name, known)
    return names or None


def _asking(found: shelf.Shelf, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the documents that ask for answers, for each of ``names`` itself or the one that it rides with."""
    known = found.all().documents
    return tuple(dict.fromkeys(known[name].main for name in _documents(found, names) or ()))


def _names(records: Batch) -> dict[int, str]:
    """Return what the files of a folder are called, by number: for the screen only."""
    return {item.number: item.name for item in records.inputs if item.name}


def _lines(outcome: report.Outcome, found: shelf.Shelf, records: Batch, source: Path) -> Iterator[str]:
    """Yield the findings for the screen, a line each, commands as they are typed for ``source``."""
    command = _joined("plankit", "new", "--from", source, "-o", source.with_name(f"{source.stem}-2.xlsx"))
    lines = report.text(outcome.findings, found.rules, _names(records))
    return (f"{line.replace(wider(), command)}\n" for line in lines)


def _has_unread(outcome: report.Outcome, found: shelf.Shelf) -> bool:
    """Tell whether an answer could not be read, so that nothing that rests on it was judged."""
    codes = {code for code, rule in found.rules.items() if derive.UNREAD & set(rule.parameters)}
    return any(finding.code in codes and finding.holds for finding in outcome.findings)


def _say(pieces: Iterable[str]) -> None:
    """Write ``pieces`` to stdout, some hundreds at a time, however many there are."""
    several = iter(pieces)
    while some := "".join(islice(several, 500)):
        click.echo(some, nl=False)


def _collect_seldom() -> None:
    """Look for circular garbage seldom, and not when all is done: there is next to none, and looking takes time."""
    gc.set_threshold(20_000, 10, 10)  # with ten times that, garbage takes some 20 MB
    atexit.register(gc.freeze)


def _command(ctx: click.Context, command: str, source: Path, *options: str) -> str:
    """Return what to type for ``command`` on ``source``, with what was typed for this run that it takes as well."""
    folder = ctx.find_root().obj if ctx.find_root().get_parameter_source("folder") is _TYPED else None
    typed, waivers = ctx.params["payer"], ctx.params.get("waivers")
    payers = [typed] if isinstance(typed, str) else ["+".join(typed)] if command == "make" else typed
    words = ["plankit", *(["--shelf", folder] if folder else []), command, source, *options]
    for payer in payers:
        words += [] if payer == "default" else ["--payer", payer]
    words += ["--waivers", waivers] if waivers else []
    for name in ("document", "fingerprints") if command in (ctx.command.name, "make") else ():
        given = ctx.params.get(name) if ctx.get_parameter_source(name) is _TYPED else None
        for value in given if isinstance(given, tuple) else filter(None, [given]):
            words += [f"--{name}", value]
    return _joined(*words)


def _joined(*words: object) -> str:
    """Return words as they are typed in a terminal, in quotes where one has a space or a sign in it."""
    return " ".join(f'"{word}"' if re.search(r"[^\w./\\:+-]", str(word)) else str(word) for word in words)


def _today(given: datetime | None) -> date:
    return given.date() if given else date.today()


@main.command()
@click.option("-o", "--output", type=Named(path_type=Path), default=Path("plankit-demo"), show_default=True,
              help="The folder for the workbook and the documents.")  # fmt: skip
@click.pass_context
def demo(ctx: click.Context, output: Path) -> None:
    """Make a workbook of synthetic clients and their documents, to see the whole job once.

    Example: plankit demo -o plankit-demo
    """
    from toolkit import demo as demonstration

    click.echo(demonstration.run(found_shelf(ctx), output, date.today()))


@main.command(cls=PopulationFlags)
@click.option(
    "--level",
    default="OP",
    show_default=True,
    help="The highest level of care among the clients, such as IOP (intensive outpatient): above outpatient (OP) "
    "the workbook also asks for team, meetings and reasons.",
)
@click.option("--payer", default="default", show_default=True, help="The payer whose requirements are asked.")
@click.option(
    "-d",
    "--document",
    multiple=True,
    help="Ask for this document, once for each: treatment_plan, plan_review, discharge_summary"
    " (default: treatment_plan).",
)
@click.option("--full", is_flag=True, help="All sheets and columns, also those that few clinics type.")
@click.option("--one-client", is_flag=True, help="A question-and-answer sheet for one client.")
@click.option("--from", "source", type=Named(path_type=Path), metavar="WORKBOOK",
              help="A workbook that you have filled in: a copy of it that also asks for what it lacks.")  # fmt: skip
@click.option("-o", "--output", type=Named(path_type=Path), default=Path("clients.xlsx"), show_default=True,
              help="The workbook to write.")  # fmt: skip
@click.pass_context
def new(
    ctx: click.Context,
    /,
    output: Path,
    level: str,
    payer: str,
    document: tuple[str, ...],
    full: bool,
    one_client: bool,
    source: Path | None,
    **flags: bool,
) -> None:
    """Write a blank workbook with drop-downs, instructions and an example row.

    One workbook may hold clients of every kind. Give what any of them needs. When yours lacks a sheet or a column
    later, --from makes a copy of it that has them; your own is never touched.

    \b
    Example: plankit new --trauma -d treatment_plan -d plan_review -o clients.xlsx
             plankit new --from clients.xlsx -d discharge_summary -o clients-2.xlsx
    """
    from toolkit.intake import blank

    found = found_shelf(ctx)
    populations = [pack for pack in found.packs if flags.get(pack)]
    if source:
        if one_client:
            raise click.UsageError("--from makes a workbook of many clients; leave out --one-client.")
        typed = ctx.get_parameter_source("level") != click.core.ParameterSource.DEFAULT
        wanted = _level(found.all(), level) if typed else ""
        _widen(ctx, source, output, found, documents=_asking(found, document), populations=populations,
               level=wanted, full=full, payer=payer)  # fmt: skip
        return
    definitions = found.compose([next(iter(found.packs)), *populations] if not full else list(found.packs), payer)
    level = _level(definitions, level)
    output = _workbook_name(output)
    write = blank.one_client if one_client else blank.workbook
    asked = _asking(found, document) or (next(iter(definitions.dated)),)
    _write_new(output, write(definitions, documents=asked, level=level, full=full))
    click.echo(f"Wrote {output}. Open it, fill it in, save it, then run: {_command(ctx, 'check', output)}", err=True)


def _widen(ctx: click.Context, source: Path, output: Path, found: shelf.Shelf, **wanted: Any) -> None:
    """Write the workbook ``source`` again as ``output``, with what is ``wanted``, and say what is new in it."""
    from toolkit.batch.widened import widened

    book = widened(source, found, today=date.today(), **wanted)
    output = _workbook_name(output, ".xlsm" if book.macros else ".xlsx")
    _write_new(output, book.data)
    if book.kept:
        said = f"Wrote {output}: all that is in {source.name}, as it is there, and what it lacked."
    else:
        said = f"Wrote {output}, with the answers of {source.name}."
    click.echo(said, err=True)
    for line in book.added:
        click.echo(f"  {line}", err=True)
    if book.left_out:
        click.echo("Not carried over; look at each and type it in where it belongs:", err=True)
    for line in book.left_out:
        click.echo(f"  {line}", err=True)
    click.echo(f"Fill in what is new, save it, then run: {_command(ctx, 'check', output)}", err=True)


def _workbook_name(path: Path, ending: str = ".xlsx") -> Path:
    """Return the path with its ``ending`` where it has none; raises WriteError where it has another."""
    if not path.name or path.suffix.casefold() not in ("", ending):
        raise WriteError(f"{path} would be an Excel workbook: give it a name that ends in {ending}.")
    if path.is_dir() or path.is_char_device():
        raise WriteError(f"{path} is there already and is no workbook. Give another name with -o.")
    return path.with_suffix(ending)


def _level(definitions: Definitions, typed: str) -> str:
    choices = definitions.fields["episode.level_of_care"].choices
    named = [item for item in choices if typed.casefold() in (item.value.casefold(), item.label.casefold())]
    found = named or [item for item in choices if item.label.casefold().startswith(typed.casefold())]
    if not found:
        listed = "; ".join(f"{item.value} ({item.label})" for item in choices)
        raise unknown("level of care", typed, [item.value for item in choices], f"There are: {listed}.")
    return found[0].value


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet: a user's workbook is never overwritten."""
    begun = False
    try:
        with path.open("xb") as file:
            begun = True
            file.write(data)
    except FileExistsError as error:
        raise WriteError(f"{path} is there already. Give another name with -o, or move it away first.") from error
    except OSError as error:
        if begun:  # a part of it would stand in the way of the next run
            with suppress(OSError):
                path.unlink()
        raise WriteError(f"{path} cannot be written: {error.strerror}. Choose another folder with -o.") from error


def _prefixes(ctx: click.Context, parameter: click.Parameter, typed: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes, or what codes begin with, as they were typed: several of them, or a comma between them."""
    parts = (part.strip().upper() for several in typed for part in several.split(","))
    return tuple(dict.fromkeys("" if part == "ALL" else part for part in parts if part))


def _chosen(found: shelf.Shelf, select: tuple[str, ...], ignore: tuple[str, ...]) -> Callable[[str], bool]:
    """Return what tells whether a code is to be shown. Raises ShelfError where a prefix is that of no code."""
    for prefix in (*select, *ignore):
        if not any(code.startswith(prefix) for code in found.rules):
            raise unknown("rule", prefix, [*by_family(found.rules), *found.rules], "See: plankit rules")
    return lambda code: is_chosen(code, select, ignore)


def _clinic(records: Batch) -> str:
    """Return what the clinic of the one file is called; of several files nobody knows whether it is one."""
    first = next(iter(records), None) if len(records.inputs) == 1 else None
    return str(first.get("clinic.name") or "") if first else ""


def _page(
    shown: report.Outcome, found: shelf.Shelf, day: date, clinic: str, left_out: str, payers: Iterable[str]
) -> Iterable[str]:
    from toolkit.report.html import html  # only one of the forms that a check is told in

    titles = [found.payer(name).title for name in payers if name != "default" or shown.by_payer]
    return html(shown, found.rules, found.all(), day, clinic, left_out, titles)


def _left_out(outcome: report.Outcome, shown: report.Outcome) -> str:
    """Return what to say of the findings that were not chosen to be shown; nothing where there are none."""
    hidden = len(outcome.findings) - len(shown.findings)
    if not hidden:
        return ""
    holding = sum(one.holds for one in outcome.findings) - sum(one.holds for one in shown.findings)
    holds = f"; {holding} of them must be fixed all the same, before the documents can be made" if holding else ""
    return f"Not shown, by --select or --ignore: {hidden}{holds}."


@main.command()
@_input
@click.option("--select", multiple=True, metavar="CODES", callback=_prefixes,
              help="Show only these rules: codes, or what they begin with, such as GT,SM004.")  # fmt: skip
@click.option("--ignore", multiple=True, metavar="CODES", callback=_prefixes,
              help="Do not show these rules. What holds a document holds it all the same, here and in plankit make; "
              "to accept a finding, write a waiver.")  # fmt: skip
@click.option("--format", type=click.Choice(["text", "html", "json", "sarif"]), default="text", show_default=True,
              help="How to say it: text and html (a page to read and print) are for people; json and sarif are for "
              "other programs.")  # fmt: skip
@click.option("-o", "--output", type=Named(path_type=Path), help="Write it into this file, such as report.html.")
@click.option("--marked", type=Named(path_type=Path),
              help="Also write your workbook again, under this name, with each cell to fix coloured.")  # fmt: skip
@click.pass_context
def check(
    ctx: click.Context,
    source: Path,
    payer: tuple[str, ...],
    document: tuple[str, ...],
    today: datetime | None,
    fingerprints: Path | None,
    jobs: int | None,
    waivers: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    format: str,
    output: Path | None,
    marked: Path | None,
) -> None:
    """Say what is missing or wrong, in which cell, for every client at once.

    INPUT is your workbook, or a folder of workbooks (for programs also a folder of CSV files, or JSON). Scripts see
    exit code 1 where anything is held, whatever is shown; a marked copy shows everything.

    Example: plankit check clients.xlsx --marked to-fix.xlsx
    """
    _collect_seldom()
    with _begun(source, jobs) as read, kept():
        found = found_shelf(ctx)
        is_shown = _chosen(found, select, ignore)
        for name in payer:
            found.payer(name)
        batch.load(found, ())
        records = read(found.all())
    if len(payer) == 1:
        judge = partial(batch.judge, payer=payer[0], fingerprints=fingerprints)
    elif fingerprints:
        raise click.UsageError("--fingerprints keeps those of one run. Leave it out, or check for one payer.")
    else:
        judge = partial(batch.side_by_side, payers=payer)
    outcome = judge(
        records,
        found,
        today=_today(today),
        documents=_documents(found, document),
        waivers=waivers,
        jobs=jobs or 0,
    )
    written = batch.mark(source, records, outcome, marked) if marked else None
    shown = replace(outcome, findings=Part(outcome.findings, lambda finding: is_shown(finding.code)))
    writers: dict[str, Callable[[], Iterable[str]]] = {
        "text": lambda: _lines(shown, found, records, source),
        "html": lambda: _page(shown, found, _today(today), _clinic(records), _left_out(outcome, shown), payer),
        "json": lambda: report.as_json(shown.findings, found.rules, outcome.by_payer),
        "sarif": lambda: report.sarif(shown.findings, found.rules, found.all()),
    }
    if output:
        batch.write_report(output, writers[format]())
        click.echo(f"Wrote {output}.", err=True)
    else:
        _say(writers[format]())
    if left_out := _left_out(outcome, shown):
        click.echo(left_out, err=True)
    if format == "text" or output:
        click.echo(outcome.summary(), err=True)
        if outcome.holds:
            again = _command(ctx, "check", source)
            is_told = any(finding.holds for finding in shown.findings)
            do = "Fill or correct these cells, save, and run again" if is_told else "To see what holds them, run"
            click.echo(f"{do}: {again}", err=True)
            if is_told and _has_unread(outcome, found):
                click.echo("More may follow once these are mended.", err=True)
        elif outcome.ready:
            click.echo(f"Make the documents with: {_command(ctx, 'make', source, '-o', 'documents')}", err=True)
    if written:
        click.echo(f"Wrote {written}: its first sheet lists what to fix and leads to each cell.", err=True)
    ctx.exit(1 if outcome.holds or not outcome.records else 0)


def _forms(ctx: click.Context, parameter: click.Parameter, typed: str) -> tuple[str, ...]:
    """Return the forms in which documents are asked for, each once."""
    forms = tuple(dict.fromkeys(one.strip().casefold() for one in typed.split(",")))
    for form in forms:
        if form not in batch.FORMS:
            raise unknown("form", form, batch.FORMS)
    return forms


@main.command()
@_input
@click.option("-o", "--output", type=Named(path_type=Path), default=Path("documents"), show_default=True,
              help="The folder for the documents.")  # fmt: skip
@click.option("--as", "forms", default="docx", show_default=True, metavar="FORM[,FORM]", callback=_forms,
              help="docx for Word, pdf for forms to fill in and sign in a PDF reader; docx,pdf for both.")  # fmt: skip
@click.option("--pdf-from", type=click.Choice(["form", "word"]), default="form", show_default=True,
              help="pdf as forms to fill in, or as LibreOffice lays out the Word documents.")  # fmt: skip
@click.option("--form", "payer_forms", multiple=True, type=Named(exists=True, dir_okay=False, path_type=Path),
              help="A mapping (plankit template map): fill that payer’s form, too (may be repeated).")  # fmt: skip
@click.option("--flat", is_flag=True, help="With each PDF also a copy without fields, such as treatment_plan-flat.pdf.")
@click.option("--draft", is_flag=True, help="Also make drafts of held documents, with the open questions marked.")
@click.pass_context
def make(
    ctx: click.Context,
    source: Path,
    payer: tuple[str, ...],
    document: tuple[str, ...],
    today: datetime | None,
    fingerprints: Path | None,
    jobs: int | None,
    waivers: Path | None,
    output: Path,
    forms: tuple[str, ...],
    pdf_from: str,
    payer_forms: tuple[Path, ...],
    flat: bool,
    draft: bool,
) -> None:
    """Make the documents that are ready, and say what holds the others.

    INPUT is your workbook, or a folder of workbooks (for programs also a folder of CSV files, or JSON). Scripts see
    exit code 1 where anything is held. No finding can be ignored here: what holds a document is mended, or accepted
    with a reason in a waiver.

    Example: plankit make clients.xlsx -o documents --as docx,pdf
    """
    if len(payer) > 1:
        raise click.UsageError(f"Documents are made for one payer, or several as one: --payer {'+'.join(payer)}")
    if flat and "pdf" not in forms:
        raise click.UsageError("--flat makes copies of PDFs. Add --as pdf, or --as docx,pdf.")
    _collect_seldom()
    with _begun(source, jobs) as read, kept():
        found = found_shelf(ctx)
        asked = _documents(found, document)
        if source.is_dir() and source.resolve() == output.resolve():
            said = f"{output} holds the clients’ own files. Choose another folder for the documents with -o."
            raise WriteError(said)
        batch.load(found, ("docx",) if pdf_from == "word" else forms)
        records = read(found.all())
    with _progress() as progress:
        outcome = batch.make(
            records,
            found,
            output,
            today=_today(today),
            documents=asked,
            forms=forms,
            pdf_from=pdf_from,
            payer_forms=payer_forms,
            flat=flat,
            draft=draft,
            payer=payer[0],
            waivers=waivers,
            fingerprints=fingerprints,
            jobs=jobs or 0,
            progress=progress,
        )
    _say(_lines(outcome, found, records, source))
    for mapping in (*found.payer(payer[0]).forms, *payer_forms):
        _tell_open(found, mapping)
    click.echo(outcome.summary(), err=True)
    ctx.exit(1 if outcome.holds or not outcome.records else 0)


def _tell_open(found: shelf.Shelf, mapping: Path) -> None:
    """Say which fields of a payer's form the mapping fills with nothing."""
    from toolkit.batch import payer_forms

    left = payer_forms.left_open(found, mapping)
    if left:
        click.echo(f"Of the form in {mapping.name} nothing fills {len(left)}, so fill them in by hand:", err=True)
        click.echo("".join(f"  {line}\n" for line in left), err=True, nl=False)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Give a function that draws a progress bar on stderr; it appears on terminals only."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Making documents", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@main.group()
def template() -> None:
    """Build the Word templates and PDF forms of the packs, and map the forms of payers."""


@template.command("build")
@click.argument("pack")
@click.option("--brand", type=Named(exists=True, dir_okay=False, path_type=Path),
              help="A TOML file with your clinic’s name, color, font and logo.")  # fmt: skip
@click.option("--as", "kinds", metavar="docx,pdf", callback=lambda ctx, option, value: _kinds(value),
              help="Word templates, PDF forms or both; by default PDF too where WeasyPrint is installed.")  # fmt: skip
@click.option("-o", "--output", type=Named(path_type=Path), required=True, help="The folder for the templates.")
@click.pass_context
def template_build(ctx: click.Context, pack: str, brand: Path | None, kinds: tuple[str, ...], output: Path) -> None:
    """Build a pack’s templates from its pack.toml, with your brand; edit the Word ones further in Word if you like.

    Example: plankit template build adult -o my-shelf/templates/adult
    """
    from toolkit.batch import layouts

    found = found_shelf(ctx)
    found.pack(pack)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{output} cannot be made: {error.strerror}. Choose another folder with -o.") from error
    brands = read_toml(brand) if brand else {}
    for layout in layouts.layouts(found, brands, (pack,), kinds or layouts.kinds()):
        _write_new(output / layout.file, layout.data)
        click.echo(f"Wrote {output / layout.file}", err=True)


def _kinds(typed: str | None) -> tuple[str, ...]:
    """Return the kinds of templates that were typed, ``docx`` and ``pdf``; none where nothing was."""
    from toolkit.batch.layouts import PDF, WORD

    asked = tuple(dict.fromkeys(part.strip().casefold() for part in (typed or "").split(",") if part.strip()))
    for kind in asked:
        if kind not in (WORD, PDF):
            raise unknown("kind of template", kind, (WORD, PDF))
    return asked


@template.command("map")
@click.option("-d", "--document", help="The document that the form is about (default: treatment_plan).")
@click.option("-o", "--output", type=Named(path_type=Path), required=True, help="The mapping to write, a .toml file.")
@click.argument("form", metavar="FORM.pdf", type=Named(path_type=Path))
@click.pass_context
def template_map(ctx: click.Context, form: Path, document: str | None, output: Path) -> None:
    """List the fields of a payer’s own PDF form, and propose which answer goes into each; go over it, then fill it.

    Example: plankit template map otr.pdf -o otr.toml
    """
    from toolkit.batch import payer_forms

    found = found_shelf(ctx)
    known = found.all().dated
    if document is not None and document not in known:
        raise unknown("document", document, known)
    mapped = payer_forms.mapped(found, form, output, document or next(iter(known)))
    _write_new(output, mapped.text.encode("utf-8"))
    sure, unsure, apart = mapped.counts
    click.echo(
        f"Wrote {output}: {sure} fields with a proposal, {unsure} left open, "
        f"{apart} that need nothing. Go over each, then: plankit make clients.xlsx --form {output}",
        err=True,
    )


@main.command()
@click.option("-o", "--output", type=Named(path_type=Path), default=Path("plankit-practice"), show_default=True,
              help="The folder for the workbook and the answer key.")  # fmt: skip
@click.option("--seed", type=int, default=7, show_default=True, help="Another number plants other faults.")
@click.pass_context
def practice(ctx: click.Context, output: Path, seed: int) -> None:
    """Make a workbook of synthetic clients with faults planted in their plans, and the answer key.

    Example: plankit practice -o practice
    """
    from toolkit.practice import book

    click.echo(book.run(found_shelf(ctx), output, date.today(), seed))
