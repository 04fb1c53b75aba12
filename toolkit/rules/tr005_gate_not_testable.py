"""A gate before trauma processing cannot be tested.

Why it matters: “when ready” leaves it to mood whether the work begins; a gate says what is seen, and when it is checked.
Example:
    sample = "0042"
Use instead:
    sample = "0042"
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import milestone


def check(trauma):
    for line in trauma.gates:
        said = read(line)
        if not said.has_amount and not milestone(said) and not said.has_time:
            yield "gates", "holds one that cannot be tested. Say what will be seen, how often, and on which day it is checked."
            return
