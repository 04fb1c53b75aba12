"""No template of this document fits the client's populations.

Why it matters: one that leaves a population out would lose its answers without a word.
Example:
    a client marked for trauma, and no supplement.docx in templates/trauma
Use instead:
    put the template or the supplement on your shelf: my-shelf/templates/trauma/supplement.docx
Source: our own
Waivable: no
"""
