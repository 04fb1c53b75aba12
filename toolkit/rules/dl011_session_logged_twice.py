"""The same session stands twice in the log.

Why it matters: what is billed from the log is billed twice, and a payer takes it back as a duplicate claim; the number
    of sessions given is wrong as well. Told once for each code, at the first row that repeats another one in every
    answer (day, code, minutes, objectives, attended), with all such days. The log has no time of day: two sessions of
    one day that were both held are fine and may stand as they are; this holds no document.
Example:
    sample = "0043"
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a"
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a"
Use instead:
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a"
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
    objectives = "2a"
Source: our own
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit import kinds
from toolkit.rules import _sessions as log

_ANSWERS = ("date", "service_code", "minutes", "objectives", "attended")
_TEXT = (
    "stands in an earlier row already, with the same code, minutes, objectives and attendance, so the session may be "
    "billed twice. Delete one of the rows, or let both stand where both sessions were held."
)


def check(sessions):
    seen, again = set(), {}
    for row in log.given(sessions):
        said = tuple(row.get(name) for name in _ANSWERS)
        if row.get("date") and row.get("service_code"):
            if said in seen:
                again.setdefault(row.get("service_code"), []).append(row)
            seen.add(said)
    for rows in again.values():
        days = dict.fromkeys(kinds.show(row.get("date")) for row in rows)
        yield (rows[0], "date"), _TEXT, {"twice on": ", ".join(days)}
