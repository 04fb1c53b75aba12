"""An answer is made of the words of the form.

Why it matters: the form's questions and examples, with another name in them, say nothing of this client.
Example:
    # the example of the form with another name and other numbers
    [[facts]]
    kind = "text_of_the_form"
    sheet = "Objectives"
    cell = "D2"
    path = "objectives.statement"
Use instead:
    # what this client will do, of this client's life
    facts = []
Source: Palmetto GBA; HealthBridge 2026
Level: warning
"""


def check(text_of_the_form):
    yield "field", "is nearly a question or an example of the form. Write what is true of this client."
