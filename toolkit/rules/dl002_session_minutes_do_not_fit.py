"""The minutes of a session do not fit the code under which it was given.

Why it matters: codes for psychotherapy are chosen by the minutes given, whatever the plan had foreseen.
Example:
    sample = "0043"
    [[sessions]]
    date = "06/15/2026"
    minutes = 30
Use instead:
    [[sessions]]
    date = "06/15/2026"
    minutes = 45
Source: Novitas psychotherapy time; HHS OIG A-09-18-03004
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""


def check(session, services):
    service = services.get(session.service_code)
    span = service and service.minutes_said(session.minutes)
    if span and session.get("attended") is not False:
        yield "minutes", f"does not fit {{service_code}}, which takes {span}. Correct the minutes or the code."
