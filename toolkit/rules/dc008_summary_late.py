"""The discharge summary was made later than is expected.

Why it matters: whoever treats the client next needs it soon. How many days there are is the payer's profile's to say,
    with how sure that is; without one it is our own default. Told while clients are checked, never while a summary is
    made, because a late one must still be made.
Example:
    [discharge]
    last_service_date = "08/14/2026"
    date = "09/28/2026"
Use instead:
    [discharge]
    last_service_date = "09/21/2026"
    date = "09/28/2026"
Source: 42 CFR 485.914; Maine licensing standards, discharge planning; Montana discharge summary rule
Level: warning
Phase: after
Documents: discharge_summary
"""


def check(discharge, *, discharge_summary_days):
    if (discharge.date - discharge.last_service_date).days > discharge_summary_days:
        yield (
            "discharge.date",
            "is later after {discharge.last_service_date} than is expected here. Keep the date; a waiver can say why.",
        )
