"""Proposals: which answer each field of somebody else's form is likely to want, written as a mapping to go over."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct
from msgspec import field as having
from msgspec.structs import replace

from toolkit.model import Definitions, Document, Section
from toolkit.model import Field as Asked
from toolkit.pdf import paths
from toolkit.pdf.dates import USUAL, of_label, of_length
from toolkit.pdf.form import Field, Form
from toolkit.pdf.labels import Label, Printed, bare
from toolkit.pdf.mapping import BUTTONS, NO, YES, answers, states, stored
from toolkit.text import key

SURE, APART = 0.84, 0.04
"""How alike a label must be to an answer's, and how much less the next one."""
NEAR = 0.7
"""From how alike on an answer is named where none is sure."""
_UNCOUNTED = 0.88
"""How much a name counts for an answer of several rows when it does not say which."""
_FUZZY = 6
"""Shorter names are the same or not."""
_CLIENTS = ("beneficiary", "client", "consumer", "enrollee", "individual", "member", "participant", "patient", "person",
            "recipient")  # fmt: skip
"""What payers call those for whom a plan is made."""
_SAME = {**dict.fromkeys(_CLIENTS, "client"), "no": "number", "num": "number", "#": "number", "dx": "diagnosis",
         "telephone": "phone", "tel": "phone"}  # fmt: skip
_NOISE = frozenset(
    (*_CLIENTS, "a", "an", "and", "any", "describe", "enter", "for", "full", "if", "is", "list", "no", "number", "of",
     "or", "please", "print", "printed", "s", "the", "to", "type", "your")
)  # fmt: skip
"""Words that say little of what is asked."""
_GENERAL = frozenset(
    ("code", "comments", "date", "kind", "name", "notes", "number", "other", "status", "title", "type")
)
"""Names that many answers have."""
_ICD = re.compile(r"\bicd ?(?:9|10)(?: cm)?\b")
"""Its number counts no rows."""
_SIGN = re.compile(r"\b(?:signatures?|signed|sign|signs|sig|here|by|of|initials?|x)\b")
_HINT = re.compile(r"[(\[][^)\]]*[)\]]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z])")
_EXTRA: Mapping[str, tuple[str, ...]] = {
    "diagnoses[0].code": (
        "Diagnosis code",
        "ICD-10 code",
        "ICD-10",
        "Dx code",
        "Primary diagnosis code",
        "ICD code",
        "ICD-10 diagnosis code",
        "Primary ICD-10 diagnosis code",
        "Diagnosis code (ICD-10)",
    ),
    "diagnoses[0].description": ("Diagnosis description", "Primary diagnosis description", "Dx description"),
    "document.date": ("Date of document", "Document date"),
}
"""Labels for what stands beside the sections."""


class Candidate(NamedTuple):
    """An answer that a field may want: its path, a name by which forms may call it, and the field of the record."""

    path: str
    words: str
    asked: Asked | None
    section: Section | None = None


class Proposal(Struct, frozen=True):
    """What a field of a form is, and what is proposed for it; ``why`` it is left open, where it is."""

    field: Field
    label: Label
    path: str = ""
    signer: str = ""
    when: tuple[str, ...] = ()
    values: Mapping[str, str] = having(default_factory=dict)
    date: str = ""
    why: str = ""
    lacking: tuple[str, ...] = ()
    """The answers that the form does not offer by such a name."""
    beside: Mapping[str, str] = having(default_factory=dict)
    """The words beside each of its buttons, by state."""


