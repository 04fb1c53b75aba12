"""What a blank workbook asks, for which documents and which level of care, and how much each answer is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from toolkit import conditions, kinds
from toolkit.model import Definitions, Field, Section

LEVEL = "episode.level_of_care"
Mark = Literal["required", "sometimes", "optional"]


class Form(Struct, frozen=True):
    """What a workbook asks: the definitions, the documents it is for, and the level of care it is for."""

    definitions: Definitions
    documents: tuple[str, ...]
    level: str
    full: bool
    several: bool = False
    """True when clients of other populations than the form's may stand beside them, for whom less is needed."""

    def asks(self, item: Field) -> bool:
        """Tell whether the form asks for the field."""
        if self.full:
            return True
        if not self.has(self.definitions.sections[item.section]):
            return False
        if set(item.required) & set(self.documents):  # a payer may require what few others ask
            return True
        if item.full:
            return False
        if set(self.definitions.sections[item.section].at_least_one) & set(self.documents):
            return True
        known = {LEVEL: self.level or None}  # what is not known leaves nothing out
        return not item.asked_when or conditions.compile_condition(item.asked_when)(known.get) is not False

    def has(self, section: Section) -> bool:
        """Tell whether the section belongs to one of the documents, or to the whole workbook."""
        return self.full or section.scope == "workbook" or bool(set(section.documents) & set(self.documents))

    def need(self, item: Field) -> Need:
        """Return how much the field is needed, in colour and words, and who answers when it is not the clinician."""
        found = need(item, self.definitions, self.documents, self.several)
        if item.path == LEVEL and self.level not in ("", item.default):
            found = Need("required", f"Required: blank means {_default(item, self.definitions)}")
        who = "" if item.asked_of == "clinician" else " · " + item.asked_of.replace(" ", "\u00a0")
        return Need(found.mark, found.words + who)

    def of_all(self, item: Field) -> bool:
        """Tell whether one of the form's documents requires the field of every client who has a row there."""
        return bool(set(item.required) & set(self.documents)) and not (
            self.several and _only_for(item, self.definitions, self.documents)
        )

    def question(self, item: Field) -> str:
        """Return the question and its tip, as put to clients of every population where these stand side by side."""
        known = self.definitions.known.get(item.section) if self.several else None
        general = known.field(item.name) if known else None
        return f"{general.prompt if general else item.prompt} {item.tip}".strip()

    def shown(self, item: Field) -> Field:
        """Return the field with the example that fits: of the level of care, the one that the form is for."""
        return replace(item, example=self.level_name) if item.path == LEVEL and self.level_name else item

    @property
    def title(self) -> str:
        """The titles of the documents, as one phrase."""
        known = self.definitions.documents
        titles = [known[name].title if name in known else name.replace("_", " ") for name in self.documents]
        return ", ".join(titles).capitalize() or "Client records"

    @property
    def level_name(self) -> str:
        """The level of care as people call it, empty where the form is for every level."""
        item = self.definitions.fields.get(LEVEL)
        return "" if self.full or item is None else _answer(LEVEL, self.level, self.definitions)


def form(definitions: Definitions, documents: Sequence[str], level: str, full: bool, *, several: bool = False) -> Form:
    """Return what a workbook for ``documents`` at a level of care asks; ``full`` asks everything there is.

    ``several`` tells that it is for several clients, who need not all be of the definitions' populations.
    """
    everything = dict.fromkeys(name for section in definitions.sections.values() for name in section.documents)
    return Form(definitions, tuple(everything) if full else tuple(documents), level, full, several)


# --- what is needed, in words --------------------------------------------------------------------------------------


class Need(Struct, frozen=True):
    """Whether a field must be answered, as colour (``mark``) and in words."""

    mark: Mark
    words: str


def need(item: Field, definitions: Definitions, documents: Iterable[str], several: bool = False) -> Need:
    """Return how much the field is needed for ``documents``; of ``several`` clients it may be needed of some only."""
    found = _need(item, definitions, documents, item.sheet if several else "")
    who = _only_for(item, definitions, documents) if several else ""
    if not who:
        return found
    if found.mark == "optional":
        return Need("optional", f"Optional, only for {who}")
    return Need("sometimes", f"Only for {who}: {found.words[0].lower()}{found.words[1:]}")


