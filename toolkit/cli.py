"""The command line: reads options, calls the rooms, speaks to people. Data goes to stdout, talk to stderr."""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from toolkit import __version__, batch, intake, report, shelf
from toolkit.errors import ShelfError, ToolkitError, WriteError
from toolkit.model import Batch, Definitions
from toolkit.text import nearest

F = TypeVar("F", bound=Callable[..., Any])
SETTINGS = "plankit.toml"


class Sentence(click.ClickException):
    """What stops the program, said in one sentence; exit code 2."""

    exit_code = 2


class Door(click.Group):
    """The one door for errors: whatever stops the program becomes one sentence and exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; a character that the terminal or pipe cannot hold shows as a question mark."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a `ToolkitError` is told in its sentence, a fault of ours without a word of the input."""
        try:
            return super().invoke(ctx)
        except ToolkitError as error:
            raise Sentence(str(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__}, {Path(at.filename).name} line {at.lineno}"
            raise Sentence(
                f"The program met something that it did not expect ({where}). Please report this; no client data is "
                "in this sentence."
            ) from error


def _settings() -> dict[str, Any]:
    """Return the defaults that ``plankit.toml`` in the working folder sets, a table a command."""
    path = Path(SETTINGS)
    return shelf.read_toml(path) if path.is_file() else {}


def _check_setting(name: str, table: Any) -> None:
    """Raise ShelfError where ``plankit.toml`` sets something that no command knows."""
    if name == "shelf" and isinstance(table, str):
        return
    command = main.commands.get(name)
    if command is None or not isinstance(table, dict):
        near = nearest(name, [*main.commands, "shelf"])
        hint = f" Did you mean {near}?" if near and near != name else ""
        raise ShelfError(f"{SETTINGS} sets «{name}», which is not the table of a command, nor shelf.{hint}")
    options = {str(item.name): item for item in command.params}
    for key, value in table.items():
        if key not in options and not isinstance(command, PopulationFlags):
            near = nearest(key, options)
            raise ShelfError(f"{SETTINGS}, [{name}]: there is no «{key}».{f' Did you mean {near}?' if near else ''}")
        several = getattr(options.get(key), "multiple", False)
        if not isinstance(value, list if several else str | bool | int | date):
            wanted = "a list in [ ]" if several else "a text in quotes, a number, or true or false"
            raise ShelfError(f"{SETTINGS}, [{name}]: «{key}» is not what it should be ({wanted}).")


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--shelf",
    "folder",
    type=click.Path(path_type=Path),
    envvar="PLANKIT_SHELF",
    help="Your clinic’s folder of templates, payers and fields, laid over the built-in ones.",
)
@click.version_option(__version__, prog_name="plankit")
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Fill treatment plans from a workbook, a CSV folder or JSON, and say what is missing, in which cell.

    Start with `plankit demo`, or make your own workbook with `plankit new -o clients.xlsx`.
    """
    settings = _settings()
    for name, table in settings.items():
        _check_setting(name, table)
    if folder is None and isinstance(settings.get("shelf"), str):
        folder = Path(settings["shelf"])
    ctx.default_map = {name: _defaults(table) for name, table in settings.items() if isinstance(table, dict)}
    ctx.obj = folder


def _defaults(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command's settings as they would be typed."""
    return {key: str(value) if isinstance(value, date) else value for key, value in table.items()}


def _shelf(ctx: click.Context) -> shelf.Shelf:
    return shelf.load(ctx.find_root().obj)


def _input(function: F) -> F:
    """Add what every command that reads clients takes."""
    for option in (
        click.option("--today", type=click.DateTime(["%Y-%m-%d", "%m/%d/%Y"]), help="Check as on this day."),
        click.option("-d", "--document", multiple=True, help="Only this document (may be repeated)."),
        click.option("--payer", default="default", show_default=True, help="The payer whose rules apply."),
        click.argument("source", metavar="INPUT", type=click.Path(path_type=Path)),
    ):
        function = option(function)
    return function


def _documents(found: shelf.Shelf, names: tuple[str, ...]) -> tuple[str, ...] | None:
    known = found.all().documents
    for name in names:
        if name not in known:
            raise ShelfError(f"There is no document «{name}». There are: {', '.join(known)}.")
    return names or None


def _names(records: Batch) -> dict[int, str]:
    """Return what the files of a folder are called, by number: for the screen only."""
    return {item.number: item.name for item in records.inputs if item.name}


def _today(given: Any) -> date:
    return given.date() if given else date.today()


