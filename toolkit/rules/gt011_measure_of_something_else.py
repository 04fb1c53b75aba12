"""A measure tells of something else than the goal that it is for.

Why it matters: a scale for depression does not show that nightmares ended; whether the score moves or not, nobody
    knows about the goal. Which scale tells of what is our list; broad ones, such as WHODAS or OQ-45, fit every goal.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Score falls to the lowest range"
    measure = "AUDIT"
    baseline = 19
    target = 7
Use instead:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    target = 9
Source: HealthBridge 2026; Joint Commission CTS.03.01.09
Level: warning
Documents: treatment_plan
"""

from toolkit import reference
from toolkit.phrases import read


def check(thread, measures):
    for link in thread.between("goal", "objective"):
        goal, objective = link.source, link.target
        statement = objective.row.get("statement") or ""
        measure = measures.get(objective.row.get("measure"))
        known = reference.told_by([measure] if measure else read(statement).scales)
        if not known or goal.state or objective.state:
            continue
        behind = [one.source for one in thread.links if one.target is goal]
        codes = [node.id for node in behind] or [node.id for node in thread.step("diagnosis").nodes]
        if any(code.startswith(one.diagnoses) for one in known for code in codes):
            continue
        own = statement if measure else read(statement).text  # without the names of the scales
        said = " ".join((own, *(node.text for node in (goal, *behind))))
        if not any(one.is_told_in(said) for one in known):
            shown = {"the goal": goal.text}
            text = "does not tell of what the goal is about. Pick a scale for it, or count what should change."
            yield (objective.row, "measure" if measure else "statement"), text, shown
