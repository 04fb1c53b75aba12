"""Only the young person reports on progress.

Why it matters: parents and teachers see what a young person does not tell, and the other way round; one source alone is
    weak evidence. Where nobody else may be asked, that can be said instead; a minor who consents alone is left out.
Example:
    pack = "adolescent"
    [adolescent]
    other_informants = ""
    [[objectives]]
    objective = "1a"
    counted_by = "Client"
    [[objectives]]
    objective = "1b"
    counted_by = "Client"
    [[objectives]]
    objective = "2a"
    counted_by = "Client"
    [[scores]]
    respondent = "Client"
    [[scores]]
    respondent = "Client"
Use instead:
    [adolescent]
    other_informants = "Mother, PSC-17 each quarter"
Source: AACAP practice parameter 2010
Level: info
Documents: treatment_plan
"""

import re

_OTHERS = re.compile(
    r"mother|father|mom\b|dad\b|parent|grand|guardian|foster|aunt|uncle|sister|brother|teacher|school|counselor|nurse|"
    r"staff|coach|aide|caregiver|worker|clinician|therapist|portal|record"
)


def check(adolescent, objectives, record, measures):
    if adolescent.get("other_informants") or adolescent.consent_basis == "minor_by_statute":
        return
    asked = [row.get("counted_by") for row in objectives]
    scales = [measure for row in objectives if (measure := measures.get(row.get("measure")))]
    asked += [measure.respondent for measure in scales if not measure.respondent.startswith("self")]
    asked += [row.get("respondent") for row in record.all("scores")]
    if not any(_OTHERS.search(text.casefold()) for text in asked if text):
        yield (
            "other_informants",
            "may name a parent or teacher: so far only the young person reports. Or say why nobody else.",
        )
