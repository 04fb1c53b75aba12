"""A minor consents alone, and the law that allows it is not named.

Why it matters: states differ in age, in what care and in how many visits; without the law nobody can check that this
    signature counts.
Example:
    pack = "adolescent"
    [client]
    guardian_name = ""
    guardian_relationship = ""
    [adolescent]
    consent_basis = "minor_by_statute"
    consenting_adult = "Nobody; she is 15 and consents herself. Her parents are not told."
Use instead:
    [adolescent]
    consenting_adult = "Nobody; she is 15 and consents herself under Ohio R.C. 5122.04. Her parents are not told."
Source: Cal. H&S 124260; 45 CFR 164.502(g)(3)
Level: warning
Documents: treatment_plan
"""

import re

_DATE = re.compile(r"\b\d{1,4}([/-])\d{1,2}\1\d{1,4}\b")
_LAW = re.compile(
    r"§|\b\d{1,5}[.:-]\d+|\b\d{4,6}\b|\b(?:statutes?|code|act|section|sec|revised|stat|rcw|ilcs|ors|nrs|usc|cfr|"
    r"fam|h ?& ?s|[a-z]\.[a-z]\.[a-z.]*|r\.?c)\b",
    re.I,
)


def check(adolescent):
    if adolescent.consent_basis == "minor_by_statute" and not _LAW.search(_DATE.sub(" ", adolescent.consenting_adult)):
        yield "consenting_adult", "does not name the law by which a minor may consent alone. Type its name and section."
