"""A row is about a client who is not on the sheet Clients.

Why it matters: the row would reach no document, or belongs to another client whose plan then lacks it.
Example:
    # client id “0O42” on the sheet Goals
    [[facts]]
    kind = "unknown_client"
    sheet = "Goals"
    cell = "A2"
    path = "client.id"
    show = { typed = "0O42", nearest = "0042" }
Use instead:
    # client id “0042”
    facts = []
Source: our own
Waivable: no
"""


def check(unknown_client):
    yield "field", "is not on the sheet {sheet}. Correct it, or add the client there."
