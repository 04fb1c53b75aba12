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

from toolkit.text import key

_LONG = 40


def check(texts, definitions):
    for one in texts:
        lines = [line for line in one.typed.splitlines() if len(line) >= _LONG // 2]
        if lines and not _of_form(one.row.section, one.name, definitions).isdisjoint(map(key, lines)):
            yield (one.row, one.name), "is the example or the question of the form. Write what is true of this client."


def _of_form(section, name, definitions):
    """Return what the form shows at a field, of this client's populations and of all: people fill in either form."""
    known = definitions.known.get(section.name, section)
    both = (section.by_name[name], known.by_name.get(name, section.by_name[name]))
    return definitions.once(("of the form", section.name, name), lambda: frozenset().union(*map(_shown, both)))


def _shown(field):
    examples = f"{field.example}\n{field.weak}".splitlines() if field.kind != "text" else ()
    return {key(line) for line in examples if len(line) >= _LONG} | {key(field.prompt)}
