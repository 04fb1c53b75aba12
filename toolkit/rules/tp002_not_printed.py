"""The template could not be filled for this client.

Why it matters: a template may compare or compute something that this client's answers do not allow.
Example:
    {{ goals[3].statement }} in a template, and a client with two goals
Use instead:
    {% for goal in goals %} around {{ goal.statement }}
Source: our own
Waivable: no
"""
