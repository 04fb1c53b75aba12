"""Several clients begin with the same scores on every scale.

Why it matters: people do not score alike on everything; scores that do look typed, not taken.
Example:
    # four clients of twenty begin with PHQ-9 15 and GAD-7 12
    [[facts]]
    kind = "same_scores"
    sheet = "Objectives"
    cell = "F2"
    path = "objectives.baseline"
    show = { "the same in" = "0043 and 2 more" }
Use instead:
    # each has the scores of its own forms
    facts = []
Source: MAC bulletin on cloned documentation (2011); how many is our default
Level: warning
"""


def check(same_scores):
    yield (
        "field",
        "is the same for several clients, on this and every other scale. Compare it with this client’s forms.",
    )
