"""The client has a waiver or service plan, and its date is missing.

Why it matters: one person should not have two plans that disagree; the date says which one was read.
Example:
    pack = "idd"
    [plan]
    coordination = "Release of 11/03/2025: the service coordinator gets a copy for the ISP."
Use instead:
    [idd]
    service_plan_date = "09/15/2025"
Source: 42 CFR 441.468
Level: warning
Documents: treatment_plan
"""

import re

_PLAN = re.compile(
    r"\b(?:isp|hcbs|individual(?:ized)? (?:service|support) plan|waiver (?:plan|services?|hours)|"
    r"(?:medicaid|idd|dd|comprehensive|support|adult|on the|on a) waiver)\b"
)
_HINTS = ("isp", "hcbs", "service plan", "support plan", "waiver")
"""One of these is in each of them, and is found sooner."""


def check(idd, episode, texts):
    if idd.get("service_plan_date"):
        return
    if episode.level_of_care == "HCBS" or any(_PLAN.search(one.plain) for one in texts.with_any(_HINTS)):
        yield "service_plan_date", "is blank, and the record speaks of a waiver or service plan. Type its day."
