"""A goal, and so what is done for it, leads back to no symptom and no impairment.

Why it matters: a service is paid for because it acts on a symptom or on what a symptom costs; where other goals name
    theirs and this one names none, and shares no word with any, what is done for it hangs in the air.
Example:
    [[goals]]
    goal = "1"
    addresses = "all"
    [[goals]]
    goal = "2"
    problem = "The rent is paid late"
    statement = "Pays on the first of the month"
    addresses = ""
Use instead:
    [[goals]]
    goal = "2"
    problem = "No interest and feeling a burden keep him away from his daughters"
    addresses = "S3, I2"
Source: HealthBridge 2026; Noridian outpatient psychiatric services
Level: warning
Documents: treatment_plan
"""


def check(thread):
    led = [link.source for link in thread.between("goal", "objective")]  # what leads nowhere is told by GT003
    for one in thread.missing("GT006"):
        if one.node not in led:
            continue
        shown = {"the goal": one.node.text, "there are": ", ".join(node.id for node in thread.step(one.other).nodes)}
        text = (
            "names no line of the symptoms and impairments, and the goal’s words meet none. Name those that it answers "
            "(S1, I1), so that what is done for it leads back to them."
        )
        yield (one.node.row, "addresses"), text, shown
