"""A limit on rights lacks most of what makes one lawful.

Why it matters: federal rules for home and community services allow a limit only with its need, what was tried first,
    data, an end, consent, and that it does no harm. The parts are known by their words, so this is told only where
    three or more of these six seem to be missing.
Example:
    pack = "idd"
    [idd]
    restrictions = "The kitchen is kept locked for safety."
Use instead:
    [idd]
    restrictions = "Kitchen lock: need, burns of 03/02; timers tried first; log weekly; ends 12/01/2026; Ben consents."
Source: 42 CFR 441.301(c)(4)
Level: warning
Documents: treatment_plan
"""

import re

_PARTS = {
    "the need": r"\b(?:need\w*|because|after|since (?:he|she|they)|danger\w*|risk\w*|for safety|burn\w*|"
    r"injur\w*|ran|left)\b",
    "what was tried first": r"\b(?:tried|try|first|fail\w*|instead of|less|before|did not (?:work|help)|not enough)\b",
    "data": r"\b(?:data|count\w*|log\w*|sheet\w*|record\w*|track\w*|review\w*|daily|weekly|monthly)\b",
    "its end": r"\b(?:limit\w*|ends?|ended|until|till|through|by \d|to \d|expires?|looked at|for \d+)"
    r"|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}",
    "consent": r"\b(?:consent\w*|agree\w*|sign\w*|approv\w*|permission|asked for)\b",
    "that it does no harm": r"\b(?:harm\w*|can (?:still|go|open|ask|reach|leave)|free|access|reach\w*|at any time|"
    r"off when|within|told|safe)\b",
}
_FOUND = {part: re.compile(words, re.I) for part, words in _PARTS.items()}
_NO_LIMIT = re.compile(
    r"^\W*(?:none|no(?! \w+ (?:to|without))|not)\b|\b(?:lifted|no limits?|no restrictions?|no other limit|own choice|"
    r"his choice|her choice|their choice)\b",
    re.I,
)
_MANY = 3


def check(idd):
    text = idd.restrictions
    if _NO_LIMIT.search(text):
        return
    lacking = [part for part, words in _FOUND.items() if not words.search(text)]
    if len(lacking) >= _MANY:
        yield "restrictions", f"seems to lack these parts: {', '.join(lacking)}. Add them, or lift the limit."
