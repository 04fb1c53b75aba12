"""Two clients of one input bear the same id, or two reviews of one client the same date.

Why it matters: the documents of the second would replace those of the first.
Example:
    two lines of clients.jsonl with the client id 0042
Use instead:
    an id of their own for each client
Source: our own
Waivable: no
"""
