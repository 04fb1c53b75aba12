"""An answer is not in the finished document.

Why it matters: what was typed and is not printed is lost for the reader, the payer and the client; nobody would notice.
Example:
    a template that prints {{ goal.statement }} but not {{ goal.client_words }}
Use instead:
    add {{ goal.client_words }} to the template, or use the shipped one
Source: our own
Waivable: no
"""
