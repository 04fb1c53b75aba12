"""The program met something that it did not expect.

Why it matters: one client's trouble must not stop the others; this one is held, and nothing was made of it.
Example:
    a fault in the program itself
Use instead:
    report it with the client's findings, without the client's data
Source: our own
Waivable: no
"""
