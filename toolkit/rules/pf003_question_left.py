"""A question or a placeholder is left in a document that is ready.

Why it matters: a document with an open question is not finished.
Example:
    «Click or tap here to enter text» in the template
Use instead:
    take the placeholder out of the template
Source: our own
Waivable: no
"""
