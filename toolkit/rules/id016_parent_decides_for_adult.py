"""A parent decides for a client who is of age.

Why it matters: an adult is presumed able to decide; a parent signs for one only as guardian, by order of a court.
Example:
    pack = "idd"
    [idd]
    decision_support = "parent"
    assent = "Nods and points to the green card"
    [client]
    guardian_name = "Ana Ruiz"
    guardian_relationship = "Mother"
Use instead:
    pack = "idd"
Source: UCEDD supported decision-making
Requires: Who decides fits the client’s age
Looks at: idd.decision_support
Waivable: no
"""

_TEXT = "is a parent, and the client is of age. Pick alone, with supporters, or a guardian by order of a court."


def check(idd, client):
    if idd.decision_support == "parent" and client.age is not None and client.life_stage != "adolescent":
        yield "decision_support", _TEXT
