"""One spelling for a sentence of a plan, so that what is looked for in it has one form.

Letters are small, shorthand of charts is written out, number words are digits. A date is ``DATE``, a time of day
``CLOCK``, a scale ``SCALE``, a bracketed or arrowed step ``->``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct

from toolkit import reference
from toolkit.reference import Measure

_SIGNS = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‑": "-",
    "≤": "<=", "≥": ">=", "→": "->", "⇒": "->", "⟶": "->", "×": "x", "½": " 1/2", "¼": " 1/4", "¾": " 3/4",
    "\n": " ; ", "\t": " ", "\xa0": " ", "•": ";", "…": " ",
})  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"')

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
)  # fmt: skip
_SHORT = {
    "wk": "week", "wks": "weeks", "wkly": "weekly", "mo": "month", "mos": "months", "hr": "hour", "hrs": "hours",
    "yr": "year", "yrs": "years", "min": "minutes", "mins": "minutes", "d": "days", "sess": "sessions", "nite": "night",
    "nites": "nights", "nts": "nights", "ams": "mornings", "pt": "client", "cl": "client", "ct": "client",
    "thx": "therapist", "tx": "treatment", "sx": "symptoms", "dx": "diagnosis", "rx": "medicine", "hx": "history",
    "clin": "clinician", "inc": "increase", "incr": "increase", "dec": "decrease", "decr": "decrease",
    "outa": "out of", "wil": "will", "gonna": "will", "gdn": "guardian", "qtr": "quarter", "avg": "average",
    "fewest": "least", "til": "until", "thru": "through", "indiv": "individual", "grp": "group",
    "mgmt": "management", "max": "at most", "pct": "percent", "bl": "baseline", "cont": "continue", "eve": "evening",
    "neg": "negative", "meds": "medicine", "once": "1 time", "twice": "2 times", "thrice": "3 times", "dozen": "12",
    "fortnight": "2 weeks", "couple": "2", "hundred": "100",
    **{word: str(number) for number, word in enumerate(_ONES)},
    **{word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{word: f"{number}th" for number, word in enumerate(_ORDINALS, start=1) if word != "second"},
}  # fmt: skip
"""Shorthand of charts and number words."""
_IN_WORDS = {short: full for short, full in _SHORT.items() if full.isalpha()}

_WORD = re.compile(r"[a-z]+")
_COMPOUND = re.compile(rf"\b({'|'.join(_TENS)})[- ]({'|'.join(_ONES[1:10])})\b")
_NOT_COUNTED = re.compile(
    r"\b(no|every|any|some|each|another|the other|this|that)(?: |-)?one\b|\bone (another|of the most|day)\b"
)
_WHEN_ONCE = re.compile(
    r"\bonce(?= (?:did|was|were|had|he|she|they|the|both|all|i|it|we|his|her|their|client|patient|youth|school)\b)"
)
_MONTHS = ("jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
           "nov(?:ember)?|dec(?:ember)?")  # fmt: skip
_FEASTS = (
    "thanksgiving|christmas|xmas|lent|passover|diwali|hallowe'en|easter|ramadan|hanukkah|halloween|labor day|"
    "memorial day|independence day|(?:presidents'?|president's|martin luther king|mlk|veterans'?|columbus|father's|"
    "mother's|valentine's|st\\.? patrick's|may|earth|election|canada) day|"
    "school (?:starts|begins|ends|resumes)|new year(?:'s)?"
    "(?: day| eve)?|(?:spring|summer|winter|fall|mid-winter) (?:break|vacation|holidays?)|"
    "(?:the )?(?:first|second|third|fourth|1th|3th|4th|last) day of school|back-to-school|graduation|"
    "(?:his|her|their|my|our)(?: [\\w']+)? birthday|school (?:is|lets) out|prom"
)
_DATE = re.compile(
    rf"\b(?:(?:{_FEASTS})\b|"
    r"(?:19|20)\d\d-\d{1,2}-\d{1,2}\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b\.?(?:,? (?:19|20)\d\d\b)?"
    rf"|(?:{_MONTHS})\b\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?! (?:of|out|times|days|weeks|nights|percent|%|"
    rf"or))(?:,? (?:19|20)\d\d\b)?"
    rf"|(?:early|mid|late|end of|this|next)[- ](?:{_MONTHS})\b"
    r"|(?:january|february|april|june|july|august|september|october|november|december|jan|feb|apr|aug|sept|oct|"
    r"nov)\b"
    r"(?:,? (?:19|20)\d\d\b)?"
    r"|(?:march|may|mar|dec) (?:19|20)\d\d\b"
    r"|(?:(?<=\bby )|(?<=\bin )|(?<=\bthe )|(?<=\bof )|(?<=\bsince )|(?<=\buntil ))(?:march|may)\b"
    r"|(?<=\bby )(?:dec|mar)\b"
    r"|(?:(?<=\bby )|(?<=\bbefore )|(?<=\bthe )|(?<=\b(?:this|next|last) ))(?:spring|summer|fall|autumn|winter)\b"
    r"|(?<=\bsince )(?:spring|summer|fall)\b)"
    r"|(?<![\d/.])\d{1,2}/\d{1,2}/(?:\d\d)?\d\d\b"
)
_PARTS_OF_DATES = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "spring", "summer", "fall",
    "autumn", "winter", "school", "year", "birthday", "mas", "lent", "passover", "diwali", "hallow", "easter",
    "ramadan", "hanukkah", "thanks", "graduation", "prom", "labor", "memorial", "independence", "president", "mlk",
    "veteran", "columbus", "father's", "mother's", "valentine", "patrick", "earth", "election", "canada",
)  # fmt: skip
"""One of these is in each date that does not hold figures with a line between them, and is found sooner."""
_SLASHED = re.compile(r"(?<![\d/.$])(\d{1,2})/(\d{1,2})(?![\d/])(?:-(\d{1,2})/(\d{1,2})(?![\d/]))?")
_AFTER_FRACTION = re.compile(
    r"\s*(?:of|trials?|nights?|days?|times?|opportunit\w+|sessions?|occasions?|mornings?|evenings?|meals?|tries|"
    r"attempts?|"
    r"probes?|weeks?|wks?|shifts?|class\w*|periods?|visits?|school|events?|events|week\w*|steps?|per\b|a week|hours?|"
    r"consecutive|recorded|logged|observ\w+|prompts?|doses?|hard|instances?|data)\b"
)
_CLOCK = re.compile(
    r"\b\d{1,2}(?::\d\d)?(?: ?(?:am|pm)\b| ?[ap]\.m\.?| o'clock)|\b\d{1,2}:\d\d\b|\b(?:noon|midnight)\b"
)
_SHAPED = r"[A-Z][A-Za-z]?[A-Z]{0,5}-?[A-Z]{0,3}-\d{1,2}(?:\.\d)?(?:-[A-Z]{1,2})?|[A-Z]{3,5}\d{1,2}"
_NO_SCALE = re.compile(r"(?:ICD|DSM|COVID|CBT|DBT|ACT|IEP|F|Z|HCPCS|CPT|RN|PGY|TF|MS|B|K|T|H|C|G|S)-\d")


class Plain(Struct, frozen=True):
    """A text in one spelling, and the scales that it names (None: one of which we know no range), in their order."""

    text: str
    scales: tuple[Measure | None, ...] = ()


def holds_any(text: str, parts: Sequence[str]) -> bool:
    """Tell whether one of ``parts`` stands in ``text``, be it in a word."""
    for part in parts:  # noqa: SIM110 - twice as fast as any()
        if part in text:
            return True
    return False


def unquoted(text: str) -> str:
    """Return ``text`` without what stands in quotation marks: nobody's own words are held to a clinic's."""
    return _QUOTED.sub(" ", text.translate(_SIGNS)) if any(mark in text for mark in '"“”„«»') else text


@lru_cache(maxsize=1024)
def plain(text: str) -> Plain:
    """Return ``text`` in one spelling."""
    scales: list[Measure | None] = []

    def scale(found: re.Match[str]) -> str:
        if _NO_SCALE.match(found[0]):
            return found[0]
        scales.append(reference.measures().get(_name(found[0])))
        return " SCALE "

    said = text.translate(_SIGNS)
    if names_a_scale(said):
        said = _scales().sub(scale, said)
    said = said.replace("SCALE", "\0").lower().replace("\0", "SCALE")
    if "(" in said:
        said = _MARKERS.sub(" ; ", said)
    said = said.replace("-->", "->").replace("=>", "->").replace("w/o", "without").replace("w/", "with ")
    if _MAY_BE_SHORT.search(said):
        said = _SHORT_FORMS.sub(_form_written_out, said)
    if _MAY_BE_CLOCK.search(said) or "noon" in said or "midnight" in said:
        said = _CLOCK.sub("CLOCK", said)
    if _LINED.search(said) or holds_any(said, _PARTS_OF_DATES):
        said = _DATE.sub("DATE", said)
    if _LINED.search(said):
        said = _SLASHED.sub(lambda found: _date_or_fraction(found, said), said)
    if "ty" in said:
        said = _COMPOUND.sub(lambda found: str(int(_SHORT[found[1]]) + int(_SHORT[found[2]])), said)
    if "one" in said or "once" in said:
        said = _WHEN_ONCE.sub("when", said)
        said = _NOT_COUNTED.sub(lambda found: f"{found[1] or ''} someone", said)
    if not _SHORT.keys().isdisjoint(_WORD.findall(said)):
        said = _WORD.sub(_spelled, said)
    return Plain(" ".join(said.split()), tuple(scales))


def names_a_scale(text: str) -> bool:
    """Tell whether ``text`` may name a scale: it has capitals beside one another, or a word that names one."""
    return "scale" in text or "Scale" in text or bool(_MAY_NAME_A_SCALE.search(text))


def written_out(words: Sequence[str]) -> tuple[str, ...]:
    """Return ``words`` without the shorthand of charts; number words stay."""
    return tuple(map(_IN_WORDS.get, words, words))


# Each of these begins with a set of characters, which is looked for much faster than a choice of words; what it finds
# may be one of what is then looked for.
_MAY_NAME_A_SCALE = re.compile(
    r"[A-Z\d](?:(?<=[A-Z])[A-Z]|(?<=[A-Za-z]\d)|(?<=[A-Za-z]-\d)|(?<=I)n(?:dex|ventory)|(?<=Q)uestionnaire|"
    r"(?<=V)(?:anderbilt|ineland)|(?<=C)onners|(?<=E)pworth)"
)
_MAY_BE_SHORT = re.compile(r"[\d/xq](?:(?<=\d)(?:[a-z]| x)|(?<=/)[a-z]|(?<=x) ?\d|(?<=q)\d)")
_MAY_BE_CLOCK = re.compile(r"\d(?::\d| ?[ap]\.?m| o'clock)")
_LINED = re.compile(r"\d[-/]\d")
_MARKERS = re.compile(r"\((?:[a-h]|[1-9]|i{1,3}|iv)\)")
_SHORT_FORMS = re.compile(
    r"(?<=\d)x(?=\d|/|\b)|(?<=\d )x(?= )|\bx ?(?=\d)|/(?=(?:day|week|wk|month|mo|night|hr|hour|shift|yr|year|session|d|"
    r"school day)\b)"
    r"|\bq(?=\d ?(?:w|m|d))|(?<=\d)(?:wks?|w|mos?|d|hrs?|min|nights?|days?)\b|(?<=\d)(?=st |nd |rd )"
)
_FORMS = {"/": " a ", "q": "every ", "w": " weeks", "d": " days"}


def _form_written_out(found: re.Match[str]) -> str:
    form = found[0].strip()
    return _FORMS.get(
        form, " times " if form == "x" and found.string[: found.start()].rstrip()[-1:].isdigit() else f" {form} "
    )


def _spelled(found: re.Match[str]) -> str:
    return _SHORT.get(found[0], found[0])


def _date_or_fraction(found: re.Match[str], said: str) -> str:
    month, day = int(found[1]), int(found[2])
    if (month, day) == (1, 2) and said[: found.start()].endswith("in "):
        return "half"
    is_date = 1 <= month <= 12 and 1 <= day <= 31
    if is_date and not _AFTER_FRACTION.match(said, found.end()):
        return "DATE"
    return f"{found[1]} of {found[2]}"


def _name(found: str) -> str:
    return found.removesuffix(" total").strip()


@cache
def _scales() -> re.Pattern[str]:
    """Return the pattern of names of scales, the longest first; upper case where a short name is a common word, too."""
    names = {name for item in reference.measures() for name in item.known_as if name[:1].isupper()}
    names |= {name.split(" (")[0] for name in names}
    names |= {first for first in (name.split(" ")[0] for name in names) if first.isupper() and len(first) > 3}
    names |= {name.lower() for name in names if re.search(r"\d", name)}
    every = sorted(map(re.escape, names), key=len, reverse=True)
    others = reference.words()["other_scales"].replace("\n", "")
    return re.compile(rf"\b(?:{'|'.join(every)}|{others}|{_SHAPED})(?![\w-])")
