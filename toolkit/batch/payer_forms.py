"""The forms of payers as people see them: a mapping proposed for one, and what a mapping leaves open."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.batch.form_press import FormPress, opened
from toolkit.model import Definitions
from toolkit.pdf.compile import compile_form
from toolkit.pdf.labels import Printed
from toolkit.pdf.mapping_file import Counts, counts, told, written
from toolkit.pdf.propose import Proposer
from toolkit.shelf import Shelf


class Mapped(NamedTuple):
    """A mapping as a TOML file, and how many of its fields have a proposal."""

    text: str
    counts: Counts


def mapped(shelf: Shelf, form: Path, output: Path, document: str) -> Mapped:
    """Return the mapping proposed for the PDF ``form``, to be written to ``output``.

    Raises TemplateError where the form cannot be opened, ReadError where it is no form that can be filled.
    """
    data = opened(form, "the form")
    compiled = compile_form(data, form.name)
    definitions = everything(shelf)
    proposals = Proposer(definitions, definitions.documents[document]).proposals(compiled)
    sha256 = hashlib.sha256(data).hexdigest()
    text = written(proposals, form.name, _relative(form, output), sha256, document, compiled.scripts)
    return Mapped(text, counts(proposals))


def everything(shelf: Shelf) -> Definitions:
    """Return all that any record may be asked, and all who may have to sign."""
    return replace(shelf.all(), signers=shelf.compose(tuple(shelf.packs)).signers)


def _relative(form: Path, output: Path) -> str:
    """Return the path of the form from the folder of the mapping on."""
    try:
        return Path(os.path.relpath(form.resolve(), output.resolve().parent)).as_posix()
    except ValueError:  # on another drive of Windows
        return form.resolve().as_posix()


def left_open(shelf: Shelf, mapping: Path) -> Sequence[str]:
    """Return the fields of a payer's form that a mapping fills with nothing, a line each."""
    press = FormPress(shelf, mapping)
    printed = Printed(press.form)
    return [f"{told(field, printed.label(field))} · {field.name}" for field in press.open_fields()]
