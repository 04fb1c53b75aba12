"""A text blames or labels the client.

Why it matters: the client reads the plan; “non-compliant” and “addict” hurt, and say less than the fact behind them.
Example:
    [necessity]
    why_treatment_now = "Non-compliant with medication, sleeps three hours and may lose his job."
Use instead:
    [necessity]
    why_treatment_now = "Missed four doses while between pharmacies, sleeps three hours and may lose his job."
Source: CARF; SAMHSA 2014
Level: warning
"""

from toolkit.phrases import unquoted
from toolkit.phrases.reading import phrases

_HINTS = ("complian", "addict", "alcoholics", "junk", "abuser", "seeking", "manipulat", "failed ", "functioning",
          "suffers", "retard", "schizophrenic", "crazy", "flyer", "wheelchair", "committed", "clean and", "dirty",
          "borderlines")  # fmt: skip
"""One of these is in each of them, and is found sooner."""


def check(texts):
    for one in texts.with_any(_HINTS):
        if not one.name.endswith("_words") and phrases("stigma").search(unquoted(one.typed).casefold()):
            yield (one.row, one.name), "holds a word that blames or labels. Say what happened instead."