class Proposer:
    """Proposes answers of a document for the fields of forms."""

    def __init__(self, definitions: Definitions, document: Document) -> None:
        self._definitions, self._document = definitions, document
        self._candidates = list(_candidates(definitions, document))
        self._begun: dict[str, list[int]] = {}
        for number, one in enumerate(self._candidates):
            for begun in _beginnings(one.words):
                self._begun.setdefault(begun, []).append(number)
        self._words = {section.word: section.name for section in definitions.sections.values() if section.repeats}
        self._words |= dict.fromkeys(("diagnosis", "dx", "icd"), "diagnoses")

    def proposals(self, form: Form) -> list[Proposal]:
        """Return a proposal for each field of ``form``, in its order."""
        printed = Printed(form)
        found = [self._proposal(item, printed) for item in form.fields.values()]
        return [self._with_date(one) for one in found]

    def _proposal(self, item: Field, printed: Printed) -> Proposal:
        label = printed.label(item)
        if item.kind == "signature":
            return self._signature(item, label)
        if item.kind == "button":
            return Proposal(item, label, why="a button to click on; it takes no answer")
        if item.secret:
            return Proposal(item, label, why="a field for a password or a file; no answer belongs there")
        if item.computed:
            return Proposal(item, label, why="the form works it out itself")
        if item.read_only:
            return Proposal(item, label, why="nobody may type there; the form fills it itself")
        if item.kind in BUTTONS:
            return self._button(item, label, printed.options(item))
        if _is_of_signing(label.text or item.name):
            return Proposal(item, label, why="belongs to a signature; whoever signs fills it in")
        return self._matched(item, label)

    # --- texts and drop-downs --------------------------------------------------------------------------------------

    def _matched(self, item: Field, label: Label) -> Proposal:
        ranked = self._ranked(item, label)
        if not ranked and _plain(label.text) in _GENERAL:
            return Proposal(item, label, why="many answers are called so")
        if not ranked:
            return Proposal(item, label, why="no answer has a name like this")
        score, path, asked = ranked[0]
        others = [other for value, other, _ in ranked[1:] if value > score - APART]
        if score < SURE:
            return Proposal(item, label, why=f"not sure; nearest is {path}")
        if others:
            return Proposal(item, label, why=f"two answers are as likely: {', '.join([path, *others][:4])}")
        if asked is not None and self._uncounted(path, _plain(label.text or item.name)):
            return self._without_number(item, label, path)
        proposal = Proposal(item, label, path)
        if item.kind in ("choice", "list"):
            return self._with_values(proposal, {one: label for one, label in item.options}, asked)
        return proposal

    def _uncounted(self, path: str, name: str) -> bool:
        """Tell whether ``path`` is of rows of which ``name`` does not say the number."""
        counted = {section for section, _ in self._numbered(name)[0]}
        return path not in _EXTRA and any(step[2] and step[1] not in counted for step in paths.STEP.finditer(path))

    def _without_number(self, item: Field, label: Label, path: str) -> Proposal:
        every = path.replace("[0]", "[]")
        if item.kind == "text" and item.multiline:
            return Proposal(item, label, every)
        return Proposal(item, label, why=f"which row is meant? {path} is the first, {every} means all")

    def _ranked(self, item: Field, label: Label) -> list[tuple[float, str, Asked | None]]:
        """Return the likely answers, the likeliest first, each once."""
        best: dict[str, tuple[float, str, Asked | None]] = {}
        for name, weight in _names(item, label):
            if name in _GENERAL:
                continue
            for path, words, asked, _ in self._counted(name):
                if not _takes(item, asked):
                    continue
                score = _alike(name, words) * weight * (_UNCOUNTED if self._uncounted(path, name) else 1)
                if item.date and asked is not None and asked.kind != "date":
                    score -= 0.3
                if score >= NEAR and score > best.get(path, (0.0,))[0]:
                    best[path] = (score, path, asked)
        return sorted(best.values(), key=lambda one: (-one[0], one[1]))

    def _counted(self, name: str) -> Iterator[Candidate]:
        """Yield candidates with a word that begins alike; those of rows also with the numbers that ``name`` holds."""
        numbers = sorted({number for begun in _beginnings(name) for number in self._begun.get(begun, ())})
        likely = [self._candidates[number] for number in numbers]
        rows, rest = self._numbered(name)
        yield from (one for one in likely if not rows or "[0]" not in one.path)
        for one in likely if rows else ():
            path = one.path
            if {section for section, _ in rows} <= {step[1] for step in paths.STEP.finditer(path) if step[2]}:
                for section, number in rows:
                    path = path.replace(f"{section}[0]", f"{section}[{number - 1}]")
                words = " ".join(word for word in one.words.split() if word not in self._words)
                if rest and _alike(rest, words) >= NEAR:
                    yield Candidate(path, name if _bag(rest) == _bag(words) else f"{words} {name}", one.asked)
                elif not rest and path.endswith(".statement"):
                    yield Candidate(path, name, one.asked)

    def _numbered(self, name: str) -> tuple[list[tuple[str, int]], str]:
        """Return which rows ``name`` counts, from the outermost on, and its other words."""
        tokens = name.replace("#", " ").split()
        found: dict[str, int] = {}
        spare = [token for token in tokens if token.isdigit()]
        used: set[int] = set()
        for at, token in enumerate(tokens):
            section = self._words.get(token)
            following = next((i for i in range(at + 1, len(tokens)) if tokens[i] not in ("no", "number")), len(tokens))
            numbers = following < len(tokens) and re.fullmatch(r"(\d{1,2})[a-z]?", tokens[following])
            if section and numbers and following not in used:
                found[section] = int(numbers[1])
                used |= {at, following}
        if not found and len(spare) == 1:
            named = [(at, self._words[token]) for at, token in enumerate(tokens) if token in self._words]
            if len(named) == 1:
                found[named[0][1]] = int(spare[0])
                used = {named[0][0], tokens.index(spare[0])}
        rest = " ".join(token for at, token in enumerate(tokens) if at not in used)
        rows = sorted(found.items(), key=lambda item: self._depth(item[0]))
        return (rows, rest) if all(number > 0 for _, number in rows) else ([], name)

    def _depth(self, section: str) -> int:
        known = self._definitions.sections.get(section)
        return 1 + self._depth(known.parent) if known is not None and known.parent else 0

    def _with_values(self, proposal: Proposal, called: Mapping[str, str], asked: Asked | None) -> Proposal:
        """Return a proposal with what the form calls each answer; open where it calls none of them."""
        if asked is None or asked.kind not in ("choice", "yes_no"):
            return proposal
        item = proposal.field
        values, lacking = {}, []
        spellings = {one.value: one.spellings for one in asked.choices}
        for value, shown in answers(paths.Answer("", asked)):
            names = (shown, value, *spellings.get(value, ()), bare(_HINT.sub("", shown)))
            found = next((one for name in names if (one := stored(name, item) or _called(name, called))), "")
            if found:
                values[value] = found
            else:
                lacking.append(value)
        if not values:
            return Proposal(item, proposal.label, why=f"it is like {proposal.path}, but has other choices")
        return replace(proposal, values=values, lacking=tuple(lacking))

    def _with_date(self, one: Proposal) -> Proposal:
        if not one.path or not self._is_date(one.path):
            return one
        item = one.field
        cells = of_length(item.max_length) if item.comb or item.max_length in (6, 8) else ""
        form = item.date or of_label(one.label.text) or cells or USUAL
        return replace(one, date=form)

    def _is_date(self, path: str) -> bool:
        asked = paths.answer(path, self._definitions, self._document).field
        return path.endswith("document.date") or (asked is not None and asked.kind == "date")

    # --- buttons ---------------------------------------------------------------------------------------------------

    def _button(self, item: Field, label: Label, beside: Mapping[str, str]) -> Proposal:
        if item.kind == "check" and len(states(item)) <= 1:
            return self._box(item, label)
        called = {state: beside.get(state) or shown for state, shown in item.options}
        asks = Label(label.text if label.how == "tooltip" else label.question, label.how, label.question)
        found = self._matched(item, asks)
        one = Proposal(item, asks, found.path, why=found.why, beside=called)
        if not one.path:
            return one
        asked = paths.answer(one.path, self._definitions, self._document).field
        return self._with_values(one, called, asked)

    def _box(self, item: Field, label: Label) -> Proposal:
        """Return what a single box stands for: a yes, a no, or one of several answers."""
        own = key(bare(label.text))
        if own in (key(YES), key(NO)) and label.question:
            found = self._matched(item, Label(label.question))
            when: tuple[str, ...] = (YES,) if own == key(YES) else (NO,)
            return Proposal(item, label, found.path, when=when if found.path else (), why=found.why)
        if label.question:
            found = self._matched(item, Label(label.question))
            asked = paths.answer(found.path, self._definitions, self._document).field if found.path else None
            for value, shown in answers(paths.Answer("", asked)):
                if asked is not None and asked.kind == "choice" and own in (key(value), key(shown)):
                    return Proposal(item, label, found.path, when=(value,))
        found = self._matched(item, label)
        asked = paths.answer(found.path, self._definitions, self._document).field if found.path else None
        if asked is not None and asked.kind != "yes_no":
            return Proposal(item, label, why=f"a box for one answer to {found.path}; say which with «when»")
        return found

    # --- signatures ------------------------------------------------------------------------------------------------

    def _signature(self, item: Field, label: Label) -> Proposal:
        best: dict[str, float] = {}
        for name, _ in _names(item, label):
            plain = " ".join(_SIGN.sub(" ", name).split())
            for role, words in _signer_names(self._definitions):
                score = _alike(plain, words)
                best[role] = max(best.get(role, 0), score)
        ranked = sorted(best.items(), key=lambda one: (-one[1], one[0]))
        if ranked and ranked[0][1] >= SURE and (len(ranked) == 1 or ranked[1][1] <= ranked[0][1] - APART):
            return Proposal(item, label, signer=ranked[0][0])
        return Proposal(item, label, why="who signs here is not clear; write the role, such as client or clinician")


