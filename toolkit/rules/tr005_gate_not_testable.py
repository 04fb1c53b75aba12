"""A gate before trauma processing cannot be tested.

Why it matters: “when ready” leaves it to mood whether the work begins; a gate says what is seen, and by when.
Example:
    pack = "trauma"
    [trauma]
    gates = ["When she feels ready"]
Use instead:
    [trauma]
    gates = ["Grounding used three times without a cue, checked on June 1"]
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read


def check(trauma):
    for line in trauma.gates:
        said = read(line)
        if not (said.has_digit or said.has("observable") or said.has_amount or "DATE" in said.text):
            yield (
                "gates",
                "holds one that cannot be tested. Say what will be seen, how often, and on which day it is checked.",
            )
            return
