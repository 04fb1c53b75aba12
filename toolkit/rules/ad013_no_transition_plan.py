"""From 16 on, the move to adult care is not spoken of.

Why it matters: consent, privacy and often the clinic change on a birthday that everybody knows; care that stops there
    loses people.
Example:
    pack = "adolescent"
    [client]
    date_of_birth = "04/19/2009"
Use instead:
    [adolescent]
    transition_plan = "18 on 04/19/2027; told how to book as an adult, and that from then on she consents herself."
Source: 42 CFR 441.155
Level: warning
Documents: treatment_plan
"""

_FROM = 16


def check(adolescent, client):
    if client.age >= _FROM and adolescent.get("transition_plan") is None:
        yield "transition_plan", f"is blank, and this client is {_FROM} or older. Say what the move needs, by whom."
