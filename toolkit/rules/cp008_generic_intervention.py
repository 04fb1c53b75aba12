"""An intervention would fit anybody.

Why it matters: “individual therapy to process feelings” names no skill; auditors refused payment for such plans.
Example:
    [[interventions]]
    intervention = "1"
    technique = "Individual therapy"
    action = "Provide support and process feelings in a safe space."
Use instead:
    [[interventions]]
    intervention = "1"
    technique = "Behavioral activation"
    action = "Clinician plans two small tasks with him for each morning and reviews the log, against withdrawal."
Source: HHS OIG A-02-19-01012; Mozu 2026, section 6
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import ENOUGH_IN_PLAN, client_task, generic


def check(intervention):
    said = read(f"{intervention.technique}: {intervention.action}")
    if generic(said, ENOUGH_IN_PLAN) and not client_task(read(intervention.action)):
        yield "action", "would fit anybody. Name the method, what you do in session, and against which symptom."
