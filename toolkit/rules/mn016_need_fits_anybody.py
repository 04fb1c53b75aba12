"""The reason for treatment would fit anybody.

Why it matters: a reviewer looks for this client's facts, and for what only trained care can do.
Example:
    [necessity]
    why_treatment_now = "Client would benefit from therapy to feel better."
Use instead:
    [necessity]
    why_treatment_now = "Nine missed shifts have put his job at risk, and medicine alone has not moved it."
Source: HealthBridge 2026; Palmetto GBA
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import fits_anybody, for_convenience


def check(necessity):
    said = read(necessity.why_treatment_now)
    if fits_anybody(said) and not for_convenience(said) and not said.says("growth"):
        yield "why_treatment_now", "would fit anybody. Say what was lost, what was tried, and why a clinician, now."
