"""A file could not be written or moved, mostly because it is open in another program.

Why it matters: Word and Excel lock a file while it is open; the run goes on and leaves that one file.
Example:
    treatment_plan.docx is open in Word while plankit make runs
Use instead:
    close it, and run plankit make again: only that file is made
Source: our own
Waivable: no
"""