# --- names and how alike they are ----------------------------------------------------------------------------------


def _candidates(definitions: Definitions, document: Document) -> Iterator[Candidate]:
    for section in definitions.sections.values():
        shared = section.scope == "workbook"
        extra = {_plain(name) for several in _EXTRA.values() for name in several}
        if section.name == "signers" or not (not section.repeats if shared else document.name in section.documents):
            continue
        prefix = _prefix(section, definitions, document)
        for one in section.fields:
            names = [one.label, *one.aliases, f"{section.title} {one.label}"]
            if section.repeats:
                names += [f"{section.word} {name}" for name in (one.label, *one.aliases)]
            if one.name == "statement":
                names += [section.title, f"Treatment {section.title}", section.word]
            for name in dict.fromkeys(_plain(name) for name in names if _plain(name) not in extra):
                yield Candidate(f"{prefix}.{one.name}", name, one, section)
                if one.refers == "staff" and one.kind == "ref":
                    yield Candidate(f"{prefix}.{one.name}", f"{name} name", one, section)
                    for part in paths.PERSON[1:]:
                        yield Candidate(f"{prefix}.{one.name}.{part}", f"{name} {part}", None)
    for path, several in _EXTRA.items():
        yield from (Candidate(path, _plain(name), None) for name in several)


