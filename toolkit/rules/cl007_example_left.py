"""An answer is the example that the form shows, or the form's own question.

Why it matters: questions and examples are there to show what to write and how; nobody's plan is made of them.
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
        lines = [line for line in one.typed.splitlines() if len(line) >= _LONG // 2]
        if lines and not _shown(field.kind, field.prompt, field.example, field.weak).isdisjoint(map(key, lines)):
            yield (one.row, one.name), "is the example or the question of the form. Write what is true of this client."


@cache
def _shown(kind, prompt, example, weak):
    examples = f"{example}\n{weak}".splitlines() if kind != "text" else ()
    return {key(line) for line in examples if len(line) >= _LONG} | {key(prompt)}
