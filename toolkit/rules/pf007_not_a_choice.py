"""A payer's form does not offer the answer of a record.

Why it matters: a box that stays empty, or the wrong one ticked, tells the payer something else than was answered.
Example:
    a list of the form with low, medium and high, and a record that answers moderate
Use instead:
    values = { moderate = "medium" } in the mapping of the form
Source: our own
Waivable: no
"""
