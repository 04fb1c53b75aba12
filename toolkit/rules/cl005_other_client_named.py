"""An answer names another client.

Why it matters: it tells one client's document about another, and shows that the text was written for somebody else.
Example:
    # Sam Osei is a client too, and nobody of this name belongs to this client
    [[facts]]
    kind = "other_client"
    sheet = "Goals"
    cell = "D3"
    path = "goals.problem"
    show = { "of the client" = "0043" }
Use instead:
    # the text names this client, or “a friend from the group”
    facts = []
Source: 45 CFR 164.502; Palmetto GBA
Level: warning
"""


def check(other_client):
    yield "field", "holds the name of another client. Take it out, or leave it where somebody else is meant."
