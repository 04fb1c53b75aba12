"""The press for somebody else's form: what a mapping names of a document goes into the fields of that form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from toolkit import __version__, derive
from toolkit.batch.press import Sheet, digest
from toolkit.environment import printed
from toolkit.errors import ReadError, RenderError, TemplateError
from toolkit.kinds import show
from toolkit.model import Case, Definitions, Document, Finding, Place, Row
from toolkit.pdf import paths, read
from toolkit.pdf.attached import FOOT, HEAD, attached
from toolkit.pdf.compile import compile_form
from toolkit.pdf.continued import is_whole, squeezed
from toolkit.pdf.fill import Cut, Filler
from toolkit.pdf.fonts import Faces, code_points, named_files
from toolkit.pdf.form import Field
from toolkit.pdf.mapped import Placed, Strange, placed
from toolkit.pdf.mapping import Entry, FormMapping, held, unfilled
from toolkit.pdf.mapping import read as read_mapping
from toolkit.pdf.values import Text
from toolkit.shelf import Shelf
from toolkit.text import hint

_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")


class FormPress:
    """Fills somebody else's form, as the mapping file at ``path`` says, beside the document that it is about.

    Raises TemplateError where the mapping names something that there is not, ReadError where the form cannot be filled.
    """

    def __init__(self, shelf: Shelf, path: Path, faces: Faces | None = None) -> None:
        self.mapping, self._definitions = _mapping(path), shelf.all()
        data = opened(path.parent / self.mapping.form, f"the form that {self.mapping.name} names")
        called = Path(self.mapping.form).name
        self.form = compile_form(data, called)
        self.document = _document(self.mapping, self._definitions)
        sha256 = hashlib.sha256(data).hexdigest()
        self.mapping = held(self.mapping, self.form, sha256, self._definitions, self.document)
        self._faces = faces or Faces(named_files())
        self._filler = Filler(self.form, self._faces)
        filled = {entry.name for entry in self.mapping.entries if entry.fills}
        left = [field for name, field in self.form.fields.items() if self.form.redrawn and name not in filled]
        self._kept = {field.name: field.value for field in left if field.undrawn and _has_look(field)}
        self._signers = {entry.name: entry.signer for entry in self.mapping.entries if entry.signer}
        self._digests = {"packs": {}, "templates": {called: sha256, self.mapping.name: _sha256(path)}}

    @property
    def called(self) -> str:
        """What the files of this form are called behind the name of the document: ``otr``."""
        plain = _PLAIN.sub("-", Path(self.mapping.name).stem)[:60].strip("-_")
        return plain or "form"

    @property
    def roles(self) -> frozenset[str]:
        """The roles that have a place to sign in it."""
        return frozenset(self._signers.values())

    def prints(self, case: Case) -> bool:
        """Tell whether the form is about the document of ``case``."""
        return case.wanted.document.name == self.document.name

    def fits(self, case: Case) -> bool:
        """Tell whether there is a form for the case's populations: it is the same for all."""
        return True

    def sheet(self, case: Case, draft: bool) -> Sheet | None:
        """Return the filled form of ``case``."""
        view = derive.context(case)
        key = digest((__version__, self._digests["templates"], self._faces.sha256, view))
        return Sheet(key, lambda: self._render(case, view))

    def _render(self, case: Case, view: Mapping[str, Any]) -> bytes:
        """Return the filled form, with what does not fit on pages behind it."""
        due = self._placed(view)
        values = {**self._kept, **due.values}
        done = self._filler.fill(values, continued=True, signers=self._signers)
        left: dict[str, int] = {}
        for one in done.misfits:
            if one.why == "overflow" and one.name in due.values and self._goes_on(one.name):
                left[one.name] = min(one.at, left.get(one.name, one.at))
        texts = [self._text(due.entries[name], str(due.values[name])[at:]) for name, at in left.items()]
        if not texts and not due.texts:
            return done.data
        behind = attached([*texts, *due.texts], _whose(view), self.form.pages + 1, self._faces)
        cuts = {name: Cut(at, behind.pages[name]) for name, at in left.items()}
        return self._filler.fill(values, cuts=cuts, more=behind.sheets, signers=self._signers).data

    def _goes_on(self, name: str) -> bool:
        """Tell whether a text may go on elsewhere: not where the form itself counts characters."""
        field = self.form.fields[name]
        return field.kind == "text" and not field.max_length

    def _text(self, entry: Entry, rest: str) -> Text:
        page = self._page(entry)
        where = f" (continued from page {page})" if page else " (continued)"
        return Text(self._label(entry) + where, rest, entry.name)

    def _page(self, entry: Entry) -> int:
        """Return the page of a field, from 1; 0 where it stands on none."""
        pages = [widget.page for widget in self.form.fields[entry.name].widgets if widget.page is not None]
        return pages[0] + 1 if pages else 0

    def _placed(self, view: Mapping[str, Any]) -> Placed:
        return placed(self.mapping, self.form, view, self._definitions)

    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Return the digests of form and mapping, by name."""
        return self._digests

    def open_fields(self) -> Sequence[Field]:
        """Return the fields of the form that nothing fills."""
        return list(unfilled(self.mapping, self.form))

    # --- proof -----------------------------------------------------------------------------------------------------

    def prove(self, case: Case, data: bytes) -> Sequence[Finding]:
        """Read the file back and return what is missing, cut or altered; raises RenderError where it cannot be read."""
        try:
            seen = read.read(data, strict=False, first=self.form.pages)
        except ReadError as error:
            raise RenderError(f"the filled form cannot be read back, so it was not filed: {error}") from error
        return list(self._faults(case, self._placed(derive.context(case)), seen))

    def _faults(self, case: Case, due: Placed, seen: read.Contents) -> Iterator[Finding]:
        for strange in due.strange:
            yield self._not_a_choice(case, strange)
        more = squeezed("".join(line for page in seen.pages for line in page.split("\n")[HEAD:-FOOT]))
        for text in due.texts:
            if squeezed(text.text) not in more:
                lacking = self._faces.lacks(text.text)
                yield self._lacks(case, text.title, "", lacking) if lacking else self._cut(case, text.title, "")
        for name, value in due.values.items():
            entry, field = due.entries[name], self.form.fields[name]
            one = seen.fields.get(name)
            if one is None or not _says(field, value, one, more):
                lacking = self._faces.lacks(value) if isinstance(value, str) else ""
                label = self._label(entry)
                if lacking:
                    yield self._lacks(case, label, entry.path, lacking)
                else:
                    yield self._cut(case, label, entry.path, f" in {self._place(entry)}{_room(field)}")

    def _cut(self, case: Case, label: str, path: str, where: str = " behind the form") -> Finding:
        return self._finding(case, "PF005", f"«{label}» is not whole{where}. Shorten it, or leave it out there.", path)

    def _lacks(self, case: Case, label: str, path: str, lacking: str) -> Finding:
        text = (
            f"«{label}» has characters that no typeface here can draw: {code_points(lacking)}. "
            "Put a TrueType face that has them into the folder PLANKIT_FACES names, or fill in this form by hand."
        )
        return self._finding(case, "PF004", text, path)

    def _not_a_choice(self, case: Case, one: Strange) -> Finding:
        entry = one.entries[0]
        text = (
            f"«{self._label(entry)}» has an answer that {self._place(entry)} does not offer. Say under «values» or "
            f"«when» in {self.mapping.at(entry.line)} what the form calls it, or leave that field open there."
        )
        return self._finding(case, "PF007", text, entry.path, {"answer": one.answer})

    def _label(self, entry: Entry) -> str:
        return entry.answer.label or entry.name

    def _place(self, entry: Entry) -> str:
        page = self._page(entry)
        where = f", page {page}" if page else ""
        return f"the field «{entry.name}» of {Path(self.mapping.form).name}{where}"

    def _finding(self, case: Case, code: str, text: str, path: str, show_: Mapping[str, str] | None = None) -> Finding:
        return Finding(
            code=code,
            level="error",
            text=text,
            place=_cell(case, path),
            record=case.record.id,
            initials=show(case.record.get("client.initials")),
            path=path,
            show=show_ or {},
            documents=(case.wanted.document.name,),
        )


def _has_look(field: Field) -> bool:
    """Tell whether there is something to be seen of a field that nothing fills: a value, a border."""
    return bool(field.value) or any(widget.ground for widget in field.widgets)


def _cell(case: Case, path: str) -> Place:
    """Return where the answer at ``path`` was typed, or where the record begins."""
    row: Row | None = None
    for step in paths.STEP.finditer(path):
        name, number = step[1], step[2]
        if row is not None and row.section.field(name):
            return row.place(name)
        section = case.definitions.sections.get(name)
        rows = derive.rows_of(case.record, section, case.wanted) if section else ()
        if row is not None:
            rows = tuple(one for one in rows if derive.parent(case.record, one) is row)
        index = int(number or 0)
        if number == "" or index >= len(rows):
            break
        row = rows[index]
    return case.record.origin.place()


def _room(field: Field) -> str:
    """Return how many characters a field takes, where the form counts them, in words."""
    return f", which takes {field.max_length} characters" if field.max_length else ""


def _whose(view: Mapping[str, Any]) -> str:
    """Return whose the pages behind a form are."""
    wanted = ("client.legal_name", "client.date_of_birth", "client.id", "coverage.member_id", "document.date")
    return " · ".join(printed(value) for path in wanted if (value := paths.found(view, path)) is not None)


def _says(field: Field, value: Any, seen: read.Seen, more: str) -> bool:
    """Tell whether a field that was read back holds and shows ``value``, whole, or with its rest in ``more``."""
    if field.kind in ("check", "radio"):
        state = next(iter(dict(field.options)), "") if value is True else value or ""
        return seen.value == state and {one for one in seen.drawn if one != "Off"} == ({state} if state else set())
    if field.kind == "list":
        wanted = [value] if isinstance(value, str) else list(value)
        labels = dict(field.options)
        lines = [line for drawn in seen.drawn for line in drawn.split("\n")]
        return sorted(seen.value.split("\n")) == sorted(wanted) and all(labels[one] in lines for one in wanted)
    shown = dict(field.options).get(value, value) if field.kind == "choice" else value
    if not (seen.whole and seen.value == value and seen.drawn):
        return False
    return all(is_whole(shown, drawn, more if field.kind == "text" else "") for drawn in seen.drawn)


def _mapping(path: Path) -> FormMapping:
    return read_mapping(opened(path, "the mapping"), path.name)


def _document(mapping: FormMapping, definitions: Definitions) -> Document:
    found = definitions.dated.get(mapping.document)
    if found is None:
        where = mapping.at(mapping.lines.get("document", 0))
        near = hint(mapping.document, definitions.dated) or f" There are: {', '.join(definitions.dated)}."
        raise TemplateError(f"{where}: there is no document «{mapping.document}».{near}")
    return found


def opened(path: Path, what: str) -> bytes:
    """Return the bytes of a file. Raises TemplateError where it cannot be opened; ``what`` says what it is."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise TemplateError(
            f"{path.name}, {what}, cannot be opened. See that it is there, close it in other programs, and run again."
        ) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(opened(path, "the mapping")).hexdigest()
