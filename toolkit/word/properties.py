"""The properties of a Word file (title, author, subject, company), in which a template may have tags as in its text."""

from __future__ import annotations

from toolkit.errors import TemplateError
from toolkit.word.package import Element, Parts
from toolkit.word.tags import Spot, Tag, shortened, spans, tag_of

PROPERTIES = "docProps/"


def property_parts(parts: Parts) -> list[str]:
    """Return the parts that hold properties with tags."""
    return [
        part
        for part, content in parts.items()
        if part.startswith(PROPERTIES) and part.endswith(".xml") and (b"{{" in content or b"{%" in content)
    ]


def extract_properties(root: Element, token: str, place: str) -> list[Tag]:
    """Take the tags out of the properties in ``root`` and return them; ``token`` with a number is left for each.

    ``place`` stands in messages: the template's file and the part. Raises TemplateError for a tag that never ends.
    """
    file, _, label = place.partition(", ")
    tags: list[Tag] = []
    for element in root.iter("{*}*"):
        text = element.text or ""
        try:
            found = list(spans(text))
        except ValueError:
            spot = Spot(file, label, shortened(text, 0, len(text)))
            raise TemplateError(f"{spot}: a tag is opened and never closed. Close it in the same property.") from None
        for start, end in reversed(found):
            text = f"{text[:start]}{token}{len(tags)};{text[end:]}"
            tags.append(tag_of(element.text[start:end], Spot(file, label, shortened(element.text, start, end))))
        if found:
            element.text = text
    return tags
