"""How a value stands in the XML of a Word file: escaped, in lines and tabs of Word's own, never as a tag.

What needs more than its own text (pictures, formatted text, new paragraphs) leaves a mark and is put in afterwards, by
`toolkit.word.rich`; a document without such values is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import markupsafe
from docxtpl import InlineImage, Listing, RichText, RichTextParagraph
from docxtpl.subdoc import Subdoc

from toolkit.environment import PYTHON, Environment, Ready, printed, written
from toolkit.model import Missing
from toolkit.word import draft as drafts

_escape: Callable[[str], str]
try:
    from markupsafe._speedups import _escape_inner as _escape  # four times as fast as the public door
except ImportError:

    def _escape(text: str) -> str:
        return str(markupsafe.escape(text))


_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TEXT = '<w:t xml:space="preserve">'
_BREAK = f"</w:t><w:br/>{TEXT}"
TAB = f"</w:t><w:tab/>{TEXT}"


def escape(text: str) -> str:
    """Return ``text`` escaped for an element or an attribute, in ASCII.

    One other character in a part would double what it costs to join, search and encode it.
    """
    escaped = _escape(text)
    return escaped if escaped.isascii() else escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")


def put(value: Any) -> str:
    """Return ``value`` escaped for the text of Word: a new line becomes a break, a tab a tab, nothing becomes a tag."""
    if type(value) is str:
        text = value
    elif value is None:
        return ""
    elif type(value) is Ready:
        return value
    elif isinstance(value, Missing):
        return f"</w:t>{question(value)}{TEXT}"
    else:
        try:
            text = printed(value)
        except TypeError:
            return mark(value)
    return escape(text) if text.isprintable() else _lines(text)


def put_as_python(value: Any) -> str:
    """Return ``value`` as `put` does, but as Python writes it: for templates that were made for Jinja."""
    if type(value) is str:
        text = value
    elif type(value) is Ready:
        return value
    elif isinstance(value, RICH):
        return mark(value)
    else:
        text = written(value)
    if text.isprintable():
        return escape(text)
    return mark(text) if "\t" in text else _lines(text)


def _lines(text: str) -> str:
    if "\a" in text or "\f" in text:
        return mark(text)
    return broken(text)


def broken(text: str) -> str:
    """Return ``text`` escaped for the text of Word, with breaks and tabs of Word's own; other signs fall away."""
    return escape(printable(text)).replace("\n", _BREAK).replace("\t", TAB)


def printable(text: str) -> str:
    """Return ``text`` without what XML forbids, and with one sign for a new line."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def question(value: Missing) -> str:
    """Return the element of text that asks for a missing answer; it is highlighted when the draft is done."""
    return f"{drafts.OPENING}[{escape(_plain(str(value)))}]</w:t>"


def _plain(text: str) -> str:
    """Return ``text`` in one line."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


# --- what is put in afterwards ---------------------------------------------------------------------------------------

RICH = (RichText, RichTextParagraph, Listing, InlineImage, Subdoc)
"""Values of docxtpl's own kinds."""
MARKED = re.compile("\x05([tRB])(\\d+)\x06")
"""What stands for a marked value: where it was asked for (in a text, among runs or paragraphs), and its number."""
marked_values: ContextVar[list[Any]] = ContextVar("marked_values")
"""The values that were marked in the document that is being made."""


def mark(value: Any, place: str = "t") -> str:
    """Return a mark that stands for ``value`` until the part is complete; neither a template nor a value can print one.

    Raises TypeError for what cannot be printed.
    """
    if not isinstance(value, (str, *RICH)):
        raise TypeError("a whole group of answers cannot be printed")
    values = marked_values.get()
    values.append(value)
    return f"\x05{place}{len(values) - 1}\x06"


# --- the environments ------------------------------------------------------------------------------------------------

RUNS, BLOCKS, PROPERTY = " runs", " blocks", " property"
"""Filters for what does not print text: an author cannot type these names."""


def _environment(put: Callable[[Any], str], printed: Callable[[Any], str], **more: Any) -> Environment:
    """Return an environment whose values are ``printed`` and stand in a text as ``put`` says."""

    def runs(value: Any) -> Ready:
        if isinstance(value, RICH):
            return Ready(mark(value, "R"))
        text = put(value)
        return Ready(f"<w:r>{TEXT}{text}</w:t></w:r>" if text else "")

    def blocks(value: Any) -> Ready:
        if isinstance(value, RICH):
            return Ready(mark(value, "B"))
        text = put(value)
        return Ready(f"<w:p><w:r>{TEXT}{text}</w:t></w:r></w:p>" if text else "")

    def attribute(value: Any) -> str:
        return escape(_plain(printed(value)))

    def content(value: Any) -> Ready:
        return Ready(escape(printable(printed(value))))

    filters = {RUNS: runs, BLOCKS: blocks, PROPERTY: content, **more.pop("filters", {})}
    return Environment(put, attribute, _without_markup, filters=filters, **more)


def _without_markup(xml: str) -> str:
    """Return the text of what was printed, to be escaped again when it is printed in turn."""
    if MARKED.search(xml):
        raise TypeError("a picture or formatted text cannot be taken into a variable")
    text = re.sub("<[^>]*>", "", str(xml).replace(_BREAK, "\n").replace(TAB, "\t"))
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_python(filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """Return the environment of templates that were made for docxtpl, with further ``filters``."""
    return _environment(put_as_python, written, words=PYTHON, filters=filters)


ENVIRONMENT = _environment(put, printed)
