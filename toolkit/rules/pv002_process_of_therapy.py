"""A document tells what belongs in the therapist’s own notes.

Why it matters: what goes on between client and therapist belongs into notes of psychotherapy, which the law keeps
    apart from the record. In a plan they leave the clinic with it.
Example:
    [[review]]
    understanding_evolved = "His silence is the transference of his father onto me"
Use instead:
    [[review]]
    understanding_evolved = "He falls silent when he expects blame; he can say so now"
Source: 45 CFR 164.501
Level: warning
"""

import re

_PROCESS = re.compile(
    r"\bcounter-?transference\b|\btransference\b(?![- ]focused)|\b(?:sexual|oedipal|violent) fantas(?:y|ies)\b|"
    r"\bfantas(?:y|ies) (?:of|about)\b|\bfree associat\w+|\bprojective identification\b|\boedipal\b"
)
_HINTS = ("transference", "fantas", "free associat", "projective", "oedipal")
"""One of these is in each of them, and is found sooner."""


def check(texts):
    for one in texts.with_any(_HINTS):
        if _PROCESS.search(one.plain):
            yield (
                (one.row, one.name),
                "tells of the process of therapy. Keep it in your own notes; say what follows for the plan.",
            )
