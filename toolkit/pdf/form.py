"""A compiled form: its bytes, its fields, and what a new revision of the file has to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

Kind = Literal["text", "check", "radio", "choice", "list", "signature", "button"]


class Style(Struct, frozen=True):
    """How the text of a field is drawn: size in points (0: as large as fits), colour operators, weight, alignment."""

    size: float = 0
    color: bytes = b"0 g"
    bold: bool = False
    align: int = 0


class Widget(Struct, frozen=True):
    """One place of a field on a page."""

    number: int
    """The object that is written anew: the annotation or, in a flat form, what the page draws in its place."""
    head: bytes
    """The entries of its dictionary that no document changes."""
    page: int | None
    """The page, from 0; None where it stands on none."""
    rect: tuple[float, float, float, float]
    width: float
    height: float
    """The room for the text, as one reads it."""
    matrix: bytes
    """How the appearance is turned; empty where it is upright."""
    ground: bytes
    """The operators that draw background and border."""
    style: Style
    holds: bool = True
    """Whether its dictionary is the field's, too, and holds the value."""
    state: str = ""
    """What a check box or radio button is called when it is on."""
    states: Mapping[str, bytes] = field(default_factory=dict)
    """In a flat form: the operators that draw each state of a button."""


class Field(Struct, frozen=True):
    """A field of a form, by its full name."""

    name: str
    kind: Kind
    label: str
    widgets: tuple[Widget, ...]
    holders: tuple[tuple[int, bytes], ...] = ()
    """The objects that hold the value, where no widget does, and what no document changes in them."""
    multiline: bool = False
    comb: bool = False
    max_length: int = 0
    options: tuple[tuple[str, str], ...] = ()
    """What a choice stores and what it shows; of a radio button or check box, the state and what it stands for."""
    editable: bool = False
    """A drop-down that takes other text, too."""
    multiple: bool = False
    required: bool = False
    read_only: bool = False
    value: str = ""
    """What the template holds already."""
    date: str = ""
    """How it wants dates (`toolkit.pdf.dates`), where it says so itself."""
    computed: bool = False
    """Whether a script of the form works its value out."""
    undrawn: bool = False
    """Whether the form leaves it to the reader's program to draw what it holds already."""
    secret: bool = False
    """Whether it is for a password, or the name of a file: nothing for an answer."""


class Tree(Struct, frozen=True):
    """The root of the pages, to which pages are added: its object, what stays in it, its kids and how many pages."""

    number: int
    head: bytes
    kids: bytes
    count: int


class Form(Struct, frozen=True):
    """A form that is filled by adding one revision to its bytes."""

    data: bytes
    fields: Mapping[str, Field]
    startxref: int
    size: int
    """The number of the first new object."""
    root: bytes
    info: bytes
    identity: bytes
    """The first half of the file's /ID."""
    stream: bool
    """Whether the file lists its objects in streams, so that changed ones may be compressed together."""
    changes: tuple[tuple[int, bytes], ...] = ()
    """Objects that every document writes anew, as they will be."""
    draft: int | None = None
    """The empty drawing on every page that a draft fills."""
    draft_box: tuple[float, float] = (612, 792)
    flat: bool = False
    """Pages draw the fields; there is nothing to type into."""
    pages: int = 0
    tree: Tree | None = None
    added: tuple[tuple[int, bytes], ...] = ()
    """Drawings that every document adds, because boxes of the form have none."""
    redrawn: bool = False
    """Whether the form asks the reader's program to draw all its fields, which a filled one no longer does."""
    scripts: bool = False
    """Whether it has scripts or actions of its own."""


class Misfit(Struct, frozen=True):
    """A value that a form does not take as it is."""

    name: str
    why: Literal["overflow", "characters", "choice", "unknown"]
    """Text is left over; a character has no glyph; not among the choices; the form has no such field."""
    at: int = 0
    """Of an overflow: how many characters are drawn."""
    characters: str = ""
    """What no face can draw."""


class Filled(Struct, frozen=True):
    """A filled form, and what did not go into it."""

    data: bytes
    misfits: Sequence[Misfit]
