"""A row bears no client id.

Why it matters: nobody can tell to whose plan it belongs.
Example:
    # a goal without a client id
    [[facts]]
    kind = "no_client_id"
    sheet = "Goals"
    cell = "A2"
    path = "client.id"
Use instead:
    # the client id stands in the first column
    facts = []
Source: our own
Waivable: no
"""


def check(no_client_id):
    yield "field", "is blank, so it is unclear to whom this row belongs. Type the id from the sheet {sheet}."
