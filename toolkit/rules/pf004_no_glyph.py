"""A PDF cannot show a character of an answer.

Why it matters: a name without its characters is another name; nothing is left out or replaced without a word.
Example:
    a Chinese name, on a computer without a typeface that has its characters
Use instead:
    a TrueType face that has them, in a folder that PLANKIT_FACES names; or the Word document
Source: our own
Waivable: no
"""
