"""A client stands twice on the sheet Clients.

Why it matters: two rows may say two things about one person, and files of the two could not be told apart.
Example:
    # rows for “0042a” and “0042A”
    [[facts]]
    kind = "duplicate_client"
    sheet = "Clients"
    cell = "A3"
    path = "client.id"
    show = { typed = "0042A", nearest = "0042a" }
Use instead:
    # one row for each client
    facts = []
Source: our own
Waivable: no
"""


def check(duplicate_client):
    yield "field", "stands twice on this sheet (capitals and spaces do not count). Keep one row for each client."
