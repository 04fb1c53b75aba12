"""Texts that go on elsewhere: is what is drawn, with what stands there, the whole of what is stored?"""

from __future__ import annotations

import re

_GOES_ON = re.compile(r"\n?… (?:continued on page|p\.) \d+\Z")


def squeezed(text: str) -> str:
    """Return ``text`` without blanks and line ends, which a line break may take away or add."""
    return "".join(text.split())


def begun(drawn: str) -> str:
    """Return what is drawn of a text, without the note that it goes on elsewhere."""
    return _GOES_ON.sub("", drawn)


def is_whole(value: str, drawn: str, more: str) -> bool:
    """Tell whether ``value`` is drawn, or its beginning is and ``more`` (`squeezed`) has the rest."""
    if drawn == value:
        return True
    start = begun(drawn)
    return start != drawn and value.startswith(start) and squeezed(value[len(start) :]) in more
