"""Somebody decides for the client by an order or for an agency, and no paper is named.

Why it matters: a court’s or an agency’s power to consent rests on a paper; where it is only spoken of, nobody can check
    whether it reaches treatment. A parent needs none here.
Example:
    pack = "adolescent"
    [adolescent]
    consent_basis = "agency"
    consenting_adult = "Dana Cole of the agency"
    [client]
    guardian_document = ""
Use instead:
    [client]
    guardian_document = "Custody order of 02/02/2026, copy in file"
Source: Montana case plan rule; 45 CFR 164.502(g)
Level: warning
Documents: treatment_plan
"""

import re

_PAPER = re.compile(r"\b(?:orders?|letters?|decree|judgment|court|case|order|article|probate|paper|document)\b", re.I)


def check(client, record):
    if record.get("idd.decision_support") == "guardian":
        said = record.get("idd.guardian_scope")
    elif record.get("adolescent.consent_basis") in ("court", "agency"):
        said = record.get("adolescent.consenting_adult")
    else:
        return
    if said and not client.get("guardian_document") and not _PAPER.search(said):
        yield (
            "guardian_document",
            "is blank, and somebody decides for the client by an order or for an agency. Name the paper and its date.",
        )
