"""A waiver in a file is for a client who is not in the input.

Why it matters: an id with a slip of the pen accepts nothing, and nobody would know.
Example:
    # the file says client_id = "42", the workbook 0042
Use instead:
    # client_id = "0042"
Source: our own
Level: warning
Waivable: no
"""
