"""Partial hospitalization is justified without a word on inpatient care.

Why it matters: Medicare pays for partial hospitalization where inpatient care would otherwise be needed, and others ask
    in the same way; the physician certifies it. The words are looked for, so it is a warning.
Example:
    sample = "0045"
    [level_of_care]
    justification = "Psychotic depression, weight loss of 19 pounds and unsafe cooking need structure every day."
    less_intensive_considered = "Weekly therapy from April to July did not help."
Use instead:
    [level_of_care]
    justification = "Without daily structure inpatient care would be needed: voices, weight loss, unsafe cooking."
Source: 42 CFR 424.24; Medicare Benefit Policy Manual ch. 6 s. 70.3; LCD L34196
Level: warning
Documents: treatment_plan
"""

import re

_INPATIENT = re.compile(
    r"\binpatient\b|\bin-patient\b|\bhospitals?\b|\b(?:re)?admi(?:t|ssion)\w*|\b24[- ]hour\b|\bacute care\b", re.I
)


def check(level_of_care, episode):
    if episode.level_of_care == "PHP":
        said = f"{level_of_care.justification} {level_of_care.get('less_intensive_considered') or ''}"
        if not _INPATIENT.search(said):
            yield "justification", "does not say why the client would else need inpatient care. Say what would happen."
