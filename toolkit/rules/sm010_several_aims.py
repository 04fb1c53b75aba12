"""An objective has several aims at once.

Why it matters: when one is reached and another is not, nobody can say whether the objective is met.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Will brush his teeth, make his bed, handle money, ride the bus and stop hitting"
Use instead:
    [[objectives]]
    objective = "1a"
    statement = "Brushes his teeth after breakfast without a reminder"
Source: Utah R432-152-11
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import many_aims


def check(objective):
    if many_aims(read(objective.statement)):
        yield "statement", "lists several aims. Make an objective of each, with its own baseline and target."
