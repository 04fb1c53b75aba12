"""A raised risk has no safety plan, or no intervention answers it.

Why it matters: whoever finds moderate or high risk is expected to say what is done about it. A blank safety plan holds
    the document; whether an intervention answers the risk is a guess by its words, and so a warning.
Example:
    [risk]
    level = "moderate"
    safety_plan = "05/04/2026: warning sign is lying awake; he wakes Marisol, calls Tomás, then 988"
Use instead:
    [[interventions]]
    intervention = "1"
    action = "Clinician reviews the safety plan at each visit and plans the mornings hour by hour with him."
Source: for example the Colorado Medicaid chart audit; CMS G0560
Level: warning
Documents: treatment_plan
"""

import re

from toolkit.phrases import holds_any

_ANSWERS = (
    "safety", "risk", "crisis", "crises", "suicid", "harm", "overdose", "relapse", "urge", "means restriction",
    "hospital", "aggress", "violen", "assault", "self-injur", "elope",
)  # fmt: skip
_ACTS = re.compile(r"\b(?:bolt|runs? (?:off|away)|hitting|cutting)")
_TEXT = (
    "says nothing of safety here or in any other row, and {risk.level} is raised. Add to one of them what the "
    "clinician does about the risk: goes over the safety plan, asks about suicide at each visit."
)


def check(risk, plan, interventions):
    if risk.level not in ("moderate", "high") or not risk.safety_plan or not interventions:
        return
    answers = [row.get(name) for row in interventions for name in ("technique", "action")] + [plan.get("coordination")]
    said = "\n".join(text for text in answers if text).casefold()
    if not (holds_any(said, _ANSWERS) or _ACTS.search(said)):
        yield (interventions[0], "action"), _TEXT
