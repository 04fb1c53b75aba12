"""Proof: is every value really in the finished file, and nothing in it that should have been filled in?

The file is read back by other code than wrote it, and compared with the record, whatever the template meant to print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toolkit import blocks, derive
from toolkit.kinds import show
from toolkit.model import Case, Definitions, Document, Field, Finding, Row, Section

_TAG = re.compile(r"\{[{%#]|[}%#]\}")
_PLACEHOLDERS = (
    "Click or tap here to enter text.",
    "Click here to enter text.",
    "Choose an item.",
    "Click or tap to enter a date.",
)


def prove(case: Case, printed: str | Iterable[str]) -> tuple[Finding, ...]:
    """Return what is missing from, or left over in, the finished document that was read back as ``printed``.

    ``PF001``: an answer of the record is not in it. In a document that is ready, also ``PF002``: a tag was left, and
    ``PF003``: a question or a placeholder was left. None of them can be waived, and none holds a value.
    """
    text = printed if isinstance(printed, str) else "\n".join(printed)
    words = frozenset(text.split())
    alone = words.union(text.split("\n"))  # most answers are a word or a line by themselves
    findings = []
    for row, item in _due(case):
        if not all([line in alone or _stands(line, text) for line in expected(case, row, item)]):
            findings.append(
                finding(
                    case,
                    "PF001",
                    f"«{item.label}» is answered, but the finished document does not show it. "
                    f"Print it in the template: {item.path}.",
                    item.path,
                    row,
                )
            )
    if case.status == "ready":
        findings.extend(_left(case, text, words))
    return tuple(findings)


def finding(case: Case, code: str, text: str, path: str = "", row: Row | None = None) -> Finding:
    """Return the error that ``text`` tells of the document of ``case``, at the answer ``path`` of ``row`` if named."""
    return Finding(
        code=code,
        level="error",
        text=text,
        place=row.place(path.partition(".")[2]) if row and path else case.record.origin.place(),
        record=case.record.id,
        initials=show(case.record.get("client.initials")),
        subject=row.subject if row else "",
        path=path,
        documents=(case.wanted.document.name,),
    )


# --- what must be there --------------------------------------------------------------------------------------------


def _due(case: Case) -> Iterator[tuple[Row, Field]]:
    """Yield each row and field whose answer the document has to show."""
    document = case.wanted.document
    printed = case.definitions.once(("printed", document.name), lambda: [*_printed(case.definitions, document)])
    for section, fields in printed:
        of_client = section.scope == "client"
        rows = derive.rows_of(case.record, section, case.wanted) if of_client else case.record.all(section.name)
        for row in rows:
            yield from ((row, item) for item in fields if row.values.get(item.name) not in (None, "", ()))


def _printed(definitions: Definitions, document: Document) -> Iterator[tuple[Section, list[Field]]]:
    """Yield the sections of which ``document`` shows answers, each with the fields that it shows."""
    named, name = blocks.printed(document, definitions) if document.of else frozenset(), document.name
    for section in definitions.sections.values():
        if document.of:
            single = section.scope == "client" or not section.repeats
            fields = [item for item in section.fields if item.path in named and single]
        elif section.scope == "client":
            own = name in section.documents
            fields = [
                item
                for item in section.fields
                if item.printed and ((own and item.prints_in(name)) or (not section.repeats and name in item.required))
            ]
        else:  # of the workbook's the clinic; staff stand in documents where they are named
            fields = [item for item in section.fields if item.printed and not section.repeats]
        if fields:
            yield section, fields


def expected(case: Case, row: Row, item: Field) -> tuple[str, ...]:
    """Return the texts that must stand in the document for the answer of ``row`` to ``item``.

    A list is there line by line; a person by name and credential; several rows' ids one by one.
    """
    value = row.get(item.name)
    if item.kind in ("ref", "refs"):
        ids = value if isinstance(value, tuple) else (value,)
        if item.refers == "staff":
            people = [person for one in ids if (person := derive.staff(case.record, one))]
            return tuple(
                show(part) for person in people for part in (person.get("name"), person.get("credential")) if part
            )
        return tuple(show(one) for one in ids if one != "all")
    if isinstance(value, tuple):
        return tuple(show(line) for line in value)
    return (show(value),)


def _stands(value: str, text: str) -> bool:
    """Tell whether ``value`` stands in ``text``, not as a part of a longer number or word."""
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not ((before.isalnum() and _joins(before, value[:1])) or (after.isalnum() and _joins(value[-1:], after))):
            return True
        start = text.find(value, start + 1)
    return not value


def _joins(left: str, right: str) -> bool:
    return (left.isdecimal() and right.isdecimal()) or (
        left.isascii() and right.isascii() and left.isalpha() and right.isalpha()
    )


# --- what may not be there -----------------------------------------------------------------------------------------


def _left(case: Case, text: str, words: frozenset[str]) -> Iterator[Finding]:
    """Yield findings on tags, questions and placeholders that are not somebody's answer; ``words`` are the text's."""
    asked = case.definitions.once("questions", lambda: _questions(case.definitions))
    standing = {prompt for prompt, inner in asked.items() if words.issuperset(inner) and prompt in text}
    questions = {item.prompt: item for item in _blank(case) if item.prompt in standing} if standing else {}
    placeholders = [words for words in _PLACEHOLDERS if words in text]
    has_tag = ("{" in text or "}" in text) and _TAG.search(text)
    if not (questions or placeholders or has_tag):
        return
    for answer in sorted(_answers(case), key=len, reverse=True):
        text = text.replace(answer, "\x00")
    if _TAG.search(text):
        yield finding(
            case, "PF002", "A tag of the template is left in the finished document. Correct it in the template."
        )
    for prompt, item in questions.items():
        if prompt in text:
            message = f"The question for «{item.label}» is left in the finished document. Answer it, or take it out"
            yield finding(case, "PF003", f"{message} of the template.", item.path)
    if any(words in text for words in placeholders):
        yield finding(
            case, "PF003", "A placeholder of Word is left in the finished document. Take it out of the template."
        )


def _questions(definitions: Definitions) -> dict[str, frozenset[str]]:
    """Return every question, with the words that stand by themselves wherever it stands: all but its first and last."""
    prompts = (item.prompt for item in definitions.fields.values() if item.prompt)
    return {prompt: frozenset(prompt.split()[1:-1]) for prompt in prompts}


def _blank(case: Case) -> Iterator[Field]:
    """Yield each field that a row of the record leaves blank, and those of sections without a row."""
    for section in case.definitions.sections.values():
        rows = [row.values for row in case.record.all(section.name)]
        yield from (
            item
            for item in section.fields
            if item.prompt and (not rows or any(values.get(item.name) is None for values in rows))
        )


def _answers(case: Case) -> set[str]:
    """Return the answers, in lines, that could be taken for something left over."""
    lines = {
        show(line)
        for rows in case.record.rows.values()
        for row in rows
        for value in row.values.values()
        for line in (value if isinstance(value, tuple) else (value,))
    }
    return {line for line in lines if len(line) > 1}
