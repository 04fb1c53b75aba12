"""An objective is a task of the staff.

Why it matters: an objective is the client's change; what staff do stands among the interventions.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Therapist will meet with house staff once a month and send the guardian a copy"
Use instead:
    [[objectives]]
    objective = "1a"
    statement = "Asks house staff for a break in words instead of leaving the room"
Source: Mozu 2026, section 5; Minnesota DHS training module
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import task_of_staff


def check(objective):
    if task_of_staff(read(objective.statement)):
        yield "statement", "says what staff will do. Say what the client will do; put the rest under Interventions."
