"""A row was typed over the example, but still bears the word EXAMPLE.

Why it matters: the row is taken for the example and left out, and a client or member of staff with it.
Example:
    # a client typed over the example row of the sheet Clients
    [[facts]]
    kind = "changed_example"
    sheet = "Clients"
    cell = "A3"
    path = "client.id"
Use instead:
    # the client's own id
    facts = []
Source: our own
Waivable: no
"""


def check(changed_example):
    yield "field", "still says EXAMPLE, but other cells of the row were changed. Type the id, or clear the row."
