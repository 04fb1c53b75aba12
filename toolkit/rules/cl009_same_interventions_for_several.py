"""Several clients have the same list of interventions.

Why it matters: the same methods, minutes and days for everybody show a program, not a choice for this person.
Example:
    # ten clients of twenty have the same four methods, equally long and equally often
    [[facts]]
    kind = "same_methods"
    sheet = "Interventions"
    cell = "E2"
    path = "interventions.technique"
    show = { "the same in" = "0043 and 8 more" }
Use instead:
    # what this client needs more of, less of, or otherwise
    facts = []
Source: HealthBridge 2026; MAC bulletin on cloned documentation (2011); from how many on is our default
Level: warning
"""

_TEXT = (
    "is the same for many clients, and so are all other methods, their minutes and days. Fit the list to this client; "
    "where a program gives everybody the same, nothing need be done."
)


def check(same_methods):
    yield "field", _TEXT
