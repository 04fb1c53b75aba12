"""Growth or wellness is given as the reason for treatment.

Why it matters: payers cover the treatment of a condition, not growth; the loss of function has to be the reason.
Example:
    [necessity]
    why_treatment_now = "He wishes to continue therapy for personal growth and to become the best version of himself."
Use instead:
    [necessity]
    why_treatment_now = "Nine missed shifts have put his job at risk, and medicine alone has not moved it."
Source: Mozu 2026, medical necessity
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read


def check(necessity):
    if read(necessity.why_treatment_now).says("growth"):
        yield "why_treatment_now", "speaks of growth or wellness. Say which loss of function treatment shall mend."