# --- the main job --------------------------------------------------------------------------------------------------


@main.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("plankit-demo"), show_default=True,
              help="The folder for the workbook and the documents.")  # fmt: skip
@click.pass_context
def demo(ctx: click.Context, output: Path) -> None:
    """Make a workbook of synthetic clients and their documents, to see the whole job once.

    Example: plankit demo -o plankit-demo
    """
    from toolkit import demo as demonstration

    click.echo(demonstration.run(_shelf(ctx), output, date.today()))


class PopulationFlags(click.Command):
    """A command with one flag for each population on the shelf beside the first, found when it is asked for."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own options and the flags."""
        return [*self._flags(ctx), *super().get_params(ctx)]

    @staticmethod
    def _flags(ctx: click.Context) -> list[click.Parameter]:
        packs = list(_shelf(ctx).packs.values())[1:]
        return [click.Option([f"--{pack.name}"], is_flag=True, help=f"Ask {pack.title} too.") for pack in packs]


@main.command(cls=PopulationFlags)
@click.option("--level", default="OP", show_default=True, help="Level of care: above OP asks for team and reasons.")
@click.option("--payer", default="default", show_default=True, help="The payer whose requirements are asked.")
@click.option("-d", "--document", multiple=True, help="Ask for this document (default: treatment plan).")
@click.option("--full", is_flag=True, help="All sheets and columns, also those that few clinics type.")
@click.option("--one-client", is_flag=True, help="A question-and-answer sheet for one client.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("clients.xlsx"), show_default=True,
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
    **flags: bool,
) -> None:
    """Write a blank workbook with drop-downs, instructions and an example row.

    Example: plankit new --trauma -o clients.xlsx
    """
    from toolkit.intake import blank

    found = _shelf(ctx)
    populations = [pack for pack in found.packs if flags.get(pack)]
    definitions = found.compose([next(iter(found.packs)), *populations] if not full else list(found.packs), payer)
    level = _level(definitions, level)
    output = _workbook_name(output)
    write = blank.one_client if one_client else blank.workbook
    asked = _documents(found, document) or (next(iter(definitions.documents)),)
    _write_new(output, write(definitions, documents=asked, level=level, full=full))
    click.echo(f"Wrote {output}. Open it, fill it in, save it, then run: plankit check {output}", err=True)


def _workbook_name(path: Path) -> Path:
    """Return the path with the ending .xlsx where it has none; raises WriteError where it has another."""
    if not path.name or path.suffix.casefold() not in ("", ".xlsx"):
        raise WriteError(f"{path} would be an Excel workbook: give it a name that ends in .xlsx.")
    return path.with_suffix(".xlsx")


def _level(definitions: Definitions, typed: str) -> str:
    choices = definitions.fields["episode.level_of_care"].choices
    named = [item for item in choices if typed.casefold() in (item.value.casefold(), item.label.casefold())]
    found = named or [item for item in choices if item.label.casefold().startswith(typed.casefold())]
    if not found:
        known = "; ".join(f"{item.value} ({item.label})" for item in choices)
        raise ShelfError(f"There is no level of care «{typed}». There are: {known}.")
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


@main.command()
@_input
@click.option("--format", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True,
              help="text for people, json for programs, sarif for code-scanning tools (holds no answers).")  # fmt: skip
@click.option("--marked", type=click.Path(path_type=Path),
              help="Also write your workbook again, under this name, with each cell to fix coloured.")  # fmt: skip
@click.pass_context
def check(
    ctx: click.Context,
    source: Path,
    payer: str,
    document: tuple[str, ...],
    today: Any,
    format: str,
    marked: Path | None,
) -> None:
    """Say what is missing or wrong, in which cell, for every client at once. Exit code 1 if anything is held.

    Example: plankit check clients.xlsx --marked to-fix.xlsx
    """
    found = _shelf(ctx)
    records = intake.read(source, found.all())
    outcome = batch.judge(records, found, today=_today(today), documents=_documents(found, document), payer=payer)
    written = batch.mark(source, records, outcome, marked) if marked else None
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: report.text(outcome.findings, found.rules, _names(records)),
        "json": lambda: report.as_json(outcome.findings, found.rules),
        "sarif": lambda: report.sarif(outcome.findings, found.rules, found.all()),
    }
    told = writers[format]()
    if told:
        click.echo(told)
    if format == "text":
        click.echo(outcome.summary(), err=True)
        if outcome.holds:
            click.echo(f"Fill or correct these cells, save, and run again: plankit check {source}", err=True)
        elif outcome.ready:
            click.echo(f"Make the documents with: plankit make {source} -o documents", err=True)
    if written:
        click.echo(f"Wrote {written}: its first sheet lists what to fix and leads to each cell.", err=True)
    ctx.exit(1 if outcome.holds or not outcome.records else 0)


