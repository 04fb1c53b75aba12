"""A diagnosis code is not for the client’s age.

Why it matters: Medicare’s editor takes some codes only from or up to an age (child abuse of today up to 17), other
    payers often follow it; a history of abuse has a code of its own (Z62.81-). ICD-10-CM itself sets no ages. The ages
    were read second-hand, so your payer’s own word counts for more.
Example:
    [client]
    date_of_birth = "03/14/1979"
    [plan]
    primary_diagnosis = "F64.2 Gender identity disorder of childhood"
Use instead:
    [plan]
    primary_diagnosis = "F64.0 Transsexualism"
Source: Medicare Code Editor, edit 4 (age conflict)
Level: warning
Documents: treatment_plan
"""

from toolkit import reference
from toolkit.rules._diagnoses import coded


def check(plan, client):
    age = client.age
    for name in {name: None for name, code in coded(plan) if not _fits(code, age)}:
        yield name, "has a code that is not for this client’s age. Look for the one that is, or ask the payer."


def _fits(code, age):
    ages = reference.diagnosis_ages(code)
    return ages is None or ages.fit(age)
