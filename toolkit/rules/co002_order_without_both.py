"""The reason for treating two conditions in this way names only one of them, or gives none.

Why it matters: what is done first is easily said; how drinking and panic feed each other, and what happens to the one
    while the other is treated, is what a reviewer looks for.
Example:
    sample = "0043"
    [co_occurring]
    reason = "Alcohol comes first, because he drinks every evening."
Use instead:
    [co_occurring]
    reason = "Alcohol comes first; grief work waits for 14 dry days, because he drank after the first two visits."
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

import re

from toolkit.phrases import read
from toolkit.phrases.reading import is_of

_FEW = 6
_OTHER = re.compile(r"\b(?:both|each other|one another|the other|together|in turn|either|exposure|processing)\b")


def check(co_occurring):
    said = read(co_occurring.reason)
    other = any(is_of(word, "symptoms") and not is_of(word, "substance") for word in said.words)
    if len(said.words) < _FEW or not said.has("substance") or not (other or _OTHER.search(said.lowered)):
        yield "reason", "does not speak of both. Say how each feeds the other, and what happens to the one meanwhile."