@main.command()
@_input
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("documents"), show_default=True,
              help="The folder for the documents.")  # fmt: skip
@click.option("--draft", is_flag=True, help="Also make drafts of held documents, with the open questions marked.")
@click.pass_context
def make(
    ctx: click.Context, source: Path, payer: str, document: tuple[str, ...], today: Any, output: Path, draft: bool
) -> None:
    """Make the documents that are ready, and say what holds the others. Exit code 1 if anything is held.

    Example: plankit make clients.xlsx -o documents
    """
    found = _shelf(ctx)
    asked = _documents(found, document)
    if source.is_dir() and source.resolve() == output.resolve():
        raise WriteError(f"{output} holds the clients’ own files. Choose another folder for the documents with -o.")
    records = intake.read(source, found.all())
    with _progress() as progress:
        outcome = batch.make(
            records, found, output, today=_today(today), documents=asked, draft=draft, payer=payer, progress=progress
        )
    findings = report.text(outcome.findings, found.rules, _names(records))
    if findings:
        click.echo(findings)
    click.echo(outcome.summary(), err=True)
    ctx.exit(1 if outcome.holds or not outcome.records else 0)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Give a function that draws a progress bar on stderr; it appears on terminals only."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal) as bar:
        task = bar.add_task("Making documents", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


# --- what is on the shelf ------------------------------------------------------------------------------------------


@main.command()
@click.pass_context
def packs(ctx: click.Context) -> None:
    """List the populations and their documents.

    Example: plankit packs
    """
    for pack in _shelf(ctx).packs.values():
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
    for payer in _shelf(ctx).payers.values():
        click.echo(f"{payer.name:<12} {payer.title}")
        for name, limit in payer.limits.items():
            click.echo(f"{'':<12}   {name.replace('_', ' ')}: {limit}")


@main.command()
@click.pass_context
def rules(ctx: click.Context) -> None:
    """List the rules: code, level and what is wrong.

    Example: plankit rules
    """
    for code, rule in _shelf(ctx).rules.items():
        click.echo(f"{code}  {rule.level:<8} {rule.summary}")


@main.command()
@click.argument("code")
@click.pass_context
def rule(ctx: click.Context, code: str) -> None:
    """Explain one rule: why it matters, an example, and what to write instead.

    Example: plankit rule SM006
    """
    known = _shelf(ctx).rules
    found = known.get(code.upper())
    if found is None:
        near = nearest(code, known)
        raise ShelfError(f"There is no rule «{code}».{f' Did you mean {near}?' if near else ''} See: plankit rules")
    click.echo(report.page(found).rstrip())


@main.command()
@click.argument("population", nargs=-1)
@click.option("--required", is_flag=True, help="Only those that a document cannot do without.")
@click.pass_context
def fields(ctx: click.Context, population: tuple[str, ...], required: bool) -> None:
    """List every field: its name, sheet, column and question.

    Example: plankit fields adult trauma
    """
    found = _shelf(ctx)
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

    found = _shelf(ctx)
    definitions = found.compose(population) if population else found.all()
    click.echo(json.dumps(json_schema(definitions), indent=2))


@main.group()
def template() -> None:
    """Build the Word templates of the packs."""


@template.command("build")
@click.argument("pack")
@click.option("--brand", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A TOML file with your clinic’s name, color, font and logo.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder for the templates.")
@click.pass_context
def template_build(ctx: click.Context, pack: str, brand: Path | None, output: Path) -> None:
    """Build a pack’s Word templates from its pack.toml, with your brand; edit them further in Word if you like.

    Example: plankit template build adult -o my-shelf/templates/adult
    """
    from toolkit.word import build

    found = _shelf(ctx)
    chosen = found.pack(pack)
    look = {**chosen.brand, **(shelf.read_toml(brand) if brand else {})}
    definitions = found.compose([pack] if chosen.kind == "life_stage" else [next(iter(found.packs)), pack])
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{output} cannot be made: {error.strerror}. Choose another folder with -o.") from error
    for document in chosen.documents.values():
        _write_new(output / document.template, build.build(document, definitions, look))
        click.echo(f"Wrote {output / document.template}", err=True)