def _prefix(section: Section, definitions: Definitions, document: Document) -> str:
    row = "[0]" if section.repeats and document.each != section.name else ""
    above = f"{_prefix(definitions.sections[section.parent], definitions, document)}." if section.parent else ""
    return f"{above}{section.name}{row}"


def _signer_names(definitions: Definitions) -> Iterator[tuple[str, str]]:
    for role, label in paths.roles(definitions).items():
        yield role, _plain(label)
        yield role, _plain(role.replace("_", " "))
    for rule in definitions.signers:
        asked = definitions.fields.get(rule.person)
        for name in (rule.label, *((asked.label, *asked.aliases) if asked else ())):
            yield rule.role, _plain(name)


def _plain(name: str) -> str:
    """Return a label or a name of a field in small plain words."""
    spaced = _CAMEL.sub(" ", re.sub(r"\[\d+\]", " ", _HINT.sub(" ", re.sub(r"#\s*:?\s*$", " number", name))))
    words = key(re.sub(r"[^\w#]+", " ", bare(spaced).replace("'s", " ").replace("’s", " ")))
    return _ICD.sub("icd", words)


def _names(item: Field, label: Label) -> Iterator[tuple[str, float]]:
    """Yield what a field may be called, and how much that counts: its label, then its own name in the form."""
    if label.text:
        yield _plain(label.text), 1.0
        for part in re.split(r"\s*/\s*|\s+or\s+", label.text) if re.search(r"/|\sor\s", label.text) else ():
            yield _plain(part), 0.97
    last = re.sub(r"\[\d+\]$", "", item.name.rpartition(".")[2])
    if not re.fullmatch(r"(?i)(?:text|field|undefined|check ?box|untitled|group)[\s_]*\d*", last):
        yield _plain(last), 0.97 if label.text else 1.0


def _beginnings(name: str) -> set[str]:
    return {_SAME.get(word, word)[:3] for word in name.split()}


@lru_cache(maxsize=4096)
def _bag(name: str) -> frozenset[str]:
    return frozenset(name.split()) - _NOISE


@lru_cache(maxsize=65536)
def _alike(name: str, words: str) -> float:
    """Return how alike two plain names are, from 0 to 1."""
    if name == words:
        return 1.0 if name else 0.0
    if name.removesuffix(" number").removesuffix(" no") == words:
        return 0.98
    if [_SAME.get(word, word) for word in name.split()] == [_SAME.get(word, word) for word in words.split()]:
        return 0.95
    one, two = _bag(name), _bag(words)
    if not one or not two:
        return 0.0
    if one == two:
        return 0.9
    shared = sum(map(len, one & two)) / max(sum(map(len, one)), sum(map(len, two)))
    if min(len(name), len(words)) < _FUZZY or re.findall(r"\d+", name) != re.findall(r"\d+", words):
        return shared * 0.9
    match = difflib.SequenceMatcher(None, name, words, autojunk=False)
    near = match.real_quick_ratio() * 0.9 >= NEAR and match.quick_ratio() * 0.9 >= NEAR
    return max(shared, match.ratio() if near else 0) * 0.9


def _takes(item: Field, asked: Asked | None) -> bool:
    """Tell whether a field of a form can take such an answer at all."""
    if item.kind in BUTTONS:
        return asked is not None and asked.kind in ("choice", "yes_no")
    return asked is None or item.kind != "list" or asked.kind in ("choice", "yes_no", "lines", "refs")


def _called(shown: str, called: Mapping[str, str]) -> str:
    return next((state for state, words in called.items() if words and key(bare(words)) == key(shown)), "")


def _is_of_signing(label: str) -> bool:
    words = set(_plain(label).split())
    return bool(words & {"signature", "signed", "sign", "signing"}) and not words & {"assignment"}
