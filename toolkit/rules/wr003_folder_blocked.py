"""Where the client's folder should be there is a file, or a link to another place.

Why it matters: writing through a link could overwrite something elsewhere.
Example:
    a file called 0042 in the output folder
Use instead:
    move it away, and run again
Source: our own
Waivable: no
"""
