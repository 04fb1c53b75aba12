"""An answer is not whole in the finished PDF.

Why it matters: a plan that is signed with a sentence cut short says something else than was meant.
Example:
    a long text in a small box of a form without a continuation sheet
Use instead:
    a shorter text, or the Word document
Source: our own
Waivable: no
"""
