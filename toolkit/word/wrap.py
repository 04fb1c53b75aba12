"""Which tags of a template become content controls, and the controls put around them when it is compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from toolkit.model import CLIENT_ID, Definitions, Field
from toolkit.word.balance import Piece
from toolkit.word.controls import Control, control
from toolkit.word.names import Answer, field_path
from toolkit.word.package import Element, w
from toolkit.word.values import RUNS, TEXT

_P, _R, _T, _SDT, _FIELD = w("p"), w("r"), w("t"), w("sdt"), w("fldChar")
_AROUND = {w(name) for name in ("document", "body", "tbl", "tr", "tc")}
"""What a paragraph with controls may stand in: no text box, no control of the author's own."""
_BOUND = (w("dataBinding"), "{http://schemas.microsoft.com/office/word/2012/wordml}dataBinding", w("showingPlcHdr"))
_PROPERTIES = r"(?:<w:rPr(?: [^>]*)?/>|<w:rPr(?: [^>]*)?>.*?</w:rPr>)"
_RUN = re.compile(rf'<w:r(?: [^>]*")?>({_PROPERTIES})?', re.DOTALL)
_RUN_HEAD = re.compile(rf'<w:r(?: [^>\n]*")?>{_PROPERTIES}?<w:t(?: [^>\n]*")?>')
_RUN_END = "</w:t></w:r>"


def release(root: Element, token: str) -> None:
    """Let what a tag prints into an author's own control stand: bound elsewhere, Word would show that instead.

    And as a placeholder it would vanish at a click.
    """
    for item in root.iter(_SDT):
        properties = item.find(w("sdtPr"))
        if properties is not None and any(token in (text.text or "") for text in item.iter(_T)):
            for child in [child for child in properties if child.tag in _BOUND]:
                properties.remove(child)


def places(root: Element, token: str) -> Iterator[int]:
    """Yield the number of each tag in an ordinary paragraph of the body, where Word takes a control in the line."""
    number = re.compile(rf"{token}(\d+);")
    depth = 0
    for item in root.iter(_FIELD, _T):
        if item.tag == _FIELD:
            depth += {"begin": 1, "end": -1}.get(item.get(w("fldCharType")) or "", 0)
        elif depth == 0 and token in (item.text or "") and _is_ordinary(item):
            yield from (int(found) for found in number.findall(item.text))


def _is_ordinary(text: Element) -> bool:
    run = text.getparent()
    paragraph = run.getparent()
    return run.tag == _R and paragraph.tag == _P and {above.tag for above in paragraph.iterancestors()} <= _AROUND


def wrapped(
    pieces: Sequence[Piece], answers: Mapping[int, Answer], definitions: Definitions
) -> tuple[list[Piece], list[Control], dict[int, int]]:
    """Return the pieces in which each tag that may be a control prints whole runs, and stands between runs.

    ``answers`` say, by the number of a piece, what it prints. Also returned: the controls, and the number of each by
    the number of its new piece. No line break is added or lost, so that a tag keeps its line in the source.
    """
    out: list[Piece] = []
    controls: list[Control] = []
    numbers: dict[int, int] = {}
    properties = ""
    rest = list(pieces)
    for number, piece in enumerate(pieces):
        piece = rest[number]
        answer = answers.get(number) if piece.tag and piece.tag.inline else None
        field = _field(answer, definitions) if answer else None
        if answer is None or field is None:
            properties = _last_properties(piece, properties)
            if piece.code:
                out.append(piece)
            continue
        before = out[-1].code if out and out[-1].tag is None else ""
        start = max(before.rfind("<w:r>"), before.rfind("<w:r "))
        if start >= 0 and _RUN_HEAD.fullmatch(before, start):
            out[-1] = Piece(before[:start])
        else:
            out.append(Piece(_RUN_END))
        numbers[len(out)] = len(controls)
        controls.append(control(field, properties, answer.in_list))
        out.append(replace(piece, place=RUNS))
        following = rest[number + 1]
        if following.tag is None and following.code.startswith(_RUN_END):
            rest[number + 1] = Piece(following.code[len(_RUN_END) :])
        else:
            out.append(Piece(f"<w:r>{properties}{TEXT}"))
    return out, controls, numbers


def _last_properties(piece: Piece, properties: str) -> str:
    """Return the properties of the run that is open after ``piece``, in one line."""
    if piece.tag is None:
        for found in _RUN.finditer(piece.code):
            properties = (found[1] or "").replace("\n", " ")
    return properties


def _field(answer: Answer, definitions: Definitions) -> Field | None:
    """Return the field whose answer a control may change: typed for this client, and naming neither client nor row."""
    field = definitions.fields.get(field_path(answer.path, definitions.sections))
    if field is None or field.derived or not field.printed or field.path == CLIENT_ID:
        return None
    section = definitions.sections[field.section]
    if section.scope != "client" or section.key == field.name or (answer.in_list and field.kind != "lines"):
        return None
    return field
