"""An objective only counts visits or obedience.

Why it matters: to come and to do as told is no change in the client's life; a payer asks what treatment achieved.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Client will attend all weekly therapy sessions and take medication as prescribed"
Use instead:
    [[objectives]]
    objective = "1a"
    statement = "Gets up within ten minutes of the alarm on work days"
Source: Minnesota DHS training module
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import attendance_only


def check(objective):
    if attendance_only(read(objective.statement)):
        yield "statement", "counts visits or obedience alone. Say what will be different in the client's days."
