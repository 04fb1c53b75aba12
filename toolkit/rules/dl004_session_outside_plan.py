"""A session lies outside the time of the plan: before admission, too long before the plan, or after its end.

Why it matters: a service on a day without a plan in force has no order behind it. How many days after admission a first
    plan may follow is the payer’s limit. Told once for each reason, at the first such session.
Example:
    sample = "0043"
    [[sessions]]
    date = "05/22/2026"
    service_code = "90834"
Use instead:
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
Source: 14 NYCRR 599.10; Mozu 2026, keeping the plan current; Colorado chart audit
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""

from datetime import timedelta

from toolkit.rules import _sessions as log

_BEFORE_ADMISSION = "is earlier than {episode.admission_date}. Correct the one that is wrong."
_BEFORE_PLAN = (
    "is earlier than {plan.date}, and later after {episode.admission_date} than a plan may be. Correct it, or say why."
)
_AFTER_END = "is later than {plan.end_date}, and no newer plan is here. Renew the plan, or correct the day."
_AFTER_LAST = "is later than {discharge.last_service_date}. Correct the one that is wrong."


def check(sessions, plan, episode, record, services, *, plan_due_days):
    if not sessions:
        return
    admitted, last = episode.admission_date, record.get("discharge.last_service_date")
    due = admitted + timedelta(days=plan_due_days) if plan.version == 1 else plan.date
    several = {}
    for row in log.given(sessions):
        day = row.get("date")
        if day is None or not row.get("service_code") or not log.is_planned(row.get("service_code"), services):
            continue  # without a code it may be the assessment
        if day < admitted:
            several.setdefault(_BEFORE_ADMISSION, []).append(row)
        elif due < day < plan.date:
            several.setdefault(_BEFORE_PLAN, []).append(row)
        elif last and day > last:
            several.setdefault(_AFTER_LAST, []).append(row)
        elif record.get("plan.end_date") and day > record.get("plan.end_date"):
            several.setdefault(_AFTER_END, []).append(row)
    for text, rows in several.items():
        yield (rows[0], "date"), text, {"sessions": str(len(rows))}
