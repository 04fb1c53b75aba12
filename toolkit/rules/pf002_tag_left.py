"""A tag of the template is left in the finished document.

Why it matters: the client would sign a page that reads {{ client.legal_name }}.
Example:
    { { client.legal_name } } typed with blanks between the braces
Use instead:
    {{ client.legal_name }}
Source: our own
Waivable: no
"""
