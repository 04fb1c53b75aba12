"""The door: the command ``plankit``, its settings, and the one way in which errors are told."""

from __future__ import annotations

import errno
import io
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from toolkit import __version__, shelf
from toolkit.errors import ShelfError, ToolkitError
from toolkit.shelf import read_toml
from toolkit.text import hint

SETTINGS = "plankit.toml"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Sentence(click.ClickException):
    """What stops the program, said in one sentence; exit code 2."""

    exit_code = 2


class Stopped(Sentence):
    """Ctrl-C, with the exit code that shells know it by."""

    exit_code = 130


class Named(click.Path):
    """A path of which the name is not empty, which would mean the working folder, nor ``-``, which means a pipe."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; raises Sentence where no file or folder is named."""
        if value in ("", "-"):
            what = "is empty" if value == "" else "cannot be a dash alone"
            raise Sentence(
                f"The name of the file or folder {what} ({param.opts[-1] if param else ''}). Type one there."
            )
        return super().convert(value, param, ctx)


class Door(click.Group):
    """The one door for errors: whatever stops the program becomes one sentence and exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; a character that the terminal or pipe cannot hold shows as a question mark."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        return super().main(*args, **{"prog_name": "plankit", **extra})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the command line apart; the clinic's shelf may also be named after the command."""
        for number, word in enumerate(args[: args.index("--")] if "--" in args else args):
            end = number + (2 if word == "--shelf" else 1)
            if number and (word == "--shelf" or word.startswith("--shelf=")) and end <= len(args):
                args = [*args[number:end], *args[:number], *args[end:]]
                break
        with _in_sentences():
            return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _in_sentences():
            return super().invoke(ctx)


@contextmanager
def _in_sentences() -> Iterator[None]:
    """Tell a `ToolkitError` in its sentence, a fault of ours without a word of the input."""
    try:
        yield
    except ToolkitError as error:
        raise Sentence(str(error)) from error
    except KeyboardInterrupt as error:
        raise Stopped("Stopped before the end. Run the same command again to do the rest.") from error
    except click.MissingParameter:
        raise
    except click.BadParameter as error:
        raise click.UsageError(_in_everyday_words(error), error.ctx) from error
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except MemoryError as error:
        raise Sentence(
            "This takes more memory than this computer has to give. Close other programs, or give fewer clients at a "
            "time, and try again."
        ) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise Sentence("There is no room for what this prints or writes. Make room and try again.") from error
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}, {Path(at.filename).name} line {at.lineno}"
        raise Sentence(
            f"The program met something that it did not expect ({where}). Please report this; no client data is in "
            "this sentence."
        ) from error


def _in_everyday_words(error: click.BadParameter) -> str:
    """Return what is wrong with what was typed for an option, in words that no programmer is needed for."""
    typed = re.sub(r"a valid integer( range)?", "a whole number", error.message)
    typed = re.sub(r"does not match the formats? .*", "is not a date such as 2026-07-27 or 07/27/2026.", typed)
    named = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
    return f"{named}: {typed}" if named else typed


def _settings() -> dict[str, Any]:
    """Return the defaults that ``plankit.toml`` in the working folder sets, a table a command."""
    path = Path(SETTINGS)
    return read_toml(path) if path.is_file() else {}


def _check_setting(name: str, table: Any) -> None:
    """Raise ShelfError where ``plankit.toml`` sets something that no command knows."""
    if name == "shelf" and isinstance(table, str):
        return
    command = main.commands.get(name)
    if command is None or not isinstance(table, dict):
        near = hint(name, [*main.commands, "shelf"])
        raise ShelfError(f"{SETTINGS} sets «{name}», which is not the table of a command, nor shelf.{near}")
    options = {str(item.name): item for item in command.params}
    for key, value in table.items():
        if key not in options and not isinstance(command, PopulationFlags):
            raise ShelfError(f"{SETTINGS}, [{name}]: there is no «{key}».{hint(key, options)}")
        several = getattr(options.get(key), "multiple", False)
        if not isinstance(value, list | str if several else str | bool | int | date):
            wanted = "a list in [ ]" if several else "a text in quotes, a number, or true or false"
            raise ShelfError(f"{SETTINGS}, [{name}]: «{key}» is not what it should be ({wanted}).")


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--shelf",
    "folder",
    type=Named(path_type=Path),
    envvar="PLANKIT_SHELF",
    help="Your clinic’s folder of templates, payers and fields, laid over the built-in ones.",
)
@click.version_option(__version__, prog_name="plankit")
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Make treatment plans, plan reviews and discharge summaries from the answers in a workbook.

    \b
    1. plankit new -o clients.xlsx    writes a workbook; fill it in with Excel
    2. plankit check clients.xlsx     says what is still missing, in which cell
    3. plankit make clients.xlsx      makes the Word documents, in the folder documents

    All of it once, with made-up clients: plankit demo. More on a command: plankit new --help.
    """
    settings = _settings()
    for name, table in settings.items():
        _check_setting(name, table)
    if folder is None and isinstance(settings.get("shelf"), str):
        folder = Path(settings["shelf"])
    ctx.default_map = {name: _defaults(name, table) for name, table in settings.items() if isinstance(table, dict)}
    ctx.obj = folder


def _defaults(command: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command's settings as they would be typed; one text may stand for a list of one."""
    several = {option.name for option in main.commands[command].params if getattr(option, "multiple", False)}
    typed = {key: str(value) if isinstance(value, date) else value for key, value in table.items()}
    return {key: [value] if key in several and isinstance(value, str) else value for key, value in typed.items()}


def found_shelf(ctx: click.Context) -> shelf.Shelf:
    """Return the built-in shelf with the clinic's laid over it, as the options of ``plankit`` say."""
    return shelf.load(ctx.find_root().obj)


def unknown(what: str, typed: str, known: Iterable[str], see: str = "") -> ShelfError:
    """Return the error that says that there is no ``what`` called ``typed``, with the nearest of those there are.

    ``see`` says where they are listed; without it they are named.
    """
    known = list(known)
    listed = ", ".join(known)
    return ShelfError(f"There is no {what} «{typed}».{hint(typed, known)} {see or f'There are: {listed}.'}")


class OfDocuments(click.Option):
    """An option that takes documents; its help names those on the shelf, the companions apart."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how the option is typed, and its help."""
        record = super().get_help_record(ctx)
        try:
            documents = found_shelf(ctx).all().documents.values()
        except ShelfError:  # the command itself says what is wrong with the shelf
            return record
        said = [f"There are: {', '.join(item.name for item in documents if not item.of)}."]
        if companions := ", ".join(f"{item.name} (beside {item.of})" for item in documents if item.of):
            said.append(f"Made only when asked for: {companions}.")
        return record and (record[0], " ".join((record[1], *said)))


class PopulationFlags(click.Command):
    """A command with one flag for each population on the shelf beside the first, found when it is asked for."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own options and the flags."""
        return [*self._flags(ctx), *super().get_params(ctx)]

    @staticmethod
    def _flags(ctx: click.Context) -> list[click.Parameter]:
        packs = list(found_shelf(ctx).packs.values())[1:]
        return [click.Option([f"--{pack.name}"], is_flag=True, help=f"Ask {pack.title} too.") for pack in packs]
