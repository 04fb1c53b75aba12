"""Tags that stand in no paragraph: in the properties of a Word file, descriptions of pictures, equations, drawings."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.errors import TemplateError
from toolkit.word.package import Element, Parts
from toolkit.word.tags import Spot, Tag, shortened, spans, tag_of

PROPERTIES = "docProps/"
_TEXTS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
)
_DESCRIPTIONS = ("descr", "title")


def property_parts(parts: Parts) -> list[str]:
    """Return the parts that hold properties with tags."""
    return [
        part
        for part, content in parts.items()
        if part.startswith(PROPERTIES) and part.endswith(".xml") and (b"{{" in content or b"{%" in content)
    ]


def extract_apart(root: Element, token: str, place: str, first: int = 0, everywhere: bool = False) -> list[Tag]:
    """Take out of ``root`` the tags that stand in no paragraph, and return them.

    ``token`` with a number, from ``first`` on, is left for each. ``place`` stands in messages: the template's file and
    the part. With ``everywhere`` all elements hold text, as in properties. Raises TemplateError for a tag without end.
    """
    tags: list[Tag] = []

    def taken(text: str) -> str:
        spot = Spot(*_parted(place), shortened(text, 0, len(text)))
        try:
            found = list(spans(text))
        except ValueError:
            raise TemplateError(f"{spot}: a tag is opened and never closed. Close it in the same place.") from None
        for start, end in reversed(found):
            tags.append(tag_of(text[start:end], spot, apart=True))
            text = f"{text[:start]}{token}{first + len(tags) - 1};{text[end:]}"
        return text

    for element in list(root.iter("{*}*") if everywhere else root.iter(*_TEXTS)):
        element.text = taken(element.text or "") or None
    for element, name in [] if everywhere else list(_descriptions(root)):
        element.set(name, taken(element.get(name)))
    return tags


def _descriptions(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield each element that describes a picture or table, and the attribute that may hold a tag."""
    for element in root.iter("{*}docPr", "{*}cNvPr"):
        yield from ((element, name) for name in _DESCRIPTIONS if "{" in (element.get(name) or ""))


def _parted(place: str) -> tuple[str, str]:
    file, _, label = place.partition(", ")
    return file, label
