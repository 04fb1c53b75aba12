"""There is no intervention, or an objective is served by none.

Why it matters: a reviewer asks what the clinician does toward each objective; one that nothing serves looks abandoned.
Example:
    [[interventions]]
    intervention = "1"
    objectives = "1a"
Use instead:
    [[interventions]]
    intervention = "1"
    objectives = "1a, 1b"
Source: HealthBridge 2026
Requires: Each objective is served by an intervention
"""

from toolkit.derive import serves


def check(objective, interventions, record):
    # A reference that leads nowhere may have meant this objective; it is reported where it stands.
    unclear = any(fact.path in ("interventions.goals", "interventions.objectives") for fact in record.facts)
    if not interventions or unclear or objective.get("goal") is None or objective.get("status") not in ("active", None):
        return
    if not any(serves(intervention, objective) for intervention in interventions):
        yield objective, "no intervention serves it. Add one, or name it with one on the sheet Interventions."
