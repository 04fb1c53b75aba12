"""The client's words read like a clinician's.

Why it matters: nobody says “I will decrease my depressive symptoms”; a reviewer sees that the client was not asked.
Example:
    [[goals]]
    goal = "1"
    client_words = "I will utilize coping skills to decrease my depressive symptoms."
Use instead:
    [[goals]]
    goal = "1"
    client_words = "I want to get up before noon."
Source: CARF; Minnesota DHS training module
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read

_MANY = 2


def check(goal):
    if read(goal.client_words).count("jargon") >= _MANY:
        yield "client_words", "sounds like a clinician. Ask, and write down what was said."
