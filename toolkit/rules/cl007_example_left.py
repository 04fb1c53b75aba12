"""An answer is the example that the form shows.

Why it matters: the examples are there to show how an answer looks; nobody's plan is made of them.
Example:
    [assessment]
    impairments = "Work: missed 6 of 20 shifts last month and has a final warning"
Use instead:
    [assessment]
    impairments = "Work: missed 9 of the last 40 shifts"
Source: Palmetto GBA; HealthBridge 2026
"""

from toolkit import kinds
from toolkit.text import key


def check(record):
    for row, name, value in record.answers():
        field = row.section.field(name)
        if field.kind in ("long", "lines"):
            shown = {key(line) for line in f"{field.example}\n{field.weak}".splitlines() if len(line) >= 40}
            if shown & set(map(key, kinds.show(value).splitlines())):
                yield (row, name), "is the example of the form. Write what is true of this client."
