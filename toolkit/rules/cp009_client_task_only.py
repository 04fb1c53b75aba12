"""An intervention only says what the client does at home.

Why it matters: the intervention is what the clinician is paid for; homework is a part of it, never the whole.
Example:
    [[interventions]]
    intervention = "1"
    action = "Client will practice deep breathing every evening and keep a journal."
Use instead:
    [[interventions]]
    intervention = "1"
    action = "Clinician teaches paced breathing, rehearses it in session and goes over the log of each evening."
Source: Minnesota DHS training module
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import client_task


def check(intervention):
    if client_task(read(intervention.action)):
        yield "action", "says only what the client does. Say what the clinician does in session."
