"""The same text stands in two different answers.

Why it matters: each question asks for something else; one text for two of them reads as copied.
Example:
    [necessity]
    why_treatment_now = "After nine missed shifts the next absence without notice ends his employment."
    expected_improvement = "After nine missed shifts the next absence without notice ends his employment."
Use instead:
    [necessity]
    expected_improvement = "In 2017 the same approach brought him back to full shifts in five months."
Source: Palmetto GBA
Level: warning
"""

_FEW = 8


def check(texts):
    seen = {}
    for one in texts:
        words = one.plain.split() if len(one.typed) >= 2 * _FEW else ()
        if len(words) < _FEW or one.row.section.by_name[one.name].kind == "lines":
            continue
        first = seen.setdefault(" ".join(words), one)
        if first is not one and (other := _where(first)) != _where(one):
            yield (one.row, one.name), f"says the same, word for word, as {{{other}}}. Answer each question by itself."


def _where(text):
    return f"{text.row.section.name}.{text.name}"
