"""An answer is the example that the form shows.

Why it matters: the examples are there to show how an answer looks; nobody's plan is made of them.
Example:
    sample = "0047"
    [assessment]
    impairments = "Work: missed 6 of 20 shifts last month and has a final warning"
Use instead:
    [assessment]
    impairments = "Work: missed 9 of the last 40 shifts"
Source: Palmetto GBA; HealthBridge 2026
Requires: No answer is the form’s own example
"""

from functools import cache

from toolkit.text import key

_LONG = 40


def check(texts):
    for one in texts:
        field = one.row.section.by_name[one.name]
        lines = [line for line in one.typed.splitlines() if len(line) >= _LONG // 2] if field.kind != "text" else ()
        if lines and not _shown(field.example, field.weak).isdisjoint(map(key, lines)):
            yield (one.row, one.name), "is the example of the form. Write what is true of this client."


@cache
def _shown(example, weak):
    return {key(line) for line in f"{example}\n{weak}".splitlines() if len(line) >= _LONG}
