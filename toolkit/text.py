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
# What nobody sees where it stands alone: controls, joiners, fillers, marks of direction, selectors, tags.
_INVISIBLE = re.compile(
    "[\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Of these, what means nothing at an end. Joiners shape the letter beside them, selectors and tags the sign before.
_AT_ENDS = (
    "\\s\x7f-\x9f\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
)
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069"  # needed only where there is writing from the right
_ENDS = re.compile(f"^[{_AT_ENDS}]+|[{_AT_ENDS}]+$")
_ENDS_OF_LTR = re.compile(f"^[{_AT_ENDS}{_DIRECTION}]+|[{_AT_ENDS}{_DIRECTION}]+$")
NOT_AN_ANSWER = ("n/a", "tbd", "tba", "?", "-", "--", "see above")
"""What people type for "no answer yet"; all count as blank, and so does ``none`` except where a field takes it."""


NOT_YET = ("n.a", "to be determined", "to be decided", "to be announced", "pending", "not sure yet", "not known yet",
           "not yet known")  # fmt: skip
"""What they type for it in words: an answer as good as any where a name, a choice or an id is asked for."""
_LONGEST = 32
"""No text as long as this, and of one line, is one of them."""


def canonical(raw: str) -> str:
    """Return ``raw`` in NFC, with every line end as ``\\n`` and without the characters that XML forbids.

    Leading and trailing blanks of the whole text are removed, and invisible characters that mean nothing there;
    everything between stays as typed. Text in which nothing is to be seen is empty.
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    allowed = raw if raw.isprintable() else _FORBIDDEN.sub("", _NEWLINES.sub("\n", raw))
    text = unicodedata.normalize("NFC", allowed).strip()
    if not _INVISIBLE.search(text):
        return text
    seen = visible(text)
    from_right = any(unicodedata.bidirectional(character) in ("R", "AL") for character in seen)
    return (_ENDS if from_right else _ENDS_OF_LTR).sub("", text) if seen else ""


def visible(text: str) -> str:
    """Return ``text`` without blank ends and the characters that nobody sees, to be compared; print keeps them."""
    return text.strip() if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text).strip()


def identifier(text: str) -> str:
    """Return ``text`` as an id: in a plain one (0041, JR) an invisible character means nothing, and is left out."""
    plain = visible(text)
    return plain if plain.isascii() else canonical(text)


def forbidden(raw: str) -> tuple[str, ...]:
    """Return the code points (``U+0007``) that `canonical` removes from ``raw``, each once, in order."""
    if raw.isprintable():
        return ()
    return tuple(dict.fromkeys(f"U+{ord(character):04X}" for character in _FORBIDDEN.findall(_NEWLINES.sub("\n", raw))))


def is_answer(text: str, none_is_answer: bool = False, nor: tuple[str, ...] = ()) -> bool:
    """Tell whether canonical ``text`` answers a question; ``n/a``, ``tbd``, ``?``, ``see above`` and such do not.

    Nor does what is punctuation alone, or says nothing in any of its lines, nor one of the words ``nor``.
    """
    if len(text) > _LONGEST and text.isascii() and text.isprintable() and text[0].isalnum() and text[-2].isalnum():
        return True
    word = visible(text).casefold()
    if "\n" in word:
        return any(is_answer(line, none_is_answer, nor) for line in word.split("\n"))
    bare = word.rstrip(".")
    if bare == "none":
        return none_is_answer
    if word in NOT_AN_ANSWER or bare in NOT_AN_ANSWER or word in nor or bare in nor:
        return False
    kinds = map(unicodedata.category, word)
    return word[:1].isalnum() or any(kind[0] not in "PZ" and kind not in ("Cc", "Cf") for kind in kinds)


@lru_cache(maxsize=4096)  # the same few labels and choices are compared for every cell
def key(name: str) -> str:
    """Return the form in which headers, sheet names, ids and choices are compared: any case, any spacing."""
    return re.sub(r"[\s_\-–—:*]+", " ", unicodedata.normalize("NFKC", visible(name)).casefold()).strip()


_FEW_LETTERS = 3
"""With so few letters what begins a name need not mean it."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the one of ``names`` that ``name`` begins, or is most like, or ``""`` when none is like it."""
    by_key: dict[str, str] = {}
    for candidate in names:
        by_key.setdefault(key(candidate), candidate)
    typed = key(name)
    begun = [known for known in by_key if len(typed) > _FEW_LETTERS and re.match(rf"{re.escape(typed)}\b", known)]
    close = begun if len(begun) == 1 else difflib.get_close_matches(typed, by_key, n=1, cutoff=0.6)
    return by_key[close[0]] if close else ""


def hint(typed: str, known: Iterable[str]) -> str:
    """Return `` Did you mean …?`` with the nearest of ``known``, to be put behind a sentence; empty where none is."""
    near = nearest(typed, known)
    return f" Did you mean {near}?" if near and near != typed else ""
