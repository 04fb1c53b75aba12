"""Proposals written as a mapping file: a block for each field of the form, with what a person needs to go over it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from toolkit.pdf.form import Field
from toolkit.pdf.labels import Label, bare
from toolkit.pdf.propose import Proposal

_HEAD = """\
# Which answer goes into which field of {form}. Written by plankit template map; go over each line.
#
# path    the answer, as plankit fields lists them; rows count from 0: goals[0].statement is the first goal's,
#         goals[].statement all of them. Empty: nothing is filled in, and the field is listed after each run.
# text    instead of path: the same text in every document
# signer  for a place to sign: the role, such as client, guardian, clinician or supervisor
# when    for a box: the answers at which it is ticked      values  for choices: answer = "what the form calls it"
# date    how the form wants a date: MM/DD/YYYY, MMDDYYYY, D MMMM YYYY, YYYY …
#
# {count} fields: {sure} proposed, {unsure} left open, {apart} that nothing has to fill.
{scripts}
form = {path}
sha256 = "{sha256}"
document = "{document}"
"""


_SCRIPTS = """\
#
# The form has scripts or actions of its own. They stay in it as they are; none is ever run here.
"""


class Counts(NamedTuple):
    """How many fields have a proposal, are left open, and need nothing."""

    sure: int
    unsure: int
    apart: int


def counts(proposals: Sequence[Proposal]) -> Counts:
    """Return how many of the fields are what."""
    sure, apart = sum(bool(one.path or one.signer) for one in proposals), sum(map(needs_nothing, proposals))
    return Counts(sure, len(proposals) - sure - apart, apart)


def written(
    proposals: Sequence[Proposal], form: str, path: str, sha256: str, document: str, scripts: bool = False
) -> str:
    """Return proposals as a TOML file: the same for the same form.

    ``form`` is what messages call the form, ``path`` where it is from the folder of the file on; ``scripts`` says that
    the form has scripts of its own.
    """
    found = counts(proposals)
    head = _HEAD.format(
        form=_comment(form), path=_quoted(path), sha256=sha256, document=document, count=len(proposals),
        scripts=_SCRIPTS if scripts else "", **found._asdict(),
    )  # fmt: skip
    return head + "".join(f"\n{block}\n" for block in map(_block, proposals))


def needs_nothing(one: Proposal) -> bool:
    """Tell whether nobody has to say what goes into a field: the form fills it itself, or no answer belongs there."""
    item = one.field
    return item.kind == "button" or item.secret or item.computed or item.read_only


def _block(one: Proposal) -> str:
    item = one.field
    lines = [f"# {_comment(told(item, one.label))}"]
    if item.kind == "check" and len(item.options) == 1:
        lines.append(f"# on: {_comment(item.options[0][0])}")
    elif item.options:
        lines.append(f"# choices: {_comment(_choices(item, one.beside))}")
    if one.why:
        lines.append(f"# open: {_comment(one.why)}")
    if one.lacking:
        lines.append(f"# not offered by these names, add them to values: {_comment(', '.join(one.lacking))}")
    lines += ["[[fields]]", f"name = {_quoted(item.name)}"]
    if item.kind == "signature":
        lines.append(f"signer = {_quoted(one.signer)}")
    elif not needs_nothing(one):
        lines.append(f"path = {_quoted(one.path)}")
    if one.when:
        lines.append(f"when = {_quoted(one.when[0])}")
    if one.values:
        pairs = ", ".join(f"{_key(name)} = {_quoted(value)}" for name, value in one.values.items())
        lines.append(f"values = {{ {pairs} }}")
    if one.date:
        lines.append(f"date = {_quoted(one.date)}")
    return "\n".join(lines)


def kind_of(item: Field) -> str:
    """Return what kind of field it is, in words."""
    if item.kind == "text":
        cells = f", {item.max_length} cells" if item.comb else ""
        limit = f", up to {item.max_length} characters" if item.max_length and not item.comb else ""
        date = f", date {item.date}" if item.date else ""
        return f"{'text of several lines' if item.multiline else 'comb' if item.comb else 'text'}{cells}{limit}{date}"
    words = {"check": "checkbox", "radio": "radio buttons", "choice": "drop-down", "list": "list", "button": "button"}
    more = ", also other text" if item.editable else ", several" if item.multiple else ""
    return words.get(item.kind, "signature") + more


def told(item: Field, label: Label) -> str:
    """Return where a field is, what it is and what it is called, in one line."""
    pages = sorted({widget.page + 1 for widget in item.widgets if widget.page is not None})
    where = f"page {', '.join(map(str, pages))}" if pages else "on no page"
    how = {"tooltip": "", "": ""}.get(label.how, f" ({label.how})")
    asks = f", asked: «{bare(label.question)}»" if label.question and label.question != label.text else ""
    called = f" · «{bare(label.text)}»{how}{asks}" if label.text else " · no words beside it"
    required = ", required" if item.required else ""
    return f"{where} · {kind_of(item)}{required}{called}"


def _choices(item: Field, beside: Mapping[str, str]) -> str:
    several = []
    for state, shown in item.options:
        words = beside.get(state) or shown
        several.append(state if words == state else f"{state} ({words})")
    return "; ".join(dict.fromkeys(several))


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _quoted(text)


def _comment(text: str) -> str:
    """Return a text that may stand in a comment: on one line, without what nobody sees."""
    text = " ".join(text.encode("utf-8", "replace").decode().split())
    return "".join(one if one.isprintable() else "?" for one in text)[:400]
