"""Canonical text: the one form in which text is stored, printed and proven."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# CR LF, CR, vertical tab, form feed, NEL, line and paragraph separator all mean "new line" (DESIGN 5).
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What XML 1.0 forbids (and lone surrogates and the two non-characters, which no Office file may hold).
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_AN_ANSWER = ("n/a", "tbd", "tba", "?", "-", "--", "see above")
"""What people type for "no answer yet"; all count as blank, and so does ``none`` except where a field takes it."""


def canonical(raw: str) -> str:
    """Return ``raw`` in NFC, with every line end as ``\\n`` and without the characters that XML forbids.

    Leading and trailing blanks of the whole text are removed; everything between stays as typed.
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", _NEWLINES.sub("\n", raw))).strip()


def forbidden(raw: str) -> tuple[str, ...]:
    """Return the code points (``U+0007``) that `canonical` removes from ``raw``, each once, in order."""
    if raw.isprintable():
        return ()
    return tuple(dict.fromkeys(f"U+{ord(character):04X}" for character in _FORBIDDEN.findall(_NEWLINES.sub("\n", raw))))


def is_answer(text: str, none_is_answer: bool = False) -> bool:
    """Tell whether canonical ``text`` answers a question; ``n/a``, ``tbd``, ``?``, ``see above`` and such do not."""
    word = text.strip().casefold()
    if word.rstrip(".") == "none":
        return none_is_answer
    return bool(word) and word not in NOT_AN_ANSWER and word.rstrip(".") not in NOT_AN_ANSWER


@lru_cache(maxsize=4096)  # the same few labels and choices are compared for every cell
def key(name: str) -> str:
    """Return the form in which headers, sheet names, ids and choices are compared: any case, any spacing."""
    return re.sub(r"[\s_\-–—:*]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the one of ``names`` that is most like ``name``, or ``""`` when none is like it."""
    by_key: dict[str, str] = {}
    for candidate in names:
        by_key.setdefault(key(candidate), candidate)
    close = difflib.get_close_matches(key(name), by_key, n=1, cutoff=0.6)
    return by_key[close[0]] if close else ""


def hint(typed: str, known: Iterable[str]) -> str:
    """Return `` Did you mean …?`` with the nearest of ``known``, to be put behind a sentence; empty where none is."""
    near = nearest(typed, known)
    return f" Did you mean {near}?" if near and near != typed else ""
