"""Convenience, preference or an order is given as the reason.

Why it matters: care that is primarily for convenience is not covered; a court's order is a fact, not a need.
Example:
    [necessity]
    why_treatment_now = "Weekly visits because the client prefers them and the office is close to work."
Use instead:
    [necessity]
    why_treatment_now = "Nine missed shifts have put his job at risk, and medicine alone has not moved it."
Source: Mozu 2026, medical necessity
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import for_convenience


def check(record, necessity):
    if for_convenience(read(necessity.why_treatment_now)):
        yield "why_treatment_now", "gives convenience, preference or an order as the reason. Say what the client needs."
    for row in record.all("interventions"):
        reason = row.get("intensity_reason")
        if reason and for_convenience(read(reason)):
            yield (row, "intensity_reason"), "gives convenience as the reason. Say what the session needs the time for."
