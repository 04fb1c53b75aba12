"""An objective says nothing that could be seen or counted.

Why it matters: “will feel better” fits everybody; a reviewer looks for what this client will do or have less of.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Patient will feel better."
Use instead:
    [[objectives]]
    objective = "1a"
    statement = "Takes part in two family meals a week without leaving the table"
Source: Mozu 2026, section 5; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import says_nothing


def check(objective):
    if says_nothing(read(objective.statement)):
        yield "statement", "names nothing that can be seen or counted. Say what the client will do, or have less of."
