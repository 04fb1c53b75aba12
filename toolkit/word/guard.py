"""What a Word template may bring along: no macros, no tracked changes or comments, nothing that reaches outside."""

from __future__ import annotations

import re

from toolkit.errors import TemplateError
from toolkit.word.package import PACKAGE_RELATIONS, Element, Parts, content_types, parse, serialize, text_parts, w

_ATTACHED = "/attachedTemplate"
_LINKS = re.compile(r"(https?|mailto|tel):", re.I)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.I)
_ASKING = re.compile(
    r"\b(ASK|AUTOTEXT|DATABASE|DDE|DDEAUTO|EMBED|FILLIN|IMPORT|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK|MACROBUTTON|PRINT|RD)\b"
)
_TRACKED = tuple(w(name) for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge",
    "numberingChange", "pPrChange", "rPrChange", "sectPrChange", "tblGridChange", "tblPrChange", "tblPrExChange",
    "tcPrChange", "trPrChange"))  # fmt: skip
_TAG = re.compile(rb"\{[{%]")


def check_package(parts: Parts, name: str) -> dict[str, bytes]:
    """Return ``parts`` without the link to the file they were made from; raise TemplateError for what may not be.

    ``name`` is the template's file name for the message.
    """
    kinds = content_types(parts, name)
    if any("macro" in kind.lower() or "vba" in kind.lower() or "activex" in kind.lower() for kind in kinds.values()):
        raise TemplateError(f"{name} holds macros or controls that run code. Save it as a Word Document (.docx).")
    labels = text_parts(parts, name)
    kept = dict(parts)
    for part in parts:
        if part.lower().endswith(".rels"):
            kept[part] = _checked_relations(parts[part], name)
    settings = "word/settings.xml"
    if settings in parts and b"attachedTemplate" in parts[settings]:
        kept[settings] = _without_attached(parts[settings], name)
    for part, label in labels.items():
        _check_text(parts[part], name, label)
    for part, content in parts.items():
        if (
            part not in labels
            and part.startswith("word/")
            and part.endswith((".xml", ".rels"))
            and _TAG.search(content)
        ):
            raise TemplateError(f"{name} has a tag in {part}, where nothing is filled in. Move it into the text.")
    return kept


def _checked_relations(content: bytes, name: str) -> bytes:
    root = parse(content, name)
    for relation in list(root.iter(f"{{{PACKAGE_RELATIONS}}}Relationship")):
        kind, target = relation.get("Type") or "", relation.get("Target") or ""
        if kind.endswith(_ATTACHED):
            root.remove(relation)
        elif kind.endswith(("/aFChunk", "/oleObject", "/control", "/subDocument", "/frame")):
            raise TemplateError(f"{name} embeds another file or program. Put its text or picture into the template.")
        elif _leads_outside(relation) and not (kind.endswith("/hyperlink") and _LINKS.match(target)):
            raise TemplateError(f"{name} links to a file outside itself. Embed the picture, or remove the link.")
    return serialize(root)


def _leads_outside(relation: Element) -> bool:
    """Tell whether a relation means something outside the file, whatever it says of itself."""
    mode, target = relation.get("TargetMode") or "", relation.get("Target") or ""
    return mode.casefold() == "external" or bool(_OUTSIDE.match(target))


def _without_attached(content: bytes, name: str) -> bytes:
    root = parse(content, name)
    for element in list(root.iter(w("attachedTemplate"))):
        root.remove(element)
    return serialize(root)


def _check_text(content: bytes, name: str, label: str) -> None:
    root = parse(content, name)
    if root.tag not in (w("document"), w("hdr"), w("ftr"), w("footnotes"), w("endnotes")) or root.prefix != "w":
        raise TemplateError(f"{name} is in a form of Word file that is not read. Save it as a Word Document (.docx).")
    if next(root.iter(*_TRACKED), None) is not None:
        raise TemplateError(f"{name}, {label}, has tracked changes. Accept or reject them all in Word and save.")
    if next(root.iter(w("commentReference")), None) is not None:
        raise TemplateError(f"{name}, {label}, has comments. Delete them in Word and save.")
    for paragraph in root.iter(w("p")):
        codes = "".join(item.text or "" for item in paragraph.iter(w("instrText")))
        codes += " ".join(item.get(w("instr")) or "" for item in paragraph.iter(w("fldSimple")))
        if _ASKING.search(codes.upper()):
            raise TemplateError(
                f"{name}, {label}, has a field that asks or fetches something. Replace it with its text."
            )
