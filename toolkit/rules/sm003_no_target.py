"""An objective has no target, or the target only says by how much.

Why it matters: without a score to reach nobody can say when it is reached; “a reduction of 5” leaves open from where.
Example:
    [[objectives]]
    objective = "1a"
    target = ""
Use instead:
    [[objectives]]
    objective = "1a"
    target = "< 10"
Source: HealthBridge 2026; Mozu 2026, section 5
Requires: Each target says where it ends
"""

from toolkit.phrases import read
from toolkit.rules._texts import only_by_how_much


def check(objective):
    if only_by_how_much(read(objective.target.text)):
        yield "target", "says by how much, and not where it ends. Type the score or count to reach."
