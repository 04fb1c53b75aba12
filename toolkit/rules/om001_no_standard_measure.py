"""No objective is followed with a standard measure.

Why it matters: counts show what happens; a published scale lets somebody outside tell how severe it is, and how much it
    changed. Work on behavior in intellectual disability may rest on counts alone.
Example:
    sample = "0047"
    [[objectives]]
    measure = "count"
    [[objectives]]
    statement = "Leaves the house within 20 minutes"
    measure = "count"
    baseline = 0
    target = 5
    unit = "mornings a week"
    counted_by = "Client, calendar"
Use instead:
    [[scores]]
    measure = "Y-BOCS"
    date = "06/15/2026"
    score = 27
Source: HealthBridge 2026; Joint Commission CTS.03.01.09
Level: warning
Documents: treatment_plan
"""


def check(objectives, client, record, measures):
    named = [row.get("measure") for row in objectives if row.get("status") in ("active", None)]
    if not named or None in named or client.get("idd") or record.all("scores"):
        return
    if not any(map(measures.get, named)):
        yield (
            "objectives",
            "all objectives are counts. Use a standard measure in one, or type a score on Scores.",
        )
