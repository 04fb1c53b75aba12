"""A file was edited or signed after it was made, so it is not replaced.

Why it matters: a signature or a correction by hand must never be lost.
Example:
    a plan was signed in Word, and the client's answers changed afterwards
Use instead:
    compare the two files, keep the right one and move the other away
Source: our own
Level: warning
Waivable: no
"""
