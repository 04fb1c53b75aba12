"""The shipped plan review of an adult with one goal, a form of five pages, and records for it, for the benchmark."""

from __future__ import annotations

from functools import cache
from itertools import cycle, islice

from toolkit import shelf
from toolkit.pdf.compile import compile_form
from toolkit.pdf.flow import Flow
from toolkit.pdf.fonts import Faces
from toolkit.pdf.form import Field, Form
from toolkit.pdf.sheets import Kit, compose

_TEXT = (
    "reports sleeping about five hours a night wakes before dawn and has stopped going to work on bad "
    "days agrees that walking with a friend helped last spring and would like to try it again"
)
_WORDS = _TEXT.split()
_PAGES = 5


@cache
def form() -> bytes:
    """Return the form."""
    found = shelf.load()
    files = found.form_files(tuple(found.packs)[:1], "plan_review")
    assert files is not None
    kit = Kit(files.template.read_bytes(), "plan_review")
    return compose(kit, Flow(kit.pages, kit.fields, Faces()).plan(_Everything(), ("client", "clinician")))


class _Everything:
    """A record that answers every question; each answer is as long as this."""

    def text(self, name: str) -> str:
        """Return an answer."""
        return _TEXT[:50]

    def rows(self, path: str) -> int:
        """Return how many rows there are."""
        return 1 if path == "goals" else 2

    def asks(self, name: str) -> bool:
        """Return that no question is open."""
        return False


def records(count: int) -> list[dict[str, str | bool]]:
    """Return values for ``count`` forms, all different: every field of each has one that fits."""
    compiled = compile_form(form())
    assert compiled.pages == _PAGES
    return [_values(compiled, number) for number in range(count)]


def _values(compiled: Form, number: int) -> dict[str, str | bool]:
    words = cycle(_WORDS[number % len(_WORDS) :] + _WORDS[: number % len(_WORDS)])
    return {
        name: value
        for name, field in compiled.fields.items()
        if (value := _value(field, number, " ".join(islice(words, 40)))) is not None
    }


def _value(field: Field, number: int, words: str) -> str | bool | None:
    if field.kind == "check":
        return bool(number % 2)
    if field.kind == "choice":
        return field.options[number % len(field.options)][0]
    if field.kind != "text":
        return None
    room = min(widget.width * (max(1, widget.height // 14) if field.multiline else 1) for widget in field.widgets)
    text = f"{number} {words}" * (1 + int(room / 900))
    return text[: max(2, int(room / 8))].strip()
