"""The last score of a measure is old on the day of the discharge.

Why it matters: the outcome of treatment is shown by the same measure at its end; a score from months before shows where
    the client stood then. Where contact was lost nobody can be asked.
Example:
    [discharge]
    [[scores]]
    [[scores]]
    date = "06/01/2026"
Use instead:
    [[scores]]
    [[scores]]
    date = "09/14/2026"
Source: HealthBridge 2026; Joint Commission CTS.03.01.09; the number of days is our default
Level: warning
Documents: discharge_summary
"""

_NOBODY_TO_ASK = ("lost_contact", "death", "against_advice")


def check(discharge, record, measures, *, final_score_days):
    if discharge.kind in _NOBODY_TO_ASK:
        return
    rated = {row.objective: row.review_date for row in record.all("progress") if row.review_date}
    latest = {}
    for row in record.all("scores"):
        if row.date and row.measure and (row.measure not in latest or row.date > latest[row.measure].date):
            latest[row.measure] = row
    for objective in record.all("objectives"):
        last = latest.pop(objective.measure, None) if objective.measure in measures else None
        if last is None:
            continue
        known = max(last.date, rated.get(objective.id, last.date))
        if (discharge.last_service_date - known).days > final_score_days:
            yield (
                (last, "date"),
                "is the last of its measure, and is long before {discharge.last_service_date}. Add the score at the "
                "end, or say under {discharge.condition} why there is none.",
            )
