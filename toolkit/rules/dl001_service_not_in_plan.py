"""A service was given that the plan does not order.

Why it matters: what is not in the plan in force on that day is what an auditor takes back first. Assessments, crisis
    care and planning need no order. A code that is not in our list at all is told as such. Told once for each code, at
    its first session.
Example:
    sample = "0043"
    [[sessions]]
    date = "06/22/2026"
    service_code = "90837"
    minutes = 60
Use instead:
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
Source: HealthBridge 2026; Mozu 2026, section 6; Colorado chart audit
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit.rules import _sessions as log

_TEXT = "is not among the codes of the plan, and was given. Add the service to the plan, or correct the code."
_UNKNOWN = (
    "is neither in our list of codes nor among those of the plan. Look for a slip of the pen; where it is a state’s "
    "own code, add the service to the plan."
)


def check(sessions, interventions, plan, services):
    if not sessions or not all(row.get("service_code") for row in interventions):
        return
    planned = {log.code(row.get("service_code"), services) for row in interventions}
    several = {}
    for row in log.given(log.dated(sessions, plan.date)):
        several.setdefault(row.get("service_code"), []).append(row)
    for typed, rows in several.items() if planned else ():
        if typed and log.is_planned(typed, services) and log.code(typed, services) not in planned:
            text = _TEXT if services.get(typed) else _UNKNOWN
            yield (rows[0], "service_code"), text, {"sessions under it": str(len(rows))}
