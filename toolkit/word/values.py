"""How a value stands in the XML of a Word file: escaped, in lines and tabs of Word's own, never as a tag."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import markupsafe

from toolkit.environment import Environment, Ready, printed
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
_TAB = f"</w:t><w:tab/>{TEXT}"


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
        text = printed(value)
    if text.isprintable():
        return escape(text)
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return escape(text).replace("\n", _BREAK).replace("\t", _TAB)


def question(value: Missing) -> str:
    """Return the element of text that asks for a missing answer; it is highlighted when the draft is done."""
    return f"{drafts.OPENING}[{escape(_plain(str(value)))}]</w:t>"


def _attribute(value: Any) -> str:
    return escape(_plain(printed(value)))


def _plain(text: str) -> str:
    """Return ``text`` in one line."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


ENVIRONMENT = Environment(put, _attribute)
