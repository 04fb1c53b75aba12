"""What of a text is compared: its words, without names, pronouns, numbers, dates and what stands in any sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from toolkit import reference
from toolkit.model import Record

FEW = 8
"""With fewer words than these two people may well say nearly the same (our default)."""
FEW_SAME = 5
"""And with fewer than these the same, word for word (our default)."""
ALIKE = 85.0
"""From so many hundredths on two texts are nearly the same (our default): one word in ten is another one."""
_WORD = re.compile("\\b[a-z\u00df-\u1fff\u2c00-\uffff]{3,}")  # letters; shorter words are those of any sentence
_ANY_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*")
NAMED = ("client.legal_name", "client.preferred_name", "client.guardian_name")


class Names:
    """What a client and those around are called: in words, to be left out, and the client's names as they are written.

    They are given as typed: legal, preferred, guardian's. ``whole`` are the client's first and last name, as people
    say them, in small letters.
    """

    def __init__(self, *typed: str) -> None:
        self.words = frozenset(word for name in typed for word in _WORD.findall(name.casefold()))
        self.left_out = _common() | self.words
        """All words that are not compared in texts about this client."""
        legal, preferred = map(parts, typed[:2])
        self.own = frozenset((*legal, *preferred))
        """The client's own names, each by itself."""
        both = [legal, (preferred[0], legal[-1]) if preferred and legal else ()]
        self.whole = frozenset(f"{one[0]} {one[-1]}" for one in both if len(one) > 1)

    @classmethod
    def of(cls, record: Record) -> Names:
        """Return those of ``record``."""
        return cls(*(record.get(path) or "" for path in NAMED))


def parts(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, first name first, also where it is typed ``Reed, Avery``."""
    last, comma, first = name.partition(",")
    typed = f"{first} {last}" if comma and first.strip() else last
    return tuple(word.rstrip(".").casefold() for word in _NAME.findall(typed))


def said(text: str, left_out: frozenset[str] | None = None) -> list[str]:
    """Return the words of ``text`` that are compared: without those ``left_out`` (`Names.left_out`).

    Words with a capital are left out too: a copy may still bear the name of whom it was written about.
    """
    left_out = _common() if left_out is None else left_out
    return [word for word in _WORD.findall(text.lower() if text.isupper() else text) if word not in left_out]


def word_for_word(text: str, names: Names) -> str:
    """Return all words and numbers of ``text`` as they follow one another, but for names: the client's own, and words
    with a capital, among which is the name of whom a copy was written about.
    """
    left_out = names.own | names.words
    words = _ANY_WORD.findall(text.lower() if text.isupper() else text)
    return " ".join([word for word in words if not word[0].isupper() and word not in left_out])


def in_order(words: Iterable[str]) -> str:
    """Return words in the order of the alphabet: texts with other sentences first, or last, are the same then."""
    return " ".join(sorted(words))


def alike(one: str, other: str, least: float = ALIKE) -> bool:
    """Tell whether two texts, as `in_order` gives their words, are nearly the same: from ``least`` hundredths on."""
    return one == other or _ratio()(one, other, score_cutoff=least) > 0


@cache
def _ratio() -> Callable[..., float]:
    from rapidfuzz import fuzz  # seldom needed: few texts come so far

    return fuzz.ratio


@cache
def _common() -> frozenset[str]:
    return frozenset(reference.words()["common"].split())
