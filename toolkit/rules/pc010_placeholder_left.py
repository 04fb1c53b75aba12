"""A placeholder was left in an answer.

Why it matters: “[name]” or “XXX” in a signed plan shows that nobody read it.
Example:
    [necessity]
    why_treatment_now = "[Client name] has been low since January and may lose his job."
Use instead:
    [necessity]
    why_treatment_now = "He has been low since January and may lose his job."
Source: Palmetto GBA; HealthBridge 2026
Requires: No placeholder is left
"""

import re

_LEFT = re.compile(
    r"\[\s*(?:client|patient|name|date|insert|your|his/her|he/she|pronoun|diagnosis|age|symptom|goal|number|fill|x+)\b[^\]]*\]"
    r"|<\s*(?:insert|client|patient|name|date)\b[^>]*>|\{\{[^}]*\}\}|\{%[^%]*%\}"
    r"|\bX{3,}\b|\blorem ipsum\b|\binsert (?:name|date|text) here\b|\bclient_name\b|_{4,}",
    re.I,
)
_HINTS = ("[", "<", "{", "xxx", "lorem", "insert ", "client_name", "____")
"""One of these is in each of them, and is found sooner."""


def check(texts):
    for one in texts.with_any(_HINTS):
        if _LEFT.search(one.typed):
            yield (one.row, one.name), "holds a placeholder still. Put in what belongs there."
