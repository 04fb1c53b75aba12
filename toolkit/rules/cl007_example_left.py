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

import re

from toolkit.text import key

_LONG = 40
_TEXT = "is the example or the question of the form. Write what is true of this client."
_WORD = re.compile(r"[^\W_]+")


def check(texts, definitions):
    form = definitions.once("of the form", lambda: _OfForm(definitions))
    for one in texts:
        shown, beginnings = form[one.row.section.name, one.name]
        for line in one.typed.splitlines():
            if len(line) >= _LONG // 2 and _beginning(line) in beginnings and key(line) in shown:
                yield (one.row, one.name), _TEXT
                break


class _OfForm(dict):
    """What the form shows at a field, of this client's populations and of all (people fill in either form), and how it
    begins, by the names of its section and of itself; each is worked out once.
    """

    def __init__(self, definitions):
        self._definitions = definitions

    def __missing__(self, at):
        section, name = self._definitions.sections[at[0]], at[1]
        field = section.by_name[name]
        known = self._definitions.known.get(section.name, section).by_name.get(name, field)
        found = self[at] = _shown((field, known))
        return found


def _shown(fields):
    lines = [field.prompt for field in fields]
    for field in fields if fields[0].kind != "text" else ():
        lines += [line for line in f"{field.example}\n{field.weak}".splitlines() if len(line) >= _LONG]
    shown = frozenset(map(key, lines))
    return shown, frozenset(map(_beginning, shown))


def _beginning(line):
    """Return the first word, which is soon compared; of what is not plain letters the `key` tells it."""
    found = _WORD.search(line.casefold() if line.isascii() else key(line))
    return found[0] if found else ""