def _only_for(item: Field, definitions: Definitions, documents: Iterable[str]) -> str:
    """Return the titles of the populations that alone ask, or alone require, a field beside what others are asked.

    Empty where everybody is asked, and on a sheet of the population's own, where nobody else has a row.
    """
    packs, section = definitions.populations, definitions.sections[item.section]
    if section.pack in packs or len(packs) == 1:
        return ""
    wanted = set(documents)
    asking = [one.by for one in item.required_by if one.when or wanted & set(one.documents)]
    asking = asking or [item.pack]
    return ", ".join(dict.fromkeys(definitions.titles[name] for name in asking)) if set(asking) < set(packs) else ""


def _need(item: Field, definitions: Definitions, documents: Iterable[str], sheet: str) -> Need:
    if set(item.required) & set(documents):
        if item.unless:
            other = _named(item.unless, definitions, sheet)
            return Need("sometimes", f"Required, unless {other} is answered")
        if item.one_row:
            return Need("sometimes", "Required in at least one row")
        return Need("required", "Required")
    if item.required_when:
        words = item.required_words or in_words(item.required_when, definitions, sheet)
        return Need("sometimes", f"Required if {words}")
    if item.default and "left blank" not in item.prompt.casefold():
        return Need("optional", f"Optional: blank means {_default(item, definitions)}")
    return Need("optional", "Optional")


def in_words(condition: str, definitions: Definitions, sheet: str = "") -> str:
    """Return a condition (`toolkit.conditions`) as everyday words, with labels for paths and stored values.

    Said on ``sheet``, it names the sheet of each answer that stands on another one.
    """
    return _words(conditions.parse(condition), definitions, sheet)


_VERBS: Mapping[conditions.Sign, str] = {
    "==": "is", "!=": "is not", "in": "is", "not in": "is not",
    "<": "is under", "<=": "is at most", ">": "is over", ">=": "is at least",
}  # fmt: skip


def _words(part: conditions.Part, definitions: Definitions, sheet: str) -> str:
    match part:
        case conditions.Joined(word, parts):
            said = ((one, _words(one, definitions, sheet)) for one in parts)
            return f" {word} ".join(
                f"({words})" if isinstance(one, conditions.Joined) else words for one, words in said
            )
        case conditions.Negated(one):
            return f"not ({_words(one, definitions, sheet)})"
        case conditions.Compared(left, sign, right):
            path = left.path if isinstance(left, conditions.Path) else ""
            first, second = (_operand(side, path, definitions, sheet) for side in (left, right))
            return f"{first} {_VERBS[sign]} {second}"
        case conditions.Path(path):
            item = definitions.fields.get(path)
            is_there = "is answered" if item and item.kind != "yes_no" else "is yes"
            return f"{_named(path, definitions, sheet)} {is_there}"


def _operand(operand: Any, path: str, definitions: Definitions, sheet: str) -> str:
    """Return a label, or the answers to ``path`` that a plain value means."""
    if isinstance(operand, conditions.Path):
        return _named(operand.path, definitions, sheet)
    values = operand if isinstance(operand, list | tuple | set) else (operand,)
    return " or ".join(_answer(path, value, definitions) for value in values)


def _named(path: str, definitions: Definitions, sheet: str) -> str:
    """Return the label of the field at ``path``, with its sheet where that is another than ``sheet``."""
    item = definitions.fields.get(path)
    where = f" (sheet {item.sheet})" if sheet and item and item.sheet != sheet and not item.derived else ""
    return f"«{_label(path, definitions)}»{where}"


def _label(path: str, definitions: Definitions) -> str:
    item = definitions.fields.get(path)
    return item.label if item else path.partition(".")[2].replace("_", " ")


def _answer(path: str, value: Any, definitions: Definitions) -> str:
    item = definitions.fields.get(path)
    labels = {choice.value: choice.label for choice in item.choices} if item else {}
    return labels.get(str(value), kinds.as_text(value))


def _default(item: Field, definitions: Definitions) -> str:
    if not item.default.startswith("="):
        return _answer(item.path, item.default, definitions)
    path = item.default.removeprefix("=").strip()
    other = definitions.fields.get(path)
    where = f" on {other.sheet}" if other and other.sheet != item.sheet else ""
    return f"the same as «{_label(path, definitions)}»{where}"
